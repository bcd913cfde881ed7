package rendition

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"runtime/debug"
	"time"

	"photofit"
	"photofit/internal/store"
)

// make renders a recipe for a flight, and keeps what comes out. again: it may
// have been kept since it was looked for.
func (s *Service) make(ctx context.Context, f *flight, r photofit.Recipe, key, version string, again bool) {
	s.working.Add(1)
	if again && s.lookAgain(ctx, f, r.Photo, key, version) {
		s.working.Add(-1)
		f.land(nil)
		return
	}
	var rest func()
	err := guard("rendering", func() (err error) {
		rest, err = s.renderInto(ctx, f, r, key, version)
		return err
	})
	var fault *photofit.Fault
	if errors.As(err, &fault) && ctx.Err() == nil {
		// It is that version's which was read, even if another was asked for.
		s.faults.put(key, f.meta.Source, err)
	}
	if err != nil {
		s.working.Add(-1)
		f.land(err)
		return
	}
	defer s.working.Add(-1)
	f.land(nil)
	if rest != nil {
		s.aside(rest)
	}
	start := time.Now()
	// Whoever asked may be gone by now; the work is done and worth keeping.
	err = guard("keeping", func() error { return s.keep(context.WithoutCancel(ctx), r.Photo, key, f.body, f.meta) })
	f.keeping = time.Since(start)
	if err != nil && !errors.Is(err, store.ErrKeyTooLong) {
		if yes, others := s.unkept.say(time.Now()); yes {
			s.log.Warn("the rendition was served, but could not be kept", "key", key, "err", err, "others", others)
		}
	}
}

// keep stores what was made of a photo. Where others serve from the store, the
// photo may have been replaced, and all that was kept of it purged, between its
// reading and the Put: so it is looked at once more.
func (s *Service) keep(ctx context.Context, photo, key string, body []byte, meta store.Meta) error {
	if err := s.renditions.Put(ctx, key, body, meta); err != nil || s.withdraw == nil {
		return err
	}
	now, err := s.photos.Stat(ctx, photo)
	if err == nil && now.Version == meta.Source {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("looking at the photo again: %w", err) // the purge's second pass will
	}
	s.log.Info("the photo was replaced while it was rendered: the rendition is withdrawn", "key", key)
	return s.withdraw(ctx, key)
}

// lookAgain answers a flight with what is kept by now. Of a version that was not
// known, what the flight before has learnt is new enough.
func (s *Service) lookAgain(ctx context.Context, f *flight, photo, key, version string) bool {
	if version == "" {
		p, _ := s.recall(photo)
		version = p.Version
	}
	kept, err := s.renditions.Get(ctx, key)
	if err != nil {
		return false
	}
	defer kept.Body.Close()
	if kept.Source != version {
		return false
	}
	body := make([]byte, kept.Size)
	if _, err := io.ReadFull(kept.Body, body); err != nil {
		return false
	}
	f.how, f.meta, f.body = Hit, kept.Meta, body
	return true
}

// renderInto makes the rendition, from the photo's master if there is one that
// will do, else from the photo. rest is what is left to do when the answer is on
// its way, if anything is.
func (s *Service) renderInto(ctx context.Context, f *flight, r photofit.Recipe, key, version string) (rest func(), err error) {
	for {
		rest, err := s.try(ctx, f, r, key, version)
		if !errors.Is(err, errUnderWay) {
			return rest, err
		}
	}
}

// try is renderInto, unless it turns out that the photo's master is being made.
func (s *Service) try(ctx context.Context, f *flight, r photofit.Recipe, key, version string) (rest func(), err error) {
	start := time.Now()
	if err := s.making.wait(ctx, r.Photo); err != nil {
		return nil, err
	}
	turn, err := s.admission.turn(ctx)
	if err != nil {
		return nil, err
	}
	var photo store.OpenPhoto
	defer func() {
		if rest != nil {
			return
		}
		if photo != nil {
			_ = photo.Close()
		}
		turn.done()
	}()
	f.timing.Queue += time.Since(start)
	photo, master, err := s.sources(ctx, r.Photo, version)
	if err != nil {
		return nil, err
	}
	if master != nil {
		if done, err := s.fromMaster(ctx, f, turn, r, photo, master); done || err != nil {
			return nil, err
		}
	}
	if photo == nil {
		if photo, err = s.photos.Open(ctx, r.Photo); err != nil {
			return nil, err
		}
	}
	return s.fromPhoto(ctx, f, turn, r, key, photo)
}

// fromPhoto renders from the photo. If there is a rest, photo and turn are its to
// close and to give back.
func (s *Service) fromPhoto(ctx context.Context, f *flight, turn *turn, r photofit.Recipe, key string, photo store.OpenPhoto) (rest func(), err error) {
	f.meta.Source = photo.Photo().Version
	if err := s.faults.get(key, f.meta.Source); err != nil {
		return nil, err // which was not known when it was asked
	}
	source := &timed{ReaderAt: photo}
	clock := newClock()
	made, master, err := s.renderPhoto(ctx, source, photo.Photo(), r, clock.pausing(turn))
	if err != nil {
		return nil, err
	}
	f.took(made, photo.Photo().ModTime, clock, source)
	return s.masterAfter(ctx, turn, photo, r.Photo, master), nil
}

// took takes over what was rendered, and where the time went.
func (f *flight) took(made Made, modTime time.Time, clock *clock, source *timed) {
	f.timing.Queue += clock.waited
	f.timing.Fetch = source.spent
	f.timing.Render = time.Since(clock.start) - clock.waited - source.spent
	f.body = made.Body
	f.meta = metaOf(made, f.meta.Source, modTime)
}

// metaOf is what is kept beside what was made of a version of a photo.
func metaOf(made Made, source string, modTime time.Time) store.Meta {
	sum := md5.Sum(made.Body)
	return store.Meta{
		Size:    int64(len(made.Body)),
		Type:    made.Type,
		ETag:    `"` + hex.EncodeToString(sum[:]) + `"`,
		Source:  source,
		ModTime: modTime.Truncate(time.Second),
	}
}

// clock tells how long a render takes, and how much of that it waits for memory.
type clock struct {
	start  time.Time
	waited time.Duration
}

func newClock() *clock { return &clock{start: time.Now()} }

// pausing is leave for memory, as a render asks for it.
func (c *clock) pausing(turn *turn) func(context.Context, int64) error {
	return func(ctx context.Context, bytes int64) error {
		asked := time.Now()
		defer func() { c.waited += time.Since(asked) }()
		return turn.memory(ctx, bytes)
	}
}

// guard makes an error of a panic. A flight has a goroutine of its own, where
// nobody else would catch it.
func guard(what string, do func() error) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("%s panicked: %v\n%s", what, cause, debug.Stack())
		}
	}()
	return do()
}

// timed counts the time spent in reading. One goroutine reads.
type timed struct {
	io.ReaderAt
	spent time.Duration
}

// ReadAt is io.ReaderAt's.
func (t *timed) ReadAt(p []byte, off int64) (int, error) {
	start := time.Now()
	n, err := t.ReaderAt.ReadAt(p, off)
	t.spent += time.Since(start)
	return n, err
}
