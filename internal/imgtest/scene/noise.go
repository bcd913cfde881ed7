package scene

import (
	"math"
	"math/rand/v2"
	"sync"
)

const (
	tileSide = 512 // a tile is a megabyte: several stay in a core's cache
	tileMask = tileSide - 1
)

// tile is a square of noise that repeats without a seam. One unit of its coordinates is one period.
type tile struct{ v []float32 }

// at reads between the samples.
func (t *tile) at(x, y float32) float32 {
	x, y = x*tileSide, y*tileSide
	ix, iy := int(x), int(y)
	if x < float32(ix) { // towards the left, not towards zero
		ix--
	}
	if y < float32(iy) {
		iy--
	}
	x, y = x-float32(ix), y-float32(iy)
	r0, r1 := t.v[(iy&tileMask)*tileSide:][:tileSide], t.v[((iy+1)&tileMask)*tileSide:][:tileSide]
	x0, x1 := ix&tileMask, (ix+1)&tileMask
	a, b := r0[x0], r1[x0]
	a += (r0[x1] - a) * x
	b += (r1[x1] - b) * x
	return a + (b-a)*y
}

// deep is at with finer octaves laid over, for where the tile is magnified.
func (t *tile) deep(x, y float32) float32 {
	return t.at(x, y) + t.at(x*17.3+.37, y*17.3+.71)*.07
}

// The noises: soft is fractal noise of mean 0 and deviation 1/3, ridged has sharp crests (0 to about 1), rough is soft with more weight
// on its finest octaves.
var (
	soft        = sync.OnceValue(func() *tile { return fractal(1, 3, .5, false) })
	rough       = sync.OnceValue(func() *tile { return fractal(2, 8, .72, false) })
	ridged      = sync.OnceValue(func() *tile { return fractal(3, 3, .47, true) })
	smoothNoise = sync.OnceValue(func() *tile { return fractal(4, 3, .25, false) })
)

// fractal sums octaves of gradient noise, the first with so many cells a side, each next one twice as many and keep times as strong.
func fractal(seed uint64, cells int, keep float32, crests bool) *tile {
	v := make([]float32, tileSide*tileSide)
	rnd := rand.New(rand.NewPCG(seed, 0x9E3779B97F4A7C15))
	for amp := float32(1); cells <= tileSide/2; cells, amp = cells*2, amp*keep {
		grad := make([][2]float32, cells*cells)
		for i := range grad {
			s, c := math.Sincos(rnd.Float64() * 2 * math.Pi)
			grad[i] = [2]float32{float32(c), float32(s)}
		}
		step := float32(cells) / tileSide
		bands(tileSide, 64, func(y0, y1 int) {
			for y := y0; y < y1; y++ {
				octave(v[y*tileSide:(y+1)*tileSide], grad, cells, float32(y)*step, step, amp, crests)
			}
		})
	}
	var sum, sum2 float64
	for _, x := range v {
		sum += float64(x)
		sum2 += float64(x) * float64(x)
	}
	mean := sum / float64(len(v))
	if dev := math.Sqrt(sum2/float64(len(v)) - mean*mean); crests {
		for i := range v { // crests: about 0 to 1
			v[i] = float32((float64(v[i])-mean)/dev/5 + .45)
		}
	} else {
		for i := range v {
			v[i] = float32((float64(v[i]) - mean) / dev / 3)
		}
	}
	return &tile{v}
}

func octave(row []float32, grad [][2]float32, cells int, y, step, amp float32, crests bool) {
	iy := int(y)
	fy := y - float32(iy)
	wy := fy * fy * fy * (fy*(fy*6-15) + 10)
	top, bottom := grad[iy*cells:], grad[(iy+1)%cells*cells:]
	for i := range row {
		x := float32(i) * step
		ix := int(x)
		fx := x - float32(ix)
		wx := fx * fx * fx * (fx*(fx*6-15) + 10)
		jx := (ix + 1) % cells
		a := top[ix][0]*fx + top[ix][1]*fy
		b := top[jx][0]*(fx-1) + top[jx][1]*fy
		c := bottom[ix][0]*fx + bottom[ix][1]*(fy-1)
		d := bottom[jx][0]*(fx-1) + bottom[jx][1]*(fy-1)
		a += (b - a) * wx
		c += (d - c) * wx
		n := a + (c-a)*wy
		if crests {
			n = 1 - 2*abs(n)
			n = n * n * n
		}
		row[i] += n * amp
	}
}

// hash is a number from 0 to 1 that belongs to a pair of integers.
func hash(x, y int, seed uint32) float32 {
	h := uint32(x)*0x8DA6B343 ^ uint32(y)*0xD8163841 ^ seed*0xCB1AB31F
	h ^= h >> 15
	h *= 0x2C1B3C6D
	h ^= h >> 12
	h *= 0x297A2D39
	h ^= h >> 15
	return float32(h>>8) / (1 << 24)
}
