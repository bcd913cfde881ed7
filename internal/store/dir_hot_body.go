package store

import (
	"bytes"
	"io"
	"io/fs"
	"sync"
)

// hotBody reads what a hot holds. Unlike a slice, it may be read while it is
// closed: http.ServeContent does so when a client leaves amid several ranges.
type hotBody struct {
	hot *hot

	mu     sync.Mutex
	file   *hotFile // nil once closed
	reader bytes.Reader
}

var _ BytesBody = (*hotBody)(nil)

func newHotBody(h *hot, f *hotFile) *hotBody {
	b := &hotBody{hot: h, file: f}
	b.reader.Reset(f.memory[:f.meta.Size])
	return b
}

func (b *hotBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.file == nil {
		return 0, fs.ErrClosed
	}
	return b.reader.Read(p)
}

func (b *hotBody) ReadAt(p []byte, off int64) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.file == nil {
		return 0, fs.ErrClosed
	}
	return b.reader.ReadAt(p, off)
}

func (b *hotBody) Seek(offset int64, whence int) (int64, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.file == nil {
		return 0, fs.ErrClosed
	}
	return b.reader.Seek(offset, whence)
}

func (b *hotBody) Next(n int64) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.file == nil {
		return nil
	}
	left := int64(b.reader.Len())
	start := b.file.meta.Size - left
	n = min(n, left)
	_, _ = b.reader.Seek(n, io.SeekCurrent)
	return b.file.memory[start : start+n]
}

func (b *hotBody) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.file == nil {
		return fs.ErrClosed
	}
	b.hot.mu.Lock()
	b.hot.leave(b.file)
	b.hot.mu.Unlock()
	b.file = nil
	b.reader.Reset(nil)
	return nil
}
