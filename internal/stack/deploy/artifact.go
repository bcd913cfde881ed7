package deploy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"photofit/internal/stack/account"
)

// planArtifact sees whether the zip is in its bucket. Its key is its content's, so one
// that is there is the right one. The owner is asked for in each request: the bucket's
// name can be guessed, and code must not come from somebody else's.
func (d *Deployer) planArtifact(ctx context.Context, p *Plan) error {
	p.Artifact = Artifact{Bucket: d.ArtifactBucket, Key: d.Name + "/" + d.ZipName}
	region, err := d.bucketRegion(ctx, d.ArtifactBucket)
	switch {
	case errors.Is(err, errNoBucket):
		p.Artifact.MakeBucket, p.Artifact.Upload = true, true
		return nil
	case errors.Is(err, errForeign):
		return fmt.Errorf("the bucket %s, where the function's zip would go, is another account's, or the credentials may not ask for it: name one of your own by --artifacts", d.ArtifactBucket)
	case err != nil:
		return err
	case region != d.Account.Region:
		return fmt.Errorf("the bucket %s is in %s: Lambda takes a zip only from its own region, %s; name another bucket by --artifacts", d.ArtifactBucket, region, d.Account.Region)
	}
	there, err := d.inArtifacts(ctx, p.Artifact.Key)
	if err != nil {
		return err
	}
	p.Artifact.Upload = !there
	if p.New {
		return nil
	}
	// A run that gave the stack other photos may have ended before it took away what was made of those
	// before.
	left, err := d.inArtifacts(ctx, d.renewKey())
	p.Renew = p.Renew || left
	return err
}

func (d *Deployer) inArtifacts(ctx context.Context, key string) (bool, error) {
	_, err := d.Account.S3.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &d.ArtifactBucket, Key: &key, ExpectedBucketOwner: &d.Account.ID})
	if account.Status(err) == http.StatusNotFound {
		return false, nil
	}
	return err == nil, account.Explain("looking for "+key+" in "+d.ArtifactBucket, err)
}

// renewKey is where it is noted that renditions of other photos have to go.
func (d *Deployer) renewKey() string { return d.Name + "/renew" }

// putArtifact puts the zip where the stack takes it from.
func (d *Deployer) putArtifact(ctx context.Context, a Artifact) error {
	if a.MakeBucket {
		if err := d.makeBucket(ctx, a.Bucket); err != nil {
			return err
		}
	}
	if !a.Upload {
		return nil
	}
	zip, err := d.Zip()
	if err != nil {
		return err
	}
	defer zip.Close()
	size, err := zip.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = zip.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	d.beginf("Uploading the function, %.0f MB", float64(size)/1e6)
	_, err = d.Account.S3.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &a.Bucket, Key: &a.Key, Body: zip, ContentLength: &size, ExpectedBucketOwner: &d.Account.ID, ContentType: aws.String("application/zip"),
	})
	if err != nil {
		return account.Explain("uploading the function to "+a.Bucket, err)
	}
	d.sayf("The function is in %s", a.Bucket)
	return nil
}

// makeBucket makes the artifact bucket, which nobody else reads. One that an
// interrupted run has made is as good.
func (d *Deployer) makeBucket(ctx context.Context, bucket string) error {
	in := &s3.CreateBucketInput{Bucket: &bucket}
	if d.Account.Region != "us-east-1" { // which is the default, and refused when it is named
		in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(d.Account.Region)}
	}
	_, err := d.Account.S3.CreateBucket(ctx, in)
	if err != nil && account.Code(err) != "BucketAlreadyOwnedByYou" {
		return account.Explain("making the bucket "+bucket, err)
	}
	yes := aws.Bool(true)
	_, err = d.Account.S3.PutPublicAccessBlock(ctx, &s3.PutPublicAccessBlockInput{
		Bucket: &bucket, ExpectedBucketOwner: &d.Account.ID,
		PublicAccessBlockConfiguration: &types.PublicAccessBlockConfiguration{BlockPublicAcls: yes, BlockPublicPolicy: yes, IgnorePublicAcls: yes, RestrictPublicBuckets: yes},
	})
	if err != nil {
		return account.Explain("closing the bucket "+bucket+" to the public", err)
	}
	d.sayf("The bucket %s for the function's zip is made", bucket)
	return nil
}

// tidyArtifacts deletes the stack's older zips: an update that is rolled back takes the one in use
// now.
func (d *Deployer) tidyArtifacts(ctx context.Context) error {
	keep := d.Name + "/" + d.ZipName
	return d.eachObject(ctx, d.ArtifactBucket, d.Name+"/", func(key string) bool { return key != keep && d.ownZip(key) })
}

// zipName is what zips are called: by their content.
var zipName = regexp.MustCompile(`^[0-9a-f]{32}\.zip$`)

// ownZip tells whether a key is that of a zip of the stack's. The bucket may be one of the user's, with other
// things beside it.
func (d *Deployer) ownZip(key string) bool {
	name, below := strings.CutPrefix(key, d.Name+"/")
	return below && zipName.MatchString(name)
}

// verifiedKey is where it is noted that a stack was found to work: beside its zip.
func (d *Deployer) verifiedKey() string { return d.Name + "/verified" }

// verifiedText names the stack as it is now.
func (d *Deployer) verifiedText() string {
	return d.stack.ID + " " + d.stack.Created.UTC().Format(time.RFC3339Nano) + " " + d.stack.Updated.UTC().Format(time.RFC3339Nano)
}

// verified tells whether the stack as it is was found to work. What cannot be read was not.
func (d *Deployer) verified(ctx context.Context) bool {
	out, err := d.Account.S3.GetObject(ctx, &s3.GetObjectInput{Bucket: &d.ArtifactBucket, Key: aws.String(d.verifiedKey()), ExpectedBucketOwner: &d.Account.ID})
	if err != nil {
		return false
	}
	defer out.Body.Close()
	text, err := io.ReadAll(io.LimitReader(out.Body, 1<<10))
	return err == nil && string(text) == d.verifiedText()
}

func (d *Deployer) noteVerified(ctx context.Context) error {
	_, err := d.Account.S3.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &d.ArtifactBucket, Key: aws.String(d.verifiedKey()), Body: strings.NewReader(d.verifiedText()), ExpectedBucketOwner: &d.Account.ID,
	})
	return account.Explain("noting it in "+d.ArtifactBucket, err)
}

// eachObject deletes the objects below a prefix that del tells.
func (d *Deployer) eachObject(ctx context.Context, bucket, prefix string, del func(key string) bool) error {
	pages := s3.NewListObjectsV2Paginator(d.Account.S3, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix, ExpectedBucketOwner: &d.Account.ID})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return account.Explain("listing "+bucket, err)
		}
		for _, object := range page.Contents {
			if key := aws.ToString(object.Key); del(key) {
				if _, err := d.Account.S3.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: &key, ExpectedBucketOwner: &d.Account.ID}); err != nil {
					return account.Explain("deleting "+key, err)
				}
			}
		}
	}
	return nil
}
