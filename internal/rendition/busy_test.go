package rendition

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
)

// TestBusy has a service be busy from its reading to the end of its keeping, also
// for an asker who has left.
func TestBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate, put := newGate(), make(chan struct{})
		g := newRig(gate.render, func(c *Config) { c.Renditions = gatedKept{Renditions: c.Renditions, put: put} })
		want := func(busy bool, when string) {
			t.Helper()
			synctest.Wait()
			if g.Busy() != busy {
				t.Errorf("%s: busy %t", when, g.Busy())
			}
		}
		want(false, "at first")
		ctx, leave := context.WithCancel(t.Context())
		a := g.send(ctx, wide(800))
		want(true, "in a render")
		leave()
		if got := <-a; !errors.Is(got.err, context.Canceled) {
			t.Errorf("got %+v", got)
		}
		want(true, "in a render for nobody")
		close(gate.open)
		want(true, "in a put for nobody")
		if l := g.Load(); l.Rendering != 0 {
			t.Errorf("it still renders: %+v", l)
		}
		close(put)
		want(false, "when all is done")
	})
}

// TestNotBusyAfterwards has nothing left to do when who asked has an answer and
// closed it, or hears of a failure.
func TestNotBusyAfterwards(t *testing.T) {
	gate := newGate()
	gate.err = errors.New("broken")
	close(gate.open)
	fails, works := newRig(gate.render, nil), newRig(copying, nil)
	for n := range 100 {
		if _, _, err := fails.take(t.Context(), wide(n+1)); err == nil || fails.Busy() {
			t.Fatalf("%v, busy %t", err, fails.Busy())
		}
		if works.must(t, wide(n+1)); works.Busy() {
			t.Fatal("busy after an answer")
		}
	}
}
