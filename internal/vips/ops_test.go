package vips

import (
	"bytes"
	"math"
	"slices"
	"testing"
)

// samples renders an image.
func samples(t testing.TB) func(*Image, error) []byte {
	return func(im *Image, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return must[[]byte](t)(im.Pixels())
	}
}

func TestPixelsComeBackAsTheyWere(t *testing.T) {
	j := newJob(t)
	for bands := 1; bands <= 4; bands++ {
		for _, s := range [][2]int{{1, 1}, {7, 5}, {1, 300}, {300, 1}} {
			want := gradient(s[0], s[1], bands)
			im := must[*Image](t)(j.FromPixels(want, s[0], s[1], bands))
			if im.Width() != s[0] || im.Height() != s[1] || im.Bands() != bands || im.Format() != UChar || im.PageHeight() != s[1] || im.HasProfile() {
				t.Errorf("%d × %d × %d is %d × %d × %d, %v", s[0], s[1], bands, im.Width(), im.Height(), im.Bands(), im.Format())
			}
			space := SRGB
			if bands < 3 {
				space = BW
			}
			if im.Interpretation() != space {
				t.Errorf("%d bands are %v, want %v", bands, im.Interpretation(), space)
			}
			if got := must[[]byte](t)(im.Pixels()); !bytes.Equal(got, want) {
				t.Errorf("%d × %d × %d: other pixels came back", s[0], s[1], bands)
			}
		}
	}
}

func TestFromPixelsCopies(t *testing.T) {
	j := newJob(t)
	buf := []byte{1, 2, 3, 4}
	im := must[*Image](t)(j.FromPixels(buf, 2, 2, 1))
	buf[0] = 99
	if got := must[[]byte](t)(im.Pixels()); got[0] != 1 {
		t.Error("the image changed with the caller's bytes")
	}
}

func TestGeometry(t *testing.T) {
	j := newJob(t)
	// 1 2 3
	// 4 5 6
	im := must[*Image](t)(j.FromPixels([]byte{1, 2, 3, 4, 5, 6}, 3, 2, 1))
	for _, tt := range []struct {
		name string
		op   func() (*Image, error)
		w, h int
		want []byte
	}{
		{"mirror", im.Mirror, 3, 2, []byte{3, 2, 1, 6, 5, 4}},
		{"90", func() (*Image, error) { return im.Rotate(90) }, 2, 3, []byte{4, 1, 5, 2, 6, 3}},
		{"180", func() (*Image, error) { return im.Rotate(180) }, 3, 2, []byte{6, 5, 4, 3, 2, 1}},
		{"270", func() (*Image, error) { return im.Rotate(270) }, 2, 3, []byte{3, 6, 2, 5, 1, 4}},
		{"extract", func() (*Image, error) { return im.Extract(1, 1, 2, 1) }, 2, 1, []byte{5, 6}},
		{"copy", im.Copy, 3, 2, []byte{1, 2, 3, 4, 5, 6}},
		{"stack", func() (*Image, error) { return j.Stack([]*Image{im, im}) }, 3, 4, []byte{1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6}},
	} {
		out, err := tt.op()
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		got := must[[]byte](t)(out.Pixels())
		if out.Width() != tt.w || out.Height() != tt.h || !bytes.Equal(got, tt.want) {
			t.Errorf("%s: %d × %d %v, want %d × %d %v", tt.name, out.Width(), out.Height(), got, tt.w, tt.h, tt.want)
		}
	}
}

func TestResizeHasTheSizeThatIsAsked(t *testing.T) {
	j := newJob(t)
	im := picture(t, j, 101, 53, 3)
	for w := 1; w <= 101; w += 9 {
		out := must[*Image](t)(im.Resize(float64(w)/101, 7.0/53))
		if out.Width() != w || out.Height() != 7 {
			t.Errorf("%d × %d, want %d × 7", out.Width(), out.Height(), w)
		}
	}
	flat := must[*Image](t)(j.FromPixels(bytes.Repeat([]byte{10, 128, 250}, 64*64), 64, 64, 3))
	for _, v := range [][]byte{samples(t)(flat.Resize(.25, .25)), samples(t)(flat.Resize(.9, .3))} {
		for i, s := range v {
			if want := []byte{10, 128, 250}[i%3]; s != want {
				t.Fatalf("a flat picture of %d has %d after resizing", want, s)
			}
		}
	}
}

func TestAlpha(t *testing.T) {
	j := newJob(t)
	im := must[*Image](t)(j.FromPixels([]byte{200, 100, 50, 128, 10, 20, 30, 0}, 2, 1, 4))
	pre := must[*Image](t)(im.Premultiply())
	if pre.Format() != Float {
		t.Errorf("premultiplied samples are %v", pre.Format())
	}
	want := []float64{200 * 128. / 255, 100 * 128. / 255, 50 * 128. / 255, 128, 0, 0, 0, 0}
	for i, v := range floats(must[[]byte](t)(pre.Pixels())) {
		if math.Abs(float64(v)-want[i]) > 1e-3 {
			t.Errorf("sample %d is %v, want %v", i, v, want[i])
		}
	}
	back := must[*Image](t)(pre.Unpremultiply())
	if got := samples(t)(back.Cast(UChar)); !near(got[:4], []byte{200, 100, 50, 128}, 1) || got[7] != 0 {
		t.Errorf("there and back: %v", got)
	}
	if got := samples(t)(im.Flatten(255, 255, 255)); !near(got, []byte{227, 177, 152, 255, 255, 255}, 1) {
		t.Errorf("on white: %v", got)
	}
	if got := samples(t)(im.Band(3, 1)); !bytes.Equal(got, []byte{128, 0}) {
		t.Errorf("alpha alone: %v", got)
	}
	band := must[*Image](t)(im.Band(3, 1))
	if least := must[float64](t)(band.Min()); least != 0 {
		t.Errorf("least alpha is %v", least)
	}
	if least := must[float64](t)(must[*Image](t)(im.Band(0, 2)).Min()); least != 10 {
		t.Errorf("least of two bands is %v", least)
	}
}

func near(a, b []byte, by int) bool {
	return slices.EqualFunc(a, b, func(x, y byte) bool { return int(x)-int(y) <= by && int(y)-int(x) <= by })
}

func TestColour(t *testing.T) {
	j := newJob(t)
	im := must[*Image](t)(j.FromPixels([]byte{255, 0, 0, 128, 128, 128}, 2, 1, 3))

	grey := must[*Image](t)(im.Colourspace(BW))
	if grey.Bands() != 1 || grey.Interpretation() != BW {
		t.Errorf("grey has %d bands, %v", grey.Bands(), grey.Interpretation())
	}
	p3 := must[*Image](t)(im.Transform(ProfileP3))
	if !p3.HasProfile() || im.HasProfile() {
		t.Error("the result of a transform carries its profile, and the image it was made of none")
	}
	// sRGB's red in Display P3, as CSS Color 4's matrices have it.
	if got := samples(t)(p3, nil); !near(got, []byte{234, 51, 35, 128, 128, 128}, 1) {
		t.Errorf("sRGB red in P3 is %v", got)
	}
	if got := samples(t)(p3.Transform(ProfileSRGB)); !near(got, []byte{255, 0, 0, 128, 128, 128}, 2) {
		t.Errorf("and back: %v", got)
	}
	ink := must[*Image](t)(im.Transform(profileCMYK))
	if ink.Bands() != 4 || ink.Interpretation() != CMYK {
		t.Errorf("inks are %d bands, %v", ink.Bands(), ink.Interpretation())
	}
	if got := samples(t)(ink.TransformCMYK(ProfileSRGB)); got[0] < 200 || got[1] > 70 || got[2] > 70 || !near(got[3:], []byte{128, 128, 128}, 12) {
		t.Errorf("red and grey by way of inks: %v", got)
	}
	// A profile that is none is passed over.
	odd := must[*Image](t)(im.WithProfile([]byte("no profile at all")))
	if got := samples(t)(odd.Transform(ProfileSRGB)); !near(got, []byte{255, 0, 0, 128, 128, 128}, 1) {
		t.Errorf("with a useless profile: %v", got)
	}
}

func TestAttentionIsWhereSomethingStandsOut(t *testing.T) {
	j := newJob(t)
	const w, h = 200, 90
	for _, at := range [][2]int{{10, 10}, {90, 30}, {165, 60}} {
		pixels := bytes.Repeat([]byte{120, 120, 120}, w*h)
		for y := at[1]; y < at[1]+25; y++ {
			for x := at[0]; x < at[0]+25; x++ {
				copy(pixels[3*(y*w+x):], []byte{byte(220 + x%2*30), 150, 120}) // skin
			}
		}
		im := must[*Image](t)(j.FromPixels(pixels, w, h, 3))
		x, y, err := im.Attention(60, 60)
		if err != nil {
			t.Fatal(err)
		}
		if x < at[0]-5 || x > at[0]+30 || y < at[1]-5 || y > at[1]+30 {
			t.Errorf("attention is at %d, %d, and what stands out at %v", x, y, at)
		}
		// It is what libvips itself would cut out.
		own := must[*Image](t)(j.image("smartcrop", Args{"input": im, "width": 60, "height": 60, "interesting": attention}))
		ours := must[*Image](t)(im.Extract(min(max(x-30, 0), w-60), min(max(y-30, 0), h-60), 60, 60))
		if !bytes.Equal(must[[]byte](t)(own.Pixels()), must[[]byte](t)(ours.Pixels())) {
			t.Errorf("libvips cuts out something else than what is around %d, %d", x, y)
		}
	}
	if _, _, err := picture(t, j, 20, 20, 3).Attention(30, 10); err == nil {
		t.Error("a window that is larger than the picture is no error")
	}
}
