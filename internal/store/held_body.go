package store

import (
	"bytes"
	"io"
	"io/fs"
	"sync"
)

// heldBody reads what a Held holds. Unlike a slice, it may be read while it is
// closed: http.ServeContent does so when a client leaves amid several ranges.
type heldBody struct {
	holder *Held

	mu     sync.Mutex
	held   *held // nil once closed
	reader bytes.Reader
}

var _ BytesBody = (*heldBody)(nil)

func newHeldBody(h *Held, m *held) *heldBody {
	b := &heldBody{holder: h, held: m}
	b.reader.Reset(m.memory[:m.meta.Size])
	return b
}

func (b *heldBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.held == nil {
		return 0, fs.ErrClosed
	}
	return b.reader.Read(p)
}

func (b *heldBody) ReadAt(p []byte, off int64) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.held == nil {
		return 0, fs.ErrClosed
	}
	return b.reader.ReadAt(p, off)
}

func (b *heldBody) Seek(offset int64, whence int) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.held == nil {
		return 0, fs.ErrClosed
	}
	return b.reader.Seek(offset, whence)
}

func (b *heldBody) Next(n int64) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.held == nil {
		return nil
	}
	left := int64(b.reader.Len())
	start := b.held.meta.Size - left
	n = min(n, left)
	_, _ = b.reader.Seek(n, io.SeekCurrent)
	return b.held.memory[start : start+n]
}

func (b *heldBody) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.held == nil {
		return fs.ErrClosed
	}
	b.holder.mu.Lock()
	b.holder.leave(b.held)
	b.holder.mu.Unlock()
	b.held = nil
	b.reader.Reset(nil)
	return nil
}
