package rendition

import (
	"context"
	"io"
	"testing"

	"photofit"
	"photofit/internal/store"
)

var known = photofit.Recipe{Photo: "a.jpg", Format: photofit.InfoJSON}

// typed renders bytes under the type of some settings.
func typed(kind string, made *int) Render {
	return func(ctx context.Context, photo io.ReaderAt, size int64, r photofit.Recipe, admit admit) (Made, error) {
		*made++
		m, err := copying(ctx, photo, size, r, admit)
		m.Body = append([]byte(kind+" "), m.Body...)
		if m.Type = "image/webp"; r.Format == photofit.InfoJSON {
			m.Type = kind
		}
		return m, err
	}
}

// What is kept of a photo under other settings is not the answer, whatever holds it;
// renditions stay.
func TestInfoOfOtherSettings(t *testing.T) {
	for name, wrap := range map[string]func(store.Renditions) store.Renditions{
		"a store":        func(s store.Renditions) store.Renditions { return s },
		"held in memory": func(s store.Renditions) store.Renditions { return store.Hold(s, 1<<20) },
	} {
		made := 0
		var old *rig
		var kept store.Renditions
		ask := func(kind string) (*rig, func(photofit.Recipe) (string, How)) {
			g := newRig(typed(kind, &made), func(c *Config) {
				if old != nil {
					c.Photos = old.photos
				}
				if kept == nil {
					kept = wrap(store.NewMem(0))
				}
				c.Renditions, c.InfoType = kept, kind
			})
			if old == nil {
				old = g
			}
			return g, func(r photofit.Recipe) (string, How) { return g.must(t, r) }
		}
		_, before := ask("application/json; made=1")
		before(known)
		before(known)
		before(wide(100))
		if made != 2 {
			t.Fatalf("%s: made %d times", name, made)
		}
		_, after := ask("application/json; made=2")
		for i, want := range []How{Miss, Hit, Hit} {
			if body, how := after(known); body != "application/json; made=2 one" || how != want {
				t.Errorf("%s, ask %d: %q, %v", name, i, body, how)
			}
		}
		if _, how := after(wide(100)); how != Hit {
			t.Errorf("%s: a rendition is a %v after the settings have changed", name, how)
		}
		if made != 3 {
			t.Errorf("%s: made %d times", name, made)
		}
	}
}

func TestInfoOfAReplacedPhoto(t *testing.T) {
	made := 0
	g := newRig(typed("application/json; made=1", &made), func(c *Config) { c.InfoType = "application/json; made=1" })
	g.must(t, known)
	g.photos.Set("a.jpg", []byte("two"))
	if body, how := g.must(t, known); body != "application/json; made=1 two" || how != Miss {
		t.Errorf("%q, %v", body, how)
	}
}

// With a master, an info has its pixels from there, and its facts from the photo.
func TestInfoFromMaster(t *testing.T) {
	m := &fakeMasters{whole: true}
	asked := 0
	g := newMasterRig(m, func(c *Config) {
		c.Masters.Info = func(ctx context.Context, photo io.ReaderAt, photoSize int64, master io.ReaderAt, size int64, kind string, admit admit) (Made, bool, error) {
			asked++
			if kind != "image/jpeg; photo=1x1" || photoSize != 3 {
				t.Errorf("asked of %d bytes, with a master of type %s", photoSize, kind)
			}
			head, err := copying(ctx, photo, photoSize, known, admit)
			if err != nil {
				return Made{}, false, err
			}
			pixels, err := copying(ctx, master, size, known, admit)
			return Made{Body: append(append(head.Body, ", "...), pixels.Body...), Type: "application/json"}, true, err
		}
	})
	g.must(t, wide(100))
	g.Wait()
	if !g.hasMaster() {
		t.Fatal("there is no master")
	}
	body, a, err := g.take(t.Context(), known)
	if err != nil || body != "one, master of one" || !a.Master || asked != 1 || m.plain.Load() != 1 {
		t.Errorf("%q, %+v, %v; asked %d times, %d from the photo", body, a, err, asked, m.plain.Load())
	}
	if source, ok := g.isKept(known); !ok || source == "" {
		t.Error("it is not kept")
	}

	// Of another version than the master, everything is made anew.
	g.photos.Set("a.jpg", []byte("two"))
	if body, _ := g.must(t, known); body != "two" {
		t.Errorf("of the photo that replaced it: %q", body)
	}
	g.Wait()
}

// replacing is photos of which one is replaced just before it is opened.
type replacing struct {
	*store.MemPhotos
	with func()
}

func (r *replacing) Open(ctx context.Context, key string) (store.OpenPhoto, error) {
	if r.with != nil {
		r.with()
	}
	return r.MemPhotos.Open(ctx, key)
}

// A photo that is replaced between its master and its header has nothing told that
// is of both.
func TestInfoOfOneVersion(t *testing.T) {
	m := &fakeMasters{whole: true}
	photos := &replacing{}
	g := newMasterRig(m, func(c *Config) {
		photos.MemPhotos = c.Photos.(*store.MemPhotos)
		c.Photos = photos
		c.Masters.Info = func(context.Context, io.ReaderAt, int64, io.ReaderAt, int64, string, admit) (Made, bool, error) {
			return Made{Body: []byte("of both")}, true, nil
		}
	})
	g.must(t, wide(100))
	g.Wait()
	photos.with = func() { g.photos.Set("a.jpg", []byte("two")); photos.with = nil }
	if body, _ := g.must(t, known); body != "two" {
		t.Errorf("%q", body)
	}
	g.Wait()
}
