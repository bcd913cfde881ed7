package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"photofit"
	"photofit/internal/imgtest"
	"photofit/internal/imgtest/scene"
	"photofit/internal/rendition"
	"photofit/internal/site/browser/browsertest"
	"photofit/internal/store"
	"photofit/internal/web"
)

const themePage = `<!doctype html><meta name=viewport content="width=device-width"><title>x</title>
<style>body{margin:0}main{max-width:960px;margin:auto;padding:0 16px}img{max-width:100%;height:auto;display:block}
.hero{width:100%}.grid{display:grid;grid-template-columns:1fr;gap:16px}@media(min-width:700px){.grid{grid-template-columns:1fr 1fr}}</style>
<img class=hero src="a.jpg"><main><div class=grid><img src="b.jpg"><img src="a.jpg"></div><p><img src="b.jpg"></main>`

// A page that was rewritten with measured sizes loads what covers each image, and no
// more, from the real handler.
func TestRewrittenPageInABrowser(t *testing.T) {
	t.Setenv("PHOTOFIT_LIBVIPS", libvips(t))
	browser := browsertest.Start(t)
	folder, site := t.TempDir(), t.TempDir()
	cameraPhotos(t, folder)
	write(t, filepath.Join(site, "index.html"), themePage)
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.CopyFS(plain, os.DirFS(site)); err != nil {
		t.Fatal(err)
	}

	loaded := &transfers{}
	media := servePhotos(t, folder, loaded)
	pages := httptest.NewServer(http.FileServer(http.Dir(site)))
	defer pages.Close()
	original := httptest.NewServer(loaded.count(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".jpg") {
			http.ServeFile(w, r, filepath.Join(folder, r.URL.Path))
			return
		}
		http.ServeFile(w, r, filepath.Join(plain, "index.html"))
	})))
	defer original.Close()

	var out, said bytes.Buffer
	args := []string{"rewrite", site, "--photos", folder, "--base", media.URL, "--cache", t.TempDir(), "--measure"}
	if code := run(t.Context(), args, &out, &said); code != 0 {
		t.Fatalf("%s%s", &out, &said)
	}
	html, err := os.ReadFile(filepath.Join(site, "index.html"))
	if err != nil {
		t.Fatal(err)
	}
	for _, sizes := range []string{
		`sizes="100vw"`,
		`sizes="auto, (min-width: 992px) 472px, (min-width: 700px) calc(50vw - 24px), calc(100vw - 32px)"`,
		`sizes="auto, (min-width: 992px) 960px, calc(100vw - 32px)"`,
	} {
		if !strings.Contains(string(html), sizes) {
			t.Errorf("%s\nhas no %s", html, sizes)
		}
	}
	if code := run(t.Context(), append(args, "--check"), &out, &said); code != 0 {
		t.Errorf("a second time: %s%s", &out, &said)
	}

	for _, width := range []int{320, 768, 1440} {
		for _, density := range []float64{1, 2, 3} {
			name := fmt.Sprintf("%d px at %v", width, density)
			shown, moved := open(t, browser, pages.URL, width, density)
			if len(shown) != 4 || moved != 0 {
				t.Errorf("%s: %d images, the layout shifts by %v", name, len(shown), moved)
			}
			for _, img := range shown {
				ladder := photofit.Policy{}.WidthsFor(img.Photo)
				want := ladder[len(ladder)-1]
				for _, w := range ladder {
					if w >= 160 && float64(w) >= img.Width*density-.05 {
						want = w
						break
					}
				}
				if !strings.Contains(img.Src, "?w="+strconv.Itoa(want)) {
					t.Errorf("%s: %s for %v px, want %d", name, img.Src, img.Width, want)
				}
			}
		}
	}
	if os.Getenv("PHOTOFIT_TEST_PHOTOS") == "" {
		return // painted photos are light
	}
	loaded.take()
	open(t, browser, pages.URL, 390, 3)
	after := loaded.take()
	open(t, browser, original.URL, 390, 3)
	before := loaded.take()
	if t.Logf("a phone loads %d bytes in place of %d", after, before); after*5 > before {
		t.Errorf("a phone loads %d bytes in place of %d", after, before)
	}
}

// shownImage is an image as a browser has it.
type shownImage struct {
	Src       string
	Width     float64 // of the layout, as all that follow
	Height    float64
	Left, Top float64
	Photo     int // width of the photo
}

// open opens a page with an empty cache, scrolls through it, and gives its images, and by
// how much the layout has shifted.
func open(t *testing.T, browser context.Context, url string, width int, density float64) ([]shownImage, float64) {
	t.Helper()
	tab, cancel := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	defer cancel()
	tab, cancel = context.WithTimeout(tab, time.Minute)
	defer cancel()
	err := chromedp.Do(tab, chromedp.EmulateViewport(int64(width), 900, chromedp.EmulateScale(density)), chromedp.Navigate(url+"/"))
	if err != nil {
		t.Fatal(err)
	}
	all, err := chromedp.Run(tab, chromedp.Evaluate[[]shownImage](`(async () => {
		for (const img of document.images) {
			img.scrollIntoView()
			await img.decode()
		}
		const box = i => {
			const b = i.getBoundingClientRect()
			return {Width: b.width, Height: b.height, Left: b.left + scrollX, Top: b.top + scrollY}
		}
		return [...document.images].map(i => ({Src: i.currentSrc, ...box(i), Photo: +i.getAttribute('width')}))
	})()`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	moved, err := chromedp.Run(tab, chromedp.Evaluate[float64](`new Promise(done => {
		let sum = 0
		new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value }).observe({type: 'layout-shift', buffered: true})
		requestAnimationFrame(() => requestAnimationFrame(() => done(sum)))
	})`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return all, moved
}

// servePhotos serves a folder's photos by the real handler, which browsers ask each time.
func servePhotos(t *testing.T, folder string, loaded *transfers) *httptest.Server {
	t.Helper()
	photos, err := store.OpenFolder(folder)
	if err != nil {
		t.Fatal(err)
	}
	flags := engineFlags{Libvips: libvips(t), MaxPixels: 160, MaxBytes: 512 << 20, Queue: 512, Wait: span(time.Minute)}
	renderer, _, err := flags.renderer()
	if err != nil {
		t.Fatal(err)
	}
	service := rendition.New(flags.config(renderer, photos, store.NewMem(256<<20), nil))
	media := httptest.NewServer(loaded.count(web.New(web.Config{Service: service, CacheControl: "no-store"})))
	t.Cleanup(media.Close)
	return media
}

// transfers counts bytes of bodies, of each URL once: as nothing is kept here, one that is on a page twice is
// loaded once or twice, as it happens.
type transfers struct {
	mu    sync.Mutex
	bytes int64
	seen  map[string]bool
}

func (c *transfers) take() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.bytes
	c.bytes, c.seen = 0, nil
	return n
}

func (c *transfers) count(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		again := c.seen[r.URL.String()]
		if c.seen == nil {
			c.seen = map[string]bool{}
		}
		c.seen[r.URL.String()] = true
		c.mu.Unlock()
		if !again {
			w = counting{w, c}
		}
		h.ServeHTTP(w, r)
	})
}

type counting struct {
	http.ResponseWriter
	c *transfers
}

func (w counting) Write(p []byte) (int, error) {
	w.c.mu.Lock()
	w.c.bytes += int64(len(p))
	w.c.mu.Unlock()
	return w.ResponseWriter.Write(p)
}

// cameraPhotos puts two photos into a folder: of a camera if there are any.
func cameraPhotos(t *testing.T, folder string) {
	t.Helper()
	if from := os.Getenv("PHOTOFIT_TEST_PHOTOS"); from != "" {
		for name, photo := range map[string]string{"a.jpg": "p24.jpg", "b.jpg": "p22_5dm3.jpg"} {
			body, err := os.ReadFile(filepath.Join(from, photo))
			if err != nil {
				t.Fatal(err)
			}
			write(t, filepath.Join(folder, name), string(body))
		}
		return
	}
	t.Log("SKIPPED in part: PHOTOFIT_TEST_PHOTOS names no camera photos, painted ones stand in")
	for i, name := range []string{"a.jpg", "b.jpg"} {
		write(t, filepath.Join(folder, name), string(imgtest.JPEG(scene.All()[i].Draw(2400, 1600), 92)))
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
