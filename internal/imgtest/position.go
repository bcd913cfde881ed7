package imgtest

import (
	"image"
	"math"
)

// PositionChart is a picture whose every pixel says where it is: red grows from left to right and green from top to bottom, both from
// 16 to 240, so that what a crop kept can be read back with [Region].
func PositionChart(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			p := img.Pix[img.PixOffset(x, y):]
			p[0] = uint8(math.Round(16 + 224*(float64(x)+.5)/float64(w)))
			p[1] = uint8(math.Round(16 + 224*(float64(y)+.5)/float64(h)))
			p[2], p[3] = 128, 255
		}
	}
	return img
}

// Region says which part of a [PositionChart] a picture shows, as shares of the whole: 0 0 1 1 is all of it. A straight line is fitted
// through all columns and rows, so lossy coding costs little: about a hundredth at quality 80.
func Region(img image.Image) (x0, y0, x1, y1 float64) {
	src := rgba(img)
	w, h := src.Rect.Dx(), src.Rect.Dy()
	cols, rows := make([]float64, w), make([]float64, h)
	for y := range h {
		for x := range w {
			p := src.Pix[src.PixOffset(x, y):]
			cols[x] += (float64(p[0]) - 16) / 224 / float64(h)
			rows[y] += (float64(p[1]) - 16) / 224 / float64(w)
		}
	}
	x0, x1 = ends(cols)
	y0, y1 = ends(rows)
	return x0, y0, x1, y1
}

// ends fits a line through values that stand at the centres of pixels and gives it at both outer edges.
func ends(v []float64) (first, last float64) {
	n := float64(len(v))
	var mean, cov, spread float64
	for _, y := range v {
		mean += y / n
	}
	for i, y := range v {
		d := float64(i) + .5 - n/2
		cov += d * (y - mean)
		spread += d * d
	}
	slope := 0.0
	if spread > 0 {
		slope = cov / spread
	}
	return mean - slope*n/2, mean + slope*n/2
}
