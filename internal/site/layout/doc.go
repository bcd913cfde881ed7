// Package layout finds out how wide images are laid out by measuring them, and says
// so as sizes of HTML do.
//
// The width of an image is nearly always a function of the viewport's width that is
// made of straight pieces: 100vw - 32px up to 700 px, half of that minus a gap up to
// 1024, then 480 px for good. Pieces end where a media query begins to hold, which is
// a jump or a bend at a whole pixel, or where a max-width is reached, which is a bend
// anywhere. So a few widths are measured, and more where three of them don't lie on a
// line, down to neighbouring pixels (sample.go). Then the fewest lines are laid
// through all that was measured (fit.go), with the roundest numbers that hold.
package layout
