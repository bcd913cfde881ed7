package awsfake

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

func contains(s, part string) bool { return strings.Contains(s, part) }

// TestStack makes, changes and deletes Photofit's stack.
func TestStack(t *testing.T) {
	r := newRig(t, "eu-central-1")
	r.AddBucket("artifacts", "eu-central-1")
	r.PutObject("artifacts", "a.zip", []byte("zip"))
	template := realTemplate(t, nil)

	set := r.prepare(r.setInput(types.ChangeSetTypeCreate, "first", template, nil))
	if s := r.describe("photofit"); s.StackStatus != types.StackStatusReviewInProgress {
		t.Errorf("before, the stack is %s", s.StackStatus)
	}
	for _, c := range set.Changes {
		if c.ResourceChange.Action != types.ChangeActionAdd {
			t.Errorf("%s is to %s", *c.ResourceChange.LogicalResourceId, c.ResourceChange.Action)
		}
	}
	s := r.run(set)
	if s.StackStatus != types.StackStatusCreateComplete {
		for _, e := range r.history("photofit") {
			t.Log(*e.LogicalResourceId, e.ResourceStatus, aws.ToString(e.ResourceStatusReason))
		}
		t.Fatalf("it is %s", s.StackStatus)
	}
	out := outputs(s)
	if !strings.HasPrefix(out["Url"], "https://d") || !strings.HasSuffix(out["Url"], ".cloudfront.net") || !strings.HasPrefix(out["PhotosBucket"], "photofit-photos-") ||
		!strings.HasSuffix(out["RenderUrl"], ".lambda-url.eu-central-1.on.aws/") {
		t.Errorf("outputs %q", out)
	}

	same := r.prepare(r.setInput(types.ChangeSetTypeUpdate, "same", template, nil))
	if same.Status != types.ChangeSetStatusFailed || *same.StatusReason != "The submitted information didn't contain changes. Submit different information to create a change set." {
		t.Errorf("nothing to change: %s %v", same.Status, aws.ToString(same.StatusReason))
	}

	more := r.prepare(r.setInput(types.ChangeSetTypeUpdate, "more", template, map[string]string{"MemorySize": "3008"}))
	if len(more.Changes) != 2 || *more.Changes[0].ResourceChange.LogicalResourceId != "Render" || *more.Changes[1].ResourceChange.LogicalResourceId != "Purge" || more.Changes[0].ResourceChange.Replacement != types.ReplacementFalse ||
		*more.Changes[0].ResourceChange.Details[0].Target.Name != "MemorySize" || *more.Changes[0].ResourceChange.Details[0].CausingEntity != "MemorySize" {
		t.Errorf("%d changes, the first %+v", len(more.Changes), more.Changes[0].ResourceChange)
	}
	if s := r.run(more); s.StackStatus != types.StackStatusUpdateComplete {
		t.Fatalf("it is %s", s.StackStatus)
	}

	r.PutObject(out["RenditionsBucket"], "r1/a", []byte("x"))
	remove := func() types.Stack {
		must[*cloudformation.DeleteStackOutput](t)(r.CloudFormation.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("photofit")}))
		return r.wait(*s.StackId)
	}
	if s := remove(); s.StackStatus != types.StackStatusDeleteFailed || !contains(*s.StackStatusReason, "[Renditions]") {
		t.Fatalf("it is %s: %s", s.StackStatus, aws.ToString(s.StackStatusReason))
	}
	r.mu.Lock()
	r.buckets[out["RenditionsBucket"]].objects = map[string][]*object{}
	r.mu.Unlock()
	if s := remove(); s.StackStatus != types.StackStatusDeleteComplete {
		t.Fatalf("it is %s", s.StackStatus)
	}
	_, err := r.CloudFormation.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("photofit")})
	refused(t, err, "ValidationError", "Stack with id photofit does not exist")
	if got := r.Buckets(); len(got) != 2 || got[1] != out["PhotosBucket"] {
		t.Errorf("what is left is %q", got)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.functions)+len(r.distributions)+len(r.edgeFunctions)+len(r.named) > 0 {
		t.Errorf("left are %v %v %v %v", r.functions, r.distributions, r.edgeFunctions, r.named)
	}
}
