package lint

import (
	"regexp"
	"slices"
	"strings"
)

// urlOrigins are the origins that are function URLs of the template.
func (c *checker) urlOrigins() (all []*origin) {
	for _, d := range c.distributions {
		for _, o := range d.origins {
			if o.kind == functionOrigin && o.behind != nil {
				all = append(all, o)
			}
		}
	}
	return all
}

// hasURL tells whether a function has a URL.
func (c *checker) hasURL(f *resource) bool {
	return slices.ContainsFunc(c.of("AWS::Lambda::Url"), func(u *resource) bool {
		return c.pointed(u.props.at("TargetFunctionArn"), "AWS::Lambda::Function") == f
	})
}

// functionGrants sees that CloudFront may call a function URL: it needs two grants.
func functionGrants(c *checker) {
	told := map[*resource]bool{}
	for _, o := range c.urlOrigins() {
		function := c.pointed(o.behind.props.at("TargetFunctionArn"), "AWS::Lambda::Function")
		if function == nil || told[function] || !slices.ContainsFunc(o.behind.props.get("AuthType"), func(v place) bool { return v.is("AWS_IAM") }) {
			continue
		}
		told[function] = true
		if !there(o.place, "OriginAccessControlId") {
			c.errorf("function-url-unsigned", o.place, "add OriginAccessControlId, with an origin access control of the type lambda", "the function URL takes signed requests only (AWS_IAM), and CloudFront does not sign: it answers 403")
			continue
		}
		var url, invoke *resource
		for _, p := range c.of("AWS::Lambda::Permission") {
			if !c.mayBe(p.props.at("FunctionName"), function) || !p.props.at("Principal").is("cloudfront.amazonaws.com") {
				continue
			}
			switch v := p.props.at("Action"); {
			case v.is("lambda:InvokeFunctionUrl"):
				url = p
			case v.is("lambda:InvokeFunction"):
				invoke = p
			case v.is("lambda:*"):
				url, invoke = p, p
			}
		}
		const fix = "add an AWS::Lambda::Permission of lambda:InvokeFunctionUrl (FunctionUrlAuthType: AWS_IAM) and one of lambda:InvokeFunction (InvokedViaFunctionUrl: true), each for cloudfront.amazonaws.com with the distribution's SourceArn"
		switch {
		case c.transformed && (url == nil || invoke == nil): // a macro may add them
		case url == nil && invoke == nil:
			c.errorf("lambda-grants", o.behind.at, fix, "nothing lets CloudFront call %s: its URL answers 403", function.name)
		case url == nil:
			c.errorf("lambda-grants", invoke.at, fix, "CloudFront has lambda:InvokeFunction on %s and not lambda:InvokeFunctionUrl: its URL answers 403", function.name)
		case invoke == nil:
			c.errorf("lambda-grants", url.at, fix, "CloudFront has lambda:InvokeFunctionUrl on %s and not lambda:InvokeFunction: URLs made since October 2025 need both, and answer 403", function.name)
		default:
			for _, v := range url.props.get("FunctionUrlAuthType") {
				if v.is("NONE") {
					c.errorf("lambda-grants", v, "write FunctionUrlAuthType: AWS_IAM", "the grant is for URLs of the AuthType NONE, and that of %s is AWS_IAM: it answers 403", function.name)
				}
			}
			for _, v := range invoke.props.get("InvokedViaFunctionUrl") {
				if invoke != url && (v.absent || v.is("false")) {
					c.warnf("lambda-grants", invoke.at, "add InvokedViaFunctionUrl: true", "CloudFront may invoke %s in other ways than by its URL", function.name)
				}
			}
		}
	}
}

// acting are services that act for whoever told them to: without a source, for anybody.
var acting = []string{"cloudfront.amazonaws.com", "s3.amazonaws.com", "sns.amazonaws.com", "events.amazonaws.com", "apigateway.amazonaws.com"}

// grantSources sees that a grant to a service says for which of its resources.
func grantSources(c *checker) {
	for _, p := range c.of("AWS::Lambda::Permission") {
		principal, ok := p.props.at("Principal").text()
		if ok && slices.Contains(acting, principal) && !there(p.props, "SourceArn") && !there(p.props, "SourceAccount") {
			c.warnf("grant-without-source", p.at, "add SourceArn: the ARN of the distribution, bucket, topic or rule", "the grant is to %s, for whomever it acts: anybody's may call the function", principal)
		}
		if ok && principal == "*" && !there(p.props, "PrincipalOrgID") && !p.props.at("FunctionUrlAuthType").is("NONE") && !there(p.props, "SourceArn") {
			c.warnf("grant-without-source", p.props.at("Principal"), "name who may call it", "anybody may call the function")
		}
	}
	for _, s := range c.statements("AWS::SQS::QueuePolicy", "AWS::SQS::QueueInlinePolicy", "AWS::SNS::TopicPolicy", "AWS::S3::BucketPolicy") {
		for _, service := range s.services() {
			if s.allows() && slices.Contains(acting, service) && !sourced(s) {
				c.warnf("grant-without-source", s.place, "add Condition: {ArnEquals: {aws:SourceArn: ...}}, or StringEquals with aws:SourceAccount", "the grant is to %s, for whomever it acts: anybody's may use it", service)
			}
		}
	}
}

// bucketGrants sees that CloudFront may read the bucket that it signs requests to.
func bucketGrants(c *checker) {
	told := map[*resource]bool{}
	for _, d := range c.distributions {
		for _, o := range d.origins {
			if o.kind != bucketOrigin || o.behind == nil || told[o.behind] || !there(o.place, "OriginAccessControlId") || o.at("OriginAccessControlId").is("") {
				continue
			}
			told[o.behind] = true
			may := false
			for _, p := range c.of("AWS::S3::BucketPolicy") {
				if !c.mayBe(p.props.at("Bucket"), o.behind) {
					continue
				}
				for _, document := range documents(p) {
					may = may || document.unknown()
					for _, s := range statementsOf(p, document) {
						may = may || s.allows() && s.may("s3:GetObject") && (slices.Contains(s.services(), "cloudfront.amazonaws.com") || s.everybody())
					}
				}
			}
			if !may && !c.transformed {
				c.errorf("bucket-grant", o.place, "add a bucket policy that allows s3:GetObject on its objects to cloudfront.amazonaws.com, with aws:SourceArn the distribution's",
					"nothing lets CloudFront read the bucket %s: S3 answers 403", o.behind.name)
			}
		}
	}
}

// regional is a distribution's ARN with a region, which none has.
var regional = regexp.MustCompile(`^arn:[^:]*:cloudfront:[^:]+:`)

// sourceWildcards finds sources that nobody has: stars where they stand for
// themselves, distributions with a region.
func sourceWildcards(c *checker) {
	region := func(v place) {
		if regional.MatchString(v.words()) {
			c.errorf("source-with-region", v, "leave the region out: arn:aws:cloudfront::ACCOUNT:distribution/ID", "distributions have no region in their ARN, so this is nobody's: the answer is 403")
		}
	}
	for _, p := range c.of("AWS::Lambda::Permission") {
		for _, v := range p.props.get("SourceArn") {
			region(v)
		}
	}
	for _, s := range c.statements("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy", "AWS::KMS::Key") {
		s.conditions(func(operator, key string, value place) {
			if strings.EqualFold(key, "aws:SourceArn") {
				for _, v := range value.possible() {
					region(v)
				}
			}
			if operator != "StringEquals" || !strings.EqualFold(key, "aws:SourceArn") {
				return
			}
			for _, v := range value.possible() {
				if strings.Contains(v.words(), "*") {
					c.errorf("source-wildcard", v, "name the one ARN; where several are meant, use ArnLike", "StringEquals takes * as it stands, so aws:SourceArn %q is nobody's: the answer is 403", shown(v.words()))
				}
			}
		})
	}
}

// queueGrants sees that who is told to send to a queue or call a function may do so.
func queueGrants(c *checker) {
	may := func(queue *resource, service string) bool {
		policies := c.statements("AWS::SQS::QueuePolicy", "AWS::SQS::QueueInlinePolicy")
		return slices.ContainsFunc(policies, func(s statement) bool {
			queues, _ := s.of.props.list("Queues")
			of := slices.ContainsFunc(append(queues, s.of.props.at("Queue")), func(v place) bool { return c.mayBe(v, queue) })
			return of && s.allows() && s.may("sqs:SendMessage") && (slices.Contains(s.services(), service) || s.everybody() || len(s.services()) == 0)
		})
	}
	look := func(v place, service, what string) {
		if c.transformed {
			return // a macro may add them
		}
		if queue := c.pointed(v, "AWS::SQS::Queue"); queue != nil && !may(queue, service) {
			c.errorf("target-without-grant", v, "add an AWS::SQS::QueuePolicy that allows sqs:SendMessage to "+service, "%s sends to the queue %s and may not: %s", what, queue.name, map[bool]string{true: "S3 refuses the configuration", false: "the messages are lost without a word"}[service == "s3.amazonaws.com"])
		}
		if function := c.pointed(v, "AWS::Lambda::Function"); function != nil && !c.mayCall(function, service) {
			c.errorf("target-without-grant", v, "add an AWS::Lambda::Permission of lambda:InvokeFunction for "+service, "%s calls the function %s and may not: %s", what, function.name, map[bool]string{true: "S3 refuses the configuration", false: "the events are lost without a word"}[service == "s3.amazonaws.com"])
		}
	}
	for _, r := range c.of("AWS::Events::Rule") {
		items, _ := r.props.list("Targets")
		for _, target := range items {
			if !there(target, "RoleArn") {
				look(target.at("Arn"), "events.amazonaws.com", "the rule "+r.name)
			}
		}
	}
	for _, r := range c.of("AWS::S3::Bucket") {
		for _, kind := range []struct{ list, member string }{{"QueueConfigurations", "Queue"}, {"LambdaConfigurations", "Function"}} {
			items, _ := r.props.list("NotificationConfiguration", kind.list)
			for _, item := range items {
				look(item.at(kind.member), "s3.amazonaws.com", "the bucket "+r.name)
			}
		}
	}
}

// uses tells whether a value uses a name.
func uses(p place, name string) bool {
	for _, u := range p.refers() {
		if u.Name == name {
			return true
		}
	}
	return false
}

// mayCall tells whether a service may call a function.
func (c *checker) mayCall(function *resource, service string) bool {
	return slices.ContainsFunc(c.of("AWS::Lambda::Permission"), func(p *resource) bool {
		principal := p.props.at("Principal")
		return c.mayBe(p.props.at("FunctionName"), function) && (principal.is(service) || principal.is("*") || principal.unknown())
	})
}
