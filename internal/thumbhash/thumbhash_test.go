package thumbhash

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/color"
	"testing"

	"photofit/internal/imgtest"
	"photofit/internal/imgtest/scene"
)

// paint is a picture by whole numbers, so that any language paints the same.
func paint(w, h int, alpha bool) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{
				byte(40 + x*x*150/(w*w) + (x*7+y*3)%11),
				byte(220 - y*y*170/(h*h) - (x*5+y*13)%17),
				byte((90 + x*y*140/(w*h)) ^ (x+y)%5),
				255,
			}
			if alpha && x*3 < w {
				c.A = byte(x*700/w + y*y%23)
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

// The hashes, and two pixels of what is made of each, are the reference
// implementation's (thumbhash.js).
func TestKnownHashes(t *testing.T) {
	for _, c := range []struct {
		w, h          int
		alpha         bool
		hash          string
		side          image.Point // of the decoded picture
		corner, right color.NRGBA // its first pixel, and the last of the row in the middle
	}{
		{100, 67, false, "H4gJRZCQh4eLiIh2iIh4h4dvFgmX", image.Pt(32, 23), color.NRGBA{50, 235, 90, 255}, color.NRGBA{186, 176, 150, 255}},
		{67, 100, false, "H4gJRRCQh4uHaIiIiIeIeIdvFgmX", image.Pt(23, 32), color.NRGBA{54, 239, 94, 255}, color.NRGBA{192, 179, 160, 255}},
		{64, 64, false, "H4gJRxCQh4eLiIeGh4iIeIeId/hmkYAJ", image.Pt(32, 32), color.NRGBA{57, 231, 92, 255}, color.NRGBA{203, 190, 170, 255}},
		{100, 5, false, "YGgJOY6Qh4eah2d4lm8GGZg=", image.Pt(32, 5), color.NRGBA{42, 218, 76, 255}, color.NRGBA{203, 209, 152, 255}},
		{3, 90, false, "HFgFORCQnVd4iId4iW82CZc=", image.Pt(5, 32), color.NRGBA{38, 226, 68, 255}, color.NRGBA{119, 157, 134, 255}},
		{100, 67, true, "IJiFO44swJiLd4aHXycLmSBld4eIeIc=", image.Pt(32, 19), color.NRGBA{90, 204, 100, 50}, color.NRGBA{177, 159, 150, 231}},
		{50, 99, true, "IJiFOw4swItniHiHXycLmSB1iHh3h3g=", image.Pt(19, 32), color.NRGBA{87, 202, 98, 60}, color.NRGBA{174, 152, 149, 239}},
		{80, 7, true, "YYiFMYwswJiKd4aXXxYMqSB1d4d3h4g=", image.Pt(32, 6), color.NRGBA{96, 203, 101, 47}, color.NRGBA{185, 155, 152, 248}},
	} {
		hash := Encode(paint(c.w, c.h, c.alpha))
		if got := base64.StdEncoding.EncodeToString(hash); got != c.hash {
			t.Errorf("%d × %d: %s, want %s", c.w, c.h, got, c.hash)
		}
		if Transparent(hash) != c.alpha || Transparent(hash[:2]) {
			t.Errorf("%s: transparent: %v", c.hash, !c.alpha)
		}
		img, err := Decode(hash)
		if err != nil {
			t.Errorf("%s: %v", c.hash, err)
			continue
		}
		if img.Rect.Size() != c.side {
			t.Errorf("%s: a picture of %v, want %v", c.hash, img.Rect.Size(), c.side)
		}
		near(t, c.hash, img.NRGBAAt(0, 0), c.corner)
		near(t, c.hash, img.NRGBAAt(c.side.X-1, c.side.Y/2), c.right)
	}
}

// near allows for rounding, where the reference cuts off.
func near(t *testing.T, what string, got, want color.NRGBA) {
	t.Helper()
	for i, d := range []int{int(got.R) - int(want.R), int(got.G) - int(want.G), int(got.B) - int(want.B), int(got.A) - int(want.A)} {
		if d < 0 || d > 1 {
			t.Errorf("%s: %v, want %v: sample %d", what, got, want, i)
		}
	}
}

func TestHashShowsTheScene(t *testing.T) {
	for _, s := range scene.All() {
		for _, size := range []image.Point{{96, 64}, {64, 96}, {90, 90}} {
			img := nrgba(s.Draw(size.X, size.Y))
			hash := Encode(img)
			if len(hash) < 21 || len(hash) > 25 {
				t.Errorf("%s at %v: %d bytes", s.Name, size, len(hash))
			}
			back, err := DecodeAt(hash, max(size.X, size.Y))
			if err != nil {
				t.Fatal(err)
			}
			if d := ratio(back) / ratio(img); d < .92 || d > 1.08 {
				t.Errorf("%s at %v: comes back as %v", s.Name, size, back.Rect.Size())
			}
			back = stretched(back, size)
			// Nearer than one flat colour, unless the scene is nearly one, or as
			// fine as stones are.
			flat := image.NewNRGBA(img.Rect)
			mean := imgtest.MeanRGB(img)
			for i := range flat.Pix {
				flat.Pix[i] = append([]byte{}, byte(mean[0]), byte(mean[1]), byte(mean[2]), 255)[i%4]
			}
			was, is := imgtest.RMS(img, flat), imgtest.RMS(img, back)
			if is > was*.9 && s.Name != "stones" && s.Name != "poppies" && s.Name != "city" {
				t.Errorf("%s at %v: off by %.1f, where its mean colour is off by %.1f", s.Name, size, is, was)
			}
			got := imgtest.MeanRGB(back)
			for c := range mean {
				if d := got[c] - mean[c]; d < -8 || d > 8 {
					t.Errorf("%s at %v: mean colour %v, want %v", s.Name, size, got, mean)
				}
			}
		}
	}
}

func ratio(img *image.NRGBA) float64 { return float64(img.Rect.Dx()) / float64(img.Rect.Dy()) }

func nrgba(img image.Image) *image.NRGBA {
	out := image.NewNRGBA(image.Rectangle{Max: img.Bounds().Size()})
	for y := range out.Rect.Max.Y {
		for x := range out.Rect.Max.X {
			out.Set(x, y, img.At(img.Bounds().Min.X+x, img.Bounds().Min.Y+y))
		}
	}
	return out
}

func stretched(img *image.NRGBA, size image.Point) *image.NRGBA {
	out := image.NewNRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			out.SetNRGBA(x, y, img.NRGBAAt(x*img.Rect.Dx()/size.X, y*img.Rect.Dy()/size.Y))
		}
	}
	return out
}

// A picture that is part of another one has a stride and an origin of its own.
func TestPartOfAPicture(t *testing.T) {
	whole := paint(90, 80, true)
	part := whole.SubImage(image.Rect(20, 10, 70, 60)).(*image.NRGBA)
	if a, b := Encode(part), Encode(nrgba(part)); !bytes.Equal(a, b) {
		t.Errorf("%x, want %x", a, b)
	}
}

func TestFlatColours(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {2, 1}, {1, 3}, {6, 6}, {100, 1}, {40, 30}} {
		for _, c := range []color.NRGBA{{255, 255, 255, 255}, {0, 0, 0, 255}, {200, 40, 90, 255}, {10, 220, 180, 128}} {
			img := image.NewNRGBA(image.Rectangle{Max: size})
			for i := range img.Pix {
				img.Pix[i] = []byte{c.R, c.G, c.B, c.A}[i%4]
			}
			back, err := Decode(Encode(img))
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range back.Pix {
				want := []byte{c.R, c.G, c.B, c.A}[i%4]
				if d := int(v) - int(want); d < -9 || d > 9 {
					t.Fatalf("%v of %v: byte %d is %d", size, c, i, v)
				}
			}
		}
	}
}

func TestAllTransparent(t *testing.T) {
	back, err := Decode(Encode(image.NewNRGBA(image.Rect(0, 0, 20, 10))))
	if err != nil {
		t.Fatal(err)
	}
	for i := 3; i < len(back.Pix); i += 4 {
		if back.Pix[i] != 0 {
			t.Fatalf("alpha %d", back.Pix[i])
		}
	}
}

func TestSidesThatEncodeRefuses(t *testing.T) {
	for _, size := range []image.Point{{0, 0}, {0, 5}, {101, 5}, {5, 101}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			Encode(image.NewNRGBA(image.Rectangle{Max: size}))
		})
	}
}

func TestDamagedHashes(t *testing.T) {
	for _, alpha := range []bool{false, true} {
		good := Encode(paint(60, 40, alpha))
		for n := range len(good) {
			if _, err := Decode(good[:n]); !errors.Is(err, ErrHash) {
				t.Errorf("cut to %d bytes: %v", n, err)
			}
		}
		if _, err := Decode(append(bytes.Clone(good), 0)); !errors.Is(err, ErrHash) {
			t.Errorf("a byte too many: %v", err)
		}
		for _, terms := range []byte{0, 6, 7} {
			bad := bytes.Clone(good)
			bad[3] = bad[3]&^7 | terms
			if _, err := Decode(bad); !errors.Is(err, ErrHash) {
				t.Errorf("%d terms on the short side: %v", terms, err)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0, 0, 0x80, 1, 0x80})
	f.Add(Encode(paint(30, 20, false)))
	f.Add(Encode(paint(20, 30, true)))
	f.Fuzz(func(t *testing.T, hash []byte) {
		img, err := Decode(hash)
		if err != nil {
			return
		}
		if w, h := img.Rect.Dx(), img.Rect.Dy(); max(w, h) != 32 || min(w, h) < 5 {
			t.Fatalf("%x: %d × %d", hash, w, h)
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	img := paint(100, 67, false)
	for b.Loop() {
		Encode(img)
	}
}

func BenchmarkDecode(b *testing.B) {
	hash := Encode(paint(100, 67, false))
	for b.Loop() {
		if _, err := Decode(hash); err != nil {
			b.Fatal(err)
		}
	}
}
