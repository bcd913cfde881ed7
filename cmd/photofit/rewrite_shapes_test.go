package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"photofit/internal/imgtest"
	"photofit/internal/site/browser/browsertest"
)

// Ways in which style sheets size images, and pages ask for them.
const shapesPage = `<!doctype html><meta name=viewport content="width=device-width"><title>x</title><link rel=icon href="data:,">
<link rel=stylesheet href="css/main.css"><style>.row img { height: 120px } .whole img { width: 100% } .half img { inline-size: 50% }
.tile img { width: 100px; height: 100px; object-fit: cover } .wide img { aspect-ratio: 3; object-fit: cover }
.screen img { max-height: 200px } .good img { max-width: 100%; height: auto } .own img { width: auto; height: auto }
.line { display: flex } .line img { height: 90px } .column { display: flex; flex-direction: column; width: 280px } .fit img { width: fit-content }
.flex { display: flex } .tall { height: 300px } .full img { width: auto; height: 100% } .frame { padding: 8px; background: white } @media (min-width: 700px) { .late img { width: 300px } }</style>
<main><p><img src="a.jpg"><p class=row><img src="a.jpg"><img src="small.jpg"><p class=whole><img src="a.jpg"><p class=half><img src="small.jpg">
<p class=tile><img src="a.jpg"><p class=wide><img src="a.jpg"><p class=screen><img src="a.jpg"><p class=good><img src="a.jpg"><p class=own><img src="small.jpg">
<p><img class=frame src="a.jpg"><p class=late><img src="small.jpg"><p><img src="a.jpg" width=200><p><img src="a.jpg" height=90><p class=good><img src="a.jpg" height=90>
<p><img src="small.jpg"><p><img src="a.jpg" style="width: 30%"><p><img src="a.jpg" width=50%><p><img src="BASE/a.jpg?w=320">
<p class=line><img src="a.jpg"><img src="a.jpg"><p class=column><img src="small.jpg"><p class="column good"><img src="small.jpg"><p class=fit><img src="small.jpg"><p class="flex good"><img src="a.jpg"><img src="small.jpg"><p class="column tall good"><img src="a.jpg"><p class=full><img src="a.jpg"></main>`

// By rewriting, measured or not, no image gets another size or another place.
func TestLayoutStays(t *testing.T) {
	t.Setenv("PHOTOFIT_LIBVIPS", libvips(t))
	browser := browsertest.Start(t)
	photos := t.TempDir()
	write(t, filepath.Join(photos, "a.jpg"), string(imgtest.JPEG(imgtest.OrientationChart(1800, 1200), 90)))
	write(t, filepath.Join(photos, "small.jpg"), string(imgtest.JPEG(imgtest.OrientationChart(240, 160), 90)))
	media := servePhotos(t, photos, &transfers{})

	plain := t.TempDir()
	write(t, filepath.Join(plain, "index.html"), strings.Replace(shapesPage, "BASE", media.URL, 1))
	if err := os.Mkdir(filepath.Join(plain, "css"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(plain, "css", "main.css"), "body { margin: 0 }\nmain { padding: 0 16px }\nimg { max-width: 100% }\n")
	for _, name := range []string{"a.jpg", "small.jpg"} {
		if err := os.Symlink(filepath.Join(photos, name), filepath.Join(plain, name)); err != nil {
			t.Fatal(err)
		}
	}
	original := httptest.NewServer(http.FileServer(http.Dir(plain)))
	defer original.Close()
	for _, more := range [][]string{nil, {"--measure"}} {
		site := filepath.Join(t.TempDir(), "site")
		args := append([]string{"rewrite", plain, "--out", site, "--photos", photos, "--base", media.URL, "--cache", t.TempDir()}, more...)
		var out, said bytes.Buffer
		if code := run(t.Context(), args, &out, &said); code != 0 || said.Len() > 0 {
			t.Fatalf("%v: exit %d, %s%s", more, code, &out, &said)
		}
		pages := httptest.NewServer(http.FileServer(http.Dir(site)))
		defer pages.Close()
		for _, width := range []int{320, 768, 1440} {
			were, _ := open(t, browser, original.URL, width, 1)
			for _, density := range []float64{1, 3} {
				are, _ := open(t, browser, pages.URL, width, density)
				stay(t, fmt.Sprintf("%v, %d px at %v", more, width, density), were, are)
			}
		}
	}
}

// What a script has an image look like only a browser knows.
func TestMeasuredShapes(t *testing.T) {
	t.Setenv("PHOTOFIT_LIBVIPS", libvips(t))
	browsertest.Start(t)
	site, photos := t.TempDir(), t.TempDir()
	write(t, filepath.Join(photos, "a.jpg"), string(imgtest.JPEG(imgtest.OrientationChart(900, 600), 90)))
	page := `<script>document.write('<style>img { max-width: 50% } .apart { width: 200px; height: 50px; object-fit: contain }</style>')</script>` +
		`<img src="a.jpg"><p><img class=apart src="a.jpg"><p><img src="a.jpg" width=200 height=20>`
	write(t, filepath.Join(site, "index.html"), page)
	rules := filepath.Join(t.TempDir(), "rules")
	args := []string{"rewrite", site, "--photos", photos, "--base", "https://m.example", "--cache", t.TempDir(), "--measure", "--rules", rules}
	for range 2 { // what is measured once changes nothing of what is measured next
		write(t, filepath.Join(site, "index.html"), page)
		var out, said bytes.Buffer
		if code := run(t.Context(), args, &out, &said); code != 0 || !strings.Contains(said.String(), "1 image, on 1 page such as index.html, would be out of shape") {
			t.Fatalf("exit %d, %s%s", code, &out, &said)
		}
		text, err := os.ReadFile(rules)
		if want := "sizes: 75px; placeholder: none }"; err != nil || strings.Count(string(text), "dimensions: no") != 1 || strings.Count(string(text), want) != 1 {
			t.Errorf("%s, %v", text, err)
		}
		html, err := os.ReadFile(filepath.Join(site, "index.html"))
		if err != nil || strings.Count(string(html), `width="`) != 1 || strings.Count(string(html), "background-image") != 2 {
			t.Errorf("%s, %v", html, err)
		}
	}
}
