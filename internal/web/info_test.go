package web

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"photofit"
	"photofit/internal/rendition"
)

// knowing makes infos, of a type as renderers give it.
func knowing(_ context.Context, _ io.ReaderAt, _ int64, r photofit.Recipe, _ func(context.Context, int64) error) (rendition.Made, error) {
	if r.Format != photofit.InfoJSON {
		return rendition.Made{Body: []byte(ten), Type: "image/webp"}, nil
	}
	return rendition.Made{Body: []byte(`{"width":1}` + "\n"), Type: "application/json; made=12345678"}, nil
}

func TestInfo(t *testing.T) {
	g := newRig(t, knowing, nil)
	tag := ""
	for i, target := range []string{"/a.jpg/_info.json", "/a.jpg?fm=json", "/a.jpg?fm=json&w=800", "/a.jpg/_info.json"} {
		r := g.get(target, "Accept", "image/avif", "Origin", "https://page.example")
		if body := bodyOf(t, r); r.StatusCode != http.StatusOK || body != `{"width":1}`+"\n" {
			t.Errorf("%s: %s, %q", target, r.Status, body)
		}
		for name, value := range map[string]string{
			"Content-Type":                 "application/json",
			"Cache-Control":                DefaultCacheControl,
			"Vary":                         "",
			"Photofit-Recipe":              "/a.jpg/_info.json",
			"Access-Control-Allow-Origin":  "*",
			"Cross-Origin-Resource-Policy": "cross-origin",
			"X-Content-Type-Options":       "nosniff",
		} {
			if got := r.Header.Get(name); got != value {
				t.Errorf("%s: %s is %q, want %q", target, name, got, value)
			}
		}
		cache := "cache;desc=hit"
		if i == 0 {
			cache, tag = "cache;desc=miss", r.Header.Get("Etag")
		}
		if got := r.Header.Get("Server-Timing"); !strings.HasPrefix(got, cache) || r.Header.Get("Etag") != tag || tag == "" {
			t.Errorf("%s: Server-Timing %q, ETag %q", target, got, r.Header.Get("Etag"))
		}
	}
	if r := g.get("/a.jpg/_info.json", "If-None-Match", tag); r.StatusCode != http.StatusNotModified {
		t.Errorf("with its ETag: %s", r.Status)
	}
	if r := g.ask(http.MethodHead, "/a.jpg/_info.json"); r.StatusCode != http.StatusOK || bodyOf(t, r) != "" || r.Header.Get("Content-Length") != "12" {
		t.Errorf("HEAD: %s, %v", r.Status, r.Header)
	}
	if r := g.get("/none.jpg/_info.json"); r.StatusCode != http.StatusNotFound {
		t.Errorf("of no photo: %s", r.Status)
	}
}

func TestInfoIsSigned(t *testing.T) {
	key := []byte("sixteen bytes and more")
	g := newRig(t, knowing, func(_ *rendition.Config, c *Config) { c.Policy = photofit.SignedPolicy(key) })
	for _, target := range []string{"/a.jpg/_info.json", "/a.jpg?fm=json", photofit.Sign(key, "/a.jpg?w=800") + "&fm=json"} {
		if r := g.get(target); r.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %s", target, r.Status)
		}
	}
	for _, target := range []string{"/a.jpg/_info.json", "/a.jpg?fm=json"} {
		if r := g.get(photofit.Sign(key, target)); r.StatusCode != http.StatusOK {
			t.Errorf("%s with its signature: %s", target, r.Status)
		}
	}
}

func TestInfoInTheLog(t *testing.T) {
	g := newRig(t, knowing, nil)
	g.get("/a.jpg?fm=json")
	if lines := g.log.lines(t); len(lines) != 1 || lines[0]["recipe"] != "/a.jpg/_info.json" || lines[0]["cache"] != "miss" {
		t.Errorf("log: %v", lines)
	}
}
