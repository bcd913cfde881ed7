package ssimulacra2

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"photofit/internal/imgtest/scene"
)

func mustScore(t testing.TB, a, b image.Image) float64 {
	t.Helper()
	v, err := Score(a, b)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestEqualPicturesHaveAHundred(t *testing.T) {
	dunes := scene.All()[1].Draw(203, 157)
	for _, c := range []struct {
		name string
		img  image.Image
	}{
		{"opaque", dunes},
		{"part of a larger one", dunes.SubImage(image.Rect(13, 7, 150, 90))},
		{"fading", faded(dunes)},
		{"clear", image.NewRGBA(image.Rect(0, 0, 50, 50))},
		{"grey", image.NewGray(image.Rect(3, 3, 50, 50))},
		{"noise", dice(64, 1)},
	} {
		if got := mustScore(t, c.img, c.img); got != 100 {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// The same pixels in other types and at other places are the same picture.
func TestAnyImageIsTaken(t *testing.T) {
	p := scene.All()[1].Draw(150, 90)
	q := spoil["blocks 16"](p)
	want := mustScore(t, p, q)
	moved := image.NewRGBA(image.Rect(-40, 11, 160, 151))
	straight, wide := image.NewNRGBA(q.Rect), image.NewNRGBA64(q.Rect)
	for y := range 90 {
		for x := range 150 {
			c := q.RGBAAt(x, y)
			moved.SetRGBA(x-20, y+31, c)
			straight.Set(x, y, c)
			wide.Set(x, y, c)
		}
	}
	for _, img := range []image.Image{moved.SubImage(image.Rect(-20, 31, 130, 121)), straight, wide} {
		if got := mustScore(t, p, img); got != want {
			t.Errorf("%T: %v, want %v", img, got, want)
		}
	}
}

func TestWhatIsClearDoesNotCount(t *testing.T) {
	a, b := image.NewNRGBA(image.Rect(0, 0, 40, 40)), image.NewNRGBA(image.Rect(0, 0, 40, 40))
	for i := range a.Pix {
		a.Pix[i] = 200
		if i&3 == 3 {
			a.Pix[i] = 0
		}
	}
	if got := mustScore(t, a, b); got != 100 {
		t.Errorf("colours under clear pixels: %v", got)
	}
	// A grey that is the dark ground itself shows on the bright one only, and the worse of the two counts.
	b.SetNRGBA(20, 20, color.NRGBA{26, 26, 26, 255})
	dark := mustScore(t, a, b)
	b.SetNRGBA(20, 20, color.NRGBA{230, 230, 230, 255})
	bright := mustScore(t, a, b)
	if dark > 99 || bright > 99 {
		t.Errorf("a dark dot %v, a bright one %v", dark, bright)
	}
}

func TestSizesAreRefused(t *testing.T) {
	for _, c := range []struct{ aw, ah, bw, bh int }{
		{8, 8, 8, 9}, {9, 8, 8, 9}, {7, 100, 7, 100}, {100, 7, 100, 7}, {0, 0, 0, 0}, {8, 8, 0, 0},
	} {
		if v, err := Score(image.NewRGBA(image.Rect(0, 0, c.aw, c.ah)), image.NewRGBA(image.Rect(0, 0, c.bw, c.bh))); err == nil {
			t.Errorf("%v: score %v", c, v)
		}
	}
}

func TestFallsWithQuality(t *testing.T) {
	for _, s := range scene.All()[:3] {
		p := s.Draw(300, 200)
		last := math.Inf(-1)
		for quality := 5; quality <= 95; quality += 10 {
			var file bytes.Buffer
			if err := jpeg.Encode(&file, p, &jpeg.Options{Quality: quality}); err != nil {
				t.Fatal(err)
			}
			q, err := jpeg.Decode(&file)
			if err != nil {
				t.Fatal(err)
			}
			got := mustScore(t, p, q)
			if got <= last || got >= 100 {
				t.Errorf("%s at quality %d: %.2f, after %.2f", s.Name, quality, got, last)
			}
			last = got
		}
	}
}

// The sums are added up in one order whoever reckons them, at any time and on any number of cores.
func TestSameEachTime(t *testing.T) {
	p := scene.All()[1].Draw(210, 600) // five bands
	q := spoil["noise 4"](p)
	want := mustScore(t, p, q)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if got, err := Score(p, q); got != want || err != nil {
				t.Errorf("%v, %v; want %v", got, err, want)
			}
		})
	}
	all.Wait()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if got := mustScore(t, p, q); got != want {
		t.Errorf("on one core %v, want %v", got, want)
	}
}

func FuzzScore(f *testing.F) {
	f.Add(uint16(8), uint16(8), uint64(1), byte(3))
	f.Add(uint16(9), uint16(300), uint64(2), byte(0))
	f.Add(uint16(129), uint16(15), uint64(3), byte(255))
	f.Add(uint16(17), uint16(257), uint64(4), byte(1))
	f.Fuzz(func(t *testing.T, w, h uint16, seed uint64, much byte) {
		size := image.Rect(0, 0, int(w)%400, int(h)%400)
		a, b := image.NewNRGBA(size), image.NewNRGBA(size)
		source := rand.New(rand.NewPCG(seed, 0))
		for i := range a.Pix {
			a.Pix[i] = uint8(source.Uint32())
			b.Pix[i] = a.Pix[i]
			if byte(source.Uint32()) < much {
				b.Pix[i] = uint8(source.Uint32())
			}
		}
		got, err := Score(a, b)
		if small := size.Dx() < 8 || size.Dy() < 8; small != (err != nil) {
			t.Fatal(size, err)
		}
		if math.IsNaN(got) || math.IsInf(got, 0) || got > 100 {
			t.Errorf("%v: %v", size, got)
		}
		if same, _ := Score(a, a); err == nil && same != 100 {
			t.Errorf("%v with itself: %v", size, same)
		}
	})
}

func BenchmarkScore(b *testing.B) {
	for _, s := range []struct{ w, h int }{{640, 427}, {1280, 853}, {2560, 1707}} {
		p := scene.All()[1].Draw(s.w, s.h)
		q := spoil["banded 32"](p)
		b.Run(fmt.Sprintf("%dx%d", s.w, s.h), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				mustScore(b, p, q)
			}
			b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N)/(float64(s.w)*float64(s.h)/1e6), "ms/MP")
		})
	}
}
