package rendition

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"photofit"
)

// gate is a Render that stops until it may go on, or its context ends if it
// heeds that. It counts.
type gate struct {
	open  chan struct{} // each value, or its closing, lets one go on
	heeds bool
	err   error

	begun, stopped atomic.Int64
}

func newGate() *gate { return &gate{open: make(chan struct{})} }

func (g *gate) render(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, a admit) (Made, error) {
	g.begun.Add(1)
	ended := ctx.Done()
	if !g.heeds {
		ended = nil
	}
	select {
	case <-g.open:
	case <-ended:
		g.stopped.Add(1)
		return Made{}, context.Cause(ctx)
	}
	if g.err != nil {
		return Made{}, g.err
	}
	return copying(ctx, p, size, r, a)
}

func TestManyAskersOneRender(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newGate()
		g := newRig(gate.render, nil)
		var all []<-chan got
		for range 64 {
			all = append(all, g.send(t.Context(), wide(800)))
		}
		synctest.Wait()
		close(gate.open)
		hows := map[How]int{}
		for _, c := range all {
			a := <-c
			if a.err != nil || a.body != "one" {
				t.Errorf("%q, %v", a.body, a.err)
			}
			hows[a.how]++
		}
		if n := gate.begun.Load(); n != 1 {
			t.Errorf("rendered %d times", n)
		}
		if hows[Miss] != 1 || hows[Shared] != 63 {
			t.Errorf("answers were %v", hows)
		}
	})
}

// The same without a gate, on real threads: whoever finds nothing kept must find
// the flight, or what it kept.
func TestManyAskersOfAQuickRender(t *testing.T) {
	for range 200 {
		var renders atomic.Int64
		g := newRig(func(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, a admit) (Made, error) {
			renders.Add(1)
			return copying(ctx, p, size, r, a)
		}, nil)
		var all []<-chan got
		for range 16 {
			all = append(all, g.send(t.Context(), wide(800)))
		}
		for _, c := range all {
			if a := <-c; a.err != nil || a.body != "one" {
				t.Fatalf("%q, %v", a.body, a.err)
			}
		}
		if n := renders.Load(); n != 1 {
			t.Fatalf("rendered %d times", n)
		}
	}
}

// One asker looks, finds nothing, and is then so slow that another's flight is
// over before it goes on.
func TestKeptSinceTheLook(t *testing.T) {
	var renders atomic.Int64
	var g *rig
	first := true
	g = newRig(func(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, a admit) (Made, error) {
		renders.Add(1)
		return copying(ctx, p, size, r, a)
	}, func(c *Config) {
		c.Renditions = gatedKept{Renditions: c.Renditions, missed: func(string) {
			if first {
				first = false
				if body, how := g.must(t, wide(800)); body != "one" || how != Miss {
					t.Errorf("the quick one got %q, a %s", body, how)
				}
			}
		}}
	})
	if body, how := g.must(t, wide(800)); body != "one" || how != Hit {
		t.Errorf("the slow one got %q, a %s; want a hit", body, how)
	}
	if n := renders.Load(); n != 1 {
		t.Errorf("rendered %d times", n)
	}
}

// As above, but what was kept meanwhile is of a photo that has been replaced.
func TestKeptSinceTheLookOfAnotherVersion(t *testing.T) {
	var g *rig
	first := true
	g = newRig(copying, func(c *Config) {
		c.Renditions = gatedKept{Renditions: c.Renditions, missed: func(string) {
			if first {
				first = false
				g.photos.Set("a.jpg", []byte("two"))
				g.must(t, wide(800))
				g.photos.Set("a.jpg", []byte("three"))
			}
		}}
	})
	if body, how := g.must(t, wide(800)); body != "three" || how != Miss {
		t.Errorf("got %q, a %s", body, how)
	}
}

func TestJoinWhileKeeping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		put := make(chan struct{})
		var keeps atomic.Int64
		gate := newGate()
		close(gate.open)
		g := newRig(gate.render, func(c *Config) {
			c.Renditions = gatedKept{Renditions: c.Renditions, put: put, ctx: func(ctx context.Context) {
				keeps.Add(1)
				if ctx.Err() != nil {
					t.Error("keeping ended with the asker")
				}
			}}
		})
		ctx, leave := context.WithCancel(t.Context())
		a, err := g.Get(ctx, wide(800))
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(a.Body); string(b) != "one" || err != nil {
			t.Errorf("before it is kept: %q, %v", b, err)
		}
		if l := g.Load(); l != (Load{}) {
			t.Errorf("keeping takes a turn: %+v", l)
		}
		b, err := g.Get(t.Context(), wide(800))
		if err != nil || b.How != Shared {
			t.Fatalf("%+v, %v", b, err)
		}
		closed := make(chan error, 2)
		go func() { closed <- a.Close() }()
		go func() { closed <- b.Close() }()
		leave()
		synctest.Wait()
		if len(closed) != 0 {
			t.Error("Close did not wait for the store")
		}
		close(put)
		for range 2 {
			if err := <-closed; err != nil {
				t.Error(err)
			}
		}
		if gate.begun.Load() != 1 || keeps.Load() != 1 {
			t.Errorf("%d renders, kept %d times", gate.begun.Load(), keeps.Load())
		}
		if _, how := g.must(t, wide(800)); how != Hit {
			t.Errorf("then a %s", how)
		}
	})
}

func TestRecipesFlyApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newGate()
		g := newRig(gate.render, func(c *Config) { c.Renders = 2 })
		first, second := g.send(t.Context(), wide(400)), g.send(t.Context(), wide(800))
		synctest.Wait()
		if n := gate.begun.Load(); n != 2 {
			t.Errorf("%d renders at a time, want 2", n)
		}
		close(gate.open)
		if a, b := <-first, <-second; a.err != nil || b.err != nil || a.how != Miss || b.how != Miss {
			t.Errorf("%+v, %+v", a, b)
		}
	})
}

func TestFailureIsSharedByItsFlightOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newGate()
		gate.err = errors.New("the library has hiccups")
		g := newRig(gate.render, nil)
		first, second := g.send(t.Context(), wide(800)), g.send(t.Context(), wide(800))
		synctest.Wait()
		close(gate.open)
		for _, c := range []<-chan got{first, second} {
			if a := <-c; a.err != gate.err {
				t.Errorf("got %+v", a)
			}
		}
		synctest.Wait()
		gate.err = nil
		if body, how := g.must(t, wide(800)); body != "one" || how != Miss {
			t.Errorf("then %q, a %s", body, how)
		}
	})
}

// A flight that failed is over for whoever asks after it has landed, even while
// its goroutine has not ended.
func TestAFailureIsNotJoined(t *testing.T) {
	var fs flights
	failed, end := errors.New("failed"), make(chan struct{})
	fail := func(_ context.Context, f *flight, _ bool) { f.land(failed); <-end }
	if _, _, err := fs.join(t.Context(), "key", 0, fail); !errors.Is(err, failed) {
		t.Fatal(err)
	}
	work := func(_ context.Context, f *flight, _ bool) { f.land(nil) }
	if _, shared, err := fs.join(t.Context(), "key", 0, work); shared || err != nil {
		t.Errorf("shared %t, error %v", shared, err)
	}
	close(end)
}
