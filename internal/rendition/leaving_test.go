package rendition

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"

	"photofit"
)

func TestFirstAskerLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newGate()
		gate.heeds = true
		g := newRig(gate.render, nil)
		why := errors.New("bored")
		ctx, leave := context.WithCancelCause(t.Context())
		first := g.send(ctx, wide(800))
		synctest.Wait()
		second := g.send(t.Context(), wide(800))
		synctest.Wait()

		leave(why)
		if a := <-first; a.err != why {
			t.Errorf("who left got %v, want %v", a.err, why)
		}
		synctest.Wait()
		if gate.stopped.Load() != 0 {
			t.Error("the render was stopped, though one still waits")
		}
		close(gate.open)
		if a := <-second; a.err != nil || a.body != "one" || a.how != Shared {
			t.Errorf("who stayed got %+v", a)
		}
	})
}

func TestAllAskersLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newGate()
		gate.heeds = true
		g := newRig(gate.render, nil)
		ctx, leave := context.WithCancel(t.Context())
		first, second := g.send(ctx, wide(800)), g.send(ctx, wide(800))
		synctest.Wait()
		leave()
		for _, c := range []<-chan got{first, second} {
			if a := <-c; !errors.Is(a.err, context.Canceled) {
				t.Errorf("got %+v", a)
			}
		}
		synctest.Wait()
		if gate.stopped.Load() != 1 {
			t.Error("the render goes on for nobody")
		}
		if l := g.Load(); l != (Load{}) {
			t.Errorf("load is left: %+v", l)
		}
		if _, ok := g.isKept(wide(800)); ok {
			t.Error("something was kept")
		}
		close(gate.open)
		if body, how := g.must(t, wide(800)); body != "one" || how != Miss {
			t.Errorf("a new asker got %q, a %s", body, how)
		}
	})
}

// An asker may be gone before its flight has so much as begun.
func TestLeavingAtOnce(t *testing.T) {
	g := newRig(copying, func(c *Config) { c.Renditions = nil })
	for range 2000 {
		ctx, leave := context.WithCancel(t.Context())
		go leave()
		if body, _, err := g.take(ctx, wide(800)); err == nil && body != "one" || err != nil && !errors.Is(err, context.Canceled) {
			t.Fatalf("got %q, %v", body, err)
		}
	}
	if body, _ := g.must(t, wide(800)); body != "one" {
		t.Errorf("then %q", body)
	}
}

// A render that cannot be stopped holds its turn and memory to its end, is
// joined by nobody, and what it makes is kept all the same.
func TestDeafRenderOutlivesItsAskers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newGate()
		g := newRig(func(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, a admit) (Made, error) {
			if err := a(ctx, 70); err != nil {
				return Made{}, err
			}
			return gate.render(ctx, p, size, r, a)
		}, func(c *Config) { c.Renders, c.Memory = 2, 140 })
		ctx, leave := context.WithCancel(t.Context())
		first := g.send(ctx, wide(800))
		synctest.Wait()
		leave()
		<-first
		synctest.Wait()
		if l, want := g.Load(), (Load{Rendering: 1, Memory: 70}); l != want {
			t.Errorf("with its askers gone, load is %+v, want %+v", l, want)
		}

		second := g.send(t.Context(), wide(800))
		synctest.Wait()
		if n := gate.begun.Load(); n != 2 {
			t.Errorf("%d renders have begun, want 2: none joins one that is given up", n)
		}
		gate.open <- struct{}{}
		synctest.Wait()
		if _, ok := g.isKept(wide(800)); !ok {
			t.Error("what was made is not kept")
		}
		close(gate.open)
		if a := <-second; a.err != nil || a.body != "one" {
			t.Errorf("the second got %+v", a)
		}
		synctest.Wait()
		if l := g.Load(); l != (Load{}) {
			t.Errorf("load is left: %+v", l)
		}
	})
}

// The end of a flight that was given up is not the end of the one after it.
func TestEndOfAFlightGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newGate()
		g := newRig(gate.render, func(c *Config) { c.Renders, c.Renditions = 3, nil })
		ctx, leave := context.WithCancel(t.Context())
		first := g.send(ctx, wide(800))
		synctest.Wait()
		leave()
		<-first
		second := g.send(t.Context(), wide(800))
		synctest.Wait()
		gate.open <- struct{}{} // the first one's
		synctest.Wait()
		third := g.send(t.Context(), wide(800))
		synctest.Wait()
		close(gate.open)
		if a, b := <-second, <-third; a.err != nil || b.err != nil || a.how != Miss || b.how != Shared {
			t.Errorf("%+v, %+v", a, b)
		}
		if n := gate.begun.Load(); n != 2 {
			t.Errorf("%d renders, want 2", n)
		}
	})
}
