package rendition

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"photofit"
)

// ErrBusy says that there was no room in time: too many wait already, or the
// wait was too long. Asking again later may help.
var ErrBusy = errors.New("too much work under way")

// admission decides how much work is under way. A render takes a turn, of which
// there are as many as can make progress at a time, and then leave for the
// memory that it needs. Both are given in the order in which they were asked
// for, so a large photo is not overtaken for ever.
type admission struct {
	turns   *semaphore.Weighted
	memory  *semaphore.Weighted
	renders int64
	total   int64 // bytes
	queue   int64
	wait    time.Duration

	waiting, rendering, held atomic.Int64
}

func newAdmission(renders int, memory int64, queue int, wait time.Duration) *admission {
	return &admission{
		turns:   semaphore.NewWeighted(int64(renders)),
		memory:  semaphore.NewWeighted(memory),
		renders: int64(renders),
		total:   memory,
		queue:   int64(queue),
		wait:    wait,
	}
}

// turn waits for a turn, which its done gives back.
func (a *admission) turn(ctx context.Context) (*turn, error) {
	t := &turn{a: a}
	if a.turns.TryAcquire(1) {
		a.rendering.Add(1)
		return t, nil
	}
	if a.waiting.Add(1) > a.queue {
		a.waiting.Add(-1)
		return nil, fmt.Errorf("%w: %d renders wait for their turn", ErrBusy, a.queue)
	}
	defer a.waiting.Add(-1)
	if err := a.acquire(ctx, a.turns, 1); err != nil {
		return nil, err
	}
	a.rendering.Add(1)
	return t, nil
}

// turn is one render's leave to work.
type turn struct {
	a    *admission
	held int64
}

// memory waits for leave to use that many bytes on top. More than there are in
// all is a Fault that names the setting that would do.
func (t *turn) memory(ctx context.Context, bytes int64) error {
	if need := t.held + bytes; need > t.a.total {
		return &photofit.Fault{Kind: photofit.ErrTooLarge, Code: "photo-memory", Text: fmt.Sprintf(
			"This photo needs %d MB of memory to be scaled, the limit is %d MB: raise it with --memory %dMB or more.",
			mb(need), t.a.total>>20, mb(need))}
	}
	if err := t.a.acquire(ctx, t.a.memory, bytes); err != nil {
		return err
	}
	t.held += bytes
	t.a.held.Add(bytes)
	return nil
}

// free gives the memory back, and keeps the turn.
func (t *turn) free() {
	t.a.held.Add(-t.held)
	t.a.memory.Release(t.held)
	t.held = 0
}

func (t *turn) done() {
	t.free()
	t.a.rendering.Add(-1)
	t.a.turns.Release(1)
}

// busy tells whether a turn would have to be waited for. It may be otherwise a
// moment later.
func (a *admission) busy() bool { return a.rendering.Load() >= a.renders }

func (a *admission) acquire(ctx context.Context, s *semaphore.Weighted, n int64) error {
	limited, cancel := context.WithTimeout(ctx, a.wait)
	defer cancel()
	if s.Acquire(limited, n) == nil {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return fmt.Errorf("%w: no room within %s", ErrBusy, a.wait)
}

func (a *admission) load() Load {
	return Load{Rendering: int(a.rendering.Load()), Waiting: int(a.waiting.Load()), Memory: a.held.Load()}
}

// mb is in MiB, rounded up.
func mb(bytes int64) int64 { return (bytes + 1<<20 - 1) >> 20 }
