package rendition

import (
	"context"
	"errors"
	"io/fs"
	"testing"
	"testing/synctest"
)

func TestReplacedPhoto(t *testing.T) {
	g := newRig(copying, nil)
	for _, w := range []int{400, 800} {
		g.must(t, wide(w))
	}
	g.photos.Set("b.jpg", []byte("another"))
	other := wide(400)
	other.Photo = "b.jpg"
	g.must(t, other)

	two := g.photos.Set("a.jpg", []byte("two"))
	if body, how := g.must(t, wide(400)); body != "two" || how != Miss {
		t.Errorf("after it was replaced: %q, a %s", body, how)
	}
	if source, _ := g.isKept(wide(400)); source != two.Version {
		t.Errorf("kept is version %q, want %q", source, two.Version)
	}
	if source, ok := g.isKept(wide(800)); ok {
		t.Errorf("the other size of version %q is still kept", source)
	}
	if _, how := g.must(t, other); how != Hit {
		t.Errorf("another photo's: a %s", how)
	}
}

func TestRemovedPhoto(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	gone := false
	g := newRig(copying, func(c *Config) {
		c.Renditions = gatedKept{Renditions: c.Renditions, ctx: func(forgets context.Context) {
			if gone {
				leave()
				if forgets.Err() != nil {
					t.Error("forgetting ends with the asker")
				}
			}
		}}
	})
	for _, w := range []int{400, 800} {
		g.must(t, wide(w))
	}
	g.photos.Remove("a.jpg")
	gone = true
	if _, _, err := g.take(ctx, wide(400)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	for _, w := range []int{400, 800} {
		if _, ok := g.isKept(wide(w)); ok {
			t.Errorf("%d pixels are still kept", w)
		}
	}
}

// Between the look at the photo and its opening it is replaced.
func TestReplacedBeforeItIsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newGate()
		g := newRig(gate.render, func(c *Config) { c.Renders = 1 })
		block := g.send(t.Context(), wide(400)) // has the only turn
		synctest.Wait()
		waits := g.send(t.Context(), wide(800))
		synctest.Wait()
		two := g.photos.Set("a.jpg", []byte("two"))
		close(gate.open)
		<-block
		if a := <-waits; a.err != nil || a.body != "two" {
			t.Errorf("got %+v", a)
		}
		if source, _ := g.isKept(wide(800)); source != two.Version {
			t.Errorf("kept as version %q, but version %q was read", source, two.Version)
		}
		if body, how := g.must(t, wide(800)); body != "two" || how != Hit {
			t.Errorf("then %q, a %s", body, how)
		}
	})
}

// While it is being rendered it is replaced: who asked before gets the old one,
// who asks then the new one, and that is what stays.
func TestReplacedWhileItIsRendered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newGate()
		g := newRig(gate.render, func(c *Config) { c.Renders = 2 })
		one, err := g.photos.Stat(t.Context(), "a.jpg")
		if err != nil {
			t.Fatal(err)
		}
		before := g.send(t.Context(), wide(800))
		synctest.Wait()
		g.photos.Set("a.jpg", []byte("two"))
		after := g.send(t.Context(), wide(800))
		synctest.Wait()
		if n := gate.begun.Load(); n != 2 {
			t.Errorf("%d renders, want 2: a new version is another flight", n)
		}
		close(gate.open)
		if a := <-before; a.err != nil || a.body != "one" {
			t.Errorf("who asked before got %+v", a)
		}
		if a := <-after; a.err != nil || a.body != "two" {
			t.Errorf("who asked after got %+v", a)
		}
		synctest.Wait()
		if body, _ := g.must(t, wide(800)); body != "two" {
			t.Errorf("then %q", body)
		}
		if source, ok := g.isKept(wide(800)); !ok || source == one.Version {
			t.Errorf("kept is version %q", source)
		}
	})
}
