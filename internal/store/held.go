package store

import (
	"container/list"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"time"
)

const (
	heldLargest = 256 << 10       // bytes of a rendition that is held, at most; sending a file pays for larger ones
	heldFor     = 5 * time.Minute // then it is looked for again, so that where it is kept knows that it is used
	heldSeen    = 4096            // how many keys are known to have been asked for once
)

// Held is Renditions in front of others. It holds in memory what is asked for
// again and again, so that it is sent without opening a file, or asking S3.
//
// What was made of a version of a photo stays right, whatever becomes of what is
// kept: so Held is asked for a version, and looks nowhere. Get always asks those
// behind. The bytes lie outside of Go's heap, which would grow by a multiple of
// them, and are given back once they are out of use and their last reader has
// closed.
type Held struct {
	Renditions
	now func() time.Time

	mu    sync.Mutex
	max   int64                    // for all bodies
	total int64                    // of the bodies that are there, also for readers only
	used  *list.List               // of *held, the last used in front
	keys  map[string]*list.Element // by key
	seen  map[string]bool          // keys that were asked for once
}

var _ Holder = (*Held)(nil)

// held is a rendition in memory. All but users never changes.
type held struct {
	key    string
	meta   Meta
	since  time.Time
	memory []byte // mapped: the body, and what is left of its last page
	users  int    // readers, and the list
}

// Hold holds renditions of r in up to maxBytes of memory.
func Hold(r Renditions, maxBytes int64) *Held {
	return &Held{Renditions: r, now: time.Now, max: maxBytes, used: list.New(), keys: map[string]*list.Element{}, seen: map[string]bool{}}
}

// Held is Holder.Held. The body is a BytesBody and an io.ReaderAt.
func (h *Held) Held(key, source string) *Rendition {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := h.keys[key]
	if e == nil {
		return nil
	}
	m := e.Value.(*held)
	if m.meta.Source != source || h.now().Sub(m.since) >= heldFor {
		h.remove(e)
		h.see(key) // so that what is there now is held at once
		return nil
	}
	h.used.MoveToFront(e)
	return h.open(m)
}

// open gives a rendition that is held; mu is held.
func (h *Held) open(m *held) *Rendition {
	m.users++
	return &Rendition{Meta: m.meta, Body: newHeldBody(h, m)}
}

// Get is Renditions.Get. What is asked for the second time is read whole, and held
// from then on.
func (h *Held) Get(ctx context.Context, key string) (*Rendition, error) {
	r, err := h.Renditions.Get(ctx, key)
	if err != nil || r.Size > heldLargest || r.Size == 0 {
		return r, err
	}
	page := int64(os.Getpagesize())
	size := (r.Size + page - 1) / page * page
	if !h.admit(key, size) {
		return r, nil
	}
	memory, err := syscall.Mmap(-1, 0, int(size), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		h.free(nil, size)
		return r, nil // as it comes, then
	}
	_, err = io.ReadFull(r.Body, memory[:r.Size])
	_ = r.Body.Close()
	if err != nil {
		h.free(memory, size)
		return nil, fmt.Errorf("get %q: reading it: %w", key, err)
	}
	return h.hold(&held{key: key, meta: r.Meta, since: h.now(), memory: memory}), nil
}

// hold takes a rendition in, and opens it.
func (h *Held) hold(m *held) *Rendition {
	h.mu.Lock()
	defer h.mu.Unlock()
	if e := h.keys[m.key]; e != nil {
		h.remove(e)
	}
	if h.max > 0 {
		m.users++
		h.keys[m.key] = h.used.PushFront(m)
	}
	return h.open(m)
}

// Forget is Renditions.Forget, of what is held, too.
func (h *Held) Forget(ctx context.Context, prefix string) (int, error) {
	n, err := h.Renditions.Forget(ctx, prefix)
	h.mu.Lock()
	defer h.mu.Unlock()
	for key, e := range h.keys {
		if strings.HasPrefix(key, prefix) {
			h.remove(e)
		}
	}
	return n, err
}

// admit tells whether a key's rendition is to be held, and makes room for its
// size bytes. Those that have readers take room, too.
func (h *Held) admit(key string, size int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if size > h.max {
		return false
	}
	if !h.seen[key] {
		h.see(key)
		return false
	}
	for e := h.used.Back(); e != nil && h.total+size > h.max; {
		last := e
		e = e.Prev()
		if last.Value.(*held).users == 1 { // to remove one that has readers gives nothing back
			h.remove(last)
		}
	}
	if h.total+size > h.max {
		return false
	}
	delete(h.seen, key)
	h.total += size
	return true
}

// see notes that a key was asked for; mu is held.
func (h *Held) see(key string) {
	if len(h.seen) >= heldSeen {
		clear(h.seen)
	}
	h.seen[key] = true
}

// Close lets go of everything, and holds nothing more. What readers have stays
// until they close. It does not close what lies behind.
func (h *Held) Close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.max = 0
	for h.used.Len() > 0 {
		h.remove(h.used.Back())
	}
	return nil
}

// remove takes a rendition from the list; mu is held.
func (h *Held) remove(e *list.Element) {
	m := h.used.Remove(e).(*held)
	delete(h.keys, m.key)
	h.leave(m)
}

// leave is one user less; mu is held.
func (h *Held) leave(m *held) {
	if m.users--; m.users == 0 {
		h.giveBack(m.memory, int64(len(m.memory)))
	}
}

// free gives memory back, for which there is room of size bytes.
func (h *Held) free(memory []byte, size int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.giveBack(memory, size)
}

// giveBack is free; mu is held.
func (h *Held) giveBack(memory []byte, size int64) {
	h.total -= size
	if memory != nil {
		_ = syscall.Munmap(memory)
	}
}
