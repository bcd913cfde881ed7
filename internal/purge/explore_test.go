package purge

import (
	"fmt"
	"strings"
)

// model explores every order of everything from some moments on.
type model struct {
	rules  modelRules
	lives  lives
	prompt bool // how long an edge is wrong is asked for
	single bool // one purge at a time, not two
	calls  map[callKey]call
	bodies []string // of messages

	numbers map[world]int32 // of the moments that were reached
	worlds  []world         // by number
	from    []int32         // the moment before; itself for the first ones
	fault   string          // what must not be
	at      int32

	wrongest   int8 // ticks after a change in which an edge still had what was before
	wrongestAt int32
}

func newModel(rules modelRules, lives lives) *model {
	return &model{rules: rules, lives: lives, calls: map[callKey]call{}, numbers: map[world]int32{}}
}

// most is how many moments one exploration may have; a second has some 150,000.
const most = 800_000

// explore goes on until there is nothing new, or a fault. The error is that there
// is no end to it.
func (m *model) explore(starts []world) error {
	for _, w := range starts {
		m.reach(w, -1)
	}
	for at := int32(0); int(at) < len(m.worlds) && m.fault == ""; at++ {
		if len(m.worlds) > most {
			return fmt.Errorf("no end after %d moments: the scenario allows too much, or something goes on for ever", most)
		}
		w := m.worlds[at]
		m.expand(w, func(change func(*world), format string, args ...any) {
			next := w
			change(&next)
			next.tidy()
			m.reach(next, at)
		})
		if m.fault == "" && w.quiet() {
			m.fault = w.wrong()
		}
		m.at = at
	}
	return nil
}

func (m *model) reach(w world, from int32) {
	if !m.prompt {
		w.changed = 0
	}
	if _, known := m.numbers[w]; known {
		return
	}
	n := int32(len(m.worlds))
	m.numbers[w] = n
	m.worlds = append(m.worlds, w)
	m.from = append(m.from, from)
	if w.edge.of != 0 && w.edge.of != w.photo && w.changed > m.wrongest {
		m.wrongest, m.wrongestAt = w.changed, n
	}
}

// story tells how a moment came about.
func (m *model) story(n int32) string {
	var way []int32
	for ; n >= 0; n = m.from[n] {
		way = append(way, n)
	}
	w := m.worlds[way[len(way)-1]]
	var b strings.Builder
	fmt.Fprintf(&b, "  at first the photo is e%d, S3 has e%d and the master of e%d, the edge e%d\n", w.photo, w.kept, w.master, w.edge.of)
	for i := len(way) - 2; i >= 0; i-- {
		from, to := m.worlds[way[i+1]], m.worlds[way[i]]
		told := false
		m.expand(from, func(change func(*world), format string, args ...any) {
			next := from
			change(&next)
			next.tidy()
			if !m.prompt {
				next.changed = 0
			}
			if next == to && !told {
				told = true
				fmt.Fprintf(&b, "  "+format+"\n", args...)
			}
		})
	}
	return b.String()
}

// goTo takes a change that may happen next, and what it is, for Sprintf.
type goTo func(change func(w *world), format string, args ...any)

// expand gives everything that may happen next.
func (m *model) expand(w world, to goTo) {
	m.photoChanges(w, to)
	m.rendersGoOn(w, to)
	m.edgeFetches(w, to)
	m.messagesCome(w, to)
	m.purgesGoOn(w, to)
	if w.mayTick(m.lives) {
		to((*world).tick, "a tick")
	}
}

// photoChanges: it is replaced by what was never there before, or removed.
func (m *model) photoChanges(w world, to goTo) {
	if w.left.changes == 0 {
		return
	}
	change := func(v version) func(*world) {
		return func(w *world) {
			w.left.changes--
			w.photo = v
			w.changed = 0
			w.send(m.body(eventBody(v)), 0)
		}
	}
	newest := w.left.newest()
	to(change(newest), "the photo is replaced by e%d", newest)
	if w.photo != 0 {
		to(change(0), "the photo is removed")
	}
}

// newest is the version that the next change gives.
func (b budget) newest() version { return 5 - b.changes }

// rendersGoOn: one starts, takes its next step, answers or dies.
func (m *model) rendersGoOn(w world, to goTo) {
	started, making := false, false
	for i, r := range w.renders {
		set := func(s step) func(*world) { return func(w *world) { w.renders[i].step = s } }
		if r.step == idle {
			if w.left.renders > 0 && w.photo != 0 && !started {
				started = true
				to(func(w *world) {
					w.left.renders--
					w.renders[i] = render{step: gotPhoto, of: w.photo}
				}, "render %d reads e%d", i, w.photo)
				if m.rules.trusts && w.master != 0 {
					to(func(w *world) {
						w.left.renders--
						w.renders[i] = render{step: gotPhoto, of: w.master}
					}, "render %d reads the master of e%d", i, w.master)
				}
			}
			if w.left.masters > 0 && w.photo != 0 && !making {
				making = true
				to(func(w *world) {
					w.left.masters--
					w.renders[i] = render{step: gotPhoto, of: w.photo, master: true, answered: true}
				}, "a master is made, %d, which reads e%d", i, w.photo)
			}
			continue
		}
		if !r.answered && w.left.answers > 0 {
			to(func(w *world) {
				w.left.answers--
				w.edge = entry{of: r.of, long: m.rules.longAnswers}
				w.renders[i].answered = true
			}, "the edge keeps the answer of render %d, e%d", i, r.of)
		}
		switch r.step {
		case gotPhoto:
			to(func(w *world) {
				w.renders[i].step = hasPut
				if place := w.placeOf(r); *place == 0 || m.rules.overwrite { // else it is refused, which is no error
					*place = r.of
				}
			}, "render %d puts e%d", i, r.of)
		case hasPut:
			if w.photo == r.of || m.rules.noCheck {
				to(set(gone), "render %d finds the photo unchanged", i)
			} else {
				to(set(isStale), "render %d finds the photo changed", i)
			}
		case isStale:
			to(func(w *world) {
				w.renders[i].step = marked
				w.marker = w.marker || !m.rules.noMarker
			}, "render %d leaves a marker", i)
		case marked:
			to(func(w *world) {
				w.renders[i].step = gone
				*w.placeOf(r) = 0
			}, "render %d deletes", i)
		}
		if r.step != gone && w.left.deaths > 0 {
			to(func(w *world) {
				w.left.deaths--
				w.renders[i].step = gone
			}, "render %d dies", i)
		}
	}
}

// placeOf is where a render puts what it makes.
func (w *world) placeOf(r render) *version {
	if r.master {
		return &w.master
	}
	return &w.kept
}

// edgeFetches: the edge asks S3, and keeps what it got some time later.
func (m *model) edgeFetches(w world, to goTo) {
	started := false
	for i, f := range w.fetches {
		switch {
		case f.on:
			to(func(w *world) {
				w.edge = entry{of: f.of, long: true}
				w.fetches[i] = fetch{}
			}, "the edge keeps e%d from S3", f.of)
		case w.left.fetches > 0 && w.kept != 0 && !started:
			started = true
			to(func(w *world) {
				w.left.fetches--
				w.fetches[i] = fetch{on: true, of: w.kept}
			}, "the edge gets e%d from S3", w.kept)
		}
	}
}

// messagesCome: one is delivered, or two in a batch; an event is published twice.
func (m *model) messagesCome(w world, to goTo) {
	free := -1
	for i, p := range w.purges {
		if p.messages[0] == 0 && (i == 0 || !m.single) {
			free = i
			break
		}
	}
	deliver := func(ids [2]int8) func(*world) {
		return func(w *world) {
			p := invocation{messages: ids}
			for n, id := range ids {
				if id == 0 {
					continue
				}
				q := w.message(id)
				p.again[n] = q.delivered
				q.leased, q.delivered = true, true
			}
			w.purges[free] = p
		}
	}
	for i, q := range w.queue {
		if q.id == 0 || q.leased || q.due > 0 {
			continue
		}
		if w.left.duplicates > 0 && m.passOf(q.body) == 1 {
			to(func(w *world) {
				w.left.duplicates--
				w.send(q.body, 0)
			}, "message %d is published again", q.id)
		}
		if free < 0 {
			continue
		}
		to(deliver([2]int8{q.id}), "message %d is delivered", q.id)
		for _, other := range w.queue[i+1:] {
			if other.id != 0 && !other.leased && other.due <= 0 {
				to(deliver([2]int8{q.id, other.id}), "messages %d and %d are delivered", q.id, other.id)
			}
		}
	}
}

// purgesGoOn: one makes its next call, ends, or crashes.
func (m *model) purgesGoOn(w world, to goTo) {
	for i, p := range w.purges {
		if p.messages[0] == 0 && (i == 0 || !m.single) {
			continue
		}
		end := func(deleted bool) func(*world) {
			return func(w *world) {
				for _, id := range p.messages {
					if id == 0 {
						continue
					}
					if q := w.message(id); deleted {
						*q = queued{}
					} else {
						q.leased, q.due = false, 0
					}
				}
				w.purges[i] = invocation{}
			}
		}
		c := m.nextCall(&w, p)
		switch {
		case c.problem != "":
			m.fault = c.problem
		case c.name != "":
			to(func(w *world) { w.purges[i].gave += string(m.answer(w, c)) }, "the purge of %d: %s %s", p.messages, c.name, c.arg)
			if c.name == "invalidate" && w.left.refusals > 0 {
				to(func(w *world) {
					w.left.refusals--
					w.purges[i].gave += "-"
				}, "the purge of %d: its invalidation is refused", p.messages)
			}
		case c.failed:
			to(end(false), "the purge of %d fails", p.messages)
			continue
		default:
			to(end(true), "the purge of %d ends", p.messages)
			if w.left.redeliveries > 0 {
				to(func(w *world) {
					w.left.redeliveries--
					end(false)(w)
				}, "the purge of %d ends, its message comes again all the same", p.messages)
			}
		}
		if w.left.crashes > 0 {
			to(func(w *world) {
				w.left.crashes--
				end(false)(w)
			}, "the purge of %d crashes", p.messages)
		}
	}
}
