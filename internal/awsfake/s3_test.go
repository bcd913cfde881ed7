package awsfake

import (
	"bytes"
	"fmt"
	"io"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"photofit/internal/stack/account"
)

// TestCreateBucket is about where buckets may be made, and whose they are.
func TestCreateBucket(t *testing.T) {
	r := newRig(t, "us-east-1")
	r.AddForeignBucket("theirs", "eu-west-1")
	for _, c := range []struct{ region, name, constraint, code string }{
		{"us-east-1", "one", "", ""},
		{"us-east-1", "one", "", ""}, // in us-east-1 one's own is no conflict
		{"us-east-1", "two", "us-east-1", "InvalidLocationConstraint"},
		{"us-east-1", "two", "eu-west-1", "IllegalLocationConstraintException"},
		{"eu-west-1", "two", "", "IllegalLocationConstraintException"},
		{"eu-west-1", "two", "eu-central-1", "IllegalLocationConstraintException"},
		{"eu-west-1", "two", "eu-nowhere-1", "InvalidLocationConstraint"},
		{"eu-west-1", "two", "eu-west-1", ""},
		{"eu-west-1", "two", "eu-west-1", "BucketAlreadyOwnedByYou"},
		{"eu-west-1", "one", "eu-west-1", "BucketAlreadyOwnedByYou"},
		{"us-east-1", "two", "", "BucketAlreadyOwnedByYou"},
		{"eu-west-1", "theirs", "eu-west-1", "BucketAlreadyExists"},
		{"eu-west-1", "a..b", "eu-west-1", "InvalidBucketName"},
		{"eu-west-1", "Capital", "eu-west-1", "InvalidBucketName"},
	} {
		r.in(c.region)
		in := &s3.CreateBucketInput{Bucket: &c.name}
		if c.constraint != "" {
			in.CreateBucketConfiguration = &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(c.constraint)}
		}
		if _, err := r.S3.CreateBucket(t.Context(), in); codeOf(err) != c.code {
			t.Errorf("%+v: %v", c, err)
		}
	}
	for _, c := range []struct {
		region, name string
		status       int
	}{{"us-east-1", "one", 0}, {"eu-west-1", "two", 0}, {"us-east-1", "two", 301}, {"eu-west-1", "theirs", 403}, {"us-east-1", "theirs", 301}, {"us-east-1", "none", 404}} {
		r.in(c.region)
		out, err := r.S3.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: &c.name})
		if account.Status(err) != c.status || err == nil && *out.BucketRegion != c.region {
			t.Errorf("%+v: %v", c, err)
		}
	}
	r.in("eu-west-1")
	if at := must[*s3.GetBucketLocationOutput](t)(r.S3.GetBucketLocation(t.Context(), &s3.GetBucketLocationInput{Bucket: aws.String("two")})); at.LocationConstraint != "eu-west-1" {
		t.Errorf("it is in %q", at.LocationConstraint)
	}
	_, err := r.S3.HeadBucket(t.Context(), &s3.HeadBucketInput{Bucket: aws.String("two"), ExpectedBucketOwner: aws.String("111111111111")})
	if account.Status(err) != 403 {
		t.Errorf("for another owner: %v", err)
	}
	list := must[*s3.ListBucketsOutput](t)(r.S3.ListBuckets(t.Context(), nil))
	if len(list.Buckets) != 2 || *list.Buckets[0].Name != "one" || *list.Buckets[1].BucketRegion != "eu-west-1" {
		t.Errorf("%+v", list.Buckets)
	}
}

// TestObjects puts, gets and deletes objects by each way the SDK sends them.
func TestObjects(t *testing.T) {
	r := newRig(t, "eu-west-1")
	r.AddBucket("photos", "eu-west-1")
	body := bytes.Repeat([]byte("photo "), 20_000)
	bucket, key := aws.String("photos"), aws.String("trip/é +%.jpg")
	for name, in := range map[string]*s3.PutObjectInput{
		"seekable":  {Body: bytes.NewReader(body)},
		"SHA-256":   {Body: bytes.NewReader(body), ChecksumAlgorithm: types.ChecksumAlgorithmSha256},
		"CRC-64":    {Body: bytes.NewReader(body), ChecksumAlgorithm: types.ChecksumAlgorithmCrc64nvme},
		"CRC-32C":   {Body: bytes.NewReader(body), ChecksumAlgorithm: types.ChecksumAlgorithmCrc32c},
		"with meta": {Body: bytes.NewReader(body), Metadata: map[string]string{"etag": "x"}, ContentType: aws.String("image/jpeg"), CacheControl: aws.String("max-age=1")},
	} {
		in.Bucket, in.Key = bucket, key
		put := must[*s3.PutObjectOutput](t)(r.S3.PutObject(t.Context(), in))
		got := must[*s3.GetObjectOutput](t)(r.S3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: key}))
		back, err := io.ReadAll(got.Body)
		if err != nil || !bytes.Equal(back, body) || *got.ETag != *put.ETag {
			t.Errorf("%s: %d bytes come back, %v", name, len(back), err)
		}
		if name == "with meta" && (got.Metadata["etag"] != "x" || *got.ContentType != "image/jpeg" || *got.CacheControl != "max-age=1") {
			t.Errorf("%+v", got)
		}
	}
	_, err := r.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("x"), IfNoneMatch: aws.String("*")})
	refused(t, err, "PreconditionFailed", "")
	_, err = r.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("x"), ChecksumCRC32: aws.String("AAAAAA==")})
	refused(t, err, "BadDigest", "")
	_, err = r.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("x"), ACL: types.ObjectCannedACLPublicRead})
	refused(t, err, "AccessControlListNotSupported", "")
	part := must[*s3.GetObjectOutput](t)(r.S3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: key, Range: aws.String("bytes=6-10")}))
	if back, _ := io.ReadAll(part.Body); string(back) != "photo" || *part.ContentRange != "bytes 6-10/120000" {
		t.Errorf("%q %s", back, *part.ContentRange)
	}
	if head := must[*s3.HeadObjectOutput](t)(r.S3.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: bucket, Key: key})); *head.ContentLength != int64(len(body)) {
		t.Errorf("%d bytes", *head.ContentLength)
	}
	_, err = r.S3.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: bucket, Key: aws.String("none")})
	if account.Status(err) != 404 {
		t.Error(err)
	}
	_, err = r.S3.GetObject(t.Context(), &s3.GetObjectInput{Bucket: bucket, Key: aws.String("none")})
	refused(t, err, "NoSuchKey", "")
	_, err = r.S3.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: bucket})
	refused(t, err, "BucketNotEmpty", "The bucket you tried to delete is not empty")
	must[*s3.DeleteObjectOutput](t)(r.S3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: bucket, Key: key}))
	must[*s3.DeleteBucketOutput](t)(r.S3.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: bucket}))
	r.expect(1) // the wrong checksum
}

// TestTrailers takes a body out of its chunks, from the SDK, which sends them by TLS only, and
// damaged ones.
func TestTrailers(t *testing.T) {
	r := newRig(t, "eu-west-1")
	r.AddBucket("photos", "eu-west-1")
	server := httptest.NewTLSServer(r.Cloud)
	defer server.Close()
	client := s3.NewFromConfig(r.loaded, func(o *s3.Options) { o.BaseEndpoint, o.HTTPClient = &server.URL, server.Client() })
	body := bytes.Repeat([]byte("x"), 200_000)
	sum := sums["X-Amz-Checksum-Crc32"](body)
	must[*s3.PutObjectOutput](t)(client.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("photos"), Key: aws.String("a"), Body: io.MultiReader(bytes.NewReader(body)), ContentLength: aws.Int64(int64(len(body)))}))
	if o := r.Objects("photos"); len(o) != 1 || !bytes.Equal(o[0].Body, body) || o[0].Header["X-Amz-Checksum-Crc32"] == "" {
		t.Errorf("it has %d bytes, and %q", len(o[0].Body), o[0].Header)
	}
	q := func(body, encoding, length string) *call {
		request := mustRequest("PUT", "/photos/a", body)
		request.Header.Set("X-Amz-Content-Sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
		request.Header.Set("Content-Encoding", encoding)
		request.Header.Set("X-Amz-Decoded-Content-Length", length)
		request.Header.Set("X-Amz-Trailer", "x-amz-checksum-crc32")
		return &call{Request: request, body: []byte(body)}
	}
	whole := fmt.Sprintf("30d40\r\n%s\r\n0\r\nx-amz-checksum-crc32:%x\r\n\r\n", body, sum)
	got, trailer, err := payload(q(whole, "aws-chunked", "200000"))
	if err != nil || !bytes.Equal(got, body) || trailer["X-Amz-Checksum-Crc32"] == "" {
		t.Errorf("%d bytes, %v, %v", len(got), trailer, err)
	}
	for name, bad := range map[string]*call{
		"cut":         q(whole[:1000], "aws-chunked", "200000"),
		"length":      q(whole, "aws-chunked", "199999"),
		"no encoding": q(whole, "", "200000"),
		"no trailer":  q("1\r\nx\r\n0\r\n\r\n", "aws-chunked", "1"),
		"no size":     q("x\r\nx\r\n0\r\n\r\n", "aws-chunked", "1"),
	} {
		if _, _, err := payload(bad); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

// TestListings goes through both, by pages.
func TestListings(t *testing.T) {
	r := newRig(t, "eu-west-1")
	r.AddBucket("photos", "eu-west-1")
	bucket := aws.String("photos")
	want := []string{"a b", "b/1", "b/2", "c+d", "é/x"}
	for _, key := range want {
		r.PutObject("photos", key, []byte(key))
	}
	var keys, folders []string
	pages := s3.NewListObjectsV2Paginator(r.S3, &s3.ListObjectsV2Input{Bucket: bucket, MaxKeys: aws.Int32(2)})
	for pages.HasMorePages() {
		for _, o := range must[*s3.ListObjectsV2Output](t)(pages.NextPage(t.Context())).Contents {
			keys = append(keys, *o.Key)
		}
	}
	if !slices.Equal(keys, want) {
		t.Errorf("%q", keys)
	}
	keys = nil
	pages = s3.NewListObjectsV2Paginator(r.S3, &s3.ListObjectsV2Input{Bucket: bucket, MaxKeys: aws.Int32(1), Delimiter: aws.String("/"), EncodingType: types.EncodingTypeUrl})
	for pages.HasMorePages() {
		page := must[*s3.ListObjectsV2Output](t)(pages.NextPage(t.Context()))
		for _, o := range page.Contents {
			keys = append(keys, *o.Key)
		}
		for _, p := range page.CommonPrefixes {
			folders = append(folders, *p.Prefix)
		}
	}
	if !slices.Equal(keys, []string{"a+b", "c%2Bd"}) || !slices.Equal(folders, []string{"b/", "%C3%A9/"}) {
		t.Errorf("%q %q", keys, folders)
	}
	once := must[*s3.ListObjectsV2Output](t)(r.S3.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: bucket, Delimiter: aws.String("/")}))
	if len(once.CommonPrefixes) != 2 || len(once.Contents) != 2 || *once.KeyCount != 4 {
		t.Errorf("%+v %+v", once.CommonPrefixes, once.Contents)
	}

	must[*s3.PutBucketVersioningOutput](t)(r.S3.PutBucketVersioning(t.Context(), &s3.PutBucketVersioningInput{Bucket: bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}}))
	r.PutObject("photos", "b/1", []byte("newer"))
	must[*s3.DeleteObjectOutput](t)(r.S3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: bucket, Key: aws.String("b/1")}))
	var all []types.ObjectIdentifier
	markers := 0
	versions := s3.NewListObjectVersionsPaginator(r.S3, &s3.ListObjectVersionsInput{Bucket: bucket, MaxKeys: aws.Int32(2)})
	for versions.HasMorePages() {
		page := must[*s3.ListObjectVersionsOutput](t)(versions.NextPage(t.Context()))
		for _, v := range page.Versions {
			all = append(all, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
		}
		for _, m := range page.DeleteMarkers {
			markers++
			all = append(all, types.ObjectIdentifier{Key: m.Key, VersionId: m.VersionId})
		}
	}
	if len(all) != 7 || markers != 1 {
		t.Errorf("%d versions, %d markers", len(all), markers)
	}
	if got := r.Objects("photos"); len(got) != 4 {
		t.Errorf("there are %d objects", len(got))
	}
	// Without versions it only gets more.
	done := must[*s3.DeleteObjectsOutput](t)(r.S3.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: bucket, Delete: &types.Delete{Objects: []types.ObjectIdentifier{{Key: aws.String("a b")}}}}))
	if len(done.Deleted) != 1 || !*done.Deleted[0].DeleteMarker {
		t.Errorf("%+v", done.Deleted)
	}
	all = append(all, types.ObjectIdentifier{Key: aws.String("a b"), VersionId: done.Deleted[0].DeleteMarkerVersionId})
	_, err := r.S3.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: bucket})
	refused(t, err, "BucketNotEmpty", "You must delete all versions in the bucket.")
	done = must[*s3.DeleteObjectsOutput](t)(r.S3.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: bucket, Delete: &types.Delete{Objects: all, Quiet: aws.Bool(true)}}))
	if len(done.Deleted) != 0 {
		t.Errorf("quietly, it says %d", len(done.Deleted))
	}
	must[*s3.DeleteBucketOutput](t)(r.S3.DeleteBucket(t.Context(), &s3.DeleteBucketInput{Bucket: bucket}))

	r.AddBucket("photos", "eu-west-1")
	_, err = r.S3.DeleteObjects(t.Context(), &s3.DeleteObjectsInput{Bucket: bucket, Delete: &types.Delete{Objects: slices.Repeat([]types.ObjectIdentifier{{Key: aws.String("x")}}, 1001)}})
	refused(t, err, "MalformedXML", "")
	r.expect(1)
}
