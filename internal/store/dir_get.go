package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// touchAfter is how old the note of a file's last use may become.
const touchAfter = 5 * time.Minute

// Get is Renditions.Get. It costs an open, an fstat and one read of the trailer.
// A file whose trailer is not whole is removed. The body is a FileBody and an
// io.ReaderAt.
func (d *Dir) Get(ctx context.Context, key string) (*Rendition, error) {
	if err := d.usable(ctx); err != nil {
		return nil, err
	}
	if CheckKey(key) != nil {
		return nil, notThere("get", key)
	}
	path := d.root + string(filepath.Separator) + fileName(key)
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, absent(err)
	}
	fi, err := f.Stat()
	if err == nil && !fi.Mode().IsRegular() {
		err = notThere("get", key)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	k, meta, err := readTrailer(f, fi.Size())
	if err != nil {
		f.Close()
		if err != errTrailer {
			return nil, fmt.Errorf("get %q: %w", key, err)
		}
		d.removeDamaged(path, fi)
		return nil, notThere("get", key)
	}
	if k != key {
		// Another key's file: the file system has one name for both.
		f.Close()
		return nil, notThere("get", key)
	}
	d.touch(path, fi.ModTime())
	return &Rendition{Meta: meta, Body: &dirBody{f: f, size: meta.Size}}, nil
}

func (d *Dir) usable(ctx context.Context) error {
	if d.closed.Load() {
		return fs.ErrClosed
	}
	return ctx.Err()
}

var trailerBuffers = sync.Pool{New: func() any { return new([trailerMax]byte) }}

// readTrailer reads the trailer of a file of that size; errTrailer if there is none.
func readTrailer(f *os.File, size int64) (key string, m Meta, err error) {
	buf := trailerBuffers.Get().(*[trailerMax]byte)
	defer trailerBuffers.Put(buf)
	tail := buf[:min(size, trailerMax)]
	if _, err := f.ReadAt(tail, size-int64(len(tail))); err != nil {
		if err == io.EOF {
			err = errTrailer // cut since the fstat
		}
		return "", Meta{}, err
	}
	return parseTrailer(tail, size)
}

// removeDamaged removes the file that was found damaged, if it still is there.
func (d *Dir) removeDamaged(path string, seen fs.FileInfo) {
	if now, err := os.Lstat(path); err != nil || !os.SameFile(now, seen) {
		return
	}
	err := os.Remove(path)
	d.log.Warn("a file in the cache folder is damaged", "file", path, "removed", err == nil)
}

// touch notes that a file has been used, if its last note is old. One of the
// future, from before the clock was set back, would keep it for ever.
func (d *Dir) touch(path string, noted time.Time) {
	if d.noTouch.Load() {
		return
	}
	now := d.now()
	if age := now.Sub(noted); age > -touchAfter && age < touchAfter {
		return
	}
	if err := os.Chtimes(path, now, now); err != nil && !errors.Is(err, fs.ErrNotExist) {
		d.noTouch.Store(true)
		d.log.Warn("the cache folder cannot note what is used; it will forget the oldest first", "err", err)
	}
}

// dirBody is the first size bytes of a file.
type dirBody struct {
	f         *os.File
	size, pos int64
}

var _ FileBody = (*dirBody)(nil)

func (b *dirBody) Read(p []byte) (int, error) {
	n, err := b.ReadAt(p, b.pos)
	b.pos += int64(n)
	if n > 0 && err == io.EOF {
		err = nil
	}
	return n, err
}

func (b *dirBody) ReadAt(p []byte, off int64) (int, error) {
	if off >= b.size {
		return 0, io.EOF
	}
	cut := off+int64(len(p)) > b.size
	if cut {
		p = p[:b.size-off]
	}
	n, err := b.f.ReadAt(p, off)
	switch {
	case err == io.EOF:
		err = io.ErrUnexpectedEOF // the trailer should have come
	case err == nil && cut:
		err = io.EOF
	}
	return n, err
}

func (b *dirBody) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += b.pos
	case io.SeekEnd:
		offset += b.size
	default:
		return 0, fmt.Errorf("seek: whence %d", whence)
	}
	if offset < 0 {
		return 0, fmt.Errorf("seek: position %d", offset)
	}
	b.pos = offset
	return offset, nil
}

func (b *dirBody) File() *os.File {
	// A file that cannot be positioned is closed, and says so when it is read.
	_, _ = b.f.Seek(b.pos, io.SeekStart)
	return b.f
}

func (b *dirBody) Close() error { return b.f.Close() }
