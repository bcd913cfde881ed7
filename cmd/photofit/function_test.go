package main

import (
	"bytes"
	"image"
	"slices"
	"strings"
	"testing"

	"photofit"
	"photofit/internal/lambdahost"
)

// TestFunctionAnswers is the way of a picture through the real zip.
func TestFunctionAnswers(t *testing.T) {
	c := newCloud(t, func(config *lambdahost.Config) { config.Sandboxes = 1 })
	c.photo("trip/b.jpg", 1200, 800)

	first := c.ask("GET", "/r1/trip/b.jpg/_w800.auto-webp")
	body := whole(t, first)
	if size, kind, err := image.DecodeConfig(bytes.NewReader(body)); err != nil || kind != "webp" || size.Width != 800 || size.Height != 533 {
		t.Errorf("a %s of %d × %d: %v", kind, size.Width, size.Height, err)
	}
	for name, want := range map[string]string{
		"Content-Type":         "image/webp",
		"Cache-Control":        "public, max-age=3600, s-maxage=60, stale-if-error=0",
		"X-Amz-Meta-Cache-Tag": photofit.CacheTag("trip/b.jpg"),
		"Photofit-Recipe":      "/trip/b.jpg/_w800.auto-webp",
		"Vary":                 "",
		"Content-Encoding":     "",
	} {
		if got := first.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if !strings.HasPrefix(first.Header.Get("Server-Timing"), "cache;desc=miss") {
		t.Errorf("Server-Timing: %s", first.Header.Get("Server-Timing"))
	}
	// It is kept by then: nothing is left to do.
	second := c.ask("GET", "/r1/trip/b.jpg/_w800.auto-webp")
	if got := whole(t, second); !bytes.Equal(got, body) || !strings.HasPrefix(second.Header.Get("Server-Timing"), "cache;desc=hit") {
		t.Errorf("the second time: %d bytes instead of %d, %s", len(got), len(body), second.Header.Get("Server-Timing"))
	}
	// A shelf of another version, and no shelf, and what a person types.
	for _, path := range []string{"/r7/trip/b.jpg/_w800.auto-webp", "/trip/b.jpg/_w800.auto-webp", "/trip/b.jpg?w=790"} {
		if r := c.ask("GET", path, "Accept", "image/webp"); r.StatusCode != 200 || !bytes.Equal(whole(t, r), body) {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
	if r := c.ask("HEAD", "/r1/trip/b.jpg/_w800.auto-webp"); r.StatusCode != 200 || r.Header.Get("Etag") != first.Header.Get("Etag") || len(whole(t, r)) != 0 {
		t.Errorf("HEAD: %s %v", r.Status, r.Header)
	}
	if r := c.ask("GET", "/r1/trip/b.jpg/_w800.auto-webp", "If-None-Match", first.Header.Get("Etag")); r.StatusCode != 304 || len(whole(t, r)) != 0 || r.Header.Get("X-Amz-Meta-Cache-Tag") == "" {
		t.Errorf("304: %s %v", r.Status, r.Header)
	}
	if r := c.ask("GET", "/r1/trip/b.jpg/_w800.auto-webp", "Range", "bytes=4-7"); r.StatusCode != 206 || !bytes.Equal(whole(t, r), body[4:8]) {
		t.Errorf("206: %s", r.Status)
	}
	for path, want := range map[string]struct {
		status int
		cache  string
	}{
		"/r1/trip/c.jpg/_w800.auto": {404, "public, max-age=10"},
		"/r1/trip/b.jpg?h=x":        {400, "no-store"},
		"/":                         {404, "public, max-age=10"},
		"/-/metrics":                {404, "public, max-age=10"},
		"/-/sheet/x.js":             {404, "public, max-age=10"},
	} {
		r := c.ask("GET", path)
		if whole(t, r); r.StatusCode != want.status || r.Header.Get("Cache-Control") != want.cache {
			t.Errorf("%s: %s, Cache-Control %q, want %d, %q", path, r.Status, r.Header.Get("Cache-Control"), want.status, want.cache)
		}
	}
	reports := c.over()
	started := func(r lambdahost.Report) bool { return r.Init > 0 }
	if i := slices.IndexFunc(reports[1:], started); i >= 0 || !started(reports[0]) {
		t.Errorf("not one process for all: %+v", reports)
	}
}
