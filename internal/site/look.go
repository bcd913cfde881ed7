package site

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"photofit"
)

// Placeholder is what holds a photo's place until it has come.
type Placeholder string

// The placeholders.
const (
	Color Placeholder = "color" // the photo's dominant colour, as background; the default
	None  Placeholder = "none"
)

// look is how a photo is to be asked for at one spot.
type look struct {
	photo   string
	info    photofit.Info
	ratio   photofit.Ratio // zero: the whole photo
	crop    photofit.Crop
	quality int // 0: auto
}

// step is a width that a photo can be had in.
type step struct {
	asked int // of the ladder: what the URL says
	real  int // in pixels, as nothing is enlarged
}

// steps gives the ladder's steps for the photo, ascending.
func (r *Rewriter) steps(l look) []step {
	if l.ratio.W == 0 {
		var steps []step
		for _, w := range r.config.Policy.WidthsFor(l.info.Width) {
			steps = append(steps, step{w, min(w, l.info.Width)})
		}
		return steps
	}
	room := min(l.info.Width, max(l.info.Height*l.ratio.W/l.ratio.H, 1))
	widths := r.config.Policy.CropWidths
	if len(widths) == 0 {
		widths = photofit.DefaultPolicy().CropWidths
	}
	var steps []step
	for _, w := range widths {
		steps = append(steps, step{w, min(w, room)})
		if w >= room {
			break
		}
	}
	return steps
}

// snapped is the ratio that the server makes of one that is wished.
func (r *Rewriter) snapped(ratio photofit.Ratio) photofit.Ratio {
	if ratio.W == 0 || r.config.Policy.Free {
		return ratio
	}
	recipe, err := photofit.Resolve("/photo", fmt.Sprintf("w=1&ar=%d:%d&fit=crop", ratio.W, ratio.H), "", r.policy())
	if err != nil {
		return ratio
	}
	ratios := r.config.Policy.Ratios
	if len(ratios) == 0 {
		ratios = photofit.DefaultPolicy().Ratios
	}
	for _, have := range ratios {
		if max((2*recipe.Width*have.H+have.W)/(2*have.W), 1) == recipe.Height {
			return have
		}
	}
	return ratio
}

// policy is the one that is asked what a URL means; pages carry no signatures.
func (r *Rewriter) policy() photofit.Policy {
	p := r.config.Policy
	p.Signed, p.Key = false, nil
	return p
}

// url is the address of a photo at a width, in the query form.
func (r *Rewriter) url(l look, width int) string {
	var b strings.Builder
	b.WriteString(r.config.Base + "/" + percent(l.photo) + "?w=" + strconv.Itoa(width))
	if l.ratio.W > 0 {
		fmt.Fprintf(&b, "&ar=%d:%d&fit=crop", l.ratio.W, l.ratio.H)
		switch x, y := l.crop.Point(); {
		case l.crop.Smart():
			b.WriteString("&crop=smart")
		case l.crop != 0:
			fmt.Fprintf(&b, "&fp-x=%s&fp-y=%s", share(x), share(y))
		}
	}
	if l.quality > 0 {
		b.WriteString("&q=" + strconv.Itoa(l.quality))
	}
	return b.String()
}

// share is percent as a part of one: "0.5".
func share(percent int) string { return strconv.FormatFloat(float64(percent)/100, 'f', -1, 64) }

// srcset offers all steps.
func (r *Rewriter) srcset(l look) string {
	var parts []string
	for _, s := range r.steps(l) {
		parts = append(parts, r.url(l, s.asked)+" "+strconv.Itoa(s.real)+"w")
	}
	return strings.Join(parts, ", ")
}

// fallbackWidth is for clients that know no srcset.
const fallbackWidth = 1280

// src is the address for clients that know no srcset.
func (r *Rewriter) src(l look) string {
	steps := r.steps(l)
	i := slices.IndexFunc(steps, func(s step) bool { return s.asked >= fallbackWidth })
	if i < 0 {
		i = len(steps) - 1
	}
	return r.url(l, steps[i].asked)
}

// size is the width and height that the layout had of the whole photo: the photo's
// own, or those of the greatest part in the ratio. So room is kept, and without a
// style sheet the photo is as large as it was.
func (l look) size() (width, height int) {
	width, height = l.info.Width, l.info.Height
	if l.ratio.W > 0 {
		width = min(width, max(height*l.ratio.W/l.ratio.H, 1))
		height = l.height(width)
	}
	return width, height
}

// height is that which goes with a width.
func (l look) height(width int) int {
	a, b := l.info.Width, l.info.Height
	if l.ratio.W > 0 {
		a, b = l.ratio.W, l.ratio.H
	}
	return max((2*width*b+a)/(2*a), 1)
}

// width is that which goes with a height.
func (l look) width(height int) int {
	a, b := l.info.Width, l.info.Height
	if l.ratio.W > 0 {
		a, b = l.ratio.W, l.ratio.H
	}
	return max((2*height*a+b)/(2*b), 1)
}

// percent spells a name for a URL's path: all but unreserved characters and slashes
// are percent-encoded, so that it stands as it is in HTML, in CSS and in a srcset.
func percent(name string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		c := name[i]
		if low := lowerByte(c); 'a' <= low && low <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("-._~/", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}
