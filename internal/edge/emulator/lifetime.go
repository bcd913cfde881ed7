package emulator

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// lifetime is how long an answer is held ("Manage how long content stays in the
// cache (expiration)" and "Control how long CloudFront caches errors").
type lifetime struct {
	keep    bool          // else it is not held at all
	fresh   time.Duration // for how long the origin need not be asked
	stale   time.Duration // for how long after that it is served while the origin is asked beside (stale-while-revalidate)
	onError time.Duration // for how long after that it is served if the origin fails: for ever, or stale-if-error
}

// standardErrorTTL is ErrorCachingMinTTL where a status is not listed.
const standardErrorTTL = 10 * time.Second

// forever is longer than anybody waits.
const forever = 10 * 365 * 24 * time.Hour

// mayForbid are errors of which no-store, no-cache and private count; of others they
// are ignored.
var mayForbid = []int{http.StatusNotFound, http.StatusGone, http.StatusRequestURITooLong, http.StatusNotImplemented}

// lifetime is that of an answer that has just come.
func (d *distribution) lifetime(status int, h http.Header, now time.Time) lifetime {
	said := directives(h)
	asked, ok := said.age(h, now)
	if status >= 400 {
		life := lifetime{keep: true, fresh: standardErrorTTL}
		if ttl, listed := d.errorTTL[status]; listed {
			life.fresh = ttl
		}
		if ok {
			life.fresh = max(life.fresh, min(asked, d.policy.most))
		}
		if slices.Contains(mayForbid, status) && (said.has("no-store") || said.has("no-cache") || said.has("private")) {
			life.fresh = 0
		}
		life.keep = life.fresh > 0 && status != http.StatusRequestedRangeNotSatisfiable
		return life
	}
	p := d.policy
	life := lifetime{keep: true, onError: forever}
	switch {
	case said.has("no-store") || said.has("private") || said.has("no-cache"):
		life.fresh = p.least
		life.keep = p.least > 0 || said.has("no-cache") && !said.has("no-store") && !said.has("private")
	case ok:
		life.fresh = min(max(asked, p.least), p.most)
	default:
		life.fresh = max(p.standard, p.least)
	}
	life.keep = life.keep && p.most > 0
	if n, ok := said.seconds("stale-while-revalidate"); ok {
		life.stale = n
	}
	if n, ok := said.seconds("stale-if-error"); ok {
		life.onError = n
	}
	return life
}

// control is a Cache-Control header.
type control map[string]string

func directives(h http.Header) control {
	c := control{}
	for part := range strings.SplitSeq(strings.Join(h["Cache-Control"], ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		if name = strings.ToLower(name); name != "" {
			c[name] = strings.Trim(value, `"`)
		}
	}
	return c
}

func (c control) has(name string) bool {
	_, ok := c[name]
	return ok
}

func (c control) seconds(name string) (time.Duration, bool) {
	n, err := strconv.ParseInt(c[name], 10, 32)
	return time.Duration(max(n, 0)) * time.Second, err == nil
}

// age is for how long the origin says an answer may be held: s-maxage before
// max-age before Expires.
func (c control) age(h http.Header, now time.Time) (time.Duration, bool) {
	for _, name := range []string{"s-maxage", "max-age"} {
		if n, ok := c.seconds(name); ok {
			return n, true
		}
	}
	if until, err := http.ParseTime(h.Get("Expires")); err == nil {
		return max(until.Sub(now), 0), true
	}
	return 0, h.Get("Expires") != "" // what cannot be read is over
}
