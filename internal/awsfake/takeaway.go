package awsfake

import (
	"slices"
	"strings"
)

// clean deletes what an update has left behind. What cannot be deleted stays, and the
// stack is done all the same.
func (r *run) clean(status, reason string) {
	c, s := r.c, r.s
	left := false
	for _, old := range r.cleanup {
		policy := old.policy
		if s.resources[old.id] != nil && status == "UPDATE_COMPLETE" {
			policy = old.replaced
		}
		if policy == "Retain" && !r.onCreate || policy == "RetainExceptOnCreate" && status == "UPDATE_COMPLETE" {
			s.todo = append(s.todo, func() { c.tell(s, old, "DELETE_SKIPPED", "") })
			continue
		}
		s.todo = append(s.todo, func() { c.tell(s, old, "DELETE_IN_PROGRESS", "") }, func() {
			if why := c.removed(s, old); why != "" {
				left = true
				c.tell(s, old, "DELETE_FAILED", why)
				return
			}
			c.tell(s, old, "DELETE_COMPLETE", "")
		})
	}
	s.todo = append(s.todo, func() {
		if !left {
			reason = ""
		}
		c.set(s, status, reason)
	})
}

func (c *Cloud) removed(s *stack, r *resource) string {
	if reason, ok := c.failing[r.id]; ok {
		delete(c.failing, r.id)
		return reason
	}
	if remove := kinds[r.kind].remove; remove != nil && r.physical != "" {
		return remove(c, s, r)
	}
	return ""
}

// takeAway deletes all resources of a stack but those to be kept, the last made first. What
// a resource that cannot be deleted needs stays, too.
func (c *Cloud) takeAway(s *stack, done, failed string, keep func(*resource) bool) {
	there := map[string]bool{}
	for _, id := range s.order {
		if s.existing(id) != nil {
			there[id] = true
		}
	}
	stays := map[string]bool{} // is needed by what failed
	var left []string
	for _, id := range slices.Backward(s.order) {
		r := s.existing(id)
		if r == nil {
			continue
		}
		stay := func() bool {
			if stays[id] {
				for _, need := range s.template.needs(id, there) {
					stays[need] = true
				}
			}
			return stays[id]
		}
		if keep(r) {
			s.todo = append(s.todo, func() { c.tell(s, r, "DELETE_SKIPPED", "") })
			continue
		}
		s.todo = append(s.todo, func() {
			if !stay() {
				c.tell(s, r, "DELETE_IN_PROGRESS", "")
			}
		}, func() {
			if stays[id] {
				return
			}
			if why := c.removed(s, r); why != "" {
				stays[id] = true
				stay()
				left = append(left, id)
				c.tell(s, r, "DELETE_FAILED", why)
				return
			}
			c.tell(s, r, "DELETE_COMPLETE", "")
		})
	}
	s.todo = append(s.todo, func() {
		if len(left) > 0 {
			c.set(s, failed, "The following resource(s) failed to delete: ["+strings.Join(left, ", ")+"]. ")
			return
		}
		s.outputs = nil
		if done == "DELETE_COMPLETE" {
			s.deleted = c.now()
			s.changeSets, s.executed = nil, nil
		}
		c.set(s, done, "")
	})
}
