package awsfake

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"photofit/internal/cfn"
)

// Configurations of buckets, in S3's XML.
type (
	blockConfig struct {
		BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets string `xml:",omitempty"`
	}
	ownershipConfig struct{ Rule []ownershipRule }
	ownershipRule   struct{ ObjectOwnership string }

	encryptionConfig struct{ Rule []encryptionRule }
	encryptionRule   struct {
		Default   *encryptionDefault `xml:"ApplyServerSideEncryptionByDefault"`
		BucketKey string             `xml:"BucketKeyEnabled,omitempty"`
	}
	encryptionDefault struct {
		Key       string `xml:"KMSMasterKeyID,omitempty"`
		Algorithm string `xml:"SSEAlgorithm"`
	}

	versioningConfig struct {
		Status, MfaDelete string `xml:",omitempty"`
	}

	lifecycleConfig struct{ Rule []lifecycleRule }
	lifecycleRule   struct {
		ID                             string `xml:",omitempty"`
		Status                         string
		Prefix                         *string              `xml:",omitempty"`
		Filter                         *lifecycleFilter     `xml:",omitempty"`
		Expiration                     *lifecycleExpiration `xml:",omitempty"`
		NoncurrentVersionExpiration    *lifecycleNoncurrent `xml:",omitempty"`
		AbortIncompleteMultipartUpload *lifecycleAbort      `xml:",omitempty"`
	}
	lifecycleExpiration struct {
		Days                      int    `xml:",omitempty"`
		Date                      string `xml:",omitempty"`
		ExpiredObjectDeleteMarker string `xml:",omitempty"`
	}
	lifecycleNoncurrent struct {
		NoncurrentDays          int
		NewerNoncurrentVersions int `xml:",omitempty"`
	}
	lifecycleAbort  struct{ DaysAfterInitiation int }
	lifecycleFilter struct {
		Prefix *string `xml:",omitempty"`
	}

	notificationConfig struct {
		EventBridgeConfiguration   *struct{} `xml:",omitempty"`
		CloudFunctionConfiguration []notificationTarget
		QueueConfiguration         []notificationTarget
		TopicConfiguration         []notificationTarget
	}
	notificationTarget struct {
		Id                          string `xml:",omitempty"`
		Event                       []string
		Queue, Topic, CloudFunction string `xml:",omitempty"`
		Filter                      *struct {
			S3Key struct {
				FilterRule []struct{ Name, Value string }
			}
		} `xml:",omitempty"`
	}

	tagging struct{ TagSet tagSet }
	tagSet  struct{ Tag []tag }
	tag     struct{ Key, Value string }
)

// configurationKind is a subresource of buckets.
type configurationKind struct {
	operation string // without Get and Put
	root      string
	of        any  // a pointer to its struct
	sum       bool // S3 wants a checksum of it
	// none is what Get answers before anything was put; nil is an empty one.
	none *refusal
	// valid tells what is wrong with one.
	valid func(any) error
}

var configurations = map[string]configurationKind{
	"publicAccessBlock": {"PublicAccessBlock", "PublicAccessBlockConfiguration", new(blockConfig), true,
		refuse(http.StatusNotFound, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"), nil},
	"ownershipControls": {"BucketOwnershipControls", "OwnershipControls", new(ownershipConfig), true,
		refuse(http.StatusNotFound, "OwnershipControlsNotFoundError", "The bucket ownership controls were not found"), func(v any) error {
			rules := v.(*ownershipConfig).Rule
			if len(rules) != 1 || !slices.Contains([]string{"BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"}, rules[0].ObjectOwnership) {
				return malformed()
			}
			return nil
		}},
	"encryption": {"BucketEncryption", "ServerSideEncryptionConfiguration", new(encryptionConfig), true,
		refuse(http.StatusNotFound, "ServerSideEncryptionConfigurationNotFoundError", "The server side encryption configuration was not found"), func(v any) error {
			rules := v.(*encryptionConfig).Rule
			if len(rules) != 1 || rules[0].Default == nil || !slices.Contains([]string{"AES256", "aws:kms", "aws:kms:dsse"}, rules[0].Default.Algorithm) {
				return malformed()
			}
			return nil
		}},
	"versioning": {"BucketVersioning", "VersioningConfiguration", new(versioningConfig), true, nil, func(v any) error {
		if s := v.(*versioningConfig).Status; s != "Enabled" && s != "Suspended" {
			return refuse(http.StatusBadRequest, "IllegalVersioningConfigurationException", "The Versioning element must be specified")
		}
		return nil
	}},
	"lifecycle": {"BucketLifecycleConfiguration", "LifecycleConfiguration", new(lifecycleConfig), true,
		refuse(http.StatusNotFound, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"), validLifecycle},
	"notification": {"BucketNotificationConfiguration", "NotificationConfiguration", new(notificationConfig), false, nil, nil},
	"tagging": {"BucketTagging", "Tagging", new(tagging), true,
		refuse(http.StatusNotFound, "NoSuchTagSet", "The TagSet does not exist"), func(v any) error {
			seen := map[string]bool{}
			for _, t := range v.(*tagging).TagSet.Tag {
				if t.Key == "" || seen[t.Key] || strings.HasPrefix(t.Key, "aws:") {
					return refuse(http.StatusBadRequest, "InvalidTag", "The tag provided was not a valid tag: %s", t.Key)
				}
				seen[t.Key] = true
			}
			return nil
		}},
}

func malformed() error {
	return misunderstood(http.StatusBadRequest, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
}

func validLifecycle(v any) error {
	ids := map[string]bool{}
	rules := v.(*lifecycleConfig).Rule
	for _, r := range rules {
		switch {
		case r.Status != "Enabled" && r.Status != "Disabled",
			(r.Prefix == nil) == (r.Filter == nil), // one of them, as of 2016
			r.Expiration == nil && r.NoncurrentVersionExpiration == nil && r.AbortIncompleteMultipartUpload == nil:
			return malformed()
		case r.ID != "" && ids[r.ID]:
			return refuse(http.StatusBadRequest, "InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule")
		}
		ids[r.ID] = true
	}
	if len(rules) == 0 {
		return malformed()
	}
	return nil
}

// configuration is a subresource's document.
func configuration(root string, value any) []byte {
	body, err := xml.Marshal(element{root, value})
	if err != nil {
		panic(err) // only values that are made here
	}
	return []byte(strings.Replace(string(body), "<"+root+">", "<"+root+` xmlns="`+s3Namespace+`">`, 1))
}

func getConfiguration(name string, kind configurationKind) func(*Cloud, *call, *bucket) (answer, error) {
	return func(_ *Cloud, _ *call, b *bucket) (answer, error) {
		body, ok := b.config[name]
		switch {
		case ok:
		case kind.none != nil:
			return answer{}, refuse(kind.none.status, kind.none.code, "%s", kind.none.message)
		default:
			body = configuration(kind.root, struct{}{})
		}
		return answer{header: map[string]string{"Content-Type": "application/xml"}, body: append([]byte(xml.Header), body...)}, nil
	}
}

func putConfiguration(name string, kind configurationKind) func(*Cloud, *call, *bucket) (answer, error) {
	return func(_ *Cloud, q *call, b *bucket) (answer, error) {
		if err := checkSums(q.Header, q.body, kind.sum); err != nil {
			return answer{}, err
		}
		value := reflect.New(reflect.TypeOf(kind.of).Elem()).Interface()
		if err := readXML(q.body, kind.root, s3Namespace, value); err != nil {
			return answer{}, misunderstood(http.StatusBadRequest, "MalformedXML", "%v", err)
		}
		if kind.valid != nil {
			if err := kind.valid(value); err != nil {
				return answer{}, err
			}
		}
		b.config[name] = q.body
		if name == "tagging" {
			return answer{status: http.StatusNoContent}, nil
		}
		return answer{}, nil
	}
}

// read is what a subresource of a bucket holds.
func read[T any](b *bucket, name string) T {
	var value T
	if body, ok := b.config[name]; ok {
		_ = xml.Unmarshal(body, &value) // it was read before it was kept
	}
	return value
}

// versioning is "", "Enabled" or "Suspended".
func (b *bucket) versioning() string { return read[versioningConfig](b, "versioning").Status }

func getPolicy(_ *Cloud, _ *call, b *bucket) (answer, error) {
	if b.policy == "" {
		return answer{}, refuse(http.StatusNotFound, "NoSuchBucketPolicy", "The bucket policy does not exist")
	}
	return answer{header: map[string]string{"Content-Type": "application/json"}, body: []byte(b.policy)}, nil
}

func putPolicy(_ *Cloud, q *call, b *bucket) (answer, error) {
	if err := checkSums(q.Header, q.body, true); err != nil {
		return answer{}, err
	}
	if err := b.setPolicy(string(q.body)); err != nil {
		return answer{}, err
	}
	return answer{status: http.StatusNoContent}, nil
}

// setPolicy is refused for one that is no policy of the bucket, or a public one if these
// are blocked.
func (b *bucket) setPolicy(text string) error {
	var policy struct {
		Version   string
		Id        string
		Statement []struct {
			Sid, Effect                  string
			Principal, Action, Condition any
			Resource                     any
		}
	}
	if err := json.Unmarshal([]byte(text), &policy); err != nil || len(policy.Statement) == 0 {
		return refuse(http.StatusBadRequest, "MalformedPolicy", "Policies must be valid JSON and the first byte must be '{'")
	}
	for _, s := range policy.Statement {
		if s.Effect != "Allow" && s.Effect != "Deny" || s.Principal == nil || s.Action == nil {
			return refuse(http.StatusBadRequest, "MalformedPolicy", "Missing required field")
		}
		for _, resource := range texts(s.Resource) {
			_, name, _ := strings.Cut(resource, ":s3:::")
			if name, _, _ = strings.Cut(name, "/"); name != b.name {
				return refuse(http.StatusBadRequest, "MalformedPolicy", "Policy has invalid resource")
			}
		}
	}
	if public(text) && read[blockConfig](b, "publicAccessBlock").BlockPublicPolicy == "true" {
		return refuse(http.StatusForbidden, "AccessDenied", "User is not authorized to perform: s3:PutBucketPolicy on resource: arn:aws:s3:::%s because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.", b.name)
	}
	b.policy = text
	return nil
}

func deletePolicy(_ *Cloud, _ *call, b *bucket) (answer, error) {
	b.policy = ""
	return answer{status: http.StatusNoContent}, nil
}

func policyStatus(_ *Cloud, _ *call, b *bucket) (answer, error) {
	if b.policy == "" {
		return answer{}, refuse(http.StatusNotFound, "NoSuchBucketPolicy", "The bucket policy does not exist")
	}
	return s3XML(struct {
		XMLName  xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ PolicyStatus"`
		IsPublic bool
	}{IsPublic: public(b.policy)}), nil
}

// public tells whether a policy allows something to everybody without a condition.
func public(text string) bool {
	var policy map[string]any
	_ = json.Unmarshal([]byte(text), &policy) // it was read before it was kept
	statements, _ := policy["Statement"].([]any)
	return slices.ContainsFunc(statements, func(s any) bool {
		everybody := cfn.At(s, "Principal") == "*" || slices.Contains(texts(cfn.At(s, "Principal", "AWS")), "*")
		return cfn.At(s, "Effect") == "Allow" && everybody && cfn.At(s, "Condition") == nil
	})
}

// texts is a text or a list of them as a list.
func texts(value any) []string {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		var list []string
		for _, v := range value {
			list = append(list, texts(v)...)
		}
		return list
	}
	return nil
}
