package sheet

import (
	"path"
	"strconv"
	"strings"

	"photofit"
)

// comparison is the best that there is to see of a photo beside a rendition. Labels
// say what a picture is, BestNote what the best has to do with the original.
type comparison struct {
	Best, BestLabel string
	BestNote, Flag  string // Flag is what to start the server with, and ends the note
	Rendition       string
	Label           string
	Original        bool  // the best is the photo's own file
	Bytes           int64 // of the original, whatever the best is
}

// comparison holds a rendition against the original where anybody may have it and
// browsers show it, else against the most that the policy lets be asked for: the
// greatest size, without loss.
func (o *offers) comparison(key string, size int64, c choice, at step, known Facts) comparison {
	described := func(s step, l look) string {
		return s.label(l.ratio, known.Width, known.Height) + l.words()
	}
	n := comparison{Rendition: o.address(key, at, c.look), Label: described(at, c.look), Bytes: size}
	if o.policy.OriginalsPublic && c.ratio.W == 0 && shown(key) {
		n.Best, n.Original = o.sign(photofit.Recipe{Photo: key, Format: photofit.Original}.Path()), true
		n.BestLabel, n.BestNote = "The original", weight(size)
		return n
	}
	best := o.best(c.look, known)
	top := o.greatest(best, known)
	n.Best, n.BestLabel = o.address(key, top, best), described(top, best)
	switch {
	case c.ratio.W > 0:
		n.BestNote = "The original itself has another shape"
	case !shown(key):
		n.BestNote = "Browsers do not show the original itself"
	default:
		n.BestNote, n.Flag = "The original itself with ", "--originals public"
	}
	return n
}

// best is a look with the least loss: a PNG has none. What moves stays a film, which
// PNG is not, at the highest quality.
func (o *offers) best(l look, known Facts) look {
	l.format, l.quality = "png", 0
	if known.Film {
		l.format = "webp"
		switch {
		case o.policy.Free:
			l.quality = 100
		case len(o.qualities) > 0:
			l.quality = o.qualities[len(o.qualities)-1]
		}
	}
	return l
}

// greatest is the most pixels that can be had of a look: those of the last step, and
// under a policy that takes any size all that the photo has, up to its bound.
func (o *offers) greatest(l look, known Facts) step {
	steps := o.steps(l, known.Width, known.Height)
	top := steps[len(steps)-1]
	most := known.Width
	if l.ratio.W > 0 {
		most = roomFor(l.ratio, known.Width, known.Height)
	}
	if !o.policy.Free || most <= top.width {
		return top
	}
	return o.box(most, l)
}

// words are what is chosen of a look but for its shape, with a comma in front.
func (l look) words() string {
	words := ""
	for _, f := range formatOptions {
		if f.Value == l.format && l.format != "png" {
			words += ", " + f.Label
		}
	}
	switch {
	case l.format == "png":
		words += ", lossless"
	case l.quality > 0:
		words += ", quality " + strconv.Itoa(l.quality)
	}
	return words
}

// shown tells whether browsers show a file of that name as it is.
func shown(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif":
		return true
	}
	return false
}
