package store

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func openHot(t testing.TB, root string, hot int64) *Dir {
	t.Helper()
	d, err := OpenDir(root, DirConfig{Hot: hot})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// fetch gives a rendition's body, nil if there is none, and whether it came from
// memory.
func fetch(t testing.TB, d *Dir, key string) (body []byte, hot bool) {
	t.Helper()
	r, err := d.Get(context.Background(), key)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false
	}
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	if body, err = io.ReadAll(r.Body); err != nil {
		t.Fatal(err)
	}
	_, hot = r.Body.(BytesBody)
	return body, hot
}

// bytes is how much memory is held.
func (h *hot) bytes() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.total
}

func TestHotFromTheSecondTimeOn(t *testing.T) {
	d := openHot(t, t.TempDir(), 1<<20)
	for key, c := range map[string]struct {
		size int
		hot  bool
	}{
		"r1/b.jpg/_w1.auto": {60_000, true},
		"r1/b.jpg/_w2.auto": {hotLargest, true},
		"r1/b.jpg/_w3.auto": {hotLargest + 1, false},
		"r1/b.jpg/_w4.auto": {1, true},
		"r1/b.jpg/_w5.auto": {0, false},
	} {
		body := mustPut(t, d, key, c.size)
		for time := range 4 {
			got, hot := fetch(t, d, key)
			if want := c.hot && time > 0; hot != want || !bytes.Equal(got, body) {
				t.Errorf("%s, time %d: from memory: %t, want %t; %d bytes of %d", key, time, hot, want, len(got), len(body))
			}
		}
	}
}

// What another process does to the folder counts at once.
func TestHotIsWhatTheFolderHas(t *testing.T) {
	const key = "r1/b.jpg/_w1.auto"
	body, _ := bodyAndMeta(5000, 1)
	another, anotherMeta := bodyAndMeta(5000, 2)
	for name, c := range map[string]struct {
		do   func(other *Dir, path string) error
		want []byte
	}{
		"replaced": {func(other *Dir, _ string) error { return other.Put(context.Background(), key, another, anotherMeta) }, another},
		"forgotten": {func(other *Dir, _ string) error {
			_, err := other.Forget(context.Background(), "r1/b.jpg/_")
			return err
		}, nil},
		"cut":  {func(_ *Dir, path string) error { return os.Truncate(path, 4000) }, nil},
		"used": {func(_ *Dir, path string) error { return os.Chtimes(path, time.Now(), time.Now()) }, body},
		"written": {func(_ *Dir, path string) error {
			f, err := os.OpenFile(path, os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			_, err = f.WriteAt(another, 0)
			return errors.Join(err, f.Close())
		}, another},
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			d, other := openHot(t, root, 1<<20), openHot(t, root, 0)
			_, meta := bodyAndMeta(5000, 1)
			if err := d.Put(context.Background(), key, body, meta); err != nil {
				t.Fatal(err)
			}
			fetch(t, d, key)
			fetch(t, d, key)
			open, err := d.Get(context.Background(), key)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.do(other, filepath.Join(root, key)); err != nil {
				t.Fatal(err)
			}
			for range 3 {
				if got, _ := fetch(t, d, key); !bytes.Equal(got, c.want) || (got == nil) != (c.want == nil) {
					t.Errorf("%d bytes, want %d", len(got), len(c.want))
				}
			}
			if got, err := io.ReadAll(open.Body); !bytes.Equal(got, body) || err != nil {
				t.Errorf("the open one gives %d bytes, %v", len(got), err)
			}
			if err := open.Body.Close(); err != nil {
				t.Error(err)
			}
			if _, hot := fetch(t, d, key); hot != (c.want != nil) {
				t.Errorf("from memory: %t", hot)
			}
		})
	}
}

// The memory is bounded, what readers still have included, and all of it comes
// back.
func TestHotBound(t *testing.T) {
	page := int64(os.Getpagesize())
	d := openHot(t, t.TempDir(), 3*page)
	keys := []string{"r1/b.jpg/_w1.auto", "r1/b.jpg/_w2.auto", "r1/b.jpg/_w3.auto", "r1/b.jpg/_w4.auto"}
	for _, key := range keys {
		mustPut(t, d, key, int(page))
	}
	isHot := func(key string) bool {
		t.Helper()
		fetch(t, d, key)
		_, hot := fetch(t, d, key)
		return hot
	}
	for _, key := range keys[:3] {
		if !isHot(key) {
			t.Errorf("%s is not held", key)
		}
	}
	first, err := d.Get(context.Background(), keys[0]) // the last used now
	if err != nil {
		t.Fatal(err)
	}
	if !isHot(keys[3]) || d.hot.bytes() != 3*page {
		t.Errorf("the fourth has no room; %d bytes", d.hot.bytes())
	}
	if d.hot.files[keys[1]] != nil || d.hot.files[keys[0]] == nil {
		t.Error("another than the least recently used has gone")
	}
	for _, key := range []string{keys[1], keys[2]} { // they push out the first, which is being read
		if !isHot(key) {
			t.Errorf("%s is not held", key)
		}
	}
	if d.hot.files[keys[0]] != nil {
		t.Error("the first is still held")
	}
	if isHot(keys[3]); d.hot.bytes() != 3*page || d.hot.used.Len() != 2 {
		t.Errorf("%d bytes, %d held beside the one that is read", d.hot.bytes(), d.hot.used.Len())
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(first.Body); int64(len(got)) != page || err != nil || d.hot.bytes() != page {
		t.Errorf("the open one gives %d bytes, %v; %d held", len(got), err, d.hot.bytes())
	}
	if first.Body.Close() != nil || d.hot.bytes() != 0 {
		t.Errorf("%d bytes are held in the end", d.hot.bytes())
	}
}

func TestHotBody(t *testing.T) {
	d := openHot(t, t.TempDir(), 1<<20)
	const key = "r1/b.jpg/_w1.auto"
	body := mustPut(t, d, key, 5000)
	fetch(t, d, key)
	r, err := d.Get(context.Background(), key)
	if err != nil {
		t.Fatal(err)
	}
	b := r.Body.(BytesBody)
	for _, step := range []struct{ seek, next, from, to int64 }{
		{0, 10, 0, 10}, {4000, 500, 4000, 4500}, {4990, 500, 4990, 5000}, {5000, 1, 5000, 5000}, {6000, 1, 5000, 5000}, {1, 0, 1, 1},
	} {
		if _, err := b.Seek(step.seek, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if got := b.Next(step.next); !bytes.Equal(got, body[step.from:step.to]) {
			t.Errorf("Next(%d) at %d: %d bytes", step.next, step.seek, len(got))
		}
		if at, err := b.Seek(0, io.SeekCurrent); at != max(step.to, step.seek) || err != nil {
			t.Errorf("after Next(%d) at %d it stands at %d, %v", step.next, step.seek, at, err)
		}
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	_, readErr := b.Read(make([]byte, 1))
	_, readAtErr := b.(io.ReaderAt).ReadAt(make([]byte, 1), 0)
	_, seekErr := b.Seek(0, io.SeekStart)
	for i, err := range []error{readErr, readAtErr, seekErr, b.Close()} {
		if !errors.Is(err, fs.ErrClosed) {
			t.Errorf("call %d of Read, ReadAt, Seek, Close after it was closed: %v", i, err)
		}
	}
	if b.Next(10) != nil {
		t.Error("Next gives bytes of what was closed")
	}
}
