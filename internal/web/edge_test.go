package web

import (
	"errors"
	"net/http"
	"testing"

	"photofit"
	"photofit/internal/rendition"
)

func atEdge(_ *rendition.Config, c *Config) { c.Edge = true }

func TestOffShelf(t *testing.T) {
	for path, want := range map[string]string{
		"/r1/a.jpg/_w800.webp":    "/a.jpg/_w800.webp",
		"/r27/trip/a.jpg":         "/trip/a.jpg",
		"/r1/r2/a.jpg":            "/r2/a.jpg",
		"/r1/":                    "/",
		"/r1":                     "/r1",
		"/r/a.jpg":                "/r/a.jpg",
		"/r1a/a.jpg":              "/r1a/a.jpg",
		"/rome/a.jpg":             "/rome/a.jpg",
		"/a.jpg":                  "/a.jpg",
		"/-/health":               "/-/health",
		"/":                       "/",
		"":                        "",
		"/r1//a.jpg":              "//a.jpg",
		"/r1/r1/a.jpg/_w800.webp": "/r1/a.jpg/_w800.webp",
	} {
		if got := offShelf(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// TestEdge has a picture found on its shelf, with the tag that forgets it; only
// there.
func TestEdge(t *testing.T) {
	const path = "/r1/a.jpg/_w800.webp"
	g := newRig(t, pictureOf("picture"), atEdge)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		r := g.ask(method, path)
		if want := photofit.CacheTag("a.jpg"); r.StatusCode != 200 || r.Header.Get("X-Amz-Meta-Cache-Tag") != want {
			t.Errorf("%s: %s, tag %q, want %q", method, r.Status, r.Header.Get("X-Amz-Meta-Cache-Tag"), want)
		}
	}
	if r := g.get("/-/metrics"); r.StatusCode != 404 {
		t.Errorf("metrics: %s", r.Status)
	}
	if r := newRig(t, pictureOf("picture"), nil).get("/a.jpg/_w800.webp"); r.Header.Get("X-Amz-Meta-Cache-Tag") != "" {
		t.Error("a server that stands alone names a tag")
	}
	if r := newRig(t, pictureOf("picture"), nil).get(path); r.StatusCode != 404 {
		t.Errorf("a server that stands alone has a shelf: %s", r.Status)
	}
}

// TestBroken has a body that breaks off told, after it is in the log, and nothing
// else.
func TestBroken(t *testing.T) {
	cause := errors.New("the disk is gone")
	var told []error
	g := newRig(t, pictureOf("picture"), func(s *rendition.Config, c *Config) {
		c.Broken = func(err error) { told = append(told, err) }
	})
	if r := g.get("/a.jpg?w=800"); r.StatusCode != 200 {
		t.Fatal(r.Status)
	}
	_ = g.get("/b.jpg")
	if len(told) != 0 {
		t.Errorf("told of %v, though nothing broke off", told)
	}
	broken := newRig(t, pictureOf("picture"), func(s *rendition.Config, c *Config) {
		s.Photos, s.Renditions = g.photos, brokenStore{g.kept, cause}
		c.Broken = g.Broken
	})
	_ = broken.get("/a.jpg?w=800")
	if len(told) != 1 || !errors.Is(told[0], cause) {
		t.Errorf("told of %v, want %v", told, cause)
	}
}

// TestLargest refuses what is larger than can be sent, whole and in part.
func TestLargest(t *testing.T) {
	g := newRig(t, pictureOf("picture"), func(_ *rendition.Config, c *Config) {
		c.Largest, c.Policy.OriginalsPublic = 10, true
	})
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		if r := g.ask(method, "/a.jpg/_original", "Range", "bytes=0-1"); r.StatusCode != 413 || r.Header.Get("Photofit-Error") != "answer-bytes" || r.Header.Get("Etag") != "" {
			t.Errorf("%s: %s %v", method, r.Status, r.Header)
		}
	}
	if r := g.get("/a.jpg?w=800"); r.StatusCode != 200 {
		t.Errorf("a rendition: %s", r.Status)
	}
}
