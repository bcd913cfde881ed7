package rendition

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"photofit"
	"photofit/internal/store"
)

func TestMissThenHit(t *testing.T) {
	renders := 0
	g := newRig(func(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, a admit) (Made, error) {
		renders++
		if r != wide(800) {
			t.Errorf("asked to render %s", r.Path())
		}
		return copying(ctx, p, size, r, a)
	}, nil)
	photo, err := g.photos.Stat(t.Context(), "a.jpg")
	if err != nil {
		t.Fatal(err)
	}
	want := store.Meta{
		Size: 3, Type: "image/webp", Source: photo.Version,
		ETag:    fmt.Sprintf(`"%x"`, md5.Sum([]byte("one"))),
		ModTime: photo.ModTime.Truncate(time.Second),
	}
	for i, how := range []How{Miss, Hit, Hit} {
		body, a, err := g.take(t.Context(), wide(800))
		if err != nil {
			t.Fatal(err)
		}
		if body != "one" || a.How != how {
			t.Errorf("answer %d is %q, a %s; want \"one\", a %s", i, body, a.How, how)
		}
		if !a.ModTime.Equal(want.ModTime) {
			t.Errorf("answer %d is of %v, want %v", i, a.ModTime, want.ModTime)
		}
		if a.ModTime = want.ModTime; a.Meta != want {
			t.Errorf("answer %d has %+v, want %+v", i, a.Meta, want)
		}
	}
	if renders != 1 {
		t.Errorf("rendered %d times", renders)
	}
}

func TestBodySeeks(t *testing.T) {
	g := newRig(copying, nil)
	for range 2 { // a miss, then a hit
		a, err := g.Get(t.Context(), wide(800))
		if err != nil {
			t.Fatal(err)
		}
		if n, err := a.Body.Seek(0, io.SeekEnd); n != a.Size || err != nil {
			t.Errorf("%s: the end is at %d (%v), want %d", a.How, n, err, a.Size)
		}
		if _, err := a.Body.Seek(1, io.SeekStart); err != nil {
			t.Error(err)
		}
		if b, err := io.ReadAll(a.Body); string(b) != "ne" || err != nil {
			t.Errorf("%s: from the second byte: %q, %v", a.How, b, err)
		}
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestNothingKept(t *testing.T) {
	g := newRig(copying, func(c *Config) { c.Renditions = nil })
	for range 2 {
		if body, how := g.must(t, wide(800)); body != "one" || how != Miss {
			t.Errorf("%q, a %s", body, how)
		}
	}
}

func TestOriginal(t *testing.T) {
	g := newRig(func(context.Context, io.ReaderAt, int64, photofit.Recipe, admit) (Made, error) {
		t.Error("an original was rendered")
		return Made{}, nil
	}, nil)
	r := photofit.Recipe{Photo: "a.jpg", Format: photofit.Original}
	body, a, err := g.take(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if body != "one" || a.How != Original || a.Size != 3 || a.Type != "" {
		t.Errorf("%q, %+v", body, a)
	}
	if !strings.HasPrefix(a.ETag, `"v`) || !strings.HasSuffix(a.ETag, `"`) {
		t.Errorf("ETag %s", a.ETag)
	}
	g.photos.Set("a.jpg", []byte("two"))
	body, b, err := g.take(t.Context(), r)
	if err != nil || body != "two" || b.ETag == a.ETag {
		t.Errorf("after it was replaced: %q, ETag %s, was %s, %v", body, b.ETag, a.ETag, err)
	}
	if _, ok := g.isKept(r); ok {
		t.Error("an original was kept")
	}
}

func TestTiming(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const (
			lookup = 3 * time.Millisecond
			fetch  = 7 * time.Millisecond
			render = 11 * time.Millisecond
			put    = 13 * time.Millisecond
		)
		g := newRig(func(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, a admit) (Made, error) {
			if err := a(ctx, 1); err != nil {
				return Made{}, err
			}
			time.Sleep(render)
			return copying(ctx, p, size, r, a)
		}, func(c *Config) {
			c.Renders = 1
			c.Photos = slowPhotos{c.Photos, lookup, fetch}
			c.Renditions = slowPut{c.Renditions, put}
		})
		first := g.send(t.Context(), wide(400)) // has the only turn
		synctest.Wait()
		time.Sleep(lookup)
		synctest.Wait()

		_, a, err := g.take(t.Context(), wide(800))
		if err != nil {
			t.Fatal(err)
		}
		// The other one took its turn as long before as this one's lookup took.
		want := Timing{Lookup: lookup, Queue: fetch + render - lookup, Fetch: fetch, Render: render, Store: put}
		if a.Timing != want {
			t.Errorf("a miss took %+v, want %+v", a.Timing, want)
		}
		if _, a, err = g.take(t.Context(), wide(800)); err != nil || a.Timing != (Timing{Lookup: lookup}) {
			t.Errorf("a hit took %+v, %v", a.Timing, err)
		}
		if got := <-first; got.err != nil {
			t.Error(got.err)
		}
	})
}

// Waiting for memory is queueing, and not rendering.
func TestTimingOfMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const render = 10 * time.Millisecond
		g := newRig(func(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, a admit) (Made, error) {
			if err := a(ctx, 60); err != nil {
				return Made{}, err
			}
			time.Sleep(render)
			return copying(ctx, p, size, r, a)
		}, func(c *Config) { c.Renders, c.Memory = 2, 100 })
		first := g.send(t.Context(), wide(400))
		synctest.Wait()
		_, a, err := g.take(t.Context(), wide(800))
		if want := (Timing{Queue: render, Render: render}); err != nil || a.Timing != want {
			t.Errorf("took %+v, %v; want %+v", a.Timing, err, want)
		}
		<-first
	})
}

func TestErrorsOfStores(t *testing.T) {
	broken := errors.New("the disk is on fire")
	cases := []struct {
		name   string
		change func(*Config)
		want   error // nil: an answer
		log    string
	}{
		{"stat", func(c *Config) { c.Photos = brokenPhotos{c.Photos, broken, nil} }, broken, ""},
		{"open", func(c *Config) { c.Photos = brokenPhotos{c.Photos, nil, broken} }, broken, ""},
		{"gone before it is opened", func(c *Config) { c.Photos = brokenPhotos{c.Photos, nil, fs.ErrNotExist} }, fs.ErrNotExist, ""},
		{"get", func(c *Config) { c.Renditions = brokenKept{c.Renditions, broken, nil} }, nil, "cannot be read"},
		{"put", func(c *Config) { c.Renditions = brokenKept{c.Renditions, nil, broken} }, nil, "could not be kept"},
		{"put panics", func(c *Config) { c.Renditions = brokenKept{c.Renditions, nil, errPanics} }, nil, "keeping panicked"},
		{"key too long", func(c *Config) {
			c.Renditions = brokenKept{c.Renditions, nil, fmt.Errorf("put: %w", store.ErrKeyTooLong)}
		}, nil, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			g := newRig(copying, c.change)
			for range 2 {
				body, a, err := g.take(t.Context(), wide(800))
				if !errors.Is(err, c.want) || (c.want == nil) != (err == nil) {
					t.Fatalf("error %v, want %v", err, c.want)
				}
				if c.want == nil && (body != "one" || a.How != Miss) {
					t.Errorf("%q, a %s", body, a.How)
				}
			}
			log := g.log.String()
			if (log == "") != (c.log == "") || !strings.Contains(log, c.log) {
				t.Errorf("the log says %q, want %q in it", log, c.log)
			}
			if l := g.Load(); l != (Load{}) {
				t.Errorf("load is left: %+v", l)
			}
		})
	}
}

// Who has left is told why ctx ended, wherever that was noticed; nothing is
// logged of it.
func TestEndedContext(t *testing.T) {
	why := errors.New("too late")
	g := newRig(copying, nil)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	for _, r := range []photofit.Recipe{wide(800), {Photo: "a.jpg", Format: photofit.Original}} {
		if _, _, err := g.take(ctx, r); err != why {
			t.Errorf("%s: %v, want %v", r.Path(), err, why)
		}
	}
	ctx, cancel = context.WithCancelCause(t.Context())
	late := newRig(copying, func(c *Config) { c.Renditions = endingKept{c.Renditions, func() { cancel(why) }} })
	if _, _, err := late.take(ctx, wide(800)); err != why {
		t.Errorf("ended while it was looked up: %v, want %v", err, why)
	}
	if log := g.log.String() + late.log.String(); log != "" {
		t.Errorf("the log says %q", log)
	}
}
