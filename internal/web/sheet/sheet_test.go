package sheet

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"photofit/internal/store"
)

// photosOf holds those keys, each of 1,234 bytes.
func photosOf(keys ...string) *store.MemPhotos {
	m := &store.MemPhotos{}
	for _, k := range keys {
		m.Set(k, make([]byte, 1234))
	}
	return m
}

func get(t *testing.T, h http.Handler, address string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("GET", address, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// values are those of an attribute in order of appearance, unescaped.
func values(body, pattern string) []string {
	var all []string
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(body, -1) {
		all = append(all, html.UnescapeString(m[1]))
	}
	return all
}

const (
	tileHref   = `<li><a href="([^"]*)"><img`
	tileSrc    = `<li><a href="[^"]*"><img src="([^"]*)"`
	tileSrcset = `<li><a href="[^"]*"><img [^>]*srcset="([^"]*)"`
	tileAlt    = `<li><a href="[^"]*"><img [^>]*alt="([^"]*)"`
	folderHref = `<li><a href="([^"]*)"><svg`
)

func TestAbove(t *testing.T) {
	h := New(Config{Photos: photosOf("a b/c/d/x.jpg"), Title: "All"})
	body := get(t, h, "/a%20b/c/d/").Body.String()
	want := []string{"/", "/a%20b/", "/a%20b/c/"}
	if got := values(body, `<li><a href="([^"]*)" dir`); !slices.Equal(got, want) {
		t.Errorf("above: %q, want %q", got, want)
	}
	if !strings.Contains(body, "<title>d · All</title>") {
		t.Error("the title is missing")
	}
}

func TestListing(t *testing.T) {
	tests := []struct {
		keys []string
		want []string // in the page
		not  []string
	}{
		{nil, []string{"0 photos", "No photos here yet"}, []string{"not shown"}},
		{[]string{"a.jpg"}, []string{"1 photo<"}, []string{"not shown", "folder<"}},
		{[]string{"a.JPG", "b.heic"}, []string{"1 photo<", "1 file is not shown, as Photofit does not scale it: <bdi>b.heic</bdi></p>"}, nil},
		{[]string{"x/a.jpg", "c.jpg", "b.heic", "c", "d.mp4", "x/e.txt"}, []string{"1 folder · 1 photo<", "3 files are not shown, as Photofit does not scale them: <bdi>b.heic</bdi>, <bdi>c</bdi>, <bdi>d.mp4</bdi></p>"}, []string{"e.txt"}},
		{[]string{"a.mov", "b.mov", "c.mov", "d.mov", "e.mov"}, []string{"No photos here yet", "5 files", "<bdi>c.mov</bdi> and 2 more</p>"}, []string{"d.mov"}},
		{[]string{"x/a.jpg"}, []string{"1 folder<"}, []string{"No photos", "0 photos"}},
		{[]string{".hidden.jpg", ".x/b.jpg", ".DS_Store", "Thumbs.db", "desktop.ini", "Icon\r", "a.XMP", "a.jpg.xmp", "IMG_1.AAE"}, []string{"0 photos"}, []string{"hidden", "not shown"}},
		{[]string{"\xff.jpg", "\xff/b.jpg"}, []string{"0 photos", "1 file is", "<bdi>\ufffd.jpg</bdi>"}, []string{"folder<"}},
		{[]string{"<b>&.txt"}, []string{"<bdi>&lt;b&gt;&amp;.txt</bdi>"}, []string{"<b>"}},
		{[]string{strings.Repeat("é", 300) + ".film.mov"}, []string{"<bdi>" + strings.Repeat("é", 24) + "…" + strings.Repeat("é", 6) + ".film.mov</bdi>"}, nil},
	}
	for _, test := range tests {
		body := get(t, New(Config{Photos: photosOf(test.keys...)}), "/").Body.String()
		for _, s := range test.want {
			if !strings.Contains(body, s) {
				t.Errorf("%q: no %q", test.keys, s)
			}
		}
		for _, s := range test.not {
			if strings.Contains(body, s) {
				t.Errorf("%q: %q", test.keys, s)
			}
		}
	}
}

func TestPages(t *testing.T) {
	var keys []string
	for i := range 10_000 {
		keys = append(keys, fmt.Sprintf("trip/%05d.jpg", i))
	}
	h := New(Config{Photos: photosOf(append(keys, "trip/sub/x.jpg", "trip/z.txt")...)})
	tests := []struct {
		address       string
		tiles         int
		first, counts string
		before, after string
	}{
		{"/trip/", 200, "00000", "photos 1 to 200 of 10,000", "", "/trip/?photo=00200.jpg"},
		{"/trip/?page=2", 200, "00200", "photos 201 to 400 of 10,000", "/trip/?photo=00199.jpg", "/trip/?photo=00400.jpg"},
		{"/trip/?page=50", 200, "09800", "photos 9,801 to 10,000 of 10,000", "/trip/?photo=09799.jpg", ""},
		{"/trip/?photo=00200.jpg", 200, "00200", "photos 201 to 400", "/trip/?photo=00199.jpg", "/trip/?photo=00400.jpg"},
	}
	for _, test := range tests {
		body := get(t, h, test.address).Body.String()
		alts := values(body, tileAlt)
		if len(alts) != test.tiles || alts[0] != test.first {
			t.Errorf("%s: %d tiles from %q", test.address, len(alts), alts[0])
		}
		if !strings.Contains(body, test.counts) {
			t.Errorf("%s: no %q", test.address, test.counts)
		}
		if got := values(body, `data-before="([^"]*)"`); got[0] != test.before {
			t.Errorf("%s: before is %q", test.address, got)
		}
		if got := values(body, `data-after="([^"]*)"`); got[0] != test.after {
			t.Errorf("%s: after is %q", test.address, got)
		}
		if folders := len(values(body, folderHref)); (folders == 1) != strings.Contains(test.counts, "photos 1 ") {
			t.Errorf("%s: %d folders", test.address, folders)
		}
	}
	for _, address := range []string{"/trip/", "/trip/?page=2"} {
		if first := address == "/trip/"; first != strings.Contains(get(t, h, address).Body.String(), "1 file is not shown") {
			t.Errorf("%s: files that are not shown are told on the first page only", address)
		}
	}
	body := get(t, h, "/trip/?page=2").Body.String()
	if got, want := values(body, `<a href="([^"]*page=[^"]*|/trip/)"`), []string{"/trip/", "/trip/", "/trip/?page=3", "/trip/?page=50"}; !slices.Equal(got, want) {
		t.Errorf("pages: %q, want %q", got, want)
	}
}

func TestAbsent(t *testing.T) {
	h := New(Config{Photos: photosOf("trip/b.jpg", "trip/b.heic", "-/b.jpg", "x//b.jpg", ".secret/b.jpg", "trip/.c.jpg")})
	for _, address := range []string{
		"/nowhere/", "/trip/b.jpg/", "/trip/?page=2", "/trip/?page=0", "/trip/?page=x", "/trip/?page=-1",
		"/trip/?photo=c.jpg", "/trip/?photo=b.heic", "/trip/?photo=c.jpg&part=view", "/trip/?photo=b.heic&part=view",
		"/?photo=trip/b.jpg&part=view", "/?photo=trip%2Fb.jpg", "/trip/?photo=.c.jpg&part=view",
		"/-/", "/-/x/", "/x//", "//x/", "/-/sheet/", "/-/sheet/sheet.css", "/-/sheet/../sheet.go", "/-/sheet/sheet.000000000000.css", "/trip", "",
	} {
		r := httptest.NewRequest("GET", "/", nil)
		u, query, _ := strings.Cut(address, "?")
		r.URL = &url.URL{Path: u, RawQuery: query}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != 404 || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, Cache-Control %q", address, w.Code, w.Header().Get("Cache-Control"))
		}
	}
}

// What is not there is told by a page of the sheet's own, which leads back.
func TestAbsentPages(t *testing.T) {
	h := New(Config{Photos: photosOf("a b/c/d.jpg", "a b/c/e.heic", "a b/c/.hidden.jpg", "a b/c/f/x.jpg"), Title: "All"})
	const gone, kind = "is not in this folder. It may have been renamed or removed.", "is in this folder, but Photofit takes JPEG, PNG, WebP, AVIF, TIFF and GIF only."
	tests := []struct {
		address, heading, notice, to string
		above                        []string
	}{
		{"/a%20b/c/?photo=e.heic", "Not a photo that can be scaled", "“<bdi>e.heic</bdi>” " + kind, `<a href="/a%20b/c/">Back to <bdi>c</bdi></a>`, []string{"/", "/a%20b/", "/a%20b/c/"}},
		{"/a%20b/c/?photo=g.heic", "No such photo", "“<bdi>g.heic</bdi>” " + gone, `<a href="/a%20b/c/">Back to <bdi>c</bdi></a>`, []string{"/", "/a%20b/", "/a%20b/c/"}},
		{"/a%20b/c/?photo=f", "No such photo", "“<bdi>f</bdi>” " + gone, `<a href="/a%20b/c/">Back`, []string{"/", "/a%20b/", "/a%20b/c/"}},
		{"/a%20b/c/?photo=.hidden.jpg", "No such photo", "“<bdi>.hidden.jpg</bdi>” " + gone, `<a href="/a%20b/c/">Back`, []string{"/", "/a%20b/", "/a%20b/c/"}},
		{"/?photo=<b>%22%26", "No such photo", "“<bdi>&lt;b&gt;&#34;&amp;</bdi>” " + gone, `<a href="/">Back to <bdi>All</bdi></a>`, []string{"/"}},
		{"/?photo=" + strings.Repeat("x", 90) + "y.jpg", "No such photo", "“<bdi>" + strings.Repeat("x", 24) + "…" + strings.Repeat("x", 10) + "y.jpg</bdi>” " + gone, `<a href="/">Back`, []string{"/"}},
		{"/a%20b/?page=7", "No such page", "“<bdi>7</bdi>” is no page of this folder.", `<a href="/a%20b/">Back to <bdi>a b</bdi></a>`, []string{"/", "/a%20b/"}},
		{"/no/where/?photo=d.jpg", "No such folder", "“<bdi>no/where</bdi>” is not here. It may have been renamed or removed.", `<a href="/">Back to <bdi>All</bdi></a>`, []string{"/"}},
		{"/a//b/", "No such folder", "“<bdi>a//b</bdi>” is not here. It may have been renamed or removed.", `<a href="/">Back`, []string{"/"}},
	}
	for _, test := range tests {
		w := get(t, h, test.address)
		body := w.Body.String()
		if w.Code != 404 || w.Header().Get("Content-Type") != "text/html; charset=utf-8" || w.Header().Get("Content-Security-Policy") != policyHeader {
			t.Errorf("%s: %d, %v", test.address, w.Code, w.Header())
		}
		for _, want := range []string{"<title>" + test.heading + " · All</title>", ">" + test.heading + "</h1>", `<p class="notice">` + test.notice + "</p>", test.to} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: no %s in\n%s", test.address, want, body)
			}
		}
		if above := values(body, `<li><a href="([^"]*)" dir`); !slices.Equal(above, test.above) {
			t.Errorf("%s: above are %q, want %q", test.address, above, test.above)
		}
		for _, not := range []string{`class="counts"`, `class="empty"`, "<img", `class="others"`} {
			if strings.Contains(body, not) {
				t.Errorf("%s: %s is on the page", test.address, not)
			}
		}
	}
	// Scripts and files get a line.
	for _, address := range []string{"/a%20b/c/?photo=e.heic&part=view", "/-/sheet/no.css"} {
		if w := get(t, h, address); w.Code != 404 || w.Header().Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Errorf("%s: %d, %v", address, w.Code, w.Header())
		}
	}
}

type broken struct{ store.Photos }

var errBroken = errors.New("the disk is gone: /secret")

func (broken) List(context.Context, string) ([]store.Entry, error) { return nil, errBroken }

func TestFail(t *testing.T) {
	w := get(t, New(Config{Photos: broken{}}), "/")
	if w.Code != 500 || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	var got error
	hook := func(w http.ResponseWriter, r *http.Request, err error, page func(string) []byte) {
		got = err
		w.WriteHeader(418)
		w.Write(page("The <b> moon."))
	}
	w = get(t, New(Config{Photos: broken{}, Fail: hook}), "/a%20b/?photo=c.jpg")
	body := w.Body.String()
	if w.Code != 418 || !errors.Is(got, errBroken) || !strings.Contains(body, `<p class="notice">The &lt;b&gt; moon.</p>`) || !strings.Contains(body, `<a href="/a%20b/">Try again</a>`) {
		t.Errorf("hook: %d, %v, %s", w.Code, got, body)
	}
	if get(t, New(Config{Photos: photosOf(), Fail: hook}), "/x/"); !errors.Is(got, fs.ErrNotExist) {
		t.Errorf("hook: %v", got)
	}
}

func TestHeaders(t *testing.T) {
	h := New(Config{Photos: photosOf("b.jpg")})
	w := get(t, h, "/")
	for name, want := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff",
		"Referrer-Policy": "same-origin", "Content-Security-Policy": policyHeader,
	} {
		if got := w.Header().Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	tag := w.Header().Get("ETag")
	if w := get(t, h, "/", "If-None-Match", tag); tag == "" || w.Code != 304 || w.Body.Len() > 0 {
		t.Errorf("the same page again: %d", w.Code)
	}
	if other := get(t, h, "/?photo=b.jpg").Header().Get("ETag"); other == tag {
		t.Error("two pages have one ETag")
	}
	r := httptest.NewRequest("HEAD", "/", nil)
	w = httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Code != 200 || w.Body.Len() > 0 || w.Header().Get("ETag") != tag {
		t.Errorf("HEAD: %d with %d bytes", w.Code, w.Body.Len())
	}
	body := get(t, h, "/?photo=b.jpg").Body.String()
	if regexp.MustCompile(`(?i)<style|\sstyle=|\son[a-z]+=|<script(?: type="module")?>|//[a-z]`).MatchString(body) {
		t.Error("the page holds something inline, or another host's")
	}
}

func TestAssets(t *testing.T) {
	h := New(Config{Photos: photosOf()})
	links := values(get(t, h, "/").Body.String(), `(?:href|src)="(/-/sheet/[^"]*)"`)
	if len(links) != 6 {
		t.Errorf("%d assets in the page", len(links))
	}
	for _, link := range links {
		w := get(t, h, link)
		if w.Code != 200 || w.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" || w.Header().Get("Content-Type") == "" {
			t.Errorf("%s: %d %v", link, w.Code, w.Header())
		}
		for _, imported := range values(w.Body.String(), `from '([^']*)'`) {
			if get(t, h, imported).Code != 200 {
				t.Errorf("%s: imports %s, which is not there", link, imported)
			}
		}
	}
}
