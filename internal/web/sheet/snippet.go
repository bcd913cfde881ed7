package sheet

import (
	"fmt"
	"html"
)

// piece is a part of the HTML to copy. The script puts the page's host in front
// of addresses, and finds the size where the server doesn't know it.
type piece struct {
	Text    string // HTML source
	Address bool
	Size    bool // the width and height attributes, empty if not known
}

// snippet is the HTML that shows a photo on somebody's page.
func (h *handler) snippet(key, name string, steps []step, src step, c choice, width, height int) []piece {
	var pieces []piece
	text := func(format string, a ...any) { pieces = append(pieces, piece{Text: fmt.Sprintf(format, a...)}) }
	address := func(s step) {
		pieces = append(pieces, piece{Text: html.EscapeString(h.offers.address(key, s, c.look)), Address: true})
	}
	text("<img\n  src=\"")
	address(src)
	text("\"\n  srcset=\"")
	for i, s := range steps {
		if i > 0 {
			text(",")
		}
		text("\n    ")
		address(s)
		text(" %dw", comes(s, c, width, height))
	}
	text("\"\n  sizes=\"%s\"", html.EscapeString(c.sizes()))
	pieces = append(pieces, piece{Text: sizeAttributes(steps[len(steps)-1], c, width, height), Size: true})
	text("\n  alt=\"%s\"\n  loading=\"lazy\" decoding=\"async\">", html.EscapeString(plainName(name)))
	return pieces
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
