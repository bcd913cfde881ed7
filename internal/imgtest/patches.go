package imgtest

import (
	"image"
	"image/color"
	"image/draw"
	"math"
)

// Patch is one field of a colour chart.
type Patch struct {
	Name   string
	Value  color.RGBA  // as stored, in the chart's space
	Lab    Lab         // what it looks like, relative to D50
	SRGB   color.RGBA  // the same in sRGB, cut to its gamut
	Inside bool        // whether sRGB holds it
	At     image.Point // the field's middle
	Space  Space       // the space of Value
	rect   image.Rectangle
}

var patchColours = []struct {
	name    string
	r, g, b uint8
}{
	{"black", 0, 0, 0}, {"dark grey", 64, 64, 64}, {"grey", 128, 128, 128}, {"light grey", 192, 192, 192}, {"white", 255, 255, 255}, {"skin", 214, 166, 140},
	{"red", 255, 0, 0}, {"green", 0, 255, 0}, {"blue", 0, 0, 255}, {"cyan", 0, 255, 255}, {"magenta", 255, 0, 255}, {"yellow", 255, 255, 0},
	{"brick", 170, 70, 60}, {"leaf", 90, 130, 60}, {"sky", 90, 140, 200}, {"plum", 100, 50, 110}, {"orange", 230, 130, 40}, {"sand", 220, 200, 160},
}

// Patches is a chart of 6 × 3 fields of 64 pixels in a space, and what each field should look like. The picture's numbers are in that
// space: encode it with [PatchesJPEG] or [PatchesPNG], which say so in a profile. In Gray the fields are greys.
func Patches(s Space) (*image.RGBA, []Patch) {
	const side = 64
	img := image.NewRGBA(image.Rect(0, 0, 6*side, 3*side))
	var list []Patch
	for i, c := range patchColours {
		if s == Gray {
			c.r = uint8(math.Round(255 * float64(i) / float64(len(patchColours)-1)))
			c.g, c.b = c.r, c.r
		}
		v := [3]float64{float64(c.r) / 255, float64(c.g) / 255, float64(c.b) / 255}
		p := Patch{Name: c.name, Space: s, Value: color.RGBA{c.r, c.g, c.b, 255}, Lab: s.Lab(v)}
		var seen [3]float64
		seen, p.Inside = s.Convert(v, SRGB)
		p.SRGB = color.RGBA{to8(seen[0]), to8(seen[1]), to8(seen[2]), 255}
		at := image.Pt(i%6*side, i/6*side)
		p.rect = image.Rectangle{at, at.Add(image.Pt(side, side))}
		p.At = at.Add(image.Pt(side/2, side/2))
		draw.Draw(img, p.rect, image.NewUniform(p.Value), image.Point{}, draw.Src)
		list = append(list, p)
	}
	return img, list
}

func to8(v float64) uint8 { return uint8(math.Round(min(max(v, 0), 1) * 255)) }

// Read gives the patch's colour in a chart that may have been scaled (to w × h of its bounds) and lossily coded, as the mean of the
// field's inner quarter, each value 0 to 1.
func (p Patch) Read(img image.Image) [3]float64 {
	b := img.Bounds()
	sx, sy := float64(b.Dx())/(6*64), float64(b.Dy())/(3*64)
	r := image.Rect(int(float64(p.At.X-16)*sx), int(float64(p.At.Y-16)*sy), int(float64(p.At.X+16)*sx), int(float64(p.At.Y+16)*sy))
	if r.Empty() {
		panic("imgtest: patches are too small to be read")
	}
	m := meanOf(img, r.Add(b.Min))
	return [3]float64{m[0] / 255, m[1] / 255, m[2] / 255}
}

// PatchesJPEG is the chart of [Patches] at quality 95, with the space's profile (ICC version 2 or 4; 0 for none).
func PatchesJPEG(s Space, version int) []byte {
	img, _ := Patches(s)
	var src image.Image = img
	if s == Gray {
		src = gray(img)
	}
	if version == 0 {
		return JPEG(src, 95)
	}
	return JPEG(src, 95, ICCSegments(ICC(s, version))...)
}

// PatchesPNG is the chart of [Patches] without loss, with the space's profile (ICC version 2 or 4; 0 for none).
func PatchesPNG(s Space, version int) []byte {
	img, _ := Patches(s)
	var src image.Image = img
	if s == Gray {
		src = gray(img)
	}
	if version == 0 {
		return PNG(src)
	}
	return PNG(src, ICCPChunk(s.String(), ICC(s, version)))
}

func gray(img *image.RGBA) *image.Gray {
	out := image.NewGray(img.Rect)
	draw.Draw(out, out.Rect, img, img.Rect.Min, draw.Src)
	return out
}
