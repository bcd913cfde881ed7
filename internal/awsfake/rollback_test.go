package awsfake

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// lines are events as "Topic CREATE_COMPLETE", with the reason of those that have one.
func lines(events []types.StackEvent) []string {
	var list []string
	for _, e := range events {
		line := fmt.Sprintf("%s %s", *e.LogicalResourceId, e.ResourceStatus)
		if e.ResourceStatusReason != nil {
			line += ": " + *e.ResourceStatusReason
		}
		list = append(list, line)
	}
	return list
}

// first makes the small stack.
func first(t *testing.T) rig {
	r := newRig(t, "eu-central-1")
	if s := r.run(r.prepare(set("CREATE", "first", topic, map[string]string{"Needed": "x"}))); s.StackStatus != "CREATE_COMPLETE" {
		t.Fatalf("it is %s", s.StackStatus)
	}
	return r
}

// since are the events after n.
func (r rig) since(n int) []string { return lines(r.history("news"))[n:] }

// compareLines has events be what is wanted, in order.
func compareLines(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

const initiated = ": Resource creation Initiated"

// TestCreateEvents shows what a client sees that asks again and again: one event more each
// time.
func TestCreateEvents(t *testing.T) {
	r := first(t)
	want := []string{"news REVIEW_IN_PROGRESS: User Initiated", "news CREATE_IN_PROGRESS: User Initiated",
		"Topic CREATE_IN_PROGRESS", "Topic CREATE_IN_PROGRESS" + initiated, "Topic CREATE_COMPLETE",
		"Rule CREATE_IN_PROGRESS", "Rule CREATE_IN_PROGRESS" + initiated, "Rule CREATE_COMPLETE", "news CREATE_COMPLETE"}
	compareLines(t, r.since(0), want)
	if asked := len(r.Requests()); asked != 1+3+1+7+1 { // the set, three looks at it, its execution, each event, the history
		t.Errorf("%d requests", asked)
	}
	for _, e := range r.history("news")[1:] {
		if aws.ToString(e.ClientRequestToken) != "token" {
			t.Errorf("%s has the token %q", *e.EventId, aws.ToString(e.ClientRequestToken))
		}
	}
}

// TestCreateFails is about the three ways to go on.
func TestCreateFails(t *testing.T) {
	failed := []string{"Rule CREATE_IN_PROGRESS", "Rule CREATE_FAILED: no reason"}
	deleted := []string{"Rule DELETE_IN_PROGRESS", "Rule DELETE_COMPLETE", "Topic DELETE_IN_PROGRESS", "Topic DELETE_COMPLETE"}
	for _, c := range []struct {
		on   types.OnStackFailure
		end  types.StackStatus
		want []string
	}{
		{"", "ROLLBACK_COMPLETE", slices.Concat(failed, []string{"news ROLLBACK_IN_PROGRESS: The following resource(s) failed to create: [Rule]. Rollback requested by user."}, deleted, []string{"news ROLLBACK_COMPLETE"})},
		{"DELETE", "DELETE_COMPLETE", slices.Concat(failed, []string{"news DELETE_IN_PROGRESS: The following resource(s) failed to create: [Rule]. Delete requested by user."}, deleted, []string{"news DELETE_COMPLETE"})},
		{"DO_NOTHING", "CREATE_FAILED", append(slices.Clone(failed), "news CREATE_FAILED: The following resource(s) failed to create: [Rule]. ")},
	} {
		t.Run(string(c.end), func(t *testing.T) {
			r := newRig(t, "eu-central-1")
			r.FailResource("Rule", "no reason")
			in := set("CREATE", "first", topic, map[string]string{"Needed": "x"})
			in.OnStackFailure = c.on
			s := r.run(r.prepare(in))
			if s.StackStatus != c.end {
				t.Errorf("it is %s", s.StackStatus)
			}
			compareLines(t, lines(r.history(*s.StackId))[5:], c.want)
			_, err := r.CloudFormation.CreateChangeSet(t.Context(), set("UPDATE", "again", topic, map[string]string{"Needed": "x"}))
			switch c.end {
			case "ROLLBACK_COMPLETE":
				refused(t, err, "ValidationError", "is in ROLLBACK_COMPLETE state and can not be updated.")
				_, err = r.CloudFormation.CreateChangeSet(t.Context(), set("CREATE", "again", topic, map[string]string{"Needed": "x"}))
				refused(t, err, "ValidationError", "already exists and cannot be created again")
			case "DELETE_COMPLETE":
				refused(t, err, "ValidationError", "Stack [news] does not exist")
				if s := r.run(r.prepare(set("CREATE", "again", topic, map[string]string{"Needed": "x"}))); s.StackStatus != "CREATE_COMPLETE" {
					t.Errorf("then it is %s", s.StackStatus)
				}
			case "CREATE_FAILED":
				must[*cloudformation.RollbackStackOutput](t)(r.CloudFormation.RollbackStack(t.Context(), &cloudformation.RollbackStackInput{StackName: aws.String("news")}))
				if s := r.wait("news"); s.StackStatus != "ROLLBACK_COMPLETE" {
					t.Errorf("then it is %s", s.StackStatus)
				}
			}
		})
	}
}

// TestCancelled has what is made beside a resource that fails be given up.
func TestCancelled(t *testing.T) {
	r := newRig(t, "eu-central-1")
	r.FailResource("A", "no reason")
	s := r.run(r.prepare(set("CREATE", "first", "Resources: {A: {Type: AWS::SNS::Topic}, B: {Type: AWS::SNS::Topic}}", nil)))
	compareLines(t, r.since(2), []string{"A CREATE_IN_PROGRESS", "B CREATE_IN_PROGRESS", "A CREATE_FAILED: no reason", "B CREATE_FAILED: Resource creation cancelled",
		"news ROLLBACK_IN_PROGRESS: The following resource(s) failed to create: [A, B]. Rollback requested by user.",
		"B DELETE_IN_PROGRESS", "B DELETE_COMPLETE", "A DELETE_IN_PROGRESS", "A DELETE_COMPLETE", "news " + string(s.StackStatus)})
}

// TestUpdateFails goes back to what was there before.
func TestUpdateFails(t *testing.T) {
	r := first(t)
	before := outputs(r.describe("news"))
	r.FailResource("Rule", "no reason")
	s := r.run(r.prepare(set("UPDATE", "second", topic, map[string]string{"Needed": "x", "Name": "olds", "Size": "9"})))
	if s.StackStatus != "UPDATE_ROLLBACK_COMPLETE" {
		t.Fatalf("it is %s", s.StackStatus)
	}
	compareLines(t, r.since(9), []string{"news UPDATE_IN_PROGRESS: User Initiated",
		"Log CREATE_IN_PROGRESS", "Topic UPDATE_IN_PROGRESS: Requested update requires the creation of a new physical resource; hence creating one.",
		"Log CREATE_IN_PROGRESS" + initiated, "Topic UPDATE_IN_PROGRESS" + initiated, "Log CREATE_COMPLETE", "Topic UPDATE_COMPLETE",
		"Rule UPDATE_IN_PROGRESS", "Rule UPDATE_FAILED: no reason",
		"news UPDATE_ROLLBACK_IN_PROGRESS: The following resource(s) failed to update: [Rule]. ",
		"Rule UPDATE_IN_PROGRESS", "Rule UPDATE_COMPLETE", "Topic UPDATE_IN_PROGRESS", "Topic UPDATE_COMPLETE",
		"news UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "Topic DELETE_IN_PROGRESS", "Topic DELETE_COMPLETE", "Log DELETE_IN_PROGRESS", "Log DELETE_COMPLETE", "news UPDATE_ROLLBACK_COMPLETE"})
	if got := outputs(s); got["Arn"] != before["Arn"] || len(got) != 1 {
		t.Errorf("%q", got)
	}
	for _, p := range s.Parameters {
		if *p.ParameterKey == "Name" && *p.ParameterValue != "news" {
			t.Errorf("Name is %s", *p.ParameterValue)
		}
	}
	// And it can be changed again.
	if s := r.run(r.prepare(set("UPDATE", "third", topic, map[string]string{"Needed": "x", "Name": "olds"}))); s.StackStatus != "UPDATE_COMPLETE" || !strings.HasSuffix(outputs(s)["Arn"], ":olds") {
		t.Errorf("it is %s, %q", s.StackStatus, outputs(s))
	}
}

// TestRollbackFails goes on when it is told to.
func TestRollbackFails(t *testing.T) {
	for _, skip := range [][]string{nil, {"Topic"}} {
		r := first(t)
		r.FailResource("Rule", "no reason")
		r.FailRollback("Topic", "no way back")
		template := strings.Replace(topic, "Description: !Join", "State: ENABLED\n      Description: !Join", 1)
		s := r.run(r.prepare(set("UPDATE", "second", template, map[string]string{"Needed": "y"})))
		if s.StackStatus != "UPDATE_ROLLBACK_FAILED" || *s.StackStatusReason != "The following resource(s) failed to update: [Topic]. " {
			t.Fatalf("it is %s: %s", s.StackStatus, aws.ToString(s.StackStatusReason))
		}
		_, err := r.CloudFormation.CreateChangeSet(t.Context(), set("UPDATE", "again", topic, map[string]string{"Needed": "x"}))
		refused(t, err, "ValidationError", "is in UPDATE_ROLLBACK_FAILED state and can not be updated.")
		_, err = r.CloudFormation.ContinueUpdateRollback(t.Context(), &cloudformation.ContinueUpdateRollbackInput{StackName: aws.String("news"), ResourcesToSkip: []string{"Rule"}})
		refused(t, err, "ValidationError", "Rule")
		must[*cloudformation.ContinueUpdateRollbackOutput](t)(r.CloudFormation.ContinueUpdateRollback(t.Context(), &cloudformation.ContinueUpdateRollbackInput{StackName: aws.String("news"), ResourcesToSkip: skip}))
		if s := r.wait("news"); s.StackStatus != "UPDATE_ROLLBACK_COMPLETE" {
			t.Errorf("it is %s", s.StackStatus)
		}
		_, err = r.CloudFormation.ContinueUpdateRollback(t.Context(), &cloudformation.ContinueUpdateRollbackInput{StackName: aws.String("news")})
		refused(t, err, "ValidationError", "can not continue update rollback")
	}
}

// TestDelete is about what a deletion leaves.
func TestDelete(t *testing.T) {
	const template = `
Resources:
  Kept: {Type: AWS::S3::Bucket, DeletionPolicy: RetainExceptOnCreate}
  Full: {Type: AWS::S3::Bucket}
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Full}}
  Needed: {Type: AWS::SNS::Topic, Properties: {TopicName: needed}}
  Policy: {Type: AWS::S3::BucketPolicy, DependsOn: Needed, Properties: {Bucket: !Ref Full, PolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Deny, Principal: "*", Action: "s3:*", Resource: !GetAtt Full.Arn}]}}}
`
	r := newRig(t, "eu-central-1")
	s := r.run(r.prepare(set("CREATE", "first", template, nil)))
	full, kept := "", ""
	for _, res := range must[*cloudformation.DescribeStackResourcesOutput](t)(r.CloudFormation.DescribeStackResources(t.Context(), &cloudformation.DescribeStackResourcesInput{StackName: s.StackId})).StackResources {
		switch *res.LogicalResourceId {
		case "Full":
			full = *res.PhysicalResourceId
		case "Kept":
			kept = *res.PhysicalResourceId
		}
	}
	r.PutObject(full, "a", []byte("x"))
	remove := func(retain ...string) error {
		_, err := r.CloudFormation.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("news"), RetainResources: retain})
		return err
	}
	refused(t, remove("Full"), "ValidationError", "DELETE_FAILED state")
	must[*cloudformation.UpdateTerminationProtectionOutput](t)(r.CloudFormation.UpdateTerminationProtection(t.Context(), &cloudformation.UpdateTerminationProtectionInput{StackName: aws.String("news"), EnableTerminationProtection: aws.Bool(true)}))
	refused(t, remove(), "ValidationError", "Stack [news] cannot be deleted while TerminationProtection is enabled")
	must[*cloudformation.UpdateTerminationProtectionOutput](t)(r.CloudFormation.UpdateTerminationProtection(t.Context(), &cloudformation.UpdateTerminationProtectionInput{StackName: aws.String("news"), EnableTerminationProtection: aws.Bool(false)}))
	n := len(r.history("news"))
	if err := remove(); err != nil {
		t.Fatal(err)
	}
	if s := r.wait("news"); s.StackStatus != "DELETE_FAILED" || *s.StackStatusReason != "The following resource(s) failed to delete: [Full]. " {
		t.Fatalf("it is %s: %s", s.StackStatus, aws.ToString(s.StackStatusReason))
	}
	compareLines(t, r.since(n), []string{"news DELETE_IN_PROGRESS: User Initiated", "Topic DELETE_IN_PROGRESS", "Topic DELETE_COMPLETE", "Policy DELETE_IN_PROGRESS", "Policy DELETE_COMPLETE",
		"Needed DELETE_IN_PROGRESS", "Needed DELETE_COMPLETE", "Kept DELETE_SKIPPED", "Full DELETE_IN_PROGRESS",
		"Full DELETE_FAILED: " + handled("The bucket you tried to delete is not empty", "S3", 409, "GeneralServiceException"), "news DELETE_FAILED: The following resource(s) failed to delete: [Full]. "})
	refused(t, remove("Topic"), "ValidationError", "[Topic]")
	if err := remove("Full"); err != nil {
		t.Fatal(err)
	}
	if s := r.wait(*s.StackId); s.StackStatus != "DELETE_COMPLETE" {
		t.Errorf("it is %s", s.StackStatus)
	}
	if got, want := r.Buckets(), []string{full, kept}; !slices.Equal(got, want) {
		t.Errorf("left are %q, not %q", got, want)
	}
	if err := remove(); err != nil { // there is none, and it is deleted
		t.Error(err)
	}
	all := must[*cloudformation.ListStacksOutput](t)(r.CloudFormation.ListStacks(t.Context(), &cloudformation.ListStacksInput{StackStatusFilter: []types.StackStatus{"DELETE_COMPLETE"}}))
	if len(all.StackSummaries) != 1 {
		t.Errorf("%+v", all.StackSummaries)
	}
}

// TestRetained has buckets that outlive a stack go only if its creation fails.
func TestRetained(t *testing.T) {
	for policy, want := range map[string]int{"Retain": 1, "RetainExceptOnCreate": 0, "Delete": 0} {
		r := newRig(t, "eu-central-1")
		r.FailResource("B", "no reason")
		r.run(r.prepare(set("CREATE", "first", "Resources: {A: {Type: AWS::S3::Bucket, DeletionPolicy: "+policy+"}, B: {Type: AWS::SNS::Topic, DependsOn: A}}", nil)))
		if got := r.Buckets(); len(got) != want {
			t.Errorf("%s leaves %q", policy, got)
		}
	}
}

// TestBusy refuses what a stack under way cannot take.
func TestBusy(t *testing.T) {
	r := first(t)
	d := r.prepare(set("UPDATE", "second", topic, map[string]string{"Needed": "y"}))
	other := r.prepare(set("UPDATE", "other", topic, map[string]string{"Needed": "z"}))
	must[*cloudformation.ExecuteChangeSetOutput](t)(r.CloudFormation.ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{ChangeSetName: d.ChangeSetId}))
	_, err := r.CloudFormation.ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{ChangeSetName: other.ChangeSetId})
	refused(t, err, "ChangeSetNotFound", "")
	_, err = r.CloudFormation.CreateChangeSet(t.Context(), set("UPDATE", "third", topic, map[string]string{"Needed": "y"}))
	refused(t, err, "ValidationError", "is in UPDATE_IN_PROGRESS state and can not be updated.")
	_, err = r.CloudFormation.DetectStackDrift(t.Context(), &cloudformation.DetectStackDriftInput{StackName: aws.String("news")})
	refused(t, err, "ValidationError", "while in UPDATE_IN_PROGRESS state")
	r.Finish()
	if s := r.describe("news"); s.StackStatus != "UPDATE_COMPLETE" {
		t.Errorf("it is %s", s.StackStatus)
	}
}

// TestDrift finds what somebody has changed.
func TestDrift(t *testing.T) {
	r := first(t)
	detect := func() *cloudformation.DescribeStackDriftDetectionStatusOutput {
		id := must[*cloudformation.DetectStackDriftOutput](t)(r.CloudFormation.DetectStackDrift(t.Context(), &cloudformation.DetectStackDriftInput{StackName: aws.String("news")})).StackDriftDetectionId
		for {
			d := must[*cloudformation.DescribeStackDriftDetectionStatusOutput](t)(r.CloudFormation.DescribeStackDriftDetectionStatus(t.Context(), &cloudformation.DescribeStackDriftDetectionStatusInput{StackDriftDetectionId: id}))
			if d.DetectionStatus != "DETECTION_IN_PROGRESS" {
				return d
			}
		}
	}
	if d := detect(); d.StackDriftStatus != "IN_SYNC" || *d.DriftedStackResourceCount != 0 {
		t.Errorf("%+v", d)
	}
	r.Drift("eu-central-1", "news", Drift{Resource: "Topic", Path: "/DisplayName", Expected: "x of 1", Actual: "mine"}, Drift{Resource: "Rule", Deleted: true})
	if d := detect(); d.StackDriftStatus != "DRIFTED" || *d.DriftedStackResourceCount != 2 {
		t.Errorf("%+v", d)
	}
	got := must[*cloudformation.DescribeStackResourceDriftsOutput](t)(r.CloudFormation.DescribeStackResourceDrifts(t.Context(), &cloudformation.DescribeStackResourceDriftsInput{StackName: aws.String("news"), StackResourceDriftStatusFilters: []types.StackResourceDriftStatus{"MODIFIED", "DELETED"}}))
	if len(got.StackResourceDrifts) != 2 || *got.StackResourceDrifts[0].PropertyDifferences[0].ActualValue != "mine" || got.StackResourceDrifts[1].StackResourceDriftStatus != "DELETED" {
		t.Errorf("%+v", got.StackResourceDrifts)
	}
	if s := r.describe("news"); s.DriftInformation.StackDriftStatus != "DRIFTED" {
		t.Errorf("%+v", s.DriftInformation)
	}
}

// TestReplaced has what was replaced go, unless its policy keeps it.
func TestReplaced(t *testing.T) {
	r := first(t)
	if s := r.run(r.prepare(set("UPDATE", "second", topic, map[string]string{"Needed": "x", "Name": "olds"}))); s.StackStatus != "UPDATE_COMPLETE" {
		t.Fatalf("it is %s", s.StackStatus)
	}
	compareLines(t, r.since(9), []string{"news UPDATE_IN_PROGRESS: User Initiated",
		"Topic UPDATE_IN_PROGRESS: Requested update requires the creation of a new physical resource; hence creating one.", "Topic UPDATE_IN_PROGRESS" + initiated, "Topic UPDATE_COMPLETE",
		"Rule UPDATE_IN_PROGRESS", "Rule UPDATE_COMPLETE", "news UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "Topic DELETE_IN_PROGRESS", "Topic DELETE_COMPLETE", "news UPDATE_COMPLETE"})

	bucket := func(name, more string) string {
		return "Resources: {A: {Type: AWS::S3::Bucket, DeletionPolicy: Retain, UpdateReplacePolicy: Retain, Properties: {BucketName: " + name + ", Other: !Ref AWS::NoValue}}" + more + "}"
	}
	r = newRig(t, "eu-central-1")
	r.run(r.prepare(set("CREATE", "first", bucket("one", ""), nil)))
	if d := r.prepare(set("UPDATE", "second", bucket("two", ""), nil)); d.Changes[0].ResourceChange.PolicyAction != "ReplaceAndRetain" {
		t.Errorf("%+v", d.Changes[0].ResourceChange)
	} else {
		r.run(d)
	}
	if got := r.Buckets(); !slices.Equal(got, []string{"one", "two"}) {
		t.Errorf("there are %q", got)
	}
	other := newRig(t, "eu-central-1")
	for _, name := range []string{"one", "two"} {
		kind := types.ChangeSetTypeCreate
		if name == "two" {
			kind = types.ChangeSetTypeUpdate
		}
		other.run(other.prepare(set(kind, name, strings.Replace(bucket(name, ""), "UpdateReplacePolicy: Retain", "UpdateReplacePolicy: Delete", 1), nil)))
	}
	if got := other.Buckets(); !slices.Equal(got, []string{"two"}) {
		t.Errorf("there are %q", got)
	}
	// A bucket that an update makes, and its failure leaves: Retain keeps it.
	r.FailResource("B", "no reason")
	s := r.run(r.prepare(set("UPDATE", "third", bucket("three", ", B: {Type: AWS::SNS::Topic, DependsOn: A}"), nil)))
	if got := r.Buckets(); !slices.Equal(got, []string{"one", "three", "two"}) || s.StackStatus != "UPDATE_ROLLBACK_COMPLETE" {
		t.Errorf("it is %s, there are %q", s.StackStatus, got)
	}
}
