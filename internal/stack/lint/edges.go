package lint

import (
	"regexp"
	"strings"
)

// maxEdgeCode is CloudFront's quota for a function's code, in bytes.
const maxEdgeCode = 10_240

func edgeSize(c *checker) {
	for _, r := range c.of("AWS::CloudFront::Function") {
		for _, v := range r.props.get("FunctionCode") {
			if words := v.words(); len(words) > maxEdgeCode {
				c.errorf("edge-function-size", v, "make it smaller: take comments out, or minify it", "the function's code has %d bytes, and CloudFront takes %d", len(words), maxEdgeCode)
			}
		}
	}
}

// edgePublished sees that a function which is in use is the one that was written.
func edgePublished(c *checker) {
	for _, r := range c.of("AWS::CloudFront::Function") {
		for _, v := range r.props.get("AutoPublish") {
			if v.absent || v.is("false") {
				c.errorf("edge-function-unpublished", v, "write AutoPublish: true", "the function is made, or changed, in the stage DEVELOPMENT only: a distribution cannot use it, or goes on with the code that was published before")
			}
		}
	}
}

func edgeRuntime(c *checker) {
	for _, r := range c.of("AWS::CloudFront::Function") {
		for _, v := range r.props.get("FunctionConfig", "Runtime") {
			if v.is("cloudfront-js-1.0") {
				c.warnf("legacy-edge-runtime", v, "write cloudfront-js-2.0", "the runtime cloudfront-js-1.0 is of the past: it knows ES 5.1 only, and no key-value stores")
			}
		}
	}
}

// edgeEvents sees that an edge function is told of what it can be told of.
func edgeEvents(c *checker) {
	for _, d := range c.distributions {
		for _, behavior := range d.behaviors() {
			functions, _ := behavior.list("FunctionAssociations")
			for _, f := range functions {
				if v := f.at("EventType"); v.is("origin-request") || v.is("origin-response") {
					c.errorf("edge-function-event", v, "write viewer-request or viewer-response; at the origin only Lambda@Edge runs", "a CloudFront function runs at the viewer's side only, and not at %s; CloudFront refuses it with InvalidFunctionAssociation", v.words())
				}
			}
		}
	}
}

var versionedFunction = regexp.MustCompile(`:function:[^:]+:\d+$`)

// edgeLambdas sees that Lambda@Edge is named with a version.
func edgeLambdas(c *checker) {
	for _, d := range c.distributions {
		for _, behavior := range d.behaviors() {
			lambdas, _ := behavior.list("LambdaFunctionAssociations")
			for _, l := range lambdas {
				v := l.at("LambdaFunctionARN")
				words := v.words()
				name, attribute := v.target()
				whole := attribute == "Arn" && c.byName[name] != nil && c.byName[name].kind == "AWS::Lambda::Function"
				if whole || strings.HasSuffix(words, ":$LATEST") || !strings.Contains(words, hole) && !versionedFunction.MatchString(words) && words != "" {
					c.errorf("edge-lambda-version", v, "name a version of it: Ref of an AWS::Lambda::Version", "CloudFront runs a version of a function, with its number, and neither $LATEST nor an alias; it refuses it with InvalidLambdaFunctionAssociation")
				}
			}
		}
	}
}
