package sheet

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

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
	Compare  comparison
}

// offer is a rendition whose bytes can be measured.
type offer struct{ Label, Address string }

// crop is the photo cut to a ratio, small, with the view that chooses it.
type crop struct {
	Ratio, View, Src string
	Width, Height    int
	Chosen           bool
}

// comparison is a rendition over the best that there is to see.
type comparison struct {
	Rendition, Label string
	Best, BestLabel  string
	Original         bool // the best is the photo's own file
}

func (h *handler) tools(folder, name string, size int64, c choice, src step, width, height int) tools {
	o := &h.offers
	key := join(folder, name)
	t := tools{Original: size, Info: o.infoAddress(key), Focal: o.focal(key, c.crop)}

	for _, r := range slices.Backward(o.ratios) {
		of := c
		of.ratio = r
		small := look{ratio: r, crop: c.crop}
		s := o.box(160, small)
		t.Crops = append(t.Crops, crop{r.String(), of.on(viewAddress(folder, name)), o.address(key, s, small), s.width, s.height, r == c.ratio})
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
	for _, f := range []option{{Value: "jpg", Label: "JPEG"}, {Value: "webp", Label: "WebP"}, {Value: "avif", Label: "AVIF"}, {Value: "png", Label: "PNG"}} {
		as := c.look
		as.format = f.Value
		if f.Value == "png" {
			as.quality = 0 // lossless
		}
		t.Formats = append(t.Formats, offer{f.Label, o.address(key, at, as)})
	}
	t.Compare = o.comparison(key, c, at, width, height)
	return t
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

// comparison holds a rendition against the original where anybody may have it and
// browsers show it, else against the greatest size at the highest quality.
func (o *offers) comparison(key string, c choice, at step, width, height int) comparison {
	n := comparison{Rendition: o.address(key, at, c.look), Label: thousands(at.width) + " wide"}
	if o.policy.OriginalsPublic && c.ratio.W == 0 && shown(key) {
		n.Best, n.BestLabel, n.Original = o.sign(photofit.Recipe{Photo: key, Format: photofit.Original}.Path()), "Original", true
		return n
	}
	steps := o.steps(c.look, width, height)
	best := c.look
	best.format, best.quality = "", 0
	n.BestLabel = "Greatest size"
	if len(o.qualities) > 0 {
		best.quality = o.qualities[len(o.qualities)-1]
		n.BestLabel += ", quality " + strconv.Itoa(best.quality)
	}
	n.Best = o.address(key, steps[len(steps)-1], best)
	return n
}

// shown tells whether browsers show a file of that name as it is.
func shown(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif":
		return true
	}
	return false
}
