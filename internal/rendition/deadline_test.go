package rendition

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// A render that hears nothing, as an AVIF encoder does, keeps nobody waiting
// beyond a deadline of their own: not those who share it, not those who wait
// for its turn, not those who wait for its memory.
func TestDeadlinesWhileARenderIsDeaf(t *testing.T) {
	for _, c := range []struct {
		name    string
		renders int
		memory  int64
	}{
		{"turn", 1, 10_000},
		{"memory", 9, 1000},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				gate := newGate()
				g := newRig(gate.needing(1), func(cfg *Config) { cfg.Renders, cfg.Memory = c.renders, c.memory })
				start := time.Now()
				type asker struct {
					got    <-chan got
					within time.Duration
				}
				var all []asker
				ask := func(width int, within time.Duration) {
					ctx, cancel := context.WithTimeoutCause(t.Context(), within, errors.New(within.String()))
					t.Cleanup(cancel)
					all = append(all, asker{g.send(ctx, wide(width)), within})
					synctest.Wait()
				}
				ask(900, 2*time.Second) // has the turn and the memory
				ask(900, 5*time.Second) // shares it
				ask(800, time.Second)
				ask(800, 4*time.Second)
				ask(700, 3*time.Second)
				held := g.Load().Memory
				for _, i := range []int{2, 0, 4, 3, 1} { // in the order of their deadlines
					a := <-all[i].got
					if a.err == nil || a.err.Error() != all[i].within.String() {
						t.Errorf("asker %d got %+v, want the cause of its own deadline", i, a)
					}
					if took := time.Since(start); took != all[i].within {
						t.Errorf("asker %d was answered after %s, want %s", i, took, all[i].within)
					}
				}
				synctest.Wait()
				if l, want := g.Load(), (Load{Rendering: 1, Memory: held}); l != want || held != 900 {
					t.Errorf("with everybody gone, load is %+v, want %+v: the render keeps what it has, and nobody else waits", l, want)
				}
				close(gate.open)
				synctest.Wait()
				if l := g.Load(); l != (Load{}) {
					t.Errorf("load is left: %+v", l)
				}
				if _, ok := g.isKept(wide(900)); !ok {
					t.Error("what was made is not kept")
				}
				if n := gate.begun.Load(); n != 1 {
					t.Errorf("%d renders have begun, want 1", n)
				}
			})
		})
	}
}
