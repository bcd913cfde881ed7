package lint

import (
	"regexp"
	"slices"
	"strings"
)

// cachePolicies sees that a behavior says how it caches, in one way.
func cachePolicies(c *checker) {
	for _, d := range c.distributions {
		for _, behavior := range d.behaviors() {
			policy, values := there(behavior, "CachePolicyId"), there(behavior, "ForwardedValues")
			switch {
			case !policy && !values:
				c.errorf("no-cache-policy", behavior, "add CachePolicyId; AWS's own CachingOptimized is 658327ea-f89d-4fab-a63d-7e88639e58f6", "the behavior has no CachePolicyId; CloudFront refuses it with InvalidArgument (ForwardedValues is required)")
			case policy && values && !behavior.at("CachePolicyId").is(""):
				const fix, text = "take ForwardedValues out", "the behavior has a cache policy and ForwardedValues, and CloudFront takes one of the two"
				if d.command {
					c.errorf("cache-policy-and-forwarded-values", behavior.at("ForwardedValues"), fix, text+": it refuses it with InvalidArgument")
				} else {
					c.warnf("cache-policy-and-forwarded-values", behavior.at("ForwardedValues"), fix, text)
				}
			}
		}
	}
}

// ttls sees that the times are in order, and that what must not be held is not.
func ttls(c *checker) {
	look := func(p place) {
		low, usual, high := p.at("MinTTL"), p.at("DefaultTTL"), p.at("MaxTTL")
		a, hasLow := low.number()
		b, hasUsual := usual.number()
		m, hasHigh := high.number()
		const order = "write MinTTL <= DefaultTTL <= MaxTTL"
		switch {
		case hasLow && hasUsual && a > b:
			c.errorf("ttl-order", usual, order, "DefaultTTL %v is less than MinTTL %v; CloudFront refuses it with InvalidTTLOrder", b, a)
		case hasUsual && hasHigh && b > m:
			c.errorf("ttl-order", usual, order, "DefaultTTL %v is more than MaxTTL %v; CloudFront refuses it with InvalidTTLOrder", b, m)
		case hasLow && hasHigh && a > m:
			c.errorf("ttl-order", low, order, "MinTTL %v is more than MaxTTL %v; CloudFront refuses it with InvalidTTLOrder", a, m)
		}
		// Who sets all three to one number means it.
		if hasLow && a > 1 && !(hasHigh && a == m) {
			c.warnf("min-ttl", low, "write MinTTL: 0", "with MinTTL %v CloudFront holds every answer that long, those that say no-store or max-age=0 too", a)
		}
	}
	for _, r := range c.of("AWS::CloudFront::CachePolicy") {
		for _, config := range r.props.get("CachePolicyConfig") {
			look(config)
		}
	}
	for _, d := range c.distributions {
		for _, behavior := range d.behaviors() {
			look(behavior)
		}
	}
}

// longError is for how many seconds an error of the origin's may be held; longMissing, that
// something is not there or not to be had, for which there is no page.
const (
	longError   = 60
	longMissing = 3600
)

// errorTTLs sees that what was wrong for a moment is not wrong for long.
func errorTTLs(c *checker) {
	for _, d := range c.distributions {
		responses, _ := d.config.list("CustomErrorResponses")
		for _, response := range responses {
			code, ok := response.at("ErrorCode").number()
			if !ok {
				continue
			}
			most := float64(longError)
			if code < 500 {
				most = longMissing
				if there(response, "ResponsePagePath") && !response.at("ResponsePagePath").is("") {
					continue // it stands for every path of an application
				}
			}
			absent := 300.0 // CloudFormation's
			if d.command {
				absent = 10
			}
			for _, ttl := range response.numberOr(absent, "ErrorCachingMinTTL") {
				switch {
				case ttl <= most:
				case code < 500:
					c.warnf("error-ttl-long", response.at("ErrorCachingMinTTL"), "write ErrorCachingMinTTL: 10, or so", "a %v is held for %v s: what is put there meanwhile is not to be seen that long", code, ttl)
				default:
					c.warnf("error-ttl-long", response.at("ErrorCachingMinTTL"), "write ErrorCachingMinTTL: 0, or a few seconds", "a %v of the origin's is held for %v s: one moment's failure is shown to everybody that long", code, ttl)
				}
			}
		}
	}
}

// failoverCodes are those on which a group can go on to its second member.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html
var failoverCodes = []string{"400", "403", "404", "416", "500", "502", "503", "504"}

// groups sees that origin groups are such as CloudFront takes.
func groups(c *checker) {
	for _, d := range c.distributions {
		all, _ := d.config.list("OriginGroups")
		for _, group := range all {
			codes, _ := group.list("FailoverCriteria", "StatusCodes")
			for _, v := range codes {
				if text, ok := v.text(); ok && !slices.Contains(failoverCodes, text) {
					c.errorf("failover-code", v, "use of "+listed(failoverCodes), "a group does not go on to its second member on %s; CloudFront refuses it with InvalidArgument", short(text))
				}
			}
			members, whole := group.list("Members")
			if whole && len(members) == 2 && together(members[0], members[1]) {
				first, ok := members[0].at("OriginId").text()
				if second, too := members[1].at("OriginId").text(); ok && too && first == second {
					c.errorf("group-of-one", members[1].at("OriginId"), "name another origin", "both members of the group are %q; CloudFront refuses it with InvalidArgument", short(first))
				}
			}
			if id, ok := group.at("Id").text(); ok && d.origin(id) != nil && together(d.origin(id).place, group) {
				c.errorf("origin-id-twice", group.at("Id"), "give the group an Id of its own", "an origin and a group are called %q; CloudFront refuses it with InvalidArgument", short(id))
			}
		}
	}
}

// policyLists sees that a policy which goes by a list has one.
func policyLists(c *checker) {
	for _, r := range c.of("AWS::CloudFront::CachePolicy", "AWS::CloudFront::OriginRequestPolicy") {
		root := []string{"CachePolicyConfig", "ParametersInCacheKeyAndForwardedToOrigin"}
		if r.kind == "AWS::CloudFront::OriginRequestPolicy" {
			root = []string{"OriginRequestPolicyConfig"}
		}
		for _, of := range []string{"Header", "Cookie", "QueryString"} {
			for _, config := range r.props.get(append(slices.Clip(root), of+"sConfig")...) {
				behavior := config.at(of + "Behavior")
				items, whole := config.list(of + "s")
				if (behavior.is("whitelist") || behavior.is("allExcept")) && whole && len(items) == 0 && !config.unknown() {
					c.errorf("policy-list-missing", behavior, "list them under "+of+"s, or write none", "%sBehavior %s goes by a list, and there is none; CloudFront refuses it with InvalidArgument", of, behavior.words())
				}
			}
		}
	}
}

var policyID = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

// policyIDs sees that policies are named by their ids.
func policyIDs(c *checker) {
	for _, d := range c.distributions {
		for _, behavior := range d.behaviors() {
			for _, name := range []string{"CachePolicyId", "OriginRequestPolicyId", "ResponseHeadersPolicyId"} {
				for _, v := range behavior.get(name) {
					if text, ok := v.text(); ok && text != "" && !policyID.MatchString(text) {
						c.errorf("policy-id", v, "write its id, such as 658327ea-f89d-4fab-a63d-7e88639e58f6, or Ref of one in the template", "%s %q is no policy's id; CloudFront refuses it", name, short(text))
					}
				}
			}
		}
	}
}

// failover sees that a group whose first member is a bucket goes on when the
// bucket does not have the key.
func failover(c *checker) {
	for _, d := range c.distributions {
		groups, _ := d.config.list("OriginGroups")
		for _, group := range groups {
			members, _ := group.list("Members")
			if len(members) != 2 {
				continue
			}
			first, _ := members[0].at("OriginId").text()
			second, _ := members[1].at("OriginId").text()
			a, b := d.origin(first), d.origin(second)
			if a == nil || b == nil || a.kind != bucketOrigin || b.kind == bucketOrigin {
				continue
			}
			codes, whole := group.list("FailoverCriteria", "StatusCodes")
			var missing []string
			for _, code := range []string{"403", "404"} {
				has := false
				for _, v := range codes {
					has = has || v.is(code) || v.unknown()
				}
				if !has {
					missing = append(missing, code)
				}
			}
			if whole && len(missing) > 0 {
				c.warnf("failover-lacks-missing", group.at("FailoverCriteria"), "add "+strings.Join(missing, " and ")+" to StatusCodes", "the group goes on from the bucket %q to %q, but not on %s, which is what S3 answers for a key that is not there", first, second, strings.Join(missing, " and "))
			}
		}
	}
}

// queryInKey sees that nobody fills the cache of a bucket's files by inventing
// queries.
func queryInKey(c *checker) {
	const fix = "keep queries out of the key, or list those that change the answer"
	const text = "all of the query is in the cache key: ?x=1, ?x=2 and so on are each asked of the bucket anew, by whoever likes, and held once more"
	told := map[string]bool{}
	for _, d := range c.distributions {
		for _, behavior := range d.behaviors() {
			if !d.asks(behavior, bucketOrigin, websiteOrigin) {
				continue
			}
			for _, v := range behavior.get("ForwardedValues") {
				keys, whole := v.list("QueryStringCacheKeys")
				if v.at("QueryString").is("true") && whole && len(keys) == 0 {
					c.warnf("query-in-cache-key", v.at("QueryString"), fix, text)
				}
			}
			for _, id := range behavior.get("CachePolicyId") {
				policy := c.pointed(id, "AWS::CloudFront::CachePolicy")
				if policy == nil || told[policy.name] {
					continue
				}
				for _, v := range policy.props.get("CachePolicyConfig", "ParametersInCacheKeyAndForwardedToOrigin", "QueryStringsConfig", "QueryStringBehavior") {
					if v.is("all") || v.is("allExcept") {
						told[policy.name] = true
						c.warnf("query-in-cache-key", v, fix, text)
					}
				}
			}
		}
	}
}

// cachePolicyQuota is how many cache policies an account has, unless it asked for more.
const cachePolicyQuota = 20

func manyPolicies(c *checker) {
	if all := c.of("AWS::CloudFront::CachePolicy"); len(all) > cachePolicyQuota {
		c.warnf("cache-policy-quota", all[cachePolicyQuota].at, "share policies between behaviors, or ask for a higher quota", "there are %d cache policies, and an account has %d: CloudFront refuses more with TooManyCachePolicies", len(all), cachePolicyQuota)
	}
}
