package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"photofit/internal/lambdahost"
)

// withOriginals has a function give originals away.
func withOriginals(c *lambdahost.Config) { c.Env["PHOTOFIT_ORIGINALS"] = "public" }

// original puts a file there that begins like a JPEG and has so many megabytes.
func (c *cloud) original(name string, megabytes int64) (file string) {
	c.t.Helper()
	file = filepath.Join(c.photos, name)
	if err := os.WriteFile(file, []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), 0o644); err != nil {
		c.t.Fatal(err)
	}
	if err := os.Truncate(file, megabytes<<20); err != nil {
		c.t.Fatal(err)
	}
	return file
}

func TestFunctionGives20MB(t *testing.T) {
	c := newCloud(t, withOriginals)
	file := c.original("a.jpg", 20)
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want[1<<10:] {
		want[1<<10+i] = byte(i * i >> 8)
	}
	if err := os.WriteFile(file, want, 0o644); err != nil {
		t.Fatal(err)
	}
	r := c.ask("GET", "/r1/a.jpg/_original")
	if got := whole(t, r); r.StatusCode != 200 || !bytes.Equal(got, want) {
		t.Errorf("%s with %d bytes, want %d", r.Status, len(got), len(want))
	}
}

// large is more than all buffers between a function and who asks it hold, in
// megabytes.
const large = 80

// TestFunctionStreamsOriginals changes the end of an original when its beginning
// has arrived.
func TestFunctionStreamsOriginals(t *testing.T) {
	c := newCloud(t, withOriginals)
	file := c.original("a.jpg", large)
	r := c.ask("GET", "/r1/a.jpg/_original")
	if _, err := io.ReadFull(r.Body, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte("later"), large<<20-5); err != nil {
		t.Fatal(err)
	}
	if got := whole(t, r); len(got) != large<<20-1 || !bytes.HasSuffix(got, []byte("later")) {
		t.Errorf("%d bytes that end in %q", len(got), got[max(0, len(got)-5):])
	}
}

// TestFunctionRefusesWhatLambdaCuts has a sparse file be too large.
func TestFunctionRefusesWhatLambdaCuts(t *testing.T) {
	c := newCloud(t, withOriginals)
	c.original("a.jpg", 96)
	if r := c.ask("GET", "/r1/a.jpg/_original"); r.StatusCode != 413 || r.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s %v", r.Status, r.Header)
	}
}

// TestFunctionBreaksOff cuts an original while it is sent: who asked must notice,
// and the next one gets an answer.
func TestFunctionBreaksOff(t *testing.T) {
	c := newCloud(t, func(config *lambdahost.Config) {
		withOriginals(config)
		config.Sandboxes = 1
	})
	c.photo("b.jpg", 120, 80)
	file := c.original("a.jpg", large)
	r := c.ask("GET", "/r1/a.jpg/_original")
	if _, err := io.ReadFull(r.Body, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, large<<20/2); err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, r.Body); err == nil {
		t.Errorf("a cut original ends well, with %d bytes", n)
	}
	if r := c.ask("GET", "/r1/b.jpg/_w64.webp"); r.StatusCode != 200 || len(whole(t, r)) == 0 {
		t.Errorf("after it: %s", r.Status)
	}
	reports := c.over()
	if len(reports) != 2 || reports[0].Err == nil || reports[1].Err != nil || reports[1].Init == 0 {
		t.Errorf("not a process for each: %+v", reports)
	}
}

// TestFunctionLeavesNothingForLater looks into the place of renditions while the
// process is frozen: what was answered is kept, whole, and nothing else is there.
func TestFunctionLeavesNothingForLater(t *testing.T) {
	c := newCloud(t, nil)
	c.photo("a.jpg", 600, 400)
	body := whole(t, c.ask("GET", "/r1/a.jpg/_w320.webp"))
	var found []string
	err := filepath.WalkDir(c.kept, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "CACHEDIR.TAG" || strings.HasSuffix(path, ".lock") {
			return err
		}
		found = append(found, strings.TrimPrefix(path, c.kept))
		if kept, err := os.ReadFile(path); err != nil || !bytes.HasPrefix(kept, body) {
			t.Errorf("%s does not hold the answer: %v", path, err)
		}
		return nil
	})
	if want := "/r1/a.jpg/_w320.webp"; err != nil || len(found) != 1 || found[0] != want {
		t.Errorf("kept is %q, want %q; %v", found, want, err)
	}
}

// TestFunctionScales sends 100 requests to 4 sandboxes, 4 at a time.
func TestFunctionScales(t *testing.T) {
	const sandboxes, requests, photos = 4, 100, 20
	c := newCloud(t, func(config *lambdahost.Config) { config.Sandboxes = sandboxes })
	for i := range photos {
		c.photo(fmt.Sprintf("%d.jpg", i), 300+i, 200)
	}
	var askers sync.WaitGroup
	bodies := make([][]byte, requests)
	for first := range sandboxes {
		askers.Go(func() {
			for i := first; i < requests; i += sandboxes {
				r, err := c.server.Client().Get(fmt.Sprintf("%s/r1/%d.jpg/_w240.webp", c.server.URL, i%photos))
				if err != nil {
					t.Error(err)
					return
				}
				if bodies[i], err = io.ReadAll(r.Body); err != nil || r.StatusCode != 200 {
					t.Errorf("request %d: %s, %v", i, r.Status, err)
				}
				_ = r.Body.Close()
			}
		})
	}
	askers.Wait()
	for i := photos; i < requests; i++ {
		if !bytes.Equal(bodies[i], bodies[i%photos]) {
			t.Errorf("answer %d differs from answer %d to the same question", i, i%photos)
		}
	}
	reports, started := c.over(), 0
	for _, r := range reports {
		if r.Init > 0 {
			started++
		}
		if r.Err != nil {
			t.Errorf("a request failed: %v", r.Err)
		}
	}
	if len(reports) != requests || started > sandboxes {
		t.Errorf("%d requests by %d processes, want %d by %d at most", len(reports), started, requests, sandboxes)
	}
}
