package rendition

import (
	"context"
	"sync"
	"time"

	"photofit"
)

// making is the masters in the making, by their photos, and what is known of those that
// have none. The zero value is ready.
type making struct {
	mu     sync.Mutex
	photos map[string]*beingMade
	once   map[string]string // of which version of a photo a rendition was made from the photo itself
	vain   map[string]inVain
}

// beingMade is one master in the making.
type beingMade struct {
	serves func(photofit.Recipe) bool // whoever needs it had better wait; nil: nobody
	done   chan struct{}              // closed when it is kept, or given up
}

// inVain is that no master of a version of a photo is to be made.
type inVain struct {
	version string
	until   time.Time // zero: ever
}

// mastersAgain is for how long no other is made of a photo whose master could not be made or kept:
// it would fail again, at the price of a master for each size, and what is wrong may be mended.
const mastersAgain = 10 * time.Minute

// mostKnown bounds what is known of photos. When it is full it starts over.
const mostKnown = 4096

// begin claims the making of a photo's master. If it is somebody else's, nil. Who
// asks for what it serves waits until it has ended.
func (m *making) begin(photo string, serves func(photofit.Recipe) bool) (end func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.photos[photo] != nil {
		return nil
	}
	if m.photos == nil {
		m.photos = map[string]*beingMade{}
	}
	b := &beingMade{serves, make(chan struct{})}
	m.photos[photo] = b
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		delete(m.photos, photo)
		close(b.done)
	}
}

// wait waits while a master is made that will serve the recipe.
func (m *making) wait(ctx context.Context, r photofit.Recipe) error {
	if b := m.of(r.Photo); b != nil && b.serves != nil && b.serves(r) {
		return b.wait(ctx)
	}
	return nil
}

// waitAny waits while a master of the photo is made.
func (m *making) waitAny(ctx context.Context, photo string) error {
	if b := m.of(photo); b != nil {
		return b.wait(ctx)
	}
	return nil
}

// of gives the master of the photo that is being made, if one is.
func (m *making) of(photo string) *beingMade {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.photos[photo]
}

func (b *beingMade) wait(ctx context.Context) error {
	select {
	case <-b.done:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// again notes that a rendition was made from the photo itself, and tells whether
// another was before.
func (m *making) again(photo, version string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.once[photo] == version {
		return true
	}
	note(&m.once, photo, version)
	return false
}

// useless notes that no master pays.
func (m *making) useless(photo, version string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	note(&m.vain, photo, inVain{version: version})
}

// failed notes that a master could not be made or kept.
func (m *making) failed(photo, version string, now time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	note(&m.vain, photo, inVain{version, now.Add(mastersAgain)})
}

// none tells whether no master of the photo is to be made now.
func (m *making) none(photo, version string, now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.vain[photo]
	return ok && v.version == version && (v.until.IsZero() || now.Before(v.until))
}

func note[V any](known *map[string]V, photo string, what V) {
	if *known == nil || len(*known) >= mostKnown {
		*known = map[string]V{}
	}
	(*known)[photo] = what
}
