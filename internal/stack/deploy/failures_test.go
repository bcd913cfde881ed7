package deploy_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"photofit/internal/awsfake"
	"photofit/internal/stack/account"
	"photofit/internal/stack/account/accounttest"
	"photofit/internal/stack/deploy"
)

const aliasTaken = `Resource handler returned message: "Invalid request provided: AWS::CloudFront::Distribution: One or more of the CNAMEs you provided are already associated with a different resource. (Service: CloudFront, Status Code: 409, Request ID: 1)" (RequestToken: 2, HandlerErrorCode: InvalidRequest)`

// A stack that could not be made is gone, says why, and can be made later.
func TestCreationFails(t *testing.T) {
	r := newRig(t)
	r.cloud.FailResource("Distribution", aliasTaken)
	_, err := r.deploy()
	says(t, err, "all that had been made of it is gone", "Distribution (AWS::CloudFront::Distribution)", "already associated with a different resource", "→ One of the names is in use by another distribution")
	var failed *deploy.StackError
	if !errors.As(err, &failed) || len(failed.Failures) != 1 || failed.Failures[0].Resource != "Distribution" {
		t.Errorf("the failures are %+v", failed)
	}
	if s, err := r.deployer().Find(r.ctx); s != nil || err != nil {
		t.Errorf("there is %+v, %v", s, err)
	}
	if buckets := r.cloud.Buckets(); len(buckets) != 1 {
		t.Errorf("the buckets are %q", buckets)
	}
	r.mustDeploy()
}

// An update that fails is taken back, and says so; running it again succeeds.
func TestUpdateFails(t *testing.T) {
	r := newRig(t)
	r.mustDeploy()
	r.config.Parameters = map[string]string{"MemorySize": "3008"}
	r.cloud.FailResource("Render", "Resource handler returned message: \"'MemorySize' value failed to satisfy constraint\"")
	_, err := r.deploy()
	says(t, err, "is as it was before", "Render (AWS::Lambda::Function): ", "failed to satisfy constraint")
	s, err := r.deployer().Find(r.ctx)
	if err != nil || s.Status != "UPDATE_ROLLBACK_COMPLETE" || s.Parameters["MemorySize"] != "1769" {
		t.Errorf("%+v, %v", s, err)
	}
	r.mustDeploy()
}

// A rollback that fails is gone on with by the next run.
func TestRollbackFails(t *testing.T) {
	r := newRig(t)
	r.mustDeploy()
	r.config.Parameters = map[string]string{"MemorySize": "3008"}
	r.zip = "second"
	r.cloud.FailResource("Purge", "no")
	r.cloud.FailRollback("Render", "not now")
	_, err := r.deploy()
	says(t, err, "could not be taken back either")
	result := r.mustDeploy()
	if result.Plan.Clear != "UPDATE_ROLLBACK_FAILED" || r.count("cloudformation:ContinueUpdateRollback") != 1 {
		t.Errorf("%+v", result.Plan)
	}
	if s, err := r.deployer().Find(r.ctx); err != nil || s.Status != "UPDATE_COMPLETE" || s.Parameters["MemorySize"] != "3008" {
		t.Errorf("%+v, %v", s, err)
	}
}

// byHand makes the stack as somebody does by hand, to the end, whatever that is.
func (r *rig) byHand(template string, parameters map[string]string) {
	r.t.Helper()
	in := &cloudformation.CreateChangeSetInput{
		StackName: aws.String("photofit"), ChangeSetName: aws.String("hand"), ChangeSetType: types.ChangeSetTypeCreate, TemplateBody: &template,
		Capabilities: []types.Capability{types.CapabilityCapabilityIam},
	}
	for name, value := range parameters {
		in.Parameters = append(in.Parameters, types.Parameter{ParameterKey: &name, ParameterValue: &value})
	}
	if _, err := r.account.CloudFormation.CreateChangeSet(r.ctx, in); err != nil {
		r.t.Fatal(err)
	}
	for {
		out, err := r.account.CloudFormation.DescribeChangeSet(r.ctx, &cloudformation.DescribeChangeSetInput{StackName: in.StackName, ChangeSetName: in.ChangeSetName})
		if err != nil {
			r.t.Fatal(err)
		}
		if out.Status == types.ChangeSetStatusCreateComplete {
			break
		}
	}
	if _, err := r.account.CloudFormation.ExecuteChangeSet(r.ctx, &cloudformation.ExecuteChangeSetInput{StackName: in.StackName, ChangeSetName: in.ChangeSetName}); err != nil {
		r.t.Fatal(err)
	}
	r.cloud.Finish()
}

// What somebody else's failed creation has left is cleared away after asking.
func TestRollbackComplete(t *testing.T) {
	r := newRig(t)
	r.mustDeploy() // the zip is there
	if _, err := r.deployer().Destroy(r.ctx, "", nil); err != nil {
		t.Fatal(err)
	}
	r.cloud.AddBucket("zips", region)
	r.cloud.PutObject("zips", "a.zip", []byte("zip"))
	r.cloud.FailResource("Edge", "no")
	r.byHand(string(r.config.Template), map[string]string{"ArtifactBucket": "zips", "ArtifactKey": "a.zip"})
	p, err := r.deployer().Plan(r.ctx)
	if err != nil || p.Clear != "ROLLBACK_COMPLETE" || !p.New || p.Nothing() {
		t.Fatalf("%+v, %v", p, err)
	}
	r.says = false
	if _, err := r.deploy(); !errors.Is(err, deploy.ErrRefused) {
		t.Fatal(err)
	}
	r.says = true
	r.mustDeploy()
	if s, err := r.deployer().Find(r.ctx); err != nil || s.Status != "CREATE_COMPLETE" {
		t.Errorf("%+v, %v", s, err)
	}
}

// A stack that is somebody else's is left alone.
func TestForeignStack(t *testing.T) {
	r := newRig(t)
	r.byHand("Description: Mine\nResources: {Q: {Type: AWS::SQS::Queue}}", nil)
	_, err := r.deploy()
	says(t, err, "none of Photofit's", "--stack")
	_, err = r.deployer().Destroy(r.ctx, "", nil)
	says(t, err, "none of Photofit's")
}

// Requests that are throttled are asked again.
func TestThrottling(t *testing.T) {
	r := newRig(t)
	for _, operation := range []string{
		"cloudformation:CreateChangeSet", "cloudformation:DescribeChangeSet", "cloudformation:ExecuteChangeSet", "cloudformation:DescribeStacks", "cloudformation:DescribeStackEvents", "s3:CreateBucket", "s3:PutObject",
	} {
		r.cloud.Plant(awsfake.Throttled(operation, 2))
	}
	r.mustDeploy()
	r.cloud.Plant(awsfake.Throttled("cloudformation:DescribeStacks", -1))
	_, err := r.deploy()
	says(t, err, "Rate exceeded", "AWS wants fewer requests", "run this again")
}

// What the credentials may not do is named, with what to do.
func TestDenied(t *testing.T) {
	for operation, want := range map[string]string{
		"s3:CreateBucket":                    "may not s3:CreateBucket",
		"cloudformation:CreateChangeSet":     "may not cloudformation:CreateChangeSet",
		"cloudformation:DescribeStacks":      "may not cloudformation:DescribeStacks",
		"cloudformation:DescribeStackEvents": "may not cloudformation:DescribeStackEvents",
	} {
		t.Run(operation, func(t *testing.T) {
			r := newRig(t)
			r.cloud.Plant(r.cloud.Denied(operation, "arn:aws:x:::y"))
			_, err := r.deploy()
			says(t, err, want, "an administrator grants it", "--profile")
			var e *account.Error
			if !errors.As(err, &e) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%T %v", err, err)
			}
		})
	}
}

func TestExpired(t *testing.T) {
	r := newRig(t)
	r.cloud.Plant(awsfake.Expired())
	_, err := r.deploy()
	says(t, err, "ExpiredToken", "aws sso login")
}

// Without an answer it is the network.
func TestNoAnswer(t *testing.T) {
	r := newRig(t)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	t.Setenv("AWS_ENDPOINT_URL", gone.URL)
	_, err := account.Connect(r.ctx, accounttest.Config(region))
	says(t, err, "is this machine online?")
}

// Whatever is interrupted, before or after AWS has done it, is taken up by running the
// same again, until all is as it would have been.
func TestInterruptedAnywhere(t *testing.T) {
	whole := newRig(t)
	want := whole.mustDeploy()
	total := len(whole.cloud.Operations())
	for n := 1; n < total; n++ {
		for _, before := range []bool{true, false} {
			r := newRig(t)
			ctx, kill := context.WithCancel(t.Context())
			seen := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
				seen++
				if seen == n && before {
					kill()
					panic(http.ErrAbortHandler)
				}
				if seen == n {
					r.cloud.ServeHTTP(httptest.NewRecorder(), q)
					kill()
					panic(http.ErrAbortHandler)
				}
				r.cloud.ServeHTTP(w, q)
			}))
			t.Setenv("AWS_ENDPOINT_URL", server.URL)
			a, err := account.Connect(t.Context(), accounttest.Config(region))
			if err == nil {
				seen = 1
				r.config.Account = a
				r.ctx = ctx
				_, err = r.deploy()
			}
			if err == nil && ctx.Err() == nil {
				t.Errorf("request %d: it was not interrupted", n)
			}
			kill()
			r.ctx = t.Context()
			r.config.Account = r.account
			result, err := r.deploy()
			server.Close()
			if err != nil {
				t.Errorf("killed at request %d (before %v): the next run fails: %v", n, before, err)
				continue
			}
			if result.Outputs.URL == "" || len(r.cloud.Buckets()) != len(whole.cloud.Buckets()) || len(r.cloud.Objects(artifacts)) != 1 {
				t.Errorf("killed at request %d (before %v): %+v, buckets %q", n, before, result.Outputs, r.cloud.Buckets())
			}
			if again, err := r.deploy(); err != nil || !again.Plan.Nothing() {
				t.Errorf("killed at request %d (before %v): not the same in the end: %v", n, before, err)
			}
		}
	}
	if want.Outputs.URL == "" || total < 15 {
		t.Errorf("a whole deployment makes %d requests", total)
	}
}
