package imgtest

import (
	"encoding/binary"
	"fmt"
)

// GiantPNG is a black, opaque picture of 8-bit RGB, or of one bit a pixel if bilevel, of any size that PNG has: the file is about a
// thousandth of the pixels' bytes, made in no time. 30000 × 30000 in RGB is 2.6 MB that unpack to 2.7 GB.
func GiantPNG(w, h int, bilevel bool) []byte {
	depth, kind, row := byte(8), byte(2), int64(1+3*w) // a row begins with its filter's number
	if bilevel {
		depth, kind, row = 1, 0, int64(1+(w+7)/8)
	}
	return rawPNG(w, h, depth, kind, zeroStream(row*int64(h)))
}

// BombPNG claims to be a harmless picture of w × h, RGB, and holds data that inflates to n bytes of zeros, whatever w × h asks for.
func BombPNG(w, h int, n int64) []byte { return rawPNG(w, h, 8, 2, zeroStream(n)) }

func rawPNG(w, h int, depth, kind byte, idat []byte) []byte {
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, uint32(w)), uint32(h))
	out := appendChunk([]byte(pngHead), "IHDR", append(head, depth, kind, 0, 0, 0))
	out = appendChunk(out, "IDAT", idat)
	return appendChunk(out, "IEND", nil)
}

// GiantJPEG is a mid-grey baseline 4:2:0 JPEG of up to 65,535 pixels a side. Each block costs two bits, so 20000 × 14000 are 1.6 MB, made
// in no time; decoding it takes a decoder as long as any flat picture of that size.
func GiantJPEG(w, h int) []byte {
	if w < 1 || h < 1 || w > 65535 || h > 65535 {
		panic(fmt.Sprintf("imgtest: a JPEG of %d × %d", w, h))
	}
	out := []byte{0xFF, 0xD8}
	seg := func(marker byte, data ...byte) {
		out = binary.BigEndian.AppendUint16(append(out, 0xFF, marker), uint16(len(data)+2))
		out = append(out, data...)
	}
	seg(0xE0, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0)
	table := make([]byte, 65)
	for i := range 64 {
		table[1+i] = 8
	}
	seg(0xDB, table...)
	seg(0xC0, 8, byte(h>>8), byte(h), byte(w>>8), byte(w), 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0)
	// One code each, the single bit 0: "same as the block before" for DC, "nothing more" for AC.
	for _, class := range []byte{0x00, 0x10} {
		seg(0xC4, append([]byte{class, 1}, make([]byte, 16)...)...)
	}
	seg(0xDA, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0)
	n := int64(w+15) / 16 * (int64(h+15) / 16) * 6 * 2
	out = append(out, make([]byte, n/8)...)
	if n%8 != 0 {
		out = append(out, byte(1<<(8-n%8)-1)) // ones fill the last byte
	}
	return append(out, 0xFF, 0xD9)
}
