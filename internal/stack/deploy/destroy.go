package deploy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"photofit/internal/stack/account"
)

// Leaving is what a removal is about.
type Leaving struct {
	Stack      string   `json:"stack"`
	Region     string   `json:"region"`
	Account    string   `json:"account"`
	Outputs    Outputs  `json:"outputs"`
	Adopted    bool     `json:"adopted"` // the photos' bucket was there before the stack, and stays in any case
	Artifacts  string   `json:"artifacts"`
	DeletesAll bool     `json:"deletesPhotos"`   // the photos go, too
	Names      []string `json:"names,omitempty"` // the site's own, whose records go from Route 53 if they are there
	Left       []Left   `json:"left"`
}

// Left is something that stays.
type Left struct {
	What string `json:"what"`
	How  string `json:"how"` // to remove it
}

// Destroy removes the stack, after showing what goes and asking. The photos stay, in their bucket,
// unless photos names that bucket; then it is asked again. Nil without an error: there is no stack.
func (d *Deployer) Destroy(ctx context.Context, photos string, show func(*Leaving)) (*Leaving, error) {
	if err := d.find(ctx); err != nil {
		return nil, err
	}
	if d.stack == nil {
		return d.destroyRest(ctx, photos, show)
	}
	adopted := d.stack.Parameters["PhotosBucketName"]
	l := &Leaving{Stack: d.Name, Region: d.Account.Region, Account: d.Account.ID, Outputs: d.stack.Outputs, Adopted: adopted != "", Artifacts: d.ArtifactBucket, Left: []Left{}}
	if adopted != "" {
		l.Outputs.PhotosBucket = adopted
	}
	if aliases := d.stack.Parameters["Aliases"]; aliases != "" {
		l.Names = strings.Split(aliases, ",")
	}
	l.DeletesAll = photos != ""
	switch {
	case l.DeletesAll && photos != l.Outputs.PhotosBucket:
		return nil, fmt.Errorf("--delete-photos %s: the stack's photos are in %s", photos, cmp.Or(l.Outputs.PhotosBucket, "no bucket of its own"))
	case l.DeletesAll && l.Adopted && !d.tookUp(ctx, adopted):
		return nil, fmt.Errorf("the bucket %s was there before the stack, so it is not the stack's to delete: leave --delete-photos out", adopted)
	}
	if show != nil {
		show(l)
	}
	if err := d.agree(ctx, l); err != nil {
		return nil, err
	}
	// Names first: while they lead to a distribution that is gone, whoever gets its domain name has them.
	names := slices.Clone(l.Names)
	var unnamed []string
	if len(names) > 0 {
		var err error
		if unnamed, err = d.unpoint(ctx, names, l.Outputs.DomainName); err != nil && ctx.Err() != nil {
			return l, err
		}
	}
	if err := d.deleteStack(ctx, d.stack); err != nil {
		return l, err
	}
	if err := d.dropArtifacts(ctx); err != nil {
		l.Left = append(l.Left, Left{"the function's zips in " + d.ArtifactBucket + " (" + err.Error() + ")", "aws s3 rm --recursive s3://" + d.ArtifactBucket + "/" + d.Name + "/"})
	}
	if l.DeletesAll {
		if err := d.deleteBucket(ctx, l.Outputs.PhotosBucket); err != nil {
			return l, err
		}
	} else if l.Outputs.PhotosBucket != "" {
		how := "they were there before the stack; the bucket still tells EventBridge of its changes, which costs nothing"
		if !l.Adopted || ownName(d.Name, l.Outputs.PhotosBucket) {
			how = "photofit deploy takes them up again; " + toBeRid
		}
		l.Left = append(l.Left, Left{"the photos, in s3://" + l.Outputs.PhotosBucket, how})
	}
	if buckets, err := d.allLeftBehind(ctx); err == nil {
		for _, bucket := range buckets {
			if bucket != l.Outputs.PhotosBucket {
				l.Left = append(l.Left, Left{"photos that the stack had before, in s3://" + bucket, toBeRid})
			}
		}
	}
	d.leaveNames(ctx, l, slices.DeleteFunc(names, func(name string) bool { return slices.Contains(unnamed, name) }))
	return l, nil
}

// agree asks, twice where photos go.
func (d *Deployer) agree(ctx context.Context, l *Leaving) error {
	questions := []string{"Remove all of this?"}
	if l.DeletesAll {
		questions = append(questions, "Delete every photo in "+l.Outputs.PhotosBucket+", all versions, for good?")
	}
	for _, question := range questions {
		if yes, err := d.Ask(ctx, question); err != nil {
			return err
		} else if !yes {
			return ErrRefused
		}
	}
	return nil
}

// tookUp tells whether a bucket of photos was made by a stack of this name, whose photos a later one has
// taken up.
func (d *Deployer) tookUp(ctx context.Context, bucket string) bool {
	buckets, err := d.allLeftBehind(ctx)
	return err == nil && slices.Contains(buckets, bucket)
}

// destroyRest removes what a removal that was interrupted has not come to: the stack itself is gone. Nil
// without an error: there is nothing.
func (d *Deployer) destroyRest(ctx context.Context, photos string, show func(*Leaving)) (*Leaving, error) {
	buckets, err := d.allLeftBehind(ctx)
	if err != nil {
		return nil, err
	}
	if photos != "" && !slices.Contains(buckets, photos) {
		return nil, fmt.Errorf("--delete-photos %s: there is no stack %s, and that bucket is none that one of this name has left", photos, d.Name)
	}
	zips := false
	_, err = d.bucketRegion(ctx, d.ArtifactBucket)
	if err == nil {
		err = d.eachObject(ctx, d.ArtifactBucket, d.Name+"/", func(key string) bool {
			zips = zips || d.ownZip(key)
			return false
		})
	}
	if err != nil && !errors.Is(err, errNoBucket) && !errors.Is(err, errForeign) {
		return nil, err
	}
	if !zips && photos == "" {
		return nil, nil
	}
	l := &Leaving{Stack: d.Name, Region: d.Account.Region, Account: d.Account.ID, Artifacts: d.ArtifactBucket, DeletesAll: photos != "", Left: []Left{}}
	l.Outputs.PhotosBucket = photos
	if show != nil {
		show(l)
	}
	if err := d.agree(ctx, l); err != nil {
		return nil, err
	}
	if err := d.dropArtifacts(ctx); err != nil {
		return l, err
	}
	if l.DeletesAll {
		if err := d.deleteBucket(ctx, photos); err != nil {
			return l, err
		}
	}
	for _, bucket := range buckets {
		if bucket != photos {
			l.Left = append(l.Left, Left{"the photos, in s3://" + bucket, "photofit deploy takes them up again; " + toBeRid})
		}
	}
	d.leaveNames(ctx, l, nil)
	return l, nil
}

// leaveNames tells what stays of the site's names: those whose records are elsewhere.
func (d *Deployer) leaveNames(ctx context.Context, l *Leaving, names []string) {
	if d.stack == nil {
		d.stack = &Stack{Parameters: map[string]string{}}
	}
	if arn := d.stack.Parameters["CertificateArn"]; arn != "" {
		l.Left = append(l.Left, Left{"the certificate " + arn + ", which costs nothing", "aws acm delete-certificate --region us-east-1 --certificate-arn " + arn})
	}
	if waiting, err := d.Waiting(ctx); err == nil {
		for _, w := range waiting {
			l.Left = append(l.Left, Left{"the certificate " + w.Arn + " for " + strings.Join(w.Names, ", ") + ", which was never used", "aws acm delete-certificate --region us-east-1 --certificate-arn " + w.Arn})
		}
	}
	if len(names) > 0 {
		l.Left = append(l.Left, Left{"the DNS records of " + strings.Join(names, ", "), "they lead nowhere now: remove them where the DNS is"})
	}
}

// toBeRid is how to remove photos for good.
const toBeRid = `to be rid of them, and of their older versions, use "Empty" in the S3 console`

// ownName tells whether a bucket has the name that CloudFormation gives the photos of a
// stack.
func ownName(stack, bucket string) bool {
	return strings.HasPrefix(bucket, strings.ToLower(stack)+"-photos-")
}

// deleteStack empties the renditions and deletes the stack. Requests that are under way can put
// another rendition meanwhile; then it does so again.
func (d *Deployer) deleteStack(ctx context.Context, s *Stack) error {
	const tries = 3
	for try := 1; ; try++ {
		if bucket := s.Outputs.RenditionsBucket; bucket != "" {
			if err := d.empty(ctx, bucket, "renditions"); err != nil {
				return err
			}
		} else if err := d.emptyOwn(ctx, s); err != nil {
			return err
		}
		since, err := d.lastEvent(ctx, s.ID)
		if err != nil {
			return err
		}
		if _, err := d.Account.CloudFormation.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: &s.ID}); err != nil {
			return account.Explain("removing the stack "+d.Name, err)
		}
		failures, err := d.follow(ctx, s.ID, since)
		if err != nil {
			return err
		}
		now, err := d.read(ctx, s.ID)
		if err != nil {
			return err
		}
		if now == nil || now.Status == "DELETE_COMPLETE" {
			return nil
		}
		if try == tries || len(failures) == 0 {
			return &StackError{Stack: d.Name, Status: now.Status, Reason: now.Reason, Failures: failures}
		}
	}
}

// emptyOwn empties the renditions of a stack that has no outputs, as one that failed has not.
func (d *Deployer) emptyOwn(ctx context.Context, s *Stack) error {
	pages := cloudformation.NewListStackResourcesPaginator(d.Account.CloudFormation, &cloudformation.ListStackResourcesInput{StackName: &s.ID})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return account.Explain("reading what the stack "+d.Name+" has", err)
		}
		for _, r := range page.StackResourceSummaries {
			id := aws.ToString(r.PhysicalResourceId)
			if aws.ToString(r.LogicalResourceId) != "Renditions" || id == "" || strings.HasPrefix(string(r.ResourceStatus), "DELETE_COMPLETE") {
				continue
			}
			if err := d.empty(ctx, id, "renditions"); err != nil {
				return err
			}
		}
	}
	return nil
}

// empty deletes all that a bucket holds, every version of it. One that is gone is empty.
func (d *Deployer) empty(ctx context.Context, bucket, what string) error {
	gone := 0
	pages := s3.NewListObjectVersionsPaginator(d.Account.S3, &s3.ListObjectVersionsInput{Bucket: &bucket, ExpectedBucketOwner: &d.Account.ID})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if account.Code(err) == "NoSuchBucket" {
			return nil
		}
		if err != nil {
			return account.Explain("emptying "+bucket, err)
		}
		var all []types.ObjectIdentifier
		for _, v := range page.Versions {
			all = append(all, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
		}
		for _, m := range page.DeleteMarkers {
			all = append(all, types.ObjectIdentifier{Key: m.Key, VersionId: m.VersionId})
		}
		if len(all) == 0 {
			continue
		}
		out, err := d.Account.S3.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: &bucket, ExpectedBucketOwner: &d.Account.ID, Delete: &types.Delete{Objects: all, Quiet: aws.Bool(true)}})
		if err != nil {
			return account.Explain("emptying "+bucket, err)
		}
		if len(out.Errors) > 0 {
			e := out.Errors[0]
			return account.Refused("emptying "+bucket, fmt.Sprintf("%s: %s (%s)", aws.ToString(e.Key), aws.ToString(e.Message), aws.ToString(e.Code)), "")
		}
		gone += len(all)
		d.beginf("Deleted from %s: %d %s", bucket, gone, what)
	}
	return nil
}

// deleteBucket empties a bucket and deletes it.
func (d *Deployer) deleteBucket(ctx context.Context, bucket string) error {
	if err := d.empty(ctx, bucket, "photos"); err != nil {
		return err
	}
	_, err := d.Account.S3.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: &bucket, ExpectedBucketOwner: &d.Account.ID})
	if account.Code(err) == "NoSuchBucket" {
		return nil
	}
	if err != nil {
		return account.Explain("deleting the bucket "+bucket, err)
	}
	d.sayf("The bucket %s is gone", bucket)
	return nil
}

// dropArtifacts deletes the stack's zips, and their bucket if it is Photofit's own and holds no other stack's.
func (d *Deployer) dropArtifacts(ctx context.Context) error {
	err := d.eachObject(ctx, d.ArtifactBucket, d.Name+"/", func(key string) bool {
		return d.ownZip(key) || key == d.verifiedKey() || key == d.renewKey()
	})
	if account.Code(err) == "NoSuchBucket" {
		return nil
	}
	if err != nil || d.ArtifactBucket != d.ownArtifacts() {
		return err
	}
	_, err = d.Account.S3.DeleteBucket(ctx, &s3.DeleteBucketInput{Bucket: &d.ArtifactBucket, ExpectedBucketOwner: &d.Account.ID})
	switch account.Code(err) {
	case "BucketNotEmpty", "NoSuchBucket":
		return nil // another stack's zips
	}
	return account.Explain("deleting the bucket "+d.ArtifactBucket, err)
}
