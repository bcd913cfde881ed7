package site

import (
	"fmt"
	"strconv"
	"strings"

	"photofit"
	"photofit/markup"
)

// look is how a photo is to be asked for at one spot.
type look struct {
	photo   string
	info    photofit.Info
	ratio   photofit.Ratio // zero: the whole photo
	crop    photofit.Crop
	quality int // 0: auto
	asked   int // how wide the page asked for it already, in pixels; 0: it did not, or offers several
}

// attrs gives what package markup writes for a look, by name.
func (r *Rewriter) attrs(l look, placeholder markup.Placeholder) (map[string]string, error) {
	i := l.image()
	i.Placeholder = placeholder
	attrs, err := r.markup.Attrs(i)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.photo, err)
	}
	values := map[string]string{}
	for _, a := range attrs {
		values[a.Name] = a.Value
	}
	return values, nil
}

// image is a look in the words of package markup.
func (l look) image() markup.Image {
	return markup.Image{Photo: l.photo, Info: l.info, Ratio: l.ratio, Crop: l.crop, Quality: l.quality}
}

// url is the address of a photo at a width.
func (r *Rewriter) url(l look, width int) string { return r.markup.ImageURL(l.image(), width) }

// snapped is the ratio that the server makes of one that is wished.
func (r *Rewriter) snapped(ratio photofit.Ratio) photofit.Ratio {
	if ratio.W == 0 || r.config.Policy.Free {
		return ratio
	}
	recipe, err := photofit.Resolve("/photo", "w=1&fit=crop&ar="+ratio.String(), "", r.policy())
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

// policy is the one that is asked what a URL means, whatever its signature.
func (r *Rewriter) policy() photofit.Policy {
	p := r.config.Policy
	p.Signed, p.Key = false, nil
	return p
}

// widths are those that a srcset offers, ascending, in pixels.
func widths(srcset string) []int {
	var all []int
	for candidate := range strings.SplitSeq(srcset, ", ") {
		if _, width, ok := strings.Cut(candidate, " "); ok {
			if w, err := strconv.Atoi(strings.TrimSuffix(width, "w")); err == nil {
				all = append(all, w)
			}
		}
	}
	return all
}

// height is that which goes with a width.
func (l look) height(width int) int {
	a, b := l.shape()
	return max((2*width*b+a)/(2*a), 1)
}

// width is that which goes with a height.
func (l look) width(height int) int {
	a, b := l.shape()
	return max((2*height*a+b)/(2*b), 1)
}

func (l look) shape() (w, h int) {
	if l.ratio.W > 0 {
		return l.ratio.W, l.ratio.H
	}
	return l.info.Width, l.info.Height
}

// percent spells a path for a URL: all but unreserved characters and slashes are
// percent-encoded.
func percent(name string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if low := lowerByte(c); 'a' <= low && low <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("-._~/", c) >= 0 {
			b.WriteByte(c)
		} else {
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return b.String()
}
