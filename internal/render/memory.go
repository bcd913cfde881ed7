package render

import (
	"photofit"
	"photofit/internal/probe"
	"photofit/internal/scale"
)

// memory predicts by how much a render makes the process larger at most, in
// bytes: by the photo as it is stored, what its decoder holds, the rows or the
// whole picture between the steps, what the encoder holds, and what is left of
// earlier renders and does not fit this one. It is decided by the header alone,
// and checked against real peaks (TestMemoryIsPredicted).
func (p plan) memory(h probe.Header, size int64, format photofit.Format) int64 {
	sum := baseMemory + size + p.decoding(h) + p.between(h) + p.encoding(format, h.Alpha)
	return sum + sum/10 + min(sum, mostLeft)*7/5
}

// mostLeft bounds what may be left of earlier renders and does not fit this one:
// 1.4 times what a render holds itself, but for the large blocks of uncommon
// photos, which are mapped, and gone when they are freed.
const mostLeft = 64 << 20

// baseMemory is what any render takes: threads' stacks, codecs' tables.
const baseMemory = 9 << 20

// rowsHeld is how many rows of a picture that streams are in memory at a time:
// libvips reads ahead and keeps what the resize's window still needs.
const rowsHeld = 512

// decoding is what the decoder holds.
func (p plan) decoding(h probe.Header) int64 {
	stored := int64(h.Width) * int64(h.Height)
	sample := int64(max(1, (h.Depth+7)/8))
	switch h.Type {
	case probe.JPEG:
		if h.MultiScan { // coefficients of all scans, at any shrink
			if 2*stored < mapped {
				return 3 * h.Samples // 2 bytes each, and the holes that they leave
			}
			return 2 * h.Samples
		}
		return 0
	case probe.PNG:
		if h.Interlaced {
			return stored * int64(max(h.Channels, 4)) * sample
		}
		return 4<<20 + 512*int64(h.Width)*int64(h.Channels)*sample
	case probe.WebP:
		if h.Animated {
			return 4 * stored * 3
		}
		return 4*p.Loaded.pixels() + 4*stored
	case probe.GIF:
		return 4 * stored * 2
	case probe.AVIF:
		return 16 * stored
	case probe.TIFF:
		block := int64(h.BlockWidth) * int64(h.BlockHeight)
		if h.BlockWidth > 0 && h.BlockWidth < h.Width { // tiles: a row of them
			block = int64(h.Width+h.BlockWidth) * int64(h.BlockHeight)
		}
		return 2 * block * int64(max(h.Channels, 3)) * sample
	}
	return 8 * stored
}

// between is what is held from the decoder to the encoder.
func (p plan) between(h probe.Header) int64 {
	bytes := int64(4) // of a pixel
	held := int64(0)
	switch {
	case h.Depth <= 8:
		from := scale.Size{Width: p.Loaded.W, Height: p.Loaded.H, Bands: 3}
		if h.Alpha {
			from.Bands = 4
		}
		held = scale.Memory(from, p.Scaled.W, p.Scaled.H) + p.Scaled.pixels()*int64(from.Bands)
	case h.Alpha:
		bytes = 48 // floats, before and after colours are weighed by alpha
	default:
		bytes = 24 // floats
	}
	rows := int64(min(p.Loaded.H, rowsHeld))
	held += rows * int64(p.Loaded.W) * bytes
	if p.Frames > 1 {
		// The strip of all frames, and what was made of it.
		held += 4 * int64(p.Frames) * (p.Loaded.pixels() + p.Out.pixels())
	}
	if p.Turn != (turn{}) || p.Smart != (size{}) {
		held += 2 * p.Scaled.pixels() * 4 // a copy that can be read in any order, and one that is turned
	}
	return held
}

// encoding is what the encoder holds: its own picture, and the bytes that it
// makes.
func (p plan) encoding(format photofit.Format, alpha bool) int64 {
	pixels := p.Out.pixels()
	each := func(plain, mask int64) int64 { // bytes of a pixel; transparency is a picture of its own
		if alpha {
			return pixels * (plain + mask)
		}
		return pixels * plain
	}
	switch format {
	case photofit.WebP:
		return each(14, 8) * int64(min(p.Frames, 2))
	case photofit.AVIF:
		return each(36, 24)
	case photofit.PNG, photofit.InfoJSON:
		return pixels * 12
	}
	// All coefficients, twice: 3 bytes each time where chroma is at half size.
	if 2*pixels < mapped {
		return pixels * 12 // in the heap, where they leave holes, too
	}
	return pixels * 6
}

// mapped is from what size on a block has a mapping of its own (vips.tuneMalloc).
const mapped = 8 << 20
