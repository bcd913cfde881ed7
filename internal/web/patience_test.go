package web

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

var errLate = errors.New("late")

// The end of patience is that of context.WithTimeoutCause, whoever looks first,
// and how.
func TestPatienceEnds(t *testing.T) {
	looks := map[string]func(context.Context){
		"nobody": func(context.Context) {},
		"Done":   func(c context.Context) { c.Done() },
		"child":  func(c context.Context) { context.AfterFunc(c, func() {}) },
	}
	for name, look := range looks {
		synctest.Test(t, func(t *testing.T) {
			p := withPatience(t.Context(), time.Minute, errLate)
			defer p.stop()
			look(p)
			time.Sleep(time.Minute - 1)
			if err := p.Err(); err != nil || context.Cause(p) != nil {
				t.Errorf("%s: too early: %v", name, err)
			}
			child, cancel := context.WithCancel(p)
			defer cancel()
			time.Sleep(time.Nanosecond)
			synctest.Wait()
			for _, c := range []context.Context{p, child} {
				if !errors.Is(c.Err(), context.DeadlineExceeded) || context.Cause(c) != errLate {
					t.Errorf("%s: %v, because of %v", name, c.Err(), context.Cause(c))
				}
				select {
				case <-c.Done():
				default:
					t.Errorf("%s: not done", name)
				}
			}
		})
	}
}

// Whoever only looks sees the end, too.
func TestPatienceEndsUnwatched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := withPatience(t.Context(), time.Minute, errLate)
		defer p.stop()
		time.Sleep(time.Minute)
		if cause := context.Cause(p); cause != errLate {
			t.Error(cause)
		}
		if !errors.Is(p.Err(), context.DeadlineExceeded) {
			t.Error(p.Err())
		}
	})
}

// The parent's end is its end, and so is stop.
func TestPatienceOfParent(t *testing.T) {
	errGone := errors.New("gone")
	for _, watched := range []bool{false, true} {
		parent, cancel := context.WithCancelCause(context.WithValue(t.Context(), errLate, 7))
		p := withPatience(parent, time.Hour, errLate)
		if watched {
			p.Done()
		}
		if p.Value(errLate) != 7 {
			t.Error("a value is lost")
		}
		cancel(errGone)
		<-p.Done()
		if !errors.Is(p.Err(), context.Canceled) || context.Cause(p) != errGone {
			t.Errorf("%v, because of %v", p.Err(), context.Cause(p))
		}
		p.stop()

		p = withPatience(t.Context(), time.Hour, errLate)
		if watched {
			p.Done()
		}
		p.stop()
		<-p.Done()

		soon, cancelSoon := context.WithTimeout(t.Context(), time.Minute)
		p = withPatience(soon, time.Hour, errLate)
		want, _ := soon.Deadline()
		if got, ok := p.Deadline(); !ok || !got.Equal(want) {
			t.Errorf("ends at %v, %v", got, want)
		}
		cancelSoon()
		p.stop()
	}
}
