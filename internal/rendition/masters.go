package rendition

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync"
	"time"

	"photofit"
	"photofit/internal/store"
)

// Masters is how masters are made and used: smaller pictures of photos that have
// lost next to nothing, kept beside the renditions, which are made from them in a
// fraction of the time. Its functions are a renderer's; their admit is Render's.
type Masters struct {
	// From makes a rendition from a master of size bytes and of the type that it
	// was made with. It is not ok where the master is too small for the recipe.
	From func(ctx context.Context, master io.ReaderAt, size int64, kind string, r photofit.Recipe, admit func(context.Context, int64) error) (made Made, ok bool, err error)

	// Info is From for what is known of a photo (photofit.InfoJSON), whose header is
	// read, too. Nil: it is made from the photo alone.
	Info func(ctx context.Context, photo io.ReaderAt, photoSize int64, master io.ReaderAt, size int64, kind string, admit func(context.Context, int64) error) (made Made, ok bool, err error)

	// Make makes the master of a photo; its Body is nil where none pays.
	Make func(ctx context.Context, photo io.ReaderAt, size int64, admit func(context.Context, int64) error) (Made, error)

	// Both is Render that may have the master nearly for nothing, as the photo had
	// to be decoded as a whole: it then says so to admit, which may refuse, and
	// gives what makes the master of the decoded pixels. That is to be called once
	// the rendition is on its way; with a ctx that has ended it only lets go.
	// Else it gives nil.
	Both func(ctx context.Context, photo io.ReaderAt, size int64, r photofit.Recipe, admit func(ctx context.Context, bytes int64, master bool) error) (Made, func(context.Context) (Made, error), error)

	// Elsewhere says that masters are made elsewhere, when photos are uploaded:
	// Get uses them and makes none, and so leaves nothing to do after its answer.
	Elsewhere bool
}

// errUnderWay says that a photo's master is being made: it is worth waiting for.
var errUnderWay = errors.New("the master is being made")

// making is the masters in the making, by their photos. The zero value is ready.
type making struct {
	mu     sync.Mutex
	photos map[string]*beingMade
	once   map[string]string // of which version of a photo a rendition was made from the photo itself
	none   map[string]string // of which version of a photo no master pays
}

// beingMade is one master in the making.
type beingMade struct {
	whole bool          // of a photo that is decoded as a whole: whoever needs it had better wait
	done  chan struct{} // closed when it is kept, or given up
}

// mostOnce bounds what is known of photos. When it is full it starts over.
const mostOnce = 4096

// begin claims the making of a photo's master. If it is somebody else's, nil.
func (m *making) begin(photo string, whole bool) (end func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.photos[photo] != nil {
		return nil
	}
	if m.photos == nil {
		m.photos = map[string]*beingMade{}
	}
	b := &beingMade{whole, make(chan struct{})}
	m.photos[photo] = b
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.photos, photo)
		close(b.done)
	}
}

// wait waits while the master is made of a photo that is dear to decode.
func (m *making) wait(ctx context.Context, photo string) error {
	m.mu.Lock()
	b := m.photos[photo]
	m.mu.Unlock()
	if b == nil || !b.whole {
		return nil
	}
	select {
	case <-b.done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// again notes that a rendition was made from the photo itself, and tells whether
// another was before, and a master may pay.
func (m *making) again(photo, version string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.once[photo] == version {
		return m.none[photo] != version
	}
	if m.once == nil || len(m.once) >= mostOnce {
		m.once = map[string]string{}
	}
	m.once[photo] = version
	return false
}

// useless notes that no master pays.
func (m *making) useless(photo, version string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.none == nil || len(m.none) >= mostOnce {
		m.none = map[string]string{}
	}
	m.none[photo] = version
}

// sources gives what a rendition can be made from: the master of the photo as it
// is now, nil if none is kept, and the photo, if it had to be opened. That it has if
// its version is not known: it is asked for at the same time as the master, so a
// photo without one is read no later than if there were no masters. If the master
// will do, the photo is closed unread.
func (s *Service) sources(ctx context.Context, name, version string) (photo store.OpenPhoto, master *store.Rendition, err error) {
	if s.masters == nil {
		return nil, nil, nil
	}
	opened := make(chan error, 1)
	if version != "" {
		opened <- nil
	} else {
		go func() {
			opened <- guard("opening the photo", func() (err error) {
				photo, err = s.photos.Open(ctx, name)
				return err
			})
		}()
	}
	master, err = s.renditions.Get(ctx, photofit.MasterKey(name))
	if failed := <-opened; failed != nil {
		if err == nil {
			_ = master.Body.Close()
		}
		return nil, nil, failed
	}
	if photo != nil {
		version = photo.Photo().Version
	}
	switch {
	case err == nil && master.Source == version:
		return photo, master, nil
	case err == nil:
		_ = master.Body.Close()
	case !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, store.ErrKeyTooLong) && ctx.Err() == nil:
		s.log.Warn("the master cannot be read, the photo is used", "photo", name, "err", err)
	}
	return photo, nil, nil
}

// fromMaster renders from the photo's master. It is not done where that is too
// small, or of no use.
func (s *Service) fromMaster(ctx context.Context, f *flight, turn *turn, r photofit.Recipe, photo store.OpenPhoto, master *store.Rendition) (done bool, err error) {
	defer master.Body.Close()
	clock := newClock()
	source, err := readerAt(master)
	if err != nil {
		s.log.Warn("the master cannot be read, the photo is used", "photo", r.Photo, "err", err)
		return false, nil
	}
	timed := &timed{ReaderAt: source, spent: time.Since(clock.start)}
	var made Made
	var ok bool
	if r.Format == photofit.InfoJSON {
		made, ok, err = s.infoFromMaster(ctx, photo, timed, master, r, clock.pausing(turn))
	} else {
		made, ok, err = s.masters.From(ctx, timed, master.Size, master.Type, r, clock.pausing(turn))
	}
	if fault := (*photofit.Fault)(nil); errors.As(err, &fault) && ctx.Err() == nil {
		s.log.Warn("the master is of no use, the photo is used", "photo", r.Photo, "err", err)
		turn.free()
		return false, nil
	}
	if err != nil || !ok {
		turn.free()
		return false, err
	}
	f.meta.Source = master.Source
	f.took(made, master.ModTime, clock, timed)
	f.master = true
	return true, nil
}

// readerAt gives a body's bytes in any order.
func readerAt(kept *store.Rendition) (io.ReaderAt, error) {
	if at, ok := kept.Body.(io.ReaderAt); ok {
		return at, nil
	}
	body := make([]byte, kept.Size)
	if _, err := io.ReadFull(kept.Body, body); err != nil {
		return nil, err
	}
	return bytes.NewReader(body), nil
}

// claim is the right and the duty to make a photo's master, and to end it then.
type claim struct {
	make func(context.Context) (Made, error)
	end  func() // whoever waits for the master goes on
}

// renderPhoto renders from the photo itself and, where a master costs little more
// then, claims that.
func (s *Service) renderPhoto(ctx context.Context, source io.ReaderAt, photo store.Photo, r photofit.Recipe, admit func(context.Context, int64) error) (Made, *claim, error) {
	if s.masters == nil || s.masters.Elsewhere {
		made, err := s.render(ctx, source, photo.Size, r, admit)
		return made, nil, err
	}
	var end func()
	defer func() {
		if end != nil {
			end()
		}
	}()
	made, master, err := s.masters.Both(ctx, source, photo.Size, r, func(ctx context.Context, bytes int64, master bool) error {
		if master {
			if end = s.making.begin(r.Photo, true); end == nil {
				return errUnderWay
			}
		}
		return admit(ctx, bytes)
	})
	if err != nil || master == nil {
		return made, nil, err
	}
	claimed := &claim{master, end}
	end = nil
	return made, claimed, nil
}

// masterAfter is what is left to do after a rendition was made from the photo
// itself: making the master that is claimed and keeping it. If none is, one is made
// once a second rendition of the photo was asked for. What it gives closes the photo
// and gives the turn back.
func (s *Service) masterAfter(ctx context.Context, turn *turn, photo store.OpenPhoto, name string, claimed *claim) (rest func()) {
	if s.masters == nil || s.masters.Elsewhere {
		return nil
	}
	of := photo.Photo()
	if claimed == nil {
		if !s.making.again(name, of.Version) {
			return nil
		}
		end := s.making.begin(name, false)
		if end == nil {
			return nil
		}
		claimed = &claim{func(ctx context.Context) (Made, error) {
			turn.free()                            // what the rendition took
			again, err := s.photos.Open(ctx, name) // the first may end with its flight
			if err != nil {
				return Made{}, err
			}
			defer again.Close()
			of = again.Photo()
			return s.masters.Make(ctx, again, of.Size, turn.memory)
		}, end}
	}
	ctx = context.WithoutCancel(ctx)
	return func() {
		defer claimed.end()
		defer photo.Close()
		var made Made
		err := guard("making a master", func() (err error) {
			defer turn.done()
			made, err = claimed.make(ctx)
			return err
		})
		if err == nil {
			err = s.keepMaster(ctx, name, of, made)
		}
		if err != nil {
			s.log.Warn("no master was made, so later sizes take longer", "photo", name, "err", err)
		}
	}
}

// keepMaster keeps what was made, or notes that no master pays.
func (s *Service) keepMaster(ctx context.Context, name string, photo store.Photo, made Made) error {
	if made.Body == nil {
		s.making.useless(name, photo.Version)
		return nil
	}
	err := s.keep(ctx, name, photofit.MasterKey(name), made.Body, metaOf(made, photo.Version, photo.ModTime))
	if errors.Is(err, store.ErrKeyTooLong) {
		s.making.useless(name, photo.Version)
		return nil
	}
	return err
}

// Master makes a photo's master and keeps it, unless it is kept already or does not
// pay. It returns when that is done. Errors are as those of Get.
func (s *Service) Master(ctx context.Context, name string) error {
	if s.masters == nil {
		return nil
	}
	s.working.Add(1)
	defer s.working.Add(-1)
	turn, err := s.admission.turn(ctx)
	if err != nil {
		return err
	}
	defer turn.done()
	photo, kept, err := s.sources(ctx, name, "")
	if err != nil {
		return cause(ctx, err)
	}
	defer photo.Close()
	if kept != nil {
		return kept.Body.Close()
	}
	var made Made
	err = guard("making a master", func() (err error) {
		made, err = s.masters.Make(ctx, photo, photo.Photo().Size, turn.memory)
		return err
	})
	if err != nil {
		return cause(ctx, err)
	}
	if err := s.keepMaster(ctx, name, photo.Photo(), made); err != nil {
		return fmt.Errorf("keeping the master: %w", err)
	}
	return nil
}

// aside does what is left after an answer.
func (s *Service) aside(rest func()) {
	s.working.Add(1)
	s.rests.Go(func() {
		defer s.working.Add(-1)
		rest()
	})
}

// Wait waits until all masters that are being made are kept.
func (s *Service) Wait() { s.rests.Wait() }
