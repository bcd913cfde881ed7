package imgtest

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// ZonePlate is grey rings that get finer outwards and reach one cycle per two pixels at the edge of the shorter side. Scaled down,
// whatever rings show where there should be plain grey is aliasing.
func ZonePlate(w, h int) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, w, h))
	k := math.Pi / float64(min(w, h))
	for y := range h {
		for x := range w {
			dx, dy := float64(x)+.5-float64(w)/2, float64(y)+.5-float64(h)/2
			img.Pix[y*img.Stride+x] = to8(.5 + .5*math.Cos(k*(dx*dx+dy*dy)))
		}
	}
	return img
}

// Stripes is a sine grating around mid-grey: period in pixels, contrast 0 to 1, angle in degrees from upright stripes.
func Stripes(w, h int, period, contrast, angle float64) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, w, h))
	c, s := cosDeg(angle), sinDeg(angle)
	for y := range h {
		for x := range w {
			at := (float64(x)*c + float64(y)*s) / period
			img.Pix[y*img.Stride+x] = to8(.5 + .5*contrast*math.Sin(2*math.Pi*at))
		}
	}
	return img
}

// Contrast reads the contrast of [Stripes] of a known period and angle back, 0 to 1, by correlating with the grating.
func Contrast(img image.Image, period, angle float64) float64 {
	y8 := luma(img)
	c, s := cosDeg(angle), sinDeg(angle)
	var re, im, mean float64
	for _, v := range y8.v {
		mean += v / float64(len(y8.v))
	}
	for i, v := range y8.v {
		at := 2 * math.Pi * (float64(i%y8.w)*c + float64(i/y8.w)*s) / period
		re += (v - mean) * math.Cos(at)
		im += (v - mean) * math.Sin(at)
	}
	return 2 * math.Hypot(re, im) / float64(len(y8.v)) / 127.5
}

// Star is a Siemens star of black and white rays on grey; the ray count is the number of dark ones.
func Star(w, h, rays int) *image.Gray {
	img := image.NewGray(image.Rect(0, 0, w, h))
	radius := .48 * float64(min(w, h))
	for y := range h {
		for x := range w {
			dx, dy := float64(x)+.5-float64(w)/2, float64(y)+.5-float64(h)/2
			r := math.Hypot(dx, dy)
			v := .5
			if r < radius {
				// Soft by about a pixel along the arc, so that the chart itself does not alias.
				v = .5 + .5*min(max(math.Sin(math.Atan2(dy, dx)*float64(rays))*r/float64(rays), -1), 1)
			}
			img.Pix[y*img.Stride+x] = to8(v)
		}
	}
	return img
}

// TextChart is lines of dark text on white from one to four times the size of a small screen font, in black, red and blue: what chroma
// subsampling and halos hurt first.
func TextChart(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	inks := []color.RGBA{{0, 0, 0, 255}, {200, 0, 0, 255}, {0, 0, 180, 255}}
	const text = "The light over the harbour turned from grey to gold. 0123456789 "
	for y, line := 8, 0; y < h; line++ {
		size := 1 + line%4
		strip := image.NewRGBA(image.Rect(0, 0, (w+size-1)/size, 16))
		draw.Draw(strip, strip.Rect, image.White, image.Point{}, draw.Src)
		d := font.Drawer{Dst: strip, Src: image.NewUniform(inks[line%len(inks)]), Face: basicfont.Face7x13, Dot: fixed.P(4, 12)}
		for d.Dot.X.Ceil() < strip.Rect.Dx() {
			d.DrawString(text)
		}
		to := image.Rect(0, y, strip.Rect.Dx()*size, y+16*size)
		xdraw.NearestNeighbor.Scale(img, to, strip, strip.Rect, draw.Src, nil)
		y += 16 * size
	}
	return img
}
