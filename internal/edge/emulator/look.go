package emulator

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// look answers from the cache or from the origins. Those who ask for the same at a
// time are answered by one request ("Simultaneous requests for the same object
// (request collapsing)").
func (e *Emulator) look(v *viewer, a ask) {
	ctx := v.r.Context()
	if a.method != http.MethodGet && a.method != http.MethodHead || !e.d.cached[a.method] {
		got := e.fetch(ctx, a, nil)
		v.who = got.origin
		e.answer(v, e.entryOf("", a, got, e.config.Clock()), "Miss")
		return
	}
	key := e.d.key(a)
	now := e.config.Clock()
	held := e.cache.get(key)
	switch {
	case held != nil && held.freshAt(now):
		v.who = "cache"
		e.answer(v, held, "Hit")
		return
	case held != nil && now.Before(held.at.Add(held.life.fresh+held.life.stale)):
		v.who = "cache"
		e.beside.Go(func() { e.together(context.WithoutCancel(ctx), key, a, held) })
		e.answer(v, held, "Hit")
		return
	}
	got := e.together(context.WithoutCancel(ctx), key, a, held)
	v.who = got.entry.origin
	e.answer(v, got.entry, got.how)
}

// key is what an answer is held under.
func (d *distribution) key(a ask) string {
	parts := []string{a.uri, d.policy.query(a.query)}
	for _, name := range d.policy.headers {
		parts = append(parts, name+": "+strings.Join(a.header[name], ","))
	}
	return strings.Join(parts, "\n")
}

// outcome is what was found, and how: "Miss", "RefreshHit" or "Hit" for what is
// stale.
type outcome struct {
	entry *entry
	how   string
}

func (e *Emulator) together(ctx context.Context, key string, a ask, held *entry) outcome {
	flight := key
	if a.method == http.MethodHead && held == nil {
		flight = "HEAD\n" + key
	}
	got, _, _ := e.flights.Do(flight, func() (any, error) { return e.renew(ctx, key, a, held), nil })
	return got.(outcome)
}

// renew asks the origins. What the edge holds is asked for on condition.
func (e *Emulator) renew(ctx context.Context, key string, a ask, held *entry) outcome {
	var conditions http.Header
	if held != nil {
		a.method = http.MethodGet
		conditions = http.Header{}
		if held.status == http.StatusOK {
			if tag := held.header.Get("Etag"); tag != "" {
				conditions.Set("If-None-Match", tag)
			}
			if modified := held.header.Get("Last-Modified"); modified != "" {
				conditions.Set("If-Modified-Since", modified)
			}
		}
	}
	got := e.fetch(ctx, a, conditions)
	now := e.config.Clock()
	switch {
	case got.status == http.StatusNotModified && held != nil:
		fresh := *held
		fresh.header = held.header.Clone()
		for name, values := range got.header { // RFC 9111, 3.2
			if name != "Content-Length" && name != "Content-Type" {
				fresh.header[name] = values
			}
		}
		fresh.at, fresh.life, fresh.origin = now, e.d.lifetime(fresh.status, fresh.header, now), got.origin
		e.hold(&fresh)
		return outcome{&fresh, "RefreshHit"}
	case held != nil && held.status < 400 && (got.err != nil || got.status >= 500) && now.Before(held.at.Add(held.life.fresh+held.life.onError)):
		return outcome{held, "Hit"}
	}
	made := e.entryOf(key, a, got, now)
	if a.method == http.MethodGet {
		e.hold(made)
	}
	return outcome{made, "Miss"}
}

// entryOf is an origin's answer as it would be held.
func (e *Emulator) entryOf(key string, a ask, got *fetched, now time.Time) *entry {
	made := &entry{key: key, uri: a.uri, status: got.status, header: got.header, body: got.body, length: got.length, origin: got.origin, broken: got.broken, at: now}
	if got.err != nil {
		made.header.Set("Content-Type", "text/plain; charset=utf-8")
		made.body = []byte("The origin " + got.origin + " cannot be asked: " + got.err.Error() + "\n")
		made.length = int64(len(made.body))
	}
	made.life = e.d.lifetime(made.status, made.header, now)
	for tag := range strings.SplitSeq(strings.Join(made.header.Values(e.d.tagHeader), ","), ",") {
		if tag = strings.TrimSpace(tag); tag != "" && e.d.tagHeader != "" {
			made.tags = append(made.tags, tag)
		}
	}
	return made
}

// hold puts an answer into the cache, if it may be.
func (e *Emulator) hold(made *entry) {
	if made.broken || !made.life.keep || made.status == http.StatusPartialContent || made.status == http.StatusNotModified {
		e.cache.remove(made.key)
		return
	}
	e.cache.put(made)
}
