package store

import (
	"container/list"
	"os"
	"sync"
	"syscall"
)

const (
	hotLargest = 256 << 10 // bytes of a rendition that is held, at most; sending a file pays for larger ones
	hotSeen    = 4096      // how many keys are known to have been asked for once
)

// hot holds in memory what is asked for again and again, so that it is sent
// without opening a file and reading its trailer. What the folder has counts:
// at each use one stat tells whether the file still is the one that was read,
// so other processes may replace and remove it. The bytes lie outside of Go's
// heap, which would grow by a multiple of them, and are given back once they are
// out of use and their last reader has closed.
type hot struct {
	mu    sync.Mutex
	max   int64                    // for all bodies
	total int64                    // of the bodies that are there, also for readers only
	used  *list.List               // of *hotFile, the last used in front
	files map[string]*list.Element // by key
	seen  map[string]bool          // keys that were asked for once
}

// hotFile is a rendition in memory. All but users never changes.
type hotFile struct {
	key, path string
	stamp     stamp
	meta      Meta
	memory    []byte // mapped: the body, and what is left of its last page
	users     int    // readers, and the list
}

// stamp tells a file from another that gets its name, and from what it was
// before.
type stamp struct {
	inode                   uint64
	size, modified, changed int64
}

func stampOf(st *syscall.Stat_t) stamp { return stamp{st.Ino, st.Size, modTime(st), changeTime(st)} }

func newHot(maxBytes int64) *hot {
	return &hot{max: maxBytes, used: list.New(), files: map[string]*list.Element{}, seen: map[string]bool{}}
}

// get gives the rendition that is held of a key, if it is what the folder has;
// else nil.
func (h *hot) get(key string) *hotBody {
	h.mu.Lock()
	e := h.files[key]
	if e == nil {
		h.mu.Unlock()
		return nil
	}
	h.used.MoveToFront(e)
	f := e.Value.(*hotFile)
	f.users++
	h.mu.Unlock()

	var st syscall.Stat_t
	if err := syscall.Stat(f.path, &st); err == nil && stampOf(&st) == f.stamp {
		return newHotBody(h, f)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.leave(f)
	if h.files[key] == e {
		h.remove(e)
		h.see(key) // so that what is there now is held at once
	}
	return nil
}

// offer gives a rendition from memory that was opened as a file, and holds it
// from now on: if its key was asked for before, and there is room. Else nil.
func (h *hot) offer(key, path string, file *os.File, st *syscall.Stat_t, m Meta) *hotBody {
	if m.Size > hotLargest || m.Size == 0 {
		return nil
	}
	page := int64(os.Getpagesize())
	size := (m.Size + page - 1) / page * page
	if !h.admit(key, size) {
		return nil
	}
	memory, err := syscall.Mmap(-1, 0, int(size), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err == nil {
		_, err = file.ReadAt(memory[:m.Size], 0)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if err != nil { // as a file it may come to the same, and tell
		h.free(memory, size)
		return nil
	}
	f := &hotFile{key: key, path: path, stamp: stampOf(st), meta: m, memory: memory, users: 1}
	if e := h.files[key]; e != nil {
		h.remove(e)
	}
	if h.max > 0 {
		f.users++
		h.files[key] = h.used.PushFront(f)
	}
	return newHotBody(h, f)
}

// admit tells whether a key's rendition is to be held, and makes room for its
// size bytes. Those that are out of use but still have a reader take room, too.
func (h *hot) admit(key string, size int64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if size > h.max {
		return false
	}
	if !h.seen[key] {
		h.see(key)
		return false
	}
	for h.total+size > h.max && h.used.Len() > 0 {
		h.remove(h.used.Back())
	}
	if h.total+size > h.max {
		return false
	}
	delete(h.seen, key)
	h.total += size
	return true
}

// see notes that a key was asked for; mu is held.
func (h *hot) see(key string) {
	if len(h.seen) >= hotSeen {
		clear(h.seen)
	}
	h.seen[key] = true
}

// close lets go of everything. What readers have stays until they close.
func (h *hot) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.max = 0
	for h.used.Len() > 0 {
		h.remove(h.used.Back())
	}
}

// remove takes a file from the list; mu is held.
func (h *hot) remove(e *list.Element) {
	f := h.used.Remove(e).(*hotFile)
	delete(h.files, f.key)
	h.leave(f)
}

// leave is one user less; mu is held.
func (h *hot) leave(f *hotFile) {
	if f.users--; f.users == 0 {
		h.free(f.memory, int64(len(f.memory)))
	}
}

// free gives memory back, for which there is room of size bytes; mu is held.
func (h *hot) free(memory []byte, size int64) {
	h.total -= size
	if memory != nil {
		_ = syscall.Munmap(memory)
	}
}
