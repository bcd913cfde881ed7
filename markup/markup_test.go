package markup

import (
	"html/template"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"photofit"
)

// few is a ladder short enough to be read in a test.
var few = photofit.Policy{Widths: []int{64, 400, 800, 1600, 3200}, CropWidths: []int{80, 320, 640, 1280}}

func TestAttrs(t *testing.T) {
	wide := photofit.Info{Width: 3000, Height: 2000}
	for _, c := range []struct {
		name string
		site Site
		i    Image
		want string // an attribute a line
	}{
		{"lazy, of known size", Site{Policy: few}, Image{Photo: "trip/b.jpg", Info: wide}, `
			src="/trip/b.jpg?w=1600"
			srcset="/trip/b.jpg?w=400 400w, /trip/b.jpg?w=800 800w, /trip/b.jpg?w=1600 1600w, /trip/b.jpg?w=3200 3000w"
			sizes="auto, 100vw"
			width="3000"
			height="2000"
			loading="lazy"
			decoding="async"`},
		{"eager, from another host", Site{Base: "https://m.example.com/", Policy: few}, Image{Photo: "b.jpg", Info: wide, Eager: true}, `
			src="https://m.example.com/b.jpg?w=1600"
			srcset="https://m.example.com/b.jpg?w=400 400w, https://m.example.com/b.jpg?w=800 800w, https://m.example.com/b.jpg?w=1600 1600w, https://m.example.com/b.jpg?w=3200 3000w"
			sizes="100vw"
			width="3000"
			height="2000"
			loading="eager"
			decoding="async"
			fetchpriority="high"`},
		{"of unknown size", Site{Policy: few}, Image{Photo: "b.jpg", Sizes: "50vw", Quality: 79}, `
			src="/b.jpg?w=1600&amp;q=80"
			srcset="/b.jpg?w=400&amp;q=80 400w, /b.jpg?w=800&amp;q=80 800w, /b.jpg?w=1600&amp;q=80 1600w, /b.jpg?w=3200&amp;q=80 3200w"
			sizes="50vw"
			loading="lazy"
			decoding="async"`},
		{"of unknown size, left to the browser", Site{Policy: photofit.Policy{Widths: []int{400}}}, Image{Photo: "b.jpg"}, `
			src="/b.jpg?w=400"
			srcset="/b.jpg?w=400 400w"
			sizes="100vw"
			loading="lazy"
			decoding="async"`},
		{"as wide as a step", Site{Policy: few}, Image{Photo: "b.jpg", Info: photofit.Info{Width: 800, Height: 900}}, `
			src="/b.jpg?w=800"
			srcset="/b.jpg?w=400 400w, /b.jpg?w=800 800w"
			sizes="auto, 100vw"
			width="800"
			height="900"
			loading="lazy"
			decoding="async"`},
		{"narrower than what is offered", Site{Policy: few}, Image{Photo: "b.jpg", Info: photofit.Info{Width: 50, Height: 60}}, `
			src="/b.jpg?w=64"
			srcset="/b.jpg?w=64 50w"
			sizes="auto, 100vw"
			width="50"
			height="60"
			loading="lazy"
			decoding="async"`},
		{"a little wider than that", Site{Policy: few}, Image{Photo: "b.jpg", Info: photofit.Info{Width: 100, Height: 60}}, `
			src="/b.jpg?w=400"
			srcset="/b.jpg?w=400 100w"
			sizes="auto, 100vw"
			width="100"
			height="60"
			loading="lazy"
			decoding="async"`},
		{"cut, in a ratio that is not the policy's", Site{Policy: few}, Image{Photo: "b.jpg", Info: photofit.Info{Width: 1000, Height: 500}, Ratio: photofit.Ratio{W: 17, H: 9}, Crop: photofit.FocalPoint(100, 0)}, `
			src="/b.jpg?w=1280&amp;h=640&amp;fit=crop&amp;fp-x=1&amp;fp-y=0"
			srcset="/b.jpg?w=320&amp;h=160&amp;fit=crop&amp;fp-x=1&amp;fp-y=0 320w, /b.jpg?w=640&amp;h=320&amp;fit=crop&amp;fp-x=1&amp;fp-y=0 640w, /b.jpg?w=1280&amp;h=640&amp;fit=crop&amp;fp-x=1&amp;fp-y=0 1000w"
			sizes="auto, 100vw"
			width="1000"
			height="500"
			loading="lazy"
			decoding="async"`},
		{"cut, of unknown size", Site{Policy: few}, Image{Photo: "b.jpg", Ratio: photofit.Ratio{W: 3, H: 2}, Crop: photofit.SmartCrop}, `
			src="/b.jpg?w=1280&amp;h=853&amp;fit=crop&amp;crop=smart"
			srcset="/b.jpg?w=320&amp;h=213&amp;fit=crop&amp;crop=smart 320w, /b.jpg?w=640&amp;h=427&amp;fit=crop&amp;crop=smart 640w, /b.jpg?w=1280&amp;h=853&amp;fit=crop&amp;crop=smart 1280w"
			sizes="auto, 100vw"
			width="1280"
			height="853"
			loading="lazy"
			decoding="async"`},
		{"a crop of nothing that is cut", Site{Policy: photofit.Policy{Widths: []int{400}}}, Image{Photo: "b.jpg", Crop: photofit.SmartCrop}, `
			src="/b.jpg?w=400"
			srcset="/b.jpg?w=400 400w"
			sizes="100vw"
			loading="lazy"
			decoding="async"`},
		{"a policy that takes any point", Site{Policy: photofit.Policy{Free: true, CropWidths: []int{300}}}, Image{Photo: "b.jpg", Ratio: photofit.Ratio{W: 7, H: 5}, Crop: photofit.FocalPoint(33, 7), Quality: 71}, `
			src="/b.jpg?w=300&amp;h=214&amp;fit=crop&amp;fp-x=0.33&amp;fp-y=0.07&amp;q=71"
			srcset="/b.jpg?w=300&amp;h=214&amp;fit=crop&amp;fp-x=0.33&amp;fp-y=0.07&amp;q=71 300w"
			sizes="auto, 100vw"
			width="300"
			height="214"
			loading="lazy"
			decoding="async"`},
		{"a name that the query form can't reach", Site{Policy: photofit.Policy{Widths: []int{400}}}, Image{Photo: "_w800.webp"}, `
			src="/~5Fw800.webp/_w400.auto"
			srcset="/~5Fw800.webp/_w400.auto 400w"
			sizes="100vw"
			loading="lazy"
			decoding="async"`},
	} {
		attrs, err := c.site.Attrs(c.i)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var lines []string
		for _, a := range attrs {
			lines = append(lines, a.String())
		}
		want := strings.ReplaceAll(strings.TrimSpace(c.want), "\t", "")
		if got := strings.Join(lines, "\n"); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, want)
		}
	}
}

// By default a page of a camera photo offers each step from 160 pixels on.
func TestDefaultLadder(t *testing.T) {
	attrs, err := Site{}.Attrs(Image{Photo: "b.jpg", Info: photofit.Info{Width: 6000, Height: 4000}})
	if err != nil {
		t.Fatal(err)
	}
	set := attrs[1].Value
	if n := strings.Count(set, "w, ") + 1; n != 19 || !strings.HasPrefix(set, "/b.jpg?w=160 160w, ") || !strings.HasSuffix(set, " 3840w") {
		t.Errorf("%d: %s", n, set)
	}
	if attrs[0].Value != "/b.jpg?w=1280" {
		t.Errorf("src is %s", attrs[0].Value)
	}
}

func TestPicture(t *testing.T) {
	s := Site{Policy: photofit.Policy{Widths: []int{400, 800}, CropWidths: []int{200, 600}}}
	i := Image{Photo: "b.jpg", Info: photofit.Info{Width: 800, Height: 500}, Alt: "x", Class: "wide"}
	got, err := s.Picture(i, Source{Media: `(max-width: 600px)`, Ratio: photofit.Ratio{W: 1, H: 1}, Sizes: "90vw"}, Source{Media: "print"})
	const want = `<picture>` +
		`<source media="(max-width: 600px)" srcset="/b.jpg?w=200&amp;h=200&amp;fit=crop 200w, /b.jpg?w=600&amp;h=600&amp;fit=crop 500w" sizes="90vw" width="500" height="500">` +
		`<source media="print" srcset="/b.jpg?w=400 400w, /b.jpg?w=800 800w" sizes="auto, 100vw" width="800" height="500">` +
		`<img alt="x" class="wide" src="/b.jpg?w=800" srcset="/b.jpg?w=400 400w, /b.jpg?w=800 800w" sizes="auto, 100vw" width="800" height="500" loading="lazy" decoding="async">` +
		`</picture>`
	if err != nil || got != want {
		t.Errorf("%s\n%v", got, err)
	}
	// Without sources of their own, sizes are the image's.
	i.Sizes = "50vw"
	got, err = s.Picture(i, Source{Media: "print"})
	if err != nil || strings.Count(string(got), `sizes="50vw"`) != 2 {
		t.Errorf("%s\n%v", got, err)
	}
}

func TestRefusals(t *testing.T) {
	good := Image{Photo: "b.jpg"}
	for _, c := range []struct {
		name string
		site Site
		i    Image
		want string
	}{
		{"no name", Site{}, Image{}, "not the key of a photo"},
		{"no text", Site{}, Image{Photo: "a\xff.jpg"}, "not the key of a photo"},
		{"no URL", Site{Base: "media.example.com"}, good, "the base is"},
		{"a script", Site{Base: "javascript:alert(1)//"}, good, "the base is"},
		{"no host", Site{Base: "https:///x"}, good, "the base is"},
		{"a comma", Site{Base: "https://a.example/x,y"}, good, "the base is"},
		{"a query", Site{Base: "https://a.example/?x"}, good, "the base is"},
		{"not ASCII", Site{Base: "https://ä.example"}, good, "the base is"},
		{"signed without a key", Site{Policy: photofit.Policy{Signed: true}}, good, "the key that signs"},
		{"half a ratio", Site{}, Image{Photo: "b.jpg", Ratio: photofit.Ratio{W: 3}}, "ar is"},
		{"a ratio below nothing", Site{}, Image{Photo: "b.jpg", Ratio: photofit.Ratio{W: -3, H: 2}}, "ar is"},
		{"quality", Site{}, Image{Photo: "b.jpg", Quality: 101}, "q is"},
		{"quality below nothing", Site{}, Image{Photo: "b.jpg", Quality: -1}, "q is"},
		{"a color that is more", Site{}, Image{Photo: "b.jpg", Placeholder: Color, Info: photofit.Info{Color: "red;x:y"}}, "the info's color"},
		{"no base64", Site{}, Image{Photo: "b.jpg", Placeholder: Thumb, Info: photofit.Info{ThumbHash: "?"}}, "the info's thumbhash"},
		{"no hash", Site{}, Image{Photo: "b.jpg", Placeholder: Thumb, Info: photofit.Info{ThumbHash: "AAAA"}}, "the info's thumbhash"},
		{"no placeholder", Site{}, Image{Photo: "b.jpg", Placeholder: 9}, "no placeholder"},
	} {
		if _, err := c.site.Attrs(c.i); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
		if _, err := c.site.Img(c.i); err == nil {
			t.Errorf("%s: an img without error", c.name)
		}
		if _, err := c.site.Picture(c.i, Source{Media: "print"}); err == nil {
			t.Errorf("%s: a picture without error", c.name)
		}
	}
	if _, err := (Site{}).Picture(good, Source{Media: " "}); err == nil {
		t.Error("a source without a media query has no error")
	}
}

func TestURL(t *testing.T) {
	key := []byte("sixteen bytes at least")
	for _, c := range []struct{ got, want string }{
		{Site{}.URL("trip/b.jpg", 800), "/trip/b.jpg?w=800"},
		{Site{}.URL("trip/b.jpg", 801), "/trip/b.jpg?w=960"},
		{Site{}.URL("trip/b.jpg", 0), "/trip/b.jpg?w=3840"},
		{Site{Base: "//m.example.com/p/"}.URL("é, #1.jpg", 32), "//m.example.com/p/%C3%A9%2C%20%231.jpg?w=32"},
		{Site{}.ImageURL(Image{Photo: "b.jpg", Ratio: photofit.Ratio{W: 16, H: 9}, Crop: photofit.FocalPoint(50, 0)}, 700), "/b.jpg?w=800&h=450&fit=crop&fp-x=0.5&fp-y=0"},
		{Site{}.ImageURL(Image{Photo: "b.jpg", Quality: 61}, 800), "/b.jpg?w=800&q=60"},
		{Site{}.ImageURL(Image{Photo: "b.jpg", Quality: 101}, 800), ""},
		{Site{Base: "http://h", Policy: photofit.SignedPolicy(key)}.URL("b.jpg", 801), "http://h" + photofit.Sign(key, "/b.jpg?w=801")},
		{Site{}.URL("/b.jpg", 800), "/~2Fb.jpg/_w800.auto"},
		{Site{}.URL("a/", 800), "/a~2F/_w800.auto"},
		{Site{}.URL("a//b", 800), "/a/~2Fb/_w800.auto"},
		{Site{}.URL("a/../b", 800), "/a/~2E~2E/b/_w800.auto"},
		{Site{}.URL("-/b", 800), "/~2D/b/_w800.auto"},
		{Site{}.URL("", 800), ""},
		{Site{Base: "x"}.URL("b.jpg", 800), ""},
	} {
		if c.got != c.want {
			t.Errorf("%s, want %s", c.got, c.want)
		}
	}
}

// parse reads HTML as a browser does, and gives the elements in it.
func parse(t testing.TB, source template.HTML) []*html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader("<!doctype html><body>" + string(source)))
	if err != nil {
		t.Fatal(err)
	}
	var all []*html.Node
	body := root.LastChild.LastChild
	for n := range body.Descendants() {
		all = append(all, n)
	}
	return all
}

// attr is the value of an attribute, which has to be there once.
func attr(t testing.TB, n *html.Node, name string) string {
	t.Helper()
	var values []string
	for _, a := range n.Attr {
		if a.Key == name {
			values = append(values, a.Val)
		}
	}
	if len(values) != 1 {
		t.Fatalf("%s has %d attributes %s", n.Data, len(values), name)
	}
	return values[0]
}
