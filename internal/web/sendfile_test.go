package web

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"testing"

	"photofit/internal/rendition"
	"photofit/internal/store"
)

// TestKeptInAFolder has the kernel send what a store.Dir keeps. Behind the
// picture's bytes in that file is more, which must not get out.
func TestKeptInAFolder(t *testing.T) {
	if files, hits := askKept(t, func(r store.Renditions) store.Renditions { return r }); files != hits {
		t.Errorf("%d of %d hits were sent as a file", files, hits)
	}
}

// TestKeptInMemory has the same sent from memory, where it is from the second
// hit on.
func TestKeptInMemory(t *testing.T) {
	if files, _ := askKept(t, func(r store.Renditions) store.Renditions { return store.Hold(r, 1<<20) }); files != 1 {
		t.Errorf("%d hits were sent as a file", files)
	}
}

// askKept asks for a kept rendition in many ways, and tells how many of the hits
// with one body or part of it were sent as a file.
func askKept(t *testing.T, front func(store.Renditions) store.Renditions) (files, hits int) {
	dir, err := store.OpenDir(t.TempDir(), store.DirConfig{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	const size = 100_003
	random := rand.NewChaCha8([32]byte{1})
	b := make([]byte, size)
	_, _ = random.Read(b)
	body := string(b)
	g := newRig(t, pictureOf(body), func(s *rendition.Config, _ *Config) { s.Renditions = front(countFiles{dir, &files}) })
	server := serve(t, g)
	cases := []struct {
		ranges string
		status int
		want   string
	}{
		{"", 200, body}, // the miss
		{"", 200, body},
		{"bytes=0-", 206, body},
		{"bytes=0-0", 206, body[:1]},
		{"bytes=500-60000", 206, body[500:60001]},
		{fmt.Sprintf("bytes=%d-", size-1), 206, body[size-1:]},
		{fmt.Sprintf("bytes=%d-%d", size-10, size+500), 206, body[size-10:]},
		{"bytes=-10", 206, body[size-10:]},
		{fmt.Sprintf("bytes=-%d", size+500), 206, body},
		{fmt.Sprintf("bytes=%d-", size), 416, "invalid range: failed to overlap\n"},
	}
	client := server.Client()
	ask := func(method, ranges string) *http.Response {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), method, server.URL+"/a.jpg?w=800", nil)
		if err != nil {
			t.Fatal(err)
		}
		if ranges != "" {
			r.Header.Set("Range", ranges)
		}
		answer, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
	for _, c := range cases {
		r := ask(http.MethodGet, c.ranges)
		got := bodyOf(t, r)
		if r.StatusCode != c.status || got != c.want || r.ContentLength != int64(len(c.want)) {
			t.Errorf("%q: %s, %d bytes of %d, right: %t", c.ranges, r.Status, len(got), len(c.want), got == c.want)
		}
	}
	hits = len(cases) - 2 // neither the miss nor the 416
	r := ask(http.MethodGet, fmt.Sprintf("bytes=1-2,70000-70002,%d-%d", size-2, size+100))
	if got, want := parts(t, r), body[1:3]+" "+body[70000:70003]+" "+body[size-2:]; got != want {
		t.Errorf("several ranges: %q, want %q", got, want)
	}
	_ = r.Body.Close()
	if r := ask(http.MethodHead, ""); r.ContentLength != size || bodyOf(t, r) != "" {
		t.Errorf("HEAD: %v", r.Header)
	}
	return files, hits
}

// countFiles counts how often a body's file is asked for.
type countFiles struct {
	*store.Dir
	files *int
}

// fileCounter is a body of one.
type fileCounter struct {
	store.FileBody
	files *int
}

func (f fileCounter) File() *os.File {
	*f.files++
	return f.FileBody.File()
}
