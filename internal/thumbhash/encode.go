package thumbhash

import (
	"fmt"
	"image"
	"math"
)

// Encode makes the hash of a picture, whose colours are sRGB. It panics unless
// both sides are 1 to MaxSide pixels: whoever calls it has scaled the picture.
//
// Terms that a picture of fewer than 7 pixels is too small for are left out; the
// reference implementation takes aliases there, and a single white pixel turns
// black.
func Encode(img *image.NRGBA) []byte {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	if w < 1 || h < 1 || w > MaxSide || h > MaxSide {
		panic(fmt.Sprintf("thumbhash: a picture of %d × %d pixels: sides are 1 to %d", w, h, MaxSide))
	}
	l, p, q, a := split(img)
	alpha := false
	for _, v := range a {
		alpha = alpha || v < 1
	}
	lx, ly := lumaTerms(w, h, alpha)
	all := []channel{analyse(l, w, max(3, lx), max(3, ly)), analyse(p, w, 3, 3), analyse(q, w, 3, 3)}
	if alpha {
		all = append(all, analyse(a, w, 5, 5))
	}

	short := lx
	if w > h {
		short = ly
	}
	hash := make([]byte, 0, 32)
	head := quantise(63*all[0].mean, 63) | quantise(31.5+31.5*all[1].mean, 63)<<6 |
		quantise(31.5+31.5*all[2].mean, 63)<<12 | quantise(31*all[0].scale, 31)<<18 | bit(alpha)<<23
	shape := short | quantise(63*all[1].scale, 63)<<3 | quantise(63*all[2].scale, 63)<<9 | bit(w > h)<<15
	hash = append(hash, byte(head), byte(head>>8), byte(head>>16), byte(shape), byte(shape>>8))
	if alpha {
		hash = append(hash, byte(quantise(15*all[3].mean, 15)|quantise(15*all[3].scale, 15)<<4))
	}
	n := 0
	for _, c := range all {
		for _, f := range c.terms {
			// Without any term the scale is 0; the reference writes zeros then.
			v := 0
			if c.scale > 0 {
				v = quantise(15*(.5+.5/c.scale*f), 15)
			}
			if n%2 == 0 {
				hash = append(hash, byte(v))
			} else {
				hash[len(hash)-1] |= byte(v << 4)
			}
			n++
		}
	}
	return hash
}

// split gives L, P, Q and A of each pixel, row by row, from 0 to 1 (P and Q: from
// -1). What is transparent takes the mean colour of what is not.
func split(img *image.NRGBA) (l, p, q, a []float64) {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	var mean [3]float64
	opaque := 0.0
	for y := range h {
		for x := range w {
			px := img.Pix[y*img.Stride+4*x:]
			alpha := float64(px[3]) / 255
			for c := range mean {
				mean[c] += alpha / 255 * float64(px[c])
			}
			opaque += alpha
		}
	}
	if opaque > 0 {
		for c := range mean {
			mean[c] /= opaque
		}
	}
	for y := range h {
		for x := range w {
			px := img.Pix[y*img.Stride+4*x:]
			alpha := float64(px[3]) / 255
			var v [3]float64
			for c := range v {
				v[c] = mean[c]*(1-alpha) + alpha/255*float64(px[c])
			}
			l = append(l, (v[0]+v[1]+v[2])/3)
			p = append(p, (v[0]+v[1])/2-v[2])
			q = append(q, v[0]-v[1])
			a = append(a, alpha)
		}
	}
	return l, p, q, a
}

// analyse is the cosine transform of values in rows of w.
func analyse(values []float64, w, nx, ny int) channel {
	h := len(values) / w
	c := channel{nx: nx, ny: ny}
	for _, v := range values {
		c.mean += v / float64(len(values))
	}
	across, down := waves(nx, w), waves(ny, h)
	for cx, cy := range order(nx, ny) {
		f := 0.0
		if cx < w && cy < h {
			for y := range h {
				row := 0.0
				for x, v := range values[y*w : (y+1)*w] {
					row += v * across[cx][x]
				}
				f += row * down[cy][y]
			}
			f /= float64(len(values))
		}
		// What only rounding has left of nothing would be scaled up to the full.
		if math.Abs(f) < 1e-9 {
			f = 0
		}
		c.terms = append(c.terms, f)
		c.scale = max(c.scale, math.Abs(f))
	}
	return c
}

func bit(set bool) int {
	if set {
		return 1
	}
	return 0
}
