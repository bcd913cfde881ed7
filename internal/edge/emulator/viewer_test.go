package emulator

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestViewerSide(t *testing.T) {
	g := newRig(t, asIs)
	g.answer("renditions /a", 200, "x")
	for _, c := range []struct {
		method, target string
		headers        []string
		status         int
		location       string
	}{
		{"GET", "/a?b", []string{"X-Plain", "1"}, 301, "https://ddistribution.cloudfront.net/a?b"},
		{"POST", "/a", []string{"X-Plain", "1"}, 307, "https://ddistribution.cloudfront.net/a"},
		{"POST", "/a", nil, 403, ""}, {"OPTIONS", "/a", nil, 403, ""}, {"DELETE", "/a", nil, 403, ""},
		{"GET", "/a", []string{"Host", "media.example.com"}, 403, ""},
		{"GET", "/a", []string{"Host", "127.0.0.1:8080"}, 200, ""}, {"GET", "/a", []string{"Host", "[::1]:8080"}, 200, ""}, {"GET", "/a", []string{"Host", "DDISTRIBUTION.cloudfront.net:443"}, 200, ""},
	} {
		a := g.ask(c.method, c.target, c.headers...)
		if a.StatusCode != c.status || a.Header.Get("Location") != c.location {
			t.Errorf("%s %s %q: %s, %s", c.method, c.target, c.headers, a.Status, a.Header.Get("Location"))
		}
	}
	g.wantAsked("renditions GET /a", `renditions GET /a`, "renditions GET /a")
	only := newRig(t, asIs, "redirect-to-https", "https-only")
	if a := only.ask("GET", "/a", "X-Plain", "1"); a.StatusCode != 403 {
		t.Error(a.Status)
	}
	both := newRig(t, asIs, "redirect-to-https", "allow-all")
	both.answer("renditions /a", 200, "x")
	both.want("/a", 200, "Miss", "x", "X-Plain", "1")
	named := newRig(t, asIs, `!If [HasAliases, !Split [",", !Ref Aliases], !Ref AWS::NoValue]`, "[Media.example.com]", "- CloudFrontDefaultCertificate: true", "- AcmCertificateArn: arn")
	named.answer("renditions /a", 200, "x")
	named.want("/a", 200, "Miss", "x", "Host", "media.example.com")
}

func TestEdgeFunction(t *testing.T) {
	g := newRig(t, `function handler(event) {
		var q = event.request;
		if (q.uri === '/answer') { return { statusCode: 418, headers: { 'x-a': { value: q.headers.accept.value } }, body: 'tea' }; }
		if (q.uri === '/throw') { throw 1; }
		q.uri = '/made' + q.uri; q.querystring = {}; return q;
	}`)
	if a := g.want("/answer", 418, "FunctionGeneratedResponse", "tea", "Accept", "x"); a.Header.Get("X-A") != "x" {
		t.Error(a.Header)
	}
	g.want("/throw", 503, "FunctionExecutionError", "")
	g.answer("renditions /made/a", 200, "x", "Cache-Control", "max-age=9")
	g.want("/a?w=1", 200, "Miss", "x")
	g.want("/a?w=2", 200, "Hit", "x")
	g.wantAsked("renditions GET /made/a")
	// HEAD gets no body, from the edge either.
	if a := g.ask("HEAD", "/answer", "Accept", "x"); a.ContentLength != 3 || a.StatusCode != 418 {
		t.Error(a.Status, a.ContentLength)
	}
}

// The cache key is what the policy says.
func TestKey(t *testing.T) {
	g := newRig(t, asIs, "QueryStringsConfig: {QueryStringBehavior: none}", "QueryStringsConfig: {QueryStringBehavior: whitelist, QueryStrings: [w]}",
		"HeadersConfig: {HeaderBehavior: none}", "HeadersConfig: {HeaderBehavior: whitelist, Headers: [accept]}")
	g.answer("renditions /a", 200, "x", "Cache-Control", "max-age=9")
	g.want("/a?w=1&x=1", 200, "Miss", "x", "Accept", "a")
	g.want("/a?x=2&w=1", 200, "Hit", "x", "Accept", "a")
	g.want("/a?w=2", 200, "Miss", "x", "Accept", "a")
	g.want("/a?w=1", 200, "Miss", "x", "Accept", "b")
	g.wantAsked("renditions GET /a?w=1", "renditions GET /a?w=2", "renditions GET /a?w=1")
}

func TestHeaders(t *testing.T) {
	g := newRig(t, asIs)
	g.answer("renditions /a", 200, "x", "Cache-Control", "max-age=9", "X-Amz-Meta-Etag", "e", "X-Amz-Meta-Cache-Tag", "t", "Vary", "Origin", "Connection", "close", "X-Other", "o", "Timing-Allow-Origin", "no")
	for _, how := range []string{"Miss", "Hit"} {
		a := g.want("/a", 200, how, "x", "Origin", "https://x.example")
		for name, want := range map[string]string{
			"Access-Control-Allow-Origin": "*", "Timing-Allow-Origin": "*", "X-Content-Type-Options": "nosniff", "Vary": "Accept", "X-Other": "o",
			"X-Amz-Meta-Etag": "", "X-Amz-Meta-Cache-Tag": "", "X-Amz-Server-Side-Encryption": "", "Connection": "", "Via": via,
		} {
			if got := strings.Join(a.Header[http.CanonicalHeaderKey(name)], ","); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
	// CORS is for requests of other origins.
	if a := g.want("/a", 200, "Hit", "x"); a.Header.Get("Access-Control-Allow-Origin") != "" {
		t.Error(a.Header)
	}
	// S3's own mark shows where nothing takes it off.
	bare := newRig(t, asIs, "          ResponseHeadersPolicyId: !Ref Headers\n", "")
	bare.answer("renditions /a", 200, "x")
	if a := bare.want("/a", 200, "Miss", "x"); a.Header.Get("X-Amz-Server-Side-Encryption") != "AES256" || a.Header.Get("Vary") != "" {
		t.Error(a.Header)
	}
}

// Other methods go to the first origin only, and are not held.
func TestOtherMethods(t *testing.T) {
	g := newRig(t, asIs, "AllowedMethods: [GET, HEAD]", "AllowedMethods: [GET, HEAD, OPTIONS, PUT, POST, PATCH, DELETE]")
	for range 2 {
		if a := g.ask("POST", "/a"); a.StatusCode != 404 {
			t.Error(a.Status)
		}
	}
	g.wantAsked("renditions POST /a", "renditions POST /a")
	g.ask("OPTIONS", "/a")
	g.wantAsked("renditions OPTIONS /a", "render OPTIONS /a")
}

// Past the edge, only what is public answers.
func TestDirect(t *testing.T) {
	g := newRig(t, asIs)
	direct := func(id, path string) int {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "/", nil)
		r.RequestURI = path
		g.edge.Direct(id).ServeHTTP(w, r)
		return w.Code
	}
	g.answer("renditions /a", 403, "AccessDenied")
	if got := direct("renditions", "/a"); got != 403 {
		t.Error(got)
	}
	g.wantAsked("renditions GET /a unsigned") // the server itself refuses
	if got := direct("render", "/a"); got != 403 {
		t.Error(got)
	}
	g.wantAsked()
	if got := direct("other", "/a"); got != 404 {
		t.Error(got)
	}
}

func TestByteRanges(t *testing.T) {
	for value, want := range map[string]bool{"bytes=0-1": true, "bytes=5-": true, "bytes=-5": true, "bytes=0-1, 4-": true, "": false, "foo": false, "bytes=": false, "bytes=a-b": false, "lines=1-2": false} {
		if byteRanges.MatchString(value) != want {
			t.Errorf("%q", value)
		}
	}
	g := newRig(t, asIs)
	g.answer("renditions /a", 200, "0123456789", "Cache-Control", "max-age=60", "Etag", `"1"`)
	g.want("/a", 200, "Miss", "0123456789", "Range", "foo")
	g.want("/a", 200, "Hit", "0123456789", "Range", "foo")
}
