package main

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"photofit"
	"photofit/internal/imgtest"
	"photofit/internal/imgtest/scene"
	"photofit/internal/site/browser/browsertest"
)

// imgTags are the tags that may have changed.
var imgTags = regexp.MustCompile(`<img [^>]*>`)

// Pages of themes, built by their own tools, are rewritten with measured sizes, and
// opened.
func TestThemesInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("builds sites")
	}
	t.Setenv("PHOTOFIT_LIBVIPS", libvips(t))
	browser := browsertest.Start(t)
	photos := t.TempDir()
	for i, name := range tripPhotos {
		photo := string(imgtest.JPEG(scene.All()[i].Draw(2400, 1600), 92))
		if from := os.Getenv("PHOTOFIT_TEST_PHOTOS"); from != "" {
			body, err := os.ReadFile(filepath.Join(from, []string{"p22_5dm3.jpg", "p12_s7.jpg", "p16_leica_o8.jpg"}[i]))
			if err != nil {
				t.Fatal(err)
			}
			photo = string(body)
		}
		write(t, filepath.Join(photos, name), photo)
	}
	for _, theme := range themes {
		t.Run(theme.name, func(t *testing.T) { testTheme(t, browser, theme, photos) })
	}
}

func testTheme(t *testing.T, browser context.Context, theme theme, photos string) {
	site := theme.build(t)
	page := filepath.Join(site, theme.page, "index.html")
	before, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range tripPhotos {
		if err := os.Symlink(filepath.Join(photos, name), filepath.Join(site, name)); err != nil {
			t.Fatal(err)
		}
	}
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.CopyFS(plain, os.DirFS(site)); err != nil {
		t.Fatal(err)
	}

	loaded := &transfers{}
	media := servePhotos(t, photos, loaded)
	args := []string{"rewrite", site, "--photos", photos, "--base", media.URL, "--cache", t.TempDir(), "--measure"}
	var out, said bytes.Buffer
	if code := run(t.Context(), args, &out, &said); code != 0 {
		t.Fatalf("%s%s", &out, &said)
	}
	after, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := imgTags.ReplaceAll(before, nil), imgTags.ReplaceAll(after, nil); !bytes.Equal(a, b) {
		t.Errorf("%s\nbecame\n%s", before, after)
	}
	if code := run(t.Context(), append(args, "--check"), &out, &said); code != 0 {
		t.Errorf("a second time: %s%s", &out, &said)
	}

	pages := httptest.NewServer(http.FileServer(http.Dir(site)))
	defer pages.Close()
	original := httptest.NewServer(loaded.count(http.FileServer(http.Dir(plain))))
	defer original.Close()
	for _, width := range []int{320, 768, 1440} {
		were, _ := open(t, browser, original.URL+theme.address(), width, 1)
		for _, density := range []float64{1, 2, 3} {
			name := fmt.Sprintf("%d px at %v", width, density)
			shown, moved := open(t, browser, pages.URL+theme.address(), width, density)
			if len(shown) != 3 || moved != 0 {
				t.Errorf("%s: %d images, the layout shifts by %v", name, len(shown), moved)
			}
			for _, img := range shown {
				covers(t, name, img, density)
			}
			stay(t, name, were, shown)
		}
	}
	if os.Getenv("PHOTOFIT_TEST_PHOTOS") == "" {
		return // painted photos are light
	}
	loaded.take()
	open(t, browser, pages.URL+theme.address(), 390, 3)
	small := loaded.take()
	open(t, browser, original.URL+theme.address(), 390, 3)
	large := loaded.take()
	if t.Logf("a phone loads %d bytes in place of %d", small, large); small*5 > large {
		t.Errorf("a phone loads %d bytes in place of %d", small, large)
	}
}

// stay holds images' layout against what it was. Parts of a pixel add up from top to bottom.
func stay(t *testing.T, name string, were, are []shownImage) {
	t.Helper()
	if len(were) != len(are) {
		t.Fatalf("%s: %d images, there were %d", name, len(are), len(were))
	}
	for i, is := range are {
		was := were[i]
		for side, d := range map[string]float64{"width": is.Width - was.Width, "height": is.Height - was.Height, "left": is.Left - was.Left, "top": is.Top - was.Top} {
			if math.Abs(d) > 1 && (side != "top" || math.Abs(d) > 3) {
				t.Errorf("%s: image %d: its %s is off by %v: it is %+v, and was %+v", name, i+1, side, d, is, was)
			}
		}
	}
}

// covers holds what came for an image against the least step that covers its layout.
// On dense screens Chromium takes the step below where that is nearer, by the geometric
// mean.
func covers(t *testing.T, name string, img shownImage, density float64) {
	t.Helper()
	address, err := url.Parse(img.Src)
	if err != nil {
		t.Fatal(err)
	}
	got, err := photofit.Resolve(address.EscapedPath(), address.RawQuery, "image/avif", photofit.Policy{})
	if err != nil {
		t.Errorf("%s: %s: %v", name, img.Src, err)
		return
	}
	var ladder []int
	for _, w := range (photofit.Policy{}).WidthsFor(img.Photo) {
		if w >= 160 {
			ladder = append(ladder, w)
		}
	}
	need, n := img.Width*density, 0
	for n < len(ladder)-1 && float64(ladder[n]) < need-.05 {
		n++
	}
	if density > 1 && n > 0 && got.Width == ladder[n-1] && need <= math.Sqrt(float64(ladder[n-1])*float64(min(ladder[n], img.Photo)))+1 {
		return
	}
	if got.Width != ladder[n] {
		t.Errorf("%s: %s for %v px, want %d", name, strings.TrimPrefix(img.Src, "http://"), img.Width, ladder[n])
	}
}
