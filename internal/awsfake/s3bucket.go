package awsfake

import (
	"encoding/xml"
	"maps"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var bucketName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]|\.[a-z0-9]){1,61}[a-z0-9]$`)

// regions are those that a LocationConstraint may name.
var regions = strings.Fields(`af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1
	ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1
	eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-2 us-west-1 us-west-2`)

// addBucket makes a bucket with the settings that new ones have.
func (c *Cloud) addBucket(name, region string) *bucket {
	b := &bucket{name: name, region: region, made: c.now(), config: map[string][]byte{}, objects: map[string][]*object{}}
	b.config["publicAccessBlock"] = configuration("PublicAccessBlockConfiguration", blockConfig{"true", "true", "true", "true"})
	b.config["ownershipControls"] = configuration("OwnershipControls", ownershipConfig{[]ownershipRule{{"BucketOwnerEnforced"}}})
	b.config["encryption"] = configuration("ServerSideEncryptionConfiguration", encryptionConfig{[]encryptionRule{{Default: &encryptionDefault{Algorithm: "AES256"}, BucketKey: "false"}}})
	c.buckets[name] = b
	return b
}

func (c *Cloud) ownBuckets(prefix string) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(c.buckets)) {
		if !c.buckets[name].foreign && strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	return names
}

func listBuckets(c *Cloud, q *call) (answer, error) {
	type entry struct{ Name, CreationDate, BucketRegion string }
	out := struct {
		XMLName           xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ ListAllMyBucketsResult"`
		Owner             struct{ ID string }
		Buckets           []entry `xml:"Buckets>Bucket"`
		ContinuationToken string  `xml:",omitempty"`
		Prefix            string  `xml:",omitempty"`
	}{Prefix: q.URL.Query().Get("prefix")}
	out.Owner.ID = c.Account
	most, _ := strconv.Atoi(q.URL.Query().Get("max-buckets"))
	if most <= 0 || most > 10_000 {
		most = 10_000
	}
	for _, name := range c.ownBuckets(out.Prefix) {
		b := c.buckets[name]
		if region := q.URL.Query().Get("bucket-region"); region != "" && region != b.region || name <= q.URL.Query().Get("continuation-token") {
			continue
		}
		if len(out.Buckets) == most {
			out.ContinuationToken = out.Buckets[most-1].Name
			break
		}
		out.Buckets = append(out.Buckets, entry{name, stamp(b.made), b.region})
	}
	return s3XML(out), nil
}

type bucketConfiguration struct {
	LocationConstraint string
	Tags               *tagSet
}

func createBucket(c *Cloud, q *call) (answer, error) {
	name, _ := split(q)
	q.resource = name
	var in bucketConfiguration
	if len(q.body) > 0 {
		if err := readXML(q.body, "CreateBucketConfiguration", s3Namespace, &in); err != nil {
			return answer{}, misunderstood(http.StatusBadRequest, "MalformedXML", "%v", err)
		}
	}
	at := in.LocationConstraint
	before := c.buckets[name]
	switch {
	case !bucketName.MatchString(name) || net.ParseIP(name) != nil || strings.HasPrefix(name, "xn--") || strings.HasSuffix(name, "-s3alias"):
		return answer{}, refuse(http.StatusBadRequest, "InvalidBucketName", "The specified bucket is not valid.")
	case at != "" && !slices.Contains(regions, at):
		return answer{}, refuse(http.StatusBadRequest, "InvalidLocationConstraint", "The specified location-constraint is not valid")
	case at == "" && q.region != "us-east-1":
		return answer{}, refuse(http.StatusBadRequest, "IllegalLocationConstraintException", "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.")
	case at != "" && at != q.region:
		return answer{}, refuse(http.StatusBadRequest, "IllegalLocationConstraintException", "The %s location constraint is incompatible for the region specific endpoint this request was sent to.", at)
	case before != nil && before.foreign:
		return answer{}, refuse(http.StatusConflict, "BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.")
	case before != nil && (q.region != "us-east-1" || before.region != "us-east-1"):
		return answer{}, refuse(http.StatusConflict, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.")
	case before == nil: // in us-east-1 one's own is made once more, and nothing changes
		b := c.addBucket(name, q.region)
		if in.Tags != nil {
			b.config["tagging"] = configuration("Tagging", tagging{*in.Tags})
		}
		if ownership := q.Header.Get("X-Amz-Object-Ownership"); ownership != "" {
			b.config["ownershipControls"] = configuration("OwnershipControls", ownershipConfig{[]ownershipRule{{ownership}}})
		}
	}
	return answer{header: map[string]string{"Location": "/" + name}}, nil
}

func headBucket(_ *Cloud, _ *call, b *bucket) (answer, error) {
	return answer{header: map[string]string{"X-Amz-Bucket-Region": b.region, "Content-Type": "application/xml"}}, nil
}

func bucketLocation(_ *Cloud, _ *call, b *bucket) (answer, error) {
	out := struct {
		XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ LocationConstraint"`
		Region  string   `xml:",chardata"`
	}{Region: b.region}
	if b.region == "us-east-1" {
		out.Region = ""
	}
	return s3XML(out), nil
}

func deleteBucket(c *Cloud, _ *call, b *bucket) (answer, error) {
	if err := b.empty(); err != nil {
		return answer{}, err
	}
	delete(c.buckets, b.name)
	return answer{status: http.StatusNoContent}, nil
}

// empty is an error if a bucket holds anything; versions and delete markers count.
func (b *bucket) empty() error {
	for _, versions := range b.objects {
		switch {
		case len(versions) == 0:
		case b.versioning() == "":
			return refuse(http.StatusConflict, "BucketNotEmpty", "The bucket you tried to delete is not empty")
		default:
			return refuse(http.StatusConflict, "BucketNotEmpty", "The bucket you tried to delete is not empty. You must delete all versions in the bucket.")
		}
	}
	return nil
}
