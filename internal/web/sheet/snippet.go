package sheet

import (
	"fmt"
	"html"
	"strings"
)

// piece is a part of the HTML to copy, as HTML source. Role says what the script
// or the style sheet has to do with it: it puts the page's host in front of an
// "address", and where the server doesn't know the photo's size it fills in "size",
// the width and height attributes, and "auto", which the sizes attribute begins
// with then. "blank" is what the author has to fill in.
type piece struct{ Text, Role string }

// snippet is the HTML that shows a photo on somebody's page, as package markup would
// write it, with fewer steps.
func (h *handler) snippet(key string, steps []step, src step, c choice, known Facts) []piece {
	var pieces []piece
	add := func(role, format string, a ...any) { pieces = append(pieces, piece{fmt.Sprintf(format, a...), role}) }
	address := func(s step) { add("address", "%s", html.EscapeString(h.offers.address(key, s, c.look))) }
	add("", "<img\n  src=\"")
	address(src)
	add("", "\"\n  srcset=\"")
	for i, s := range steps {
		if i > 0 {
			add("", ",")
		}
		add("", "\n    ")
		address(s)
		add("", " %dw", comes(s, c, known.Width, known.Height))
	}
	// A browser that sizes a lazy photo by its layout leaves the photo's own size out
	// of the layout, so "auto" needs the attributes to say it.
	size, auto := sizeAttributes(steps[len(steps)-1], c, known.Width, known.Height), ""
	if size != "" {
		auto = "auto, "
	}
	add("", "\"\n  sizes=\"")
	add("auto", "%s", auto)
	add("", "%s\"", html.EscapeString(c.sizes()))
	add("size", "%s", size)
	add("", "\n  ")
	if known.Caption == "" {
		add("blank", "alt=\"\"")
	} else {
		add("", "alt=\"%s\"", html.EscapeString(strings.ToValidUTF8(known.Caption, "\ufffd")))
	}
	add("", "\n  loading=\"lazy\" decoding=\"async\">")
	return pieces
}

// altHint is what the author should know of the snippet's alt. Nobody but him can
// say what is to be seen; the file's name does not, and would be read out all the
// same. Empty, alt is valid, and passes the photo over until he has written it.
func altHint(caption string) string {
	if caption != "" {
		return "alt is the photo's caption: does it say what is to be seen?"
	}
	return "Say in alt what is to be seen, for those who don't see it. Left empty, screen readers pass the photo over."
}

// comes is how wide the rendition of a step is: no wider than the photo, where its
// size is known, or than what a crop finds in it.
func comes(s step, c choice, width, height int) int {
	most := width
	if c.ratio.W > 0 {
		most = roomFor(c.ratio, width, height)
	}
	if most > 0 {
		return min(s.width, most)
	}
	return s.width
}

// sizeAttributes is the size of the greatest step as attributes, so that a page
// keeps the room for the photo. Nothing is enlarged: a photo that is smaller is
// its own size.
func sizeAttributes(top step, c choice, width, height int) string {
	w, h := top.width, top.height
	switch {
	case c.ratio.W > 0:
		if room := roomFor(c.ratio, width, height); room > 0 && room < w {
			w, h = room, max((room*c.ratio.H+c.ratio.W/2)/c.ratio.W, 1)
		}
	case width == 0:
		return ""
	default:
		w = min(w, width)
		h = max((w*height+width/2)/width, 1)
	}
	return fmt.Sprintf("\n  width=\"%d\" height=\"%d\"", w, h)
}
