package deploy_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"photofit"
	"photofit/internal/awsfake"
	"photofit/internal/edge"
	"photofit/internal/stack"
	"photofit/internal/stack/account"
	"photofit/internal/stack/account/accounttest"
	"photofit/internal/stack/deploy"
)

const (
	region    = "eu-central-1"
	owner     = "123456789012"
	artifacts = "photofit-artifacts-" + owner + "-" + region
)

// rig is an account of AWS, and somebody who deploys to it.
type rig struct {
	t       *testing.T
	cloud   *awsfake.Cloud
	account *account.Account
	config  deploy.Config
	zip     string // what the function's zip holds

	events []deploy.Event
	asked  []string
	says   bool // the answer to what is asked
	dns    dns
	ctx    context.Context
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, cloud: awsfake.New(), says: true, dns: dns{}, zip: "first", ctx: t.Context()}
	r.cloud.Pace = 5
	r.account = accounttest.Connect(t, r.cloud, region)
	r.config = deploy.Config{Account: r.account, Template: template(t, photofit.DefaultPolicy(), nil)}
	return r
}

func template(t *testing.T, policy photofit.Policy, settings map[string]string) []byte {
	t.Helper()
	code, err := edge.Function(policy)
	if err != nil {
		t.Fatal(err)
	}
	made, err := stack.Template(stack.Options{FunctionCode: code, Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// zipOf is what a zip is called.
func zipOf(zip string) string {
	sum := sha256.Sum256([]byte(zip))
	return hex.EncodeToString(sum[:16]) + ".zip"
}

// deployer makes one of r.config; what it asks, tells and waits for is the rig's.
func (r *rig) deployer() *deploy.Deployer {
	r.t.Helper()
	c := r.config
	zip := r.zip
	c.Zip = func() (io.ReadSeekCloser, error) { return closer{bytes.NewReader([]byte(zip))}, nil }
	c.ZipName = zipOf(zip)
	c.Say = func(e deploy.Event) { r.events = append(r.events, e) }
	c.Ask = func(_ context.Context, question string) (bool, error) {
		r.asked = append(r.asked, question)
		return r.says, nil
	}
	c.Wait = func(ctx context.Context, _ time.Duration) error { return ctx.Err() }
	c.Resolver = r.dns
	c.Patience = 5 * time.Minute
	d, err := deploy.New(c)
	if err != nil {
		r.t.Fatal(err)
	}
	return d
}

type closer struct{ *bytes.Reader }

func (closer) Close() error { return nil }

func (r *rig) deploy() (*deploy.Result, error) {
	r.t.Helper()
	r.events, r.asked = nil, nil
	return r.deployer().Deploy(r.ctx, nil)
}

// mustDeploy is deploy that has to succeed.
func (r *rig) mustDeploy() *deploy.Result {
	r.t.Helper()
	result, err := r.deploy()
	if err != nil {
		r.t.Fatal(err)
	}
	return result
}

// count is how often an operation was asked for.
func (r *rig) count(operation string) (n int) {
	for _, o := range r.cloud.Operations() {
		if o == operation {
			n++
		}
	}
	return n
}

// says fails unless an error says all of that.
func says(t *testing.T, err error, texts ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("there is no error; want one with %q", texts)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("the error does not say %q:\n%v", text, err)
		}
	}
}

// dns is what DNS says: CNAMEs, and addresses behind "@".
type dns map[string]string

var _ deploy.Resolver = dns{}

// LookupCNAME is Resolver's.
func (d dns) LookupCNAME(_ context.Context, host string) (string, error) {
	if to, ok := d[host]; ok && !strings.HasPrefix(to, "@") {
		return to + ".", nil
	}
	return "", &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// LookupHost is Resolver's.
func (d dns) LookupHost(_ context.Context, host string) ([]string, error) {
	if to, ok := d[host]; ok && strings.HasPrefix(to, "@") {
		return []string{to[1:]}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

// lines are changes, one a line.
func lines(changes []deploy.Change) string {
	var all []string
	for _, c := range changes {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %s", c.Action, c.Resource, strings.Join(c.Settings, ","))))
	}
	return strings.Join(all, "\n")
}
