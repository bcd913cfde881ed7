package emulator

import (
	"net/http"
	"strings"
	"time"

	"photofit/internal/cfn"
)

// cachePolicy is what belongs to the cache key, and is forwarded to the origin, and
// how long answers are held ("Understand cache policies").
type cachePolicy struct {
	least, standard, most time.Duration
	queries               func(name string) bool
	headers               []string
}

func none(string) bool { return false }

// managed are the cache policies of CloudFront's own that need no cookies
// ("Use managed cache policies").
var managed = map[string]cachePolicy{
	"658327ea-f89d-4fab-a63d-7e88639e58f6": {time.Second, 24 * time.Hour, 365 * 24 * time.Hour, none, nil}, // CachingOptimized
	"4135ea2d-6df8-44a3-9df3-4b5a84be39ad": {queries: none},                                                // CachingDisabled
}

func (r *reader) cachePolicy(id string) cachePolicy {
	if p, ok := managed[id]; ok {
		return p
	}
	o, ok := r.resource("AWS::CloudFront::CachePolicy", "Id", id)
	if !ok {
		r.fail("NoSuchCachePolicy: %q", id)
	}
	config := r.object(o["CachePolicyConfig"], "CachePolicyConfig", "Name", "Comment", "MinTTL", "DefaultTTL", "MaxTTL", "ParametersInCacheKeyAndForwardedToOrigin")
	p := cachePolicy{least: r.seconds(config["MinTTL"], 0), standard: r.seconds(config["DefaultTTL"], 86400), most: r.seconds(config["MaxTTL"], 31536000), queries: none}
	key := r.object(config["ParametersInCacheKeyAndForwardedToOrigin"], "ParametersInCacheKeyAndForwardedToOrigin",
		"EnableAcceptEncodingGzip", "EnableAcceptEncodingBrotli", "CookiesConfig", "HeadersConfig", "QueryStringsConfig")
	if b := cfn.At(key, "CookiesConfig", "CookieBehavior"); b != "none" {
		r.fail("CookieBehavior %v is not known to the emulator", b)
	}
	switch b := cfn.At(key, "HeadersConfig", "HeaderBehavior"); b {
	case "none":
	case "whitelist":
		for _, h := range r.list(cfn.At(key, "HeadersConfig", "Headers")) {
			p.headers = append(p.headers, http.CanonicalHeaderKey(r.text(h)))
		}
	default:
		r.fail("HeaderBehavior %v is not known to the emulator", b)
	}
	listed := map[string]bool{}
	for _, q := range r.list(cfn.At(key, "QueryStringsConfig", "QueryStrings")) {
		listed[r.text(q)] = true
	}
	switch b := cfn.At(key, "QueryStringsConfig", "QueryStringBehavior"); b {
	case "none":
	case "all":
		p.queries = func(string) bool { return true }
	case "whitelist":
		p.queries = func(name string) bool { return listed[name] }
	case "allExcept":
		p.queries = func(name string) bool { return !listed[name] }
	default:
		r.fail("QueryStringBehavior %v is not known to the emulator", b)
	}
	return p
}

// query is what of a query belongs to the key.
func (p *cachePolicy) query(raw string) string {
	var kept []string
	for pair := range strings.SplitSeq(raw, "&") {
		if name, _, _ := strings.Cut(pair, "="); pair != "" && p.queries(name) {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}

// headersPolicy is what is put on answers and taken off them ("Understand response
// headers policies").
type headersPolicy struct {
	cors   []named // where the viewer's request has an Origin
	set    []named
	remove []string
}

type named struct {
	name, value string
	override    bool
}

func (r *reader) headersPolicy(id string) headersPolicy {
	o, ok := r.resource("AWS::CloudFront::ResponseHeadersPolicy", "Id", id)
	if !ok {
		r.fail("NoSuchResponseHeadersPolicy: %q", id)
	}
	config := r.object(o["ResponseHeadersPolicyConfig"], "ResponseHeadersPolicyConfig", "Name", "Comment", "CorsConfig", "SecurityHeadersConfig", "CustomHeadersConfig", "RemoveHeadersConfig")
	var p headersPolicy
	if cors := r.object(config["CorsConfig"], "CorsConfig", "AccessControlAllowCredentials", "AccessControlAllowHeaders", "AccessControlAllowMethods",
		"AccessControlAllowOrigins", "OriginOverride"); cors != nil {
		origins := r.list(cors["AccessControlAllowOrigins"])
		if len(origins) != 1 || origins[0] != "*" || cors["AccessControlAllowCredentials"] != false {
			r.fail("CorsConfig: the emulator knows the origin * without credentials only")
		}
		p.cors = []named{{"Access-Control-Allow-Origin", "*", cors["OriginOverride"] == true}}
	}
	security := r.object(config["SecurityHeadersConfig"], "SecurityHeadersConfig", "ContentTypeOptions")
	if security["ContentTypeOptions"] != nil {
		p.set = append(p.set, named{"X-Content-Type-Options", "nosniff", cfn.At(security, "ContentTypeOptions", "Override") == true})
	}
	for _, item := range r.list(config["CustomHeadersConfig"]) {
		h := r.object(item, "CustomHeadersConfig", "Header", "Value", "Override")
		p.set = append(p.set, named{r.text(h["Header"]), r.text(h["Value"]), h["Override"] == true})
	}
	for _, item := range r.list(config["RemoveHeadersConfig"]) {
		p.remove = append(p.remove, r.text(cfn.At(item, "Header")))
	}
	return p
}

// apply changes an answer's headers for a viewer's request.
func (p *headersPolicy) apply(h http.Header, r *http.Request) {
	for _, name := range p.remove {
		h.Del(name)
	}
	set := p.set
	if r.Header.Get("Origin") != "" {
		set = append(set[:len(set):len(set)], p.cors...)
	}
	for _, n := range set {
		if n.override || h.Get(n.name) == "" {
			h.Set(n.name, n.value)
		}
	}
}
