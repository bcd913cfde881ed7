package emulator

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// What CloudFront refuses, and what is not known here, is an error with its line.
func TestNewRefuses(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"TargetOriginId: kept-or-made", "TargetOriginId: kept", "NoSuchOrigin"},
		{"Enabled: true\n        HttpVersion", "Enabled: false\n        HttpVersion", "Enabled"},
		{"CachePolicyId: !Ref Cache", "CachePolicyId: nothing", "NoSuchCachePolicy"},
		{"CachePolicyId: !Ref Cache", "ForwardedValues: {QueryString: true}", "ForwardedValues of DefaultCacheBehavior is not known"},
		{"ResponseHeadersPolicyId: !Ref Headers", "ResponseHeadersPolicyId: nothing", "NoSuchResponseHeadersPolicy"},
		{"Compress: false", "Compress: true", "Compress"},
		{"EventType: viewer-request", "EventType: viewer-response", "viewer-response is not known"},
		{"AutoPublish: true", "AutoPublish: false", "AutoPublish"},
		{"CookieBehavior: none", "CookieBehavior: all", "CookieBehavior all is not known"},
		{"HeaderBehavior: none", "HeaderBehavior: allViewer", "HeaderBehavior allViewer is not known"},
		{"{QueryStringBehavior: none}", "{QueryStringBehavior: some}", "QueryStringBehavior some is not known"},
		{"OriginAccessControlId: !Ref RenderAccess", "OriginAccessControlId: !Ref RenditionsAccess", "InvalidOriginAccessControl: origin render needs one of type lambda"},
		{"InvokeMode: RESPONSE_STREAM", "InvokeMode: BUFFERED", "BUFFERED"},
		{`S3OriginConfig: {OriginAccessIdentity: ""}`, "S3OriginConfig: {OriginAccessIdentity: origin-access-identity/cloudfront/E1}", "OriginAccessIdentity is not known"},
		{"          - Id: renditions\n", "          - Id: renditions\n            OriginPath: /a/\n", "OriginPath"},
		{"!GetAtt Renditions.RegionalDomainName", "elsewhere.example", "neither the regional domain name"},
		{"PriceClass: PriceClass_All", "PriceClass: PriceClass_All\n        WebACLId: x", "WebACLId of DistributionConfig is not known"},
		{"ConnectionAttempts: 1", "ConnectionAttempts: often", "no whole number"},
		{"        OriginAccessControlOriginType: s3\n", "        OriginAccessControlOriginType: mediastore\n", "type s3"},
		{"Members:\n                Quantity: 2\n                Items: [{OriginId: renditions}, {OriginId: render}]", "Members: {Quantity: 1, Items: [{OriginId: renditions}]}", "two members"},
		{"Condition: {Bool: {aws:SecureTransport: \"false\"}}\n          - Sid: DistributionReads", "Condition: {Null: {aws:SecureTransport: \"false\"}}\n          - Sid: DistributionReads", "Null is not known"},
	} {
		_, err := read(evaluated(t, asIs, c.old, c.new), names)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("%s: %v, want %s", c.new, err, c.want)
		}
	}
	if _, err := New(Config{Stack: evaluated(t, asIs), Names: names}); err == nil || !strings.Contains(err.Error(), "stands for the origin renditions") {
		t.Error(err)
	}
}

func TestLifetime(t *testing.T) {
	now := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
	const never = -1
	for _, c := range []struct {
		least, standard, most int
		status                int
		control, expires      string
		want                  int // in seconds; never: it is not held
	}{
		{0, 0, 1000, 200, "", "", 0}, {0, 50, 1000, 200, "", "", 50}, {60, 50, 1000, 200, "", "", 60},
		{0, 0, 1000, 200, "max-age=5", "", 5}, {0, 0, 1000, 200, "max-age=5, s-maxage=7", "", 7}, {0, 0, 1000, 200, "S-MaxAge=7, max-age=\"5\"", "", 7},
		{10, 0, 1000, 200, "max-age=5", "", 10}, {0, 0, 1000, 200, "max-age=5000", "", 1000}, {0, 0, 1000, 200, "max-age=-1", "", 0},
		{0, 0, 1000, 200, "", "Thu, 26 Nov 2026 00:00:30 GMT", 30}, {0, 9, 1000, 200, "", "0", 0}, {0, 0, 1000, 200, "max-age=5", "Thu, 26 Nov 2026 00:00:30 GMT", 5}, {0, 9, 1000, 200, "", "Wed, 25 Nov 2026 00:00:30 GMT", 0},
		{0, 9, 1000, 200, "no-store", "", never}, {0, 9, 1000, 200, "private, max-age=9", "", never}, {0, 9, 1000, 200, "no-cache", "", 0}, {5, 9, 1000, 200, "no-store", "", 5},
		{0, 0, 0, 200, "max-age=9", "", never},
		{0, 0, 1000, 404, "", "", 10}, {0, 0, 1000, 404, "max-age=5", "", 10}, {0, 0, 1000, 404, "max-age=50", "", 50}, {0, 0, 20, 404, "max-age=50", "", 20}, {0, 0, 1000, 404, "no-store", "", never},
		{0, 0, 1000, 400, "no-store", "", 10}, {0, 0, 1000, 403, "no-store", "", 10}, {0, 0, 1000, 413, "no-store", "", 10}, {0, 0, 1000, 429, "", "", 10}, {0, 0, 1000, 416, "", "", never},
		{0, 0, 1000, 500, "", "", never}, {0, 0, 1000, 502, "no-store", "", never}, {0, 0, 1000, 503, "", "", never}, {0, 0, 1000, 504, "", "", never}, {0, 0, 1000, 410, "max-age=20", "", 20},
	} {
		d := &distribution{policy: cachePolicy{least: time.Duration(c.least) * time.Second, standard: time.Duration(c.standard) * time.Second, most: time.Duration(c.most) * time.Second},
			errorTTL: map[int]time.Duration{500: 0, 502: 0, 503: 0, 504: 0}}
		h := http.Header{}
		if c.control != "" {
			h.Set("Cache-Control", c.control)
		}
		if c.expires != "" {
			h.Set("Expires", c.expires)
		}
		life := d.lifetime(c.status, h, now)
		got := int(life.fresh / time.Second)
		if !life.keep {
			got = never
		}
		if got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}

func TestGrants(t *testing.T) {
	edge := caller{"cloudfront.amazonaws.com", map[string]string{"aws:sourcearn": "arn:d", "aws:securetransport": "true"}}
	grant := statement{services: []string{"cloudfront.amazonaws.com"}, actions: []string{"s3:Get*"}, resources: []string{"arn:b/*"}, conditions: []condition{{"StringEquals", "aws:sourcearn", []string{"arn:d"}}}}
	with := func(change func(*statement)) statement {
		s := grant
		change(&s)
		return s
	}
	for name, c := range map[string]struct {
		all  []statement
		who  caller
		want bool
	}{
		"granted":              {[]statement{grant}, edge, true},
		"nobody is":            {nil, edge, false},
		"not signed":           {[]statement{grant}, anybody, false},
		"another service":      {[]statement{grant}, caller{"other", edge.context}, false},
		"denied":               {[]statement{grant, with(func(s *statement) { s.deny = true })}, edge, false},
		"denied, over http":    {[]statement{grant, {deny: true, anyone: true, actions: []string{"*"}, resources: []string{"*"}, conditions: []condition{{"Bool", "aws:securetransport", []string{"false"}}}}}, edge, true},
		"another action":       {[]statement{with(func(s *statement) { s.actions = []string{"s3:Put*"} })}, edge, false},
		"action in capitals":   {[]statement{with(func(s *statement) { s.actions = []string{"S3:GETOBJECT"} })}, edge, true},
		"another resource":     {[]statement{with(func(s *statement) { s.resources = []string{"arn:b"} })}, edge, false},
		"another distribution": {[]statement{with(func(s *statement) { s.conditions = []condition{{"StringEquals", "aws:sourcearn", []string{"arn:*"}}} })}, edge, false},
		"by a pattern":         {[]statement{with(func(s *statement) { s.conditions = []condition{{"ArnLike", "aws:sourcearn", []string{"x", "arn:*"}}} })}, edge, true},
		"a key that is not":    {[]statement{with(func(s *statement) { s.conditions = []condition{{"StringEquals", "aws:other", []string{""}}} })}, edge, false},
		"anybody":              {[]statement{{anyone: true, actions: []string{"s3:GetObject"}, resources: []string{"arn:b/?/c"}}}, anybody, true},
	} {
		if got := allows(c.all, c.who, "s3:GetObject", "arn:b/a/c"); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
