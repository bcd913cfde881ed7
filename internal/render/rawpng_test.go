package render

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"hash/crc32"
)

// rawPNG stores samples in any of PNG's colour types and depths, interlaced by
// Adam7 if wanted. sample gives the value of a channel of a pixel.
type rawPNG struct {
	w, h, depth int
	colour      byte // 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
	interlaced  bool
	chunks      [][2]string // name and data, between header and pixels
	sample      func(x, y, channel int) int
}

func (p rawPNG) bytes() []byte {
	channels := map[byte]int{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[p.colour]
	var rows bytes.Buffer
	pass := func(x0, y0, dx, dy int) {
		for y := y0; y < p.h && x0 < p.w; y += dy {
			rows.WriteByte(0) // no filter
			acc, bits := 0, 0
			for x := x0; x < p.w; x += dx {
				for c := range channels {
					acc, bits = acc<<p.depth|p.sample(x, y, c), bits+p.depth
					for ; bits >= 8; bits -= 8 {
						rows.WriteByte(byte(acc >> (bits - 8)))
					}
				}
			}
			if bits > 0 {
				rows.WriteByte(byte(acc << (8 - bits)))
			}
		}
	}
	last := byte(0)
	if p.interlaced {
		last = 1
		for _, a := range [7][4]int{{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}} {
			pass(a[0], a[1], a[2], a[3])
		}
	} else {
		pass(0, 0, 1, 1)
	}
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(rows.Bytes()) // a Buffer never fails
	_ = z.Close()

	out := []byte("\x89PNG\r\n\x1a\n")
	chunk := func(name string, data []byte) {
		out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
		start := len(out)
		out = append(append(out, name...), data...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[start:]))
	}
	head := binary.BigEndian.AppendUint32(nil, uint32(p.w))
	head = binary.BigEndian.AppendUint32(head, uint32(p.h))
	chunk("IHDR", append(head, byte(p.depth), p.colour, 0, 0, last))
	for _, c := range p.chunks {
		chunk(c[0], []byte(c[1]))
	}
	chunk("IDAT", packed.Bytes())
	chunk("IEND", nil)
	return out
}
