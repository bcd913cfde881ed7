package lint

import (
	"slices"
	"strings"

	"photofit/internal/cfn"
)

// statements sees that policies are of the form that IAM takes.
func statements(c *checker) {
	for _, r := range c.resources {
		for _, document := range documents(r) {
			if document.absent || document.unknown() {
				continue
			}
			if v := document.at("Version"); !v.absent && !v.unknown() && !v.is("2012-10-17") && !v.is("2008-10-17") {
				c.errorf("policy-version", v, `write Version: "2012-10-17"`, "the policy's Version is %q; IAM knows 2012-10-17 and refuses others with MalformedPolicyDocument", shown(v.words()))
			}
			for _, s := range statementsOf(r, document) {
				for _, key := range []string{"Effect", "Action"} {
					if s.at(key).absent && s.at("Not"+key).absent {
						c.errorf("policy-statement", s.place, "add "+key, "the statement has no %s; IAM refuses it with MalformedPolicyDocument", key)
					}
				}
				if v := s.at("Effect"); !v.absent && !v.unknown() && v.value != "Allow" && v.value != "Deny" {
					c.errorf("policy-statement", v, "write Allow or Deny", "the statement's Effect is %q; IAM takes Allow or Deny", shown(v.words()))
				}
				for _, action := range s.actions {
					if action != "*" && !strings.Contains(action, ":") && !strings.Contains(action, hole) {
						c.errorf("policy-action", s.at("Action"), "write the service in front, such as s3:"+action, "%q names no service; IAM refuses it with MalformedPolicyDocument", short(action))
					}
				}
				resourcePolicy := !strings.HasPrefix(r.kind, "AWS::IAM::")
				trust := slices.Contains(s.path, any("AssumeRolePolicyDocument"))
				if (resourcePolicy || trust) && s.at("Principal").absent && s.at("NotPrincipal").absent {
					c.errorf("policy-statement", s.place, "add Principal: for whom it is", "the statement has no Principal, and a policy of a resource needs one")
				}
				if !resourcePolicy && !trust && len(s.resources) == 0 && s.at("NotResource").absent && s.at("Resource").absent {
					c.errorf("policy-statement", s.place, "add Resource", "the statement has no Resource; IAM refuses it with MalformedPolicyDocument")
				}
			}
		}
	}
}

// bucketActions and objectActions are what is done with a bucket, and with what
// is in it.
var (
	bucketOnly = []string{"s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketLocation", "s3:ListBucketMultipartUploads"}
	objectOnly = []string{"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectVersion", "s3:PutObjectAcl"}
)

// bucketActions sees that what is granted on a bucket is something that is done with a
// bucket, and likewise of objects.
func bucketActions(c *checker) {
	for _, s := range c.statements("AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy", "AWS::S3::BucketPolicy") {
		if !s.allows() || len(s.resources) == 0 {
			continue
		}
		buckets, objects, others := 0, 0, 0
		for _, v := range s.resources {
			switch c.aboutS3(v) {
			case "bucket":
				buckets++
			case "objects":
				objects++
			default:
				others++
			}
		}
		if others > 0 || buckets > 0 && objects > 0 {
			continue
		}
		for _, action := range s.actions {
			if buckets > 0 && slices.Contains(objectOnly, action) {
				c.errorf("s3-resource-mismatch", s.at("Resource"), "write the ARN with /* behind it", "%s is done with objects (ARN/*), and the statement is about the bucket alone: it grants nothing, and S3 answers 403", action)
			}
			if objects > 0 && slices.Contains(bucketOnly, action) {
				c.errorf("s3-resource-mismatch", s.at("Resource"), "write the bucket's ARN, without /*", "%s is done with a bucket, and the statement is about objects alone: it grants nothing, and S3 answers 403", action)
			}
		}
	}
}

// aboutS3 tells what an ARN is of: a bucket, or objects; or neither, or who knows.
func (c *checker) aboutS3(arn place) string {
	words := arn.words()
	bucket := c.pointed(arn, "AWS::S3::Bucket")
	name, attribute := arn.target()
	_, rest, isS3 := strings.Cut(words, ":s3:::")
	switch {
	case bucket != nil && name == bucket.name && attribute == "Arn":
		return "bucket"
	case isS3 && rest == hole && bucket != nil, isS3 && !strings.ContainsAny(rest, hole+"*?/"):
		return "bucket"
	case isS3 && strings.Contains(rest, "/"), bucket != nil && strings.HasPrefix(words, hole+"/"):
		return "objects"
	}
	return ""
}

func allRights(c *checker) {
	for _, s := range c.statements("AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy") {
		anything := slices.ContainsFunc(s.resources, func(v place) bool { return v.is("*") })
		if s.allows() && anything && slices.Contains(s.actions, "*") {
			c.warnf("all-rights", s.place, "list what is needed, and on what", "the statement allows everything on everything")
		}
	}
}

// assumable sees that Lambda may take on the role of a function.
func assumable(c *checker) {
	told := map[string]bool{}
	for _, f := range c.of("AWS::Lambda::Function") {
		role := c.pointed(f.props.at("Role"), "AWS::IAM::Role")
		if role == nil || told[role.name] {
			continue
		}
		may, known := false, false
		for _, document := range role.props.get("AssumeRolePolicyDocument") {
			for _, s := range statementsOf(role, document) {
				known = true
				for _, service := range s.services() {
					may = may || s.allows() && matches(service, "lambda.amazonaws.com") && (s.may("sts:AssumeRole"))
				}
			}
		}
		if known && !may {
			told[role.name] = true
			c.errorf("role-not-assumable", role.props.at("AssumeRolePolicyDocument"), "allow sts:AssumeRole to the service lambda.amazonaws.com", "the function %s has the role %s, which Lambda may not take on; it refuses with \"The role defined for the function cannot be assumed by Lambda\"", f.name, role.name)
		}
	}
}

// missingListBucket finds who may read objects and not list the bucket: to them, a
// key that is not there is a 403.
func missingListBucket(c *checker) {
	for _, policy := range c.of("AWS::S3::BucketPolicy") {
		var reads *statement
		lists := false
		for _, s := range c.statements("AWS::S3::BucketPolicy") {
			if s.of.props.at("Bucket").words() != policy.props.at("Bucket").words() || !sameTarget(s.of.props.at("Bucket"), policy.props.at("Bucket")) || !s.allows() || !slices.Contains(s.services(), "cloudfront.amazonaws.com") {
				continue
			}
			if s.of == policy && s.may("s3:GetObject") && reads == nil {
				reads = &s
			}
			lists = lists || s.may("s3:ListBucket")
		}
		if reads == nil || lists || c.mapped403() {
			continue
		}
		c.warnf("no-list-bucket", reads.at("Action"), "allow s3:ListBucket on the bucket's ARN too, and see that nobody asks for the bucket's root; or give 403 a CustomErrorResponse",
			"CloudFront may read objects and not list the bucket, so S3 answers 403 and not 404 for a key that is not there")
	}
	for _, f := range c.of("AWS::Lambda::Function") {
		role := c.pointed(f.props.at("Role"), "AWS::IAM::Role")
		if role == nil || !c.hasURL(f) {
			continue
		}
		var reads *statement
		lists := false
		for _, s := range c.rights(role) {
			if s.may("s3:GetObject") && reads == nil {
				reads = &s
			}
			lists = lists || s.may("s3:ListBucket")
		}
		if reads != nil && !lists {
			c.warnf("no-list-bucket", reads.at("Action"), "allow s3:ListBucket on the bucket's ARN too", "the function %s may read objects and not list their bucket, so a key that is not there looks to it like a missing right (403)", f.name)
		}
	}
}

func sameTarget(a, b place) bool {
	x, _ := a.target()
	y, _ := b.target()
	return x == y
}

// rights are the statements that allow a role something.
func (c *checker) rights(role *resource) (all []statement) {
	for _, s := range c.statements("AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy") {
		if slices.Contains(s.path, any("AssumeRolePolicyDocument")) || !s.allows() {
			continue
		}
		its := s.of == role
		for _, list := range []string{"Roles", "RoleName"} {
			its = its || s.of != role && s.of.kind != "AWS::IAM::Role" && slices.ContainsFunc(s.of.props.at(list).refers(), func(u cfn.Use) bool { return u.Name == role.name })
		}
		if its {
			all = append(all, s)
		}
	}
	return all
}

// mapped403 tells whether a distribution has an answer of its own for 403.
func (c *checker) mapped403() bool {
	for _, d := range c.distributions {
		responses, _ := d.config.list("CustomErrorResponses")
		for _, r := range responses {
			if r.at("ErrorCode").is("403") && there(r, "ResponseCode") {
				return true
			}
		}
	}
	return false
}
