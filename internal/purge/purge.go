// Package purge takes away what was made of a photo that was replaced or
// removed: from the bucket of renditions, and from the edges that have got it.
//
// The photos bucket tells of every change through EventBridge and an SQS queue,
// whose messages come here in batches. A change is worked off in passes. The
// first forgets all that was made of the photo and, if that was anything,
// invalidates the photo's cache tag at the edges. A render that was under way
// may still put a picture of the old photo after that, so another pass follows
// when no such render can live any more: it forgets what was not made of the
// photo as it is now. A pass that has forgotten something is followed by one
// more, since an edge may have been reading what it forgot; the last pass finds
// nothing, invalidates once more if any before it found something, and the
// change is done. docs/purge.md has the timeline, and what is guaranteed when.
//
// Everything may happen twice, late and in any order: messages are delivered at
// least once, and this function may die between any two steps. What it knows of
// the past is in the message alone. A message that is not delivered for the
// first time may have forgotten something the last time, so it invalidates.
//
// The package forgets by name and never looks at a picture. What makes masters and
// renditions of new photos is given to it as a func.
package purge

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"sync"
	"time"

	"photofit"
	"photofit/internal/store"
)

// Renditions is where renditions are kept, on version shelves. It is safe for
// concurrent use.
//
// A rendition that was found to be of an older photo right after it was put, and
// was taken back, leaves a marker under its photo's prefix, since an edge may
// have got it meanwhile. Markers are forgotten by either method below, and count.
type Renditions interface {
	// Shelves gives the names of all version shelves that hold anything: "r1".
	Shelves(ctx context.Context) ([]string, error)

	// Forget removes all that is kept under a prefix, "r1/trip/b.jpg/_", and
	// tells how many there were that an edge may have got, which a master is not.
	// After an error an unknown number is gone.
	Forget(ctx context.Context, prefix string) (int, error)

	// ForgetStale is Forget, but for what was made of that version of the photo.
	ForgetStale(ctx context.Context, prefix, version string) (int, error)
}

// Photos tells what the photo is now. An answer that was remembered from before
// the call is a mistake.
type Photos interface {
	// Stat gives the photo's version, its ETag; fs.ErrNotExist if it is gone.
	Stat(ctx context.Context, photo string) (store.Photo, error)
}

// Invalidator makes shared caches forget.
type Invalidator interface {
	// Invalidate makes them forget all that carries a tag. It returns when they
	// have been told, not when they have done it. Where the same reference was
	// given before, nothing is done and it is no error.
	Invalidate(ctx context.Context, tag, reference string) error
}

// Queue is the queue whose messages Handle gets.
type Queue interface {
	// SendLater puts a message into it that is delivered after a delay, of up
	// to 900 s, at least once.
	SendLater(ctx context.Context, body []byte, delay time.Duration) error
}

// Config is what a Handler works with. Photos, Renditions, Invalidator, Queue
// and Bucket are needed.
type Config struct {
	Photos      Photos
	Renditions  Renditions
	Invalidator Invalidator
	Queue       Queue

	Bucket string // that of the photos; events of others are ignored
	Prefix string // what the keys of photos start with, "" or "family/"

	// FunctionTimeout is how long whatever renders may live, from reading the
	// photo to putting the rendition: the rendering function's timeout. Default
	// DefaultFunctionTimeout, at most 870 s.
	FunctionTimeout time.Duration

	// Warm makes ahead what is wanted of a photo that was just uploaded, its master
	// and first renditions; nil: nothing is. Its context ends after FunctionTimeout at most. Work that
	// goes on after that must not put anything: whoever runs this sees to it. An
	// error is logged, no more.
	Warm func(ctx context.Context, photo string) error

	Concurrency int          // photos at a time; default DefaultConcurrency
	Log         *slog.Logger // default: nothing is logged
}

// Defaults of Config.
const (
	DefaultFunctionTimeout = 55 * time.Second
	DefaultConcurrency     = 8
)

const (
	// slack is how long after its timeout a function's last request may still
	// have effect, and more than an edge takes to fetch a rendition.
	slack = 30 * time.Second

	// maxDelay is the longest delay of a message in SQS.
	maxDelay = 900 * time.Second

	// margin is left before the deadline to hand in the report. Without one
	// the whole batch is delivered again.
	margin = 2 * time.Second

	// lastPass bounds the passes of one change. A change needs three; each
	// further one that meets it may add one.
	lastPass = 10

	// maxKey is the longest key of S3 in bytes.
	maxKey = 1024
)

// Handler works off messages. It is safe for concurrent use.
type Handler struct{ Config }

// New makes a handler.
func New(c Config) (*Handler, error) {
	if c.Photos == nil || c.Renditions == nil || c.Invalidator == nil || c.Queue == nil || c.Bucket == "" {
		return nil, errors.New("purge: photos, renditions, invalidator, queue and bucket are needed")
	}
	if c.FunctionTimeout <= 0 {
		c.FunctionTimeout = DefaultFunctionTimeout
	}
	if c.FunctionTimeout > maxDelay-slack {
		return nil, fmt.Errorf("a function timeout of %s is too long: the second look comes %s after it, and a queue delays by %s at most",
			c.FunctionTimeout, slack, maxDelay)
	}
	if c.Concurrency <= 0 {
		c.Concurrency = DefaultConcurrency
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Handler{c}, nil
}

// Handle works off a batch, and reports which messages must be delivered again.
// It returns shortly before ctx's deadline at the latest, with what was not
// finished among them. The error is for a batch that is none.
func (h *Handler) Handle(ctx context.Context, batch Batch) (Report, error) {
	if deadline, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline.Add(-margin))
		defer cancel()
	}
	for _, r := range batch.Records {
		if r.MessageID == "" {
			return Report{}, errors.New("not a batch of SQS: a message has no id")
		}
	}
	jobs := h.fold(batch.Records)
	if len(jobs) == 0 {
		return report(nil), nil
	}
	shelves, err := h.shelves(ctx)
	if err != nil {
		h.Log.Error("the shelves of renditions cannot be listed, the batch goes back to the queue", "messages", len(batch.Records), "err", err)
		return report(jobs), nil
	}

	var all sync.WaitGroup
	free := make(chan struct{}, h.Concurrency)
	for _, j := range jobs {
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			j.err = h.pass(ctx, j, shelves)
		})
	}
	all.Wait()

	var failed []*job
	for _, j := range jobs {
		if j.err != nil {
			h.Log.Warn("not purged, the message goes back to the queue", "photo", j.photo, "pass", j.pass, "err", j.err)
			failed = append(failed, j)
		}
	}
	h.warm(ctx, jobs)
	return report(failed), nil
}

// shelves gives every shelf that is there, and the renderer's own: its first
// rendition may come any moment.
func (h *Handler) shelves(ctx context.Context) ([]string, error) {
	found, err := h.Renditions.Shelves(ctx)
	if err != nil {
		return nil, err
	}
	own, _, _ := strings.Cut(photofit.KeyPrefix(""), "/")
	shelves := []string{own}
	for _, s := range found {
		if s = strings.TrimSuffix(s, "/"); s != own {
			shelves = append(shelves, s)
		}
	}
	return shelves, nil
}

// pass is one pass over one photo: forget, invalidate, and see to it that there
// is another where one is needed, in this order. Whatever fails, the message is
// delivered again and does all of it.
func (h *Handler) pass(ctx context.Context, j *job, shelves []string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	n, err := h.forget(ctx, j, shelves)
	if errors.Is(err, store.ErrBadKey) {
		h.Log.Error("ignored: no rendition can have this name", "photo", j.photo, "err", err)
		return nil
	}
	if err != nil {
		return err
	}
	found := n > 0 || j.again
	held := j.held || found
	if held {
		if err := h.Invalidator.Invalidate(ctx, photofit.CacheTag(j.photo), j.reference()); err != nil {
			return fmt.Errorf("invalidate: %w", err)
		}
	}
	follow := j.pass == 1 || found
	if follow && j.pass >= lastPass {
		h.Log.Error("stale renditions keep coming: is their recorded version the photo's ETag?", "photo", j.photo, "pass", j.pass, "forgotten", n)
		follow = false
	}
	if follow {
		if err := h.Queue.SendLater(ctx, followUp(j.photo, j.pass+1, held), h.FunctionTimeout+slack); err != nil {
			return fmt.Errorf("queue the next pass: %w", err)
		}
	}
	h.Log.Info("purged", "photo", j.photo, "pass", j.pass, "forgotten", n, "invalidated", held)
	return nil
}

// forget forgets everything in a first pass, and what is not of the photo as it
// is now in others.
func (h *Handler) forget(ctx context.Context, j *job, shelves []string) (int, error) {
	forget := h.Renditions.Forget
	if j.pass > 1 {
		switch photo, err := h.Photos.Stat(ctx, j.photo); {
		case err == nil:
			forget = func(ctx context.Context, prefix string) (int, error) {
				return h.Renditions.ForgetStale(ctx, prefix, photo.Version)
			}
		case !errors.Is(err, fs.ErrNotExist):
			return 0, fmt.Errorf("look at the photo: %w", err)
		}
	}
	_, under, _ := strings.Cut(photofit.KeyPrefix(j.photo), "/")
	total := 0
	for _, shelf := range shelves {
		prefix := shelf + "/" + under
		if len(prefix) > maxKey {
			continue // too long for anything to be kept under it
		}
		n, err := forget(ctx, prefix)
		if err != nil {
			return total, fmt.Errorf("forget: %w", err)
		}
		total += n
	}
	return total, nil
}
