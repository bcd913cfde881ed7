package purge

import (
	"errors"
	"fmt"
	"slices"

	"photofit"
)

// job is all that a batch asks for one photo. One pass does for all: a first
// pass forgets more than any other, and the earliest is followed longest.
type job struct {
	photo    string
	pass     int
	held     bool     // an earlier pass has forgotten something
	again    bool     // so may this one have: a message was delivered before
	etags    []string // of what was created
	messages []string // their ids
	err      error
}

// fold makes jobs of messages, in the order of their first messages. What is
// malformed or none of our business asks for nothing, and is done with.
func (h *Handler) fold(records []Record) []*job {
	byPhoto := map[string]*job{}
	var jobs []*job
	for _, r := range records {
		c, err := h.read(r.Body)
		if errors.Is(err, errIgnored) {
			h.Log.Debug("ignored", "message", r.MessageID)
			continue
		}
		if err != nil {
			h.Log.Error("a message is dropped, it is malformed", "message", r.MessageID, "err", err, "body", shorten(r.Body))
			continue
		}
		j := byPhoto[c.photo]
		if j == nil {
			j = &job{photo: c.photo, pass: c.pass}
			byPhoto[c.photo] = j
			jobs = append(jobs, j)
		}
		j.pass = min(j.pass, c.pass)
		j.held = j.held || c.held
		j.again = j.again || r.again()
		if c.created && !r.again() {
			j.etags = append(j.etags, c.etag)
		}
		j.messages = append(j.messages, r.MessageID)
	}
	return jobs
}

// reference names the invalidation of this pass. It is the same when the same
// message is delivered again, and another for any other message: an event that
// comes twice may forget something both times.
func (j *job) reference() string {
	return fmt.Sprintf("%s-%d-%s", photofit.CacheTag(j.photo), j.pass, slices.Min(j.messages))
}

// report lists the messages of jobs.
func report(failed []*job) Report {
	r := Report{Failures: []Failure{}}
	for _, j := range failed {
		for _, id := range j.messages {
			r.Failures = append(r.Failures, Failure{id})
		}
	}
	return r
}

// shorten keeps a log line readable.
func shorten(s string) string {
	const most = 300
	if len(s) > most {
		return s[:most] + "…"
	}
	return s
}
