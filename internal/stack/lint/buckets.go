package lint

import (
	"slices"
	"strings"
)

// enforced tells whether a bucket surely has no ACLs: BucketOwnerEnforced, which is
// also what is left out since April 2023.
func enforced(bucket *resource) bool {
	for _, controls := range bucket.props.get("OwnershipControls") {
		if controls.absent {
			continue
		}
		rules, _ := controls.list("Rules")
		if len(rules) == 0 || slices.ContainsFunc(rules, func(v place) bool { return !v.at("ObjectOwnership").is("BucketOwnerEnforced") }) {
			return false
		}
	}
	return true
}

// ignored are the ACLs that a bucket may have that has none: they are about objects.
var ignored = []string{"Private", "BucketOwnerRead", "BucketOwnerFullControl"}

// acls sees that there are ACLs where one is set.
func acls(c *checker) {
	for _, r := range c.of("AWS::S3::Bucket") {
		for _, v := range r.props.get("AccessControl") {
			if v.absent || v.unknown() || !enforced(r) || slices.ContainsFunc(ignored, v.is) {
				continue
			}
			c.errorf("acl-under-bucket-owner-enforced", v, "take AccessControl out and grant by a bucket policy; for logs of CloudFront's set OwnershipControls to BucketOwnerPreferred",
				"the bucket has the ACL %s and no ACLs (BucketOwnerEnforced, the default since April 2023); S3 refuses it with InvalidBucketAclWithObjectOwnership", v.words())
		}
	}
}

// logBuckets sees that CloudFront can write its logs: the old kind needs ACLs.
func logBuckets(c *checker) {
	for _, d := range c.distributions {
		for _, v := range d.config.get("Logging", "Bucket") {
			if r := c.pointed(v, "AWS::S3::Bucket"); r != nil && enforced(r) {
				c.errorf("log-bucket-without-acl", v, "give "+r.name+" OwnershipControls of BucketOwnerPreferred, or deliver the logs by AWS::Logs::Delivery", "CloudFront writes these logs by an ACL, and the bucket %s has none (BucketOwnerEnforced, the default since April 2023); CloudFront refuses it with InvalidArgument", r.name)
			}
			if text, ok := v.text(); ok && text != "" && !strings.Contains(text, ".") {
				c.errorf("log-bucket-name", v, "write "+text+".s3.amazonaws.com", "Logging names a bucket, and CloudFront wants its domain name; it refuses it with InvalidArgument")
			}
		}
	}
}

var blocks = []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"}

// publicBuckets looks at what anybody may do with a bucket.
func publicBuckets(c *checker) {
	for _, s := range c.statements("AWS::S3::BucketPolicy") {
		if !s.allows() || !s.everybody() || there(s.place, "Condition") {
			continue
		}
		bucket := c.pointed(s.of.props.at("Bucket"), "AWS::S3::Bucket")
		if bucket != nil && blocked(bucket, "BlockPublicPolicy", "RestrictPublicBuckets") {
			c.errorf("public-policy-blocked", s.place, "grant to CloudFront alone (an origin access control); or, if all of it is for everybody, set BlockPublicPolicy and RestrictPublicBuckets to false",
				"the policy lets anybody in, and the bucket %s blocks such policies (the default since April 2023): S3 answers AccessDenied", bucket.name)
			continue
		}
		writes := slices.ContainsFunc([]string{"s3:PutObject", "s3:DeleteObject", "s3:PutBucketPolicy"}, s.may)
		if writes {
			c.warnf("public-bucket", s.at("Action"), "take the writing actions out, or name who may", "anybody may write to the bucket, or delete what is in it")
			continue
		}
		c.warnf("public-bucket", s.place, "keep the bucket private, and let CloudFront in by an origin access control", "anybody may read the bucket, past CloudFront and at the owner's cost")
	}
	for _, r := range c.of("AWS::S3::Bucket") {
		if there(r.props, "WebsiteConfiguration") {
			continue // such a bucket is meant to be public
		}
		for _, config := range r.props.get("PublicAccessBlockConfiguration") {
			for _, name := range blocks {
				if v := config.at(name); v.is("false") {
					c.warnf("public-access-not-blocked", v, "write true", "%s is off, so a policy or an ACL can open the bucket to anybody", name)
				}
			}
		}
	}
}

// blocked tells whether public access is surely blocked, in one of some ways.
// Where there is a configuration, what is left out of it is off.
func blocked(bucket *resource, names ...string) bool {
	for _, config := range bucket.props.get("PublicAccessBlockConfiguration") {
		on := slices.ContainsFunc(names, func(name string) bool { return config.at(name).is("true") })
		if !config.absent && (config.unknown() || !on) {
			return false
		}
	}
	return true
}

// bucketLives looks at what becomes of a bucket with its stack.
func bucketLives(c *checker) {
	for _, r := range c.of("AWS::S3::Bucket") {
		policy := r.at.at("DeletionPolicy")
		versioned := slices.ContainsFunc(r.props.get("VersioningConfiguration", "Status"), func(v place) bool { return v.is("Enabled") })
		switch {
		case policy.absent:
			c.warnf("bucket-without-deletion-policy", r.at, "write DeletionPolicy: RetainExceptOnCreate if its files are to outlive the stack, or Delete if each can be made anew", "nothing says what becomes of the bucket with its stack: CloudFormation deletes it, or fails to as long as it holds anything (DELETE_FAILED)")
		case versioned && policy.is("Delete"):
			c.warnf("versioned-bucket-deleted", policy, "write RetainExceptOnCreate", "the bucket keeps versions of its files, and goes with the stack: CloudFormation deletes it, or fails to as long as it holds any (DELETE_FAILED)")
		case !policy.is("Delete") && !policy.unknown() && r.at.at("UpdateReplacePolicy").absent:
			c.warnf("bucket-without-deletion-policy", policy, "add UpdateReplacePolicy: Retain", "the bucket outlives its stack, but not a change that replaces it")
		}
	}
}

// keyPolicies sees that CloudFront may use the key of the bucket that it signs requests to.
func keyPolicies(c *checker) {
	for _, d := range c.distributions {
		for _, o := range d.origins {
			if o.kind != bucketOrigin || o.behind == nil || !there(o.place, "OriginAccessControlId") || o.at("OriginAccessControlId").is("") {
				continue
			}
			at := kmsKey(o.behind)
			if at == nil {
				continue
			}
			const fix = "let its policy allow kms:Decrypt to cloudfront.amazonaws.com, with aws:SourceArn the distribution's"
			if at.absent || at.is("alias/aws/s3") {
				c.errorf("kms-key-lacks-cloudfront", *at, "use a key of your own, or SSE-S3 (AES256)", "the bucket %s is encrypted with the key aws/s3, whose policy cannot be changed and does not know CloudFront: S3 answers 403", o.behind.name)
				continue
			}
			key := c.pointed(*at, "AWS::KMS::Key")
			if key == nil {
				continue
			}
			may := false
			for _, document := range documents(key) {
				may = may || document.unknown()
				for _, s := range statementsOf(key, document) {
					may = may || s.allows() && s.may("kms:Decrypt") && (slices.Contains(s.services(), "cloudfront.amazonaws.com") || s.everybody())
				}
			}
			if !may {
				c.errorf("kms-key-lacks-cloudfront", key.props.at("KeyPolicy"), fix, "the bucket %s is encrypted with the key %s, which CloudFront may not use: S3 answers 403", o.behind.name, key.name)
			}
		}
	}
}

// notificationGrants sees that a bucket which calls a function is made after the
// grant that lets it: S3 looks when the bucket is made.
func notificationGrants(c *checker) {
	for _, r := range c.of("AWS::S3::Bucket") {
		items, _ := r.props.list("NotificationConfiguration", "LambdaConfigurations")
		for _, item := range items {
			function := c.pointed(item.at("Function"), "AWS::Lambda::Function")
			if function == nil || !c.mayCall(function, "s3.amazonaws.com") {
				continue
			}
			waits := false
			for _, on := range c.dependsOn(r) {
				name, _ := on.value.(string)
				waits = waits || c.byName[name] != nil && c.byName[name].kind == "AWS::Lambda::Permission"
			}
			if !waits {
				c.warnf("notification-before-grant", item.at("Function"), "let the bucket wait for the Permission (DependsOn), which then names the bucket's ARN as a text", "the bucket may be made before the grant that lets it call %s; S3 then answers \"Unable to validate the following destination configurations\"", function.name)
			}
		}
	}
}
