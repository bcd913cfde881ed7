package rendition

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestSeldom(t *testing.T) {
	var s seldom
	start := time.Unix(1e9, 0)
	for _, c := range []struct {
		after   time.Duration
		yes     bool
		skipped int
	}{{0, true, 0}, {time.Second, false, 0}, {59 * time.Second, false, 0}, {time.Minute, true, 2}, {2 * time.Minute, true, 0}, {2*time.Minute + 1, false, 0}} {
		if yes, skipped := s.say(start.Add(c.after)); yes != c.yes || skipped != c.skipped {
			t.Errorf("after %s: %v, %d", c.after, yes, skipped)
		}
	}
}

// A cache that cannot be written is said once, not at each miss.
func TestCacheThatCannotBeWritten(t *testing.T) {
	g := newRig(copying, func(c *Config) { c.Renditions = brokenKept{c.Renditions, nil, errors.New("read-only file system")} })
	for _, width := range []int{100, 200, 400} {
		if _, _, err := g.take(t.Context(), wide(width)); err != nil {
			t.Fatal(err)
		}
	}
	if log := g.log.String(); strings.Count(log, "could not be kept") != 1 {
		t.Errorf("the log says %q", log)
	}
}
