package markup

import (
	"fmt"
	"math"
	"strconv"

	"photofit"
)

// step is a size on offer: its recipe, and the width and height of what comes
// back, in pixels. The height of a whole photo of unknown size is 0.
type step struct {
	recipe        photofit.Recipe
	width, height int
}

// offer is what a page offers of a photo.
type offer struct {
	steps         []step // ascending by width, at least one
	width, height int    // for the attributes of that name; 0 is not known
}

// least is the narrowest step that a page offers, in pixels, unless the photo is
// narrower. A photo laid out at less than 160 pixels is rare, costs a few KB, and
// five more entries would be in the srcset of all the others.
const least = 160

// middle is the width of what comes by src, in pixels: for feeds, crawlers and
// whatever else knows no srcset. It is enough for a laptop.
const middle = 1280

// offer lists the steps of a photo. All that are there are listed from least on:
// each one left out makes some screen fetch more than it can show.
func (s Site) offer(i Image, ratio photofit.Ratio, crop photofit.Crop) (offer, error) {
	if err := s.check(); err != nil {
		return offer{}, err
	}
	w, h := i.Info.Width, i.Info.Height
	if w <= 0 || h <= 0 {
		w, h = 0, 0
	}
	var o offer
	widths := s.Policy.WidthsFor(w)
	if ratio != (photofit.Ratio{}) {
		widths = s.Policy.CropWidths
		if len(widths) == 0 {
			widths = photofit.DefaultPolicy().CropWidths
		}
	}
	for _, width := range widths {
		r, err := s.recipe(i.Photo, width, ratio, crop, i.Quality)
		if err != nil {
			return offer{}, fmt.Errorf("%q: %w", i.Photo, err)
		}
		st := sized(r, w, h)
		if n := len(o.steps); n > 0 && st.width <= o.steps[n-1].width {
			break // the policy's greatest side
		}
		o.steps = append(o.steps, st)
		if st.width < r.Width {
			break // the photo has no more
		}
	}
	for len(o.steps) > 1 && o.steps[0].width < least {
		o.steps = o.steps[1:]
	}
	if ratio == (photofit.Ratio{}) {
		o.width, o.height = w, h
	} else {
		top := o.steps[len(o.steps)-1]
		o.width, o.height = top.width, top.height
	}
	return o, nil
}

// fallback is the step for what knows no srcset.
func (o offer) fallback() step {
	for _, st := range o.steps {
		if st.width >= middle {
			return st
		}
	}
	return o.steps[len(o.steps)-1]
}

// sized tells what a recipe gives of a photo of that size, which the renderer
// reckons in the same way: nothing is enlarged, and a box keeps its ratio.
func sized(r photofit.Recipe, w, h int) step {
	switch {
	case w == 0:
		return step{r, r.Width, r.Height}
	case r.Fit == photofit.Cover:
		scale := min(1, float64(w)/float64(r.Width), float64(h)/float64(r.Height))
		return step{r, min(w, scaled(r.Width, scale)), min(h, scaled(r.Height, scale))}
	}
	scale := min(1, float64(r.Width)/float64(w))
	return step{r, scaled(w, scale), scaled(h, scale)}
}

func scaled(side int, scale float64) int { return max(1, int(math.Round(float64(side)*scale))) }

// recipe is what the policy has for a width, and with a ratio for a box.
func (s Site) recipe(photo string, width int, ratio photofit.Ratio, crop photofit.Crop, quality int) (photofit.Recipe, error) {
	open := s.Policy
	open.Signed, open.Key = false, nil
	// The name is checked by its canonical path, which every name has.
	named := photofit.Recipe{Photo: photo, Width: 1}
	if back, err := photofit.ParsePath(named.Path()); err != nil || back != named {
		return photofit.Recipe{}, errName
	}
	query := "w=" + strconv.Itoa(width)
	if ratio != (photofit.Ratio{}) {
		query += "&fit=crop&ar=" + ratio.String() + cropQuery(crop)
	}
	if quality != 0 {
		query += "&q=" + strconv.Itoa(quality)
	}
	r, err := photofit.Resolve("/a", query, "", open)
	r.Photo = photo
	return r, err
}

// cropQuery is the parameters that say what to keep, with "&" in front.
func cropQuery(c photofit.Crop) string {
	if c.Smart() {
		return "&crop=smart"
	}
	x, y := c.Point()
	if x == 50 && y == 50 {
		return ""
	}
	share := func(percent int) string { return strconv.FormatFloat(float64(percent)/100, 'f', -1, 64) }
	return "&fp-x=" + share(x) + "&fp-y=" + share(y)
}
