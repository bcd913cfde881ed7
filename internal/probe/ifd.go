package probe

// maxEntries is the number of entries that one TIFF directory may have. Real
// ones have less than a hundred.
const maxEntries = 4096

// tiff reads the directories of a TIFF 6.0 or BigTIFF file, or of an EXIF
// block, which is built the same.
type tiff struct {
	s     span
	big   bool // big-endian
	wide  bool // BigTIFF: 8-byte offsets
	first int64
}

// openTIFF reads the 8 or 16 bytes in front.
func openTIFF(s span) (*tiff, error) {
	b, err := s.at(0, 8)
	if err != nil {
		return nil, err
	}
	t := &tiff{s: s}
	switch {
	case has(b, 0, "II"):
	case has(b, 0, "MM"):
		t.big = true
	default:
		return nil, damaged("TIFF without a byte order")
	}
	switch t.u16(b[2:]) {
	case 42:
		t.first = int64(t.u32(b[4:]))
	case 43:
		t.wide = true
		if t.u16(b[4:]) != 8 {
			return nil, damaged("BigTIFF with offsets of %d bytes", t.u16(b[4:]))
		}
		if b, err = s.at(8, 8); err != nil {
			return nil, err
		}
		t.first = int64(t.u64(b))
	default:
		return nil, damaged("TIFF of version %d", t.u16(b[2:]))
	}
	return t, nil
}

func (t *tiff) u16(b []byte) int {
	if t.big {
		return be16(b)
	}
	return le16(b)
}

func (t *tiff) u32(b []byte) uint32 {
	if t.big {
		return be32(b)
	}
	return le32(b)
}

func (t *tiff) u64(b []byte) uint64 {
	if t.big {
		return be64(b)
	}
	return uint64(le32(b[4:]))<<32 | uint64(le32(b))
}

// entry is one field of a directory.
type entry struct {
	kind  int
	count uint64
	size  int    // of one value in bytes; 0 for a kind that we don't know
	raw   []byte // the value itself if it fits here, else its offset
}

// kindSize is the size in bytes of a value of each type, TIFF 6.0 section 2
// and BigTIFF's 16 to 18.
var kindSize = [...]int{0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8, 8, 8}

// directory reads the entries at off, and where the next directory is (0: none).
func (t *tiff) directory(off int64) (map[int]entry, int64, error) {
	b, next, err := t.entries(off)
	if err != nil {
		return nil, 0, err
	}
	each, slot := 12, 4
	if t.wide {
		each, slot = 20, 8
	}
	m := make(map[int]entry, len(b)/each)
	for ; len(b) > 0; b = b[each:] {
		e := entry{kind: t.u16(b[2:]), count: uint64(t.u32(b[4:])), raw: b[each-slot : each]}
		if t.wide {
			e.count = t.u64(b[4:])
		}
		if e.kind < len(kindSize) {
			e.size = kindSize[e.kind]
		}
		// The first of several alike counts, as in libtiff and libexif.
		if tag := t.u16(b); m[tag].raw == nil {
			m[tag] = e
		}
	}
	return m, next, nil
}

// entries gives the bytes of a directory's entries, and where the next
// directory is.
func (t *tiff) entries(off int64) (b []byte, next int64, err error) {
	head, each, link := 2, 12, 4
	if t.wide {
		head, each, link = 8, 20, 8
	}
	if b, err = t.s.at(off, head); err != nil {
		return nil, 0, err
	}
	count := uint64(t.u16(b))
	if t.wide {
		count = t.u64(b)
	}
	if count > maxEntries {
		return nil, 0, damaged("TIFF directory of %d entries", count)
	}
	n := int(count) * each
	if b, err = t.s.at(off+int64(head), n); err != nil {
		return nil, 0, err
	}
	// Some writers leave the last link out.
	if l, err := t.s.at(off+int64(head+n), link); err == nil {
		next = t.offset(l)
	}
	return b, next, nil
}

func (t *tiff) offset(b []byte) int64 {
	if t.wide {
		return int64(t.u64(b))
	}
	return int64(t.u32(b))
}

// bytes gives an entry's value if it has at most limit bytes.
func (t *tiff) bytes(e entry, limit int) ([]byte, error) {
	if e.size == 0 || e.count == 0 || e.count > uint64(limit/e.size) {
		return nil, errShort
	}
	n := int(e.count) * e.size
	if n <= len(e.raw) {
		return e.raw[:n], nil
	}
	return t.s.at(t.offset(e.raw), n)
}

// uint gives the i-th value of an entry of whole numbers.
func (t *tiff) uint(e entry, i int) (uint64, bool) {
	if uint64(i) >= e.count || e.size == 0 {
		return 0, false
	}
	b := e.raw
	if e.count > uint64(len(b)/e.size) {
		var err error
		if b, err = t.s.at(t.offset(b)+int64(i*e.size), e.size); err != nil {
			return 0, false
		}
	} else {
		b = b[i*e.size:]
	}
	switch e.kind {
	case 1:
		return uint64(b[0]), true
	case 3:
		return uint64(t.u16(b)), true
	case 4, 13:
		return uint64(t.u32(b)), true
	case 16, 18:
		return t.u64(b), true
	}
	return 0, false
}

// number is uint for a field that stands alone; def if it is absent, no whole
// number or beyond maxSide.
func (t *tiff) number(m map[int]entry, tag, def int) int {
	v, ok := t.uint(m[tag], 0)
	if !ok || v > maxSide {
		return def
	}
	return int(v)
}

// text gives a text field, cleaned; empty if it is absent or too long to be one.
func (t *tiff) text(m map[int]entry, tag int) string {
	b, err := t.bytes(m[tag], maxTextField)
	if err != nil {
		return ""
	}
	return decodeText(b, false)
}
