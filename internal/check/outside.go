package check

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"photofit"
)

// unknown is a photo that is not there.
func unknown() string { return "photofit-check-" + rand.Text()[:16] + ".jpg" }

func reachable(ctx context.Context, s *suite) (string, error) {
	a, err := s.get(ctx, "/")
	if err != nil {
		s.over = "nobody answers"
		return "", wrongf(s.fixOfDial(err), "%v", err)
	}
	to := a.header.Get("Location")
	if elsewhere, err := s.at.Parse(to); err == nil && to != "" && elsewhere.Host != s.at.Host {
		s.over = "it leads elsewhere"
		return "", wrongf("Check that address, or have the name lead to the distribution.", "%s leads to %s", a.text(), to)
	}
	if a.header.Get("X-Cache") == "" {
		s.over = "it is not CloudFront that answers"
		return "", wrongf("DNS leads somewhere else, or the URL is not the distribution's. (photofit serve has no edge: what it answers is not asked here.)", "%s has no X-Cache, so it is not CloudFront that answers", a.text())
	}
	return a.proto, nil
}

// fixOfDial is what to do about an address that does not answer.
func (s *suite) fixOfDial(err error) string {
	switch text := err.Error(); {
	case strings.Contains(text, "no such host"):
		if strings.HasSuffix(s.at.Hostname(), ".cloudfront.net") {
			return "There is no distribution of that name, or it was made a moment ago: check the name, or wait some minutes."
		}
		return "The name has no DNS record: add a CNAME (or an alias record) that leads to the distribution's domain name."
	case strings.Contains(text, "certificate"), strings.Contains(text, "x509"), strings.Contains(text, "tls"):
		return "The certificate does not have that name: request one in us-east-1 with all aliases, wait until it is issued, and deploy again; a CAA record without amazon.com forbids that."
	}
	return "Is the address right, and the distribution deployed?"
}

func httpsOnly(ctx context.Context, s *suite) (string, error) {
	if s.PlainURL == "" {
		return "", skipped("there is no address without TLS to ask")
	}
	at, err := url.Parse(s.PlainURL)
	if err != nil {
		return "", err
	}
	a, err := s.askAt(ctx, at, http.MethodGet, "/a.jpg?w=64")
	if err != nil {
		return "", err
	}
	const fix = "Set ViewerProtocolPolicy to redirect-to-https."
	switch to := a.header.Get("Location"); {
	case a.status == http.StatusForbidden && a.header.Get("Photofit-Error") == "":
		return "403", nil
	case a.status != http.StatusMovedPermanently && a.status != http.StatusFound && a.status != http.StatusTemporaryRedirect && a.status != http.StatusPermanentRedirect:
		return "", wrongf(fix, "http is answered: %s", a.text())
	case !strings.HasPrefix(to, "https://") || !strings.HasSuffix(to, "/a.jpg?w=64"):
		return "", wrongf(fix, "http leads to %s", to)
	}
	return fmt.Sprint(a.status), nil
}

func http2(ctx context.Context, s *suite) (string, error) {
	if s.at.Scheme != "https" {
		return "", skipped("it comes with HTTPS")
	}
	a, err := s.get(ctx, "/")
	if err != nil {
		return "", err
	}
	if a.proto != "HTTP/2.0" {
		return "", wrongf("Set HttpVersion to http2and3: a page of sixty photos waits for six at a time otherwise.", "it is %s", a.proto)
	}
	return a.proto, nil
}

// HostOf is a host that a name of the site's stands for: itself, or one that a wildcard
// covers.
func HostOf(name string) string {
	if domain, wildcard := strings.CutPrefix(name, "*."); wildcard {
		return "photofit-check." + domain
	}
	return name
}

func aliases(ctx context.Context, s *suite) (string, error) {
	if len(s.Aliases) == 0 && s.NoAliases != "" {
		return "", skipped(s.NoAliases)
	}
	if len(s.Aliases) == 0 {
		return "", skipped("there are none: name them with --alias")
	}
	for _, name := range s.Aliases {
		a, err := s.askAt(ctx, &url.URL{Scheme: "https", Host: HostOf(name)}, http.MethodGet, "/a.jpg?w=0")
		if err != nil {
			return "", wrongf(s.fixOfDial(err), "%s: %v", name, err)
		}
		if a.status == http.StatusForbidden {
			return "", wrongf("The name is not among the distribution's Aliases: deploy with it, and with a certificate that has it.", "%s: %s", name, a.text())
		}
		if a.status != http.StatusBadRequest {
			return "", fmt.Errorf("%s: %w", name, a.trouble("a 400 by the edge"))
		}
	}
	return strings.Join(s.Aliases, ", "), nil
}

func noListing(ctx context.Context, s *suite) (string, error) {
	for _, path := range []string{"/", "/?list-type=2", "/trip/", "/-/", "/-/health", "/r1/", "//", "/?prefix=r1/"} {
		a, err := s.get(ctx, path)
		if err != nil {
			return "", err
		}
		if bytes.Contains(a.body, []byte("ListBucketResult")) || bytes.Contains(a.body, []byte("<Contents>")) {
			return "", wrongf(fixEdge+" It is what answers / in place of the bucket.", "%s lists a bucket", a.text())
		}
		if a.status != http.StatusNotFound || a.cached() != "FunctionGeneratedResponse" {
			return "", a.trouble("a 404 by the edge")
		}
	}
	return "404 by the edge", nil
}

func refusals(ctx context.Context, s *suite) (string, error) {
	for _, c := range [][2]string{
		{"/a.jpg?w=0", photofit.CodeBadParameter}, {"/a.jpg?fm=tiff", photofit.CodeBadParameter}, {"/a.jpg?blur=9", photofit.CodeUnsupportedParameter},
		{"/a.jpg?cs=srgb", photofit.CodeReservedParameter}, {"/a.jpg/_w800.webp?w=9", photofit.CodeMixedForms},
	} {
		a, err := s.get(ctx, c[0])
		if err != nil {
			return "", err
		}
		if a.status != http.StatusBadRequest || a.header.Get("Photofit-Error") != c[1] || a.cached() != "FunctionGeneratedResponse" {
			return "", a.trouble("a 400 " + c[1] + " by the edge")
		}
		if held := a.header.Get("Cache-Control"); held != "no-store" {
			return "", wrongf(fixPolicy, "%s has Cache-Control %q, and not no-store", a.text(), held)
		}
	}
	return "400 by the edge", nil
}

// hostile are paths that some proxy or store would take for others. None is of a
// photo that is there.
func hostile() []string {
	n := "photofit-check-" + rand.Text()[:16]
	return []string{
		"/" + n + "/../../etc/passwd", "/" + n + "/%2e%2e/%2E%2E/x", "/" + n + "//a.jpg", "//" + n, "/" + n + "%2F..%2Fx", "/" + n + "/./a", "/" + n + "/...",
		"/" + n + "~2E~2E/a.jpg", "/" + n + "~", "/" + n + "/~zz/_w64.auto", "/" + n + "%C3%A9.jpg", "/" + n + "\xc3\xa9.jpg", "/" + n + "\xe9.jpg", "/" + n + "%FF.jpg",
		"/" + n + "%00.jpg", "/" + n + "+b%20c.jpg", "/" + n + "%23%3F%25.jpg", "/_" + n + ".jpg", "/" + n + "/_w64.webp", "/" + n + "/_w99999999.webp", "/" + n + "\xf0\x9f\x98\x80",
		"/" + n + "/" + strings.Repeat("a", 1100),
	}
}

func hostileNames(ctx context.Context, s *suite) (string, error) {
	paths := hostile()
	for _, path := range paths {
		_, err := photofit.Resolve(path, "", "", s.Policy)
		a, failed := s.get(ctx, path)
		if failed != nil {
			return "", failed
		}
		var refusal *photofit.Error
		switch {
		case errors.As(err, &refusal):
			if a.status != http.StatusBadRequest || a.header.Get("Photofit-Error") != refusal.Code && a.header.Get("Photofit-Error") != "" {
				return "", a.trouble("a 400 " + refusal.Code)
			}
		case a.status != http.StatusNotFound:
			return "", a.trouble("a 404 for a photo that is not there")
		case a.cached() == "FunctionGeneratedResponse":
			return "", wrongf(fixPolicy, "the edge itself says %s", a.text())
		}
	}
	return fmt.Sprintf("%d as photofit.Resolve says", len(paths)), nil
}

func methods(ctx context.Context, s *suite) (string, error) {
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch} {
		a, err := s.ask(ctx, method, "/a.jpg?w=64")
		if err != nil {
			return "", err
		}
		if a.status != http.StatusForbidden && a.status != http.StatusMethodNotAllowed || a.header.Get("Server") != "CloudFront" {
			return "", wrongf("Set AllowedMethods to GET and HEAD: nothing else is to come to an origin.", "%s, and not refused by CloudFront", a.text())
		}
	}
	return "POST, PUT, DELETE and PATCH are refused", nil
}

func originals(ctx context.Context, s *suite) (string, error) {
	name := s.known
	if name == "" {
		name = unknown()
	}
	for _, path := range []string{photoPath(name) + "?fm=original", "/" + photofit.EscapePhoto(name) + "/_original"} {
		a, err := s.get(ctx, path)
		if err != nil {
			return "", err
		}
		private := a.status == http.StatusForbidden && a.header.Get("Photofit-Error") == photofit.CodeOriginalsPrivate
		public := a.status == http.StatusOK || a.header.Get("Photofit-Error") == "photo-not-found"
		switch {
		case private && !s.Policy.OriginalsPublic, public && s.Policy.OriginalsPublic:
		case private:
			return "", wrongf("The site was deployed without --originals public: deploy with it, or check without.", "%s, and they are to be public", a.text())
		case public:
			return "", wrongf("Originals are public there: deploy without --originals public, or check with it.", "%s, and not a 403 %s", a.text(), photofit.CodeOriginalsPrivate)
		default:
			return "", a.trouble("a 403 " + photofit.CodeOriginalsPrivate)
		}
	}
	if s.Policy.OriginalsPublic {
		return "they are public, as they are to be", nil
	}
	return "403", nil
}

func unknownPhoto(ctx context.Context, s *suite) (string, error) {
	for _, path := range []string{"/" + unknown() + "?w=64", "/" + unknown() + "/_w64.auto"} {
		a, err := s.get(ctx, path)
		if err != nil {
			return "", err
		}
		if a.status != http.StatusNotFound || a.header.Get("Photofit-Error") != "photo-not-found" {
			return "", a.trouble("a 404 photo-not-found by the function")
		}
		if c := a.header.Get("Cache-Control"); c != "public, max-age=10" {
			return "", wrongf("The function's 404 says max-age=10; something on the way changes Cache-Control.", "%s has Cache-Control %q", a.text(), c)
		}
	}
	return "404, for ten seconds", nil
}
