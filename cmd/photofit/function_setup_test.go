package main

import (
	"bytes"
	"compress/flate"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

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

// started is how many processes have handled a request to its end.
func (c *cloud) started() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, r := range c.reports {
		if r.Init > 0 {
			n++
		}
	}
	return n
}

// photo puts a JPEG there.
func (c *cloud) photo(name string, width, height int) {
	c.t.Helper()
	c.put(name, imgtest.JPEG(imgtest.OrientationChart(width, height), 90))
}

// big is a photo of 13.5 megapixels: painting it takes seconds.
var big = sync.OnceValue(func() []byte { return imgtest.JPEG(imgtest.OrientationChart(4500, 3000), 90) })

func (c *cloud) put(name string, content []byte) {
	c.t.Helper()
	file := filepath.Join(c.photos, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(file, content, 0o644); err != nil {
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
