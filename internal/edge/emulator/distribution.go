package emulator

import (
	"fmt"
	"strings"
	"time"

	"photofit/internal/cfn"
	"photofit/internal/edge/run"
)

// distribution is what a template says of its distribution.
type distribution struct {
	id        string
	names     map[string]bool // its domain name and aliases, in lower case
	protocol  string          // ViewerProtocolPolicy
	methods   map[string]bool // AllowedMethods
	cached    map[string]bool // CachedMethods
	function  *run.Runner     // of viewer-request; nil: none
	policy    cachePolicy
	headers   headersPolicy
	tagHeader string // of CacheTagConfig; empty: none
	failover  map[int]bool
	members   []*origin // the second is asked if the first fails
	errorTTL  map[int]time.Duration
}

// origin is one of the distribution's origins.
type origin struct {
	id       string
	domain   string
	path     string
	attempts int
	timeout  time.Duration
	signs    bool // by origin access control
	access   access
	ask      Origin
}

// read reads the only distribution of a template.
func read(stack *cfn.Stack, names Names) (*distribution, error) {
	const kind = "AWS::CloudFront::Distribution"
	all := stack.Of(kind)
	if len(all) != 1 {
		return nil, fmt.Errorf("the template has %d distributions, and the emulator takes one", len(all))
	}
	r := &reader{stack: stack, names: names, line: stack.Resources[all[0]].Line}
	d := &distribution{names: map[string]bool{}, errorTTL: map[int]time.Duration{}, failover: map[int]bool{}}
	d.id, _ = names.Attribute(all[0], kind, "")
	domain, _ := names.Attribute(all[0], kind, "DomainName")
	d.names[domain] = true

	config := r.object(stack.Resources[all[0]].Properties["DistributionConfig"], "DistributionConfig",
		"Comment", "Enabled", "HttpVersion", "IPV6Enabled", "PriceClass", "CacheTagConfig", "Origins", "OriginGroups",
		"DefaultCacheBehavior", "CustomErrorResponses", "Aliases", "ViewerCertificate")
	if config["Enabled"] != true {
		r.fail("the distribution is not Enabled")
	}
	for _, alias := range r.list(config["Aliases"]) {
		d.names[strings.ToLower(r.text(alias))] = true
	}
	if certificate := r.object(config["ViewerCertificate"], "ViewerCertificate", "CloudFrontDefaultCertificate", "AcmCertificateArn", "SslSupportMethod", "MinimumProtocolVersion"); len(d.names) > 1 && certificate["AcmCertificateArn"] == nil {
		r.fail("InvalidViewerCertificate: to add an alternate domain name, you must attach a trusted certificate that is valid for it")
	}
	d.tagHeader = r.text(r.object(config["CacheTagConfig"], "CacheTagConfig", "HeaderName")["HeaderName"])
	for _, item := range r.list(config["CustomErrorResponses"]) {
		o := r.object(item, "CustomErrorResponses", "ErrorCode", "ErrorCachingMinTTL")
		d.errorTTL[r.number(o["ErrorCode"], 0)] = r.seconds(o["ErrorCachingMinTTL"], 10)
	}
	behavior := r.object(config["DefaultCacheBehavior"], "DefaultCacheBehavior", "TargetOriginId", "ViewerProtocolPolicy", "AllowedMethods",
		"CachedMethods", "Compress", "CachePolicyId", "ResponseHeadersPolicyId", "FunctionAssociations")
	r.behavior(d, behavior)
	r.target(d, config, r.text(behavior["TargetOriginId"]))
	if r.err != nil {
		return nil, r.err
	}
	return d, nil
}

// behavior reads the cache behaviour, but for where it leads.
func (r *reader) behavior(d *distribution, o cfn.Object) {
	d.protocol = r.text(o["ViewerProtocolPolicy"])
	methods := func(value any) map[string]bool {
		set := map[string]bool{}
		for _, m := range r.list(value) {
			set[r.text(m)] = true
		}
		if len(set) == 0 {
			set["GET"], set["HEAD"] = true, true
		}
		return set
	}
	d.methods, d.cached = methods(o["AllowedMethods"]), methods(o["CachedMethods"])
	if o["Compress"] == true {
		r.fail("Compress is not known to the emulator")
	}
	line := r.line
	d.policy = r.cachePolicy(r.text(o["CachePolicyId"]))
	r.line = line
	if id := r.text(o["ResponseHeadersPolicyId"]); id != "" {
		d.headers = r.headersPolicy(id)
	}
	r.line = line
	for _, item := range r.list(o["FunctionAssociations"]) {
		association := r.object(item, "FunctionAssociations", "EventType", "FunctionARN")
		if association["EventType"] != "viewer-request" {
			r.fail("a function at %v is not known to the emulator", association["EventType"])
		}
		function, ok := r.resource("AWS::CloudFront::Function", "FunctionARN", r.text(association["FunctionARN"]))
		if !ok {
			r.fail("there is no function %v", association["FunctionARN"])
			continue
		}
		if function["AutoPublish"] != true {
			r.fail("InvalidFunctionAssociation: the function is not published (AutoPublish)")
		}
		runner, err := run.New(r.text(function["FunctionCode"]))
		if err != nil {
			r.fail("%v", err)
		}
		d.function = runner
	}
	r.line = line
}

// target reads the origins that the behaviour leads to.
func (r *reader) target(d *distribution, config cfn.Object, id string) {
	origins := map[string]cfn.Object{}
	for _, item := range r.list(config["Origins"]) {
		o := r.object(item, "Origins", "Id", "DomainName", "OriginPath", "OriginAccessControlId", "S3OriginConfig", "CustomOriginConfig",
			"ConnectionAttempts", "ConnectionTimeout", "OriginShield")
		origins[r.text(o["Id"])] = o
	}
	var members []string
	for _, item := range r.list(config["OriginGroups"]) {
		group := r.object(item, "OriginGroups", "Id", "FailoverCriteria", "Members", "SelectionCriteria")
		if group["Id"] != id {
			continue
		}
		for _, m := range r.list(group["Members"]) {
			members = append(members, r.text(cfn.At(m, "OriginId")))
		}
		for _, code := range r.list(cfn.At(group, "FailoverCriteria", "StatusCodes")) {
			d.failover[r.number(code, 0)] = true
		}
		if len(members) != 2 {
			r.fail("an origin group has two members")
		}
	}
	if len(members) == 0 {
		members = []string{id}
	}
	for _, m := range members {
		o, ok := origins[m]
		if !ok {
			r.fail("NoSuchOrigin: %q is the id of no origin and of no origin group", m)
			continue
		}
		d.members = append(d.members, r.origin(d, o))
	}
}

func (r *reader) origin(d *distribution, o cfn.Object) *origin {
	custom := r.object(o["CustomOriginConfig"], "CustomOriginConfig", "OriginProtocolPolicy", "OriginSSLProtocols", "OriginReadTimeout", "OriginKeepaliveTimeout", "HTTPSPort", "HTTPPort")
	s3 := r.object(o["S3OriginConfig"], "S3OriginConfig", "OriginAccessIdentity", "OriginReadTimeout")
	made := &origin{
		id: r.text(o["Id"]), domain: r.text(o["DomainName"]), path: r.text(o["OriginPath"]),
		attempts: r.number(o["ConnectionAttempts"], 3), timeout: r.seconds(custom["OriginReadTimeout"], 30),
	}
	if n := s3["OriginReadTimeout"]; n != nil {
		made.timeout = r.seconds(n, 30)
	}
	if s3["OriginAccessIdentity"] != nil && s3["OriginAccessIdentity"] != "" {
		r.fail("origin %s: an OriginAccessIdentity is not known to the emulator", made.id)
	}
	if made.path != "" && (!strings.HasPrefix(made.path, "/") || strings.HasSuffix(made.path, "/")) {
		r.fail("InvalidArgument: the OriginPath %q begins with / and does not end in it", made.path)
	}
	want := ""
	line := r.line
	if bucket, ok := r.resourceName("AWS::S3::Bucket", "RegionalDomainName", made.domain); ok && o["S3OriginConfig"] != nil {
		made.access, want = r.bucket(d, bucket), "s3"
	} else if function, ok := r.functionURL(made.domain); ok && o["CustomOriginConfig"] != nil {
		made.access, want = r.function(d, function), "lambda"
	} else {
		r.fail("origin %s: %s is neither the regional domain name of a bucket of the template nor a function URL of it", made.id, made.domain)
		return made
	}
	r.line = line
	if id := r.text(o["OriginAccessControlId"]); id != "" {
		control, ok := r.resource("AWS::CloudFront::OriginAccessControl", "Id", id)
		config := r.object(control["OriginAccessControlConfig"], "OriginAccessControlConfig", "Name", "Description", "OriginAccessControlOriginType", "SigningBehavior", "SigningProtocol")
		if !ok || config["OriginAccessControlOriginType"] != want {
			r.fail("InvalidOriginAccessControl: origin %s needs one of type %s", made.id, want)
		}
		made.signs = config["SigningBehavior"] != "never"
		r.line = line
	}
	return made
}
