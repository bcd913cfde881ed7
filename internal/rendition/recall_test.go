package rendition

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"photofit"
	"photofit/internal/store"
)

// faraway is a place where each question is a round trip: it counts them, and
// remembers what it has learnt.
type faraway struct {
	*store.MemPhotos
	stats, opens atomic.Int32
	remembers    bool
	learnt       map[string]store.Photo
}

func (f *faraway) Recall(key string) (store.Photo, bool) {
	if !f.remembers {
		return store.Photo{}, false
	}
	p, ok := f.learnt[key]
	return p, ok
}

func (f *faraway) Stat(ctx context.Context, key string) (store.Photo, error) {
	f.stats.Add(1)
	p, err := f.MemPhotos.Stat(ctx, key)
	f.learn(key, p, err)
	return p, err
}

func (f *faraway) Open(ctx context.Context, key string) (store.OpenPhoto, error) {
	f.opens.Add(1)
	o, err := f.MemPhotos.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	f.learn(key, o.Photo(), nil)
	return o, nil
}

func (f *faraway) learn(key string, p store.Photo, err error) {
	if f.learnt == nil {
		f.learnt = map[string]store.Photo{}
	}
	if err == nil {
		f.learnt[key] = p
	}
}

func newFarRig(render Render, change func(*Config)) (*rig, *faraway) {
	var far *faraway
	g := newRig(render, func(c *Config) {
		far = &faraway{MemPhotos: c.Photos.(*store.MemPhotos), remembers: true}
		c.Photos = far
		if change != nil {
			change(c)
		}
	})
	return g, far
}

func TestColdRenderAsksOnce(t *testing.T) {
	g, far := newFarRig(copying, nil)
	if _, how := g.must(t, wide(400)); how != Miss || far.stats.Load() != 0 || far.opens.Load() != 1 {
		t.Errorf("the first: a %s with %d looks and %d reads; want a miss with one read", how, far.stats.Load(), far.opens.Load())
	}
	if _, how := g.must(t, wide(400)); how != Hit || far.stats.Load() != 0 {
		t.Errorf("the second: a %s with %d looks; want a hit by what is remembered", how, far.stats.Load())
	}
}

func TestHitIsComparedWhenNothingIsRemembered(t *testing.T) {
	g, far := newFarRig(copying, nil)
	g.must(t, wide(400))
	far.remembers = false
	if _, how := g.must(t, wide(400)); how != Hit || far.stats.Load() != 1 {
		t.Errorf("a %s with %d looks, want a hit with one", how, far.stats.Load())
	}
	g.photos.Set("a.jpg", []byte("two"))
	if body, how := g.must(t, wide(400)); body != "two" || how != Miss {
		t.Errorf("once replaced: %q, a %s", body, how)
	}
	g.photos.Remove("a.jpg")
	if _, _, err := g.take(t.Context(), wide(400)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("once removed: %v", err)
	}
	if _, ok := g.isKept(wide(400)); ok {
		t.Error("what was made of a photo that is gone is still kept")
	}
}

// A photo that nothing is kept of is no reason to go through what is kept.
func TestAbsentPhotoFarAway(t *testing.T) {
	g, far := newFarRig(copying, func(c *Config) {
		c.Renditions = gatedKept{Renditions: c.Renditions, ctx: func(context.Context) { t.Error("it looked for what to forget") }}
	})
	r := wide(400)
	r.Photo = "none.jpg"
	if _, _, err := g.take(t.Context(), r); !errors.Is(err, fs.ErrNotExist) || far.stats.Load() != 0 {
		t.Errorf("%v after %d looks", err, far.stats.Load())
	}
}

// While all turns are taken, absence is told without waiting for one.
func TestAbsentPhotoWhileBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newGate()
		g, _ := newFarRig(gate.render, func(c *Config) { c.Renders = 1 })
		block := g.send(t.Context(), wide(400))
		synctest.Wait()
		r := wide(400)
		r.Photo = "none.jpg"
		absent := g.send(t.Context(), r)
		synctest.Wait()
		select {
		case a := <-absent:
			if !errors.Is(a.err, fs.ErrNotExist) {
				t.Errorf("got %+v", a)
			}
		default:
			t.Error("it waits for a turn")
		}
		close(gate.open)
		<-block
	})
}

// A damaged photo whose version was forgotten costs a read, not a render.
func TestFaultOfUnknownVersion(t *testing.T) {
	renders := 0
	g, far := newFarRig(func(context.Context, io.ReaderAt, int64, photofit.Recipe, admit) (Made, error) {
		renders++
		return Made{}, &photofit.Fault{Kind: photofit.ErrDamaged, Code: "photo-damaged", Text: "Damaged."}
	}, nil)
	for range 3 {
		far.remembers = false
		var fault *photofit.Fault
		if _, _, err := g.take(t.Context(), wide(400)); !errors.As(err, &fault) {
			t.Errorf("got %v", err)
		}
	}
	if renders != 1 {
		t.Errorf("%d renders, want 1", renders)
	}
}

// served is a rig whose renditions others serve: what is withdrawn is noted.
func served(render Render) (*rig, *faraway, *[]string) {
	var withdrawn []string
	g, far := newFarRig(render, func(c *Config) {
		c.Withdraw = func(_ context.Context, key string) error {
			withdrawn = append(withdrawn, key)
			return nil
		}
	})
	far.remembers = false
	return g, far, &withdrawn
}

func TestWithdrawsWhatWasReplacedMeanwhile(t *testing.T) {
	for name, change := range map[string]func(*store.MemPhotos){
		"replaced": func(p *store.MemPhotos) { p.Set("a.jpg", []byte("two")) },
		"removed":  func(p *store.MemPhotos) { p.Remove("a.jpg") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				gate := newGate()
				g, _, withdrawn := served(gate.render)
				a := g.send(t.Context(), wide(800))
				synctest.Wait() // it has read the photo
				change(g.photos)
				close(gate.open)
				if got := <-a; got.err != nil || got.body != "one" {
					t.Errorf("got %+v", got)
				}
				if want := wide(800).Key(); len(*withdrawn) != 1 || (*withdrawn)[0] != want {
					t.Errorf("withdrawn: %q, want %q", *withdrawn, want)
				}
			})
		})
	}
}

func TestWithdrawsNothingElse(t *testing.T) {
	g, far, withdrawn := served(copying)
	g.must(t, wide(800))
	if len(*withdrawn) != 0 || far.stats.Load() != 1 {
		t.Errorf("withdrawn %q after %d looks, want nothing after one", *withdrawn, far.stats.Load())
	}
}

// An edge may hold what is kept, and learns that it is stale from the purge
// alone, which tells it only of what it finds.
func TestForgetsNothingThatOthersServe(t *testing.T) {
	g, _, _ := served(copying)
	g.must(t, wide(800))
	g.must(t, wide(400))
	g.photos.Set("a.jpg", []byte("two"))
	if body, _ := g.must(t, wide(400)); body != "two" {
		t.Errorf("got %q", body)
	}
	g.photos.Remove("a.jpg")
	if _, _, err := g.take(t.Context(), wide(400)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	for _, w := range []int{400, 800} {
		if _, ok := g.isKept(wide(w)); !ok {
			t.Errorf("%d pixels were removed", w)
		}
	}
}

func TestKeepingGoesOnWithoutTheSecondLook(t *testing.T) {
	var fail bool
	g := newRig(func(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, a admit) (Made, error) {
		fail = true
		return copying(ctx, p, size, r, a)
	}, func(c *Config) {
		c.Photos = failing{c.Photos, &fail}
		c.Withdraw = func(context.Context, string) error { t.Error("withdrawn, though nobody knows why"); return nil }
	})
	if body, _, err := g.take(t.Context(), wide(800)); err != nil || body != "one" {
		t.Errorf("got %q, %v", body, err)
	}
	if !strings.Contains(g.log.String(), "looking at the photo again") {
		t.Errorf("the log says: %s", g.log)
	}
}

// failing is photos that cannot be looked at while fail is set.
type failing struct {
	store.Photos
	fail *bool
}

func (f failing) Stat(ctx context.Context, key string) (store.Photo, error) {
	if *f.fail {
		return store.Photo{}, errors.New("no answer")
	}
	return f.Photos.Stat(ctx, key)
}
