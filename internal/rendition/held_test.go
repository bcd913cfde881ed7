package rendition

import (
	"context"
	"sync/atomic"
	"testing"

	"photofit/internal/store"
)

// asked counts how often a store is asked for a rendition.
type asked struct {
	store.Renditions
	gets atomic.Int32
}

func (a *asked) Get(ctx context.Context, key string) (*store.Rendition, error) {
	a.gets.Add(1)
	return a.Renditions.Get(ctx, key)
}

// What is held in memory is given without asking the store, if it is of the photo
// as it is now.
func TestHeldInMemory(t *testing.T) {
	var behind *asked
	g := newRig(copying, func(c *Config) {
		behind = &asked{Renditions: c.Renditions}
		c.Renditions = store.Hold(behind, 1<<20)
	})
	old, _ := g.must(t, wide(400))
	for range 4 {
		if body, how := g.must(t, wide(400)); how != Hit || body != old {
			t.Errorf("a %s: %q", how, body)
		}
	}
	if n := behind.gets.Load(); n > 3 {
		t.Errorf("the store was asked %d times", n)
	}
	g.photos.Set("a.jpg", []byte("another"))
	body, how := g.must(t, wide(400))
	if how != Miss || body == old {
		t.Errorf("after the photo was replaced: a %s: %q", how, body)
	}
	for range 4 {
		if again, how := g.must(t, wide(400)); how != Hit || again != body {
			t.Errorf("a %s: %q", how, again)
		}
	}
	g.photos.Remove("a.jpg")
	if _, err := g.Get(t.Context(), wide(400)); err == nil {
		t.Error("a rendition of a photo that is gone")
	}
}
