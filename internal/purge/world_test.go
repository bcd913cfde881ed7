package purge

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// lives are how long things may take, in ticks of 15 s. What counts is their
// order: the next pass comes when every render that was under way has ended,
// and every fetch that such a render can have disturbed.
type lives struct {
	deliver int8 // a message that is due is delivered by then
	purge   int8 // from the delivery to the last effect of a purge
}

const (
	tick = 15 * time.Second

	renderLife = 1 // from reading the photo to the last effect of a function
	fetchLife  = 1 // from an edge's request to S3 to its keeping the answer: less than slack
	shortLife  = 4 // s-maxage of the function's own answers
	nextPass   = renderLife + int8(slack/tick)

	enough = 40 // where counting ends
)

// Versions of the photo, in order; 0 is none.
type version = int8

// world is one moment. It is comparable, so two ways to the same moment are
// found to be one.
type world struct {
	photo  version
	master version // what the master in S3 was made of
	kept   version // what the rendition in S3 was made of
	marker bool    // _~stale
	edge   entry

	renders [2]render
	fetches [2]fetch
	queue   [6]queued
	purges  [2]invocation
	refs    string // of invalidations that may be asked for again

	changed int8 // ticks since the last change, where that is asked for
	left    budget
}

// entry is what the edge holds.
type entry struct {
	of   version // 0: nothing
	long bool    // got from S3, for a year; else from the function
	age  int8
}

// render is a function that makes the rendition, or the master.
type render struct {
	step     step
	of       version
	age      int8
	master   bool // that is what it makes
	answered bool // the edge has kept the answer, or never will
}

// before is any order.
func (r render) before(other render) bool {
	return cmp.Or(cmp.Compare(r.step, other.step), cmp.Compare(r.of, other.of), cmp.Compare(r.age, other.age), less(r.master, other.master), less(r.answered, other.answered)) < 0
}

// less orders true before false.
func less(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

type step int8

const (
	idle     step = iota
	gotPhoto      // next: PUT
	hasPut        // next: HEAD
	isStale       // next: the marker
	marked        // next: DELETE
	gone          // ended, or died
)

// fetch is a request of the edge's to S3.
type fetch struct {
	on  bool
	of  version
	age int8
}

// before is any order.
func (f fetch) before(other fetch) bool {
	return f.on && !other.on || f.on == other.on && cmp.Or(cmp.Compare(f.of, other.of), cmp.Compare(f.age, other.age)) < 0
}

// queued is a message.
type queued struct {
	id        int8 // 0: no message
	body      int8 // its number
	due       int8 // in ticks; negative: it has been due for that long
	delivered bool // at least once
	leased    bool // at work now
}

// invocation is the purge function at work on up to two messages, before its
// next call. Its calls so far and what they gave is all that it knows.
type invocation struct {
	messages [2]int8 // ids; 0: none
	again    [2]bool
	gave     string
	age      int8
}

// budget is how often each thing may yet happen.
type budget struct {
	changes, renders, fetches int8
	masters                   int8 // that are made
	answers                   int8 // of renders, that the edge keeps
	deaths, crashes, refusals int8 // of functions that render, of purges, of invalidations
	duplicates, redeliveries  int8 // of events, of messages that were done with
}

func (w *world) message(id int8) *queued {
	return &w.queue[id-1]
}

// send puts a message into the queue.
func (w *world) send(body, due int8) {
	for i := range w.queue {
		if w.queue[i].id == 0 {
			w.queue[i] = queued{id: int8(i + 1), body: body, due: due}
			return
		}
	}
	panic("the model's queue is full")
}

// mayTick tells whether time may pass: what has lived its life has ended.
func (w world) mayTick(l lives) bool {
	for _, f := range w.fetches {
		if f.on && f.age >= fetchLife {
			return false
		}
	}
	for _, q := range w.queue {
		if q.id != 0 && !q.leased && -q.due >= l.deliver {
			return false
		}
	}
	for _, p := range w.purges {
		if p.messages[0] != 0 && p.age >= l.purge {
			return false
		}
	}
	return !w.quiet()
}

// tick lets time pass. A function at its timeout is no more.
func (w *world) tick() {
	w.changed++
	for i := range w.renders {
		if r := &w.renders[i]; r.step != idle {
			if r.age++; r.age > renderLife {
				r.step, r.answered = gone, true
			}
		}
	}
	for i := range w.fetches {
		if w.fetches[i].on {
			w.fetches[i].age++
		}
	}
	for i := range w.queue {
		if q := &w.queue[i]; q.id != 0 && !q.leased {
			q.due--
		}
	}
	for i := range w.purges {
		if w.purges[i].messages[0] != 0 {
			w.purges[i].age++
		}
	}
	if e := &w.edge; e.of != 0 && !e.long {
		if e.age++; e.age > shortLife {
			*e = entry{}
		}
	}
}

// tidy drops what makes no difference any more.
func (w *world) tidy() {
	w.changed = min(w.changed, enough)
	for i, r := range w.renders {
		if r.answered = r.answered || w.left.answers == 0 && r.step != idle; r.answered {
			w.renders[i].answered = true
		}
		if r.step == gone && r.answered {
			w.renders[i] = render{step: gone, answered: true}
		}
	}
	// Which of two is the first makes none either.
	if r := &w.renders; r[1].before(r[0]) {
		r[0], r[1] = r[1], r[0]
	}
	if f := &w.fetches; f[1].before(f[0]) {
		f[0], f[1] = f[1], f[0]
	}
	if w.refs == "" {
		return
	}
	left := "" // those of messages that are still there
	for ref := range strings.FieldsSeq(w.refs) {
		_, id, found := strings.Cut(ref, "-m")
		if !found || slices.ContainsFunc(w.queue[:], func(q queued) bool { return q.id != 0 && strconv.Itoa(int(q.id)) == id }) {
			left += ref + " "
		}
	}
	w.refs = left
}

// quiet tells whether everything that was under way has ended. The edge holds
// nothing then that ends by itself.
func (w world) quiet() bool {
	for _, r := range w.renders {
		if r.step != idle && (r.step != gone || !r.answered) {
			return false
		}
	}
	for _, f := range w.fetches {
		if f.on {
			return false
		}
	}
	for _, q := range w.queue {
		if q.id != 0 {
			return false
		}
	}
	return w.edge.of == 0 || w.edge.long
}

// wrong is what must not be when everything has ended.
func (w world) wrong() string {
	switch {
	case w.kept != 0 && w.kept != w.photo:
		return fmt.Sprintf("S3 keeps a rendition of e%d, the photo is e%d", w.kept, w.photo)
	case w.master != 0 && w.master != w.photo:
		return fmt.Sprintf("S3 keeps a master of e%d, the photo is e%d", w.master, w.photo)
	case w.edge.of != 0 && w.edge.of != w.photo:
		return fmt.Sprintf("the edge holds e%d for a year, the photo is e%d", w.edge.of, w.photo)
	case w.edge.of != 0 && w.kept == 0 && !w.marker:
		return "the edge holds for a year what nothing in S3 tells of: the next change would not reach it"
	}
	return ""
}
