package web

import (
	"errors"
	"fmt"
	"net/http"
	"testing"

	"photofit/internal/rendition"
)

func TestMethods(t *testing.T) {
	g := newRig(t, pictureOf(ten), nil)
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"} {
		for _, target := range []string{"/a.jpg?w=800", "/", "/-/health"} {
			r := g.ask(method, target)
			if r.StatusCode != 405 || r.Header.Get("Allow") != "GET, HEAD, OPTIONS" || r.Header.Get("Photofit-Error") != "method-not-allowed" {
				t.Errorf("%s %s: %s, %v", method, target, r.Status, r.Header)
			}
		}
	}
}

func TestOptions(t *testing.T) {
	g := newRig(t, failing(errors.New("rendered")), nil)
	r := g.ask(http.MethodOptions, "/a.jpg?w=800", "Origin", "https://x.example", "Access-Control-Request-Method", "GET")
	if body := bodyOf(t, r); r.StatusCode != 204 || body != "" {
		t.Errorf("%s, %q", r.Status, body)
	}
	for name, want := range map[string]string{
		"Allow": "GET, HEAD, OPTIONS", "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "GET, HEAD", "Access-Control-Max-Age": "86400",
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestProbes(t *testing.T) {
	var ready error
	g := newRig(t, pictureOf(ten), func(_ *rendition.Config, c *Config) { c.Ready = func() error { return ready } })
	check := func(target string, status int, text, code string) {
		t.Helper()
		r := g.get(target)
		if body := bodyOf(t, r); r.StatusCode != status || body != text {
			t.Errorf("%s: %s, %q; want %d, %q", target, r.Status, body, status, text)
		}
		if got := r.Header.Get("Photofit-Error"); got != code {
			t.Errorf("%s: code %q, want %q", target, got, code)
		}
		if got := r.Header.Get("Cache-Control"); status != 404 && got != "no-store" {
			t.Errorf("%s: Cache-Control is %q", target, got)
		}
	}
	check("/-/health", 200, "ok\n", "")
	check("/-/health?from=lb", 200, "ok\n", "")
	check("/-/ready", 200, "ready\n", "")
	ready = errors.New("the server is stopping")
	check("/-/ready", 503, "the server is stopping\n", "not-ready")
	check("/-/health", 200, "ok\n", "")
	for _, target := range []string{"/-/x", "/-/", "/-/health/", "/-/Health", "/-/metrics/x", "/-/sheet"} {
		check(target, 404, "There is no such page.\n", "page-not-found")
	}
}

func TestPages(t *testing.T) {
	pages := []string{"/", "/trip/", "//", "/a/../", "/?q=1", "/-/sheet/style.css", "/-/sheet/"}
	others := []string{"/a.jpg", "/trip", "/-/health", "/-/x/", "/-", "/trip%2F"}
	without := newRig(t, pictureOf(ten), nil)
	for _, target := range pages {
		if r := without.get(target); r.StatusCode != 404 || r.Header.Get("Photofit-Error") != "page-not-found" {
			t.Errorf("without pages, %s: %s, %v", target, r.Status, r.Header)
		}
	}
	with := newRig(t, pictureOf(ten), func(_ *rendition.Config, c *Config) {
		c.Pages = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-Page", r.URL.Path)
			fmt.Fprint(w, "page")
		})
	})
	for _, target := range pages {
		if r := with.get(target); r.StatusCode != 200 || r.Header.Get("X-Page") == "" || bodyOf(t, r) != "page" {
			t.Errorf("%s: %s, %v", target, r.Status, r.Header)
		}
	}
	for _, target := range others {
		if got := with.get(target).Header.Get("X-Page"); got != "" {
			t.Errorf("%s went to the pages", target)
		}
	}
	// What comes through Lambda has no RequestURI.
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/a%2Fb.jpg?w=800", nil)
	if err != nil {
		t.Fatal(err)
	}
	if path, query := target(r); path != "/a%2Fb.jpg" || query != "w=800" {
		t.Errorf("%q, %q", path, query)
	}
}
