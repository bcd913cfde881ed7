package purge

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"photofit"
	"photofit/internal/store"
)

// The model of all that a change of a photo can meet, in small: one photo, its
// master and one rendition of it, one edge, and a clock. A render from the master
// is one from the photo, as it is used only if it is of the photo as it is then. The purge
// function is the real one. It is stopped before each of its calls to the
// outside, so that anything can happen in between, and every order of
// everything is tried (explore_test.go).

// rules are how the parts behave; those that are not the zero value are
// mistakes that the model must find.
type modelRules struct {
	overwrite    bool // PUT replaces what is there
	noMarker     bool // a rendition is withdrawn without leaving a marker
	passes       int  // how many passes there are; 0: as many as it takes
	forgetful    bool // that a message comes again is not known
	sameRef      bool // a reference is the photo's and the pass's, not the message's
	longAnswers  bool // the function's answers are kept as long as those of S3
	noCheck      bool // no HEAD after the PUT
	keepsAll     bool // the second pass forgets nothing
	noInvalidate bool // by the second pass, if the first has done it
	trusts       bool // a render takes the master without a look at the photo
}

const modelPhoto = "trip/b.jpg"

// etag is a version as the photo's ETag.
func etag(v version) string { return fmt.Sprintf(`"e%d"`, v) }

func eventBody(v version) string {
	kind := created
	if v == 0 {
		kind = deleted
	}
	return fmt.Sprintf(`{"source":"aws.s3","detail-type":%q,"detail":{"bucket":{"name":"photos"},"object":{"key":%q}}}`, kind, modelPhoto)
}

// call is what the purge function wants next; its name is "" when it has ended.
type call struct {
	name    string // stat, forget, stale, invalidate, send
	arg     string
	failed  bool // it has ended, and reports the messages as failed
	problem string
}

var errPaused = errors.New("paused")

// paused is all that the purge function talks to. It gives what was given
// before, and stops where something new is asked.
type paused struct {
	gave string
	next call
}

func (p *paused) take(name, arg string) (byte, error) {
	if p.next.name != "" {
		return 0, errPaused
	}
	if p.gave == "" {
		p.next = call{name: name, arg: arg}
		return 0, errPaused
	}
	got := p.gave[0]
	p.gave = p.gave[1:]
	return got, nil
}

func (p *paused) Stat(ctx context.Context, photo string) (store.Photo, error) {
	got, err := p.take("stat", photo)
	if err == nil && got == '0' {
		err = fs.ErrNotExist
	}
	return store.Photo{Version: etag(version(got - '0'))}, err
}

func (p *paused) Shelves(context.Context) ([]string, error) { return []string{"r1"}, nil }

func (p *paused) Forget(ctx context.Context, prefix string) (int, error) {
	got, err := p.take("forget", prefix)
	return int(got - '0'), err
}

func (p *paused) ForgetStale(ctx context.Context, prefix, v string) (int, error) {
	got, err := p.take("stale", prefix+" "+v)
	return int(got - '0'), err
}

func (p *paused) Invalidate(ctx context.Context, tag, reference string) error {
	got, err := p.take("invalidate", tag+" "+reference)
	if err == nil && got == '-' {
		err = errors.New("too many invalidations in progress")
	}
	return err
}

func (p *paused) SendLater(ctx context.Context, body []byte, delay time.Duration) error {
	if delay != renderLife*tick+slack {
		panic(fmt.Sprintf("the next pass comes after %s", delay))
	}
	_, err := p.take("send", string(body))
	return err
}

// callKey is all that the next call depends on.
type callKey struct {
	messages [2]int8
	bodies   [2]int8
	again    [2]bool
	gave     string
}

// nextCall runs the purge function up to its next call.
func (m *model) nextCall(w *world, i invocation) call {
	key := callKey{messages: i.messages, again: i.again, gave: i.gave}
	for n, id := range i.messages {
		if id != 0 {
			key.bodies[n] = w.message(id).body
		}
	}
	if known, ok := m.calls[key]; ok {
		return known
	}
	batch := Batch{}
	for n, id := range i.messages {
		if id == 0 {
			continue
		}
		r := Record{MessageID: fmt.Sprintf("m%d", id), Body: m.bodies[w.message(id).body], Attributes: map[string]string{"ApproximateReceiveCount": "1"}}
		if i.again[n] && !m.rules.forgetful {
			r.Attributes["ApproximateReceiveCount"] = "2"
		}
		batch.Records = append(batch.Records, r)
	}
	p := &paused{gave: i.gave}
	h, err := New(Config{Photos: p, Renditions: p, Invalidator: p, Queue: p, Bucket: "photos", FunctionTimeout: renderLife * tick})
	if err != nil {
		panic(err)
	}
	report, err := h.Handle(context.Background(), batch)
	next := p.next
	if next.name == "" {
		next.failed = len(report.Failures) > 0
		switch {
		case err != nil:
			next.problem = err.Error()
		case p.gave != "":
			next.problem = "the function is not deterministic"
		case len(report.Failures) != 0 && len(report.Failures) != len(batch.Records):
			next.problem = "messages of one photo are reported apart"
		}
	}
	m.calls[key] = next
	return next
}

// body gives the number of a message's body.
func (m *model) body(text string) int8 {
	n := slices.Index(m.bodies, text)
	if n < 0 {
		n = len(m.bodies)
		m.bodies = append(m.bodies, text)
	}
	return int8(n)
}

// passOf is which pass a message is for: 1 for an event.
func (m *model) passOf(body int8) int {
	_, number, found := strings.Cut(m.bodies[body], `"pass":`)
	if !found {
		return 1
	}
	return int(number[0] - '0')
}

// answer carries out a call of the purge function, and gives what it gives.
func (m *model) answer(w *world, c call) (gave byte) {
	switch c.name {
	case "stat":
		return '0' + byte(w.photo)
	case "forget", "stale":
		want := version(0)
		prefix, v, _ := strings.Cut(c.arg, " ")
		if prefix != photofit.KeyPrefix(modelPhoto) {
			panic("forgets " + prefix)
		}
		if c.name == "stale" {
			want = version(v[2] - '0')
			if m.rules.keepsAll {
				return '0'
			}
		}
		n := byte(0)
		if w.kept != 0 && w.kept != want {
			w.kept = 0
			n++
		}
		if w.master != want {
			w.master = 0 // which does not count
		}
		if w.marker {
			w.marker = false
			n++
		}
		return '0' + n
	case "invalidate":
		tag, ref, _ := strings.Cut(c.arg, " ")
		if tag != photofit.CacheTag(modelPhoto) {
			panic("invalidates " + tag)
		}
		ref = strings.TrimPrefix(ref, tag+"-")
		if m.rules.sameRef {
			ref, _, _ = strings.Cut(ref, "-")
		}
		if m.rules.noInvalidate && ref[0] != '1' {
			return 'k'
		}
		if !strings.Contains(w.refs, ref+" ") {
			w.edge = entry{}
			w.refs += ref + " "
		}
		return 'k'
	case "send":
		if body := m.body(c.arg); m.rules.passes == 0 || m.passOf(body) <= m.rules.passes {
			w.send(body, nextPass)
		}
		return 'k'
	}
	panic(c.name)
}
