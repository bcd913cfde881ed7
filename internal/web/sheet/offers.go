package sheet

import (
	"fmt"
	"strconv"
	"strings"

	"photofit"
)

// look is how a photo is to appear, whatever its size.
type look struct {
	ratio   photofit.Ratio // zero is the whole photo
	crop    photofit.Crop  // what is kept; with a ratio only
	format  string         // as in a query; empty is negotiated
	quality int            // 0 is automatic
}

// step is a size on offer, in pixels. The height of a whole photo is left
// open, 0.
type step struct{ width, height int }

// offers turns looks into what the policy has of them.
type offers struct {
	policy    photofit.Policy
	ratios    []photofit.Ratio
	crops     []int
	qualities []int // ascending; empty is automatic only
	tileLook  look
	tiles     []step // never empty
}

// Screens with more than 3 pixels to a CSS pixel are as sharp to the eye with 3.
const densest = 3

func newOffers(p photofit.Policy) offers {
	o := offers{policy: p, ratios: p.Ratios, crops: p.CropWidths, qualities: p.Qualities}
	byDefault := photofit.DefaultPolicy()
	if len(o.ratios) == 0 {
		o.ratios = byDefault.Ratios
	}
	if len(o.crops) == 0 {
		o.crops = byDefault.CropWidths
	}
	if o.qualities == nil {
		o.qualities = byDefault.Qualities
	}
	o.tileLook = look{ratio: photofit.Ratio{W: 3, H: 2}}
	for _, s := range o.steps(o.tileLook, 0, 0) {
		if s.width >= narrowestTile {
			o.tiles = append(o.tiles, s)
		}
		if s.width >= widestTile*densest {
			break
		}
	}
	if len(o.tiles) == 0 { // a policy of very small crops
		all := o.steps(o.tileLook, 0, 0)
		o.tiles = all[len(all)-1:]
	}
	return o
}

// steps are the sizes of a look for a photo of that width and height (0 is not
// known), ascending: those that are smaller and the first that is not. There is
// at least one.
func (o *offers) steps(l look, width, height int) []step {
	var steps []step
	if l.ratio.W == 0 {
		for _, w := range o.policy.WidthsFor(width) {
			steps = append(steps, step{width: w})
		}
		return steps
	}
	room := roomFor(l.ratio, width, height)
	for _, w := range o.crops {
		s := o.box(w, l)
		if n := len(steps); n > 0 && s.width <= steps[n-1].width {
			break // the policy's greatest side
		}
		steps = append(steps, s)
		if room > 0 && s.width >= room {
			break
		}
	}
	return steps
}

// roomFor is the width of the largest part of that ratio in a photo, rounded
// down; 0 if the photo's size isn't known.
func roomFor(r photofit.Ratio, width, height int) int {
	return min(width, height*r.W/r.H)
}

// box is what the policy makes of a width, and of a ratio if the look has one:
// asked for again, it stays as it is.
func (o *offers) box(width int, l look) step {
	open := o.policy
	open.Signed, open.Key = false, nil
	shape := ""
	if l.ratio.W > 0 {
		shape = "&fit=crop&ar=" + l.ratio.String()
	}
	for {
		r, err := photofit.Resolve("/a", "w="+strconv.Itoa(width)+shape, "", open)
		if err != nil || r.Width >= width {
			return step{r.Width, r.Height}
		}
		width = r.Width // to the greatest side, and then perhaps by a pixel of rounding
	}
}

// thin leaves out the steps below 320 pixels, and those less than 1.3 times the
// one before: pages with fewer sizes share more of what is kept. The last stays.
func thin(steps []step) []step {
	var few []step
	for i, s := range steps {
		last := i == len(steps)-1
		if !last && (s.width < 320 || len(few) > 0 && 10*s.width < 13*few[len(few)-1].width) {
			continue
		}
		few = append(few, s)
	}
	return few
}

var formats = map[string]photofit.Format{"": photofit.Auto, "jpg": photofit.JPEG, "webp": photofit.WebP, "avif": photofit.AVIF, "png": photofit.PNG}

// address is the URL of a photo at a step, from the server's root. It is the
// query form wherever that reaches the photo; else the path form, whose format
// is the one that every browser takes if none is chosen.
func (o *offers) address(key string, s step, l look) string {
	if !queryForm(key) {
		r := photofit.Recipe{Photo: key, Width: s.width, Format: formats[l.format], Quality: l.quality}
		if l.ratio.W > 0 {
			r.Height, r.Fit, r.Crop = s.height, photofit.Cover, l.crop
		}
		return o.sign(r.Path())
	}
	var b strings.Builder
	fmt.Fprintf(&b, "/%s?w=%d", percent(key), s.width)
	if l.ratio.W > 0 {
		fmt.Fprintf(&b, "&ar=%v&fit=crop", l.ratio)
		b.WriteString(cropQuery(l.crop))
	}
	if l.quality > 0 {
		fmt.Fprintf(&b, "&q=%d", l.quality)
	}
	if l.format != "" {
		b.WriteString("&fm=" + l.format)
	}
	return o.sign(b.String())
}

// cropQuery is a crop as in a query; of the centre it is nothing.
func cropQuery(c photofit.Crop) string {
	switch {
	case c == 0:
		return ""
	case c.Smart():
		return "&crop=smart"
	}
	x, y := c.Point()
	return "&crop=focalpoint&fp-x=" + share(x) + "&fp-y=" + share(y)
}

// share is a percentage as a number from 0 to 1.
func share(percent int) string { return strconv.FormatFloat(float64(percent)/100, 'f', -1, 64) }

// point is what the policy makes of a focal point in percent.
func (o *offers) point(x, y int) photofit.Crop {
	open := o.policy
	open.Signed, open.Key = false, nil
	r, err := photofit.Resolve("/a", "w=100&ar=1:1&fit=crop"+cropQuery(photofit.FocalPoint(x, y)), "", open)
	if err != nil {
		return 0
	}
	return r.Crop
}

// infoAddress is where the server tells what there is to know of a photo.
func (o *offers) infoAddress(key string) string {
	return o.sign(photofit.Recipe{Photo: key, Format: photofit.InfoJSON}.Path())
}

func (o *offers) sign(address string) string {
	if len(o.policy.Key) == 0 {
		return address
	}
	return photofit.Sign(o.policy.Key, address)
}

// srcset is the value of an img's srcset.
func (o *offers) srcset(key string, steps []step, l look) string {
	var b strings.Builder
	for i, s := range steps {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(o.address(key, s, l))
		fmt.Fprintf(&b, " %dw", s.width)
	}
	return b.String()
}
