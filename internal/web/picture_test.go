package web

import (
	"crypto/md5"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"photofit/internal/rendition"
)

const ten = "0123456789"

var tenTag = fmt.Sprintf(`"%x"`, md5.Sum([]byte(ten)))

func TestPicture(t *testing.T) {
	g := newRig(t, pictureOf(ten), nil)
	for _, cache := range []string{"miss", "hit"} {
		r := g.get("/a.jpg?w=790", "Accept", "image/avif,image/webp")
		if body := bodyOf(t, r); r.StatusCode != http.StatusOK || body != ten {
			t.Errorf("%s: %s, %q", cache, r.Status, body)
		}
		want := map[string]string{
			"Content-Type":                 "image/webp",
			"Content-Length":               "10",
			"Cache-Control":                DefaultCacheControl,
			"ETag":                         tenTag,
			"Vary":                         "Accept",
			"Accept-Ranges":                "bytes",
			"Photofit-Recipe":              "/a.jpg/_w800.auto-avif",
			"Photofit-Error":               "",
			"Access-Control-Allow-Origin":  "*",
			"Cross-Origin-Resource-Policy": "cross-origin",
			"Timing-Allow-Origin":          "*",
			"X-Content-Type-Options":       "nosniff",
			"Content-Security-Policy":      "",
		}
		for name, value := range want {
			if got := r.Header.Get(name); got != value {
				t.Errorf("%s: %s is %q, want %q", cache, name, got, value)
			}
		}
		photo, err := g.photos.Stat(t.Context(), "a.jpg")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := r.Header.Get("Last-Modified"), photo.ModTime.UTC().Format(http.TimeFormat); got != want {
			t.Errorf("%s: Last-Modified is %q, want %q", cache, got, want)
		}
		if got := r.Header.Get("Server-Timing"); !strings.HasPrefix(got, "cache;desc="+cache) {
			t.Errorf("%s: Server-Timing is %q", cache, got)
		}
	}
}

func TestCacheControlIsASetting(t *testing.T) {
	g := newRig(t, pictureOf(ten), func(_ *rendition.Config, c *Config) { c.CacheControl = "private" })
	if got := g.get("/a.jpg").Header.Get("Cache-Control"); got != "private" {
		t.Errorf("Cache-Control is %q", got)
	}
}

func TestHead(t *testing.T) {
	g := newRig(t, pictureOf(ten), nil)
	g.get("/a.jpg?w=800")
	for _, target := range []string{"/a.jpg?w=800", "/a.jpg?w=x", "/none.jpg", "/", "/-/health", "/-/none"} {
		get, head := g.get(target), g.ask(http.MethodHead, target)
		if body := bodyOf(t, head); body != "" {
			t.Errorf("%s: HEAD has the body %q", target, body)
		}
		if get.StatusCode != head.StatusCode {
			t.Errorf("%s: GET is %s, HEAD %s", target, get.Status, head.Status)
		}
		get.Header.Del("Server-Timing")
		head.Header.Del("Server-Timing")
		if a, b := fmt.Sprint(get.Header), fmt.Sprint(head.Header); a != b {
			t.Errorf("%s: the headers are\n%s with GET and\n%s with HEAD", target, a, b)
		}
		if get.Header.Get("Content-Length") == "" {
			t.Errorf("%s: no Content-Length", target)
		}
	}
}

// What Accept has decided varies with it, and nothing else does.
func TestVary(t *testing.T) {
	g := newRig(t, pictureOf(ten), nil)
	cases := []struct{ target, vary string }{
		{"/a.jpg?w=800", "Accept"},
		{"/a.jpg", "Accept"},
		{"/a.jpg?w=800&fm=webp", ""},
		{"/a.jpg/_w800.webp", ""},
		{"/a.jpg/_w800.auto-avif", ""},
		{"/a.jpg/_w800.auto", ""},
		{"/none.jpg?w=800", "Accept"}, // there may be one, in another format
		{"/a.jpg?w=x", ""},
	}
	for _, c := range cases {
		for _, accept := range []string{"image/webp", "image/avif,image/webp", ""} {
			if got := g.get(c.target, "Accept", accept).Header.Get("Vary"); got != c.vary {
				t.Errorf("%s with %q varies with %q, want %q", c.target, accept, got, c.vary)
			}
		}
	}
}

func TestAcceptInSeveralHeaders(t *testing.T) {
	g := newRig(t, pictureOf(ten), nil)
	r := g.get("/a.jpg?w=800", "Accept", "image/avif", "Accept", "image/webp")
	if got := r.Header.Get("Photofit-Recipe"); got != "/a.jpg/_w800.auto-avif" {
		t.Errorf("recipe is %s", got)
	}
}

// Names become header values only in their escaped spelling, and not where they
// are longer than proxies take.
func TestRecipeHeader(t *testing.T) {
	g := newRig(t, pictureOf(ten), nil)
	evil := "a\r\nSet-Cookie: x=1\r\n\r\n<script>.jpg"
	g.photos.Set(evil, []byte("original"))
	long := strings.Repeat("ab cd", 1000)
	g.photos.Set(long, []byte("original"))

	r := g.get("/a%0D%0ASet-Cookie:%20x=1%0d%0a%0d%0a%3Cscript%3E.jpg?w=800&fm=webp")
	want := "/a~0D~0ASet-Cookie~3A~20x~3D1~0D~0A~0D~0A~3Cscript~3E.jpg/_w800.webp"
	if got := r.Header.Get("Photofit-Recipe"); r.StatusCode != 200 || got != want || r.Header.Get("Set-Cookie") != "" {
		t.Errorf("%s, %v", r.Status, r.Header)
	}
	r = g.get("/" + strings.ReplaceAll(long, " ", "%20") + "?w=800")
	if got, there := r.Header["Photofit-Recipe"]; r.StatusCode != 200 || there {
		t.Errorf("%s, with a recipe of %d bytes", r.Status, len(got[0]))
	}
	r = g.get("/" + strings.Repeat("x", 20000) + "?w=800")
	if got := len(fmt.Sprint(r.Header)); r.StatusCode != 404 || got > 1000 {
		t.Errorf("%s with %d bytes of headers", r.Status, got)
	}
}

func TestOriginals(t *testing.T) {
	g := newRig(t, failing(io.ErrUnexpectedEOF), func(_ *rendition.Config, c *Config) { c.Policy.OriginalsPublic = true })
	ftyp := "\x00\x00\x00\x1cftyp"
	cases := []struct{ body, kind string }{
		{"\xff\xd8\xff\xe0 and so on", "image/jpeg"},
		{"\x89PNG\r\n\x1a\n and so on", "image/png"},
		{ftyp + "avif and so on", "image/avif"},
		{ftyp + "heic and so on", "image/heic"},
		{"II*\x00 and so on", "image/tiff"},
		{"MM\x00* and so on", "image/tiff"},
		{"<html><script>alert(1)</script>", unknownType},
		{"<svg xmlns='http://www.w3.org/2000/svg'/>", unknownType},
		{"plain text", unknownType},
		{"", unknownType},
	}
	for _, c := range cases {
		g.photos.Set("a.jpg", []byte(c.body))
		r := g.get("/a.jpg?fm=original")
		if body := bodyOf(t, r); r.StatusCode != 200 || body != c.body {
			t.Errorf("%q: %s, %q", c.body, r.Status, body)
		}
		for name, want := range map[string]string{
			"Content-Type": c.kind, "X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox",
			"Vary": "", "Photofit-Recipe": "/a.jpg/_original",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%q: %s is %q, want %q", c.body, name, got, want)
			}
		}
		if again := g.get("/a.jpg?fm=original", "If-None-Match", r.Header.Get("ETag")); again.StatusCode != 304 {
			t.Errorf("%q: asked again, %s", c.body, again.Status)
		}
	}
}
