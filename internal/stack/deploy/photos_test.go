package deploy_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"photofit/internal/awsfake"
	"photofit/internal/stack/deploy"
)

// A bucket that is there is adopted: its events are switched on besides those that it has, and
// nothing else of it is touched.
func TestAdopt(t *testing.T) {
	r := newRig(t)
	r.cloud.AddBucket("my-photos", region)
	queue := types.QueueConfiguration{Id: aws.String("theirs"), QueueArn: aws.String("arn:aws:sqs:eu-central-1:" + owner + ":q"), Events: []types.Event{types.EventS3ObjectCreated}}
	if _, err := r.account.S3.PutBucketNotificationConfiguration(r.ctx, &s3.PutBucketNotificationConfigurationInput{Bucket: aws.String("my-photos"), SkipDestinationValidation: aws.Bool(true),
		NotificationConfiguration: &types.NotificationConfiguration{QueueConfigurations: []types.QueueConfiguration{queue}}}); err != nil {
		t.Fatal(err)
	}
	r.cloud.Forget()
	r.config.Photos = &deploy.Place{Bucket: "my-photos", Prefix: "family"}
	result := r.mustDeploy()
	if p := result.Plan.Photos; !p.Adopted || !p.Events || p.Bucket != "my-photos" || result.Outputs.PhotosBucket != "my-photos" {
		t.Errorf("%+v, %+v", p, result.Outputs)
	}
	notes, err := r.account.S3.GetBucketNotificationConfiguration(r.ctx, &s3.GetBucketNotificationConfigurationInput{Bucket: aws.String("my-photos")})
	if err != nil || notes.EventBridgeConfiguration == nil || len(notes.QueueConfigurations) != 1 || aws.ToString(notes.QueueConfigurations[0].Id) != "theirs" {
		t.Errorf("%+v, %v", notes, err)
	}
	for _, request := range r.cloud.Requests() {
		if request.Resource == "my-photos" && strings.HasPrefix(request.Operation, "s3:Put") && request.Operation != "s3:PutBucketNotificationConfiguration" {
			t.Errorf("%+v", request)
		}
	}
	if slices.ContainsFunc(result.Plan.Changes, func(c deploy.Change) bool { return c.Resource == "Photos" || c.Resource == "PhotosPolicy" }) {
		t.Error("another bucket of photos is made")
	}
	r.config.Photos = nil
	if again := r.mustDeploy(); again.Changed || again.Plan.Photos.Bucket != "my-photos" || again.Plan.Photos.Prefix != "family" {
		t.Errorf("again: %+v", again.Plan)
	}
	// Somebody switches the events off: the next run switches them on, though the stack is as it was.
	if _, err := r.account.S3.PutBucketNotificationConfiguration(r.ctx, &s3.PutBucketNotificationConfigurationInput{Bucket: aws.String("my-photos"), NotificationConfiguration: &types.NotificationConfiguration{}}); err != nil {
		t.Fatal(err)
	}
	if again := r.mustDeploy(); !again.Changed || !again.Plan.Photos.Events || len(again.Plan.Changes) != 0 {
		t.Errorf("switched off: %+v", again.Plan)
	}
}

func TestAdoptRefuses(t *testing.T) {
	r := newRig(t)
	r.cloud.AddBucket("far", "us-west-2")
	r.cloud.AddForeignBucket("theirs", region)
	for bucket, want := range map[string]string{"far": "say --region us-west-2", "theirs": "another account's", "missing": "there is no bucket missing"} {
		r.config.Photos = &deploy.Place{Bucket: bucket}
		_, err := r.deploy()
		says(t, err, want)
	}
	if s, _ := r.deployer().Find(r.ctx); s != nil || len(r.asked) > 0 {
		t.Errorf("there is %+v, asked %q", s, r.asked)
	}
}

// The key that a bucket is encrypted with goes to the roles, unless it is Amazon's own.
func TestEncryptedPhotos(t *testing.T) {
	const key = "arn:aws:kms:eu-central-1:" + owner + ":key/11111111-2222-3333-4444-555555555555"
	for _, c := range []struct{ by, id, want, says string }{
		{"AES256", "", "", ""}, {"aws:kms", "", "", ""}, {"aws:kms", key, key, ""}, {"aws:kms:dsse", key, key, ""},
		{"aws:kms", "11111111-2222-3333-4444-555555555555", key, ""}, {"aws:kms", "alias/aws/s3", "", ""}, {"aws:kms", "alias/mine", "", "--photos-key"},
	} {
		t.Run(c.by+" "+c.id, func(t *testing.T) {
			r := newRig(t)
			r.cloud.AddBucket("my-photos", region)
			by := &types.ServerSideEncryptionByDefault{SSEAlgorithm: types.ServerSideEncryption(c.by)}
			if c.id != "" {
				by.KMSMasterKeyID = &c.id
			}
			if _, err := r.account.S3.PutBucketEncryption(r.ctx, &s3.PutBucketEncryptionInput{Bucket: aws.String("my-photos"),
				ServerSideEncryptionConfiguration: &types.ServerSideEncryptionConfiguration{Rules: []types.ServerSideEncryptionRule{{ApplyServerSideEncryptionByDefault: by}}}}); err != nil {
				t.Fatal(err)
			}
			r.config.Photos = &deploy.Place{Bucket: "my-photos"}
			p, err := r.deployer().Plan(r.ctx)
			if c.says != "" {
				says(t, err, c.says)
				r.config.Parameters = map[string]string{"PhotosKeyArn": key}
				if p, err = r.deployer().Plan(r.ctx); err != nil || p.Photos.Key != key {
					t.Errorf("named: %+v, %v", p.Photos, err)
				}
				return
			}
			if err != nil || p.Photos.Key != c.want {
				t.Errorf("%+v, %v", p.Photos, err)
			}
		})
	}
}

// The folder within the stack's own bucket can be named, with the bucket and without.
func TestFolder(t *testing.T) {
	r := newRig(t)
	o := r.mustDeploy().Outputs
	r.config.Photos = &deploy.Place{Bucket: o.PhotosBucket, Prefix: "family"}
	result := r.mustDeploy()
	if want := []deploy.Setting{{Name: "PhotosPrefix", From: "", To: "family"}}; !slices.Equal(result.Plan.Values, want) || result.Outputs.PhotosBucket != o.PhotosBucket {
		t.Errorf("%+v, %+v", result.Plan.Values, result.Outputs)
	}
	if slices.ContainsFunc(result.Plan.Changes, func(c deploy.Change) bool { return c.Resource == "Photos" }) {
		t.Errorf("the bucket is touched: %s", lines(result.Plan.Changes))
	}
}

// Other photos: what was made of those that were there before would be answered under the same names, so it goes.
func TestOtherPhotos(t *testing.T) {
	r := newRig(t)
	o := r.mustDeploy().Outputs
	r.cloud.PutObject(o.RenditionsBucket, "r1/a.jpg/_w800.webp", []byte("of the photos that were there before"))
	r.cloud.AddBucket("others", region)
	r.config.Photos = &deploy.Place{Bucket: "others"}
	// The first try ends when the stack has them, and before anything is taken away.
	r.cloud.Plant(awsfake.Fault{Operation: "s3:ListObjectVersions", Code: "AccessDenied", Status: 403})
	if _, err := r.deploy(); err == nil {
		t.Fatal("it did not fail")
	}
	if s, _ := r.deployer().Find(r.ctx); s.Outputs.PhotosBucket != "others" || len(r.cloud.Objects(o.RenditionsBucket)) != 1 {
		t.Fatalf("%+v", s)
	}
	result := r.mustDeploy()
	if !result.Plan.Renew || len(r.cloud.Objects(o.RenditionsBucket)) != 0 || !slices.Equal(r.cloud.Invalidated(), []string{"/*"}) {
		t.Errorf("%+v, %+v, %q", result.Plan, r.cloud.Objects(o.RenditionsBucket), r.cloud.Invalidated())
	}
	if again := r.mustDeploy(); again.Changed || again.Plan.Renew {
		t.Errorf("again: %+v", again.Plan)
	}
}

// The zip's bucket is another account's: code must not come from there.
func TestArtifactBucketTaken(t *testing.T) {
	r := newRig(t)
	r.cloud.AddForeignBucket(artifacts, region)
	_, err := r.deploy()
	says(t, err, "another account's", "--artifacts")
	r.config.ArtifactBucket = "my-zips"
	r.mustDeploy()
	if n := len(r.cloud.Objects("my-zips")); n != 1 {
		t.Errorf("%d zips", n)
	}
	far := newRig(t)
	far.cloud.AddBucket(artifacts, "us-east-1")
	_, err = far.deploy()
	says(t, err, "is in us-east-1", "--artifacts")
}

// Photofit's own buckets are emptied now and then: no photos belong there.
func TestPhotosElsewhere(t *testing.T) {
	r := newRig(t)
	o := r.mustDeploy().Outputs
	for _, bucket := range []string{o.RenditionsBucket, artifacts} {
		r.config.Photos = &deploy.Place{Bucket: bucket}
		_, err := r.deploy()
		says(t, err, bucket, "is Photofit's own")
	}
	r.config.Name = "second"
	r.config.Photos = &deploy.Place{Bucket: o.RenditionsBucket}
	_, err := r.deploy()
	says(t, err, "is Photofit's own")
}
