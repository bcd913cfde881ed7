package imgtest

import (
	"image"
	"image/draw"
	"math"
	"runtime"
	"sync"
)

// Ideal scales a picture as well as we know how, at any cost: each pixel of the result is a mean of light, not of codes, weighted by
// Lanczos's window of three lobes over all pixels of the picture that it covers, in floating point. It is what ways of scaling are judged
// by. Colours are weighted by alpha. The picture is taken as sRGB, and must not be smaller than w × h, each at least 1.
func Ideal(img image.Image, w, h int) *image.NRGBA {
	src, ok := img.(*image.NRGBA)
	if !ok {
		src = image.NewNRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
		draw.Draw(src, src.Rect, img, img.Bounds().Min, draw.Src)
	}
	across, down := lanczosTaps(src.Rect.Dx(), w), lanczosTaps(src.Rect.Dy(), h)
	// Across first, all rows; red, green, blue and alpha, all weighted by alpha.
	rows := make([][]float32, src.Rect.Dy())
	sideBySide(len(rows), func(y int) {
		row := make([]float32, 4*w)
		light := make([]float64, 4*src.Rect.Dx())
		pix := src.Pix[y*src.Stride:][:len(light)]
		for i := 0; i < len(pix); i += 4 {
			a := float64(pix[i+3]) / 255
			light[i], light[i+1], light[i+2], light[i+3] = a*lightOf[pix[i]], a*lightOf[pix[i+1]], a*lightOf[pix[i+2]], a
		}
		for x, t := range across {
			var sum [4]float64
			for k, weight := range t.weights {
				p := light[4*(t.first+k):][:4]
				sum[0] += weight * p[0]
				sum[1] += weight * p[1]
				sum[2] += weight * p[2]
				sum[3] += weight * p[3]
			}
			for c, v := range sum {
				row[4*x+c] = float32(v)
			}
		}
		rows[y] = row
	})
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	sideBySide(h, func(y int) {
		t := down[y]
		sums := make([]float64, 4*w)
		for k, weight := range t.weights {
			for i, v := range rows[t.first+k] {
				sums[i] += weight * float64(v)
			}
		}
		pix := out.Pix[y*out.Stride:]
		for i := 0; i < len(sums); i += 4 {
			a := min(max(sums[i+3], 0), 1)
			pix[i+3] = to8(a)
			for c := i; c < i+3 && a > 0; c++ {
				pix[c] = to8(SRGB.Encoded(min(max(sums[c]/a, 0), 1)))
			}
		}
	})
	return out
}

// taps are the weights of one pixel of a row or column: of as many pixels of the source, from the first on. Their sum is 1.
type taps struct {
	first   int
	weights []float64
}

func lanczosTaps(in, out int) []taps {
	factor := float64(in) / float64(out)
	list := make([]taps, out)
	for i := range list {
		centre := (float64(i) + .5) * factor
		t := taps{first: max(0, int(centre-3*factor))}
		sum := 0.0
		for j := t.first; j < min(in, int(centre+3*factor)+1); j++ {
			x := (float64(j) + .5 - centre) / factor
			v := sinc(x) * sinc(x/3)
			if math.Abs(x) >= 3 {
				v = 0
			}
			t.weights = append(t.weights, v)
			sum += v
		}
		for k := range t.weights {
			t.weights[k] /= sum
		}
		list[i] = t
	}
	return list
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// lightOf is the light of 8-bit sRGB codes, 0 to 1.
var lightOf = func() (table [256]float64) {
	for i := range table {
		table[i] = SRGB.Linear(float64(i) / 255)
	}
	return table
}()

// sideBySide calls do with 0 to n-1, on all cores.
func sideBySide(n int, do func(i int)) {
	var wait sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for first := range workers {
		wait.Go(func() {
			for i := first; i < n; i += workers {
				do(i)
			}
		})
	}
	wait.Wait()
}
