package awsfake

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

const s3Namespace = "http://s3.amazonaws.com/doc/2006-03-01/"

// bucket is one of S3's, of any account.
type bucket struct {
	name    string
	region  string
	foreign bool // another account's
	made    time.Time
	config  map[string][]byte // by subresource, as it was put
	policy  string
	objects map[string][]*object // versions, the newest last
}

// s3Route is what tells an operation.
type s3Route struct{ method, subresource string }

// Operations of buckets and keys, by their subresource.
var (
	bucketRoutes = map[s3Route]string{
		{"HEAD", ""}: "HeadBucket", {"PUT", ""}: "CreateBucket", {"DELETE", ""}: "DeleteBucket", {"POST", "delete"}: "DeleteObjects",
		{"GET", "location"}: "GetBucketLocation", {"GET", "versions"}: "ListObjectVersions", {"GET", "list-type"}: "ListObjectsV2",
		{"GET", "policyStatus"}: "GetBucketPolicyStatus",
		{"GET", "policy"}:       "GetBucketPolicy", {"PUT", "policy"}: "PutBucketPolicy", {"DELETE", "policy"}: "DeleteBucketPolicy",
		{"GET", "publicAccessBlock"}: "GetPublicAccessBlock", {"PUT", "publicAccessBlock"}: "PutPublicAccessBlock",
		{"GET", "ownershipControls"}: "GetBucketOwnershipControls", {"PUT", "ownershipControls"}: "PutBucketOwnershipControls",
		{"GET", "encryption"}: "GetBucketEncryption", {"PUT", "encryption"}: "PutBucketEncryption",
		{"GET", "versioning"}: "GetBucketVersioning", {"PUT", "versioning"}: "PutBucketVersioning",
		{"GET", "lifecycle"}: "GetBucketLifecycleConfiguration", {"PUT", "lifecycle"}: "PutBucketLifecycleConfiguration",
		{"GET", "notification"}: "GetBucketNotificationConfiguration", {"PUT", "notification"}: "PutBucketNotificationConfiguration",
		{"GET", "tagging"}: "GetBucketTagging", {"PUT", "tagging"}: "PutBucketTagging",
	}
	keyRoutes  = map[string]string{"GET": "GetObject", "HEAD": "HeadObject", "PUT": "PutObject", "DELETE": "DeleteObject"}
	s3Settings = map[string][]string{
		"ListBuckets": {"bucket-region", "continuation-token", "max-buckets", "prefix"}, "GetObject": {"versionId"}, "HeadObject": {"versionId"}, "DeleteObject": {"versionId"}, "PutObject": {},
		"ListObjectsV2":      {"list-type", "prefix", "delimiter", "max-keys", "start-after", "continuation-token", "encoding-type", "fetch-owner"},
		"ListObjectVersions": {"versions", "prefix", "delimiter", "max-keys", "key-marker", "version-id-marker", "encoding-type"},
	}
)

// split is the bucket and the key of a path.
func split(q *call) (name, key string) {
	name, key, _ = strings.Cut(strings.TrimPrefix(q.URL.Path, "/"), "/")
	return name, key
}

func s3Name(q *call) string {
	name, key := split(q)
	parameters, err := url.ParseQuery(q.URL.RawQuery)
	if err != nil {
		return ""
	}
	id := parameters.Get("x-id") // the SDK's name for the operation, for logs
	delete(parameters, "x-id")
	operation := ""
	switch {
	case name == "" && q.Method == http.MethodGet:
		operation = "ListBuckets"
	case key != "" && q.Header.Get("X-Amz-Copy-Source") == "":
		operation = keyRoutes[q.Method]
	case key == "":
		operation = bucketRoutes[s3Route{q.Method, ""}]
		for parameter := range parameters {
			if found, ok := bucketRoutes[s3Route{q.Method, parameter}]; ok {
				operation = found
			}
		}
	}
	settings, listed := s3Settings[operation]
	for parameter := range parameters {
		if listed && !slices.Contains(settings, parameter) || !listed && bucketRoutes[s3Route{q.Method, parameter}] != operation {
			return ""
		}
	}
	if id != "" && id != operation {
		return ""
	}
	return operation
}

func s3Service() service {
	operations := map[string]operation{
		"ListBuckets": listBuckets, "CreateBucket": createBucket,
		"HeadBucket": within(headBucket), "GetBucketLocation": within(bucketLocation), "DeleteBucket": within(deleteBucket),
		"GetBucketPolicy": within(getPolicy), "PutBucketPolicy": within(putPolicy), "DeleteBucketPolicy": within(deletePolicy), "GetBucketPolicyStatus": within(policyStatus),
		"PutObject": within(putObject), "GetObject": within(getObject), "HeadObject": within(getObject), "DeleteObject": within(deleteObject),
		"ListObjectsV2": within(listObjects), "ListObjectVersions": within(listVersions), "DeleteObjects": within(deleteObjects),
	}
	for name, kind := range configurations {
		operations["Get"+kind.operation] = within(getConfiguration(name, kind))
		operations["Put"+kind.operation] = within(putConfiguration(name, kind))
	}
	return service{name: s3Name, operations: operations, refuse: refuseS3}
}

func refuseS3(q *call, r *refusal) answer {
	name, key := split(q)
	return xmlAnswer(r.status, struct {
		XMLName                                   xml.Name `xml:"Error"`
		Code, Message, BucketName, Key, RequestId string   `xml:",omitempty"`
	}{Code: r.code, Message: r.message, BucketName: name, Key: key, RequestId: "request"})
}

// within finds the bucket of a request, and has it be in the region that the
// request is for, of this account and of the owner that the request expects.
func within(do func(*Cloud, *call, *bucket) (answer, error)) operation {
	return func(c *Cloud, q *call) (answer, error) {
		name, key := split(q)
		q.resource = strings.TrimSuffix(name+"/"+key, "/")
		b := c.buckets[name]
		if b == nil {
			return answer{}, refuse(http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist")
		}
		owner := q.Header.Get("X-Amz-Expected-Bucket-Owner")
		var err *refusal
		switch {
		case b.region != q.region:
			err = refuse(http.StatusMovedPermanently, "PermanentRedirect", "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.")
		case b.foreign || owner != "" && owner != c.Account:
			err = refuse(http.StatusForbidden, "AccessDenied", "Access Denied")
		default:
			return do(c, q, b)
		}
		err.header = map[string]string{"X-Amz-Bucket-Region": b.region}
		return answer{}, err
	}
}

// s3XML is an answer whose root has S3's namespace.
func s3XML(value any) answer {
	a := xmlAnswer(http.StatusOK, value)
	a.header["Content-Type"] = "application/xml"
	return a
}

// AddForeignBucket makes a bucket of another account.
func (c *Cloud) AddForeignBucket(name, region string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.addBucket(name, region).foreign = true
}

// AddBucket makes a bucket as CreateBucket does.
func (c *Cloud) AddBucket(name, region string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.addBucket(name, region)
}

// Buckets are the names of the account's buckets, in order.
func (c *Cloud) Buckets() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ownBuckets("")
}
