package store

import (
	"bytes"
	"container/list"
	"context"
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

// Mem is Renditions in memory, for tests and for a server without a cache
// folder. What was used least recently goes first.
type Mem struct {
	max int64

	mu      sync.Mutex
	total   int64
	used    *list.List                          // of *memItem, the last used in front
	folders map[string]map[string]*list.Element // by what is before the key's last slash, then by key
}

type memItem struct {
	folder, key string
	body        []byte // never changes
	meta        Meta
}

func (it *memItem) cost() int64 { return int64(len(it.body) + len(it.key)) }

var _ Renditions = (*Mem)(nil)

// NewMem makes an empty one that keeps up to maxBytes of bodies and keys; 0 or
// less is no bound.
func NewMem(maxBytes int64) *Mem {
	return &Mem{max: maxBytes, used: list.New(), folders: map[string]map[string]*list.Element{}}
}

// Get is Renditions.Get. The body shares its bytes with every other reader of
// them; it is an io.ReaderAt too.
func (m *Mem) Get(ctx context.Context, key string) (*Rendition, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.folders[folderOf(key)][key]
	if e == nil {
		return nil, &fs.PathError{Op: "get", Path: key, Err: fs.ErrNotExist}
	}
	m.used.MoveToFront(e)
	it := e.Value.(*memItem)
	return &Rendition{Meta: it.meta, Body: memBody{bytes.NewReader(it.body)}}, nil
}

// Put is Renditions.Put.
func (m *Mem) Put(ctx context.Context, key string, body []byte, meta Meta) error {
	if err := CheckPut(ctx, key, body, meta); err != nil {
		return err
	}
	meta.ModTime = ToSecond(meta.ModTime)
	it := &memItem{folderOf(key), key, bytes.Clone(body), meta}
	if m.max > 0 && it.cost() > m.max {
		return fmt.Errorf("%w: %d bytes of %d", ErrTooLarge, it.cost(), m.max)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if old := m.folders[it.folder][key]; old != nil {
		m.remove(old)
	}
	if m.folders[it.folder] == nil {
		m.folders[it.folder] = map[string]*list.Element{}
	}
	m.folders[it.folder][key] = m.used.PushFront(it)
	m.total += it.cost()
	for m.max > 0 && m.total > m.max {
		m.remove(m.used.Back())
	}
	return nil
}

// Forget is Renditions.Forget.
func (m *Mem) Forget(ctx context.Context, prefix string) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	folder, err := CheckPrefix(prefix)
	if err != nil {
		return 0, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(m.folders[folder])
	for _, e := range m.folders[folder] {
		m.remove(e)
	}
	return n, nil
}

// remove takes one out; mu is held.
func (m *Mem) remove(e *list.Element) {
	it := m.used.Remove(e).(*memItem)
	m.total -= it.cost()
	delete(m.folders[it.folder], it.key)
	if len(m.folders[it.folder]) == 0 {
		delete(m.folders, it.folder)
	}
}

func folderOf(key string) string { return key[:max(0, strings.LastIndexByte(key, '/'))] }

type memBody struct{ *bytes.Reader }

func (memBody) Close() error { return nil }
