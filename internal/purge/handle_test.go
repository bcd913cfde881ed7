package purge_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"photofit"
	"photofit/internal/purge"
	"photofit/internal/store"
)

// scripted is all that a handler talks to, each part failing where it is told to.
type scripted struct {
	stat, list, forget, invalidate, send error

	forgets bool // tells of one rendition each time
	did     []string
}

// Stat is purge.Photos.Stat.
func (s *scripted) Stat(_ context.Context, photo string) (store.Photo, error) {
	s.did = append(s.did, "stat "+photo)
	return store.Photo{Version: `"now"`}, s.stat
}

// Shelves is purge.Renditions.Shelves.
func (s *scripted) Shelves(context.Context) ([]string, error) { return []string{"r1", "r2"}, s.list }

func (s *scripted) removed() int {
	if s.forgets {
		return 1
	}
	return 0
}

// Forget is purge.Renditions.Forget.
func (s *scripted) Forget(ctx context.Context, prefix string) (int, error) {
	s.did = append(s.did, "forget "+prefix)
	return s.removed(), errors.Join(s.forget, ctx.Err())
}

// ForgetStale is purge.Renditions.ForgetStale.
func (s *scripted) ForgetStale(_ context.Context, prefix, version string) (int, error) {
	s.did = append(s.did, "stale "+prefix+" "+version)
	return s.removed(), s.forget
}

// Invalidate is purge.Invalidator.Invalidate.
func (s *scripted) Invalidate(context.Context, string, string) error {
	s.did = append(s.did, "invalidate")
	return s.invalidate
}

// SendLater is purge.Queue.SendLater.
func (s *scripted) SendLater(_ context.Context, body []byte, _ time.Duration) error {
	s.did = append(s.did, "send "+string(body))
	return s.send
}

func (s *scripted) handler(t *testing.T) *purge.Handler {
	t.Helper()
	h, err := purge.New(purge.Config{Photos: s, Renditions: s, Invalidator: s, Queue: s, Bucket: photosBucket, Prefix: photosPrefix})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// passOf is the message for a pass over the photo trip.
func passOf(number int) string {
	return fmt.Sprintf(`{"photofit-pass":{"photo":"trip/b.jpg","pass":%d,"held":true}}`, number)
}

// TestWhatFailsComesAgain has each call fail: the message comes again, and nothing
// that follows the call was done.
func TestWhatFailsComesAgain(t *testing.T) {
	down := store.ErrUnavailable
	for name, c := range map[string]struct {
		s    scripted
		body string
		want string // what was done last; "": nothing
	}{
		"list":       {scripted{list: down}, eventOf("Object Deleted", trip, ""), ""},
		"forget":     {scripted{forget: down, forgets: true}, eventOf("Object Deleted", trip, ""), "forget r1/trip/b.jpg/_"},
		"stat":       {scripted{stat: fs.ErrPermission}, passOf(2), "stat trip/b.jpg"},
		"stale":      {scripted{forget: down}, passOf(2), `stale r1/trip/b.jpg/_ "now"`},
		"invalidate": {scripted{invalidate: down, forgets: true}, passOf(2), "invalidate"},
		"send":       {scripted{send: down, forgets: true}, passOf(2), `send {"photofit-pass":{"photo":"trip/b.jpg","pass":3,"held":true}}`},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := c.s.handler(t).Handle(t.Context(), purge.Batch{Records: []purge.Record{{MessageID: "m", Body: c.body}}})
			if err != nil || len(report.Failures) != 1 || report.Failures[0].MessageID != "m" {
				t.Errorf("%+v, %v", report, err)
			}
			last := ""
			if n := len(c.s.did); n > 0 {
				last = c.s.did[n-1]
			}
			if last != c.want {
				t.Errorf("it did %q, want %q at last", c.s.did, c.want)
			}
		})
	}
}

// TestPassesEnd has a store in which something stale is found for ever.
func TestPassesEnd(t *testing.T) {
	s := scripted{forgets: true}
	report, err := s.handler(t).Handle(t.Context(), purge.Batch{Records: []purge.Record{{MessageID: "m", Body: passOf(10)}}})
	if err != nil || len(report.Failures) != 0 || s.did[len(s.did)-1] != "invalidate" {
		t.Errorf("%+v, %v after %q", report, err, s.did)
	}
}

// TestOutOfTime has what was not begun in time come again.
func TestOutOfTime(t *testing.T) {
	s := scripted{}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second) // less than is left for the report
	defer cancel()
	report, err := s.handler(t).Handle(ctx, purge.Batch{Records: []purge.Record{{MessageID: "m", Body: passOf(2)}, {MessageID: "n", Body: "{"}}})
	if err != nil || len(report.Failures) != 1 || report.Failures[0].MessageID != "m" || len(s.did) != 0 {
		t.Errorf("%+v, %v after %q", report, err, s.did)
	}
}

// TestNoBatch has what is no batch of SQS be an error, not a success.
func TestNoBatch(t *testing.T) {
	s := scripted{}
	if _, err := s.handler(t).Handle(t.Context(), purge.Batch{Records: []purge.Record{{Body: passOf(2)}}}); err == nil {
		t.Error("a message without an id is taken")
	}
}

// TestConfig has what is missing, or cannot be, refused.
func TestConfig(t *testing.T) {
	s := &scripted{}
	good := purge.Config{Photos: s, Renditions: s, Invalidator: s, Queue: s, Bucket: photosBucket}
	for name, change := range map[string]func(*purge.Config){
		"photos":  func(c *purge.Config) { c.Photos = nil },
		"bucket":  func(c *purge.Config) { c.Bucket = "" },
		"timeout": func(c *purge.Config) { c.FunctionTimeout = 871 * time.Second },
	} {
		c := good
		change(&c)
		if _, err := purge.New(c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	good.FunctionTimeout = 870 * time.Second
	if _, err := purge.New(good); err != nil {
		t.Error(err)
	}
}

// TestPresent has the later passes tell right from wrong where photos with odd
// names are there.
func TestPresent(t *testing.T) {
	eachServer(t, func(g *rig) {
		g.kept = g.client.Renditions(g.place(), untagged)
		// versitygw keeps objects as files: of a photo and its folder there can be one.
		names := slices.DeleteFunc(slices.Clone(oddNames), func(s string) bool {
			return s == "trip" || s == "trip/b" || strings.ContainsAny(s, "\t\x01")
		})
		var bodies, right []string
		for _, photo := range names {
			g.put(photo, "now")
			now, err := g.client.Photos(g.photosPlace(), atOnce).Stat(g.Context(), photo)
			if err != nil {
				g.Fatal(err)
			}
			prefix := photofit.KeyPrefix(photo)
			for name, source := range map[string]string{"w320.webp": now.Version, "w640.webp": `"before"`, "~master": ""} {
				if err := g.kept.Put(g.Context(), prefix+name, []byte("x"), store.Meta{Size: 1, Source: source}); err != nil {
					g.Fatal(err)
				}
			}
			right = append(right, prefix+"w320.webp")
			bodies = append(bodies, fmt.Sprintf(`{"photofit-pass":{"photo":%q,"pass":2,"held":false}}`, photofit.EscapePhoto(photo)))
		}
		g.purge(bodies...)
		g.wantKept(right...)
		g.wantInvalidated(names...)
		g.settle()
		g.wantKept(right...)
		g.wantInvalidated(names...)
	})
}

// TestLifecycle has what a lifecycle rule does to versions that are not current
// any more be no change of a photo, and what it does to the photo itself be one.
func TestLifecycle(t *testing.T) {
	event := func(deletion, version string) string {
		return fmt.Sprintf(`{"source":"aws.s3","detail-type":"Object Deleted","detail":{"bucket":{"name":"photos"},`+
			`"object":{"key":"family/trip/b.jpg","version-id":%q},"reason":"Lifecycle Expiration","deletion-type":%q}}`, version, deletion)
	}
	for name, c := range map[string]struct {
		body string
		want bool
	}{
		"an old version":        {event("Permanently Deleted", "v1"), false},
		"the photo":             {event("Delete Marker Created", "v2"), true},
		"a bucket with no such": {event("Permanently Deleted", ""), true},
	} {
		s := scripted{}
		if _, err := s.handler(t).Handle(t.Context(), purge.Batch{Records: []purge.Record{{MessageID: "m", Body: c.body}}}); err != nil {
			t.Error(err)
		}
		if (len(s.did) > 0) != c.want {
			t.Errorf("%s: it did %q", name, s.did)
		}
	}
}
