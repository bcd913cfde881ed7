package awsfake

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

func mustRequest(method, path, body string) *http.Request {
	return httptest.NewRequest(method, path, strings.NewReader(body))
}

// TestConfigurations puts and gets each subresource.
func TestConfigurations(t *testing.T) {
	r := newRig(t, "eu-west-1")
	r.AddBucket("photos", "eu-west-1")
	bucket := aws.String("photos")
	ctx := t.Context()

	// What a new bucket has, and what it has not.
	block := must[*s3.GetPublicAccessBlockOutput](t)(r.S3.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: bucket}))
	if b := block.PublicAccessBlockConfiguration; !*b.BlockPublicAcls || !*b.BlockPublicPolicy || !*b.IgnorePublicAcls || !*b.RestrictPublicBuckets {
		t.Errorf("%+v", b)
	}
	own := must[*s3.GetBucketOwnershipControlsOutput](t)(r.S3.GetBucketOwnershipControls(ctx, &s3.GetBucketOwnershipControlsInput{Bucket: bucket}))
	if own.OwnershipControls.Rules[0].ObjectOwnership != types.ObjectOwnershipBucketOwnerEnforced {
		t.Errorf("%+v", own.OwnershipControls)
	}
	_, err := r.S3.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: bucket})
	refused(t, err, "NoSuchBucketPolicy", "")
	_, err = r.S3.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: bucket})
	refused(t, err, "NoSuchTagSet", "")
	_, err = r.S3.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: bucket})
	refused(t, err, "NoSuchLifecycleConfiguration", "")
	if v := must[*s3.GetBucketVersioningOutput](t)(r.S3.GetBucketVersioning(ctx, &s3.GetBucketVersioningInput{Bucket: bucket})); v.Status != "" {
		t.Errorf("versioning is %q", v.Status)
	}

	must[*s3.PutPublicAccessBlockOutput](t)(r.S3.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{Bucket: bucket, PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{BlockPublicPolicy: aws.Bool(false)}}))
	block = must[*s3.GetPublicAccessBlockOutput](t)(r.S3.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: bucket}))
	if *block.PublicAccessBlockConfiguration.BlockPublicPolicy {
		t.Error("public policies are blocked still")
	}
	_, err = r.S3.PutBucketOwnershipControls(ctx, &s3.PutBucketOwnershipControlsInput{Bucket: bucket, OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: "Mine"}}}})
	refused(t, err, "MalformedXML", "")
	must[*s3.PutBucketOwnershipControlsOutput](t)(r.S3.PutBucketOwnershipControls(ctx, &s3.PutBucketOwnershipControlsInput{Bucket: bucket, OwnershipControls: &types.OwnershipControls{Rules: []types.OwnershipControlsRule{{ObjectOwnership: types.ObjectOwnershipBucketOwnerEnforced}}}}))
	must[*s3.PutBucketEncryptionOutput](t)(r.S3.PutBucketEncryption(ctx, &s3.PutBucketEncryptionInput{Bucket: bucket, ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{
		Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryptionAwsKms, KMSMasterKeyID: aws.String("key")}}}}}))
	enc := must[*s3.GetBucketEncryptionOutput](t)(r.S3.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: bucket}))
	if *enc.ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.KMSMasterKeyID != "key" {
		t.Errorf("%+v", enc.ServerSideEncryptionConfiguration.Rules[0])
	}
	rule := types.LifecycleRule{ID: aws.String("a"), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: aws.String("")}, AbortIncompleteMultipartUpload: &types.AbortIncompleteMultipartUpload{DaysAfterInitiation: aws.Int32(7)}}
	must[*s3.PutBucketLifecycleConfigurationOutput](t)(r.S3.PutBucketLifecycleConfiguration(ctx, &s3.PutBucketLifecycleConfigurationInput{Bucket: bucket, LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{rule}}}))
	rules := must[*s3.GetBucketLifecycleConfigurationOutput](t)(r.S3.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: bucket})).Rules
	if len(rules) != 1 || *rules[0].AbortIncompleteMultipartUpload.DaysAfterInitiation != 7 {
		t.Errorf("%+v", rules)
	}
	rule.Filter = nil
	_, err = r.S3.PutBucketLifecycleConfiguration(ctx, &s3.PutBucketLifecycleConfigurationInput{Bucket: bucket, LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{rule}}})
	refused(t, err, "MalformedXML", "")
	must[*s3.PutBucketTaggingOutput](t)(r.S3.PutBucketTagging(ctx, &s3.PutBucketTaggingInput{Bucket: bucket, Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("photofit"), Value: aws.String("artifacts")}}}}))
	if tags := must[*s3.GetBucketTaggingOutput](t)(r.S3.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: bucket})).TagSet; len(tags) != 1 || *tags[0].Value != "artifacts" {
		t.Errorf("%+v", tags)
	}
	r.expect(2)
}

// TestNotification has a put take the place of all that was there.
func TestNotification(t *testing.T) {
	r := newRig(t, "eu-west-1")
	r.AddBucket("photos", "eu-west-1")
	bucket := aws.String("photos")
	put := func(c *types.NotificationConfiguration) {
		must[*s3.PutBucketNotificationConfigurationOutput](t)(r.S3.PutBucketNotificationConfiguration(t.Context(), &s3.PutBucketNotificationConfigurationInput{Bucket: bucket, NotificationConfiguration: c}))
	}
	get := func() *s3.GetBucketNotificationConfigurationOutput {
		return must[*s3.GetBucketNotificationConfigurationOutput](t)(r.S3.GetBucketNotificationConfiguration(t.Context(), &s3.GetBucketNotificationConfigurationInput{Bucket: bucket}))
	}
	if c := get(); c.EventBridgeConfiguration != nil || len(c.QueueConfigurations) > 0 {
		t.Errorf("at first %+v", c)
	}
	queue := types.QueueConfiguration{QueueArn: aws.String("arn:aws:sqs:eu-west-1:1:q"), Events: []types.Event{"s3:ObjectCreated:*"}, Filter: &types.NotificationConfigurationFilter{Key: &types.S3KeyFilter{FilterRules: []types.FilterRule{{Name: types.FilterRuleNamePrefix, Value: aws.String("a/")}}}}}
	put(&types.NotificationConfiguration{QueueConfigurations: []types.QueueConfiguration{queue}})
	if c := get(); c.EventBridgeConfiguration != nil || len(c.QueueConfigurations) != 1 || *c.QueueConfigurations[0].Filter.Key.FilterRules[0].Value != "a/" {
		t.Errorf("with a queue %+v", c)
	}
	put(&types.NotificationConfiguration{EventBridgeConfiguration: &types.EventBridgeConfiguration{}})
	if c := get(); c.EventBridgeConfiguration == nil || len(c.QueueConfigurations) != 0 {
		t.Errorf("with EventBridge %+v", c)
	}
}

// TestPolicy is about policies that are public, or of another bucket.
func TestPolicy(t *testing.T) {
	r := newRig(t, "eu-west-1")
	r.AddBucket("photos", "eu-west-1")
	bucket := aws.String("photos")
	put := func(principal, resource, condition string) error {
		policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":` + principal + `,"Action":"s3:GetObject","Resource":"` + resource + `"` + condition + `}]}`
		_, err := r.S3.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: bucket, Policy: &policy})
		return err
	}
	const condition = `,"Condition":{"StringEquals":{"aws:SourceArn":"x"}}`
	refused(t, put(`"*"`, "arn:aws:s3:::photos/*", ""), "AccessDenied", "BlockPublicPolicy")
	refused(t, put(`{"Service":"x"}`, "arn:aws:s3:::photo/*", ""), "MalformedPolicy", "invalid resource")
	for _, c := range []struct {
		principal, condition string
		public               bool
	}{{`"*"`, "", true}, {`{"AWS":"*"}`, "", true}, {`"*"`, condition, false}, {`{"Service":"cloudfront.amazonaws.com"}`, "", false}} {
		must[*s3.PutPublicAccessBlockOutput](t)(r.S3.PutPublicAccessBlock(t.Context(), &s3.PutPublicAccessBlockInput{Bucket: bucket, PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{}}))
		if err := put(c.principal, "arn:aws:s3:::photos/*", c.condition); err != nil {
			t.Error(err)
		}
		status := must[*s3.GetBucketPolicyStatusOutput](t)(r.S3.GetBucketPolicyStatus(t.Context(), &s3.GetBucketPolicyStatusInput{Bucket: bucket}))
		if *status.PolicyStatus.IsPublic != c.public {
			t.Errorf("%+v", c)
		}
	}
	must[*s3.DeleteBucketPolicyOutput](t)(r.S3.DeleteBucketPolicy(t.Context(), &s3.DeleteBucketPolicyInput{Bucket: bucket}))
	_, err := r.S3.GetBucketPolicy(t.Context(), &s3.GetBucketPolicyInput{Bucket: bucket})
	refused(t, err, "NoSuchBucketPolicy", "")
}
