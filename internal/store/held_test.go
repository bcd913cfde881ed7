package store

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"testing"
	"time"
)

// newHeld holds what a Mem keeps.
func newHeld(t testing.TB, memory int64) *Held {
	t.Helper()
	h := Hold(NewMem(64<<20), memory)
	t.Cleanup(func() { h.Close() })
	return h
}

// put keeps n bytes, made of version "v".
func put(t testing.TB, h *Held, key string, n int) []byte {
	t.Helper()
	body, meta := bodyAndMeta(n, uint64(len(key)))
	meta.Source = "v"
	if err := h.Put(context.Background(), key, body, meta); err != nil {
		t.Fatal(err)
	}
	return body
}

// fetch gives a rendition's body, nil if there is none, and whether it came from
// memory: as a service asks.
func fetch(t testing.TB, h *Held, key string) (body []byte, hot bool) {
	t.Helper()
	r := h.Held(key, "v")
	if r == nil {
		var err error
		if r, err = h.Get(context.Background(), key); errors.Is(err, fs.ErrNotExist) {
			return nil, false
		} else if err != nil {
			t.Fatal(err)
		}
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	_, hot = r.Body.(BytesBody)
	return body, hot
}

// bytes is how much memory is held.
func (h *Held) bytes() int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.total
}

func TestHeldFromTheSecondTimeOn(t *testing.T) {
	h := newHeld(t, 1<<20)
	for key, c := range map[string]struct {
		size int
		hot  bool
	}{
		"r1/b.jpg/_w1.auto": {60_000, true},
		"r1/b.jpg/_w2.auto": {heldLargest, true},
		"r1/b.jpg/_w3.auto": {heldLargest + 1, false},
		"r1/b.jpg/_w4.auto": {1, true},
		"r1/b.jpg/_w5.auto": {0, false},
	} {
		body := put(t, h, key, c.size)
		for time := range 4 {
			got, hot := fetch(t, h, key)
			if want := c.hot && time > 0; hot != want || !bytes.Equal(got, body) {
				t.Errorf("%s, time %d: from memory: %t, want %t; %d bytes of %d", key, time, hot, want, len(got), len(body))
			}
		}
	}
}

// What is held is of the version that is asked for, however often what is kept
// is replaced, and is looked for again after a while.
func TestHeldVersion(t *testing.T) {
	const key = "r1/b.jpg/_w1.auto"
	h := newHeld(t, 1<<20)
	now := time.Now()
	h.now = func() time.Time { return now }
	body := put(t, h, key, 5000)
	fetch(t, h, key)
	fetch(t, h, key)
	if h.Held(key, "another") != nil {
		t.Error("a rendition of another version")
	}
	if h.bytes() != 0 {
		t.Errorf("%d bytes are held of what is out of date", h.bytes())
	}
	fetch(t, h, key) // it was asked for before
	open := h.Held(key, "v")
	if open == nil {
		t.Fatal("it is not held")
	}
	if _, err := h.Forget(context.Background(), "r1/b.jpg/_"); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(open.Body); err != nil || !bytes.Equal(got, body) {
		t.Errorf("the open one gives %d bytes, %v", len(got), err)
	}
	if h.Held(key, "v") != nil {
		t.Error("what is forgotten is still held")
	}
	open.Body.Close()
	if _, err := h.Get(context.Background(), key); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Get gives what is forgotten: %v", err)
	}
	put(t, h, key, 5000)
	fetch(t, h, key)
	fetch(t, h, key)
	now = now.Add(heldFor - 1)
	if r := h.Held(key, "v"); r == nil {
		t.Error("it is held no longer")
	} else {
		r.Body.Close()
	}
	now = now.Add(1)
	if h.Held(key, "v") != nil || h.bytes() != 0 {
		t.Error("it is held for too long")
	}
}

// What cannot be read whole is not held, and its memory comes back.
func TestHeldBroken(t *testing.T) {
	const key = "r1/b.jpg/_w1.auto"
	h := newHeld(t, 1<<20)
	put(t, h, key, 5000)
	fetch(t, h, key)
	h.Renditions = broken{h.Renditions}
	if r, err := h.Get(context.Background(), key); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("%v, %v", r, err)
	}
	if h.bytes() != 0 || h.Held(key, "v") != nil {
		t.Errorf("%d bytes are held", h.bytes())
	}
}

// broken gives bodies that break off.
type broken struct{ Renditions }

type brokenBody struct{ io.ReadSeekCloser }

func (b broken) Get(ctx context.Context, key string) (*Rendition, error) {
	r, err := b.Renditions.Get(ctx, key)
	if err == nil {
		r.Body = brokenBody{r.Body}
	}
	return r, err
}

func (b brokenBody) Read(p []byte) (int, error) {
	n, _ := b.ReadSeekCloser.Read(p[:min(len(p), 100)])
	return n, io.ErrClosedPipe
}

// The memory is bounded, what readers still have included, and all of it comes
// back.
func TestHeldBound(t *testing.T) {
	page := int64(os.Getpagesize())
	h := newHeld(t, 3*page)
	keys := []string{"r1/b.jpg/_w1.auto", "r1/b.jpg/_w2.auto", "r1/b.jpg/_w3.auto", "r1/b.jpg/_w4.auto"}
	for _, key := range keys {
		put(t, h, key, int(page))
	}
	isHot := func(key string) bool {
		t.Helper()
		fetch(t, h, key)
		fetch(t, h, key)
		r := h.Held(key, "v")
		if r != nil {
			r.Body.Close()
		}
		return r != nil
	}
	for _, key := range keys[:3] {
		if !isHot(key) {
			t.Errorf("%s is not held", key)
		}
	}
	first := h.Held(keys[0], "v") // the last used now
	if first == nil {
		t.Fatal("the first is not held")
	}
	if !isHot(keys[3]) || h.bytes() != 3*page {
		t.Errorf("the fourth has no room; %d bytes", h.bytes())
	}
	if h.keys[keys[1]] != nil || h.keys[keys[0]] == nil {
		t.Error("another than the least recently used has gone")
	}
	if isHot(keys[1]); h.keys[keys[0]] == nil || h.keys[keys[2]] != nil {
		t.Error("another than the least recently used without a reader has gone")
	}
	more := []*Rendition{h.Held(keys[1], "v"), h.Held(keys[3], "v")}
	if isHot(keys[2]) || len(h.keys) != 3 || h.bytes() != 3*page {
		t.Errorf("while all have readers: %d are held, %d bytes", len(h.keys), h.bytes())
	}
	for _, r := range more {
		r.Body.Close()
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(first.Body); int64(len(got)) != page || err != nil || h.bytes() != page {
		t.Errorf("the open one gives %d bytes, %v; %d held", len(got), err, h.bytes())
	}
	if first.Body.Close() != nil || h.bytes() != 0 {
		t.Errorf("%d bytes are held in the end", h.bytes())
	}
}

func TestHeldBody(t *testing.T) {
	h := newHeld(t, 1<<20)
	const key = "r1/b.jpg/_w1.auto"
	body := put(t, h, key, 5000)
	fetch(t, h, key)
	fetch(t, h, key)
	r := h.Held(key, "v")
	if r == nil {
		t.Fatal("it is not held")
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
