package rendition

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"photofit"
)

// sequence notes what came in which order.
type sequence struct {
	mu  sync.Mutex
	all []int
}

func (s *sequence) add(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, n)
}

func (s *sequence) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return fmt.Sprint(s.all)
}

func TestQueueIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newGate()
		g := newRig(gate.render, func(c *Config) { c.Renders, c.Queue = 1, 2 })
		var all []<-chan got
		for w := range 3 { // one has its turn, two wait
			all = append(all, g.send(t.Context(), wide(100+w)))
			synctest.Wait()
		}
		_, _, err := g.take(t.Context(), wide(200))
		if !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), "2 renders wait") {
			t.Errorf("one too many got %v", err)
		}
		all = append(all, g.send(t.Context(), wide(102))) // joins one that waits
		synctest.Wait()
		close(gate.open)
		for _, c := range all {
			if a := <-c; a.err != nil {
				t.Errorf("who waited got %v", a.err)
			}
		}
		if _, how := g.must(t, wide(200)); how != Miss {
			t.Errorf("then a %s", how)
		}
	})
}

func TestWaitIsBounded(t *testing.T) {
	const wait = 5 * time.Second
	cases := []struct {
		name    string
		renders int
		memory  int64
	}{
		{"turn", 1, 1000},
		{"memory", 2, 450},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				gate := newGate()
				g := newRig(gate.needing(1), func(cfg *Config) { cfg.Renders, cfg.Memory, cfg.Wait = c.renders, c.memory, wait })
				first := g.send(t.Context(), wide(400))
				synctest.Wait()
				held := g.Load()
				start := time.Now()
				_, _, err := g.take(t.Context(), wide(100))
				if !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), "no room within 5s") {
					t.Errorf("got %v", err)
				}
				if took := time.Since(start); took != wait {
					t.Errorf("after %s, want %s", took, wait)
				}
				if l := g.Load(); l != held {
					t.Errorf("load is %+v, want %+v", l, held)
				}
				close(gate.open)
				if a := <-first; a.err != nil {
					t.Error(a.err)
				}
				if _, how := g.must(t, wide(100)); how != Miss {
					t.Errorf("then a %s", how)
				}
			})
		})
	}
}

// Small ones that come later don't overtake a large one for ever.
func TestFirstComeFirstServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order sequence
		gate := newGate()
		g := newRig(func(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, a admit) (Made, error) {
			if err := a(ctx, int64(r.Width)); err != nil {
				return Made{}, err
			}
			order.add(r.Width)
			return gate.render(ctx, p, size, r, a)
		}, func(c *Config) { c.Renders, c.Memory = 10, 1000 })
		var all []<-chan got
		widths := []int{300, 301, 950, 100, 101, 102} // 950 and what follows must wait
		for _, w := range widths {
			all = append(all, g.send(t.Context(), wide(w)))
			synctest.Wait()
		}
		for range widths {
			gate.open <- struct{}{}
			synctest.Wait()
		}
		for _, c := range all {
			if a := <-c; a.err != nil {
				t.Error(a.err)
			}
		}
		if !strings.HasPrefix(order.String(), "[300 301 950 ") {
			t.Errorf("the order was %s", &order)
		}
	})
}

// Turns too are given in the order in which they were asked for.
func TestTurnsInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var order sequence
		gate := newGate()
		g := newRig(func(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, a admit) (Made, error) {
			order.add(r.Width)
			return gate.render(ctx, p, size, r, a)
		}, func(c *Config) { c.Renders = 1 })
		for w := range 5 {
			g.send(t.Context(), wide(100+w))
			synctest.Wait()
		}
		for range 5 {
			gate.open <- struct{}{}
			synctest.Wait()
		}
		if order.String() != "[100 101 102 103 104]" {
			t.Errorf("the order was %s", &order)
		}
	})
}

// Who leaves while waiting gives up its place at once.
func TestLeavingTheQueue(t *testing.T) {
	cases := []struct {
		name    string
		renders int
		memory  int64
	}{
		{"turn", 1, 1000},
		{"memory", 2, 450},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				gate := newGate()
				g := newRig(gate.needing(1), func(cfg *Config) { cfg.Renders, cfg.Memory = c.renders, c.memory })
				first := g.send(t.Context(), wide(400))
				synctest.Wait()
				held := g.Load()
				ctx, leave := context.WithCancel(t.Context())
				second := g.send(ctx, wide(100))
				synctest.Wait()
				if g.Load() == held {
					t.Fatal("the second doesn't show in the load")
				}
				leave()
				if a := <-second; !errors.Is(a.err, context.Canceled) {
					t.Errorf("got %+v", a)
				}
				synctest.Wait()
				if l := g.Load(); l != held {
					t.Errorf("load is %+v, want %+v", l, held)
				}
				close(gate.open)
				<-first
			})
		})
	}
}
