package s3

import (
	"sync"
	"time"

	"photofit/internal/store"
)

// mostRemembered is how many photos are remembered at most: about 20 MB.
const mostRemembered = 100_000

// memory holds what was learnt of photos, for a while.
type memory struct {
	hold time.Duration

	mu     sync.RWMutex
	photos map[string]remembered
}

type remembered struct {
	photo store.Photo
	asked time.Time // before S3 was
}

func (m *memory) get(key string) (store.Photo, bool) {
	if m.hold <= 0 {
		return store.Photo{}, false
	}
	m.mu.RLock()
	r, ok := m.photos[key]
	m.mu.RUnlock()
	if !ok || time.Since(r.asked) >= m.hold {
		return store.Photo{}, false
	}
	return r.photo, true
}

// put remembers what an answer to a question of that time said. An answer to an
// older question than the one that is remembered tells nothing new.
func (m *memory) put(key string, photo store.Photo, asked time.Time) {
	if m.hold <= 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if old, ok := m.photos[key]; ok && old.asked.After(asked) {
		return
	}
	if m.photos == nil {
		m.photos = map[string]remembered{}
	}
	if len(m.photos) >= mostRemembered {
		m.makeRoom()
	}
	m.photos[key] = remembered{photo, asked}
}

// makeRoom lets go of what is no longer good, or of all of it if that is less
// than half.
func (m *memory) makeRoom() {
	before := len(m.photos)
	for key, r := range m.photos {
		if time.Since(r.asked) >= m.hold {
			delete(m.photos, key)
		}
	}
	if len(m.photos) > before/2 {
		clear(m.photos)
	}
}

func (m *memory) drop(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.photos, key)
}
