package render

import (
	"fmt"
	"image"
	"image/draw"
	"testing"

	"photofit"
	"photofit/internal/imgtest"
	"photofit/internal/imgtest/ssimulacra2"
)

// checker is a chequered picture, each square one pixel.
func checker(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = byte(255 * ((i/4%w + i/4/w) % 2))
		if i%4 == 3 {
			img.Pix[i] = 255
		}
	}
	return img
}

// Seen from afar, black and white squares are half of the light: a code of 188.
// Who averages codes makes 128 of them, which is a fifth.
func TestLightAddsUp(t *testing.T) {
	img := checker(600, 400)
	grey := image.NewGray(img.Rect)
	for i := range grey.Pix {
		grey.Pix[i] = img.Pix[4*i]
	}
	soft := image.NewNRGBA(img.Rect) // half clear, and so not without alpha
	copy(soft.Pix, img.Pix)
	for i := 3; i < len(soft.Pix); i += 4 {
		soft.Pix[i] = 200
	}
	deep, deepGrey := image.NewNRGBA64(img.Rect), image.NewGray16(img.Rect)
	draw.Draw(deep, deep.Rect, img, image.Point{}, draw.Src)
	draw.Draw(deepGrey, deep.Rect, img, image.Point{}, draw.Src)
	for name, tt := range map[string]struct {
		file  []byte
		least int // width from which on the decoder averages no codes
	}{
		"PNG":            {imgtest.PNG(img), 1},
		"grey PNG":       {imgtest.PNG(grey), 1},
		"PNG with alpha": {imgtest.PNG(soft), 1},
		"16-bit PNG":     {imgtest.PNG(deep), 1},
		"16 bits, grey":  {imgtest.PNG(deepGrey), 1},
		"JPEG":           {imgtest.JPEG(grey, 100), 121},
		"P3":             {imgtest.JPEG(img, 100, imgtest.ICCSegments(imgtest.ICC(imgtest.DisplayP3, 4))...), 121},
		"on its side":    {imgtest.JPEG(grey, 100, imgtest.EXIFSegment(imgtest.EXIF{Orientation: 6}.Bytes())), 121},
	} {
		for _, r := range []photofit.Recipe{clipped(40, 0, photofit.PNG), clipped(130, 0, photofit.PNG), clipped(211, 0, photofit.PNG), clipped(250, 0, photofit.PNG),
			cropped(130, 130, photofit.FocalPoint(0, 100), photofit.PNG), cropped(130, 130, photofit.SmartCrop, photofit.PNG)} {
			if r.Width < tt.least {
				continue
			}
			out := decode(t, made(t, tt.file, r).Body)

			var sum, n int
			for y := 4; y < out.Rect.Dy()-4; y++ {
				for x := 4; x < out.Rect.Dx()-4; x++ {
					sum, n = sum+int(out.NRGBAAt(x, y).G), n+1
				}
			}
			if mean := float64(sum) / float64(n); mean < 183 || mean > 192 {
				t.Errorf("%s, %s: %.1f in the mean, want 188", name, r.Path(), mean)
			}
		}
	}
}

// A rendition is close to the ideal, from the top row to the last.
func TestScalingIsCloseToTheIdeal(t *testing.T) {
	charts := map[string]image.Image{
		"text":    imgtest.TextChart(1200, 800),
		"zone":    imgtest.ZonePlate(1200, 800),
		"stripes": imgtest.Stripes(1200, 800, 7, .9, 30),
		"star":    imgtest.Star(1200, 800, 48),
	}
	for name, chart := range charts {
		file := imgtest.PNG(chart)
		for _, w := range []int{150, 500, 1199} {
			r := clipped(w, 0, photofit.PNG)
			out := decode(t, made(t, file, r).Body)
			ideal := imgtest.Ideal(chart, out.Rect.Dx(), out.Rect.Dy())
			score, err := ssimulacra2.Score(ideal, out)
			if err != nil {
				t.Fatal(err)
			}
			if far := imgtest.MaxDiff(ideal, out); score < 90 || w > 300 && far > 12 {
				t.Errorf("%s: %.1f, and up to %d from the ideal", fmt.Sprint(name, " at ", w), score, far)
			}
		}
	}
}
