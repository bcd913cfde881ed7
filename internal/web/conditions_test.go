package web

import (
	"context"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"photofit"
	"photofit/internal/rendition"
	"photofit/internal/store"
)

func TestConditions(t *testing.T) {
	g := newRig(t, pictureOf(ten), nil)
	first := g.get("/a.jpg?w=800")
	modified := first.Header.Get("Last-Modified")
	earlier := time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat)
	other := `"0123"`
	cases := []struct {
		headers []string
		status  int
		body    string
	}{
		{[]string{"If-None-Match", tenTag}, 304, ""},
		{[]string{"If-None-Match", other + ", " + tenTag}, 304, ""},
		{[]string{"If-None-Match", "W/" + tenTag}, 304, ""},
		{[]string{"If-None-Match", "*"}, 304, ""},
		{[]string{"If-None-Match", other}, 200, ten},
		{[]string{"If-None-Match", other, "If-Modified-Since", modified}, 200, ten},
		{[]string{"If-Modified-Since", modified}, 304, ""},
		{[]string{"If-Modified-Since", earlier}, 200, ten},
		{[]string{"If-Match", other}, 412, ""},
		{[]string{"Range", "bytes=2-4"}, 206, "234"},
		{[]string{"Range", "bytes=-3"}, 206, "789"},
		{[]string{"Range", "bytes=7-99"}, 206, "789"},
		{[]string{"Range", "bytes=2-4", "If-Range", tenTag}, 206, "234"},
		{[]string{"Range", "bytes=2-4", "If-Range", other}, 200, ten},
		{[]string{"Range", "bytes=2-4", "If-None-Match", tenTag}, 304, ""},
		{[]string{"Range", "pixels=2-4"}, 200, ten},
		{[]string{"Range", ""}, 200, ten},
	}
	for _, c := range cases {
		r := g.get("/a.jpg?w=800", c.headers...)
		if body := bodyOf(t, r); r.StatusCode != c.status || body != c.body {
			t.Errorf("%q: %s, %q; want %d, %q", c.headers, r.Status, body, c.status, c.body)
		}
		if c.status == 304 {
			for name, want := range map[string]string{"ETag": tenTag, "Cache-Control": DefaultCacheControl, "Vary": "Accept", "Content-Length": "", "Content-Type": ""} {
				if got := r.Header.Get(name); got != want {
					t.Errorf("%q: 304 with %s %q, want %q", c.headers, name, got, want)
				}
			}
		}
	}
}

// What a condition refuses must not be kept by a cache in the picture's place.
func TestConditionThatFails(t *testing.T) {
	g := newRig(t, pictureOf(ten), nil)
	for range 2 { // a miss, then a hit
		r := g.get("/a.jpg?w=800", "If-Match", `"0123"`)
		if body := bodyOf(t, r); r.StatusCode != 412 || body != "" {
			t.Errorf("%s, %q", r.Status, body)
		}
		for name, want := range map[string]string{"Photofit-Error": "precondition-failed", "Cache-Control": "no-store", "Content-Type": "", "ETag": tenTag} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
	}
}

// A 304 needs no render where the rendition is kept, and not one byte of it.
func TestNotModifiedCostsNothing(t *testing.T) {
	renders := 0
	g := newRig(t, func(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, a func(context.Context, int64) error) (rendition.Made, error) {
		renders++
		return pictureOf(ten)(ctx, p, size, r, a)
	}, func(s *rendition.Config, _ *Config) { s.Renditions = unread{s.Renditions, t} })
	g.get("/a.jpg?w=800", "If-None-Match", tenTag)
	if r := g.get("/a.jpg?w=800", "If-None-Match", tenTag); r.StatusCode != http.StatusNotModified || renders != 1 {
		t.Errorf("%s after %d renders", r.Status, renders)
	}
}

// unread complains when a body is read.
type unread struct {
	store.Renditions
	t *testing.T
}

func (u unread) Get(ctx context.Context, key string) (*store.Rendition, error) {
	r, err := u.Renditions.Get(ctx, key)
	if err == nil {
		r.Body = unreadBody{r.Body, u.t}
	}
	return r, err
}

type unreadBody struct {
	io.ReadSeekCloser
	t *testing.T
}

func (u unreadBody) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

func TestRangesOutside(t *testing.T) {
	g := newRig(t, pictureOf(ten), nil)
	for range 2 { // a miss, then a hit
		r := g.get("/a.jpg?w=800", "Range", "bytes=10-")
		if body := bodyOf(t, r); r.StatusCode != 416 || strings.Count(body, "\n") != 1 {
			t.Errorf("%s, %q", r.Status, body)
		}
		for name, want := range map[string]string{"Content-Range": "bytes */10", "Photofit-Error": "range-outside", "Cache-Control": "no-store", "ETag": ""} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
	}
}

func TestSeveralRanges(t *testing.T) {
	g := newRig(t, pictureOf(ten), nil)
	r := g.get("/a.jpg?w=800", "Range", "bytes=0-1,4-5,-1")
	if got := parts(t, r); got != "01 45 9" {
		t.Errorf("parts are %q", got)
	}
}

// parts joins the bodies of a multipart answer.
func parts(t *testing.T, r *http.Response) string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/byteranges" || r.StatusCode != http.StatusPartialContent {
		t.Fatalf("%s, %s, %v", r.Status, kind, err)
	}
	var all []string
	for m := multipart.NewReader(r.Body, params["boundary"]); ; {
		p, err := m.NextPart()
		if err == io.EOF {
			return strings.Join(all, " ")
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, string(b))
	}
}
