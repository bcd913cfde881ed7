package rendition

import (
	"sync"
	"time"
)

// seldom lets something be said once a minute: what fails at each request, such as
// a cache that is full or cannot be written, would fill the log otherwise. The zero
// value is ready.
type seldom struct {
	mu      sync.Mutex
	next    time.Time
	skipped int
}

// pause is how long nothing is said, after something was.
const pause = time.Minute

// say tells whether it is to be said now, and how often it was not since it was
// said last.
func (s *seldom) say(now time.Time) (yes bool, skipped int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.Before(s.next) {
		s.skipped++
		return false, 0
	}
	skipped, s.skipped = s.skipped, 0
	s.next = now.Add(pause)
	return true, skipped
}
