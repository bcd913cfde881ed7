package render

import (
	"encoding/binary"
	"image"
	"image/color"
	"math"
	"testing"

	"photofit"
	"photofit/internal/imgtest"
)

// A variant is a way to store a picture whose left half is of one colour and
// whose right half is of another.
type variant struct {
	name        string
	file        []byte
	left, right color.NRGBA
	by          int // how far the result may be from them
}

const variantW, variantH = 96, 64

func variants(t testing.TB) []variant {
	half := func(left, right []int) func(x, y, c int) int {
		return func(x, _, c int) int {
			if x < variantW/2 {
				return left[c]
			}
			return right[c]
		}
	}
	rgb := func(r, g, b uint8) color.NRGBA { return color.NRGBA{r, g, b, 255} }
	grey := func(v uint8) color.NRGBA { return rgb(v, v, v) }
	png := func(depth int, colour byte, interlaced bool, left, right []int, chunks ...[2]string) []byte {
		return rawPNG{variantW, variantH, depth, colour, interlaced, chunks, half(left, right)}.bytes()
	}
	tiff := func(f tiffFile, left, right []int) []byte {
		f.w, f.h, f.samples = variantW, variantH, len(left)
		for y := range variantH {
			acc, n := 0, 0
			for x := range variantW {
				for c := range left {
					v := half(left, right)(x, y, c)
					switch f.bits {
					case 1:
						if acc, n = acc<<1|v, n+1; n == 8 {
							f.pixels = append(f.pixels, byte(acc))
							acc, n = 0, 0
						}
					case 8:
						f.pixels = append(f.pixels, byte(v))
					case 16:
						f.pixels = binary.LittleEndian.AppendUint16(f.pixels, uint16(v))
					case 32:
						f.pixels = binary.LittleEndian.AppendUint32(f.pixels, math.Float32bits(float32(v)/255))
					}
				}
			}
		}
		return f.bytes()
	}
	palette := [2]string{"PLTE", "\x00\x00\x00\xc8\x64\x32\x14\x28\x3c"}
	return []variant{
		{"PNG, 1 bit", png(1, 0, false, []int{0}, []int{1}), grey(0), grey(255), 1},
		{"PNG, 2 bits", png(2, 0, false, []int{1}, []int{2}), grey(85), grey(170), 1},
		{"PNG, 4 bits", png(4, 0, false, []int{3}, []int{12}), grey(51), grey(204), 1},
		{"PNG, grey", png(8, 0, false, []int{40}, []int{200}), grey(40), grey(200), 1},
		{"PNG, grey of 16 bits", png(16, 0, false, []int{40 * 257}, []int{200 * 257}), grey(40), grey(200), 1},
		{"PNG, grey and alpha", png(8, 4, false, []int{40, 128}, []int{200, 255}), color.NRGBA{40, 40, 40, 128}, grey(200), 2},
		{"PNG, grey and alpha of 16 bits", png(16, 4, false, []int{40 * 257, 128 * 257}, []int{200 * 257, 65535}), color.NRGBA{40, 40, 40, 128}, grey(200), 2},
		{"PNG, RGB", png(8, 2, false, []int{200, 100, 50}, []int{20, 40, 60}), rgb(200, 100, 50), rgb(20, 40, 60), 1},
		{"PNG, RGB of 16 bits", png(16, 2, false, []int{200 * 257, 100 * 257, 50 * 257}, []int{20 * 257, 40 * 257, 60 * 257}), rgb(200, 100, 50), rgb(20, 40, 60), 1},
		{"PNG, RGB and alpha", png(8, 6, false, []int{200, 100, 50, 128}, []int{20, 40, 60, 255}), color.NRGBA{200, 100, 50, 128}, rgb(20, 40, 60), 2},
		{"PNG, RGB and alpha of 16 bits", png(16, 6, false, []int{200 * 257, 100 * 257, 50 * 257, 128 * 257}, []int{20 * 257, 40 * 257, 60 * 257, 65535}), color.NRGBA{200, 100, 50, 128}, rgb(20, 40, 60), 2},
		{"PNG, palette", png(8, 3, false, []int{1}, []int{2}, palette), rgb(200, 100, 50), rgb(20, 40, 60), 1},
		{"PNG, palette of 2 bits", png(2, 3, false, []int{1}, []int{2}, palette), rgb(200, 100, 50), rgb(20, 40, 60), 1},
		{"PNG, palette with alpha", png(8, 3, false, []int{1}, []int{2}, palette, [2]string{"tRNS", "\xff\x80"}), color.NRGBA{200, 100, 50, 128}, rgb(20, 40, 60), 2},
		{"PNG, grey with a clear value", png(8, 0, false, []int{40}, []int{200}, [2]string{"tRNS", "\x00\x28"}), color.NRGBA{0, 0, 0, 0}, grey(200), 1},
		{"PNG, RGB with a clear colour", png(8, 2, false, []int{200, 100, 50}, []int{20, 40, 60}, [2]string{"tRNS", "\x00\x14\x00\x28\x00\x3c"}), rgb(200, 100, 50), color.NRGBA{0, 0, 0, 0}, 1},
		{"PNG, interlaced", png(8, 2, true, []int{200, 100, 50}, []int{20, 40, 60}), rgb(200, 100, 50), rgb(20, 40, 60), 1},
		{"PNG, interlaced, 1 bit", png(1, 0, true, []int{0}, []int{1}), grey(0), grey(255), 1},
		{"PNG, interlaced, RGB and alpha of 16 bits", png(16, 6, true, []int{200 * 257, 100 * 257, 50 * 257, 128 * 257}, []int{20 * 257, 40 * 257, 60 * 257, 65535}), color.NRGBA{200, 100, 50, 128}, rgb(20, 40, 60), 2},

		{"TIFF, 1 bit", tiff(tiffFile{bits: 1, photometric: 1}, []int{0}, []int{1}), grey(0), grey(255), 1},
		{"TIFF, 1 bit, white is zero", tiff(tiffFile{bits: 1, photometric: 0}, []int{0}, []int{1}), grey(255), grey(0), 1},
		{"TIFF, grey", tiff(tiffFile{bits: 8, photometric: 1}, []int{40}, []int{200}), grey(40), grey(200), 1},
		{"TIFF, grey, white is zero", tiff(tiffFile{bits: 8, photometric: 0}, []int{40}, []int{200}), grey(215), grey(55), 1},
		{"TIFF, grey of 16 bits", tiff(tiffFile{bits: 16, photometric: 1}, []int{40 * 257}, []int{200 * 257}), grey(40), grey(200), 1},
		{"TIFF, grey and alpha", tiff(tiffFile{bits: 8, photometric: 1, extra: []int{2}}, []int{40, 128}, []int{200, 255}), color.NRGBA{40, 40, 40, 128}, grey(200), 2},
		{"TIFF, RGB", tiff(tiffFile{bits: 8, photometric: 2}, []int{200, 100, 50}, []int{20, 40, 60}), rgb(200, 100, 50), rgb(20, 40, 60), 1},
		{"TIFF, RGB of 16 bits", tiff(tiffFile{bits: 16, photometric: 2}, []int{200 * 257, 100 * 257, 50 * 257}, []int{20 * 257, 40 * 257, 60 * 257}), rgb(200, 100, 50), rgb(20, 40, 60), 1},
		{"TIFF, RGB and alpha", tiff(tiffFile{bits: 8, photometric: 2, extra: []int{2}}, []int{200, 100, 50, 128}, []int{20, 40, 60, 255}), color.NRGBA{200, 100, 50, 128}, rgb(20, 40, 60), 2},
		{"TIFF, RGB and alpha of 16 bits", tiff(tiffFile{bits: 16, photometric: 2, extra: []int{2}}, []int{200 * 257, 100 * 257, 50 * 257, 128 * 257}, []int{20 * 257, 40 * 257, 60 * 257, 65535}), color.NRGBA{200, 100, 50, 128}, rgb(20, 40, 60), 2},
		{"TIFF, RGB and two more", tiff(tiffFile{bits: 8, photometric: 2, extra: []int{0, 0}}, []int{200, 100, 50, 1, 2}, []int{20, 40, 60, 3, 4}), rgb(200, 100, 50), rgb(20, 40, 60), 1},
		{"TIFF, RGB and five more of 16 bits", tiff(tiffFile{bits: 16, photometric: 2, extra: []int{0, 0, 0, 0, 0}}, []int{200 * 257, 100 * 257, 50 * 257, 1, 2, 3, 4, 5}, []int{20 * 257, 40 * 257, 60 * 257, 5, 4, 3, 2, 1}), rgb(200, 100, 50), rgb(20, 40, 60), 1},
		{"TIFF, CMYK", tiff(tiffFile{bits: 8, photometric: 5}, []int{0, 0, 0, 0}, []int{0, 0, 0, 255}), grey(255), grey(10), 14},
		{"TIFF, Lab of 16 bits", tiff(tiffFile{bits: 16, photometric: 8}, []int{0, 0, 0}, []int{65535, 0, 0}), grey(0), grey(255), 3},
		{"TIFF, RGB of floats", tiff(tiffFile{bits: 32, photometric: 2, float: true}, []int{255, 255, 255}, []int{0, 0, 0}), grey(255), grey(0), 1},
	}
}

func TestEveryVariantOfStoring(t *testing.T) {
	for _, v := range variants(t) {
		for _, f := range []photofit.Format{photofit.JPEG, photofit.WebP, photofit.AVIF, photofit.PNG, photofit.Auto} {
			for _, r := range []photofit.Recipe{clipped(variantW, 0, f), clipped(48, 0, f), cropped(40, 10, photofit.FocalPoint(50, 0), f)} {
				r.Quality = 95
				out, err := try(t, v.file, r)
				if err != nil {
					t.Errorf("%s, %s: %v", v.name, r.Path(), err)
					continue
				}
				img := decode(t, out.Body)
				by := v.by
				if out.Type != "image/png" {
					by += 3
				}
				for at, want := range map[int]color.NRGBA{img.Rect.Dx() / 4: v.left, img.Rect.Dx() * 3 / 4: v.right} {
					if out.Type == "image/jpeg" {
						want = onWhite(want)
					}
					got := img.NRGBAAt(at, img.Rect.Dy()/2)
					if want.A == 0 && got.A <= uint8(by) {
						continue // colour of nothing
					}
					for i, d := range []int{int(got.R) - int(want.R), int(got.G) - int(want.G), int(got.B) - int(want.B), int(got.A) - int(want.A)} {
						if abs(d) > by {
							t.Errorf("%s, %s: at %d it is %v, want %v (channel %d)", v.name, r.Path(), at, got, want, i)
							break
						}
					}
				}
			}
		}
	}
}

// libvips does not load them; that is no damage.
func TestLabOf8BitsIsNotTaken(t *testing.T) {
	file := tiffFile{w: 2, h: 1, samples: 3, bits: 8, photometric: 8, pixels: []byte{0, 0, 0, 255, 0, 0}}.bytes()
	if _, err := try(t, file, clipped(2, 0, photofit.JPEG)); kindOf(err) != photofit.ErrNotPicture {
		t.Errorf("got %v", err)
	}
}

func onWhite(c color.NRGBA) color.NRGBA {
	mix := func(v uint8) uint8 {
		a := float64(c.A) / 255
		return uint8(math.Round(float64(v)*a + 255*(1-a)))
	}
	return color.NRGBA{mix(c.R), mix(c.G), mix(c.B), 255}
}

// disc is a red disc with a soft edge on nothing: 0 0 0 0, as most editors have
// it. deep stores 16 bits.
func disc(side int, deep bool) image.Image {
	shallow := image.NewNRGBA(image.Rect(0, 0, side, side))
	wide := image.NewNRGBA64(shallow.Rect)
	for y := range side {
		for x := range side {
			d := math.Hypot(float64(x)+.5-float64(side)/2, float64(y)+.5-float64(side)/2)
			a := math.Max(0, math.Min(1, (float64(side)*.4-d)/6))
			if a == 0 {
				continue
			}
			shallow.SetNRGBA(x, y, color.NRGBA{230, 40, 20, uint8(255*a + .5)})
			wide.SetNRGBA64(x, y, color.NRGBA64{230 * 257, 40 * 257, 20 * 257, uint16(65535*a + .5)})
		}
	}
	if deep {
		return wide
	}
	return shallow
}

func TestSoftEdgesHaveNoFringe(t *testing.T) {
	for _, deep := range []bool{false, true} {
		file := imgtest.PNG(disc(200, deep))
		for _, f := range []photofit.Format{photofit.PNG, photofit.WebP, photofit.AVIF, photofit.Auto, photofit.JPEG} {
			for _, w := range []int{200, 100, 73, 31} {
				r := clipped(w, 0, f)
				r.Quality = 95
				out := made(t, file, r)
				img := decode(t, out.Body)
				soft := 0
				for i := 0; i < len(img.Pix); i += 4 {
					p := img.Pix[i : i+4]
					if out.Type == "image/jpeg" {
						// Between the disc's colour and white, all channels on one line.
						a := (255 - float64(p[1])) / (255 - 40)
						if d := float64(p[0]) - (255 - a*(255-230)); d < -24 || d > 24 {
							t.Fatalf("16 bits %t, %s: %v is not between the disc and white", deep, r.Path(), p)
						}
						soft++
						continue
					}
					if p[3] > 10 && p[3] < 245 {
						soft++
					}
					by, least := 3, uint8(10)
					if out.Type != "image/png" {
						by, least = 24, 40
					}
					if out.Type == "image/avif" {
						least = 100 // colours at half size see the nothing outside
					}
					// The less of a colour there is, the less of it can be told.
					if by += 300 / max(1, int(p[3])); p[3] > least && (abs(int(p[0])-230) > by || abs(int(p[1])-40) > by || abs(int(p[2])-20) > by) {
						t.Fatalf("16 bits %t, %s: %v has not the disc's colour", deep, r.Path(), p)
					}
				}
				if soft < w {
					t.Errorf("16 bits %t, %s: the edge is gone", deep, r.Path())
				}
			}
		}
	}
}

func TestAlphaDecidesTheType(t *testing.T) {
	opaque := image.NewNRGBA(image.Rect(0, 0, 240, 160))
	for i := range opaque.Pix {
		opaque.Pix[i] = 255 - byte(i%4/3)*0
	}
	almost := image.NewNRGBA(opaque.Rect)
	copy(almost.Pix, opaque.Pix)
	almost.Pix[4*(159*240+239)+3] = 254
	solid := rawPNG{240, 160, 8, 6, false, nil, func(_, _, c int) int { return []int{90, 80, 70, 255}[c] }}.bytes()
	for _, tt := range []struct {
		name string
		file []byte
		want map[photofit.Format]string
	}{
		{"alpha that is nowhere used", solid, map[photofit.Format]string{photofit.Auto: "image/jpeg", photofit.AutoWebP: "image/webp", photofit.AutoAVIF: "image/avif", photofit.PNG: "image/png"}},
		{"one pixel that is nearly opaque", imgtest.PNG(almost), map[photofit.Format]string{photofit.Auto: "image/png", photofit.AutoWebP: "image/webp", photofit.AutoAVIF: "image/avif", photofit.JPEG: "image/jpeg"}},
		{"no alpha", imgtest.PNG(opaque), map[photofit.Format]string{photofit.Auto: "image/jpeg", photofit.AutoWebP: "image/webp", photofit.AutoAVIF: "image/avif", photofit.PNG: "image/png"}},
	} {
		for f, want := range tt.want {
			if out := made(t, tt.file, clipped(240, 0, f)); out.Type != want {
				t.Errorf("%s, %v: %s, want %s", tt.name, f, out.Type, want)
			}
		}
	}
}
