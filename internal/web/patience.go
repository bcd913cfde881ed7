package web

import (
	"context"
	"sync"
	"time"
)

// patience is a context that ends after a while, like one of
// context.WithTimeoutCause, but has no timer until somebody waits for its end.
// Answers from the cache are done before anybody does.
type patience struct {
	context.Context
	end   time.Time
	cause error

	mu      sync.Mutex
	timed   context.Context // nil: nobody has waited yet
	cancel  context.CancelFunc
	stopped bool
}

var _ context.Context = (*patience)(nil)

// withPatience gives a context that ends after timeout, for that cause. Its stop
// must be called.
func withPatience(parent context.Context, timeout time.Duration, cause error) *patience {
	return &patience{Context: parent, end: time.Now().Add(timeout), cause: cause}
}

// stop ends the context, and what waits for it.
func (p *patience) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stopped = true
	if p.cancel != nil {
		p.cancel()
	}
}

// wait gives the context with a timer.
func (p *patience) wait() context.Context {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.timed == nil {
		p.timed, p.cancel = context.WithDeadlineCause(p.Context, p.end, p.cause)
		if p.stopped {
			p.cancel()
		}
	}
	return p.timed
}

// now is the context with a timer if there is one or its time has come, else the
// one without.
func (p *patience) now() context.Context {
	p.mu.Lock()
	timed := p.timed
	p.mu.Unlock()
	switch {
	case timed != nil:
		return timed
	case !time.Now().Before(p.end):
		return p.wait()
	}
	return p.Context
}

// Deadline is the earlier one.
func (p *patience) Deadline() (time.Time, bool) {
	if end, ok := p.Context.Deadline(); ok && end.Before(p.end) {
		return end, true
	}
	return p.end, true
}

// Done makes the timer.
func (p *patience) Done() <-chan struct{} { return p.wait().Done() }

// Err is context.Context's.
func (p *patience) Err() error { return p.now().Err() }

// Value is context.Context's. By it package context finds the cause, too.
func (p *patience) Value(key any) any { return p.now().Value(key) }
