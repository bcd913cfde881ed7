package imgtest

import (
	"encoding/binary"
	"slices"
)

// zeroStream is a zlib stream (RFC 1950, 1951) that inflates to n ≥ 1 zero bytes and is itself about n/1032 bytes: nearly all of it is
// one two-bit code, "copy 258 bytes from one byte back", and both of its bits are 0.
func zeroStream(n int64) []byte {
	b := bits{out: []byte{0x78, 0x9C}}
	b.put(1, 1) // the last block
	b.put(2, 2) // with codes of its own
	b.put(29, 5)
	b.put(0, 5)
	b.put(14, 4)
	// Lengths of the code that writes the codes: 18 in one bit, 1 and 2 in two. RFC 1951 has them in this order.
	for _, l := range []uint32{0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2} {
		b.put(l, 3)
	}
	one, two := func() { b.put(1, 2) }, func() { b.put(3, 2) } // Huffman codes 10 and 11, first bit first
	zeros := func(n uint32) { b.put(0, 1); b.put(n-11, 7) }
	two() // literal 0
	zeros(138)
	zeros(117) // literals 1 to 255
	two()      // end of block
	zeros(28)  // lengths 257 to 284
	one()      // length 285, which is 258 bytes
	one()      // distance 1
	b.put(1, 2)
	copies, rest := (n-1)/258, (n-1)%258
	b.zeros(2 * copies)
	for range rest {
		b.put(1, 2)
	}
	b.put(3, 2)
	// Adler-32 of zeros: the low half stays 1, the high half counts them.
	return binary.BigEndian.AppendUint32(b.flush(), uint32(n%65521)<<16|1)
}

// bits gathers bits into bytes, the lowest bit first as deflate has it.
type bits struct {
	out []byte
	acc uint32
	n   uint
}

func (b *bits) put(v uint32, n uint) {
	for b.acc, b.n = b.acc|v<<b.n, b.n+n; b.n >= 8; b.n -= 8 {
		b.out = append(b.out, byte(b.acc))
		b.acc >>= 8
	}
}

// zeros puts n bits of 0, whole bytes at a time.
func (b *bits) zeros(n int64) {
	for ; n > 0 && b.n != 0; n-- {
		b.put(0, 1)
	}
	b.out = slices.Concat(b.out, make([]byte, n/8))
	b.put(0, uint(n%8))
}

func (b *bits) flush() []byte {
	if b.n > 0 {
		b.put(0, 8-b.n)
	}
	return b.out
}
