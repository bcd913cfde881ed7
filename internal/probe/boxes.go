package probe

const maxBoxes = 1 << 14

// boxAt reads the header of an ISO base media box (ISO/IEC 14496-12 4.2) at
// off of a span that ends at end: its kind, and where its body is.
func boxAt(s span, off, end int64) (kind string, body, next int64, err error) {
	b, err := s.at(off, 8)
	if err != nil {
		return "", 0, 0, err
	}
	kind, body = string(b[4:8]), off+8
	switch size := int64(be32(b)); size {
	case 0: // up to the end
		next = end
	case 1:
		if b, err = s.at(off+8, 8); err != nil {
			return "", 0, 0, err
		}
		body = off + 16
		if v := be64(b); v <= uint64(end) {
			next = off + int64(v)
		}
	default:
		next = off + size
	}
	if next < body {
		return "", 0, 0, damaged("box %q of an impossible size", kind)
	}
	return kind, body, next, nil
}

// eachBox calls f with the boxes in b until it returns false, b ends or a box
// does not fit.
func eachBox(b []byte, f func(kind string, body []byte) bool) {
	for off, n := int64(0), 0; off < int64(len(b)) && n < maxBoxes; n++ {
		kind, body, next, err := boxAt(block(b), off, int64(len(b)))
		if err != nil || next > int64(len(b)) || !f(kind, b[body:next]) {
			return
		}
		off = next
	}
}

// findBox gives where the body of the first box of a kind is within a stretch
// of a file.
func findBox(s span, off, end int64, want string) (body, next int64, err error) {
	for range 64 {
		if off >= end {
			break
		}
		kind, body, next, err := boxAt(s, off, end)
		if err != nil {
			return 0, 0, err
		}
		if kind == want {
			return body, min(next, end), nil
		}
		off = next
	}
	return 0, 0, errShort
}

// cursor takes big-endian numbers off a box's body. Past the end it gives
// zeros, and bad is set.
type cursor struct {
	b   []byte
	bad bool
}

// uint takes n bytes, at most 8.
func (c *cursor) uint(n int) uint64 {
	if n > len(c.b) {
		c.b, c.bad = nil, true
		return 0
	}
	var v uint64
	for _, x := range c.b[:n] {
		v = v<<8 | uint64(x)
	}
	c.b = c.b[n:]
	return v
}

// full takes the version and flags of a full box.
func (c *cursor) full() (version byte, flags uint32) {
	v := uint32(c.uint(4))
	return byte(v >> 24), v & 0xFFFFFF
}

// id takes an item's number, which is long or short.
func (c *cursor) id(long bool) uint32 {
	if long {
		return uint32(c.uint(4))
	}
	return uint32(c.uint(2))
}
