package render

import "photofit/internal/probe"

// weight is what a photo and its master cost, in milliseconds of CPU of some
// machine: only their relation counts. The header alone decides it, and
// `go run ./bench --only masters` holds it against what is measured.
type weight struct {
	whole  bool    // the photo is decoded as a whole at any size
	photo  float64 // a rendition from the photo: reading and scaling it
	master float64 // a rendition from the master
	making float64 // the master
}

// laterRenditions is how many renditions are expected to be made from a master: a
// page asks for four widths of a photo, in two or three formats.
const laterRenditions = 6

// weigh predicts a photo's costs.
func weigh(h probe.Header, size int64) weight {
	if h.Alpha || h.Palette || h.Animated || h.Depth > 8 || h.Type == probe.GIF {
		return weight{}
	}
	p := newPlan(h, masterRecipe, 1)
	mega := float64(h.Pixels()) / 1e6
	bytes := float64(size) / 1e6
	out := float64(p.Out.pixels()) / 1e6
	w := weight{whole: true, master: 6 * out, making: 15 * out}
	switch h.Type {
	case probe.JPEG:
		if h.MultiScan {
			w.photo = 22*bytes + 6*mega
			break
		}
		w.whole = false
		w.photo = 6*bytes + 1*mega
		w.making += 6*bytes + 4*mega
	case probe.AVIF:
		w.photo = 25 * mega
	case probe.PNG:
		w.photo = 25 * mega
	case probe.WebP:
		w.photo = 12 * mega
	case probe.TIFF:
		w.photo = 6 * mega
	}
	return w
}

// leastSaved is how much cheaper a rendition must become: a master takes room, too.
const leastSaved = 10

// pays tells whether a master is worth being made.
func (w weight) pays() bool {
	saved := w.photo - w.master
	return saved >= leastSaved && laterRenditions*saved > w.making
}

// beside tells whether it is made of the same decoded photo as the rendition that
// is asked for, because decoding it again would cost more than all else.
func (w weight) beside() bool { return w.whole && w.pays() }
