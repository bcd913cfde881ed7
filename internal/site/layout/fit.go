package layout

import (
	"math"
	"strconv"
	"strings"
)

// point is an image's width at a viewport's.
type point struct {
	viewport int
	width    float64
}

// line is a width as a share of the viewport's and a rest: vw is in percent of it, px
// in pixels.
type line struct{ vw, px float64 }

func (l line) at(viewport int) float64 { return l.vw*float64(viewport)/100 + l.px }

// piece is a line, and the first viewport where it holds.
type piece struct {
	from int
	line line
}

// Where widths don't lie on lines (tables round to whole pixels, scripts do anything)
// lines may be off by a pixel, and are never too short.
const (
	rough       = 1.0
	mostPieces  = 10
	roundDigits = 4
)

// fit lays lines through points, which ascend.
func fit(points []point) []piece {
	pieces := fitWithin(points, exact)
	if len(pieces) > mostPieces {
		pieces = fitWithin(points, rough)
	}
	return pieces
}

// fitWithin takes as many points into each line as lie on it within a tolerance.
func fitWithin(points []point, tolerance float64) []piece {
	var pieces []piece
	last := 0 // the viewport of the last point before
	for len(points) > 0 {
		n := 1
		best := rounded(points[:1], tolerance)
		for n < len(points) {
			l, ok := through(points[:n+1], tolerance)
			if !ok {
				break
			}
			best = l
			n++
		}
		p := piece{points[0].viewport, best}
		if len(pieces) > 0 {
			before := pieces[len(pieces)-1]
			if before.line == p.line {
				points = points[n:]
				continue
			}
			p.from = border(before.line, p.line, last, p.from)
		}
		pieces = append(pieces, p)
		last = points[n-1].viewport
		points = points[n:]
	}
	return pieces
}

// border is where a line takes over from another that holds at last, if it holds at
// from: where they cross in between, or else at from.
func border(before, after line, last, from int) int {
	if d := before.vw - after.vw; d != 0 {
		cross := (after.px - before.px) / d * 100
		if at := int(math.Ceil(cross - 1e-6)); at >= last && at < from {
			return at
		}
	}
	return from
}

// through is the roundest line on which all points lie, if there is one.
func through(points []point, tolerance float64) (line, bool) {
	first, end := points[0], points[len(points)-1]
	vw := (end.width - first.width) / float64(end.viewport-first.viewport) * 100
	if !near(points, line{vw, first.width - vw*float64(first.viewport)/100}, tolerance) {
		return line{}, false
	}
	for digits := 0; digits <= roundDigits; digits++ {
		l := line{vw: round(vw, digits)}
		sum := 0.0
		for _, p := range points {
			sum += p.width - l.at(p.viewport)
		}
		rest := sum / float64(len(points))
		for restDigits := 0; restDigits <= 2; restDigits++ {
			if l.px = round(rest, restDigits); near(points, l, tolerance) {
				return covering(l, points, tolerance), true
			}
		}
	}
	return line{}, false
}

// rounded is the line of a single point.
func rounded(points []point, tolerance float64) line {
	for digits := 0; digits <= 2; digits++ {
		if l := (line{px: round(points[0].width, digits)}); near(points, l, tolerance) {
			return l
		}
	}
	return line{px: points[0].width}
}

// covering raises a line that may be off by much until it is nowhere too short.
func covering(l line, points []point, tolerance float64) line {
	if tolerance <= exact {
		return l
	}
	short := 0.0
	for _, p := range points {
		short = max(short, p.width-l.at(p.viewport))
	}
	l.px = math.Ceil(l.px + short - exact)
	return l
}

func near(points []point, l line, tolerance float64) bool {
	for _, p := range points {
		if math.Abs(l.at(p.viewport)-p.width) > tolerance {
			return false
		}
	}
	return true
}

func round(x float64, digits int) float64 {
	scale := math.Pow(10, float64(digits))
	return math.Round(x*scale) / scale
}

// text says pieces as sizes does, the widest viewports first.
func text(pieces []piece) string {
	var parts []string
	for i := len(pieces) - 1; i >= 0; i-- {
		part := pieces[i].line.String()
		if i > 0 {
			part = "(min-width: " + strconv.Itoa(pieces[i].from) + "px) " + part
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

// String is the line as a length of CSS.
func (l line) String() string {
	number := func(x float64) string { return strconv.FormatFloat(round(x, roundDigits), 'f', -1, 64) }
	switch {
	case l.vw == 0:
		return number(max(l.px, 1)) + "px"
	case l.px == 0:
		return number(l.vw) + "vw"
	case l.px < 0:
		return "calc(" + number(l.vw) + "vw - " + number(-l.px) + "px)"
	}
	return "calc(" + number(l.vw) + "vw + " + number(l.px) + "px)"
}
