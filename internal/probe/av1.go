package probe

// av1Size reads the largest frame that an AV1 picture may have, from the
// sequence header among its first bytes (AV1 specification 5.3 to 5.5). ok is
// false if there is none.
func av1Size(b []byte) (w, h int, ok bool) {
	for range 8 {
		if len(b) < 2 {
			return 0, 0, false
		}
		kind, ext, sized := b[0]>>3&15, b[0]&4 != 0, b[0]&2 != 0
		b = b[1:]
		if ext {
			b = b[1:]
		}
		size := uint64(len(b))
		if sized {
			var n int
			if size, n = leb128(b); n == 0 {
				return 0, 0, false
			}
			b = b[n:]
		}
		if kind == 1 {
			return sequenceSize(b)
		}
		if size > uint64(len(b)) {
			return 0, 0, false
		}
		b = b[size:]
	}
	return 0, 0, false
}

// leb128 reads a number of 4.10.5 and how many bytes it takes; 0 if none.
func leb128(b []byte) (v uint64, n int) {
	for i := range min(len(b), 8) {
		v |= uint64(b[i]&0x7F) << (7 * i)
		if b[i]&0x80 == 0 {
			return v, i + 1
		}
	}
	return 0, 0
}

// sequenceSize reads sequence_header_obu (5.5.1) up to the frame's size.
func sequenceSize(b []byte) (w, h int, ok bool) {
	r := bits{b: b}
	r.take(4) // profile, still picture
	if r.take(1) == 1 {
		r.take(5) // reduced still picture header: the level alone
	} else {
		r.operatingPoints()
	}
	wBits, hBits := int(r.take(4))+1, int(r.take(4))+1
	w, h = int(r.take(wBits))+1, int(r.take(hBits))+1
	return w, h, !r.bad
}

// bits takes numbers bit by bit, the highest first.
type bits struct {
	b   []byte
	pos int
	bad bool
}

func (r *bits) take(n int) (v uint32) {
	for range n {
		if r.pos>>3 >= len(r.b) {
			r.bad = true
			return 0
		}
		v = v<<1 | uint32(r.b[r.pos>>3]>>(7-r.pos&7)&1)
		r.pos++
	}
	return v
}

// operatingPoints skips timing, decoder model and operating points.
func (r *bits) operatingPoints() {
	model, delay := false, 0
	if r.take(1) == 1 { // timing_info
		r.take(32)
		r.take(32)
		if r.take(1) == 1 {
			zeros := 0
			for r.take(1) == 0 && !r.bad && zeros < 32 {
				zeros++
			}
			r.take(min(zeros, 32) % 32) // uvlc: nothing follows 32 zeros
		}
		if model = r.take(1) == 1; model {
			delay = int(r.take(5)) + 1
			r.take(32)
			r.take(10)
		}
	}
	display := r.take(1) == 1
	for n := r.take(5) + 1; n > 0 && !r.bad; n-- {
		r.take(12)
		if r.take(5) > 7 {
			r.take(1)
		}
		if model && r.take(1) == 1 {
			r.take(delay)
			r.take(delay)
			r.take(1)
		}
		if display && r.take(1) == 1 {
			r.take(4)
		}
	}
}
