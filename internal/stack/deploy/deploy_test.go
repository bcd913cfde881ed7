package deploy_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"photofit"
	"photofit/internal/stack/deploy"
)

// From nothing to a site, with one question; and again with none.
func TestDeploy(t *testing.T) {
	r := newRig(t)
	result := r.mustDeploy()
	o := result.Outputs
	if !strings.HasPrefix(o.URL, "https://") || !strings.HasSuffix(o.URL, ".cloudfront.net") || o.DistributionID == "" || o.PhotosBucket == "" || o.RenditionsBucket == "" || o.RenderFunction == "" || o.FailedQueueURL == "" {
		t.Errorf("the outputs are %+v", o)
	}
	if !result.Changed || !result.Plan.New || result.Pending != nil || len(r.asked) != 1 {
		t.Errorf("changed %v, new %v, pending %+v, asked %q", result.Changed, result.Plan.New, result.Pending, r.asked)
	}
	if got := r.cloud.Objects(artifacts); len(got) != 1 || got[0].Key != "photofit/"+zipOf("first") || string(got[0].Body) != "first" {
		t.Errorf("the artifact bucket holds %+v", got)
	}
	for _, c := range result.Plan.Changes {
		if c.Action != "make" {
			t.Errorf("%+v", c)
		}
		if !slices.ContainsFunc(r.events, func(e deploy.Event) bool { return e.Resource == c.Resource && e.State == deploy.Done }) {
			t.Errorf("nothing is told of %s", c.Resource)
		}
	}
	if len(result.Plan.Changes) < 20 {
		t.Errorf("only %d resources are made", len(result.Plan.Changes))
	}

	r.cloud.Forget()
	again := r.mustDeploy()
	if again.Changed || !again.Plan.Nothing() || again.Outputs != o || len(r.asked) > 0 {
		t.Errorf("again: %+v, asked %q", again, r.asked)
	}
	if got := r.cloud.Operations(); len(got) > 11 {
		t.Errorf("to find nothing to change took %d requests: %q", len(got), got)
	}
}

// A plan leaves nothing behind, neither of a new stack nor of one that is there.
func TestPlan(t *testing.T) {
	r := newRig(t)
	p, err := r.deployer().Plan(r.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if !p.New || !p.Artifact.MakeBucket || !p.Artifact.Upload || len(p.Changes) < 20 || p.Nothing() {
		t.Errorf("the plan is %+v", p)
	}
	if buckets := r.cloud.Buckets(); len(buckets) > 0 {
		t.Errorf("it made %q", buckets)
	}
	r.cloud.Finish()
	if s, err := r.deployer().Find(r.ctx); s != nil || err != nil {
		t.Errorf("it left a stack: %+v, %v", s, err)
	}
	r.mustDeploy()
	r.config.Parameters = map[string]string{"MemorySize": "3008"}
	r.zip = "second"
	p, err = r.deployer().Plan(r.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if got := lines(p.Changes); got != "change Render Code,MemorySize\nchange Purge Code,MemorySize" {
		t.Errorf("the changes are\n%s", got)
	}
	if want := []deploy.Setting{{Name: "MemorySize", From: "1769", To: "3008"}}; !slices.Equal(p.Values, want) || p.New || p.Artifact.MakeBucket || !p.Artifact.Upload {
		t.Errorf("the plan is %+v", p)
	}
	if n := len(r.cloud.Objects(artifacts)); n != 1 {
		t.Errorf("%d zips are there", n)
	}
	if r.count("cloudformation:DeleteChangeSet") != 1 || r.count("cloudformation:DeleteStack") != 1 {
		t.Errorf("the change sets stay: %q", r.cloud.Operations())
	}
}

// Whoever says no has nothing changed.
func TestRefuse(t *testing.T) {
	r := newRig(t)
	r.says = false
	if _, err := r.deploy(); !errors.Is(err, deploy.ErrRefused) {
		t.Fatal(err)
	}
	r.cloud.Finish()
	if s, err := r.deployer().Find(r.ctx); s != nil || err != nil || len(r.cloud.Buckets()) > 0 {
		t.Errorf("there is %+v, %q, %v", s, r.cloud.Buckets(), err)
	}
}

// What is not asked for again stays as it is.
func TestChange(t *testing.T) {
	r := newRig(t)
	r.config.Parameters = map[string]string{"MemorySize": "3008", "LogDays": "7", "Warm": "640,1280"}
	r.mustDeploy()
	r.config.Parameters = map[string]string{"LogDays": "90"}
	r.zip = "second"
	result := r.mustDeploy()
	if got := lines(result.Plan.Changes); got != "change RenderLog RetentionInDays\nchange Render Code\nchange PurgeLog RetentionInDays\nchange Purge Code" {
		t.Errorf("the changes are\n%s", got)
	}
	if got := r.cloud.Objects(artifacts); len(got) != 1 || got[0].Key != "photofit/"+zipOf("second") {
		t.Errorf("the zips are %+v", got)
	}
	s, err := r.deployer().Find(r.ctx)
	if err != nil || s.Parameters["MemorySize"] != "3008" || s.Parameters["LogDays"] != "90" || s.Parameters["Warm"] != "640,1280" {
		t.Errorf("%+v, %v", s, err)
	}
	r.config.Parameters = map[string]string{"Warm": ""}
	result = r.mustDeploy()
	if want := []deploy.Setting{{Name: "Warm", From: "640,1280", To: ""}}; !slices.Equal(result.Plan.Values, want) {
		t.Errorf("the settings that change are %+v", result.Plan.Values)
	}
}

// The settings that were deployed can be had back, so that a run without flags changes none.
func TestSettings(t *testing.T) {
	r := newRig(t)
	if got, err := r.deployer().Settings(r.ctx); err != nil || got != nil {
		t.Errorf("without a stack: %v, %v", got, err)
	}
	policy := photofit.DefaultPolicy()
	policy.Widths = []int{100, 200}
	r.config.Template = template(t, policy, map[string]string{"PHOTOFIT_WIDTHS": "100,200"})
	r.mustDeploy()
	got, err := r.deployer().Settings(r.ctx)
	if err != nil || len(got) != 1 || got["PHOTOFIT_WIDTHS"] != "100,200" {
		t.Errorf("%v, %v", got, err)
	}
}

func TestConfigurations(t *testing.T) {
	r := newRig(t)
	r.config.Name = "a_b"
	if _, err := deploy.New(r.config); err == nil || !strings.Contains(err.Error(), "digits and - only") {
		t.Error(err)
	}
	r.config.Name, r.config.Aliases = "", []string{"example"}
	if _, err := deploy.New(r.config); err == nil || !strings.Contains(err.Error(), "no name of a host") {
		t.Error(err)
	}
	r.config.Aliases = nil
	d := r.deployer()
	d.Template = nil
	if _, err := d.Plan(r.ctx); err == nil {
		t.Error("there is nothing to deploy, and no error")
	}
	r.account.Region = "eu-south-2"
	_, err := r.deploy()
	says(t, err, "eu-south-2 has no Lambda function URLs", "photofit regions")
	if n := len(r.cloud.Operations()); n > 1 {
		t.Errorf("AWS was asked %q", r.cloud.Operations())
	}
}

// Whatever does its work in time tells its verdict, and that is the deployment's.
func TestVerify(t *testing.T) {
	r := newRig(t)
	wrong := errors.New("the function URL answers anybody")
	asked := 0
	r.config.Verify = func(_ context.Context, _ *deploy.Deployer, result *deploy.Result) error {
		asked++
		if result.Outputs.URL == "" {
			t.Error("there is no URL to look at")
		}
		return wrong
	}
	result, err := r.deploy()
	if !errors.Is(err, wrong) || result == nil || result.Outputs.URL == "" {
		t.Errorf("%+v, %v", result, err)
	}
	// What failed is looked at again, though there is nothing to change; what was well is not.
	if again, err := r.deploy(); !errors.Is(err, wrong) || asked != 2 || again.Changed {
		t.Errorf("asked %d times, %v", asked, err)
	}
	wrong = nil
	for range 2 {
		if _, err := r.deploy(); err != nil || asked != 3 {
			t.Errorf("asked %d times, %v", asked, err)
		}
	}
	r.config.Parameters = map[string]string{"LogDays": "7"}
	if _, err := r.deploy(); err != nil || asked != 4 {
		t.Errorf("after a change: asked %d times, %v", asked, err)
	}
}
