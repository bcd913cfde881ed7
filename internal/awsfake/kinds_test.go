package awsfake

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// reasonOf makes a stack of a template, and gives why its resource A fails; empty if
// it does not.
func (r rig) reasonOf(template string) string {
	r.t.Helper()
	in := set("CREATE", "first", template, nil)
	in.Capabilities = append(in.Capabilities, "CAPABILITY_IAM")
	in.OnStackFailure = "DELETE"
	s := r.run(r.prepare(in))
	for _, e := range r.history(*s.StackId) {
		if *e.LogicalResourceId == "A" && e.ResourceStatus == "CREATE_FAILED" {
			return *e.ResourceStatusReason
		}
	}
	return ""
}

// TestResourcesFail is about what AWS's services say of a resource.
func TestResourcesFail(t *testing.T) {
	const function = "Resources: {A: {Type: AWS::Lambda::Function, Properties: {Role: x, Runtime: provided.al2023, Handler: bootstrap, Code: {S3Bucket: %s, S3Key: %s}}}}"
	code := func(bucket, key string) string {
		return strings.Replace(strings.Replace(function, "%s", bucket, 1), "%s", key, 1)
	}
	for name, c := range map[string]struct{ template, says string }{
		"unknown property": {"Resources: {A: {Type: AWS::SNS::Topic, Properties: {Name: x}}}", "extraneous key [Name] is not permitted"},
		"needed property":  {"Resources: {A: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE}}}", "required key [TargetFunctionArn] not found"},
		"no bucket":        {code("none", "a.zip"), "S3 Error Code: NoSuchBucket"},
		"no zip":           {code("artifacts", "b.zip"), "S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist."},
		"another region":   {code("far", "a.zip"), "S3 Error Code: PermanentRedirect. S3 Error Message: The bucket is in this region: us-east-1."},
		"not ours":         {code("theirs", "a.zip"), "S3 Error Code: AccessDenied"},
		"a zip":            {code("artifacts", "a.zip"), ""},
		"bucket taken":     {"Resources: {A: {Type: AWS::S3::Bucket, Properties: {BucketName: theirs}}}", "theirs already exists"},
		"bucket's name":    {"Resources: {A: {Type: AWS::S3::Bucket, Properties: {BucketName: Capital}}}", "should not contain uppercase characters"},
		"public policy":    {`Resources: {B: {Type: AWS::S3::Bucket}, A: {Type: AWS::S3::BucketPolicy, Properties: {Bucket: !Ref B, PolicyDocument: {Statement: [{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: !Sub "${B.Arn}/*"}]}}}}`, "BlockPublicPolicy"},
		"no origin":        {"Resources: {A: {Type: AWS::CloudFront::Distribution, Properties: {DistributionConfig: {Enabled: true, Origins: [{Id: a, DomainName: x}], DefaultCacheBehavior: {TargetOriginId: b}}}}}", "One or more of your origins or origin groups do not exist."},
		"long function":    {"Resources: {A: {Type: AWS::CloudFront::Function, Properties: {Name: x, FunctionConfig: {Runtime: cloudfront-js-2.0}, FunctionCode: " + strings.Repeat("x", 10241) + "}}}", "the maximum is 10240 bytes"},
		"name taken":       {"Resources: {B: {Type: AWS::CloudFront::CachePolicy, Properties: {CachePolicyConfig: {Name: x}}}, A: {Type: AWS::CloudFront::CachePolicy, DependsOn: B, Properties: {CachePolicyConfig: {Name: x}}}}", "already exists"},
		"index":            {`Resources: {A: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Select [1, !Split [",", !GetAtt B.TopicName]]}}, B: {Type: AWS::SNS::Topic}}`, "cannot select nonexistent value at index 1"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, "eu-central-1")
			for bucket, region := range map[string]string{"artifacts": "eu-central-1", "far": "us-east-1"} {
				r.AddBucket(bucket, region)
				r.PutObject(bucket, "a.zip", []byte("zip"))
			}
			r.AddForeignBucket("theirs", "eu-central-1")
			if got := r.reasonOf(c.template); c.says == "" && got != "" || !strings.Contains(got, c.says) {
				t.Errorf("it says %q, not %q", got, c.says)
			}
			r.mu.Lock()
			defer r.mu.Unlock()
			if c.says != "" && len(r.named)+len(r.functions)+len(r.edgeFunctions)+len(r.distributions) > 0 {
				t.Errorf("left are %v %v", r.named, r.functions)
			}
		})
	}
}

// TestBucketsOfStack really are in S3, as the template has them.
func TestBucketsOfStack(t *testing.T) {
	r, out := deployed(t)
	photos := aws.String(out["PhotosBucket"])
	if v := must[*s3.GetBucketVersioningOutput](t)(r.S3.GetBucketVersioning(t.Context(), &s3.GetBucketVersioningInput{Bucket: photos})); v.Status != "Enabled" {
		t.Errorf("versioning is %q", v.Status)
	}
	if n := must[*s3.GetBucketNotificationConfigurationOutput](t)(r.S3.GetBucketNotificationConfiguration(t.Context(), &s3.GetBucketNotificationConfigurationInput{Bucket: photos})); n.EventBridgeConfiguration == nil {
		t.Error("EventBridge is not told")
	}
	if p := must[*s3.GetBucketPolicyOutput](t)(r.S3.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: aws.String(out["RenditionsBucket"])})); !strings.Contains(*p.Policy, out["DistributionId"]) {
		t.Errorf("the policy is %s", *p.Policy)
	}
	rules := must[*s3.GetBucketLifecycleConfigurationOutput](t)(r.S3.GetBucketLifecycleConfiguration(t.Context(), &s3.GetBucketLifecycleConfigurationInput{Bucket: photos})).Rules
	if len(rules) != 1 || *rules[0].ID != "aborted-uploads" {
		t.Errorf("%+v", rules)
	}
	tags := map[string]string{}
	for _, tag := range must[*s3.GetBucketTaggingOutput](t)(r.S3.GetBucketTagging(t.Context(), &s3.GetBucketTaggingInput{Bucket: photos})).TagSet {
		tags[*tag.Key] = *tag.Value
	}
	if tags["aws:cloudformation:stack-name"] != "photofit" || tags["aws:cloudformation:logical-id"] != "Photos" {
		t.Errorf("%q", tags)
	}
}

// TestPages has long lists come in parts.
func TestPages(t *testing.T) {
	r, _ := deployed(t)
	all := r.history("photofit")
	if len(all) <= 70 || *all[0].LogicalResourceId != "photofit" || all[0].ResourceStatus != "REVIEW_IN_PROGRESS" || all[len(all)-1].ResourceStatus != "CREATE_COMPLETE" {
		t.Errorf("%d events", len(all))
	}
	d := r.prepare(r.setInput("UPDATE", "again", realTemplate(t, map[string]string{"PHOTOFIT_QUALITY": "70"}), map[string]string{"Email": "a@example.com"}))
	var names []string
	for _, c := range d.Changes {
		names = append(names, string(c.ResourceChange.Action)+" "+*c.ResourceChange.LogicalResourceId)
	}
	slices.Sort(names)
	if want := []string{"Add Alarm", "Add PurgeFailed", "Add RenderErrors", "Add RenderThrottles", "Modify Purge", "Modify Render"}; !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
	if s := r.run(d); s.StackStatus != "UPDATE_COMPLETE" {
		t.Errorf("it is %s", s.StackStatus)
	}
	must[*cloudformation.DeleteStackOutput](t)(r.CloudFormation.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("photofit")}))
	s := r.describe(*d.StackId)
	if s.StackStatus != "DELETE_IN_PROGRESS" && s.StackStatus != "DELETE_COMPLETE" {
		t.Errorf("it is %s", s.StackStatus)
	}
	all = r.history(*d.StackId)
	first := must[*cloudformation.DescribeStackEventsOutput](t)(r.CloudFormation.DescribeStackEvents(t.Context(), &cloudformation.DescribeStackEventsInput{StackName: d.StackId}))
	if len(all) <= 100 || len(first.StackEvents) != 100 || first.NextToken == nil || *first.StackEvents[0].EventId != *all[len(all)-1].EventId {
		t.Errorf("%d events, %d at first", len(all), len(first.StackEvents))
	}
	n := 0
	pages := cloudformation.NewListStackResourcesPaginator(r.CloudFormation, &cloudformation.ListStackResourcesInput{StackName: d.StackId})
	for pages.HasMorePages() {
		for _, res := range must[*cloudformation.ListStackResourcesOutput](t)(pages.NextPage(t.Context())).StackResourceSummaries {
			n++
			if want := map[string]string{"Photos": "DELETE_SKIPPED", "PhotosPolicy": "DELETE_SKIPPED"}[*res.LogicalResourceId]; want != "" && string(res.ResourceStatus) != want || want == "" && res.ResourceStatus != "DELETE_COMPLETE" {
				t.Errorf("%s is %s", *res.LogicalResourceId, res.ResourceStatus)
			}
		}
	}
	if n < 25 {
		t.Errorf("%d resources", n)
	}
}

// TestReview has a stack that was never made be deleted.
func TestReview(t *testing.T) {
	r := newRig(t, "eu-central-1")
	d := r.prepare(set("CREATE", "a", topic, map[string]string{"Needed": "x"}))
	must[*cloudformation.DeleteStackOutput](t)(r.CloudFormation.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("news")}))
	if s := r.wait(*d.StackId); s.StackStatus != "DELETE_COMPLETE" {
		t.Errorf("it is %s", s.StackStatus)
	}
	_, err := r.CloudFormation.DescribeChangeSet(t.Context(), &cloudformation.DescribeChangeSetInput{ChangeSetName: d.ChangeSetId})
	refused(t, err, "ChangeSetNotFound", "")
	_, err = r.CloudFormation.DescribeStackEvents(t.Context(), &cloudformation.DescribeStackEventsInput{StackName: aws.String("news")})
	refused(t, err, "ValidationError", "Stack [news] does not exist")
}

// TestDeleteWhileMaking deletes a stack in the midst of its creation.
func TestDeleteWhileMaking(t *testing.T) {
	r := newRig(t, "eu-central-1")
	d := r.prepare(set("CREATE", "a", topic, map[string]string{"Needed": "x"}))
	must[*cloudformation.ExecuteChangeSetOutput](t)(r.CloudFormation.ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{ChangeSetName: d.ChangeSetId}))
	for range 5 {
		r.describe("news")
	}
	must[*cloudformation.DeleteStackOutput](t)(r.CloudFormation.DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("news")}))
	if s := r.wait(*d.StackId); s.StackStatus != "DELETE_COMPLETE" {
		t.Errorf("it is %s", s.StackStatus)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.named) > 0 {
		t.Errorf("left are %v", r.named)
	}
}
