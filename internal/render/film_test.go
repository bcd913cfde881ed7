package render

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"testing"

	"photofit"
	"photofit/internal/imgtest"
	"photofit/internal/vips"
)

// webpFilm is what an animated WebP says of its play (RFC 9649, 2.7.1.1).
type webpFilm struct {
	loops  int   // 0 for ever
	delays []int // in milliseconds
}

func readFilm(t testing.TB, file []byte) webpFilm {
	t.Helper()
	var f webpFilm
	for _, c := range riffChunks(t, file) {
		switch c.name {
		case "ANIM":
			f.loops = int(binary.LittleEndian.Uint16(c.data[4:]))
		case "ANMF":
			f.delays = append(f.delays, int(c.data[12])|int(c.data[13])<<8|int(c.data[14])<<16)
		}
	}
	return f
}

func (f webpFilm) total() (ms int) {
	for _, d := range f.delays {
		ms += d
	}
	return ms
}

// flashes is a GIF whose frames are each of one colour, in turn red and blue,
// with delays that differ.
func flashes(t testing.TB, w, h, n, loops int) []byte {
	t.Helper()
	pal := color.Palette{color.RGBA{230, 0, 0, 255}, color.RGBA{0, 0, 230, 255}}
	g := gif.GIF{LoopCount: loops}
	for i := range n {
		img := image.NewPaletted(image.Rect(0, 0, w, h), pal)
		for p := range img.Pix {
			img.Pix[p] = byte(i % 2)
		}
		g.Image = append(g.Image, img)
		g.Delay = append(g.Delay, 5+3*i)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &g); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFilmsStayFilms(t *testing.T) {
	const n = 7
	file := flashes(t, 120, 90, n, 3)
	for _, r := range []photofit.Recipe{
		clipped(120, 0, photofit.WebP), clipped(61, 0, photofit.WebP), clipped(30, 0, photofit.AutoAVIF), clipped(7, 0, photofit.AutoWebP),
		cropped(50, 50, photofit.FocalPoint(100, 0), photofit.WebP), cropped(33, 70, 0, photofit.AutoWebP), cropped(40, 40, photofit.SmartCrop, photofit.WebP),
	} {
		out := made(t, file, r)
		if out.Type != "image/webp" {
			t.Errorf("%s: a film became %s", r.Path(), out.Type)
			continue
		}
		h := header(t, out.Body)
		if h.Width != out.Width || h.Height != out.Height || !h.Animated || h.Frames != n {
			t.Errorf("%s: %d × %d with %d frames, said to be %d × %d", r.Path(), h.Width, h.Height, h.Frames, out.Width, out.Height)
		}
		f := readFilm(t, out.Body)
		if f.loops != 4 { // GIF counts repetitions, WebP plays
			t.Errorf("%s: plays %d times, want 4", r.Path(), f.loops)
		}
		for i, d := range f.delays {
			if want := 10 * (5 + 3*i); d != want {
				t.Errorf("%s: frame %d stands for %d ms, want %d", r.Path(), i, d, want)
			}
		}
		// Nothing of one frame shows in another, not even at the cut.
		for i, img := range frames(t, out.Body, vips.LoadWebP, 2) {
			want := []color.NRGBA{{230, 0, 0, 255}, {0, 0, 230, 255}}[i%2]
			for p := 0; p < len(img.Pix); p += 4 {
				c := img.Pix[p : p+4]
				if abs(int(c[0])-int(want.R)) > 12 || c[1] > 12 || abs(int(c[2])-int(want.B)) > 12 || c[3] != 255 {
					t.Errorf("%s: frame %d has a pixel of %v at %d of %d rows", r.Path(), i, c, p/4/img.Rect.Dx(), img.Rect.Dy())
					break
				}
			}
		}
	}
}

func TestFilmsByTheirFirstFrame(t *testing.T) {
	files := map[string][]byte{
		"GIF":  flashes(t, 40, 30, 5, 0),
		"WebP": made(t, flashes(t, 40, 30, 5, 0), clipped(40, 0, photofit.WebP)).Body,
	}
	for kind, file := range files {
		for _, f := range []photofit.Format{photofit.JPEG, photofit.PNG, photofit.AVIF, photofit.Auto} {
			out := made(t, file, clipped(20, 0, f))
			img := decode(t, out.Body)
			if out.Width != 20 || out.Height != 15 || img.Rect.Dx() != 20 || img.Rect.Dy() != 15 {
				t.Errorf("%s to %v: %v, said to be %d × %d", kind, f, img.Rect, out.Width, out.Height)
			}
			if c := img.NRGBAAt(10, 7); c.R < 200 || c.B > 40 {
				t.Errorf("%s to %v: it shows %v, want the first frame", kind, f, c)
			}
		}
	}
	out := made(t, imgtest.APNG(60, 40, 6, 10), clipped(30, 0, photofit.WebP))
	if h := header(t, out.Body); h.Animated || out.Height != 20 {
		t.Errorf("an animated PNG became a WebP of %d frames, %d high", h.Frames, out.Height)
	}
}

// Encoders may join frames that are alike; what is shown when must stay.
func TestFilmsPlayAsLong(t *testing.T) {
	for name, file := range map[string][]byte{
		"optimised GIF": imgtest.SparseGIF(64, 48, 9, 7),
		"GIF":           imgtest.AnimatedGIF(64, 48, 12, 4),
	} {
		g, err := gif.DecodeAll(bytes.NewReader(file))
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		for _, d := range g.Delay {
			want += 10 * d
		}
		for _, w := range []int{64, 32, 5} {
			out := made(t, file, clipped(w, 0, photofit.WebP))
			if got := readFilm(t, out.Body).total(); got != want {
				t.Errorf("%s at %d: plays for %d ms, want %d", name, w, got, want)
			}
		}
	}
}

func TestCameraFilmPlaysAsLong(t *testing.T) {
	file := camera(t, "anim.gif")
	g, err := gif.DecodeAll(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, d := range g.Delay {
		want += 10 * d
	}
	for _, w := range []int{80, 40} {
		f := readFilm(t, made(t, file, clipped(w, 0, photofit.WebP)).Body)
		if f.total() != want || len(f.delays) > len(g.Image) {
			t.Errorf("at %d: %d frames in %d ms, want at most %d in %d", w, len(f.delays), f.total(), len(g.Image), want)
		}
		t.Logf("at %d: %d frames of %d", w, len(f.delays), len(g.Image))
	}
}
