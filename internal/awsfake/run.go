package awsfake

import (
	"maps"
	"slices"
	"strings"
)

// run is an operation that makes or changes a stack.
type run struct {
	c        *Cloud
	s        *stack
	verb     string // CREATE or UPDATE
	e        *evaluation
	before   state
	done     []*task     // the oldest first
	cleanup  []*resource // what goes at the end
	failed   []*task
	onCreate bool // Retain counts as RetainExceptOnCreate
	delete   bool // instead of a rollback
}

// task is what is done for one resource.
type task struct {
	verb      string    // CREATE or UPDATE
	now, then *resource // then is nil if there was none
	replaces  bool
	wrong     string // why its properties cannot be
	started   bool
	ended     bool
}

// execute begins to make a stack what a change set says.
func (c *Cloud) execute(s *stack, set *changeSet) error {
	r := &run{c: c, s: s, verb: "UPDATE", before: s.clone(), onCreate: set.retainExceptOnCreate, delete: set.onFailure == "DELETE"}
	if s.status == "REVIEW_IN_PROGRESS" {
		r.verb = "CREATE"
	}
	s.run, s.token, s.noRollback = r, set.token, set.onFailure == "DO_NOTHING"
	s.template, s.parameters, s.tags, s.capabilities, s.role = set.template, set.values, set.tags, set.capabilities, set.role
	if s.resources == nil {
		s.resources = map[string]*resource{}
	}
	e, err := newEvaluation(s.template, c.pseudo(s), s.parameters, s.existing)
	if err != nil {
		return err
	}
	r.e = e
	there := e.there()
	levels, err := s.template.levels(there)
	if err != nil {
		return err
	}
	s.updated = c.now()
	c.set(s, r.verb+"_IN_PROGRESS", "User Initiated")
	for _, level := range levels {
		s.todo = append(s.todo, func() { r.level(level) })
	}
	s.todo = append(s.todo, func() {
		for _, id := range slices.Backward(s.order) {
			if !there[id] && s.existing(id) != nil {
				r.cleanup = append(r.cleanup, s.resources[id])
				delete(s.resources, id)
			}
		}
		s.order = slices.DeleteFunc(s.order, func(id string) bool { return !there[id] })
		s.outputs, err = outputsOf(e)
		if r.verb == "CREATE" {
			c.set(s, "CREATE_COMPLETE", "")
			return
		}
		c.set(s, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "")
		r.clean("UPDATE_COMPLETE", "Update successful. One or more resources could not be deleted.")
	})
	return nil
}

// level does one level of the template's resources.
func (r *run) level(ids []string) {
	var tasks []*task
	for _, id := range ids {
		if t := r.task(id); t != nil {
			tasks = append(tasks, t)
		}
	}
	var steps []func()
	for _, do := range []func(*task, []*task){r.start, r.act, r.end} {
		for _, t := range tasks {
			steps = append(steps, func() { do(t, tasks) })
		}
	}
	r.s.todo = append(steps, r.s.todo...)
}

// task is what is to be done for a resource; nil if that is nothing.
func (r *run) task(id string) *task {
	s, raw := r.s, r.e.template.resources[id]
	now := &resource{id: id, kind: text(raw["Type"]), stackName: s.name, attributes: map[string]string{}, policy: text(raw["DeletionPolicy"]), replaced: text(raw["UpdateReplacePolicy"])}
	now.salt = s.id + text(r.c.number())
	then := s.existing(id)
	properties, err := r.e.value(raw["Properties"])
	if made, ok := properties.(map[string]any); ok {
		now.properties = made
	}
	t := &task{verb: "UPDATE", now: now, then: then}
	switch {
	case then == nil:
		t.verb = "CREATE"
		s.order = append(slices.DeleteFunc(s.order, func(o string) bool { return o == id }), id)
	case then.kind != now.kind:
		t.replaces = true
	default:
		changed := false
		if _, tagged := kinds[now.kind].property("Tags"); tagged {
			changed = !slices.Equal(s.tags, r.before.tags)
		}
		for name := range union(then.properties, now.properties) {
			if !same(then.properties[name], now.properties[name]) {
				changed = true
				t.replaces = t.replaces || kinds[now.kind].replaces(name)
			}
		}
		if !changed && err == nil {
			then.policy, then.replaced = now.policy, now.replaced
			return nil
		}
	}
	if then != nil && !t.replaces {
		now.physical, now.attributes, now.key, now.salt = then.physical, maps.Clone(then.attributes), then.key, then.salt
	}
	if err != nil {
		t.wrong = err.Error()
	}
	return t
}

func union(a, b map[string]any) map[string]bool {
	names := map[string]bool{}
	for name := range a {
		names[name] = true
	}
	for name := range b {
		names[name] = true
	}
	return names
}

func (r *run) start(t *task, _ []*task) {
	t.started = true
	r.s.resources[t.now.id] = t.now
	reason := ""
	if t.replaces {
		reason = "Requested update requires the creation of a new physical resource; hence creating one."
	}
	r.c.tell(r.s, t.now, t.verb+"_IN_PROGRESS", reason)
}

func (r *run) act(t *task, level []*task) {
	reason := t.wrong
	k := kinds[t.now.kind]
	if reason == "" {
		reason = k.valid(t.now.id, t.now.properties)
	}
	if planted, ok := r.c.failing[t.now.id]; ok && reason == "" {
		delete(r.c.failing, t.now.id)
		reason = planted
	}
	if reason == "" {
		reason = k.put(r.c, r.s, t.now)
	}
	if reason != "" {
		r.fail(t, level, reason)
		return
	}
	r.done = append(r.done, t)
	if t.replaces {
		r.cleanup = append(r.cleanup, t.then)
	}
	if t.verb == "CREATE" || t.replaces {
		r.c.tell(r.s, t.now, t.verb+"_IN_PROGRESS", "Resource creation Initiated")
	}
}

func (r *run) end(t *task, _ []*task) {
	t.ended = true
	r.c.tell(r.s, t.now, t.verb+"_COMPLETE", "")
}

// fail ends what is under way, and goes back.
func (r *run) fail(t *task, level []*task, reason string) {
	c, s := r.c, r.s
	s.todo = nil
	r.failed = append(r.failed, t)
	c.tell(s, t.now, t.verb+"_FAILED", reason)
	for _, other := range level {
		if other != t && other.started && !other.ended {
			words := "Resource creation cancelled"
			if other.verb == "UPDATE" {
				words = "Resource update cancelled"
			}
			s.todo = append(s.todo, func() {
				r.failed = append(r.failed, other)
				c.tell(s, other.now, other.verb+"_FAILED", words)
			})
		}
	}
	s.todo = append(s.todo, func() {
		if s.noRollback {
			c.set(s, r.verb+"_FAILED", r.words())
			return
		}
		r.back("")
	})
}

// words name the resources that failed.
func (r *run) words() string {
	b := ""
	for _, verb := range []string{"CREATE", "UPDATE"} {
		var ids []string
		for _, t := range r.failed {
			if t.verb == verb {
				ids = append(ids, t.now.id)
			}
		}
		if len(ids) > 0 {
			b += "The following resource(s) failed to " + strings.ToLower(verb) + ": [" + strings.Join(ids, ", ") + "]. "
		}
	}
	return b
}

// back goes back to before.
func (r *run) back(reason string) {
	c, s := r.c, r.s
	if reason == "" {
		reason = r.words()
	}
	if r.verb == "CREATE" {
		progress, done, failed, ask := "ROLLBACK_IN_PROGRESS", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "Rollback requested by user."
		if r.delete {
			progress, done, failed, ask = "DELETE_IN_PROGRESS", "DELETE_COMPLETE", "DELETE_FAILED", "Delete requested by user."
		}
		c.set(s, progress, reason+ask)
		c.takeAway(s, done, failed, func(res *resource) bool { return res.policy == "Retain" && !r.onCreate })
		return
	}
	c.set(s, "UPDATE_ROLLBACK_IN_PROGRESS", reason)
	r.cleanup = nil
	for _, t := range slices.Backward(r.failed) {
		if !slices.Contains(r.done, t) {
			r.done = append(r.done, t)
		}
	}
	r.undo(nil)
}

// undo takes back what was done, the newest first; what is in skip is left as it is.
func (r *run) undo(skip []string) {
	c, s := r.c, r.s
	for _, t := range slices.Backward(r.done) {
		switch {
		case t.then == nil:
			s.todo = append(s.todo, func() {
				if t.now.physical != "" {
					r.cleanup = append(r.cleanup, t.now)
				}
				delete(s.resources, t.now.id)
				r.undone(t)
			})
			continue
		case slices.Contains(skip, t.now.id):
			s.todo = append(s.todo, func() {
				c.tell(s, t.now, "UPDATE_COMPLETE", "")
				r.undone(t)
			})
			continue
		}
		old := t.then
		s.todo = append(s.todo, func() {
			if t.replaces && t.now.physical != "" {
				r.cleanup = append(r.cleanup, t.now)
			}
			s.resources[old.id] = old
			c.tell(s, old, "UPDATE_IN_PROGRESS", "")
		}, func() {
			reason, planted := c.failingBack[old.id]
			delete(c.failingBack, old.id)
			if !planted && !t.replaces {
				tags := s.tags
				s.tags = r.before.tags
				reason = kinds[old.kind].put(c, s, old)
				s.tags = tags
			}
			if reason != "" {
				s.todo = nil
				c.tell(s, old, "UPDATE_FAILED", reason)
				s.todo = append(s.todo, func() {
					c.set(s, "UPDATE_ROLLBACK_FAILED", "The following resource(s) failed to update: ["+old.id+"]. ")
				})
				return
			}
			c.tell(s, old, "UPDATE_COMPLETE", "")
			r.undone(t)
		})
	}
	s.todo = append(s.todo, func() {
		resources := s.resources
		s.state = r.before
		s.resources = resources
		c.set(s, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", "")
		r.clean("UPDATE_ROLLBACK_COMPLETE", "")
	})
}

func (r *run) undone(t *task) {
	r.done = slices.DeleteFunc(r.done, func(d *task) bool { return d == t })
}
