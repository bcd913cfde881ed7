package rendition

import (
	"context"
	"errors"
	"io/fs"
	"sync/atomic"
	"testing"

	"photofit"
	"photofit/internal/store"
)

// bucket is a place where each question is a round trip, nothing is remembered, and
// reading ends with the context that a photo was opened with.
type bucket struct {
	faraway
	open atomic.Int32 // photos that are not closed
}

func (b *bucket) Open(ctx context.Context, key string) (store.OpenPhoto, error) {
	o, err := b.faraway.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	b.open.Add(1)
	return &fromBucket{o, b, ctx}, nil
}

type fromBucket struct {
	store.OpenPhoto
	b   *bucket
	ctx context.Context
}

func (o *fromBucket) ReadAt(p []byte, off int64) (int, error) {
	if err := o.ctx.Err(); err != nil {
		return 0, err
	}
	return o.OpenPhoto.ReadAt(p, off)
}

func (o *fromBucket) Close() error {
	o.b.open.Add(-1)
	return o.OpenPhoto.Close()
}

func newBucketRig(m *fakeMasters, change func(*Config)) (*rig, *bucket) {
	var b *bucket
	g := newMasterRig(m, func(c *Config) {
		b = &bucket{faraway: faraway{MemPhotos: c.Photos.(*store.MemPhotos)}}
		c.Photos = b
		if change != nil {
			change(c)
		}
	})
	return g, b
}

// From a bucket, a rendition costs one question for the photo and one for its master,
// whichever of the two it is made from: what is asked for the photo tells its version.
func TestMasterCostsOneQuestionMore(t *testing.T) {
	m := &fakeMasters{whole: true}
	masters := 0
	g, b := newBucketRig(m, func(c *Config) {
		c.Masters.Elsewhere = true
		c.Renditions = gatedKept{Renditions: c.Renditions, asked: func(key string) {
			if key == photofit.MasterKey("a.jpg") {
				masters++
			}
		}}
	})
	asks := func(when string, r photofit.Recipe, want string, wantMaster bool) {
		t.Helper()
		b.opens.Store(0)
		b.stats.Store(0)
		masters = 0
		body, a, err := g.take(t.Context(), r)
		if err != nil || body != want || a.Master != wantMaster {
			t.Errorf("%s: %q, %v", when, body, err)
		}
		if b.opens.Load() != 1 || b.stats.Load() != 0 || masters != 1 {
			t.Errorf("%s: %d reads and %d looks at the photo, %d questions for the master; want one read, one question", when, b.opens.Load(), b.stats.Load(), masters)
		}
		if n := b.open.Load(); n != 0 {
			t.Errorf("%s: %d photos are left open", when, n)
		}
	}
	asks("without a master", wide(100), "one", false)
	if err := g.Master(t.Context(), "a.jpg"); err != nil {
		t.Fatal(err)
	}
	asks("with a master", wide(200), "from master of one", true)
	asks("with one that is too small", wide(2000), "one", false)
	g.photos.Set("a.jpg", []byte("two"))
	asks("with one of an older version", wide(300), "two", false)
	g.photos.Remove("a.jpg")
	if _, _, err := g.take(t.Context(), wide(400)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("once removed: %v", err)
	}
	if n, l := b.open.Load(), g.Load(); n != 0 || l != (Load{}) {
		t.Errorf("%d photos are left open, and load: %+v", n, l)
	}
}

// A master that is made after the answer, when that is kept and its context has
// ended, is made all the same.
func TestMasterAfterItsFlight(t *testing.T) {
	m := &fakeMasters{hold: make(chan struct{})}
	g, b := newBucketRig(m, nil)
	g.must(t, wide(100))
	g.must(t, wide(200))
	close(m.hold)
	g.Wait()
	if !g.hasMaster() || b.open.Load() != 0 {
		t.Errorf("there is a master: %v; %d photos are left open\n%s", g.hasMaster(), b.open.Load(), g.log)
	}
}
