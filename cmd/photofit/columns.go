package main

import (
	"unicode"

	"golang.org/x/text/width"
)

// columnsOf is how many columns of a terminal a text takes: two for the wide characters of East
// Asia and for emoji (Unicode Standard Annex 11), none for marks that stand on others.
func columnsOf(text string) (n int) {
	joined := false
	for _, r := range text {
		switch {
		case joined: // it is one picture with what is before it
			joined = false
		case r == '\u200d':
			joined = true
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Me, r), r == '\u200c', r >= 0x1f3fb && r <= 0x1f3ff: // skin tones
		default:
			if kind := width.LookupRune(r).Kind(); kind == width.EastAsianWide || kind == width.EastAsianFullwidth {
				n++
			}
			n++
		}
	}
	return n
}
