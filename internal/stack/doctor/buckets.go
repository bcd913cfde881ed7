package doctor

import (
	"context"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"photofit/internal/stack/account"
)

func (p *patient) photosBucket(ctx context.Context) (string, error) {
	bucket := p.stack.Outputs.PhotosBucket
	out, err := p.account.S3.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: &bucket, MaxKeys: aws.Int32(1), Prefix: aws.String(p.stack.Parameters["PhotosPrefix"]), ExpectedBucketOwner: &p.account.ID})
	switch {
	case account.Code(err) == "NoSuchBucket":
		return "", illf("Run photofit deploy with --photos naming the bucket that has the photos", "%s is gone", bucket)
	case account.Status(err) == http.StatusMovedPermanently:
		return "", illf("Deploy the stack in the bucket's region, or take a bucket that is in the stack's", "%s is in another region than the stack", bucket)
	case err != nil:
		return "", account.Explain("looking into "+bucket, err)
	case len(out.Contents) == 0:
		return bucket + ", empty as yet", nil
	}
	return bucket, nil
}

func (p *patient) photosEvents(ctx context.Context) (string, error) {
	bucket := p.stack.Outputs.PhotosBucket
	out, err := p.account.S3.GetBucketNotificationConfiguration(ctx, &s3.GetBucketNotificationConfigurationInput{Bucket: &bucket, ExpectedBucketOwner: &p.account.ID})
	if err != nil {
		return "", account.Explain("reading the notifications of "+bucket, err)
	}
	if out.EventBridgeConfiguration == nil {
		return "", illf("Run photofit deploy, which switches them on", "%s does not tell EventBridge of its changes, so a photo that is replaced stays as it was", bucket)
	}
	return "EventBridge is told of changes", nil
}

func (p *patient) photosClosed(ctx context.Context) (string, error) {
	bucket := p.stack.Outputs.PhotosBucket
	out, err := p.account.S3.GetPublicAccessBlock(ctx, &s3.GetPublicAccessBlockInput{Bucket: &bucket, ExpectedBucketOwner: &p.account.ID})
	open := account.Code(err) == "NoSuchPublicAccessBlockConfiguration"
	if err != nil && !open {
		return "", account.Explain("reading the public access block of "+bucket, err)
	}
	if b := (types.PublicAccessBlockConfiguration{}); !open {
		if out.PublicAccessBlockConfiguration != nil {
			b = *out.PublicAccessBlockConfiguration
		}
		open = !aws.ToBool(b.BlockPublicAcls) || !aws.ToBool(b.BlockPublicPolicy) || !aws.ToBool(b.IgnorePublicAcls) || !aws.ToBool(b.RestrictPublicBuckets)
	}
	if open {
		return "", illf("aws s3api put-public-access-block --bucket "+bucket+" --public-access-block-configuration BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true",
			"%s may be made public; Photofit needs none of it, and originals hold where they were taken", bucket)
	}
	return "all public access is blocked", nil
}

// renditionsPolicy looks for the two grants that CloudFront needs, for this distribution alone.
func (p *patient) renditionsPolicy(ctx context.Context) (string, error) {
	bucket := p.stack.Outputs.RenditionsBucket
	const remedy = "Run photofit deploy; if it says that there is nothing to change, photofit status tells what was changed by hand, and what to do"
	out, err := p.account.S3.GetBucketPolicy(ctx, &s3.GetBucketPolicyInput{Bucket: &bucket, ExpectedBucketOwner: &p.account.ID})
	if code := account.Code(err); code == "NoSuchBucketPolicy" || code == "NoSuchBucket" {
		return "", illf(remedy, "%s has no policy (%s): CloudFront gets 403 for each rendition, and has each made anew", bucket, code)
	}
	if err != nil {
		return "", account.Explain("reading the policy of "+bucket, err)
	}
	policy, err := readPolicy(aws.ToString(out.Policy))
	if err != nil {
		return "", err
	}
	source := p.distributionArn()
	arn := "arn:" + account.Partition(p.account.Region) + ":s3:::" + bucket
	switch {
	case !policy.grants("cloudfront.amazonaws.com", "s3:GetObject", arn+"/*", source):
		return "", illf(remedy, "CloudFront may not read %s: it gets 403 for each rendition, and has each made anew", bucket)
	case !policy.grants("cloudfront.amazonaws.com", "s3:ListBucket", arn, source):
		return "", illf(remedy, "CloudFront may not list %s: a rendition that is not there yet looks like one that it may not read", bucket)
	case policy.anybody("s3:GetObject"):
		return "", illf(remedy, "anybody may read %s past CloudFront", bucket)
	}
	return "by this distribution alone", nil
}

// renditionsLifecycle sees that nothing goes from the shelf in use before it goes from the
// edges: the purge would not know of it (docs/purge.md).
func (p *patient) renditionsLifecycle(ctx context.Context) (string, error) {
	bucket := p.stack.Outputs.RenditionsBucket
	out, err := p.account.S3.GetBucketLifecycleConfiguration(ctx, &s3.GetBucketLifecycleConfigurationInput{Bucket: &bucket, ExpectedBucketOwner: &p.account.ID})
	if account.Code(err) == "NoSuchLifecycleConfiguration" {
		return "no lifecycle rules", nil
	}
	if err != nil {
		return "", account.Explain("reading the lifecycle rules of "+bucket, err)
	}
	for _, rule := range out.Rules {
		prefix := ""
		if rule.Filter != nil {
			prefix = aws.ToString(rule.Filter.Prefix)
		}
		if rule.Status == types.ExpirationStatusEnabled && rule.Expiration != nil && strings.HasPrefix(p.shelf(), prefix) {
			return "", illf("Remove that rule: renditions go when their photo changes, and old versions' by the stack's own rules", "the rule %q deletes renditions that the edges may still hold: a photo that is replaced then stays as it was there", aws.ToString(rule.ID))
		}
	}
	return "no rule deletes what is in use", nil
}
