package markup

import (
	"bytes"
	"context"
	"fmt"
	"html/template"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"photofit"
	"photofit/internal/imgtest/scene"
	"photofit/internal/rendition"
	"photofit/internal/site/browser/browsertest"
	"photofit/internal/store"
	"photofit/internal/web"
)

// shown is what the browser says of an img: the address and the pixels that came,
// and how wide it is laid out, in CSS pixels.
type shown struct {
	Current string  `json:"current"`
	Pixels  int     `json:"pixels"`
	Width   float64 `json:"width"`
	Height  float64 `json:"height"`
}

// TestBrowserFetchesWhatCovers shows a page of photos at sizes of phones, tablets
// and laptops: each photo comes in the step that its layout wants, in pixels of
// the screen, and nothing moves when it comes.
func TestBrowserFetchesWhatCovers(t *testing.T) {
	serve := newServer(t)
	browser := browsertest.Start(t)
	for _, width := range []int{320, 768, 1440} {
		for density := 1; density <= 3; density++ {
			t.Run(fmt.Sprintf("%d px, %d", width, density), func(t *testing.T) {
				// A server of its own, since browsers take a larger picture that
				// they have.
				server := httptest.NewServer(serve)
				defer server.Close()
				ctx, cancel := chromedp.NewContext(browser)
				defer cancel()
				ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
				defer cancel()
				do(t, ctx, chromedp.EmulateViewport(int64(width), 900, chromedp.EmulateScale(float64(density))))
				do(t, ctx, chromedp.Navigate(server.URL+"/page/"))
				all, err := chromedp.Run(ctx, chromedp.Evaluate[[]shown](measure, chromedp.EvalAwaitPromise))
				if err != nil {
					t.Fatal(err)
				}
				if len(all) != len(pictures) {
					t.Fatalf("%d of %d pictures", len(all), len(pictures))
				}
				for n, p := range pictures {
					fits(t, p, all[n], width, density)
				}
				moved, err := chromedp.Run(ctx, chromedp.Evaluate[float64](`window.moved`))
				if err != nil || moved != 0 {
					t.Errorf("the layout moved by %v: %v", moved, err)
				}
			})
		}
	}
}

// fits holds what came against what is the least that covers, p's at that width of
// the window.
func fits(t *testing.T, p placed, got shown, window, density int) {
	t.Helper()
	u, err := url.Parse(got.Current)
	if err != nil {
		t.Fatal(err)
	}
	r, err := photofit.Resolve(u.EscapedPath(), u.RawQuery, "image/avif,image/webp", photofit.Policy{})
	if err != nil || r.Photo != p.image.Photo {
		t.Errorf("%s: %s came: %v", p.image.Photo, got.Current, err)
		return
	}
	ratio, crop := p.image.Ratio, p.image.Crop
	if len(p.sources) > 0 && window <= 600 {
		ratio, crop = p.sources[0].Ratio, p.sources[0].Crop
	}
	o, err := (Site{}).offer(p.image, ratio, crop)
	if err != nil {
		t.Fatal(err)
	}
	want := p.width(float64(window))
	if math.Abs(got.Width-want) > 1 {
		t.Errorf("%s is laid out %v wide, want %v", p.image.Photo, got.Width, want)
	}
	n := 0
	for n < len(o.steps)-1 && float64(o.steps[n].width) < got.Width*float64(density) {
		n++
	}
	came := -1
	for i, st := range o.steps {
		r.Format = st.recipe.Format
		if st.recipe == r {
			came = i
		}
	}
	if came < 0 {
		t.Errorf("%s: %s is not on offer", p.image.Photo, got.Current)
		return
	}
	if p.image.Info.Width > 0 && got.Pixels != o.steps[came].width {
		t.Errorf("%s: %s has %d pixels, promised %d", p.image.Photo, got.Current, got.Pixels, o.steps[came].width)
	}
	// On dense screens Chromium takes the step below where that is nearer, by
	// the geometric mean.
	if came == n-1 && density > 1 {
		between := math.Sqrt(float64(o.steps[came].width) * float64(o.steps[n].width))
		if got.Width*float64(density) <= between+1 {
			return
		}
	}
	if came != n {
		t.Errorf("%s, %v wide at %d: %d pixels came, %d cover it", p.image.Photo, got.Width, density, o.steps[came].width, o.steps[n].width)
	}
}

// measure brings each picture into view, waits until it is there, and tells of it.
const measure = `(async () => {
	const all = []
	for (const i of document.images) {
		i.scrollIntoView()
		while (!(i.complete && i.naturalWidth > 0)) await new Promise(r => requestAnimationFrame(r))
		const box = i.getBoundingClientRect()
		const came = await createImageBitmap(await (await fetch(i.currentSrc, {headers: {Accept: 'image/avif,image/webp'}})).blob())
		all.push({current: i.currentSrc, pixels: came.width, width: box.width, height: box.height})
	}
	await new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))
	return all
})()`

// placed is a picture on the page, in a box of a class.
type placed struct {
	image   Image
	sources []Source
	class   string
	width   func(window float64) float64 // of the layout, in CSS pixels
}

var (
	mountain = photofit.Info{Width: 3000, Height: 2000}
	little   = photofit.Info{Width: 500, Height: 333}
)

var pictures = []placed{
	{image: Image{Photo: "alpine.jpg", Info: mountain, Eager: true}, class: "full", width: func(w float64) float64 { return w }},
	{image: Image{Photo: "trip/dunes & more, 1.jpg", Info: mountain, Placeholder: Thumb}, class: "half", width: func(w float64) float64 { return w / 2 }},
	{image: Image{Photo: "_w800.webp", Info: mountain, Sizes: "40vw"}, class: "most", width: func(w float64) float64 { return w * .4 }},
	{image: Image{Photo: "a/../é.jpg", Info: mountain, Ratio: photofit.Ratio{W: 16, H: 9}, Crop: photofit.FocalPoint(50, 0)}, class: "half", width: func(w float64) float64 { return w / 2 }},
	{image: Image{Photo: "thumb.jpg", Info: mountain, Ratio: photofit.Ratio{W: 1, H: 1}}, class: "thumb", width: func(float64) float64 { return 150 }},
	{image: Image{Photo: "little.jpg", Info: little}, class: "full", width: func(w float64) float64 { return w }},
	{image: Image{Photo: "own.jpg", Info: little}, class: "own", width: func(w float64) float64 { return min(w, 500) }},
	{image: Image{Photo: "art.jpg", Info: mountain}, sources: []Source{{Media: "(max-width: 600px)", Ratio: photofit.Ratio{W: 4, H: 5}}}, class: "half",
		width: func(w float64) float64 { return w / 2 }},
	{image: Image{Photo: "last.jpg", Sizes: "50vw"}, class: "half fixed", width: func(w float64) float64 { return w / 2 }}, // nothing known
}

// TestPlaceholderLeavesTheFrame looks at photos that never come: the placeholder is
// where the photo would be, and the frame around it keeps its colour.
func TestPlaceholderLeavesTheFrame(t *testing.T) {
	hash := hashOf(picture(scene.All()[0], 96, 64, 255))
	for _, placeholder := range []Placeholder{Color, Thumb} {
		tag, err := (Site{}).Img(Image{Photo: "b.jpg", Info: photofit.Info{Width: 300, Height: 200, Color: "#204060", ThumbHash: hash}, Placeholder: placeholder, Eager: true})
		if err != nil {
			t.Fatal(err)
		}
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path != "/" {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprintf(w, `<!doctype html><link rel="icon" href="data:,"><style>body { margin: 0 }
				img { display: block; padding: 20px; background: rgb(255, 240, 0); border-radius: 4px }</style>%s`, tag)
		}))
		defer server.Close()
		ctx, cancel := chromedp.NewContext(browsertest.Start(t))
		defer cancel()
		do(t, ctx, chromedp.EmulateViewport(400, 300), chromedp.Navigate(server.URL))
		screen, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		page, err := png.Decode(bytes.NewReader(screen))
		if err != nil {
			t.Fatal(err)
		}
		frame := color.RGBA{255, 240, 0, 255}
		for _, at := range []image.Point{{10, 120}, {170, 8}, {330, 120}, {170, 230}} {
			if got := color.RGBAModel.Convert(page.At(at.X, at.Y)); got != frame {
				t.Errorf("%d: the frame is %v at %v", placeholder, got, at)
			}
		}
		for _, at := range []image.Point{{40, 200}, {300, 40}, {300, 200}} {
			got := color.RGBAModel.Convert(page.At(at.X, at.Y))
			if got == frame || placeholder == Color && got != (color.RGBA{0x20, 0x40, 0x60, 255}) {
				t.Errorf("%d: the photo's place is %v at %v", placeholder, got, at)
			}
		}
	}
}

// newServer serves the pictures by the real handler, and a page of them at /page/.
func newServer(t *testing.T) http.Handler {
	var page strings.Builder
	page.WriteString(`<!doctype html><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><style>
		body { margin: 0 } img { display: block; height: auto }
		.full img { width: 100% } .half img { width: 50% } .most img { width: 40% } .thumb img { width: 150px } .own img { max-width: 100% }
		.fixed img { height: 300px; object-fit: cover }
		div { padding-bottom: 1200px } div:last-child { padding: 0 }</style><script>
		window.moved = 0
		new PerformanceObserver(list => { for (const e of list.getEntries()) window.moved += e.value }).observe({type: 'layout-shift', buffered: true})
	</script>`)
	photos := &store.MemPhotos{}
	var large, small bytes.Buffer
	for to, info := range map[*bytes.Buffer]photofit.Info{&large: mountain, &small: little} {
		if err := jpeg.Encode(to, scene.All()[0].Draw(info.Width, info.Height), nil); err != nil {
			t.Fatal(err)
		}
	}
	for n, p := range pictures {
		file := large.Bytes()
		if p.image.Info.Width == little.Width {
			file = small.Bytes()
		}
		photos.Set(p.image.Photo, file)
		if p.image.Placeholder != NoPlaceholder {
			p.image.Info.ThumbHash = hashOf(picture(scene.All()[0], 96, 64, 255))
		}
		tag, err := (Site{}).Picture(p.image, p.sources...)
		if err != nil {
			t.Fatal(err)
		}
		pictures[n].image = p.image
		fmt.Fprintf(&page, "<div class=\"%s\">%s</div>", template.HTMLEscapeString(p.class), tag)
	}
	renderer := newRenderer(t)
	service := rendition.New(rendition.Config{Photos: photos, Renditions: store.NewMem(0),
		Render: func(ctx context.Context, from io.ReaderAt, size int64, r photofit.Recipe, admit func(context.Context, int64) error) (rendition.Made, error) {
			made, err := renderer.Render(ctx, from, size, r, admit)
			if err != nil {
				return rendition.Made{}, err
			}
			return rendition.Made{Body: made.Body, Type: made.Type, Width: made.Width, Height: made.Height}, nil
		}})
	return web.New(web.Config{Service: service, Log: slog.New(slog.DiscardHandler),
		Pages: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			io.WriteString(w, page.String())
		})})
}

func do(t *testing.T, ctx context.Context, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, actions...); err != nil {
		t.Fatal(err)
	}
}
