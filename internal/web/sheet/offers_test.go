package sheet

import (
	"context"
	"errors"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"photofit"
	"photofit/markup"
)

// A photo's view for a query, as a request would get it.
func viewOf(t *testing.T, c Config, folder, name, query string) *view {
	t.Helper()
	q, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	v, err := New(c).(*handler).viewAlone(t.Context(), folder, name, q)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (v *view) html() string {
	var b strings.Builder
	for _, p := range v.Snippet {
		b.WriteString(p.Text)
	}
	return b.String()
}

func TestSnippet(t *testing.T) {
	known := func(f Facts) func(context.Context, string) (Facts, error) {
		return func(context.Context, string) (Facts, error) { return f, nil }
	}
	pixels := func(w, h int) func(context.Context, string) (Facts, error) { return known(Facts{Width: w, Height: h}) }
	small := photofit.Policy{Widths: []int{400, 800, 1600}, CropWidths: []int{320, 1280}}
	tests := []struct {
		name, query string
		c           Config
		want        string
	}{
		{"b.jpg", "", Config{Policy: small}, `<img
  src="/b.jpg?w=1600"
  srcset="
    /b.jpg?w=400 400w,
    /b.jpg?w=800 800w,
    /b.jpg?w=1600 1600w"
  sizes="100vw"
  alt=""
  loading="lazy" decoding="async">`},
		{"b.jpg", "ar=16:9&crop=smart&fm=webp&on=half", Config{Policy: small}, `<img
  src="/b.jpg?w=1280&amp;ar=16:9&amp;fit=crop&amp;crop=smart&amp;fm=webp"
  srcset="
    /b.jpg?w=320&amp;ar=16:9&amp;fit=crop&amp;crop=smart&amp;fm=webp 320w,
    /b.jpg?w=1280&amp;ar=16:9&amp;fit=crop&amp;crop=smart&amp;fm=webp 1280w"
  sizes="auto, (min-width: 720px) 50vw, 100vw"
  width="1280" height="720"
  alt=""
  loading="lazy" decoding="async">`},
		{"b.jpg", "ar=7:5&crop=top&fm=original&on=x", Config{Policy: small, Facts: pixels(600, 900)}, `<img
  src="/b.jpg?w=800"
  srcset="
    /b.jpg?w=400 400w,
    /b.jpg?w=800 600w"
  sizes="auto, 100vw"
  width="600" height="900"
  alt=""
  loading="lazy" decoding="async">`},
		{"b.jpg", "", Config{Policy: small, Facts: pixels(4000, 6001)}, `<img
  src="/b.jpg?w=1600"
  srcset="
    /b.jpg?w=400 400w,
    /b.jpg?w=800 800w,
    /b.jpg?w=1600 1600w"
  sizes="auto, 100vw"
  width="1600" height="2400"
  alt=""
  loading="lazy" decoding="async">`},
		{"b.jpg", "ar=2:1", Config{Policy: photofit.Policy{CropWidths: []int{320, 1280}, Ratios: []photofit.Ratio{{W: 2, H: 1}}}, Facts: pixels(500, 200)}, `<img
  src="/b.jpg?w=1280&amp;ar=2:1&amp;fit=crop"
  srcset="
    /b.jpg?w=320&amp;ar=2:1&amp;fit=crop 320w,
    /b.jpg?w=1280&amp;ar=2:1&amp;fit=crop 400w"
  sizes="auto, 100vw"
  width="400" height="200"
  alt=""
  loading="lazy" decoding="async">`},
		{`_w8 "a".webp`, "", Config{Policy: photofit.Policy{Widths: []int{400}}}, `<img
  src="/_w8%20%22a%22.webp?w=400"
  srcset="
    /_w8%20%22a%22.webp?w=400 400w"
  sizes="100vw"
  alt=""
  loading="lazy" decoding="async">`},
		{"_w800.webp", "ar=3:2&crop=smart&fm=avif", Config{Policy: small}, `<img
  src="/~5Fw800.webp/_w1280-h853-smart.avif"
  srcset="
    /~5Fw800.webp/_w320-h213-smart.avif 320w,
    /~5Fw800.webp/_w1280-h853-smart.avif 1280w"
  sizes="auto, 100vw"
  width="1280" height="853"
  alt=""
  loading="lazy" decoding="async">`},
	}
	for _, test := range tests {
		test.c.Photos = photosOf(test.name)
		if got := viewOf(t, test.c, "", test.name, test.query).html(); got != test.want {
			t.Errorf("%s %s:\n%s\nwant\n%s", test.name, test.query, got, test.want)
		}
	}
}

// What package markup writes of a photo is in the snippet, too, but for the number
// of steps, and for a size that is the greatest step's.
func TestSnippetIsMarkups(t *testing.T) {
	for _, caption := range []string{"", `Ann's "lake" & <hills>`, "世\xff界"} {
		known := Facts{Width: 3000, Height: 2000, Caption: caption}
		c := Config{Photos: photosOf("b.jpg"), Facts: func(context.Context, string) (Facts, error) { return known, nil }}
		v := viewOf(t, c, "", "b.jpg", "")
		attrs, err := markup.Site{}.Attrs(markup.Image{Photo: "b.jpg", Info: photofit.Info{Width: 3000, Height: 2000}})
		if err != nil {
			t.Fatal(err)
		}
		attrs = append(attrs, markup.Attr{Name: "alt", Value: strings.ToValidUTF8(caption, "\ufffd")})
		for _, a := range attrs {
			if a.Name != "srcset" && !strings.Contains(v.html(), a.String()) {
				t.Errorf("%q: no %s in\n%s", caption, a, v.html())
			}
		}
		if blank := slices.Contains(v.Snippet, piece{`alt=""`, "blank"}); blank != (caption == "") || blank != strings.Contains(v.AltHint, "Say in alt what is to be seen") {
			t.Errorf("%q: %q is said of\n%s", caption, v.AltHint, v.html())
		}
	}
}

// Everything that a page offers is a rendition of the policy, and the one that
// the width beside it says.
func TestOffersArePolicys(t *testing.T) {
	key := []byte("0123456789abcdef")
	policies := map[string]photofit.Policy{
		"default": {},
		"short":   {Widths: []int{100, 300}, CropWidths: []int{50, 90}, Ratios: []photofit.Ratio{{W: 1, H: 1}}},
		"open":    photofit.OpenPolicy(),
		"narrow":  {Free: true, FreeSide: 700},
		"signed":  photofit.SignedPolicy(key),
		"both":    {Key: key},
	}
	for name, p := range policies {
		h := New(Config{Photos: photosOf("a b.jpg", "_w800.webp"), Policy: p}).(*handler)
		for _, photo := range []string{"a b.jpg", "_w800.webp"} {
			sets := []string{h.tile("", photo).Srcset}
			for _, r := range h.offers.ratios {
				sets = append(sets, viewOf(t, h.Config, "", photo, "ar="+r.String()).Srcset)
			}
			sets = append(sets, viewOf(t, h.Config, "", photo, "fm=webp").Srcset)
			for _, set := range sets {
				last := 0
				for offer := range strings.SplitSeq(set, ", ") {
					address, descriptor, _ := strings.Cut(offer, " ")
					path, query, _ := strings.Cut(address, "?")
					r, err := photofit.Resolve(path, query, "", p)
					if err != nil || r.Photo != photo {
						t.Fatalf("%s: %s is %v, %v", name, address, r, err)
					}
					if descriptor != strconv.Itoa(r.Width)+"w" || r.Width <= last {
						t.Errorf("%s: %s is %d wide, after %d", name, offer, r.Width, last)
					}
					last = r.Width
				}
			}
		}
	}
}

func TestTileSteps(t *testing.T) {
	var widths []int
	for _, s := range newOffers(photofit.Policy{}).tiles {
		widths = append(widths, s.width)
	}
	if want := []int{160, 320, 480, 800, 1280}; !slices.Equal(widths, want) {
		t.Errorf("%v, want %v", widths, want)
	}
}

func TestThin(t *testing.T) {
	var widths []int
	for _, s := range thin(steps(photofit.DefaultPolicy().Widths...)) {
		widths = append(widths, s.width)
	}
	if want := []int{320, 480, 640, 960, 1280, 1920, 2560, 3840}; !slices.Equal(widths, want) {
		t.Errorf("%v, want %v", widths, want)
	}
	if got := thin(steps(64, 96)); !slices.Equal(got, steps(96)) {
		t.Errorf("small ones: %v", got)
	}
}

func steps(widths ...int) []step {
	var all []step
	for _, w := range widths {
		all = append(all, step{width: w})
	}
	return all
}

// The view says what the picture is; what it can't know, it leaves open.
func TestView(t *testing.T) {
	c := Config{Photos: photosOf("trip/b.jpg"), Facts: func(_ context.Context, photo string) (Facts, error) {
		if photo != "trip/b.jpg" {
			t.Errorf("the facts of %q are asked for", photo)
		}
		return Facts{Width: 6000, Height: 4000}, nil
	}}
	v := viewOf(t, c, "trip", "b.jpg", "")
	if v.Pixels != "6,000 × 4,000 pixels" || v.Original != "1.2 KB" || !strings.Contains(v.Sizes, "1.5000") {
		t.Errorf("%q, %q, %q", v.Pixels, v.Original, v.Sizes)
	}
	for f, err := range map[Facts]error{{Width: 6000, Height: 4000}: errors.New("no header"), {Width: 6000}: nil, {Height: 4000}: nil} {
		c.Facts = func(context.Context, string) (Facts, error) { return f, err }
		if v := viewOf(t, c, "trip", "b.jpg", ""); v.Pixels != "" || strings.Contains(v.html(), "width=\"") || strings.Contains(v.Sizes, "vh") {
			t.Errorf("%v: %q, %q, %s", f, v.Pixels, v.Sizes, v.html())
		}
	}
}

// Without JavaScript all is links and a form, and what is chosen stays chosen.
func TestViewWithoutScript(t *testing.T) {
	h := New(Config{Photos: photosOf("trip/a.jpg", "trip/b.jpg", "trip/c&d.jpg")})
	body := get(t, h, "/trip/?photo=b.jpg&ar=3:2&crop=smart&fm=webp&q=60&on=third&w=640").Body.String()
	for _, want := range []string{
		`<dialog id="view" aria-labelledby="name" tabindex="-1" open>`, `class="folder" inert`,
		`href="/trip/?photo=a.jpg&ar=3%3A2&crop=smart&fm=webp&q=60&on=third&w=640" rel="prev"`,
		`href="/trip/?photo=c%26d.jpg&ar=3%3A2&crop=smart&fm=webp&q=60&on=third&w=640" rel="next"`,
		`aria-label="Close" href="/trip/"`,
		`<form id="choices" action="/trip/" method="get">`, `name="photo" value="b.jpg"`, `<noscript><button>Show</button></noscript>`,
		`name="ar" value="3:2" checked`, `name="crop" value="smart" checked`, `name="fm" value="webp" checked`, `name="on" value="third" checked`,
		`name="q" value="60" checked`, `name="w" form="choices" value="640" checked`, `href="/trip/b.jpg?w=320&ar=3:2&fit=crop&crop=smart&q=60&fm=webp"`,
		`Original: 1.2 KB`, `alt="b"`,
	} {
		if !strings.Contains(html.UnescapeString(body), want) {
			t.Errorf("no %s", want)
		}
	}
	if n := strings.Count(body, " checked>"); n != 6 {
		t.Errorf("%d options are chosen", n)
	}
	first := get(t, h, "/trip/?photo=a.jpg").Body.String()
	if !strings.Contains(first, `aria-label="Photo before" hidden`) || strings.Contains(first, `aria-label="Photo after" hidden`) {
		t.Error("the first photo's neighbours")
	}
	if part := get(t, h, "/trip/?photo=a.jpg&part=view").Body.String(); strings.Contains(part, " open>") || strings.Contains(part, "<body") {
		t.Error("a view alone comes opened, or with a page")
	}
}

// In the top folder "-" the view alone is found like the page.
func TestViewAloneInDash(t *testing.T) {
	h := New(Config{Photos: photosOf("-/b.jpg")})
	w := get(t, h, "/~2D/?photo=b.jpg&part=view")
	if w.Code != 200 || !strings.Contains(w.Body.String(), "/~2D/b.jpg/_w") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
