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
	err := guard("rendering", func() error { return s.renderInto(ctx, f, r, key) })
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
	start := time.Now()
	// Whoever asked may be gone by now; the work is done and worth keeping.
	err = guard("keeping", func() error { return s.keep(context.WithoutCancel(ctx), r.Photo, key, f) })
	f.keeping = time.Since(start)
	if err != nil && !errors.Is(err, store.ErrKeyTooLong) {
		if yes, others := s.unkept.say(time.Now()); yes {
			s.log.Warn("the rendition was served, but could not be kept", "key", key, "err", err, "others", others)
		}
	}
}

// keep stores what a flight has made. Where others serve from the store, the
// photo may have been replaced, and all that was kept of it purged, between its
// reading and the Put: so it is looked at once more.
func (s *Service) keep(ctx context.Context, photo, key string, f *flight) error {
	if err := s.renditions.Put(ctx, key, f.body, f.meta); err != nil || s.withdraw == nil {
		return err
	}
	now, err := s.photos.Stat(ctx, photo)
	if err == nil && now.Version == f.meta.Source {
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

func (s *Service) renderInto(ctx context.Context, f *flight, r photofit.Recipe, key string) error {
	start := time.Now()
	turn, err := s.admission.turn(ctx)
	if err != nil {
		return err
	}
	defer turn.done()
	f.timing.Queue = time.Since(start)

	photo, err := s.photos.Open(ctx, r.Photo)
	if err != nil {
		return err
	}
	defer photo.Close()
	f.meta.Source = photo.Photo().Version
	if err := s.faults.get(key, f.meta.Source); err != nil {
		return err // which was not known when it was asked
	}
	source := &timed{ReaderAt: photo}
	begin := time.Now()
	made, err := s.render(ctx, source, photo.Photo().Size, r, func(ctx context.Context, bytes int64) error {
		asked := time.Now()
		err := turn.memory(ctx, bytes)
		waited := time.Since(asked)
		f.timing.Queue += waited
		begin = begin.Add(waited)
		return err
	})
	if err != nil {
		return err
	}
	f.timing.Fetch = source.spent
	f.timing.Render = time.Since(begin) - source.spent
	sum := md5.Sum(made.Body)
	f.body = made.Body
	f.meta.Size = int64(len(made.Body))
	f.meta.Type = made.Type
	f.meta.ETag = `"` + hex.EncodeToString(sum[:]) + `"`
	f.meta.ModTime = photo.Photo().ModTime.Truncate(time.Second)
	return nil
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
