package probe

import "bytes"

// JPEG markers, ITU-T T.81 table B.1.
const (
	mTEM  = 0x01
	mSOF0 = 0xC0
	mDHT  = 0xC4
	mJPG  = 0xC8
	mDAC  = 0xCC
	mRST0 = 0xD0
	mSOI  = 0xD8
	mEOI  = 0xD9
	mSOS  = 0xDA
	mAPP0 = 0xE0
	mCOM  = 0xFE
	mJLS  = 0xF7 // SOF55 of JPEG-LS
)

const (
	maxSegments = 2048     // segments in front of the first scan
	maxGarbage  = 64 << 10 // bytes between two segments that belong to none
)

// readJPEG walks the segments up to the first scan. What comes behind belongs
// to decoders.
func readJPEG(s *source, h *Header) error {
	var app appData
	pos := int64(2)
	frame := false
	for range maxSegments {
		marker, next, err := nextMarker(s, pos)
		if err != nil {
			return err
		}
		pos = next
		switch {
		case marker == mTEM || marker >= mRST0 && marker <= mSOI:
			continue // no length follows
		case marker == mEOI:
			return damaged("JPEG ends before its pixels")
		}
		b, err := s.at(pos, 2)
		if err != nil {
			return err
		}
		n := be16(b)
		if n < 2 {
			return damaged("JPEG segment %02X of length %d", marker, n)
		}
		body := pos + 2
		pos += int64(n)
		switch {
		case marker == mSOS:
			if !frame {
				return damaged("JPEG scan without a frame")
			}
			b, err := s.at(body, 1)
			if err != nil {
				return err
			}
			h.MultiScan = h.Progressive || int(b[0]) < h.Channels
			app.finish(h)
			return nil
		case isSOF(marker):
			if frame {
				return damaged("JPEG with a second frame")
			}
			frame = true
			b, err := s.at(body, n-2)
			if err != nil {
				return err
			}
			if err := readSOF(h, marker, b); err != nil {
				return err
			}
		case marker > mAPP0 && marker <= mAPP0+14:
			b, err := s.at(body, n-2)
			if err != nil {
				return err
			}
			app.add(marker-mAPP0, b)
		}
	}
	return damaged("JPEG with more than %d segments before its pixels", maxSegments)
}

func isSOF(m byte) bool {
	return m >= mSOF0 && m <= 0xCF && m != mDHT && m != mJPG && m != mDAC || m == mJLS
}

// nextMarker finds the marker at or behind pos and where its segment goes on.
// Like decoders it skips bytes that belong to no segment, up to a bound.
func nextMarker(s *source, pos int64) (marker byte, next int64, err error) {
	b, err := s.at(pos, 2)
	if err != nil {
		return 0, 0, err
	}
	if b[0] == 0xFF && b[1] != 0xFF && b[1] != 0 {
		return b[1], pos + 2, nil
	}
	if b, err = s.upTo(pos, maxGarbage); err != nil {
		return 0, 0, err
	}
	for i := 0; i+1 < len(b); i++ {
		j := bytes.IndexByte(b[i:], 0xFF)
		if j < 0 {
			break
		}
		i += j
		if i+1 < len(b) && b[i+1] != 0xFF && b[i+1] != 0 {
			return b[i+1], pos + int64(i) + 2, nil
		}
	}
	return 0, 0, damaged("JPEG without a marker where one should be")
}

// readSOF reads a frame header, T.81 B.2.2.
func readSOF(h *Header, marker byte, b []byte) error {
	switch marker {
	case 0xC0, 0xC1, 0xC9:
	case 0xC2, 0xCA:
		h.Progressive = true
	case 0xC3, 0xCB:
		return unsupported("lossless JPEG")
	case mJLS:
		return unsupported("JPEG-LS")
	default:
		return unsupported("hierarchical JPEG")
	}
	if len(b) < 6 {
		return errShort
	}
	h.Depth, h.Height, h.Width, h.Channels = int(b[0]), be16(b[1:]), be16(b[3:]), int(b[5])
	if h.Depth != 8 {
		if h.Depth == 12 {
			return unsupported("JPEG of 12 bits a sample")
		}
		return damaged("JPEG of %d bits a sample", h.Depth)
	}
	if h.Height == 0 && h.Width > 0 {
		return unsupported("JPEG that tells its height after its pixels (DNL)")
	}
	if h.Channels < 1 || h.Channels > 4 || len(b) < 6+3*h.Channels {
		return damaged("JPEG of %d components", h.Channels)
	}
	h.CMYK = h.Channels == 4
	hmax, vmax := int64(1), int64(1)
	for i := range h.Channels {
		f := b[6+3*i+1]
		x, y := int64(f>>4), int64(f&15)
		if x < 1 || x > 4 || y < 1 || y > 4 {
			return damaged("JPEG sampling factor %d × %d", x, y)
		}
		hmax, vmax = max(hmax, x), max(vmax, y)
	}
	across := (int64(h.Width) + 8*hmax - 1) / (8 * hmax)
	down := (int64(h.Height) + 8*vmax - 1) / (8 * vmax)
	for i := range h.Channels {
		f := b[6+3*i+1]
		h.Samples += across * down * 64 * int64(f>>4) * int64(f&15)
	}
	return nil
}
