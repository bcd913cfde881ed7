package main

import (
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"photofit"
	"photofit/internal/imgtest"
	"photofit/internal/lambdahost"
)

// zipped once for all tests: the function as it is deployed, for this CPU.
var functionZip = sync.OnceValues(func() (string, error) {
	root := checkout(".")
	folder, err := os.MkdirTemp("", "photofit-function-")
	if err != nil {
		return "", err
	}
	files, err := buildFunction(context.Background(), root, runtime.GOARCH, folder, os.Stderr)
	if err != nil {
		return "", err
	}
	file := filepath.Join(folder, "function.zip")
	return file, writeFile(file, func(w io.Writer) error { return writeZip(w, files, flate.NoCompression) }) // the race detector makes compressing slow
})

// unpacked is that zip unpacked, without what is named.
func unpacked(t testing.TB, without ...string) string {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("SKIPPED: the function is a program for Linux")
	}
	file, err := functionZip()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	if err := lambdahost.Unpack(file, folder); err != nil {
		t.Fatal(err)
	}
	for _, name := range without {
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// cloud is a function at work, with its places in folders and its URL.
type cloud struct {
	t       testing.TB
	host    *lambdahost.Host
	server  *httptest.Server
	photos  string
	kept    string
	log     *lockedBuffer
	mu      sync.Mutex
	reports []lambdahost.Report
}

// lockedBuffer keeps what a function prints.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newCloud starts one; change may alter how it is run, its places included.
func newCloud(t testing.TB, change func(*lambdahost.Config)) *cloud {
	t.Helper()
	c := &cloud{t: t, photos: t.TempDir(), kept: t.TempDir(), log: &lockedBuffer{}}
	config := lambdahost.Config{
		Memory: 1769, Timeout: time.Minute, Init: time.Minute, Log: c.log,
		Env:    map[string]string{"PHOTOFIT_PHOTOS": c.photos, "PHOTOFIT_CACHE": c.kept},
		Report: func(r lambdahost.Report) { c.mu.Lock(); defer c.mu.Unlock(); c.reports = append(c.reports, r) },
	}
	if change != nil {
		change(&config)
	}
	if config.Task == "" {
		config.Task = unpacked(t)
	}
	host, err := lambdahost.New(config)
	if err != nil {
		t.Fatal(err)
	}
	c.host = host
	c.server = httptest.NewServer(host)
	t.Cleanup(func() {
		c.server.CloseClientConnections()
		_ = host.Close()
		c.server.Close()
		if t.Failed() {
			t.Logf("the function said:\n%s", c.log)
		}
	})
	return c
}

// over ends the function and gives its reports, by the order of their ends.
func (c *cloud) over() []lambdahost.Report {
	_ = c.host.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.reports)
}

// photo puts a JPEG there.
func (c *cloud) photo(name string, width, height int) {
	c.t.Helper()
	file := filepath.Join(c.photos, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(file, imgtest.JPEG(imgtest.OrientationChart(width, height), 90), 0o644); err != nil {
		c.t.Fatal(err)
	}
}

// ask sends a request. Each pair of headers is a name and its value.
func (c *cloud) ask(method, path string, headers ...string) *http.Response {
	c.t.Helper()
	request, err := http.NewRequest(method, c.server.URL+path, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	answer, err := c.server.Client().Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = answer.Body.Close() })
	return answer
}

// whole reads a body to its end.
func whole(t testing.TB, r *http.Response) []byte {
	t.Helper()
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatalf("the body breaks off: %v", err)
	}
	return body
}

// TestFunctionAnswers is the way of a picture through the real zip.
func TestFunctionAnswers(t *testing.T) {
	c := newCloud(t, func(config *lambdahost.Config) { config.Sandboxes = 1 })
	c.photo("trip/b.jpg", 1200, 800)

	first := c.ask("GET", "/r1/trip/b.jpg/_w800.auto-webp")
	body := whole(t, first)
	if size, kind, err := image.DecodeConfig(bytes.NewReader(body)); err != nil || kind != "webp" || size.Width != 800 || size.Height != 533 {
		t.Errorf("a %s of %d × %d: %v", kind, size.Width, size.Height, err)
	}
	for name, want := range map[string]string{
		"Content-Type":         "image/webp",
		"Cache-Control":        "public, max-age=3600, s-maxage=60, stale-while-revalidate=86400",
		"X-Amz-Meta-Cache-Tag": photofit.CacheTag("trip/b.jpg"),
		"Photofit-Recipe":      "/trip/b.jpg/_w800.auto-webp",
		"Vary":                 "",
		"Content-Encoding":     "",
	} {
		if got := first.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if !strings.HasPrefix(first.Header.Get("Server-Timing"), "cache;desc=miss") {
		t.Errorf("Server-Timing: %s", first.Header.Get("Server-Timing"))
	}
	// It is kept by then: nothing is left to do.
	second := c.ask("GET", "/r1/trip/b.jpg/_w800.auto-webp")
	if got := whole(t, second); !bytes.Equal(got, body) || !strings.HasPrefix(second.Header.Get("Server-Timing"), "cache;desc=hit") {
		t.Errorf("the second time: %d bytes instead of %d, %s", len(got), len(body), second.Header.Get("Server-Timing"))
	}
	// A shelf of another version, and no shelf, and what a person types.
	for _, path := range []string{"/r7/trip/b.jpg/_w800.auto-webp", "/trip/b.jpg/_w800.auto-webp", "/trip/b.jpg?w=790"} {
		if r := c.ask("GET", path, "Accept", "image/webp"); r.StatusCode != 200 || !bytes.Equal(whole(t, r), body) {
			t.Errorf("%s: %s", path, r.Status)
		}
	}
	if r := c.ask("HEAD", "/r1/trip/b.jpg/_w800.auto-webp"); r.StatusCode != 200 || r.Header.Get("Etag") != first.Header.Get("Etag") || len(whole(t, r)) != 0 {
		t.Errorf("HEAD: %s %v", r.Status, r.Header)
	}
	if r := c.ask("GET", "/r1/trip/b.jpg/_w800.auto-webp", "If-None-Match", first.Header.Get("Etag")); r.StatusCode != 304 || len(whole(t, r)) != 0 || r.Header.Get("X-Amz-Meta-Cache-Tag") == "" {
		t.Errorf("304: %s %v", r.Status, r.Header)
	}
	if r := c.ask("GET", "/r1/trip/b.jpg/_w800.auto-webp", "Range", "bytes=4-7"); r.StatusCode != 206 || !bytes.Equal(whole(t, r), body[4:8]) {
		t.Errorf("206: %s", r.Status)
	}
	for path, want := range map[string]struct {
		status int
		cache  string
	}{
		"/r1/trip/c.jpg/_w800.auto": {404, "public, max-age=10"},
		"/r1/trip/b.jpg?h=x":        {400, "no-store"},
		"/":                         {404, "public, max-age=10"},
		"/-/metrics":                {404, "public, max-age=10"},
		"/-/sheet/x.js":             {404, "public, max-age=10"},
	} {
		r := c.ask("GET", path)
		if whole(t, r); r.StatusCode != want.status || r.Header.Get("Cache-Control") != want.cache {
			t.Errorf("%s: %s, Cache-Control %q, want %d, %q", path, r.Status, r.Header.Get("Cache-Control"), want.status, want.cache)
		}
	}
	reports := c.over()
	started := func(r lambdahost.Report) bool { return r.Init > 0 }
	if i := slices.IndexFunc(reports[1:], started); i >= 0 || !started(reports[0]) {
		t.Errorf("not one process for all: %+v", reports)
	}
}

var _ = errors.Is
var _ = fmt.Sprint
