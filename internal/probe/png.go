package probe

import (
	"bytes"
	"compress/zlib"
	"hash/crc32"
	"io"
)

const (
	maxChunks = 4096
	maxChunk  = 4 << 20 // of metadata, as stored
	pngXMP    = "XML:com.adobe.xmp"
)

// readPNG walks the chunks (PNG, third edition) up to the first IDAT, and looks
// for metadata among the last 64 KiB, where some programs put it. Orientation
// counts only in front of the pixels, as decoders that stream never see another.
func readPNG(s *source, h *Header) error {
	var m pngMeta
	pos := int64(8)
	for i := range maxChunks {
		b, err := s.at(pos, 8)
		if err != nil {
			return err
		}
		n, kind := int64(be32(b)), string(b[4:8])
		if n > maxSide {
			return damaged("PNG chunk of %d bytes", n)
		}
		if (i == 0) != (kind == "IHDR") {
			return damaged("PNG whose first chunk is no IHDR, or that has another")
		}
		switch kind {
		case "IHDR":
			if n != 13 {
				return damaged("PNG header of %d bytes", n)
			}
			if b, err = s.at(pos+8, 13); err != nil {
				return err
			}
			if err := readIHDR(h, b); err != nil {
				return err
			}
		case "IDAT":
			e := readExif(m.exif)
			h.Orientation = e.orientation
			h.Colour.AdobeRGB = e.adobeRGB
			if err := m.tail(s, pos); err != nil {
				return err
			}
			m.finish(h)
			return nil
		case "IEND":
			return damaged("PNG ends before its pixels")
		case "PLTE", "tRNS", "acTL", "cICP", "sRGB", "gAMA", "cHRM":
			b, err := s.at(pos+8, int(min(n, 64)))
			if err != nil {
				return err
			}
			m.small(h, kind, b)
		case "iCCP", "eXIf", "iTXt", "tEXt":
			if n <= maxChunk {
				b, err := s.at(pos+8, int(n))
				if err != nil {
					return err
				}
				m.large(kind, b)
			}
		}
		pos += 12 + n
	}
	return damaged("PNG with more than %d chunks before its pixels", maxChunks)
}

func readIHDR(h *Header, b []byte) error {
	if be32(b) > maxSide || be32(b[4:]) > maxSide {
		return damaged("PNG of %d × %d pixels", be32(b), be32(b[4:]))
	}
	h.Width, h.Height, h.Depth = int(be32(b)), int(be32(b[4:])), int(b[8])
	depths := "\x08\x10"
	h.Colour.Space = SpaceRGB
	switch b[9] {
	case 0:
		h.Channels, h.Colour.Space, depths = 1, SpaceGrey, "\x01\x02\x04\x08\x10"
	case 2:
		h.Channels = 3
	case 3:
		h.Channels, h.Palette, depths = 1, true, "\x01\x02\x04\x08"
	case 4:
		h.Channels, h.Colour.Space, h.Alpha = 2, SpaceGrey, true
	case 6:
		h.Channels, h.Alpha = 4, true
	default:
		return damaged("PNG of colour type %d", b[9])
	}
	if bytes.IndexByte([]byte(depths), b[8]) < 0 {
		return damaged("PNG of colour type %d with %d bits", b[9], b[8])
	}
	if b[10] != 0 || b[11] != 0 || b[12] > 1 {
		return damaged("PNG of compression %d, filter %d, interlace %d", b[10], b[11], b[12])
	}
	h.Interlaced, h.Lossless = b[12] == 1, true
	return nil
}

// pngMeta gathers ancillary chunks.
type pngMeta struct {
	exif, xmp, icc []byte
	hadXMP, hadICC bool   // tried once: unpacking is work
	text           Rights // tEXt
	description    string // tEXt
	sRGB           bool
}

// small reads a chunk of a few bytes; a broken one is left out.
func (m *pngMeta) small(h *Header, kind string, b []byte) {
	switch {
	case kind == "tRNS":
		h.Alpha = true
	case kind == "acTL" && len(b) >= 8: // frames, plays
		if n := be32(b); n > 1 && n <= maxSide {
			h.Animated, h.Frames = true, int(n)
		}
	case kind == "cICP" && len(b) == 4:
		h.Colour.Primaries, h.Colour.Transfer = int(b[0]), int(b[1])
	case kind == "sRGB" && len(b) == 1:
		m.sRGB = true
	case kind == "gAMA" && len(b) == 4:
		h.Colour.Gamma = float64(be32(b)) / 100000
	case kind == "cHRM" && len(b) == 32: // white, red, green, blue
		p := func(i int) Point {
			return Point{float64(be32(b[8*i:])) / 100000, float64(be32(b[8*i+4:])) / 100000}
		}
		h.Colour.Gamut = Gamut{p(1), p(2), p(3)}
	}
}

// large keeps a chunk's content; the first of a kind counts.
func (m *pngMeta) large(kind string, b []byte) {
	switch kind {
	case "eXIf":
		if m.exif == nil {
			// Some writers leave JPEG's mark in front.
			m.exif = bytes.TrimPrefix(b, []byte(exifMark))
		}
	case "iCCP": // name, NUL, method 0, zlib
		if _, v, ok := bytes.Cut(b, []byte{0}); ok && len(v) > 1 && v[0] == 0 && !m.hadICC {
			m.hadICC = true
			m.icc = inflate(v[1:], maxICC)
		}
	case "iTXt": // keyword, NUL, compressed?, method, language, NUL, keyword, NUL, text
		key, v, ok := bytes.Cut(b, []byte{0})
		if !ok || string(key) != pngXMP || len(v) < 2 || m.hadXMP {
			return
		}
		m.hadXMP = true
		packed := v[0] == 1
		_, v, _ = bytes.Cut(v[2:], []byte{0})
		if _, v, ok = bytes.Cut(v, []byte{0}); !ok {
			return
		}
		if packed {
			v = inflate(v, maxXMP)
		}
		m.xmp = v
	case "tEXt":
		key, v, _ := bytes.Cut(b, []byte{0})
		switch string(key) {
		case "Copyright":
			fill(&m.text.Copyright, decodeText(v, false))
		case "Description":
			fill(&m.description, decodeText(v, false))
		case "Author":
			fill(&m.text.Creator, decodeText(v, false))
		}
	}
}

// tail looks for whole chunks of metadata in the file's last 64 KiB, behind
// off. Pixel data may hold anything, so only a chunk whose CRC fits is one.
func (m *pngMeta) tail(s *source, off int64) error {
	from := max(off, s.size-firstRead)
	if from >= s.size {
		return nil
	}
	b, err := s.at(from, int(s.size-from))
	if err != nil {
		return headerOnly(err)
	}
	for _, kind := range []string{"eXIf", "iTXt"} {
		for i, sums := 0, 0; sums < 16; { // as each costs a pass over its bytes
			j := bytes.Index(b[i:], []byte(kind))
			if j < 0 {
				break
			}
			i += j + 4
			if i < 8 {
				continue
			}
			n := int64(be32(b[i-8:]))
			if int64(len(b)-i) < n+4 {
				continue
			}
			sums++
			if crc32.ChecksumIEEE(b[i-4:i+int(n)]) == be32(b[i+int(n):]) {
				m.large(kind, b[i:i+int(n)])
			}
		}
	}
	return nil
}

func (m *pngMeta) finish(h *Header) {
	if m.sRGB && h.Colour.Primaries == 0 {
		h.Colour.Primaries, h.Colour.Transfer = PrimariesBT709, TransferSRGB
	}
	x, e := readXMP(m.xmp), readExif(m.exif)
	h.Rights = merge(x.rights, m.text, e.rights)
	h.Caption = firstText(x.caption, m.description, e.caption)
	h.Taken, h.TakenZoned = e.taken, e.zoned
	h.setICC(m.icc)
}

// inflate unpacks at most limit bytes; nil if it is broken or larger.
func inflate(b []byte, limit int) []byte {
	z, err := zlib.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil
	}
	out, err := io.ReadAll(io.LimitReader(z, int64(limit)+1))
	if err != nil || len(out) > limit {
		return nil
	}
	return out
}
