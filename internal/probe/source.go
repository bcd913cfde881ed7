package probe

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

const (
	firstRead = 64 << 10 // the front of a file, and any jump
	lastRead  = 1 << 20  // what reads grow to while they follow each other

	maxRead  = 24 << 20 // bytes read of one file in all
	maxReads = 160
)

// errBudget says that a file wanted more reading than probe gives. Metadata
// and counting stop there; where the size is not yet known, it is damage.
var errBudget = fmt.Errorf("%w: the header goes on for too long", ErrDamaged)

// errShort says that the file ends before the bytes that were asked for.
var errShort = fmt.Errorf("%w: the file ends within its header", ErrDamaged)

// span is anything with bytes at offsets: a file, or a block of metadata.
type span interface {
	// at gives exactly n bytes at off, or errShort. The bytes are not to be
	// written to.
	at(off int64, n int) ([]byte, error)
}

// block is a span in memory.
type block []byte

func (b block) at(off int64, n int) ([]byte, error) {
	if off < 0 || n < 0 || off > int64(len(b)) || int64(n) > int64(len(b))-off {
		return nil, errShort
	}
	return b[off : off+int64(n)], nil
}

// source is a span of a file, read piece by piece within a budget. A piece
// that was given stays valid, as each read has a buffer of its own.
type source struct {
	r    io.ReaderAt
	size int64

	buf   []byte // the last piece read
	off   int64  // where it lies
	step  int64  // how much to read next
	reads int
	total int64
}

func (s *source) at(off int64, n int) ([]byte, error) {
	if off < 0 || n < 0 || off > s.size || int64(n) > s.size-off {
		return nil, errShort
	}
	if off >= s.off && off+int64(n) <= s.off+int64(len(s.buf)) {
		return s.buf[off-s.off : off-s.off+int64(n)], nil
	}
	return s.fill(off, n)
}

// upTo is at for as many of n bytes as the file has.
func (s *source) upTo(off int64, n int) ([]byte, error) {
	if off < 0 || off >= s.size {
		return nil, errShort
	}
	return s.at(off, int(min(int64(n), s.size-off)))
}

// fill reads a new piece that starts at off: the next, larger one if off is
// close behind the last, else one of the first size.
func (s *source) fill(off int64, n int) ([]byte, error) {
	end := s.off + int64(len(s.buf))
	if s.step == 0 || off < s.off || off > end+s.step {
		s.step = firstRead
	} else {
		s.step = min(s.step*2, lastRead)
	}
	want := min(max(s.step, int64(n)), s.size-off)
	if s.reads >= maxReads || s.total+want > maxRead {
		return nil, errBudget
	}
	s.reads++
	s.total += want
	buf := make([]byte, want)
	got, err := s.r.ReadAt(buf, off)
	if got < n {
		if err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, errShort
		}
		return nil, fmt.Errorf("reading %d bytes at %d: %w", want, off, err)
	}
	s.buf, s.off = buf[:got], off
	return buf[:n], nil
}

// headerOnly passes on what stops a probe for good, a failing reader, and
// turns what merely ends the metadata, damage or the budget, into nil.
func headerOnly(err error) error {
	if errors.Is(err, ErrDamaged) {
		return nil
	}
	return err
}

// clone keeps bytes without the piece that they were read with.
func clone(b []byte) []byte { return bytes.Clone(b) }

func be16(b []byte) int { return int(b[0])<<8 | int(b[1]) }
func be32(b []byte) uint32 {
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}
func be64(b []byte) uint64 { return uint64(be32(b))<<32 | uint64(be32(b[4:])) }
func le16(b []byte) int    { return int(b[1])<<8 | int(b[0]) }
func le24(b []byte) int    { return int(b[2])<<16 | int(b[1])<<8 | int(b[0]) }
func le32(b []byte) uint32 {
	return uint32(b[3])<<24 | uint32(b[2])<<16 | uint32(b[1])<<8 | uint32(b[0])
}
