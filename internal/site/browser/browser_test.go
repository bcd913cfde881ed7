package browser

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"
)

const (
	measuredImage = `<style>body { margin: 0 }</style><img data-n="1" width="300" height="200" style="width: 50vw; height: auto">`
	busy          = `<script>while (true) {}</script>`
)

// A page that asks whoever looks at it is answered, one that never rests costs its time
// only, and the pages after it are measured.
func TestPagesThatStandInTheWay(t *testing.T) {
	if _, err := Find(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("CI has to have a browser: %v", err)
		}
		t.Skipf("NOT TESTED: %v", err)
	}
	pages := map[string]string{
		"plain":     measuredImage,
		"asks":      `<script>alert(1); confirm(2); prompt(3)</script>` + measuredImage,
		"busy":      measuredImage + busy,
		"distorted": measuredImage + `<style>img { height: 60px !important }</style>`,
		"fitted":    measuredImage + `<style>img { height: 60px !important; object-fit: cover }</style>`,
		"contained": measuredImage + `<style>img { height: 60px !important; object-fit: contain }</style>`,
		"shaded":    `<style>body { margin: 0 }</style><div><template shadowrootmode="open"><img data-n="1" style="width: 50vw"></template></div>`,
	}
	b, err := Start(t.Context(), Config{Number: "data-n", PageTime: time.Minute, Serve: func(_ context.Context, url string) (Answer, bool) {
		page, ok := pages[strings.TrimPrefix(url, "https://site.invalid/")]
		return Answer{"text/html", []byte("<!doctype html>" + page)}, ok
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for _, name := range []string{"plain", "asks", "busy", "plain", "distorted", "fitted", "contained", "shaded"} {
		b.config.PageTime = time.Minute
		if name == "busy" {
			b.config.PageTime = time.Second
		}
		m, err := b.Sizes(t.Context(), "https://site.invalid/"+name)
		if name == "busy" {
			if err == nil || !strings.Contains(err.Error(), "do not come to rest within 1s") {
				t.Errorf("one that never rests: %v, %v", m, err)
			}
			continue
		}
		want := "50vw"
		if name == "fitted" || name == "contained" {
			want = m[1].Sizes // of a photo that is cut, or stands apart
		}
		if err != nil || m[1].Sizes != want || m[1].Distorted != (name == "distorted") || m[1].Apart != (name == "contained") {
			t.Errorf("%s: %v, %v", name, m, err)
		}
	}
}
