package awsfake

import (
	"encoding/json"
	"strings"

	"photofit/internal/cfn"
)

func putBucketResource(c *Cloud, s *stack, r *resource) string {
	name := r.physical
	if name == "" {
		if name = text(r.properties["BucketName"]); name == "" {
			name = strings.ToLower(s.name + "-" + r.id + "-" + r.unique(12))
		}
		switch {
		case !bucketName.MatchString(name):
			return handled("Bucket name should not contain uppercase characters or be longer than 63: "+name, "S3", 400, "InvalidRequest")
		case c.buckets[name] != nil:
			return name + " already exists (Service: S3, Status Code: 0, Request ID: null)"
		}
		c.addBucket(name, s.region)
		r.physical = name
		domain := name + ".s3." + s.region + ".amazonaws.com"
		r.attributes = map[string]string{"Arn": "arn:" + partition(s.region) + ":s3:::" + name, "DomainName": name + ".s3.amazonaws.com", "RegionalDomainName": domain,
			"DualStackDomainName": name + ".s3.dualstack." + s.region + ".amazonaws.com", "WebsiteURL": "http://" + name + ".s3-website." + s.region + ".amazonaws.com"}
	}
	b := c.buckets[name]
	if b == nil {
		return handled("The specified bucket does not exist", "S3", 404, "NotFound")
	}
	p := r.properties
	set := func(subresource, root string, value any, there bool) {
		if there {
			b.config[subresource] = configuration(root, value)
		}
	}
	block, ok := p["PublicAccessBlockConfiguration"].(cfn.Object)
	set("publicAccessBlock", "PublicAccessBlockConfiguration", blockConfig{text(block["BlockPublicAcls"]), text(block["BlockPublicPolicy"]), text(block["IgnorePublicAcls"]), text(block["RestrictPublicBuckets"])}, ok)
	ownership := text(cfn.At(p, "OwnershipControls", "Rules", 0, "ObjectOwnership"))
	set("ownershipControls", "OwnershipControls", ownershipConfig{[]ownershipRule{{ownership}}}, ownership != "")
	algorithm := text(cfn.At(p, "BucketEncryption", "ServerSideEncryptionConfiguration", 0, "ServerSideEncryptionByDefault", "SSEAlgorithm"))
	set("encryption", "ServerSideEncryptionConfiguration", encryptionConfig{[]encryptionRule{{Default: &encryptionDefault{
		Key: text(cfn.At(p, "BucketEncryption", "ServerSideEncryptionConfiguration", 0, "ServerSideEncryptionByDefault", "KMSMasterKeyID")), Algorithm: algorithm}}}}, algorithm != "")
	versioning := text(cfn.At(p, "VersioningConfiguration", "Status"))
	set("versioning", "VersioningConfiguration", versioningConfig{Status: versioning}, versioning != "")
	bridge := text(cfn.At(p, "NotificationConfiguration", "EventBridgeConfiguration", "EventBridgeEnabled")) == "true"
	set("notification", "NotificationConfiguration", notificationConfig{EventBridgeConfiguration: &struct{}{}}, bridge)
	rules, _ := cfn.At(p, "LifecycleConfiguration", "Rules").([]any)
	delete(b.config, "lifecycle")
	if len(rules) > 0 {
		b.config["lifecycle"] = configuration("LifecycleConfiguration", lifecycleOf(rules))
	}
	list := []tag{{"aws:cloudformation:logical-id", r.id}, {"aws:cloudformation:stack-id", s.id}, {"aws:cloudformation:stack-name", s.name}}
	own, _ := p["Tags"].([]any)
	for _, t := range own {
		list = append(list, tag{text(cfn.At(t, "Key")), text(cfn.At(t, "Value"))})
	}
	b.config["tagging"] = configuration("Tagging", tagging{tagSet{append(list, s.tags...)}})
	return ""
}

func lifecycleOf(rules []any) lifecycleConfig {
	var made lifecycleConfig
	for _, rule := range rules {
		prefix := text(cfn.At(rule, "Prefix"))
		l := lifecycleRule{ID: text(cfn.At(rule, "Id")), Status: text(cfn.At(rule, "Status")), Filter: &lifecycleFilter{Prefix: &prefix}}
		if days := cfn.At(rule, "ExpirationInDays"); days != nil {
			l.Expiration = &lifecycleExpiration{Days: atoi(days)}
		}
		if days := cfn.At(rule, "AbortIncompleteMultipartUpload", "DaysAfterInitiation"); days != nil {
			l.AbortIncompleteMultipartUpload = &lifecycleAbort{atoi(days)}
		}
		if days := cfn.At(rule, "NoncurrentVersionExpiration", "NoncurrentDays"); days != nil {
			l.NoncurrentVersionExpiration = &lifecycleNoncurrent{NoncurrentDays: atoi(days)}
		}
		made.Rule = append(made.Rule, l)
	}
	return made
}

func removeBucketResource(c *Cloud, _ *stack, r *resource) string {
	b := c.buckets[r.physical]
	if b == nil {
		return ""
	}
	if err := b.empty(); err != nil {
		return handled(err.(*refusal).message, "S3", 409, "GeneralServiceException")
	}
	delete(c.buckets, r.physical)
	return ""
}

func putBucketPolicyResource(c *Cloud, _ *stack, r *resource) string {
	b := c.buckets[text(r.properties["Bucket"])]
	if b == nil || b.foreign {
		return handled("The specified bucket does not exist", "S3", 404, "NotFound")
	}
	if r.physical == "" && b.policy != "" {
		return "The bucket policy already exists on bucket " + b.name + "."
	}
	document, err := json.Marshal(r.properties["PolicyDocument"])
	if err != nil {
		return err.Error()
	}
	if err := b.setPolicy(string(document)); err != nil {
		return handled(err.(*refusal).message, "S3", err.(*refusal).status, "InvalidRequest")
	}
	r.physical = b.name
	return ""
}

func removeBucketPolicyResource(c *Cloud, _ *stack, r *resource) string {
	if b := c.buckets[r.physical]; b != nil {
		b.policy = ""
	}
	return ""
}
