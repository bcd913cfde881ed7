package lint

import (
	"slices"
	"strings"
)

func viewerProtocol(c *checker) {
	for _, d := range c.distributions {
		for _, behavior := range d.behaviors() {
			for _, v := range behavior.get("ViewerProtocolPolicy") {
				if v.is("allow-all") {
					c.warnf("http-allowed", v, "write redirect-to-https", "viewers may ask over plain HTTP, where everybody in between reads along and changes what comes")
				}
			}
		}
	}
}

func forwardedValues(c *checker) {
	for _, d := range c.distributions {
		for _, behavior := range d.behaviors() {
			if v := behavior.at("ForwardedValues"); there(behavior, "ForwardedValues") {
				c.warnf("legacy-forwarded-values", v, "use a cache policy (CachePolicyId), and an origin request policy if the origin needs more; AWS's own CachingOptimized is 658327ea-f89d-4fab-a63d-7e88639e58f6",
					"ForwardedValues, with its TTLs, is of the past: it makes one list of what the origin gets and what is in the cache key, and does without Brotli")
			}
		}
	}
}

func trustedSigners(c *checker) {
	for _, d := range c.distributions {
		for _, behavior := range d.behaviors() {
			if signers, _ := behavior.list("TrustedSigners"); len(signers) > 0 {
				c.warnf("legacy-trusted-signers", behavior.at("TrustedSigners"), "use TrustedKeyGroups", "TrustedSigners is of the past: its keys belong to the account's root user")
			}
		}
	}
}

// writesToFunctions finds writes that a signed function URL takes only with their body's hash.
func writesToFunctions(c *checker) {
	for _, d := range c.distributions {
		for _, behavior := range d.behaviors() {
			if all := methods(behavior); !slices.Contains(all, "POST") && !slices.Contains(all, "PUT") {
				continue
			}
			for _, o := range d.targets(behavior) {
				if o.kind == functionOrigin && there(o.place, "OriginAccessControlId") && !o.at("OriginAccessControlId").is("") {
					c.warnf("writes-need-hash", behavior.at("AllowedMethods"), "leave POST and PUT out, or have the viewer send x-amz-content-sha256",
						"POST and PUT pass to a function URL behind an origin access control: unless the viewer sends the body's hash in x-amz-content-sha256, Lambda answers 403 (the signature does not match)")
				}
			}
		}
	}
}

// methodSets are the sets of methods that a behavior can let pass, sorted.
// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_AllowedMethods.html
var methodSets = []string{"GET HEAD", "GET HEAD OPTIONS", "DELETE GET HEAD OPTIONS PATCH POST PUT"}

// methodsTaken sees that a behavior lets methods pass as CloudFront can, and to a group
// only those that read.
func methodsTaken(c *checker) {
	for _, d := range c.distributions {
		for _, behavior := range d.behaviors() {
			at := behavior.at("AllowedMethods")
			items, whole := behavior.list("AllowedMethods")
			all := methods(behavior)
			if !whole || len(all) == 0 || slices.ContainsFunc(items, func(v place) bool { return v.unknown() || len(v.given) > 0 }) {
				continue
			}
			slices.Sort(all)
			if !slices.Contains(methodSets, strings.Join(slices.Compact(all), " ")) {
				c.errorf("methods", at, "write [GET, HEAD], [GET, HEAD, OPTIONS] or all seven", "CloudFront lets one of three sets of methods pass, and %s is none; it refuses it with InvalidArgument", listed(all))
				continue
			}
			for _, v := range behavior.get("TargetOriginId") {
				if id, ok := v.text(); ok && d.groups[id] != nil && slices.Contains(all, "POST") {
					c.errorf("methods", at, "write [GET, HEAD] or [GET, HEAD, OPTIONS]", "the behavior asks an origin group, which takes GET, HEAD and OPTIONS only; CloudFront refuses it with InvalidArgument")
				}
			}
		}
	}
}

// unreachable finds behaviors behind one that takes everything.
func unreachable(c *checker) {
	for _, d := range c.distributions {
		behaviors, _ := d.config.list("CacheBehaviors")
		seen := map[string]place{}
		for _, behavior := range behaviors {
			pattern, ok := behavior.at("PathPattern").text()
			if !ok {
				continue
			}
			pattern = "/" + strings.TrimPrefix(pattern, "/")
			for _, before := range []string{pattern, "/*"} {
				if first, taken := seen[before]; taken && together(first, behavior) {
					c.warnf("behavior-unreachable", behavior.at("PathPattern"), "put the more specific pattern first", "no request comes here: the behavior of %s before it takes them all", before)
					break
				}
			}
			seen[pattern] = behavior
		}
	}
}

func rootObject(c *checker) {
	for _, d := range c.distributions {
		for _, v := range d.config.get("DefaultRootObject") {
			if strings.HasPrefix(v.words(), "/") {
				c.errorf("root-object-slash", v, "take the slash away", "DefaultRootObject %q begins with a slash, and is then not found; / answers 403 or 404", shown(v.words()))
			}
		}
	}
}

func comment(c *checker) {
	for _, d := range c.distributions {
		if text, ok := d.config.at("Comment").text(); ok && len([]rune(text)) > 128 {
			c.errorf("comment-length", d.config.at("Comment"), "make it shorter", "the comment has %d characters, and CloudFront takes 128", len([]rune(text)))
		}
	}
}
