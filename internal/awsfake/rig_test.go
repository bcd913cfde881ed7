package awsfake

import (
	"errors"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/smithy-go"

	"photofit"
	"photofit/internal/edge"
	photofitstack "photofit/internal/stack"
	"photofit/internal/stack/account"
	"photofit/internal/stack/account/accounttest"
)

// rig is a Cloud, and clients that talk to it as Photofit's do.
type rig struct {
	t *testing.T
	*Cloud
	*account.Account
	loaded aws.Config
}

// newRig has requests tried once, so that a test sees each refusal.
func newRig(t *testing.T, region string) rig {
	t.Helper()
	r := rig{t: t, Cloud: New()}
	accounttest.Serve(t, r.Cloud, region)
	r.in(region)
	return r
}

// in makes the clients anew, for another region.
func (r *rig) in(region string) {
	r.t.Helper()
	loaded, err := account.Load(r.t.Context(), accounttest.Config(region))
	if err != nil {
		r.t.Fatal(err)
	}
	loaded.Retryer = func() aws.Retryer { return aws.NopRetryer{} }
	r.loaded, r.Account = loaded, account.With(loaded)
}

// expect forgets the faults there are, which must be n.
func (r rig) expect(n int) {
	r.t.Helper()
	if faults := r.Faults(); len(faults) != n {
		r.t.Errorf("%d faults, not %d: %q", len(faults), n, faults)
	}
	r.mu.Lock()
	r.faults = nil
	r.mu.Unlock()
}

// must is a value without an error.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// refused wants an error with a code, whose words hold what is given.
func refused(t *testing.T, err error, code, says string) {
	t.Helper()
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != code || !contains(api.ErrorMessage(), says) {
		t.Errorf("%v, want %s: …%s…", err, code, says)
	}
}

// realTemplate is Photofit's.
func realTemplate(t *testing.T, settings map[string]string) string {
	t.Helper()
	code, err := edge.Function(photofit.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	text, err := photofitstack.Template(photofitstack.Options{FunctionCode: code, Settings: settings})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// parametersOf are parameters of a request.
func parametersOf(values map[string]string) []types.Parameter {
	var list []types.Parameter
	for name, value := range values {
		list = append(list, types.Parameter{ParameterKey: &name, ParameterValue: &value})
	}
	return list
}

// setInput is a change set for Photofit's template with a zip that is there.
func (r rig) setInput(kind types.ChangeSetType, name, template string, parameters map[string]string) *cloudformation.CreateChangeSetInput {
	all := map[string]string{"ArtifactBucket": "artifacts", "ArtifactKey": "a.zip"}
	for name, value := range parameters {
		all[name] = value
	}
	return &cloudformation.CreateChangeSetInput{StackName: aws.String("photofit"), ChangeSetName: &name, ChangeSetType: kind, TemplateBody: &template,
		Parameters: parametersOf(all), Capabilities: []types.Capability{types.CapabilityCapabilityIam}}
}

// prepare makes a change set and waits until it is there, or failed.
func (r rig) prepare(in *cloudformation.CreateChangeSetInput) *cloudformation.DescribeChangeSetOutput {
	r.t.Helper()
	made := must[*cloudformation.CreateChangeSetOutput](r.t)(r.CloudFormation.CreateChangeSet(r.t.Context(), in))
	for {
		set := must[*cloudformation.DescribeChangeSetOutput](r.t)(r.CloudFormation.DescribeChangeSet(r.t.Context(), &cloudformation.DescribeChangeSetInput{ChangeSetName: made.Id, IncludePropertyValues: aws.Bool(true)}))
		switch set.Status {
		case types.ChangeSetStatusCreateComplete, types.ChangeSetStatusFailed:
			for next := set.NextToken; next != nil; {
				more := must[*cloudformation.DescribeChangeSetOutput](r.t)(r.CloudFormation.DescribeChangeSet(r.t.Context(), &cloudformation.DescribeChangeSetInput{ChangeSetName: made.Id, NextToken: next, IncludePropertyValues: aws.Bool(true)}))
				set.Changes, next = append(set.Changes, more.Changes...), more.NextToken
			}
			return set
		}
	}
}

// run executes a change set and waits for the stack.
func (r rig) run(set *cloudformation.DescribeChangeSetOutput) types.Stack {
	r.t.Helper()
	if set.Status != types.ChangeSetStatusCreateComplete {
		r.t.Fatalf("the change set is %s: %s", set.Status, aws.ToString(set.StatusReason))
	}
	must[*cloudformation.ExecuteChangeSetOutput](r.t)(r.CloudFormation.ExecuteChangeSet(r.t.Context(), &cloudformation.ExecuteChangeSetInput{ChangeSetName: set.ChangeSetId, ClientRequestToken: aws.String("token")}))
	return r.wait(*set.StackId)
}

// wait asks until nothing is under way.
func (r rig) wait(stack string) types.Stack {
	r.t.Helper()
	for range 1000 {
		s := r.describe(stack)
		if !contains(string(s.StackStatus), "_IN_PROGRESS") {
			return s
		}
	}
	r.t.Fatal("it does not end")
	return types.Stack{}
}

func (r rig) describe(stack string) types.Stack {
	r.t.Helper()
	return must[*cloudformation.DescribeStacksOutput](r.t)(r.CloudFormation.DescribeStacks(r.t.Context(), &cloudformation.DescribeStacksInput{StackName: &stack})).Stacks[0]
}

// history are the events of a stack from the oldest on.
func (r rig) history(stack string) []types.StackEvent {
	r.t.Helper()
	var all []types.StackEvent
	pages := cloudformation.NewDescribeStackEventsPaginator(r.CloudFormation, &cloudformation.DescribeStackEventsInput{StackName: &stack})
	for pages.HasMorePages() {
		page, err := pages.NextPage(r.t.Context())
		if err != nil {
			r.t.Fatal(err)
		}
		all = append(all, page.StackEvents...)
	}
	slices.Reverse(all)
	return all
}

// outputs are a stack's, by name.
func outputs(s types.Stack) map[string]string {
	m := map[string]string{}
	for _, o := range s.Outputs {
		m[*o.OutputKey] = *o.OutputValue
	}
	return m
}
