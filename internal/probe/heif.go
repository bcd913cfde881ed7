package probe

import (
	"bytes"
	"slices"
	"strings"
)

// heifBrands are the brands of files whose main content is a picture
// (ISO/IEC 23008-12 annexes, AVIF 1.1 section 6).
var heifBrands = []string{"avif", "avis", "mif1", "mif2", "msf1", "miaf", "heic", "heix", "heim", "heis",
	"hevc", "hevx", "hevm", "hevs", "avci", "avcs", "jpeg", "jpgs", "j2ki", "j2is", "vvic", "vvis"}

// maxMeta bounds the meta box, in which profiles lie.
const maxMeta = 8 << 20

// brands gives the major and the compatible brands of a file's first bytes.
func brands(b []byte) []string {
	n := min(int64(be32(b)), int64(len(b)), 512)
	var list []string
	for off := int64(8); off+4 <= n; off += 4 {
		if off != 12 { // the minor version
			list = append(list, string(b[off:off+4]))
		}
	}
	return list
}

func isHEIF(b []byte) bool {
	return slices.ContainsFunc(brands(b), func(s string) bool { return slices.Contains(heifBrands, s) })
}

// readHEIF reads the primary picture's properties.
func readHEIF(s *source, h *Header) error {
	head, err := s.upTo(0, 512)
	if err != nil {
		return err
	}
	h.SelfTurned = true
	body, next, err := findBox(s, 0, s.size, "meta")
	if err == errShort && slices.Contains(brands(head), "avis") {
		return unsupported("AVIF film without a still picture")
	}
	if err != nil {
		return err
	}
	if next-body > maxMeta {
		return damaged("HEIF meta box of %d bytes", next-body)
	}
	b, err := s.at(body, int(next-body))
	if err != nil {
		return err
	}
	m, err := openMeta(s, b)
	if err != nil {
		return err
	}
	m.read(h)
	coded := m.coded()
	if err := heifType(h, m.kind(coded)); err != nil {
		return err
	}
	if h.Width == 0 {
		return damaged("AVIF without a size")
	}
	if err := m.checkCoded(coded); err != nil {
		return err
	}
	if slices.Contains(brands(head), "avis") {
		if err := countSamples(s, h); err != nil {
			return err
		}
	}
	return m.metadata(h)
}

// heifType tells by how the pixels are coded whether they are taken.
func heifType(h *Header, coding string) error {
	switch coding {
	case "av01":
		return nil
	case "hvc1", "hev1", "lhv1":
		h.Type = HEIC
		return unsupported("HEIC (coded with HEVC)")
	case "":
		return damaged("HEIF whose primary picture is not there")
	}
	h.Type = 0
	return unsupported("HEIF coded as %q", coding)
}

// coded is the item that holds pixels: the primary itself, or the first that
// it is derived from.
func (m *heifMeta) coded() uint32 {
	item := m.primary
	for range 4 {
		switch m.kind(item) {
		case "grid", "iovl", "iden", "tmap":
			parts := m.derivedFrom(item)
			if len(parts) == 0 {
				return item
			}
			item = parts[0]
		default:
			return item
		}
	}
	return item
}

// read takes the properties of the primary picture, and where it has none
// those of its first part.
func (m *heifMeta) read(h *Header) {
	h.Channels = 3
	h.Colour.Space = SpaceYCC
	m.eachProp(m.primary, func(p property) { p.apply(h) })
	if c := m.coded(); c != m.primary {
		var part Header
		m.eachProp(c, func(p property) { p.apply(&part) })
		if h.Depth == 0 {
			h.Depth = part.Depth
		}
		if part.Channels == 1 {
			h.Channels, h.Colour.Space = 1, SpaceGrey
		}
		if h.ICC == nil && h.Colour.Primaries == 0 {
			h.Colour.Primaries, h.Colour.Transfer = part.Colour.Primaries, part.Colour.Transfer
			h.setICC(part.ICC)
		}
	}
	if h.Depth == 0 {
		h.Depth = 8
	}
	looks := 0 // each goes through all associations
	m.eachRef("auxl", func(from uint32, to []uint32) bool {
		if slices.Contains(to, m.primary) {
			m.eachProp(from, func(p property) { h.Alpha = h.Alpha || p.isAlpha() })
			looks++
		}
		return !h.Alpha && looks < 16
	})
	if h.Alpha {
		h.Channels++
	}
	m.eachItem(func(_ uint32, kind, _ string) bool {
		h.GainMap = h.GainMap || kind == "tmap"
		return !h.GainMap
	})
}

// apply takes what a property says of its picture. Transforms come in the
// order in which they are listed.
func (p property) apply(h *Header) {
	c := cursor{b: p.body}
	switch p.kind {
	case "ispe":
		c.full()
		if w, ht := c.uint(4), c.uint(4); !c.bad && w <= maxSide && ht <= maxSide {
			h.Width, h.Height = int(w), int(ht)
		}
	case "clap":
		wn, wd, hn, hd := c.uint(4), c.uint(4), c.uint(4), c.uint(4)
		if c.bad || wd == 0 || hd == 0 || wn < wd || hn < hd {
			return
		}
		w, ht := int(wn/wd), int(hn/hd)
		if h.Orientation >= 5 { // cropped after it was turned
			w, ht = ht, w
		}
		if w <= h.Width && ht <= h.Height {
			h.CleanWidth, h.CleanHeight = w, ht
		}
	case "irot": // anticlockwise quarters
		h.Orientation = turned(h.Orientation, [4]int{1, 8, 3, 6}[c.uint(1)&3])
	case "imir": // 0: top and bottom are exchanged
		h.Orientation = turned(h.Orientation, [2]int{4, 2}[c.uint(1)&1])
	case "pixi":
		c.full()
		if n, depth := c.uint(1), int(c.uint(1)); n > 0 && depth >= 1 && depth <= 32 {
			h.Depth = depth
		}
	case "av1C":
		c.uint(2)
		flags := c.uint(1)
		switch {
		case c.bad:
			return
		case flags&0x60 == 0x60:
			h.Depth = 12
		case flags&0x40 != 0:
			h.Depth = 10
		default:
			h.Depth = 8
		}
		if flags&0x10 != 0 {
			h.Channels, h.Colour.Space = 1, SpaceGrey
		}
	case "colr":
		p.colour(h)
	}
}

func (p property) colour(h *Header) {
	if len(p.body) < 4 {
		return
	}
	switch v := p.body[4:]; string(p.body[:4]) {
	case "nclx":
		if len(v) >= 4 && h.Colour.Primaries == 0 {
			h.Colour.Primaries, h.Colour.Transfer = be16(v), be16(v[2:])
		}
	case "prof", "rICC":
		if h.ICC == nil && len(v) <= maxICC {
			h.setICC(clone(v))
		}
	}
}

func (p property) isAlpha() bool {
	if p.kind != "auxC" || len(p.body) < 4 {
		return false
	}
	urn, _, _ := bytes.Cut(p.body[4:min(len(p.body), 80)], []byte{0})
	return string(urn) == "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha" ||
		string(urn) == "urn:mpeg:hevc:2015:auxid:1"
}

// turned is the EXIF orientation that amounts to first, then second.
func turned(first, second int) int {
	// Each is a mirroring left to right or none, then clockwise quarters.
	type op struct{ flip, quarters int }
	ops := [9]op{1: {0, 0}, 2: {1, 0}, 3: {0, 2}, 4: {1, 2}, 5: {1, 3}, 6: {0, 1}, 7: {1, 1}, 8: {0, 3}}
	a, b := ops[max(first, 1)], ops[second]
	q := a.quarters
	if b.flip == 1 { // mirroring turns the quarters before it the other way
		q = -q
	}
	return slices.Index(ops[1:], op{a.flip ^ b.flip, (q + b.quarters + 4) % 4}) + 1
}

// checkCoded compares what AV1's own header says with the item's ispe, so that
// no small box hides a large picture. A picture in a grid is checked by its
// first tile.
func (m *heifMeta) checkCoded(item uint32) error {
	var h Header
	m.eachProp(item, func(p property) { p.apply(&h) })
	b, err := m.data(item, 512)
	if err != nil {
		return err
	}
	w, ht, ok := av1Size(b)
	if !ok {
		return damaged("AVIF whose picture does not begin as AV1")
	}
	// An encoder may round up to whole superblocks.
	if w > h.Width+128 || ht > h.Height+128 {
		return damaged("AVIF of %d × %d pixels that holds %d × %d", h.Width, h.Height, w, ht)
	}
	return nil
}

// metadata reads the primary picture's Exif and XMP items.
func (m *heifMeta) metadata(h *Header) error {
	var exif, xmp uint32
	m.eachItem(func(id uint32, kind, content string) bool {
		switch {
		case kind == "Exif" && exif == 0:
			exif = id
		case kind == "mime" && strings.HasPrefix(content, "application/rdf+xml") && xmp == 0:
			xmp = id
		}
		return exif == 0 || xmp == 0
	})
	var e exifFacts
	if exif != 0 {
		b, err := m.data(exif, maxXMP)
		if err != nil {
			return err
		}
		// In front is how far the TIFF header is from there.
		if c := (cursor{b: b}); len(b) >= 4 {
			if skip := c.uint(4); skip <= uint64(len(c.b)) {
				e = readExif(c.b[skip:])
			}
		}
	}
	h.Taken, h.TakenZoned = e.taken, e.zoned
	h.Colour.AdobeRGB = e.adobeRGB && h.ICC == nil
	var x xmpFacts
	if xmp != 0 {
		b, err := m.data(xmp, maxXMP)
		if err != nil {
			return err
		}
		x = readXMP(b)
	}
	h.Rights = merge(x.rights, e.rights)
	h.Caption = firstText(x.caption, e.caption)
	return nil
}

// countSamples reads how many frames a film's first track has.
func countSamples(s *source, h *Header) error {
	off, end := int64(0), s.size
	var err error
	for _, kind := range []string{"moov", "trak", "mdia", "minf", "stbl", "stsz"} {
		if off, end, err = findBox(s, off, end, kind); err != nil {
			return headerOnly(err)
		}
	}
	b, err := s.at(off, 12)
	if err != nil {
		return headerOnly(err)
	}
	if n := be32(b[8:]); n > 1 && n <= maxSide {
		h.Animated, h.Frames = true, int(n)
	}
	return nil
}
