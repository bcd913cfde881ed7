package deploy

import (
	"bytes"
	"context"
	"io/fs"
	"net/http"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	cftypes "github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"photofit"
	"photofit/internal/check"
	"photofit/internal/stack/account"
)

// Inside is what the checks need of a stack that is there: its buckets, its
// distribution.
func (d *Deployer) Inside() check.Inside { return &inside{d, d.stack} }

type inside struct {
	*Deployer
	stack *Stack
}

var _ check.Inside = (*inside)(nil)

// key is a photo's in its bucket, within the folder of the photos.
func (i *inside) key(photo string) string {
	if prefix := i.stack.Parameters["PhotosPrefix"]; prefix != "" {
		return prefix + "/" + photo
	}
	return photo
}

// PutPhoto is check.Inside's.
func (i *inside) PutPhoto(ctx context.Context, key string, body []byte) error {
	_, err := i.Account.S3.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &i.stack.Outputs.PhotosBucket, Key: aws.String(i.key(key)), Body: bytes.NewReader(body), ContentType: aws.String("image/jpeg"), ExpectedBucketOwner: &i.Account.ID,
	})
	return account.Explain("putting a photo to try it with into "+i.stack.Outputs.PhotosBucket, err)
}

// DeletePhoto is check.Inside's. All versions go: it was no photo of anybody's.
func (i *inside) DeletePhoto(ctx context.Context, key string) error {
	if err := i.deleteVersions(ctx, i.stack.Outputs.PhotosBucket, i.key(key), func(k string) bool { return k == i.key(key) }); err != nil {
		return err
	}
	of := photofit.KeyPrefix(key)
	return i.deleteVersions(ctx, i.stack.Outputs.RenditionsBucket, of, func(string) bool { return true })
}

// deleteVersions deletes every version of what a bucket holds under a prefix.
func (i *inside) deleteVersions(ctx context.Context, bucket, prefix string, of func(key string) bool) error {
	pages := s3.NewListObjectVersionsPaginator(i.Account.S3, &s3.ListObjectVersionsInput{Bucket: &bucket, Prefix: &prefix, ExpectedBucketOwner: &i.Account.ID})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return account.Explain("clearing away what was tried in "+bucket, err)
		}
		var all []types.ObjectIdentifier
		for _, v := range page.Versions {
			if of(aws.ToString(v.Key)) {
				all = append(all, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
			}
		}
		for _, m := range page.DeleteMarkers {
			if of(aws.ToString(m.Key)) {
				all = append(all, types.ObjectIdentifier{Key: m.Key, VersionId: m.VersionId})
			}
		}
		if len(all) == 0 {
			continue
		}
		if _, err := i.Account.S3.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: &bucket, ExpectedBucketOwner: &i.Account.ID, Delete: &types.Delete{Objects: all, Quiet: aws.Bool(true)}}); err != nil {
			return account.Explain("clearing away what was tried in "+bucket, err)
		}
	}
	return nil
}

// Rendition is check.Inside's.
func (i *inside) Rendition(ctx context.Context, key string) (string, error) {
	out, err := i.Account.S3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &i.stack.Outputs.RenditionsBucket, Key: &key, ExpectedBucketOwner: &i.Account.ID})
	if account.Status(err) == http.StatusNotFound {
		return "", fs.ErrNotExist
	}
	if err != nil {
		return "", account.Explain("looking for a rendition in "+i.stack.Outputs.RenditionsBucket, err)
	}
	return aws.ToString(out.ETag), nil
}

// Masters is check.Inside's.
func (i *inside) Masters() bool { return i.stack.makesMasters() }

// InvalidateTag is check.Inside's.
func (i *inside) InvalidateTag(ctx context.Context, tag string) error {
	out, err := i.Account.CloudFront.CreateInvalidation(ctx, &cloudfront.CreateInvalidationInput{
		DistributionId: &i.stack.Outputs.DistributionID,
		InvalidationBatch: &cftypes.InvalidationBatch{
			CallerReference: aws.String("photofit-check-" + strconv.FormatInt(time.Now().UnixNano(), 36)),
			Paths:           &cftypes.Paths{Quantity: aws.Int32(1), Items: []string{"#" + tag}},
		},
	})
	if err != nil {
		return account.Explain("invalidating a tag", err)
	}
	for out.Invalidation != nil {
		is, err := i.Account.CloudFront.GetInvalidation(ctx, &cloudfront.GetInvalidationInput{DistributionId: &i.stack.Outputs.DistributionID, Id: out.Invalidation.Id})
		if err != nil {
			return account.Explain("invalidating a tag", err)
		}
		if is.Invalidation == nil || aws.ToString(is.Invalidation.Status) == "Completed" {
			break
		}
		if err := i.Wait(ctx, 2*time.Second); err != nil {
			return err
		}
	}
	return nil
}

// Invocations is check.Inside's: CloudWatch counts them minutes later.
func (i *inside) Invocations(context.Context) (int, bool) { return 0, false }

// FunctionURL is check.Inside's.
func (i *inside) FunctionURL() string { return i.stack.Outputs.RenderURL }

// RenditionsURL is check.Inside's.
func (i *inside) RenditionsURL() string {
	return "https://" + i.stack.Outputs.RenditionsBucket + ".s3." + i.Account.Region + ".amazonaws.com/"
}
