package imgtest

import (
	"image"
	"image/draw"
	"math"
)

// Distances compare what is seen. Pixels are 8 bits a channel, with colour multiplied by its alpha: the colour of a wholly clear pixel
// counts for nothing. Alpha is a fourth channel when either picture has any, and left out of the mean when both are opaque. Profiles are
// not looked at: convert to one space first. Pictures of different size are as far apart as can be.

// RMS is the root of the mean squared difference per channel, in steps of 8 bits: 0 for equal pictures, 255 at most.
func RMS(a, b image.Image) float64 {
	x, y, channels, ok := pair(a, b)
	if !ok {
		return 255
	}
	var sum float64
	for i, v := range x.Pix {
		if i&3 < channels {
			d := int(v) - int(y.Pix[i])
			sum += float64(d * d)
		}
	}
	return math.Sqrt(sum / float64(len(x.Pix)/4*channels))
}

// PSNR is the peak signal-to-noise ratio in decibels: +Inf for equal pictures, 0 for opposite ones or different sizes; photos coded at
// quality 80 have 35 to 45.
func PSNR(a, b image.Image) float64 {
	r := RMS(a, b)
	if r == 0 {
		return math.Inf(1)
	}
	return 20 * math.Log10(255/r)
}

// MaxDiff is the largest difference of any channel of any pixel, 0 to 255.
func MaxDiff(a, b image.Image) int {
	x, y, channels, ok := pair(a, b)
	if !ok {
		return 255
	}
	most := 0
	for i, v := range x.Pix {
		if d := int(v) - int(y.Pix[i]); i&3 < channels {
			most = max(most, d, -d)
		}
	}
	return most
}

// MeanRGB is the mean colour, each channel 0 to 255, weighted by alpha; a wholly clear picture gives zeros.
func MeanRGB(img image.Image) (mean [3]float64) {
	src := rgba(img)
	var sum [4]uint64
	for i, v := range src.Pix {
		sum[i&3] += uint64(v)
	}
	if sum[3] == 0 {
		return mean
	}
	for i := range mean {
		mean[i] = 255 * float64(sum[i]) / float64(sum[3])
	}
	return mean
}

func pair(a, b image.Image) (x, y *image.RGBA, channels int, ok bool) {
	if a.Bounds().Size() != b.Bounds().Size() || a.Bounds().Empty() {
		return nil, nil, 0, false
	}
	x, y, channels = rgba(a), rgba(b), 3
	if !x.Opaque() || !y.Opaque() {
		channels = 4
	}
	return x, y, channels, true
}

// rgba gives the pixels with the origin at 0,0 and no gap between rows; the picture itself when it is so already.
func rgba(img image.Image) *image.RGBA {
	b := img.Bounds()
	if p, ok := img.(*image.RGBA); ok && b.Min == (image.Point{}) && p.Stride == 4*b.Dx() && len(p.Pix) == p.Stride*b.Dy() {
		return p
	}
	out := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(out, out.Rect, img, b.Min, draw.Src)
	return out
}
