package markup

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"photofit"
	"photofit/internal/imgtest"
	"photofit/internal/imgtest/scene"
	"photofit/internal/thumbhash"
)

func styleOf(t *testing.T, i Image, sources ...Source) string {
	t.Helper()
	source, err := Site{}.Picture(i, sources...)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range parse(t, source) {
		if n.Data == "img" && strings.Contains(string(source), "style=") {
			return attr(t, n, "style")
		}
	}
	return ""
}

// picture is a scene as a caller of thumbhash has it.
func picture(s scene.Scene, w, h int, alpha uint8) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	drawn := s.Draw(w, h)
	for y := range h {
		for x := range w {
			c := color.NRGBAModel.Convert(drawn.At(x, y)).(color.NRGBA)
			if y == 0 {
				c.A = alpha
			}
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func hashOf(img *image.NRGBA) string { return base64.StdEncoding.EncodeToString(thumbhash.Encode(img)) }

func TestPlaceholders(t *testing.T) {
	alpine := scene.All()[0]
	opaque, holed := hashOf(picture(alpine, 90, 60, 255)), hashOf(picture(alpine, 90, 60, 254))
	data := "background-image:url(data:image/png;base64,"
	end := func(place string) string {
		return "),none;" + place + ";background-origin:content-box;background-clip:content-box,border-box"
	}
	cut, left := photofit.Ratio{W: 1, H: 1}, photofit.FocalPoint(0, 50)
	for _, c := range []struct {
		name    string
		i       Image
		sources []Source
		start   string
		end     string
	}{
		{"none", Image{Info: photofit.Info{Color: "#8a6f4d", ThumbHash: opaque}}, nil, "", ""},
		{"color", Image{Placeholder: Color, Info: photofit.Info{Color: "#8a6F4d", ThumbHash: opaque}}, nil, "background-image:linear-gradient(#8a6F4d 0 0),none;background-clip:content-box,border-box", ""},
		{"color alone", Image{Placeholder: Color, Info: photofit.Info{Color: "#8a6f4d"}}, nil, "background-image:linear-gradient(#8a6f4d 0 0),none;background-clip:content-box,border-box", ""},
		{"no color", Image{Placeholder: Color}, nil, "", ""},
		{"thumb", Image{Placeholder: Thumb, Info: photofit.Info{ThumbHash: opaque}}, nil, data, end("background-position:0 0;background-size:100% 100%")},
		{"no thumb", Image{Placeholder: Thumb, Info: photofit.Info{Color: "#8a6f4d"}}, nil, "", ""},
		{"cut", Image{Placeholder: Thumb, Ratio: cut, Crop: left, Info: photofit.Info{ThumbHash: opaque}}, nil, data, end("background-position:0% 50%;background-size:cover")},
		{"directed", Image{Placeholder: Thumb, Info: photofit.Info{ThumbHash: opaque}}, []Source{{Media: "print", Ratio: cut}}, data, end("background-position:50% 50%;background-size:cover")},
		{"color of what is transparent", Image{Placeholder: Color, Info: photofit.Info{Color: "#8a6f4d", ThumbHash: holed}}, nil, "", ""},
		{"thumb of what is transparent", Image{Placeholder: Thumb, Info: photofit.Info{ThumbHash: holed}}, nil, "", ""},
	} {
		c.i.Photo = "b.jpg"
		got := styleOf(t, c.i, c.sources...)
		if !strings.HasPrefix(got, c.start) || !strings.HasSuffix(got, c.end) || c.start == "" && got != "" {
			t.Errorf("%s: %q", c.name, got)
		}
		if c.i.Placeholder == Color && got != c.start {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

// The picture in the style is that of the scene, and small: what thumbSide says.
func TestThumbIsSmallAndShowsTheScene(t *testing.T) {
	total := 0
	for _, s := range scene.All() {
		img := picture(s, 96, 64, 255)
		style := styleOf(t, Image{Photo: "b.jpg", Placeholder: Thumb, Info: photofit.Info{ThumbHash: hashOf(img)}})
		_, data, _ := strings.Cut(style, "base64,")
		data, _, _ = strings.Cut(data, ")")
		file, err := base64.StdEncoding.DecodeString(data)
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		thumb, err := png.Decode(bytes.NewReader(file))
		if err != nil {
			t.Fatalf("%s: %v", s.Name, err)
		}
		if thumb.Bounds().Size() != image.Pt(8, 6) && thumb.Bounds().Size() != image.Pt(8, 5) {
			t.Errorf("%s: a thumb of %v", s.Name, thumb.Bounds().Size())
		}
		was, is := imgtest.MeanRGB(img), imgtest.MeanRGB(thumb)
		for c := range was {
			if d := was[c] - is[c]; d < -9 || d > 9 {
				t.Errorf("%s: mean %v, want %v", s.Name, is, was)
			}
		}
		total += len(style)
		if len(style) > 490 {
			t.Errorf("%s: %d bytes of style", s.Name, len(style))
		}
	}
	if mean := total / len(scene.All()); mean < 410 || mean > 460 {
		t.Errorf("%d bytes of style in the mean: the comments say about 440", mean)
	} else {
		t.Logf("%d bytes of style in the mean", mean)
	}
}
