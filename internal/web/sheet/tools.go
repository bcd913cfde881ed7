package sheet

import (
	"fmt"
	"slices"
	"strconv"

	"photofit"
)

// tools are what the view has below its choices. The server writes each address;
// what it takes to fill in bytes is asked for only when somebody wants them.
type tools struct {
	Original int64  // in bytes
	Info     string // the address of its _info.json
	Focal    focal
	Crops    []crop
	Sizes    []offer
	Compared group // the widths that formats are compared at
	Formats  []offer
	At       string // their size
	Compare  comparison
}

// offer is a rendition whose bytes can be measured.
type offer struct{ Label, Address string }

// crop is the photo cut to a ratio, small, with the view that chooses it.
type crop struct {
	Ratio, View, Src string
	Sharp            string // for dense screens; empty if the policy has nothing greater
	Width, Height    int    // as it is shown, in CSS pixels
	Chosen           bool
}

func (h *handler) tools(folder, name string, size int64, c choice, src step, known Facts) tools {
	o := &h.offers
	width, height := known.Width, known.Height
	key := join(folder, name)
	t := tools{Original: size, Info: o.infoAddress(key), Focal: o.focal(key, c.crop)}

	for _, r := range slices.Backward(o.ratios) {
		of := c
		of.ratio = r
		small := look{ratio: r, crop: c.crop}
		s := o.box(160, small)
		cut := crop{Ratio: r.String(), View: of.on(viewAddress(folder, name)), Src: o.address(key, s, small), Chosen: r == c.ratio}
		cut.Width, cut.Height = within(r, 148, 84)
		if dense := o.box(2*s.width, small); dense.width > s.width {
			cut.Sharp = o.address(key, dense, small)
		}
		t.Crops = append(t.Crops, cut)
	}
	for _, s := range o.steps(c.look, width, height) {
		t.Sizes = append(t.Sizes, offer{s.label(c.ratio, width, height), o.address(key, s, c.look)})
	}

	t.Compared = group{Name: "w", Label: "Width", Options: []option{{"", "Automatic", c.width == 0}}}
	for _, w := range o.compared() {
		t.Compared.Options = append(t.Compared.Options, option{strconv.Itoa(w), thousands(w), w == c.width})
	}
	at := src
	if c.width > 0 {
		at = step{width: c.width}
		if c.ratio.W > 0 {
			at = o.box(c.width, c.look)
		}
	}
	for _, f := range formatOptions {
		as := c.look
		as.format = f.Value
		if f.Value == "png" {
			as.quality = 0 // lossless
		}
		t.Formats = append(t.Formats, offer{f.Label, o.address(key, at, as)})
	}
	t.At = at.label(c.ratio, width, height)
	t.Compare = o.comparison(key, size, c, at, known)
	return t
}

// within is the largest size of a ratio inside a box.
func within(r photofit.Ratio, width, height int) (w, h int) {
	if r.W*height > r.H*width {
		return width, max((width*r.H+r.W/2)/r.W, 1)
	}
	return max((height*r.W+r.H/2)/r.H, 1), height
}

// label is a step's size as it comes out, as far as the photo's is known: nothing
// is enlarged.
func (s step) label(r photofit.Ratio, width, height int) string {
	w, h := s.width, s.height
	switch {
	case r.W > 0:
		if room := roomFor(r, width, height); room > 0 && room < w {
			w, h = room, max((room*r.H+r.W/2)/r.W, 1)
		}
	case width > 0:
		w = min(w, width)
		h = max((w*height+width/2)/width, 1)
	default:
		return thousands(w) + " wide"
	}
	return fmt.Sprintf("%s × %s", thousands(w), thousands(h))
}

// compared are the widths that formats may be compared at, whatever the photo.
func (o *offers) compared() []int {
	var widths []int
	for _, w := range o.policy.WidthsFor(0) {
		if n := len(widths); w >= 320 && (n == 0 || w >= 2*widths[n-1]) {
			widths = append(widths, w)
		}
	}
	return widths
}
