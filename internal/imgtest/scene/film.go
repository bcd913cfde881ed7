package scene

import (
	"image"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
)

// bands shares n rows or columns out among the cores, so many at a time.
func bands(n, size int, work func(from, to int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for {
				from := int(next.Add(int64(size))) - size
				if from >= n {
					return
				}
				work(from, min(from+size, n))
			}
		})
	}
	wg.Wait()
}

// film holds the light of a picture and how to develop it.
type film struct {
	w, h     int
	light    []rgb
	tone     []float32 // by the root of light
	grain    float32   // deviation of noise in mid-tones, in steps of 8 bits
	vignette float32   // loss of light in the corners, 0 to 1
}

const toneSteps = 2048

// newFilm takes an exposure factor and a strength of grain, 1 for a good camera in daylight.
func newFilm(w, h int, exposure, grain float32) *film {
	f := &film{w: w, h: h, light: make([]rgb, w*h), tone: make([]float32, toneSteps+1), grain: 2.4 * grain, vignette: .22}
	for i := range f.tone {
		light := sq(float64(i)/toneSteps*2) * float64(exposure) // roots from 0 to 2
		// A straight line with a soft shoulder, then sRGB's curve, then a touch of contrast.
		v := light
		if light > .55 {
			v = .55 + .45*(1-math.Exp(-(light-.55)/.45))
		}
		v = 1.055*math.Pow(max(v, 0.0031308), 1/2.4) - .055
		v += .16 * (v*v*(3-2*v) - v)
		f.tone[i] = float32(255 * v)
	}
	return f
}

func sq(v float64) float64 { return v * v }

const (
	grainSide = 512
	grainMask = grainSide*grainSide - 1
)

// grains is a square of Gaussian noise, a little soft as after demosaicing.
var grains = sync.OnceValue(func() []float32 {
	const n = grainSide
	rnd := rand.New(rand.NewPCG(7, 7))
	raw, out := make([]float32, n*n), make([]float32, n*n)
	for i := range raw {
		raw[i] = float32(rnd.NormFloat64())
	}
	for i := range out {
		x, y := i%n, i/n
		r := raw[y*n+(x+1)%n] + raw[y*n+(x+n-1)%n] + raw[(y+1)%n*n+x] + raw[(y+n-1)%n*n+x]
		out[i] = (raw[i] + .38*r) / 1.255
	}
	return out
})

// rows paints row by row. The painter gets the pixel's place with the height as the unit: u from the middle to the right, v from the
// top down; prepare is called once a row and gives the function for that row.
func (f *film) rows(prepare func(v float32) func(u float32) rgb) *film {
	bands(f.h, 8, func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			at := prepare((float32(y) + .5) / float32(f.h))
			row := f.light[y*f.w:][:f.w]
			for x := range row {
				row[x] = at((float32(x) + .5 - float32(f.w)/2) / float32(f.h))
			}
		}
	})
	return f
}

// develop turns the light into a picture of w × h pixels.
func (f *film) develop(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	bands(h, 8, func(y0, y1 int) {
		tones := make([]rgb, 2*f.w) // two rows of light, as values of 0 to 255
		have := -1
		for y := y0; y < y1; y++ {
			ly := max((float32(y)+.5)*float32(f.h)/float32(h)-.5, 0)
			iy := min(int(ly), max(f.h-2, 0))
			if iy != have {
				f.expose(tones[:f.w], iy)
				f.expose(tones[f.w:], min(iy+1, f.h-1))
				have = iy
			}
			f.print(img.Pix[y*img.Stride:][:4*w], tones, y, ly-float32(iy))
		}
	})
	return img
}

// expose gives a row's values, with the vignette.
func (f *film) expose(out []rgb, y int) {
	dy := float32(2*y-f.h) / float32(f.h)
	for x, c := range f.light[y*f.w:][:f.w] {
		dx := float32(2*x-f.w) / float32(f.w)
		d := (dx*dx + dy*dy) / 2
		k := (1 - f.vignette*d*d) * (toneSteps / 2) * (toneSteps / 2)
		out[x] = rgb{f.value(c.r * k), f.value(c.g * k), f.value(c.b * k)}
	}
}

func (f *film) value(v float32) float32 {
	if v <= 0 {
		return f.tone[0]
	}
	v = sqrt(v)
	if v >= toneSteps {
		return f.tone[toneSteps]
	}
	i := int(v)
	return f.tone[i] + (f.tone[i+1]-f.tone[i])*(v-float32(i))
}

// print reads between two rows of values and adds the noise. Reading from a little beside the place, differently for each pixel, roughens
// what has texture and leaves alone what has none.
func (f *film) print(pix []uint8, tones []rgb, y int, down float32) {
	g := grains()
	w := len(pix) / 4
	scale := float32(f.w) / float32(w)
	start := y*grainSide + int(hash(y/grainSide, 1, 99)*grainSide)*37
	first, second := tones[:f.w], tones[f.w:]
	jitter := 1 - scale // none at full size
	for x := range w {
		at := start + x + x>>9*7919
		n, m := g[at&grainMask], g[(at>>1+77777)&grainMask]
		lx := min(max((float32(x)+.5)*scale-.5+m*jitter*1.1, 0), float32(f.w-1))
		ix := int(lx)
		jx := min(ix+1, f.w-1)
		lx -= float32(ix)
		c := first[ix].mix(first[jx], lx).mix(second[ix].mix(second[jx], lx), down)
		// Noise is strongest below the middle; hue noise is coarser and weaker.
		luma := (c.r + 2*c.g + c.b) * (1. / 1020)
		s := f.grain * (.45 + 2.2*luma*(1-luma)*(1.25-luma))
		hue := m * s * .35
		n *= s
		p := pix[4*x : 4*x+4]
		p[0], p[1], p[2], p[3] = round8(c.r+n+hue), round8(c.g+n), round8(c.b+n-hue), 255
	}
}

func round8(v float32) uint8 { return uint8(min(max(v+.5, 0), 255)) }
