package imgtest

import (
	"image"
	"math"
)

// SSIM is the mean structural similarity of luma (Wang, Bovik, Sheikh, Simoncelli 2004: Gaussian window of 11 × 11, sigma 1.5, K 0.01
// and 0.03): 1 for equal pictures, about 0 for unrelated ones and for different sizes. Clear pixels count as black. Windows at the edge
// are cut off and weighted anew.
func SSIM(a, b image.Image) float64 {
	if a.Bounds().Size() != b.Bounds().Size() || a.Bounds().Empty() {
		return 0
	}
	x, y := luma(a), luma(b)
	mx, my := x.blur(), y.blur()
	xx, yy, xy := x.times(x).blur(), y.times(y).blur(), x.times(y).blur()
	const c1, c2 = (.01 * 255) * (.01 * 255), (.03 * 255) * (.03 * 255)
	var sum float64
	for i := range mx.v {
		ux, uy := mx.v[i], my.v[i]
		vx, vy, cov := xx.v[i]-ux*ux, yy.v[i]-uy*uy, xy.v[i]-ux*uy
		sum += (2*ux*uy + c1) * (2*cov + c2) / ((ux*ux + uy*uy + c1) * (vx + vy + c2))
	}
	return sum / float64(len(mx.v))
}

// plane is one channel of floats.
type plane struct {
	w, h int
	v    []float64
}

func luma(img image.Image) plane {
	src := rgba(img)
	p := plane{src.Rect.Dx(), src.Rect.Dy(), make([]float64, len(src.Pix)/4)}
	for i := range p.v {
		c := src.Pix[4*i : 4*i+3]
		p.v[i] = .299*float64(c[0]) + .587*float64(c[1]) + .114*float64(c[2])
	}
	return p
}

func (p plane) times(q plane) plane {
	out := plane{p.w, p.h, make([]float64, len(p.v))}
	for i := range p.v {
		out.v[i] = p.v[i] * q.v[i]
	}
	return out
}

func (p plane) blur() plane {
	const r = 5
	var k [2*r + 1]float64
	for i := range k {
		k[i] = math.Exp(-sq(float64(i-r)) / (2 * 1.5 * 1.5))
	}
	// Along rows, then down columns: n values, step apart, starting at each of lines.
	pass := func(in []float64, lines, lineStep, n, step int) []float64 {
		out := make([]float64, len(in))
		for l := range lines {
			for i := range n {
				var sum, weight float64
				for j := max(0, i-r); j <= min(n-1, i+r); j++ {
					sum += in[l*lineStep+j*step] * k[j-i+r]
					weight += k[j-i+r]
				}
				out[l*lineStep+i*step] = sum / weight
			}
		}
		return out
	}
	v := pass(p.v, p.h, p.w, p.w, 1)
	return plane{p.w, p.h, pass(v, p.w, 1, p.h, p.w)}
}
