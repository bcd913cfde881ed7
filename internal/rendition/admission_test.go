package rendition

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"photofit"
)

// needing renders with that much memory per pixel of width.
func (g *gate) needing(perPixel int64) Render {
	return func(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, a admit) (Made, error) {
		if err := a(ctx, int64(r.Width)*perPixel); err != nil {
			return Made{}, err
		}
		return g.render(ctx, p, size, r, a)
	}
}

func TestNeverMoreThanThereIs(t *testing.T) {
	const renders, memory = 3, 1000
	var working, held, mostWorking, mostHeld atomic.Int64
	note := func(now, most *atomic.Int64, by int64) {
		n := now.Add(by)
		for {
			m := most.Load()
			if n <= m || most.CompareAndSwap(m, n) {
				return
			}
		}
	}
	g := newRig(func(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, a admit) (Made, error) {
		note(&working, &mostWorking, 1)
		defer working.Add(-1)
		bytes := int64(r.Width)
		if err := a(ctx, bytes); err != nil {
			return Made{}, err
		}
		note(&held, &mostHeld, bytes)
		defer held.Add(-bytes)
		if r.Width%7 == 0 {
			panic("the codec has tripped")
		}
		if r.Width%5 == 0 {
			return Made{}, errors.New("the codec refuses")
		}
		return copying(ctx, p, size, r, a)
	}, func(c *Config) { c.Renders, c.Memory, c.Queue = renders, memory, 1000 })
	var all []<-chan got
	for w := 100; w < 500; w++ {
		all = append(all, g.send(t.Context(), wide(w)))
	}
	for i, c := range all {
		a, w := <-c, 100+i
		if fails := w%7 == 0 || w%5 == 0; fails != (a.err != nil) {
			t.Errorf("%d: %+v", w, a)
		}
	}
	if n := mostWorking.Load(); n > renders {
		t.Errorf("%d renders at a time, want %d at most", n, renders)
	}
	if n := mostHeld.Load(); n > memory {
		t.Errorf("%d bytes at a time, want %d at most", n, memory)
	}
	if l := g.Load(); l != (Load{}) {
		t.Errorf("load is left: %+v", l)
	}
}

func TestLoad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gate := newGate()
		g := newRig(gate.needing(1), func(c *Config) { c.Renders, c.Memory = 2, 1<<20 })
		want := []Load{{1, 0, 100}, {2, 0, 201}, {2, 1, 201}, {2, 2, 201}}
		for i, want := range want {
			g.send(t.Context(), wide(100+i))
			synctest.Wait()
			if l := g.Load(); l != want {
				t.Errorf("with %d askers: %+v, want %+v", i+1, l, want)
			}
		}
		close(gate.open)
		synctest.Wait()
		if l := g.Load(); l != (Load{}) {
			t.Errorf("load is left: %+v", l)
		}
	})
}

func TestMoreMemoryThanThereIs(t *testing.T) {
	const mib = 1 << 20
	cases := []struct {
		bytes []int64 // what is asked for, one after the other
		text  string  // empty: it is given
	}{
		{[]int64{64 * mib}, ""},
		{[]int64{64*mib + 1}, "This photo needs 65 MB of memory to be scaled, the limit is 64 MB: raise it with --memory 65MB or more."},
		{[]int64{3000 * mib}, "This photo needs 3000 MB of memory to be scaled, the limit is 64 MB: raise it with --memory 3000MB or more."},
		{[]int64{40 * mib, 24 * mib}, ""},
		{[]int64{40 * mib, 25 * mib}, "This photo needs 65 MB of memory to be scaled, the limit is 64 MB: raise it with --memory 65MB or more."},
	}
	for _, c := range cases {
		g := newRig(func(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, a admit) (Made, error) {
			for _, n := range c.bytes {
				if err := a(ctx, n); err != nil {
					return Made{}, fmt.Errorf("render: %w", err)
				}
			}
			return copying(ctx, p, size, r, a)
		}, func(c *Config) { c.Memory = 64 * mib })
		_, _, err := g.take(t.Context(), wide(800))
		if c.text == "" {
			if err != nil {
				t.Errorf("%d bytes: %v", c.bytes, err)
			}
			continue
		}
		var fault *photofit.Fault
		if !errors.As(err, &fault) || !errors.Is(err, photofit.ErrTooLarge) {
			t.Errorf("%d bytes: %v", c.bytes, err)
			continue
		}
		if fault.Text != c.text || fault.Code != "photo-memory" {
			t.Errorf("%d bytes: %s: %q, want %q", c.bytes, fault.Code, fault.Text, c.text)
		}
		if l := g.Load(); l != (Load{}) {
			t.Errorf("%d bytes: load is left: %+v", c.bytes, l)
		}
	}
}

func TestPanicIsAnError(t *testing.T) {
	g := newRig(func(ctx context.Context, p io.ReaderAt, size int64, r photofit.Recipe, a admit) (Made, error) {
		if err := a(ctx, 10); err != nil {
			return Made{}, err
		}
		panic("the codec has tripped")
	}, nil)
	_, _, err := g.take(t.Context(), wide(800))
	if err == nil || !strings.Contains(err.Error(), "rendering panicked: the codec has tripped\n") || !strings.Contains(err.Error(), "admission_test.go") {
		t.Errorf("got %v", err)
	}
	if l := g.Load(); l != (Load{}) {
		t.Errorf("load is left: %+v", l)
	}
}

func TestDefaults(t *testing.T) {
	a := New(Config{}).admission
	if a.total != DefaultMemory || a.queue != DefaultQueue || a.wait != DefaultWait || !a.turns.TryAcquire(1) {
		t.Errorf("%+v", a)
	}
}
