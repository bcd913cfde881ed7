package lint

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// passHost are the origin request policies of AWS's own that let the Host header pass.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
var passHost = map[string]string{
	"216adef6-5c7f-47e4-b989-5492eafa07d3": "AllViewer",
	"33f36d7e-f396-46d9-90e0-52428a34d9dc": "AllViewerAndCloudFrontHeaders-2022-06",
}

// hostForwarded sees that a bucket or a function URL is asked under its own name.
func hostForwarded(c *checker) {
	const fix = "let all but Host pass: AWS's own origin request policy AllViewerExceptHostHeader is b689b0a8-53d0-40ab-baf2-68738e2966ac"
	for _, d := range c.distributions {
		for _, behavior := range d.behaviors() {
			if !d.asks(behavior, bucketOrigin, functionOrigin, websiteOrigin) {
				continue
			}
			say := func(v place) {
				c.errorf("host-forwarded", v, fix, "the viewer's Host header is passed on to %s, which knows its own name only: S3 answers NoSuchBucket or SignatureDoesNotMatch, a function URL 403", orWhat(strings.Join(c.behindNames(d, behavior), " and "), "the origin"))
			}
			headers, _ := behavior.list("ForwardedValues", "Headers")
			for _, v := range headers {
				if v.is("Host") || v.is("*") {
					say(v)
				}
			}
			for _, id := range behavior.get("OriginRequestPolicyId") {
				if text, ok := id.text(); ok && passHost[strings.ToLower(text)] != "" {
					say(id)
				}
				if r := c.pointed(id, "AWS::CloudFront::OriginRequestPolicy"); r != nil {
					for _, config := range r.props.get("OriginRequestPolicyConfig", "HeadersConfig") {
						if passes(config) {
							say(config)
						}
					}
				}
			}
			for _, id := range behavior.get("CachePolicyId") {
				if r := c.pointed(id, "AWS::CloudFront::CachePolicy"); r != nil {
					for _, config := range r.props.get("CachePolicyConfig", "ParametersInCacheKeyAndForwardedToOrigin", "HeadersConfig") {
						if passes(config) {
							say(config)
						}
					}
				}
			}
		}
	}
}

// passes tells whether a HeadersConfig lets Host pass.
func passes(config place) bool {
	behavior := config.at("HeaderBehavior")
	if behavior.is("allViewer") || behavior.is("allViewerAndWhitelistCloudFront") {
		return true
	}
	return behavior.is("whitelist") && listsHeader(config, "Host") || behavior.is("allExcept") && !listsHeader(config, "Host")
}

func listsHeader(config place, name string) bool {
	headers, _ := config.list("Headers")
	for _, v := range headers {
		if v.is(name) {
			return true
		}
	}
	return false
}

// behindNames are the ids of the origins that a behavior asks.
func (c *checker) behindNames(d *distribution, behavior place) (all []string) {
	for _, o := range d.targets(behavior) {
		if o.kind != otherOrigin {
			all = append(all, strconv.Quote(strings.Join(o.ids, " or ")))
		}
	}
	return all
}

// negotiates is how code of an edge function looks at Accept.
var negotiates = regexp.MustCompile(`headers\s*(\.accept\b|\[\s*['"]accept['"]\s*\])`)

// vary sees that an answer which depends on Accept says so, where a bucket
// gives it: S3 says nothing of it.
func vary(c *checker) {
	for _, d := range c.distributions {
		for _, behavior := range d.behaviors() {
			if !d.asks(behavior, bucketOrigin) || !c.negotiated(behavior) || c.varies(behavior) {
				continue
			}
			c.warnf("vary-missing", behavior, "add a response headers policy with the custom header Vary: Accept", "the answer depends on Accept, and nothing sets Vary: Accept: a cache in between gives one browser's format to another that cannot show it")
		}
	}
}

func (c *checker) negotiated(behavior place) bool {
	headers, _ := behavior.list("ForwardedValues", "Headers")
	for _, v := range headers {
		if v.is("Accept") {
			return true
		}
	}
	for _, id := range behavior.get("CachePolicyId") {
		if r := c.pointed(id, "AWS::CloudFront::CachePolicy"); r != nil {
			for _, config := range r.props.get("CachePolicyConfig", "ParametersInCacheKeyAndForwardedToOrigin", "HeadersConfig") {
				if config.at("HeaderBehavior").is("whitelist") && listsHeader(config, "Accept") {
					return true
				}
			}
		}
	}
	functions, _ := behavior.list("FunctionAssociations")
	for _, f := range functions {
		if r := c.pointed(f.at("FunctionARN"), "AWS::CloudFront::Function"); r != nil && f.at("EventType").is("viewer-request") && negotiates.MatchString(strings.ToLower(r.props.at("FunctionCode").words())) {
			return true
		}
	}
	return false
}

// managedHeaders are AWS's own response headers policies. None of them sets Vary.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-response-headers-policies.html
var managedHeaders = []string{
	"60669652-455b-4ae9-85a4-c4c02393f86c", "5cc3b908-e619-4b99-88e5-2cf7f45965bd", "67f7725c-6f97-4210-82d7-5512b31e9d03",
	"e61eb60c-9c35-4d20-a928-2b84e02af89c", "eaab4381-ed33-4a86-88ca-d9558dc6cd63",
}

// variesByAccept tells whether the value of a Vary may have Accept in it.
func variesByAccept(value place) bool {
	text, known := value.text()
	return !known || slices.ContainsFunc(strings.Split(text, ","), func(name string) bool {
		name = strings.TrimSpace(name)
		return strings.EqualFold(name, "Accept") || name == "*"
	})
}

// varies tells whether a Vary may be set.
func (c *checker) varies(behavior place) bool {
	for _, id := range behavior.get("ResponseHeadersPolicyId") {
		if id.absent || id.value == nil {
			continue
		}
		r := c.pointed(id, "AWS::CloudFront::ResponseHeadersPolicy")
		if text, known := id.text(); r == nil && !(known && slices.Contains(managedHeaders, strings.ToLower(text))) {
			return true // who knows
		}
		if r == nil {
			continue
		}
		items, whole := r.props.list("ResponseHeadersPolicyConfig", "CustomHeadersConfig")
		for _, item := range items {
			if item.unknown() || item.at("Header").is("Vary") && variesByAccept(item.at("Value")) {
				return true
			}
		}
		if !whole {
			return true
		}
	}
	functions, _ := behavior.list("FunctionAssociations")
	lambdas, _ := behavior.list("LambdaFunctionAssociations")
	for _, f := range append(functions, lambdas...) {
		if f.at("EventType").is("viewer-response") || f.at("EventType").is("origin-response") {
			return true // it may set it
		}
	}
	return false
}
