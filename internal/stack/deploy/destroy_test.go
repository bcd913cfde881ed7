package deploy_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"photofit/internal/stack/deploy"
)

// All goes but the photos, which the next deployment takes up again.
func TestDestroy(t *testing.T) {
	r := newRig(t)
	o := r.mustDeploy().Outputs
	r.cloud.PutObject(o.PhotosBucket, "trip.jpg", []byte("photo"))
	for _, key := range []string{"r1/trip.jpg/_w800.auto", "r1/trip.jpg/_w400.auto"} {
		r.cloud.PutObject(o.RenditionsBucket, key, []byte("rendition"))
	}
	r.asked = nil
	var shown *deploy.Leaving
	l, err := r.deployer().Destroy(r.ctx, "", func(l *deploy.Leaving) { shown = l })
	if err != nil {
		t.Fatal(err)
	}
	if shown != l || len(r.asked) != 1 || l.DeletesAll || len(l.Left) != 1 || !strings.Contains(l.Left[0].What, o.PhotosBucket) {
		t.Errorf("%+v, asked %q", l, r.asked)
	}
	if buckets := r.cloud.Buckets(); !slices.Equal(buckets, []string{o.PhotosBucket}) || len(r.cloud.Objects(o.PhotosBucket)) != 1 {
		t.Errorf("what is left is %q", buckets)
	}
	if l, err := r.deployer().Destroy(r.ctx, "", nil); l != nil || err != nil {
		t.Errorf("again: %+v, %v", l, err)
	}
	result := r.mustDeploy()
	if p := result.Plan.Photos; !p.Found || !p.Adopted || result.Outputs.PhotosBucket != o.PhotosBucket || len(r.cloud.Objects(o.PhotosBucket)) != 1 {
		t.Errorf("%+v, %+v", p, result.Outputs)
	}
	if again := r.mustDeploy(); again.Changed {
		t.Errorf("again: %+v", again.Plan)
	}
}

// Renditions that come in meanwhile are emptied again.
func TestDestroyUnderLoad(t *testing.T) {
	r := newRig(t)
	o := r.mustDeploy().Outputs
	r.cloud.PutObject(o.RenditionsBucket, "r1/a.jpg/_w800.auto", []byte("rendition"))
	put := false
	d := r.deployer()
	say := d.Say
	d.Say = func(e deploy.Event) {
		say(e)
		if e.Resource != "" && !put {
			put = true
			r.cloud.PutObject(o.RenditionsBucket, "r1/b.jpg/_w800.auto", []byte("rendition"))
		}
	}
	if _, err := d.Destroy(r.ctx, "", nil); err != nil {
		t.Fatal(err)
	}
	if !put || r.count("cloudformation:DeleteStack") < 2 || slices.Contains(r.cloud.Buckets(), o.RenditionsBucket) {
		t.Errorf("%d deletions, %q is left", r.count("cloudformation:DeleteStack"), r.cloud.Buckets())
	}
}

// The photos go only if they are named, and after a second question.
func TestDeletePhotos(t *testing.T) {
	r := newRig(t)
	o := r.mustDeploy().Outputs
	r.cloud.PutObject(o.PhotosBucket, "trip.jpg", []byte("photo"))
	r.cloud.PutObject(o.PhotosBucket, "trip.jpg", []byte("another version"))
	_, err := r.deployer().Destroy(r.ctx, "other", nil)
	says(t, err, "the stack's photos are in "+o.PhotosBucket)
	r.says = false
	if _, err := r.deployer().Destroy(r.ctx, o.PhotosBucket, nil); !errors.Is(err, deploy.ErrRefused) || len(r.cloud.Objects(o.PhotosBucket)) != 1 {
		t.Errorf("%v, %q", err, r.cloud.Buckets())
	}
	r.says, r.asked = true, nil
	l, err := r.deployer().Destroy(r.ctx, o.PhotosBucket, nil)
	if err != nil || len(r.asked) != 2 || !strings.Contains(r.asked[1], "every photo in "+o.PhotosBucket) || len(l.Left) != 0 {
		t.Errorf("%+v, asked %q, %v", l, r.asked, err)
	}
	if buckets := r.cloud.Buckets(); len(buckets) != 0 {
		t.Errorf("what is left is %q", buckets)
	}
}

// A bucket that was there before stays in any case.
func TestDestroyAdopted(t *testing.T) {
	r := newRig(t)
	r.cloud.AddBucket("my-photos", region)
	r.config.Photos = &deploy.Place{Bucket: "my-photos"}
	r.mustDeploy()
	r.config.Photos = nil
	_, err := r.deployer().Destroy(r.ctx, "my-photos", nil)
	says(t, err, "was there before the stack")
	l, err := r.deployer().Destroy(r.ctx, "", nil)
	if err != nil || !l.Adopted || !slices.Equal(r.cloud.Buckets(), []string{"my-photos"}) {
		t.Errorf("%+v, %v, %q", l, err, r.cloud.Buckets())
	}
}

// Another stack's zips stay, and so does their bucket.
func TestDestroyOneOfTwo(t *testing.T) {
	r := newRig(t)
	r.mustDeploy()
	r.config.Name = "second"
	r.mustDeploy()
	if _, err := r.deployer().Destroy(r.ctx, "", nil); err != nil {
		t.Fatal(err)
	}
	if got := r.cloud.Objects(artifacts); len(got) != 1 || got[0].Key != "photofit/"+zipOf("first") {
		t.Errorf("the zips are %+v", got)
	}
	r.config.Name = ""
	if again := r.mustDeploy(); again.Changed {
		t.Errorf("the first has changed: %+v", again.Plan)
	}
}

// A certificate and DNS records are named among what is left.
func TestWhatIsLeft(t *testing.T) {
	r := newRig(t)
	arn := r.cloud.AddCertificate("us-east-1", names...)
	r.config.Aliases = names
	r.mustDeploy()
	l, err := r.deployer().Destroy(r.ctx, "", nil)
	if err != nil || len(l.Left) != 3 || !strings.Contains(l.Left[1].What, arn) || !strings.Contains(l.Left[2].What, names[0]+", "+names[1]) {
		t.Errorf("%+v, %v", l, err)
	}
}

// The bucket of a stack that went over to another one's photos is named, too.
func TestWhatIsLeftOfBefore(t *testing.T) {
	r := newRig(t)
	before := r.mustDeploy().Outputs.PhotosBucket
	r.cloud.AddBucket("mine", region)
	r.config.Photos = &deploy.Place{Bucket: "mine"}
	r.mustDeploy()
	l, err := r.deployer().Destroy(r.ctx, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Left) != 2 || !strings.Contains(l.Left[0].What, "s3://mine") || !strings.Contains(l.Left[1].What, before) {
		t.Errorf("%+v", l.Left)
	}
}

// In a bucket of the user's only zips of the stack are touched, and the bucket stays.
func TestArtifactsOfSomebody(t *testing.T) {
	r := newRig(t)
	r.cloud.AddBucket("shared", region)
	theirs := []string{"photofit/photo.jpg", "photofit/sub/x.zip", "photofit/release.zip", "else/a.txt"}
	for _, key := range theirs {
		r.cloud.PutObject("shared", key, []byte("theirs"))
	}
	r.config.ArtifactBucket = "shared"
	r.mustDeploy()
	r.config.ArtifactBucket = "" // it is remembered
	r.zip = "second"
	r.mustDeploy()
	if _, err := r.deployer().Destroy(r.ctx, "", nil); err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, o := range r.cloud.Objects("shared") {
		left = append(left, o.Key)
	}
	slices.Sort(theirs)
	if !slices.Equal(left, theirs) {
		t.Errorf("%q is left of %q", left, theirs)
	}
	if buckets := r.cloud.Buckets(); slices.Contains(buckets, artifacts) {
		t.Errorf("there is %q", buckets)
	}
}

// A removal that was interrupted after the stack was gone is finished by the next.
func TestDestroyTheRest(t *testing.T) {
	r := newRig(t)
	photos := r.mustDeploy().Outputs.PhotosBucket
	d := r.deployer()
	ctx, cancel := context.WithCancel(r.ctx)
	d.Say = func(e deploy.Event) {
		if e.Resource == "Renditions" && e.State == deploy.Done {
			cancel()
		}
	}
	if _, err := d.Destroy(ctx, "", nil); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	r.cloud.Finish()
	if _, err := r.deployer().Destroy(r.ctx, "somebodys", nil); err == nil {
		t.Error("any bucket is taken")
	}
	l, err := r.deployer().Destroy(r.ctx, "", nil)
	if err != nil || l == nil || len(l.Left) != 1 || !strings.Contains(l.Left[0].What, photos) {
		t.Errorf("%+v, %v", l, err)
	}
	if buckets := r.cloud.Buckets(); !slices.Equal(buckets, []string{photos}) {
		t.Errorf("there is %q", buckets)
	}
	if l, err := r.deployer().Destroy(r.ctx, "", nil); l != nil || err != nil {
		t.Errorf("again: %+v, %v", l, err)
	}
	l, err = r.deployer().Destroy(r.ctx, photos, nil)
	if err != nil || !l.DeletesAll || len(r.cloud.Buckets()) != 0 {
		t.Errorf("%+v, %v, %q", l, err, r.cloud.Buckets())
	}
}

// A bucket that a stack of this name has made, and a later one has taken up, can be deleted.
func TestDeletePhotosThatWereTakenUp(t *testing.T) {
	r := newRig(t)
	r.mustDeploy()
	if _, err := r.deployer().Destroy(r.ctx, "", nil); err != nil {
		t.Fatal(err)
	}
	photos := r.mustDeploy().Outputs.PhotosBucket
	if _, err := r.deployer().Destroy(r.ctx, photos, nil); err != nil || len(r.cloud.Buckets()) != 0 {
		t.Errorf("%v, %q", err, r.cloud.Buckets())
	}
}

// The names' records go with the distribution: else the next deployment meets them, and
// they lead to whoever gets its domain name.
func TestDestroyNames(t *testing.T) {
	r := newRig(t)
	zone := r.cloud.AddZone("example.com")
	r.config.Aliases = []string{"media.example.com"}
	r.mustDeploy()
	r.cloud.AddRecord(zone, "www.example.com", "CNAME", "elsewhere.example.net")
	if _, err := r.deployer().Destroy(r.ctx, "", nil); err != nil {
		t.Fatal(err)
	}
	for _, record := range r.cloud.Records(zone) {
		if record.Name == "media.example.com." {
			t.Errorf("there is %+v", record)
		}
	}
	if len(r.cloud.Records(zone)) == 0 {
		t.Error("another's record is gone, too")
	}
	if again := r.mustDeploy(); again.Pending != nil {
		t.Errorf("%+v", again.Pending)
	}
}
