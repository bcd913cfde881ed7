package markup

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"

	"photofit"
	"photofit/internal/render"
	"photofit/internal/vips"
)

// What is promised beside an address is what the renderer makes, to the pixel.
func TestWidthsAreTrue(t *testing.T) {
	renderer := newRenderer(t)
	r := rand.New(rand.NewPCG(1, 2))
	sizes := []image.Point{{300, 200}, {301, 199}, {160, 160}, {1, 1}, {700, 3}, {3, 700}, {129, 1000}}
	for range 12 {
		sizes = append(sizes, image.Pt(1+r.IntN(700), 1+r.IntN(700)))
	}
	policy := photofit.Policy{Widths: []int{64, 160, 256, 640, 800}, CropWidths: []int{64, 160, 320, 480, 800}}
	for _, size := range sizes {
		var file bytes.Buffer
		if err := jpeg.Encode(&file, image.NewGray(image.Rectangle{Max: size}), nil); err != nil {
			t.Fatal(err)
		}
		i := Image{Photo: "b.jpg", Info: photofit.Info{Width: size.X, Height: size.Y}}
		for _, ratio := range []photofit.Ratio{{}, {W: 1, H: 1}, {W: 3, H: 2}, {W: 9, H: 16}, {W: 21, H: 9}} {
			o, err := (Site{Policy: policy}).offer(i, ratio, 0)
			if err != nil {
				t.Fatal(err)
			}
			for n, st := range o.steps {
				recipe := st.recipe
				recipe.Format = photofit.PNG
				made, err := renderer.Render(t.Context(), bytes.NewReader(file.Bytes()), int64(file.Len()), recipe,
					func(context.Context, int64) error { return nil })
				if err != nil {
					t.Fatalf("%v: %v", size, err)
				}
				if made.Width != st.width || made.Height != st.height {
					t.Errorf("%v cut to %v: step %d of %d: %d × %d, promised %d × %d", size, ratio, n, len(o.steps),
						made.Width, made.Height, st.width, st.height)
				}
			}
		}
	}
}

func newRenderer(t *testing.T) *render.Renderer {
	t.Helper()
	paths := append([]string{"../bin/lib/libvips.so", "../bin/lib/libvips.dylib"}, vips.Find("", "")...)
	if named := os.Getenv("PHOTOFIT_LIBVIPS"); named != "" {
		paths = []string{named}
	}
	lib, err := vips.Open(paths...)
	if err != nil && os.Getenv("CI") == "" {
		t.Skip("NOT TESTED: ", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return render.New(lib, render.Limits{})
}

// A photo's attributes have its whole width on offer, once.
func TestStepsEndWithThePhoto(t *testing.T) {
	for width := 1; width <= 5000; width += 7 {
		for _, ratio := range []photofit.Ratio{{}, {W: 1, H: 1}, {W: 21, H: 9}, {W: 9, H: 16}} {
			height := width*2/3 + 1
			o, err := (Site{}).offer(Image{Photo: "b.jpg", Info: photofit.Info{Width: width, Height: height}}, ratio, 0)
			if err != nil {
				t.Fatal(err)
			}
			room, top := width, 3840
			if ratio.W > 0 {
				room, top = min(width, height*ratio.W/ratio.H), 2560
			}
			if got, want := o.steps[len(o.steps)-1].width, min(room, top); got < want-1 || got > want+1 {
				t.Errorf("%d wide, cut to %v: the last step has %d, want %d", width, ratio, got, want)
			}
			for n, st := range o.steps {
				if n > 0 && (st.width <= o.steps[n-1].width || o.steps[n-1].width < o.steps[n-1].recipe.Width) {
					t.Errorf("%d wide, cut to %v: %d wide after %d", width, ratio, st.width, o.steps[n-1].width)
				}
			}
		}
	}
}

// How much HTML a photo takes; srcset compresses well.
func TestBytes(t *testing.T) {
	tag, err := Site{Base: "https://media.example.com"}.Img(Image{Photo: "trip/b.jpg", Info: photofit.Info{Width: 6000, Height: 4000}})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(tag); n < 800 || n > 1100 {
		t.Errorf("%s bytes of HTML, of which %d entries", strconv.Itoa(n), strings.Count(string(tag), "w, ")+1)
	}
}
