package probe

import "bytes"

const (
	maxGIFFrames = 1 << 16
	maxGIFSteps  = 1 << 21 // sub-blocks, of up to 255 bytes
)

// readGIF reads the logical screen and walks the blocks to count frames. A
// GIF that ends early has the frames that it has.
func readGIF(s *source, h *Header) error {
	b, err := s.at(6, 7)
	if err != nil {
		return err
	}
	h.Width, h.Height = le16(b), le16(b[2:])
	h.Channels, h.Depth, h.Palette, h.Lossless = 1, 8, true, true
	h.Colour.Space = SpaceRGB
	g := gifWalk{s: s, h: h, pos: 13 + gifTable(b[4])}
	h.Frames = 0
	if err := headerOnly(g.walk()); err != nil {
		return err
	}
	if h.Frames == 0 {
		return damaged("GIF without a frame")
	}
	h.Animated = h.Frames > 1
	x := readXMP(g.xmp)
	h.Rights, h.Caption = x.rights, x.caption
	return nil
}

// gifTable is the size in bytes of the colour table that flags tell of.
func gifTable(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

type gifWalk struct {
	s     *source
	h     *Header
	pos   int64
	steps int
	xmp   []byte
}

func (g *gifWalk) walk() error {
	for {
		b, err := g.s.at(g.pos, 1)
		if err != nil {
			g.h.FramesCut = err == errBudget
			return err
		}
		g.pos++
		switch b[0] {
		case 0x2C:
			err = g.image()
		case 0x21:
			err = g.extension()
		case 0: // padding that some writers leave
			if g.steps++; g.steps > maxGIFSteps {
				err = errBudget
			}
		default: // 0x3B, the end, or rubbish
			return nil
		}
		if err != nil {
			g.h.FramesCut = err == errBudget
			return err
		}
	}
}

func (g *gifWalk) image() error {
	b, err := g.s.at(g.pos, 9)
	if err != nil {
		return err
	}
	g.h.Frames++
	if g.h.Frames == 1 {
		g.h.Interlaced = b[8]&0x40 != 0
	}
	// A screen of no size takes that of its frames.
	if w := le16(b) + le16(b[4:]); g.h.Width == 0 && w > 0 {
		g.h.Width = w
	}
	if ht := le16(b[2:]) + le16(b[6:]); g.h.Height == 0 && ht > 0 {
		g.h.Height = ht
	}
	if g.h.Frames == maxGIFFrames {
		return errBudget
	}
	g.pos += 9 + gifTable(b[8]) + 1 // and the LZW code size
	return g.blocks()
}

func (g *gifWalk) extension() error {
	b, err := g.s.at(g.pos, 2)
	if err != nil {
		return err
	}
	label, n := b[0], int64(b[1])
	g.pos++
	switch {
	case label == 0xF9 && n >= 1: // graphic control: bit 0 is transparency
		if b, err = g.s.at(g.pos+1, 1); err != nil {
			return err
		}
		g.h.Alpha = g.h.Alpha || b[0]&1 != 0
	case label == 0xFF && n == 11:
		if b, err = g.s.at(g.pos+1, 11); err != nil {
			return err
		}
		if string(b) == "XMP DataXMP" && g.xmp == nil {
			// XMP is stored as it is, and ends in bytes by which sub-blocks
			// find their end wherever they begin (XMP part 3, 1.1.2).
			from := g.pos + 12
			g.pos = from
			if err := g.blocks(); err != nil {
				return err
			}
			if size := g.pos - from; size <= maxXMP {
				if b, err = g.s.at(from, int(size)); err != nil {
					return err
				}
				if end := bytes.LastIndex(b, []byte("<?xpacket end")); end > 0 {
					g.xmp = b[:end]
				}
			}
			return nil
		}
	}
	return g.blocks()
}

// blocks skips sub-blocks up to the empty one.
func (g *gifWalk) blocks() error {
	for {
		b, err := g.s.at(g.pos, 1)
		if err != nil {
			return err
		}
		if g.steps++; g.steps > maxGIFSteps {
			return errBudget
		}
		g.pos += 1 + int64(b[0])
		if b[0] == 0 {
			return nil
		}
	}
}
