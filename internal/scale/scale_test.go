package scale

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// ideal is what a scaler stands in for: sRGB's own curve, the whole window, all
// of it in double precision, and no thought of time.
func ideal(src []byte, from Size, w, h int) []byte {
	light := make([]float64, len(src))
	for i, v := range src {
		light[i] = toLight(float64(v) / 255)
	}
	if from.Bands%2 == 0 {
		for i := 0; i < len(src); i += from.Bands {
			alpha := float64(src[i+from.Bands-1]) / 255
			for c := range from.Bands - 1 {
				light[i+c] *= alpha
			}
			light[i+from.Bands-1] = alpha
		}
	}
	window := func(in, out, i int) (first int, weights []float64) {
		ratio := float64(in) / float64(out)
		centre, sum := (float64(i)+.5)*ratio-.5, 0.0
		first = max(0, int(math.Ceil(centre-3*ratio)))
		for j := first; j <= min(in-1, int(math.Floor(centre+3*ratio))); j++ {
			x := math.Pi * (float64(j) - centre) / ratio
			v := 1.0
			if x != 0 {
				v = 3 * math.Sin(x) * math.Sin(x/3) / (x * x)
			}
			weights = append(weights, v)
			sum += v
		}
		for k := range weights {
			weights[k] /= sum
		}
		return first, weights
	}
	b := from.Bands
	out := make([]byte, w*h*b)
	for y := range h {
		top, down := window(from.Height, h, y)
		for x := range w {
			left, across := window(from.Width, w, x)
			var sum [4]float64
			for i, p := range down {
				for k, q := range across {
					at := ((top+i)*from.Width + left + k) * b
					for c := range b {
						sum[c] += p * q * light[at+c]
					}
				}
			}
			if b%2 == 0 {
				for c := range b - 1 {
					sum[c] /= sum[b-1]
				}
			}
			for c := range b {
				v := sum[c]
				if b%2 == 1 || c < b-1 {
					v = fromLight(v)
				}
				out[(y*w+x)*b+c] = byte(min(max(v, 0), 1)*255 + .5)
			}
		}
	}
	return out
}

func toLight(v float64) float64 {
	if v <= .04045 {
		return v / 12.92
	}
	return math.Pow((v+.055)/1.055, 2.4)
}

func fromLight(v float64) float64 {
	if v <= .0031308 {
		return v * 12.92
	}
	return 1.055*math.Pow(v, 1/2.4) - .055
}

// scaled runs a scaler, rows taken as many at a time as given, stride apart.
func scaled(t testing.TB, src []byte, from Size, w, h, rows, pad int) []byte {
	t.Helper()
	out := make([]byte, w*h*from.Bands)
	s := New(from, w, h, out)
	defer s.Close()
	row := from.Width * from.Bands
	padded := make([]byte, from.Height*(row+pad))
	for y := range from.Height {
		copy(padded[y*(row+pad):], src[y*row:][:row])
	}
	for y := 0; y < from.Height; y += rows {
		n := min(rows, from.Height-y)
		s.Rows(padded[y*(row+pad):][:(n-1)*(row+pad)+row], row+pad)
	}
	if !s.Done() {
		t.Errorf("%v to %d × %d: not all of it is there", from, w, h)
	}
	return out
}

// smooth is noise over large and small shapes, so that every scale has detail.
func smooth(r *rand.Rand, s Size) []byte {
	out := make([]byte, s.Width*s.Height*s.Bands)
	a, b, c := r.Float64()/3, r.Float64()/9, r.Float64()*6
	for i := range out {
		x, y := float64(i/s.Bands%s.Width), float64(i/s.Bands/s.Width)
		v := 128 + 70*math.Sin(a*x+b*y+float64(i%s.Bands)*c) + 40*math.Sin(b*x*y/20) + 30*(r.Float64()-.5)
		out[i] = byte(min(max(v, 0), 255))
		if s.Bands%2 == 0 && i%s.Bands == s.Bands-1 {
			out[i] = byte(90 + int(out[i])*160/255) // never wholly clear: colour would be anything
		}
	}
	return out
}

func TestAgainstDoublePrecision(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 120 {
		from := Size{1 + r.IntN(90), 1 + r.IntN(90), 1 + n%4}
		if n%10 == 0 {
			from.Width = 200 + r.IntN(300) // several blocks
		}
		w, h := 1+r.IntN(from.Width), 1+r.IntN(from.Height)
		if n%7 == 0 {
			h = max(1, from.Height/(9+r.IntN(9))) // rows are summed up first
		}
		src := smooth(r, from)
		want := ideal(src, from, w, h)
		got := scaled(t, src, from, w, h, 1+r.IntN(40), r.IntN(9))
		most, sum := 0, 0.0
		for i := range want {
			d := int(got[i]) - int(want[i])
			most = max(most, d, -d)
			sum += float64(d * d)
		}
		limit, rms := 2, .6
		if from.Height/(h*tallest) > 1 {
			limit, rms = 10, 3
		}
		if root := math.Sqrt(sum / float64(len(want))); most > limit || root > rms {
			t.Errorf("%v to %d × %d: differs by up to %d, %.2f in the mean", from, w, h, most, root)
		}
	}
}

// Light adds up: as many black pixels as white ones are a code of 188, however
// they lie, and not the 128 that the mean of the codes would be.
func TestLightAddsUp(t *testing.T) {
	for bands := 1; bands <= 4; bands++ {
		from := Size{400, 300, bands}
		src := make([]byte, 400*300*bands)
		for i := range src {
			x, y := i/bands%400, i/bands/400
			src[i] = byte(255 * ((x + y) % 2))
			if bands%2 == 0 && i%bands == bands-1 {
				src[i] = 255
			}
		}
		for _, w := range []int{10, 33, 100, 150} {
			h := w * 3 / 4
			for i, v := range scaled(t, src, from, w, h, 32, 0) {
				x, y := i/bands%w, i/bands/w
				if bands%2 == 0 && i%bands == bands-1 {
					if v != 255 {
						t.Fatalf("%d bands to %d: alpha became %d", bands, w, v)
					}
				} else if x > 3 && x < w-4 && y > 3 && y < h-4 && (v < 185 || v > 191) {
					t.Fatalf("%d bands to %d: %d at %d, %d, want 188", bands, w, v, x, y)
				}
			}
		}
	}
}

// What is of one colour stays so to the bit, at any size.
func TestPlainStaysPlain(t *testing.T) {
	for v := range 256 {
		from := Size{70, 50, 3}
		src := make([]byte, 70*50*3)
		for i := range src {
			src[i] = byte(v)
		}
		for _, to := range [][2]int{{70, 50}, {69, 50}, {33, 17}, {7, 5}, {1, 1}, {70, 3}, {2, 50}} {
			for _, got := range scaled(t, src, from, to[0], to[1], 32, 0) {
				if got != byte(v) {
					t.Fatalf("%d became %d at %v", v, got, to)
				}
			}
		}
	}
}

// Every code comes back from light as it was, and light is what sRGB says
// within a third of a step.
func TestCurve(t *testing.T) {
	for v := range 256 {
		if got := code(light[v]); got != byte(v) {
			t.Errorf("%d comes back as %d", v, got)
		}
		is := float64(light[v]) / white
		if step := (fromLight(is)*255 - float64(v)); step > 1./3 || step < -1./3 {
			t.Errorf("%d is the light of %.2f", v, float64(v)+step)
		}
	}
}

// The same scaler's memory serves pictures of other sizes.
func TestMemoryIsUsedAgain(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	type run struct {
		src  []byte
		from Size
		w, h int
		want []byte
	}
	var runs []run
	for n := range 12 {
		from := Size{1 + r.IntN(700), 1 + r.IntN(100), 1 + n%4}
		x := run{smooth(r, from), from, 1 + r.IntN(from.Width), 1 + r.IntN(from.Height), nil}
		memory.Get() // a fresh one
		x.want = scaled(t, x.src, x.from, x.w, x.h, 32, 0)
		runs = append(runs, x)
	}
	for range 3 {
		for i, x := range runs {
			if got := scaled(t, x.src, x.from, x.w, x.h, 32, 0); string(got) != string(x.want) {
				t.Errorf("run %d, %v to %d × %d, differs the second time", i, x.from, x.w, x.h)
			}
		}
	}
}

// The loops for this processor do what those in Go do.
func TestLoops(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	near := func(name string, got, want []float32) {
		t.Helper()
		for i := range want {
			if d := math.Abs(float64(got[i] - want[i])); d > white*2e-6 {
				t.Fatalf("%s: %v at %d, want %v", name, got[i], i, want[i])
			}
		}
	}
	for _, n := range []int{0, 1, 15, 16, 17, 100, 127, 128} {
		src := make([]byte, n)
		for i := range src {
			src[i] = byte(r.IntN(256))
		}
		a, b := make([]float32, n), make([]float32, n)
		lighten(a, src)
		lightenGo(b, src)
		near(fmt.Sprint("lighten ", n), a, b)
		brighten(a, src)
		brightenGo(b, src)
		near(fmt.Sprint("brighten ", n), a, b)
	}
	for _, n := range []int{1, 7, 8, 127, 128, 129, 1000} {
		line := make([]float32, n)
		for i := range line {
			line[i] = (r.Float32()*1.4 - .2) * white
		}
		a, b := make([]byte, n), make([]byte, n)
		encode(a, line)
		encodeGo(b, line)
		if !bytes.Equal(a, b) {
			t.Errorf("encode %d: %v, want %v", n, a, b)
		}
	}
	for taps := 1; taps < 40; taps++ {
		rows, weights := make([]float32, taps*block), make([]float32, taps)
		for i := range rows {
			rows[i] = r.Float32() * white
		}
		for i := range weights {
			weights[i] = (r.Float32() - .3) / float32(taps)
		}
		a, b := make([]float32, block), make([]float32, block)
		weigh(a, rows, weights)
		weighGo(b, rows, weights)
		near(fmt.Sprint("weigh ", taps), a, b)
	}
	for bands := 1; bands <= 4; bands++ {
		for _, out := range []int{1, 2, 7, 64, 100} {
			axis := newAxis(100, out, 1, 4)
			line := make([]float32, 100*bands+slack)
			for i := range line {
				line[i] = r.Float32() * white
			}
			a, b := make([]float32, out*bands+slack), make([]float32, out*bands+slack)
			across(a, line, &axis, bands)
			acrossGo(b, line, &axis, bands)
			near(fmt.Sprintf("across %d to %d", bands, out), a[:out*bands], b[:out*bands])
		}
	}
}
