package probe

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"io"
	"testing"
)

// counter is a reader that counts what is asked of it.
type counter struct {
	b            []byte
	calls, bytes int
}

func (c *counter) ReadAt(p []byte, off int64) (int, error) {
	c.calls++
	c.bytes += len(p)
	if off >= int64(len(c.b)) {
		return 0, io.EOF
	}
	n := copy(p, c.b[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func read(b []byte) (Header, error) { return Read(bytes.NewReader(b), int64(len(b))) }

func mustRead(t *testing.T, b []byte) Header {
	t.Helper()
	h, err := read(b)
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	return h
}

func cat(parts ...any) []byte {
	var b []byte
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			b = append(b, p...)
		case []byte:
			b = append(b, p...)
		case byte:
			b = append(b, p)
		case int: // a byte, as untyped constants come as int
			b = append(b, byte(p))
		case uint16:
			b = binary.BigEndian.AppendUint16(b, p)
		case uint32:
			b = binary.BigEndian.AppendUint32(b, p)
		default:
			panic("cat")
		}
	}
	return b
}

// JPEG

func seg(marker byte, parts ...any) []byte {
	body := cat(parts...)
	return cat(0xFF, marker, uint16(len(body)+2), body)
}

// sof builds a frame header; a sampling is 0x21 for 2 × 1.
func sof(marker byte, w, h uint16, sampling ...byte) []byte {
	b := cat(8, h, w, len(sampling))
	for i, s := range sampling {
		b = append(b, byte(i+1), s, 0)
	}
	return seg(marker, b)
}

func sos(components int) []byte {
	b := cat(components)
	for i := range components {
		b = append(b, byte(i+1), 0)
	}
	return seg(mSOS, b, "\x00\x3f\x00")
}

func jpegOf(segments ...[]byte) []byte {
	return cat("\xff\xd8", bytes.Join(segments, nil), "pixels", "\xff\xd9")
}

// smallJPEG has the given segments in front of an 8 × 8 grey frame.
func smallJPEG(segments ...[]byte) []byte {
	return jpegOf(bytes.Join(segments, nil), sof(mSOF0, 8, 8, 0x11), sos(1))
}

// TIFF and EXIF

type field struct {
	tag   int
	kind  int
	value []byte // in the byte order of the file
	count int    // 0: by the size of the value
}

func ascii(tag int, s string) field { return field{tag: tag, kind: 2, value: []byte(s + "\x00")} }

func short(o binary.ByteOrder, tag, v int) field {
	b := make([]byte, 2)
	o.PutUint16(b, uint16(v))
	return field{tag: tag, kind: 3, value: b}
}

func long(o binary.ByteOrder, tag, v int) field {
	b := make([]byte, 4)
	o.PutUint32(b, uint32(v))
	return field{tag: tag, kind: 4, value: b}
}

// tiffOf builds a classic TIFF. Its directories follow each other in the
// chain, except for one that a field of the kind −1 points to by its index.
func tiffOf(o binary.ByteOrder, chain int, dirs ...[]field) []byte {
	b := []byte("II*\x00")
	if o == binary.ByteOrder(binary.BigEndian) {
		b = []byte("MM\x00*")
	}
	u16 := func(v int) { b = append(b, 0, 0); o.PutUint16(b[len(b)-2:], uint16(v)) }
	u32 := func(v int) { b = append(b, 0, 0, 0, 0); o.PutUint32(b[len(b)-4:], uint32(v)) }
	offs := make([]int, len(dirs)+1)
	end := 8
	for i, d := range dirs {
		offs[i] = end
		end += 2 + 12*len(d) + 4
	}
	u32(8)
	var tail []byte
	for i, d := range dirs {
		u16(len(d))
		for _, f := range d {
			u16(f.tag)
			if f.kind < 0 {
				u16(4)
				u32(1)
				u32(offs[f.count])
				continue
			}
			n := f.count
			if n == 0 {
				n = len(f.value) / kindSize[f.kind]
			}
			u16(f.kind)
			u32(n)
			if len(f.value) <= 4 {
				b = append(b, append(f.value, 0, 0, 0, 0)[:4]...)
				continue
			}
			u32(end + len(tail))
			tail = append(tail, f.value...)
		}
		if i+1 < chain {
			u32(offs[i+1])
		} else {
			u32(0)
		}
	}
	return append(b, tail...)
}

func orientationExif(o binary.ByteOrder, v int) []byte {
	return tiffOf(o, 1, []field{short(o, tagOrientation, v)})
}

// PNG

func chunk(kind string, parts ...any) []byte {
	body := cat(parts...)
	return cat(uint32(len(body)), kind, body, crc32.ChecksumIEEE(cat(kind, body)))
}

func pngOf(w, h uint32, depth, kind, interlace byte, chunks ...[]byte) []byte {
	return cat("\x89PNG\r\n\x1a\n", chunk("IHDR", w, h, depth, kind, 0, 0, interlace),
		bytes.Join(chunks, nil), chunk("IDAT", "pixels"), chunk("IEND"))
}

// WebP

func riff(kind string, parts ...any) []byte {
	body := cat(parts...)
	b := cat(kind, binary.LittleEndian.AppendUint32(nil, uint32(len(body))), body)
	if len(body)%2 == 1 {
		b = append(b, 0)
	}
	return b
}

func webpOf(chunks ...[]byte) []byte {
	body := cat("WEBP", bytes.Join(chunks, nil))
	return cat("RIFF", binary.LittleEndian.AppendUint32(nil, uint32(len(body))), body)
}

func vp8(w, h int) []byte {
	return riff("VP8 ", "\x10\x00\x00\x9d\x01\x2a", w, w>>8, h, h>>8, "pixels")
}

func vp8l(w, h int, alpha uint32) []byte {
	v := uint32(w-1) | uint32(h-1)<<14 | alpha<<28
	return riff("VP8L", 0x2F, binary.LittleEndian.AppendUint32(nil, v), "pixels")
}

func vp8x(flags byte, w, h int) []byte {
	w, h = w-1, h-1
	return riff("VP8X", flags, "\x00\x00\x00", w, w>>8, w>>16, h, h>>8, h>>16)
}
