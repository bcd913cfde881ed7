package render

import (
	"math"

	"photofit"
	"photofit/internal/probe"
)

// A plan says how a photo becomes a rendition, in numbers only: nothing of it
// needs a pixel. Positions and sizes are in pixels.
type plan struct {
	Type probe.Type

	// Decoding: the size that the decoder is asked for. A JPEG comes at 1/Shrink
	// of its size in each direction, a WebP at Scale, all else at its own.
	Shrink int
	Scale  float64
	Frames int  // how many frames to take; 1 for a still picture
	There  bool // nothing is decoded: the pixels are there

	// Part is what is wanted of the photo, as it lies in the file; Stored is the
	// file's size, of one frame, and Loaded the one that the decoder will give.
	Part   rect
	Stored size
	Loaded size

	// Scaled is the size to which Part is resized, still as it lies in the file;
	// Turn is how it is turned after that.
	Scaled size
	Turn   turn

	// Smart is the window to look for in the turned picture, if any.
	Smart size

	// Out is the size of the rendition.
	Out size
}

type size struct{ W, H int }

// within tells whether both sides are at most that many pixels.
func (s size) within(most int) bool { return s.W <= most && s.H <= most }

func (s size) pixels() int64 { return int64(s.W) * int64(s.H) }

type window struct{ X, Y, W, H int }

// turn is what brings a picture upright: mirrored first (left and right
// swapped), then rotated clockwise.
type turn struct {
	Mirror  bool
	Degrees int
}

// turns are EXIF 2.32's orientations 1 to 8, tag 0x0112.
var turns = [...]turn{
	1: {false, 0}, 2: {true, 0}, 3: {false, 180}, 4: {true, 180},
	5: {true, 270}, 6: {false, 90}, 7: {true, 90}, 8: {false, 270},
}

// sideways tells whether width and height change places.
func (t turn) sideways() bool { return t.Degrees == 90 || t.Degrees == 270 }

// newPlan works out how to make recipe r of a photo with header h. Nothing is
// ever enlarged: a box that is larger than the photo shrinks to it, keeping its
// ratio where it crops. frames is how many frames the rendition is to hold.
func newPlan(h probe.Header, r photofit.Recipe, frames int) plan {
	p := plan{Type: h.Type, Shrink: 1, Scale: 1, Frames: max(1, frames), Turn: turns[1]}
	stored := size{h.Width, h.Height}
	if h.SelfTurned {
		stored.W, stored.H = h.Size() // the decoder hands it out upright
	} else if h.Orientation >= 1 && h.Orientation <= 8 {
		p.Turn = turns[h.Orientation]
	}
	upright := stored
	if p.Turn.sideways() {
		upright = size{stored.H, stored.W}
	}

	// In the upright photo: what part of it, and how large.
	part := rect{0, 0, float64(upright.W), float64(upright.H)}
	smart := false
	if r.Fit == photofit.Cover && r.Width > 0 && r.Height > 0 {
		p.Out = cover(upright, r.Width, r.Height)
		smart = r.Crop.Smart()
		if smart {
			p.Smart = p.Out
		} else {
			x, y := r.Crop.Point()
			part = crop(upright, p.Out, x, y)
		}
	} else {
		p.Out = clip(upright, r.Width, r.Height)
	}
	scaled := p.Out
	if smart {
		scaled = scaleToCover(upright, p.Out)
	}

	// The same, as it lies in the file.
	part = p.Turn.back(part, upright)
	p.Scaled = scaled
	if p.Turn.sideways() {
		p.Scaled = size{scaled.H, scaled.W}
	}

	// How small the decoder can hand it out already.
	p.Loaded = stored
	factor := min(part.W/float64(p.Scaled.W), part.H/float64(p.Scaled.H))
	switch h.Type {
	case probe.JPEG:
		p.Shrink = shrinkOnLoad(factor, headroom)
		p.Loaded = size{ceilDiv(stored.W, p.Shrink), ceilDiv(stored.H, p.Shrink)}
	case probe.WebP:
		if !h.Animated && factor > headroom {
			p.Scale = headroom / factor
			p.Loaded = scaleWebP(stored, p.Scale)
		}
	}
	p.Part, p.Stored = part, stored
	return p
}

// window is Part on a picture that was loaded at the given size, in whole
// pixels and at least one.
func (p plan) window(loaded size) window {
	sx, sy := float64(loaded.W)/float64(p.Stored.W), float64(loaded.H)/float64(p.Stored.H)
	x0, x1 := edges(p.Part.X*sx, (p.Part.X+p.Part.W)*sx, loaded.W)
	y0, y1 := edges(p.Part.Y*sy, (p.Part.Y+p.Part.H)*sy, loaded.H)
	return window{x0, y0, x1 - x0, y1 - y0}
}

// headroom is how many times larger than wanted a photo is decoded at least, in
// each direction. What the decoder shrinks it averages as codes, not as light,
// and the more is left to package scale the better it looks and the more it
// costs; CONTRIBUTING.md has the table.
const headroom = 2.5

// leastWebP is down to what scale a WebP's first rendition comes by way of its
// master's pixels. libwebp takes much less time to give a small picture than the whole.
const leastWebP = 0.5

// masterHeadroom is headroom for masters, which are cheap to decode.
const masterHeadroom = 3

func shrinkOnLoad(factor, headroom float64) int {
	for _, shrink := range []int{8, 4, 2} {
		if factor >= float64(shrink)*headroom {
			return shrink
		}
	}
	return 1
}

// scaleWebP is the size that libvips asks libwebp for.
func scaleWebP(s size, scale float64) size {
	return size{max(1, int(float64(s.W)*scale+0.5)), max(1, int(float64(s.H)*scale+0.5))}
}

// clip is the largest size of the photo's shape within the box, 0 being any.
func clip(photo size, w, h int) size {
	scale := 1.0
	if w > 0 {
		scale = min(scale, float64(w)/float64(photo.W))
	}
	if h > 0 {
		scale = min(scale, float64(h)/float64(photo.H))
	}
	return size{round(float64(photo.W) * scale), round(float64(photo.H) * scale)}
}

// cover is the box itself, or the largest of its shape that the photo fills.
func cover(photo size, w, h int) size {
	scale := min(1, float64(photo.W)/float64(w), float64(photo.H)/float64(h))
	return size{min(photo.W, round(float64(w)*scale)), min(photo.H, round(float64(h)*scale))}
}

// scaleToCover is the smallest size of the photo's shape that fills the box.
func scaleToCover(photo, box size) size {
	scale := max(float64(box.W)/float64(photo.W), float64(box.H)/float64(photo.H))
	return size{max(box.W, round(float64(photo.W)*scale)), max(box.H, round(float64(photo.H)*scale))}
}

// rect is a part of a picture, with fractions of pixels.
type rect struct{ X, Y, W, H float64 }

// crop is the largest part of the photo that has the box's shape, centred on
// the point (in percent of the photo) as far as the edges allow.
func crop(photo, box size, x, y int) rect {
	scale := min(float64(photo.W)/float64(box.W), float64(photo.H)/float64(box.H))
	w, h := float64(box.W)*scale, float64(box.H)*scale
	return rect{
		X: clamp(float64(photo.W)*float64(x)/100-w/2, float64(photo.W)-w),
		Y: clamp(float64(photo.H)*float64(y)/100-h/2, float64(photo.H)-h),
		W: w, H: h,
	}
}

// back finds where a part of the upright picture lies in the stored one.
func (t turn) back(r rect, upright size) rect {
	w, h := float64(upright.W), float64(upright.H)
	switch t.Degrees {
	case 90: // the stored left edge is the upright top
		r = rect{r.Y, w - r.X - r.W, r.H, r.W}
		w, h = h, w
	case 180:
		r = rect{w - r.X - r.W, h - r.Y - r.H, r.W, r.H}
	case 270:
		r = rect{h - r.Y - r.H, r.X, r.H, r.W}
		w, h = h, w
	}
	if t.Mirror {
		r.X = w - r.X - r.W
	}
	return r
}

func edges(from, to float64, end int) (int, int) {
	a := min(max(int(math.Round(from)), 0), end-1)
	b := min(max(int(math.Round(to)), a+1), end)
	return a, b
}

func clamp(v, high float64) float64 { return max(0, min(v, high)) }

func round(v float64) int { return max(1, int(math.Round(v))) }

func ceilDiv(a, b int) int { return (a + b - 1) / b }
