package lint

import (
	"fmt"
	"slices"
	"strings"
)

// targets sees that what a behavior or an origin group names is there.
func targets(c *checker) {
	for _, d := range c.distributions {
		var ids []string
		for _, o := range d.origins {
			ids = append(ids, o.ids...)
		}
		origins := slices.Clone(ids)
		for id := range d.groups {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		ids = slices.Compact(ids)
		if !d.whole {
			continue
		}
		for _, behavior := range d.behaviors() {
			for _, v := range behavior.get("TargetOriginId") {
				if id, ok := v.text(); ok && !d.manyIDs && !slices.Contains(ids, id) {
					fix := meant(id, ids, fmt.Sprintf("write the Id of an origin or origin group: %s", quoted(ids)))
					if strings.HasPrefix(id, "arn:") {
						fix = fmt.Sprintf("it is an origin's Id and no ARN: write %s", quoted(ids))
					}
					c.errorf("target-names-no-origin", v, fix, "TargetOriginId %q is the Id of no origin; CloudFront answers NoSuchOrigin", short(id))
				}
			}
		}
		groups, _ := d.config.list("OriginGroups")
		for _, group := range groups {
			members, _ := group.list("Members")
			for _, member := range members {
				for _, v := range member.get("OriginId") {
					id, ok := v.text()
					if !ok || slices.Contains(origins, id) {
						continue
					}
					c.errorf("target-names-no-origin", v, meant(id, origins, "write the Id of an origin: "+quoted(origins)), "the origin group names %q, which is the Id of no origin; CloudFront answers NoSuchOrigin", short(id))
				}
			}
		}
	}
}

func quoted(names []string) string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = fmt.Sprintf("%q", name)
	}
	return strings.Join(all, " or ")
}

// originPaths sees that an OriginPath is empty, or begins with a slash and ends
// with none.
func originPaths(c *checker) {
	for _, d := range c.distributions {
		for _, o := range d.origins {
			for _, v := range o.get("OriginPath") {
				switch words := v.words(); {
				case v.absent || words == "" || words == hole:
				case strings.HasSuffix(words, "/"):
					c.errorf("origin-path-slash", v, "leave OriginPath out, or take the slash from its end",
						"OriginPath %q ends in a slash; CloudFront refuses it with InvalidArgument, and would ask S3 for keys that begin with one", shown(words))
				case !strings.HasPrefix(words, "/") && !strings.HasPrefix(words, hole):
					c.errorf("origin-path-slash", v, "put a slash in front", "OriginPath %q does not begin with a slash; CloudFront refuses it with InvalidArgument", shown(words))
				}
			}
		}
	}
}

// shown is a text with holes, for people.
func shown(words string) string { return short(strings.ReplaceAll(words, hole, "${...}")) }

func originIDs(c *checker) {
	for _, d := range c.distributions {
		if len(d.origins) == 0 && d.whole && d.config.at("S3Origin").absent && d.config.at("CustomOrigin").absent {
			c.errorf("no-origins", d.config.at("Origins"), "add an origin", "the distribution has no origins; CloudFront wants one at least")
		}
		for i, o := range d.origins {
			for _, other := range d.origins[:i] {
				if len(o.ids) == 1 && slices.Equal(o.ids, other.ids) && together(o.place, other.place) {
					c.errorf("origin-id-twice", o.at("Id"), "give each origin an Id of its own", "two origins are called %q; CloudFront refuses it with InvalidArgument", o.ids[0])
				}
			}
		}
	}
}

// originDomains sees that a domain is a host's name and nothing else.
func originDomains(c *checker) {
	for _, d := range c.distributions {
		for _, o := range d.origins {
			for _, v := range o.get("DomainName") {
				words := v.words()
				name, attribute := v.target()
				switch {
				case attribute == "FunctionUrl" && c.byName[name] != nil && c.byName[name].kind == "AWS::Lambda::Url",
					attribute == "WebsiteURL":
					fix := `take its host: !Select [2, !Split ["/", !GetAtt ` + name + "." + attribute + "]]"
					c.errorf("origin-domain", v, fix, "%s is a URL (https://...), and DomainName a host's name; CloudFront refuses it with InvalidArgument", attribute)
				case attribute == "Arn", strings.HasPrefix(words, "arn:"):
					c.errorf("origin-domain", v, "use the bucket's RegionalDomainName", "DomainName is an ARN, and has to be a host's name; CloudFront refuses it with InvalidOrigin")
				case strings.Contains(words, "://") || strings.Contains(words, "/") || strings.Contains(words, " "):
					c.errorf("origin-domain", v, "write the host's name alone; a path belongs in OriginPath", "DomainName %q is no host's name; CloudFront refuses it with InvalidArgument", shown(words))
				case o.kind == bucketOrigin && (attribute == "DomainName" || globalEndpoint(words)):
					c.warnf("s3-global-endpoint", v, "use BUCKET.s3.REGION.amazonaws.com (RegionalDomainName)",
						"this is S3's global endpoint: outside us-east-1, for hours after the bucket is made, it redirects viewers (307) to the bucket itself, which refuses them with 403")
				case attribute == "" && c.byName[name] != nil && c.byName[name].kind == "AWS::S3::Bucket":
					c.errorf("origin-domain", v, "use !GetAtt "+name+".RegionalDomainName", "Ref of a bucket is its name, and DomainName a host's name; CloudFront refuses it with InvalidArgument")
				}
			}
		}
	}
}

func globalEndpoint(words string) bool {
	return strings.HasSuffix(words, ".s3.amazonaws.com")
}

// originConfigs sees that an origin is one of S3's, a custom one, or one in a VPC.
func originConfigs(c *checker) {
	for _, d := range c.distributions {
		for _, o := range d.origins {
			custom, bucket, vpc := there(o.place, "CustomOriginConfig"), there(o.place, "S3OriginConfig"), there(o.place, "VpcOriginConfig")
			words := o.domain.words()
			switch {
			case !custom && !bucket && !vpc:
				c.errorf("origin-config", o.place, "add S3OriginConfig: {OriginAccessIdentity: \"\"} for a bucket, or CustomOriginConfig for anything else",
					"the origin has neither S3OriginConfig nor CustomOriginConfig; CloudFront refuses it with InvalidArgument")
			case bucket && !custom && (o.kind == functionOrigin || o.kind == otherOrigin && !strings.Contains(words, hole) && strings.Contains(words, ".")):
				c.errorf("origin-config", o.at("S3OriginConfig"), "use CustomOriginConfig", "%s is no bucket's REST endpoint, so it cannot have S3OriginConfig; CloudFront refuses it with InvalidOrigin", shown(words))
			}
		}
	}
}

// there tells whether a member may be there.
func there(p place, names ...string) bool {
	for _, v := range p.get(names...) {
		if !v.absent && v.value != nil {
			return true
		}
	}
	return false
}

// websites sees that an S3 website is asked as one: over HTTP, and unsigned.
func websites(c *checker) {
	for _, d := range c.distributions {
		for _, o := range d.origins {
			if o.kind != websiteOrigin {
				continue
			}
			const fix = "use the bucket's REST endpoint (RegionalDomainName), or take the access control away"
			if there(o.place, "OriginAccessControlId") && !o.at("OriginAccessControlId").is("") {
				c.errorf("website-endpoint-with-oac", o.at("OriginAccessControlId"), fix, "the origin is the bucket's website endpoint, which takes no signed requests; CloudFront refuses it with InvalidDomainNameForOriginAccessControl")
			}
			if there(o.place, "S3OriginConfig") {
				c.errorf("website-endpoint-with-oac", o.at("S3OriginConfig"), fix+" and use CustomOriginConfig", "the origin is the bucket's website endpoint, which is a custom origin and not one of S3's; CloudFront refuses it with InvalidOrigin")
			}
			for _, v := range o.get("CustomOriginConfig", "OriginProtocolPolicy") {
				if v.is("https-only") || v.is("match-viewer") {
					c.errorf("website-endpoint-https", v, "write http-only, or use the REST endpoint", "the bucket's website endpoint speaks HTTP only; CloudFront answers 502 or 504")
				}
			}
		}
	}
}

// slowOrigins sees that CloudFront waits for a function as long as that may take, and does not ask
// it again meanwhile.
func slowOrigins(c *checker) {
	for _, d := range c.distributions {
		for _, o := range d.origins {
			if o.kind != functionOrigin || o.behind == nil {
				continue
			}
			function := c.pointed(o.behind.props.at("TargetFunctionArn"), "AWS::Lambda::Function")
			if function == nil {
				continue
			}
			for _, timeout := range function.props.numberOr(3, "Timeout") {
				for _, wait := range o.numberOr(30, "CustomOriginConfig", "OriginReadTimeout") {
					if timeout >= wait {
						c.warnf("timeout-exceeds-origin", function.props.at("Timeout"), fmt.Sprintf("make Timeout less than OriginReadTimeout, %v s", wait),
							"the function %s has %v s, and CloudFront waits %v s for it: viewers get a 504, while it goes on and is paid for", function.name, timeout, wait)
					}
				}
				for _, attempts := range o.numberOr(3, "ConnectionAttempts") {
					if timeout >= 10 && attempts > 1 {
						c.warnf("connection-attempts", o.at("ConnectionAttempts"), "write ConnectionAttempts: 1", "CloudFront asks an origin that does not answer in time %v times, so a slow run of %s is repeated", attempts, function.name)
					}
				}
			}
		}
	}
}

// lackURLs are the regions without function URLs.
// https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
var lackURLs = []string{"ap-south-2", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ap-east-2", "ca-west-1", "eu-south-2", "eu-central-2", "il-central-1", "me-central-1"}

func functionRegions(c *checker) {
	for _, d := range c.distributions {
		for _, o := range d.origins {
			_, rest, ok := strings.Cut(o.domain.words(), ".lambda-url.")
			if region, _, _ := strings.Cut(rest, "."); ok && slices.Contains(lackURLs, region) {
				c.errorf("function-url-region", o.domain, "use another region", "Lambda has no function URLs in %s", region)
			}
		}
	}
}
