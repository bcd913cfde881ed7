package render

import (
	"image"
	"image/color"
	"image/draw"
	"strings"
	"testing"

	"photofit"
	"photofit/internal/imgtest"
	"photofit/internal/imgtest/scene"
)

// The pictures in testdata/golden are there to be looked at. Each is named by
// the photo and the recipe that make it; what is transparent lies on grey
// squares. Other builds of libvips and of the encoders differ a little.
func TestGoldens(t *testing.T) {
	var alpine image.Image
	for _, s := range scene.All() {
		if s.Name == "alpine" {
			alpine = s.Draw(1200, 800)
		}
	}
	p3 := func(img image.Image) []byte {
		return imgtest.JPEG(img, 92, imgtest.ICCSegments(imgtest.ICC(imgtest.DisplayP3, 4))...)
	}
	photos := map[string][]byte{
		"alpine.jpg":    imgtest.JPEG(alpine, 92),
		"alpine-p3.jpg": p3(alpine),
		"chart-o6.jpg":  imgtest.OrientationJPEG(6, 600, 400),
		"chart-o5.png":  imgtest.PNG(imgtest.Stored(imgtest.OrientationChart(600, 400), 5), imgtest.EXIFChunk(imgtest.EXIF{Orientation: 5}.Bytes())),
		"zone.png":      imgtest.PNG(imgtest.ZonePlate(600, 600)),
		"star.jpg":      imgtest.JPEG(imgtest.Star(800, 800, 36), 95),
		"text.png":      imgtest.PNG(imgtest.TextChart(600, 300)),
		"disc.png":      imgtest.PNG(disc(300, true)),
		"patches.jpg":   imgtest.PatchesJPEG(imgtest.AdobeRGB, 2),
		"film.gif":      imgtest.AnimatedGIF(200, 120, 6, 5),
	}
	const q = "-q80"
	for _, path := range []string{
		"/alpine.jpg/_w240.jpg",
		"/alpine.jpg/_w240.webp",
		"/alpine.jpg/_w240.avif",
		"/alpine.jpg/_w160-h160-fp20-50.jpg",
		"/alpine.jpg/_w120-h160-smart.jpg",
		"/alpine-p3.jpg/_w120.jpg",
		"/chart-o6.jpg/_w150-h150-fp0-0" + q + ".webp",
		"/chart-o5.png/_w150-h50-fp50-100.png",
		"/zone.png/_w150.png",
		"/star.jpg/_w150.jpg",
		"/text.png/_w300.jpg",
		"/disc.png/_w100.png",
		"/disc.png/_w100.jpg",
		"/patches.jpg/_w96.png",
		"/film.gif/_w100.auto-webp",
	} {
		r, err := photofit.ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		img := decode(t, made(t, photos[r.Photo], r).Body)
		limit := 1.5
		if strings.HasSuffix(path, ".avif") || strings.HasSuffix(path, "webp") {
			limit = 2.5
		}
		t.Run(path[1:], func(t *testing.T) {
			imgtest.Golden(t, strings.ReplaceAll(path[1:], "/_", "_"), onSquares(img), limit)
		})
	}
}

// onSquares lays a picture on grey squares, as editors show what is transparent.
func onSquares(img *image.NRGBA) *image.RGBA {
	out := image.NewRGBA(img.Rect)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			out.SetRGBA(x, y, color.RGBA{190, 190, 190, 255})
			if (x/8+y/8)%2 == 0 {
				out.SetRGBA(x, y, color.RGBA{230, 230, 230, 255})
			}
		}
	}
	draw.Draw(out, out.Rect, img, image.Point{}, draw.Over)
	return out
}
