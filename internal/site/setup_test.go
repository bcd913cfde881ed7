package site

import (
	"context"
	"fmt"
	"io/fs"
	"testing"

	"photofit"
)

// photosOf answers for photos of 3000 × 2000 pixels, and for nothing else. Of what ends
// in bad.jpg it says that it is no picture, of secret.jpg that it may not be read.
func photosOf(names ...string) func(context.Context, string) (photofit.Info, error) {
	there := map[string]bool{}
	for _, name := range names {
		there[name] = true
	}
	return func(_ context.Context, photo string) (photofit.Info, error) {
		switch {
		case photo == "bad.jpg":
			return photofit.Info{}, &photofit.Fault{Kind: photofit.ErrNotPicture, Code: "not-a-picture", Text: "no"}
		case photo == "secret.jpg":
			return photofit.Info{}, fmt.Errorf("reading: %w", &fs.PathError{Op: "openat", Path: photo, Err: fs.ErrPermission})
		case !there[photo]:
			return photofit.Info{}, fmt.Errorf("%s: %w", photo, fs.ErrNotExist)
		}
		return photofit.Info{Width: 3000, Height: 2000, Bytes: 4_000_000, Type: "image/jpeg", Color: "#8a6f4d"}, nil
	}
}

// aFew keeps what is expected short.
var aFew = photofit.Policy{Widths: []int{400, 800, 1600}}

func newRewriter(t testing.TB, c Config) *Rewriter {
	t.Helper()
	if c.Base == "" {
		c.Base = "https://m.example"
	}
	if c.Info == nil {
		c.Info = photosOf("a.jpg", "b.jpg", "trip/b.jpg", "trip/b & c.jpg", "é.jpg", "花.jpg", "100%.jpg", "a+b.jpg")
	}
	if c.Policy.Widths == nil {
		c.Policy = aFew
	}
	r, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func rewrite(t testing.TB, r *Rewriter, name, page string) Page {
	t.Helper()
	p, err := r.Page(t.Context(), name, []byte(page), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func parse(t testing.TB, text string) Rules {
	t.Helper()
	rules, err := ParseRules(text)
	if err != nil {
		t.Fatal(err)
	}
	return rules
}
