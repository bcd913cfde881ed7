package ssimulacra2

import (
	"image"
	"math"
	"math/rand/v2"
)

// Ways to spoil a picture, by arithmetic of our own, so that no encoder's next version changes what was measured.
var spoil = map[string]func(*image.RGBA) *image.RGBA{
	"none":        func(p *image.RGBA) *image.RGBA { return p },
	"brighter 1":  each(func(_, _ int, v float64) float64 { return v + 1 }),
	"brighter 12": each(func(_, _ int, v float64) float64 { return v + 12 }),
	"gamma":       each(func(_, _ int, v float64) float64 { return 255 * math.Pow(v/255, .8) }),
	"banded 32":   each(func(_, _ int, v float64) float64 { return math.Round(v/8) * 8 }),
	"banded 8":    each(func(_, _ int, v float64) float64 { return math.Round(v/36) * 36 }),
	"grey":        grey,
	"warmer":      channelwise([3]float64{1.06, 1, .94}),
	"noise 1":     noise(1),
	"noise 4":     noise(4),
	"noise 20":    noise(20),
	"blur 1":      func(p *image.RGBA) *image.RGBA { return towardsMean(p, 1, 1) },
	"blur 3":      func(p *image.RGBA) *image.RGBA { return towardsMean(p, 3, 1) },
	"sharper":     func(p *image.RGBA) *image.RGBA { return towardsMean(p, 1, -.5) },
	"shifted":     shifted,
	"halved":      halved,
	"blocks 2":    blocks(2),
	"blocks 6":    blocks(6),
	"blocks 16":   blocks(16),
	"blocks 48":   blocks(48),
	"blocks 160":  blocks(160),
}

// each changes each value of red, green and blue; alpha stays, and limits them.
func each(f func(i, channel int, v float64) float64) func(*image.RGBA) *image.RGBA {
	return func(p *image.RGBA) *image.RGBA {
		out := image.NewRGBA(p.Rect)
		for i, v := range p.Pix {
			if i&3 == 3 {
				out.Pix[i] = v
			} else {
				out.Pix[i] = uint8(math.Round(min(max(f(i, i&3, float64(v)), 0), float64(p.Pix[i|3]))))
			}
		}
		return out
	}
}

func channelwise(by [3]float64) func(*image.RGBA) *image.RGBA {
	return each(func(_, c int, v float64) float64 { return v * by[c] })
}

func noise(amplitude float64) func(*image.RGBA) *image.RGBA {
	return func(p *image.RGBA) *image.RGBA {
		dice := rand.New(rand.NewPCG(7, uint64(amplitude)))
		return each(func(_, _ int, v float64) float64 { return v + amplitude*(2*dice.Float64()-1) })(p)
	}
}

func grey(p *image.RGBA) *image.RGBA {
	return each(func(i, _ int, _ float64) float64 {
		c := p.Pix[i&^3:]
		return .299*float64(c[0]) + .587*float64(c[1]) + .114*float64(c[2])
	})(p)
}

// value is that of a channel, of the nearest pixel there is.
func value(p *image.RGBA, x, y, c int) float64 {
	x, y = min(max(x, 0), p.Rect.Dx()-1), min(max(y, 0), p.Rect.Dy()-1)
	return float64(p.Pix[y*p.Stride+4*x+c])
}

// towardsMean moves each pixel towards the mean of a square around it, by a share that may be negative.
func towardsMean(p *image.RGBA, r int, share float64) *image.RGBA {
	return each(func(i, c int, v float64) float64 {
		x0, y0 := i%p.Stride/4, i/p.Stride
		sum := 0.0
		for y := y0 - r; y <= y0+r; y++ {
			for x := x0 - r; x <= x0+r; x++ {
				sum += value(p, x, y, c)
			}
		}
		return v + share*(sum/float64((2*r+1)*(2*r+1))-v)
	})(p)
}

func shifted(p *image.RGBA) *image.RGBA {
	return each(func(i, c int, _ float64) float64 { return value(p, i%p.Stride/4-1, i/p.Stride, c) })(p)
}

func halved(p *image.RGBA) *image.RGBA {
	return each(func(i, c int, _ float64) float64 { return value(p, i%p.Stride/4&^1, i/p.Stride&^1, c) })(p)
}

// blocks spoils as JPEG does at its worst: cosine transforms of 8 × 8 pixels, all coefficients rounded to multiples of step.
func blocks(step float64) func(*image.RGBA) *image.RGBA {
	var basis [8][8]float64
	for k := range basis {
		for n := range basis[k] {
			basis[k][n] = math.Cos(math.Pi*float64(k)*(float64(n)+.5)/8) / 2
			if k == 0 {
				basis[k][n] /= math.Sqrt2
			}
		}
	}
	// transform multiplies rows and columns by the basis, or by its inverse, which is its transpose.
	transform := func(in [8][8]float64, inverse bool) (out [8][8]float64) {
		for range 2 {
			for i := range 8 {
				for j := range 8 {
					sum := 0.0
					for n := range 8 {
						if inverse {
							sum += in[i][n] * basis[n][j]
						} else {
							sum += in[i][n] * basis[j][n]
						}
					}
					out[j][i] = sum
				}
			}
			in = out
		}
		return out
	}
	return func(p *image.RGBA) *image.RGBA {
		coded := make([]float64, len(p.Pix))
		for c := range 3 {
			for by := 0; by < p.Rect.Dy(); by += 8 {
				for bx := 0; bx < p.Rect.Dx(); bx += 8 {
					var b [8][8]float64
					for i := range 64 {
						b[i/8][i%8] = value(p, bx+i%8, by+i/8, c)
					}
					b = transform(b, false)
					for i := range 64 {
						b[i/8][i%8] = math.Round(b[i/8][i%8]/step) * step
					}
					b = transform(b, true)
					for y := by; y < min(by+8, p.Rect.Dy()); y++ {
						for x := bx; x < min(bx+8, p.Rect.Dx()); x++ {
							coded[y*p.Stride+4*x+c] = b[y-by][x-bx]
						}
					}
				}
			}
		}
		return each(func(i, _ int, _ float64) float64 { return coded[i] })(p)
	}
}
