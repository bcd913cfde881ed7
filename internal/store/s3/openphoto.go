package s3

import (
	"fmt"
	"io"
	"io/fs"
	"sync"

	"photofit/internal/store"
)

const (
	// headMost is how much of a photo's beginning is kept at most while it is
	// looked at, in bytes. Files whose header lies within, at their end even, are
	// read by the one GET; in larger ones, what lies further is a GET of its own.
	headMost = 32 << 20
	// headRead is how much of it Read keeps, in bytes: enough to tell a type and
	// start over.
	headRead = 64 << 10
	// headPiece is how the head is kept: in pieces of that many bytes.
	headPiece = 64 << 10
)

// openPhoto is a photo being read, as it comes from the one GET that Open has
// sent.
//
// ReadAt of a few bytes keeps what had to be read up to there. ReadAt of all the
// rest writes it straight into its caller's buffer, and what was kept goes, so
// that no photo is in memory twice. Read hands on what comes, so that the first
// byte of an original is on its way long before the last one is here. All else,
// going back to what was not kept or far ahead, is another GET, of the same
// version.
type openPhoto struct {
	photo store.Photo

	mu     sync.Mutex
	stream *stream
	head   [][]byte // pieces of the first bytes
	kept   int64    // bytes in head
	at     int64    // where Read goes on
	closed bool
}

var _ store.OpenPhoto = (*openPhoto)(nil)

func newOpenPhoto(s *stream, photo store.Photo) *openPhoto {
	photo.Size = s.size
	return &openPhoto{photo: photo, stream: s}
}

func (o *openPhoto) Photo() store.Photo { return o.photo }

// Read gives what comes next, as soon as there is some.
func (o *openPhoto) Read(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return 0, fs.ErrClosed
	}
	if o.at >= o.photo.Size {
		return 0, io.EOF
	}
	if o.at == o.kept && o.at < headRead && o.stream.pos == o.kept {
		if err := o.more(); err != nil {
			return 0, err
		}
	}
	if o.at < o.kept {
		n := o.copy(p, o.at)
		o.at += int64(n)
		return n, nil
	}
	if err := o.stream.seek(o.at); err != nil {
		return 0, err
	}
	n, err := o.stream.Read(p)
	o.at += int64(n)
	return n, err
}

// Seek sets where Read goes on. It asks S3 for nothing.
func (o *openPhoto) Seek(offset int64, whence int) (int64, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	at, err := position(offset, whence, o.at, o.photo.Size)
	if err == nil {
		o.at = at
	}
	return at, err
}

// position is where a Seek leads to.
func position(offset int64, whence int, at, size int64) (int64, error) {
	switch whence {
	case io.SeekStart:
	case io.SeekCurrent:
		offset += at
	case io.SeekEnd:
		offset += size
	default:
		return 0, fmt.Errorf("seek: whence %d", whence)
	}
	if offset < 0 {
		return 0, fmt.Errorf("seek: position %d", offset)
	}
	return offset, nil
}

// ReadAt is io.ReaderAt's.
func (o *openPhoto) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 {
		return 0, fmt.Errorf("read: position %d", off)
	}
	if off >= o.photo.Size {
		return 0, io.EOF
	}
	var end error
	if left := o.photo.Size - off; int64(len(p)) > left {
		p, end = p[:left], io.EOF
	}
	n, err := o.readAt(p, off)
	if err == nil {
		err = end
	}
	return n, err
}

// readAt reads all of p, which lies within the photo.
func (o *openPhoto) readAt(p []byte, off int64) (int, error) {
	to := off + int64(len(p))
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.closed {
		return 0, fs.ErrClosed
	}
	goesOn := o.stream.pos == o.kept
	switch {
	case to <= o.kept:
		return o.copy(p, off), nil
	case goesOn && off <= o.kept && to == o.photo.Size:
		n := o.copy(p, off)
		o.head, o.kept = nil, 0
		m, err := o.stream.all(p[n:])
		return n + m, err
	case goesOn && to <= headMost:
		for o.kept < to {
			if err := o.more(); err != nil {
				return o.copy(p, off), err
			}
		}
		return o.copy(p, off), nil
	}
	// Somewhere else: nobody need wait for it.
	aside := o.stream.part(o.stream.ctx, off, to)
	o.mu.Unlock()
	defer o.mu.Lock()
	defer aside.drop(false)
	return io.ReadFull(aside, p)
}

// more keeps what comes next: once what there is.
func (o *openPhoto) more() error {
	i, used := int(o.kept/headPiece), int(o.kept%headPiece)
	if i == len(o.head) {
		o.head = append(o.head, make([]byte, min(headPiece, o.photo.Size-o.kept)))
	}
	n, err := o.stream.Read(o.head[i][used:])
	o.kept += int64(n)
	if n > 0 {
		return nil
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// copy copies from what is kept.
func (o *openPhoto) copy(p []byte, off int64) (n int) {
	for n < len(p) && off < o.kept {
		piece := o.head[off/headPiece]
		m := copy(p[n:], piece[off%headPiece:min(int64(len(piece)), o.kept-off/headPiece*headPiece)])
		n, off = n+m, off+int64(m)
	}
	return n
}

// Close lets go of the photo.
func (o *openPhoto) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.closed {
		o.closed, o.head = true, nil
		o.stream.close()
	}
	return nil
}
