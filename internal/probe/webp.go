package probe

import "bytes"

const maxWebPChunks = 1 << 16

// readWebP reads the RIFF chunks of RFC 9649.
func readWebP(s *source, h *Header) error {
	h.Depth, h.Colour.Space = 8, SpaceYCC
	b, err := s.at(12, 8)
	if err != nil {
		return err
	}
	size := int64(le32(b[4:]))
	switch string(b[:4]) {
	case "VP8 ", "VP8L":
		if err := readBitstream(s, 20, string(b[:4]), h); err != nil {
			return err
		}
		h.Channels = webpChannels(h)
		return nil
	case "VP8X":
		if size < 10 {
			return damaged("WebP header of %d bytes", size)
		}
	default:
		return damaged("WebP that starts with %q", b[:4])
	}
	if b, err = s.at(20, 10); err != nil {
		return err
	}
	flags := b[0]
	h.Width, h.Height = le24(b[4:])+1, le24(b[7:])+1
	h.Alpha, h.Animated = flags&0x10 != 0, flags&0x02 != 0
	h.Channels = webpChannels(h)
	w := webpWalk{s: s, h: h, wantICC: flags&0x20 != 0, wantExif: flags&0x08 != 0, wantXMP: flags&0x04 != 0}
	if h.Animated {
		h.Frames = 0
	}
	err = w.walk(20 + size + size%2)
	if err == nil && !w.pixels {
		err = damaged("WebP without pixels")
	}
	if !w.pixels || headerOnly(err) != nil {
		return err
	}
	h.FramesCut = h.Animated && err == errBudget
	e := readExif(w.exif)
	h.Orientation, h.Colour.AdobeRGB = e.orientation, e.adobeRGB
	h.Taken, h.TakenZoned = e.taken, e.zoned
	x := readXMP(w.xmp)
	h.Rights = merge(x.rights, e.rights)
	h.Caption = firstText(x.caption, e.caption)
	h.setICC(w.icc)
	return nil
}

func webpChannels(h *Header) int {
	if h.Alpha {
		return 4
	}
	return 3
}

type webpWalk struct {
	s                          *source
	h                          *Header
	wantICC, wantExif, wantXMP bool
	icc, exif, xmp             []byte
	pixels                     bool
}

// walk goes over the chunks behind VP8X, and no farther than it must.
func (w *webpWalk) walk(pos int64) error {
	for range maxWebPChunks {
		if pos == w.s.size || w.done() {
			return nil
		}
		b, err := w.s.at(pos, 8)
		if err != nil {
			return err
		}
		kind, size := string(b[:4]), int64(le32(b[4:]))
		switch kind {
		case "VP8 ", "VP8L":
			if !w.pixels && !w.h.Animated {
				if err := w.still(pos+8, kind); err != nil {
					return err
				}
			}
		case "ANMF":
			if err := w.frame(pos+8, size); err != nil {
				return err
			}
		case "ICCP":
			w.icc, err = w.meta(pos+8, size, maxICC, w.icc, w.wantICC)
		case "EXIF":
			w.exif, err = w.meta(pos+8, size, maxXMP, w.exif, w.wantExif)
			w.exif = bytes.TrimPrefix(w.exif, []byte(exifMark))
		case "XMP ":
			w.xmp, err = w.meta(pos+8, size, maxXMP, w.xmp, w.wantXMP)
		}
		if err != nil {
			return err
		}
		pos += 8 + size + size%2
	}
	return errBudget
}

func (w *webpWalk) done() bool {
	return w.pixels && !w.h.Animated &&
		(!w.wantICC || w.icc != nil) && (!w.wantExif || w.exif != nil) && (!w.wantXMP || w.xmp != nil)
}

// still checks a picture against the canvas, which it fills.
func (w *webpWalk) still(pos int64, kind string) error {
	var f Header
	if err := readBitstream(w.s, pos, kind, &f); err != nil {
		return err
	}
	if f.Width != w.h.Width || f.Height != w.h.Height {
		return damaged("WebP of %d × %d pixels on a canvas of %d × %d", f.Width, f.Height, w.h.Width, w.h.Height)
	}
	w.pixels, w.h.Lossless = true, f.Lossless
	if f.Lossless {
		w.h.Colour.Space = SpaceRGB
	}
	return nil
}

// frame counts a frame, and sees by the first how it is coded.
func (w *webpWalk) frame(pos, size int64) error {
	w.h.Frames++
	if w.pixels {
		return nil
	}
	w.pixels = true
	const head = 16 // place, size, duration, flags
	if size < head+8 {
		return nil
	}
	b, err := w.s.at(pos+head, 4)
	w.h.Lossless = err == nil && string(b) == "VP8L"
	return err
}

// meta gives a chunk's content if it is wanted, not yet known and not too large.
func (w *webpWalk) meta(pos, size, limit int64, old []byte, want bool) ([]byte, error) {
	if old != nil || !want || size > limit {
		return old, nil
	}
	b, err := w.s.at(pos, int(size))
	return clone(b), err
}

// readBitstream reads the frame header of a lossy (RFC 6386 section 9.1) or a
// lossless bitstream (RFC 9649 section 3.4).
func readBitstream(s *source, pos int64, kind string, h *Header) error {
	if kind == "VP8L" {
		b, err := s.at(pos, 5)
		if err != nil {
			return err
		}
		if b[0] != 0x2F {
			return damaged("lossless WebP without its signature")
		}
		v := le32(b[1:])
		h.Width, h.Height = int(v&0x3FFF)+1, int(v>>14&0x3FFF)+1
		h.Alpha, h.Lossless = v>>28&1 == 1, true
		h.Colour.Space = SpaceRGB
		if v>>29 != 0 {
			return damaged("lossless WebP of version %d", v>>29)
		}
		return nil
	}
	b, err := s.at(pos, 10)
	if err != nil {
		return err
	}
	if b[0]&1 != 0 || string(b[3:6]) != "\x9d\x01\x2a" {
		return damaged("WebP that does not begin with a key frame")
	}
	h.Width, h.Height = le16(b[6:])&0x3FFF, le16(b[8:])&0x3FFF
	return nil
}
