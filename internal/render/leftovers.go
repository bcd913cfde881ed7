package render

import (
	"runtime/debug"
	"sync"
	"time"
)

// leftovers is what renders that have ended leave behind in the C library's heap
// and in idle buffers. The next render starts quicker for them, so they are kept
// as long as renders follow one another, and within what renders have leave for:
// they are given back when nothing was rendered for a while, and when the process
// has become larger than those under way may be.
type leftovers struct {
	resident func() int64 // of the process, in bytes; 0 where the system does not tell
	release  func()       // gives back all that is not in use

	mu    sync.Mutex
	base  int64 // resident when the first render began
	leave int64 // what renders under way have leave for
	lean  int64 // beyond base, after the newest release for being too large
	quiet *time.Timer
}

// quietTime is how long nothing is rendered until the leftovers go.
const quietTime = 2 * time.Second

// begin says that a render has leave for that many bytes.
func (l *leftovers) begin(leave int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.base == 0 {
		l.base = l.resident()
	}
	if l.quiet != nil {
		l.quiet.Stop()
	}
	l.leave += leave
}

// end says that it has ended, and let go of all that it held.
func (l *leftovers) end(leave int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	// What could not be given back is not tried again until there is more: it may
	// be another part's of the program.
	grown := l.resident() - l.base
	if grown > l.leave && grown > l.lean+l.leave/2 {
		l.release()
		grown = l.resident() - l.base
		l.lean = grown
	}
	l.lean = min(l.lean, grown)
	l.leave -= leave
	if l.leave > 0 {
		return
	}
	if l.quiet == nil {
		l.quiet = time.AfterFunc(quietTime, l.rest)
	} else {
		l.quiet.Reset(quietTime)
	}
}

// rest gives all back, with what Go's heap has to spare, unless a render has
// begun meanwhile.
func (l *leftovers) rest() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.leave == 0 {
		l.release()
		debug.FreeOSMemory()
	}
}
