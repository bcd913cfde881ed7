package photofit

import (
	"fmt"
	"slices"
	"time"
)

// Ratio is a width to a height.
type Ratio struct{ W, H int }

// String is the ratio as in a query: "16:9".
func (r Ratio) String() string { return fmt.Sprintf("%d:%d", r.W, r.H) }

// Policy says who may ask for what. The zero value is the default policy: a
// ladder, for everybody, originals private. A Policy is not changed by any
// method, and may be used by many goroutines as long as nobody changes it.
type Policy struct {
	// Widths is the ladder, ascending, in pixels. A width given alone snaps up
	// to it, and so does a height given alone; what is above the top is the
	// top. Empty is the default ladder.
	Widths []int

	// CropWidths is the ladder of widths of boxes, where both sides are given.
	// Empty is the default.
	CropWidths []int

	// Ratios are those that boxes have, from tall to wide: a box gets the
	// nearest. Terms are 1 to 1,000. Empty is the default.
	Ratios []Ratio

	// Qualities are the steps that there are besides auto, ascending: a quality
	// snaps to the nearest. Nil is the default; not nil and empty is auto only.
	Qualities []int

	// Free is for any size, ratio, focal point in percent and quality, in place
	// of the lists above.
	Free bool

	// FreeSide bounds both sides under Free, in pixels; 0 is 8,192. A bigger box
	// shrinks, keeping its ratio.
	FreeSide int

	// OriginalsPublic lets anybody have the photo's own bytes, private metadata
	// and all.
	OriginalsPublic bool

	// Signed asks for a signature made with Key on every URL (see Sign). A
	// policy with a Key is signed. Signed without a Key refuses everything.
	Signed bool
	Key    []byte

	// Now is the clock by which signed URLs expire; nil is time.Now.
	Now func() time.Time
}

// The default ladder grows by a quarter or less from 320 on, so that a browser
// gets at most about half again the pixels that it can show.
var (
	defaultWidths = []int{32, 48, 64, 96, 128, 160, 200, 256, 320, 400, 480, 560, 640, 800, 960, 1120, 1280, 1440, 1600,
		1920, 2240, 2560, 3200, 3840}
	defaultCropWidths = []int{64, 160, 320, 480, 800, 1280, 1920, 2560}
	defaultRatios     = []Ratio{{9, 16}, {2, 3}, {3, 4}, {4, 5}, {1, 1}, {5, 4}, {4, 3}, {3, 2}, {16, 9}, {2, 1}, {21, 9}}
	defaultQualities  = []int{60, 80}
)

// DefaultPolicy is the ladder: 19,305 renditions of a photo and no more,
// whatever is asked. It is the zero Policy with its lists filled in.
func DefaultPolicy() Policy {
	return Policy{
		Widths:     slices.Clone(defaultWidths),
		CropWidths: slices.Clone(defaultCropWidths),
		Ratios:     slices.Clone(defaultRatios),
		Qualities:  slices.Clone(defaultQualities),
	}
}

// OpenPolicy gives anything to anybody. It is for private networks: each of
// millions of sizes costs work and room.
func OpenPolicy() Policy { return Policy{Free: true} }

// SignedPolicy gives anything to those who have a URL signed with key (see
// Sign). The key should be 16 random bytes or more.
func SignedPolicy(key []byte) Policy {
	return Policy{Free: true, Signed: true, Key: slices.Clone(key)}
}

// Check tells what is wrong with a policy that somebody has written: lists that
// are not ascending or out of range, a key that is missing or shorter than 16
// bytes.
func (p Policy) Check() error {
	if err := ascending("widths", p.Widths, MaxSide); err != nil {
		return err
	}
	if err := ascending("crop widths", p.CropWidths, MaxSide); err != nil {
		return err
	}
	if err := ascending("qualities", p.Qualities, 100); err != nil {
		return err
	}
	for i, r := range p.Ratios {
		if r.W < 1 || r.H < 1 || r.W > 1000 || r.H > 1000 {
			return fmt.Errorf("ratios: %v: terms are from 1 to 1000", r)
		}
		if i > 0 && r.W*p.Ratios[i-1].H <= p.Ratios[i-1].W*r.H {
			return fmt.Errorf("ratios: %v after %v: order them from tall to wide, each once", r, p.Ratios[i-1])
		}
	}
	if p.FreeSide < 0 || p.FreeSide > MaxSide {
		return fmt.Errorf("free side: %d: it is from 1 to %d, or 0 for 8192", p.FreeSide, MaxSide)
	}
	if p.signed() && len(p.Key) < 16 {
		return fmt.Errorf("the key that signs URLs has %d bytes: take 16 random ones or more", len(p.Key))
	}
	return nil
}

func ascending(what string, list []int, limit int) error {
	for i, n := range list {
		if n < 1 || n > limit {
			return fmt.Errorf("%s: %d: it is from 1 to %d", what, n, limit)
		}
		if i > 0 && n <= list[i-1] {
			return fmt.Errorf("%s: %d after %d: order them from low to high, each once", what, n, list[i-1])
		}
	}
	return nil
}

// Count is the number of renditions of one photo that URLs can ask for,
// exactly; -1 where Free makes it a matter of billions.
func (p Policy) Count() int {
	if p.Free {
		return -1
	}
	boxes := map[[2]int64]bool{}
	for _, width := range p.cropWidths() {
		for _, r := range p.ratios() {
			boxes[[2]int64{int64(width), boxHeight(int64(width), r)}] = true
		}
	}
	const crops = 3*3 + 1 // the grid, and smart
	shapes := 2*len(p.widths()) + len(boxes)*(1+crops)
	lossy := int(PNG - Auto)
	n := shapes * (lossy*(1+len(p.qualities())) + 1)
	if p.OriginalsPublic {
		n++
	}
	return n + 1 // InfoJSON
}

// Allows tells whether a recipe is one that Resolve can give under the policy,
// signature apart.
func (p Policy) Allows(r Recipe) bool {
	if back, err := ParsePath(r.Path()); err != nil || back != r {
		return false
	}
	switch r.Format {
	case Original:
		return p.OriginalsPublic
	case InfoJSON:
		return true
	}
	w := wish{int64(r.Width), int64(r.Height), Ratio{}, r.Fit, r.Crop, r.Quality, r.Format}
	snapped := p.snap(w, nil)
	snapped.Photo = r.Photo
	return snapped == r
}

// WidthsFor is what a page offers of a photo of that width, in pixels: the steps
// below it and the first that is not, ascending. More would be the same pixels
// again, since nothing is enlarged. A width of 0 or less is not known, and all
// steps are given. Under Free these are the steps of Widths all the same.
func (p Policy) WidthsFor(photoWidth int) []int {
	steps := slices.Clone(p.widths())
	if p.Free {
		limit := int(p.freeSide())
		steps = slices.DeleteFunc(steps, func(w int) bool { return w > limit })
		if len(steps) == 0 {
			steps = append(steps, limit)
		}
	}
	for i, w := range steps {
		if photoWidth > 0 && w >= photoWidth {
			return steps[:i+1]
		}
	}
	return steps
}

func (p *Policy) widths() []int {
	if len(p.Widths) == 0 {
		return defaultWidths
	}
	return p.Widths
}

func (p *Policy) cropWidths() []int {
	if len(p.CropWidths) == 0 {
		return defaultCropWidths
	}
	return p.CropWidths
}

func (p *Policy) ratios() []Ratio {
	if len(p.Ratios) == 0 {
		return defaultRatios
	}
	return p.Ratios
}

func (p *Policy) qualities() []int {
	if p.Qualities == nil {
		return defaultQualities
	}
	return p.Qualities
}

func (p *Policy) freeSide() int64 {
	if p.FreeSide <= 0 {
		return 8192
	}
	return int64(min(p.FreeSide, MaxSide))
}
