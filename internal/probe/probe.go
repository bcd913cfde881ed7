// Package probe tells what a photo's bytes say of it, before anything is
// decoded.
//
// Limits and memory are decided from what this package reports, so it is the
// first to touch bytes that anybody may have made. It is plain Go and trusts
// nothing: every read is bounds checked, every loop has an end that does not
// depend on a number in the file, and nothing is allocated because a field
// asked for it. It reads a photo the way an S3 range read likes it: 64 KiB at
// the front, larger pieces if the headers go on, a jump over what is not
// needed; never more than maxRead bytes in maxReads reads.
//
// It also carries over the little metadata that has to survive when all the
// rest goes: who holds the rights ([Rights]), the colour profile
// ([ParseProfile]), which way is up. Pixels stay closed: a header that
// probe accepts may still belong to a photo that does not decode.
package probe

import (
	"errors"
	"fmt"
	"io"
)

var (
	// ErrUnknown says that the bytes are no picture that we know: text, a
	// page, a film, nothing at all.
	ErrUnknown = errors.New("not a picture of a known type")

	// ErrUnsupported says that it is a picture, of a type or a variant that
	// is not taken. The error's text names it.
	ErrUnsupported = errors.New("picture type not taken")

	// ErrDamaged says that the header contradicts itself or ends early.
	ErrDamaged = errors.New("damaged picture")
)

// Read reports what the header of a photo of size bytes says. Its errors are
// ErrUnknown, ErrUnsupported and ErrDamaged, wrapped with what was found, or
// r's own when reading fails. With ErrUnsupported the Header still tells the
// Type where it has a name here.
//
// Metadata that is broken (EXIF, XMP, IPTC, ICC) is left out, it is never an
// error. The Header keeps nothing of r.
func Read(r io.ReaderAt, size int64) (Header, error) {
	if size <= 0 {
		return Header{}, fmt.Errorf("%w: empty file", ErrUnknown)
	}
	s := &source{r: r, size: size}
	head, err := s.upTo(0, firstRead)
	if err != nil {
		return Header{}, err
	}
	h := Header{Type: sniff(head), Orientation: 1, Frames: 1, Pages: 1}
	switch h.Type {
	case JPEG:
		err = readJPEG(s, &h)
	case PNG:
		err = readPNG(s, &h)
	case GIF:
		err = readGIF(s, &h)
	case WebP:
		err = readWebP(s, &h)
	case TIFF:
		err = readTIFF(s, &h)
	case AVIF:
		err = readHEIF(s, &h)
	default:
		return Header{}, notTaken(head)
	}
	if err == nil {
		err = h.check()
	}
	if err != nil {
		return Header{Type: h.Type}, err
	}
	return h, nil
}

// maxSide is the largest width or height that is believed: what fits a signed
// 32-bit number, as every decoder keeps them.
const maxSide = 1<<31 - 1

func (h *Header) check() error {
	if h.Width <= 0 || h.Height <= 0 || int64(h.Width) > maxSide || int64(h.Height) > maxSide {
		return damaged("%s of %d × %d pixels", h.Type, h.Width, h.Height)
	}
	if h.Orientation < 1 || h.Orientation > 8 {
		h.Orientation = 1
	}
	return nil
}

func damaged(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrDamaged, fmt.Sprintf(format, args...))
}

func unsupported(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrUnsupported, fmt.Sprintf(format, args...))
}
