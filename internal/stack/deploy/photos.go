package deploy

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	cftypes "github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"photofit/internal/stack/account"
)

// planPhotos finds the bucket of photos.
func (d *Deployer) planPhotos(ctx context.Context, p *Plan) error {
	standing := d.stack.stage() == standing || d.stack.stage() == stuck
	own := standing && d.stack.Parameters["PhotosBucketName"] == ""
	switch {
	case standing && d.Photos == nil && own, standing && d.Photos != nil && own && d.Photos.Bucket == d.stack.Outputs.PhotosBucket:
		p.Photos = Photos{Bucket: d.stack.Outputs.PhotosBucket, Prefix: d.stack.Parameters["PhotosPrefix"]}
		if d.Photos != nil && d.Photos.Prefix != p.Photos.Prefix {
			p.Photos.Prefix = d.Photos.Prefix
			d.set("PhotosPrefix", d.Photos.Prefix)
		}
		d.renewed(p)
		return d.inspectOwn(ctx, &p.Photos)
	case d.Photos != nil:
		p.Photos = Photos{Bucket: d.Photos.Bucket, Prefix: d.Photos.Prefix, Adopted: true}
	case standing:
		p.Photos = Photos{Bucket: d.stack.Parameters["PhotosBucketName"], Prefix: d.stack.Parameters["PhotosPrefix"], Adopted: true}
	default:
		left, err := d.leftBehind(ctx)
		if err != nil || left == "" {
			return err
		}
		p.Photos = Photos{Bucket: left, Prefix: d.Parameters["PhotosPrefix"], Adopted: true, Found: true}
	}
	d.renewed(p)
	return d.inspectPhotos(ctx, &p.Photos)
}

// renewed notes whether the photos are others than the stack had: then what was made of those would be
// answered under the same names.
func (d *Deployer) renewed(p *Plan) {
	if s := d.stack; s.stage() == standing || s.stage() == stuck {
		p.Renew = p.Photos.Bucket != s.Outputs.PhotosBucket || p.Photos.Prefix != s.Parameters["PhotosPrefix"]
	}
}

// renew takes away all that was made of other photos, from the bucket and from the edges.
func (d *Deployer) renew(ctx context.Context) error {
	if err := d.empty(ctx, d.stack.Outputs.RenditionsBucket, "renditions of the photos that were there before"); err != nil {
		return err
	}
	_, err := d.Account.CloudFront.CreateInvalidation(ctx, &cloudfront.CreateInvalidationInput{
		DistributionId: &d.stack.Outputs.DistributionID,
		InvalidationBatch: &cftypes.InvalidationBatch{
			CallerReference: aws.String("photofit-renew-" + strconv.FormatInt(time.Now().UnixNano(), 36)),
			Paths:           &cftypes.Paths{Quantity: aws.Int32(1), Items: []string{"/*"}},
		},
	})
	if err != nil {
		return account.Explain("having the edges let go of the photos that were there before", err)
	}
	d.sayf("The edges let go of the photos that were there before")
	_, err = d.Account.S3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &d.ArtifactBucket, Key: aws.String(d.renewKey()), ExpectedBucketOwner: &d.Account.ID})
	return account.Explain("noting that in "+d.ArtifactBucket, err)
}

// noteRenew notes that renditions have to go, before the stack gets other photos: nobody could tell afterwards.
func (d *Deployer) noteRenew(ctx context.Context) error {
	_, err := d.Account.S3.PutObject(ctx, &s3.PutObjectInput{Bucket: &d.ArtifactBucket, Key: aws.String(d.renewKey()), Body: strings.NewReader(""), ExpectedBucketOwner: &d.Account.ID})
	return account.Explain("noting in "+d.ArtifactBucket+" that other photos come", err)
}

// set is what a parameter shall be, besides what was asked for.
func (d *Deployer) set(name, value string) {
	with := map[string]string{name: value}
	for other, v := range d.Parameters {
		if other != name {
			with[other] = v
		}
	}
	d.Parameters = with
}

// leftBehind is the bucket of photos that an earlier stack of this name has left when it
// was removed; empty if there is none.
func (d *Deployer) leftBehind(ctx context.Context) (string, error) {
	found, err := d.allLeftBehind(ctx)
	switch {
	case err != nil || len(found) == 0:
		return "", err
	case len(found) == 1:
		return found[0], nil
	}
	return "", fmt.Errorf("earlier stacks have left %d buckets of photos, %s: name the one to take by --photos", len(found), strings.Join(found, ", "))
}

// allLeftBehind are all buckets of photos of stacks of this name, that of one which is there
// among them.
func (d *Deployer) allLeftBehind(ctx context.Context) ([]string, error) {
	var found []string
	pages := s3.NewListBucketsPaginator(d.Account.S3, &s3.ListBucketsInput{Prefix: aws.String(strings.ToLower(d.Name) + "-photos-"), BucketRegion: &d.Account.Region})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, account.Explain("looking for photos that an earlier stack has left", err)
		}
		for _, b := range page.Buckets {
			// The prefix is asked again, as not every server minds it.
			name := aws.ToString(b.Name)
			if !strings.HasPrefix(name, strings.ToLower(d.Name)+"-photos-") {
				continue
			}
			tags, err := d.Account.S3.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: &name, ExpectedBucketOwner: &d.Account.ID})
			if code := account.Code(err); code == "NoSuchTagSet" || code == "NoSuchBucket" {
				continue
			}
			if err != nil {
				return nil, account.Explain("looking whose the bucket "+name+" is", err)
			}
			for _, tag := range tags.TagSet {
				if aws.ToString(tag.Key) == tagKey && aws.ToString(tag.Value) == d.Name {
					found = append(found, name)
				}
			}
		}
	}
	return found, nil
}

// inspectPhotos sees what an existing bucket is like.
func (d *Deployer) inspectPhotos(ctx context.Context, p *Photos) error {
	region, err := d.bucketRegion(ctx, p.Bucket)
	switch {
	case errors.Is(err, errNoBucket):
		if d.Photos == nil {
			return fmt.Errorf("the bucket %s, which the stack has its photos in, is gone: make it again, or name another by --photos", p.Bucket)
		}
		return fmt.Errorf("there is no bucket %s: check the name, or leave --photos out and one is made", p.Bucket)
	case errors.Is(err, errForeign):
		return fmt.Errorf("the bucket %s is another account's, or the credentials may not list it: photos have to be in a bucket of account %s", p.Bucket, d.Account.ID)
	case err != nil:
		return err
	case region != d.Account.Region:
		return fmt.Errorf("the bucket %s is in %s and the stack would be in %s: they have to be in one region, so say --region %s", p.Bucket, region, d.Account.Region, region)
	}
	if p.Bucket == d.ArtifactBucket || d.isRenditions(ctx, p.Bucket) {
		return fmt.Errorf("the bucket %s is Photofit's own, for renditions or for the function's zip, and is emptied now and then: photos need another", p.Bucket)
	}
	notes, err := d.Account.S3.GetBucketNotificationConfiguration(ctx, &s3.GetBucketNotificationConfigurationInput{Bucket: &p.Bucket, ExpectedBucketOwner: &d.Account.ID})
	if err != nil {
		return account.Explain("reading the notifications of the bucket "+p.Bucket, err)
	}
	p.Events = notes.EventBridgeConfiguration == nil
	p.Key, err = d.photosKey(ctx, p.Bucket)
	return err
}

// inspectOwn sees whether the stack's own bucket still tells of its changes. That it may not be asked, or is
// gone, drift says.
func (d *Deployer) inspectOwn(ctx context.Context, p *Photos) error {
	notes, err := d.Account.S3.GetBucketNotificationConfiguration(ctx, &s3.GetBucketNotificationConfigurationInput{Bucket: &p.Bucket, ExpectedBucketOwner: &d.Account.ID})
	if err != nil {
		return ctx.Err()
	}
	p.Events = notes.EventBridgeConfiguration == nil
	return nil
}

// isRenditions tells whether a bucket is that of a stack's renditions.
func (d *Deployer) isRenditions(ctx context.Context, bucket string) bool {
	if d.stack != nil && bucket == d.stack.Outputs.RenditionsBucket {
		return true
	}
	tags, err := d.Account.S3.GetBucketTagging(ctx, &s3.GetBucketTaggingInput{Bucket: &bucket, ExpectedBucketOwner: &d.Account.ID})
	if err != nil {
		return false // who may not read them is not kept from taking the bucket
	}
	has := func(key, value string) bool {
		return slices.ContainsFunc(tags.TagSet, func(t types.Tag) bool {
			return aws.ToString(t.Key) == key && (value == "" || aws.ToString(t.Value) == value)
		})
	}
	return has(tagKey, "") && has("aws:cloudformation:logical-id", "Renditions")
}

// photosKey is the ARN of the KMS key that a bucket encrypts with, or empty: with Amazon's own
// key, a reader needs no right of its own.
func (d *Deployer) photosKey(ctx context.Context, bucket string) (string, error) {
	if named, ok := d.Parameters["PhotosKeyArn"]; ok {
		return named, nil
	}
	out, err := d.Account.S3.GetBucketEncryption(ctx, &s3.GetBucketEncryptionInput{Bucket: &bucket, ExpectedBucketOwner: &d.Account.ID})
	if account.Code(err) == "ServerSideEncryptionConfigurationNotFoundError" {
		return "", nil
	}
	if err != nil {
		return "", account.Explain("reading the encryption of the bucket "+bucket, err)
	}
	if out.ServerSideEncryptionConfiguration == nil {
		return "", nil
	}
	for _, rule := range out.ServerSideEncryptionConfiguration.Rules {
		by := rule.ApplyServerSideEncryptionByDefault
		if by == nil || by.SSEAlgorithm == types.ServerSideEncryptionAes256 {
			continue
		}
		switch key := aws.ToString(by.KMSMasterKeyID); {
		case key == "", strings.HasSuffix(key, "alias/aws/s3"):
			return "", nil
		case strings.Contains(key, ":key/"):
			return key, nil
		case strings.Contains(key, "alias/"):
			return "", fmt.Errorf("the bucket %s is encrypted with %s: name that key's ARN by --photos-key (aws kms describe-key --key-id %s tells it)", bucket, key, key)
		default:
			return fmt.Sprintf("arn:%s:kms:%s:%s:key/%s", account.Partition(d.Account.Region), d.Account.Region, d.Account.ID, key), nil
		}
	}
	return "", nil
}

var (
	errNoBucket = errors.New("there is no such bucket")
	errForeign  = errors.New("the bucket is not the account's")
)

// bucketRegion tells where a bucket of the account is: errNoBucket, or errForeign for
// one that is another's or that may not be asked for.
func (d *Deployer) bucketRegion(ctx context.Context, bucket string) (string, error) {
	out, err := d.Account.S3.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &bucket, ExpectedBucketOwner: &d.Account.ID})
	if err == nil {
		if region := aws.ToString(out.BucketRegion); region != "" {
			return region, nil
		}
		return d.Account.Region, nil
	}
	var answer *smithyhttp.ResponseError
	if errors.As(err, &answer) && answer.Response != nil {
		region := answer.Response.Header.Get("X-Amz-Bucket-Region")
		switch answer.HTTPStatusCode() {
		case http.StatusNotFound:
			return "", errNoBucket
		case http.StatusForbidden:
			return "", errForeign
		case http.StatusMovedPermanently, http.StatusBadRequest:
			if region != "" {
				return region, nil
			}
		}
	}
	return "", account.Explain("looking at the bucket "+bucket, err)
}

// switchEvents has a bucket tell EventBridge of its changes, besides whom it tells
// already: what is put replaces all that there was.
func (d *Deployer) switchEvents(ctx context.Context, bucket string) error {
	doing := "switching on the events of the bucket " + bucket
	now, err := d.Account.S3.GetBucketNotificationConfiguration(ctx, &s3.GetBucketNotificationConfigurationInput{Bucket: &bucket, ExpectedBucketOwner: &d.Account.ID})
	if err != nil {
		return account.Explain(doing, err)
	}
	if now.EventBridgeConfiguration != nil {
		return nil
	}
	_, err = d.Account.S3.PutBucketNotificationConfiguration(ctx, &s3.PutBucketNotificationConfigurationInput{
		Bucket: &bucket, ExpectedBucketOwner: &d.Account.ID,
		SkipDestinationValidation: aws.Bool(true), // the others' destinations are not our business
		NotificationConfiguration: &types.NotificationConfiguration{
			EventBridgeConfiguration:     &types.EventBridgeConfiguration{},
			LambdaFunctionConfigurations: now.LambdaFunctionConfigurations,
			QueueConfigurations:          now.QueueConfigurations,
			TopicConfigurations:          now.TopicConfigurations,
		},
	})
	if err != nil {
		return account.Explain(doing, err)
	}
	d.sayf("The bucket %s tells EventBridge of its changes", bucket)
	return nil
}
