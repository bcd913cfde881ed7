// Package rendition answers a recipe: with the rendition that is kept, or with
// one that it has made, once, for however many ask at the same time.
//
// Get is the whole way. The photo is looked at, so that one which was replaced
// or removed is noticed; a kept rendition of that version is the answer. (Where
// a look is a round trip, it waits until there is something to compare.) Else
// the askers of one recipe share a flight: it waits for its turn (admission.go:
// so many renders at a time, so much memory, so long a queue), reads the photo,
// renders it, and gives the bytes to all of them. Keeping the rendition goes on
// beside the answer; Close waits for it, so nothing is left to do after a
// request has ended.
//
// The package knows no HTTP and no pixels: photos and renditions are stores,
// and rendering is a func.
package rendition

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"photofit"
	"photofit/internal/store"
)

// Render makes a rendition of a photo of size bytes. Before it takes memory
// that grows with the photo it asks admit for leave, once, with the most that
// it will hold at a time, in bytes. It returns only when it has stopped working,
// even if ctx has ended.
type Render func(ctx context.Context, photo io.ReaderAt, size int64, r photofit.Recipe, admit func(context.Context, int64) error) (Made, error)

// Made is what Render gives. The bytes are the receiver's.
type Made struct {
	Body          []byte
	Type          string // media type; of a master with parameters that its renderer reads
	Width, Height int    // in pixels
}

// Config is what a Service works with. Photos and Render are needed; the zero
// value of the others is a default.
type Config struct {
	Photos     store.Photos
	Renditions store.Renditions // nil: nothing is kept
	Render     Render
	Masters    *Masters // nil: none are used or made

	// Withdraw takes back a rendition that was kept. It is for renditions that
	// others serve and cache from where they are kept, without a look at the
	// photo, as CloudFront does from S3. With it the photo is looked at again
	// after each Put, and what was made of a version that is no more is
	// withdrawn; else nothing is removed, as whoever removes it must tell the
	// others (package purge). Photos must not remember then. Nil: Get alone
	// serves them.
	Withdraw func(ctx context.Context, key string) error

	Memory  int64         // for all renders under way, in bytes; default DefaultMemory
	Renders int           // renders under way at a time; default the number of cores
	Queue   int           // how many may wait for their turn; default DefaultQueue
	Wait    time.Duration // how long one waits for its turn at most; default DefaultWait

	// InfoType is the media type that Render gives to what is known of a photo
	// (photofit.InfoJSON). One that is kept under another was made under other
	// settings, and is made again. Empty: any will do.
	InfoType string

	// Whole has a rendition that was kept read to its end before it is an
	// answer, so that none breaks off later; one that cannot be read is made
	// again.
	Whole bool

	Log *slog.Logger // default: nothing is logged
}

// Defaults of Config.
const (
	DefaultMemory = 1 << 30
	DefaultQueue  = 512
	DefaultWait   = 30 * time.Second
)

// Service answers recipes. It is safe for concurrent use.
type Service struct {
	photos     store.Photos
	recall     func(key string) (store.Photo, bool)      // nil: a look is cheap
	held       func(key, source string) *store.Rendition // nil: none are in memory
	renditions store.Renditions
	withdraw   func(ctx context.Context, key string) error
	render     Render
	masters    *Masters
	making     making
	rests      sync.WaitGroup // what goes on beside answers
	admission  *admission
	flights    flights
	faults     *faults
	unkept     seldom
	working    atomic.Int64 // flights that have not failed, nor been kept
	whole      bool
	log        *slog.Logger
}

// New makes a service.
func New(c Config) *Service {
	if c.Memory <= 0 {
		c.Memory = DefaultMemory
	}
	if c.Renders <= 0 {
		c.Renders = runtime.GOMAXPROCS(0)
	}
	if c.Queue <= 0 {
		c.Queue = DefaultQueue
	}
	if c.Wait <= 0 {
		c.Wait = DefaultWait
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Renditions == nil {
		c.Renditions, c.Masters = nowhere{}, nil
	}
	s := &Service{
		photos:     c.Photos,
		renditions: c.Renditions,
		withdraw:   c.Withdraw,
		render:     c.Render,
		masters:    c.Masters,
		admission:  newAdmission(c.Renders, c.Memory, c.Queue, c.Wait),
		faults:     newFaults(),
		whole:      c.Whole,
		log:        c.Log,
	}
	if r, ok := c.Photos.(store.Recaller); ok {
		s.recall = r.Recall
	}
	h, holds := c.Renditions.(store.Holder)
	if holds {
		s.held = h.Held
	}
	if c.InfoType != "" {
		current := infos{c.Renditions, c.InfoType}
		s.renditions = current
		if holds {
			s.held = current.Held
		}
	}
	return s
}

// Get answers a recipe.
//
// Errors: fs.ErrNotExist where there is no such photo, ErrBusy where there is no
// room in time, *photofit.Fault where the photo is to blame, context.Cause where
// ctx has ended; others are the stores'.
func (s *Service) Get(ctx context.Context, r photofit.Recipe) (*Answer, error) {
	start := time.Now()
	if r.Format == photofit.Original {
		return s.original(ctx, r, start)
	}
	photo, known, err := s.look(ctx, r.Photo)
	if err != nil {
		return nil, err
	}
	key := r.Key()
	if known && s.held != nil {
		if kept := s.held(key, photo.Version); kept != nil {
			return hit(kept, start), nil
		}
	}
	before := s.flights.count()
	kept, err := s.kept(ctx, key)
	if err == nil && !known {
		if photo, err = s.stat(ctx, r.Photo); err != nil {
			_ = kept.Body.Close()
			return nil, err
		}
	}
	switch {
	case err == nil && kept.Source == photo.Version:
		return hit(kept, start), nil
	case err == nil:
		_ = kept.Body.Close()
		s.forget(ctx, r.Photo) // of an older version, like all that was made with it
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case !errors.Is(err, fs.ErrNotExist):
		s.log.Warn("the rendition that is kept cannot be read, it is made again", "key", key, "err", err)
	}
	if !known && err != nil && s.admission.busy() {
		// It would wait for its turn, perhaps to learn that there is no photo.
		if photo, err = s.stat(ctx, r.Photo); err != nil {
			return nil, err
		}
	}
	if err := s.faults.get(key, photo.Version); err != nil {
		return nil, err
	}
	lookup := time.Since(start)

	// A version that is not known yet makes a flight of its own: what it reads is
	// at least as new as its askers.
	f, shared, err := s.flights.join(ctx, key+"\x00"+photo.Version, before, func(ctx context.Context, f *flight, again bool) {
		s.make(ctx, f, r, key, photo.Version, again)
	})
	if err != nil {
		return nil, err
	}
	how := f.how
	if shared {
		how = Shared
	}
	answer := &Answer{Meta: f.meta, Body: f.reader(), How: how, Master: f.master, Timing: f.timing}
	answer.Lookup = lookup
	answer.close = func() error {
		<-f.kept
		answer.Store = f.keeping
		return nil
	}
	return answer, nil
}

// hit answers with what is kept.
func hit(kept *store.Rendition, start time.Time) *Answer {
	return &Answer{Meta: kept.Meta, Body: kept.Body, How: Hit, Timing: Timing{Lookup: time.Since(start)}, close: kept.Body.Close}
}

// look tells which version of a photo is there. Where that is a round trip, and
// nothing is remembered, the answer is not known yet.
func (s *Service) look(ctx context.Context, key string) (photo store.Photo, known bool, err error) {
	if s.recall != nil {
		photo, known = s.recall(key)
		return photo, known, nil
	}
	photo, err = s.stat(ctx, key)
	return photo, err == nil, err
}

// stat asks which version of a photo is there. If it is gone, so is what was
// made of it.
func (s *Service) stat(ctx context.Context, key string) (store.Photo, error) {
	photo, err := s.photos.Stat(ctx, key)
	if errors.Is(err, fs.ErrNotExist) {
		s.forget(ctx, key)
	}
	return photo, cause(ctx, err)
}

// kept is what is kept under a key.
func (s *Service) kept(ctx context.Context, key string) (*store.Rendition, error) {
	kept, err := s.renditions.Get(ctx, key)
	if err != nil || !s.whole {
		return kept, err
	}
	defer kept.Body.Close()
	body := make([]byte, kept.Size)
	if _, err := io.ReadFull(kept.Body, body); err != nil {
		return nil, fmt.Errorf("reading it: %w", err)
	}
	kept.Body = inMemory{bytes.NewReader(body)}
	return kept, nil
}

// inMemory is a body that is nobody else's.
type inMemory struct{ *bytes.Reader }

// Close is io.Closer's.
func (inMemory) Close() error { return nil }

// cause is why ctx has ended, where err only says that it has.
func cause(ctx context.Context, err error) error {
	if ended := ctx.Err(); ended != nil && errors.Is(err, ended) {
		return context.Cause(ctx)
	}
	return err
}

// original answers with the photo itself.
func (s *Service) original(ctx context.Context, r photofit.Recipe, start time.Time) (*Answer, error) {
	photo, err := s.photos.Open(ctx, r.Photo)
	if err != nil {
		return nil, cause(ctx, err)
	}
	p := photo.Photo()
	sum := md5.Sum([]byte(p.Version))
	return &Answer{
		Meta: store.Meta{Size: p.Size, ETag: `"v` + hex.EncodeToString(sum[:]) + `"`, Source: p.Version, ModTime: p.ModTime.Truncate(time.Second)},
		Body: photo, How: Original, Timing: Timing{Lookup: time.Since(start)}, close: photo.Close,
	}, nil
}

// forget removes what was made of a photo that is gone or was replaced: all of
// it, even if who asked leaves meanwhile.
func (s *Service) forget(ctx context.Context, photo string) {
	if s.withdraw != nil {
		return
	}
	if _, err := s.renditions.Forget(context.WithoutCancel(ctx), photofit.KeyPrefix(photo)); err != nil {
		s.log.Warn("what was made of an older version of a photo could not be removed", "photo", photo, "err", err)
	}
}

// Load is how much is going on.
type Load struct {
	Rendering int   // renders under way
	Waiting   int   // flights that wait for their turn
	Memory    int64 // bytes that renders under way have leave for
}

// Load tells how much is going on now.
func (s *Service) Load() Load { return s.admission.load() }

// Busy tells whether anything is rendered or kept now. After a Get that failed,
// or whose answer was closed, nothing of its own is, unless it was given up:
// then it may go on for a while, a Put that nobody waits for included.
func (s *Service) Busy() bool { return s.working.Load() > 0 }

// nowhere keeps nothing.
type nowhere struct{}

func (nowhere) Get(context.Context, string) (*store.Rendition, error) { return nil, fs.ErrNotExist }
func (nowhere) Put(context.Context, string, []byte, store.Meta) error { return nil }
func (nowhere) Forget(context.Context, string) (int, error)           { return 0, nil }

var _ store.Renditions = nowhere{}
