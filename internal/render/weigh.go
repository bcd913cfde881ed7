package render

import (
	"io"

	"photofit/internal/probe"
)

// Weight is what a photo and its master cost, in milliseconds of CPU of some
// machine: only their relation counts. The header alone decides it, and
// `go run ./bench --only masters` holds it against what is measured.
type Weight struct {
	Whole  bool    // the photo is decoded as a whole at any size
	Photo  float64 // a rendition from the photo, without its encoding
	Master float64 // a rendition from the master, without its encoding
	Making float64 // the master; if Whole, beyond a rendition from the photo
}

// laterRenditions is how many renditions are counted on to be made from a master.
// A page asks for four widths of a photo, in two or three formats, but many photos
// are seen by few; and of one that is decoded quickly a master gains little even if
// all of them are asked for.
const laterRenditions = 3

// Weigh predicts what the photo of size bytes and its master cost. Errors are as
// those of Render.
func (r *Renderer) Weigh(photo io.ReaderAt, size int64) (Weight, error) {
	h, err := r.header(photo, size)
	if err != nil {
		return Weight{}, err
	}
	return weigh(h, size), nil
}

// weigh is Weigh. What a master cannot hold weighs nothing: transparency, films,
// palettes, more than 8 bits.
func weigh(h probe.Header, size int64) Weight {
	if h.Alpha || h.Palette || h.Animated || h.Depth > 8 || h.Type == probe.GIF {
		return Weight{}
	}
	p := newPlan(h, masterRecipe, 1)
	mega := float64(h.Pixels()) / 1e6
	bytes := float64(size) / 1e6
	out := float64(p.Out.pixels()) / 1e6
	w := Weight{Whole: true, Master: 14 * out, Making: 45 * out}
	switch h.Type {
	case probe.JPEG:
		if h.MultiScan {
			w.Photo = 26*bytes + 14*mega
			break
		}
		w.Whole = false
		w.Photo = 13*bytes + 4*mega
		w.Making = 18*bytes + 3.5*mega + 15*out
		if p.Out.pixels() < h.Pixels() {
			w.Making += 25 * out
		}
	case probe.AVIF:
		w.Photo = 26 * mega
	case probe.PNG:
		w.Photo = 40 * mega
	case probe.WebP:
		w.Photo = 21 * mega
	case probe.TIFF:
		w.Photo = 10 * mega
	}
	return w
}

// leastSaved is how much cheaper a rendition must become: a master takes room, too.
const leastSaved = 35

// Pays tells whether a master is worth being made.
func (w Weight) Pays() bool {
	saved := w.Photo - w.Master
	return saved >= leastSaved && laterRenditions*saved > w.Making
}
