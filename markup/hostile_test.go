package markup

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"photofit"
)

// What names, descriptions and classes are made of at random.
var pieces = []string{"a", "b.jpg", "/", "/", "//", ".", "..", "-", "_", "~", "~2F", "%", "%2e", "%2F", "é", "世界", "😀", "+", " ",
	"'", `"`, "<", ">", "&", "&amp;", "&quot", "</picture>", "<!--", "\n", "\r\n", "\r", "\t", "\x00", "\x7f", "=", "`", ",", ";", "?", "#", `\`, "(", ")", "{{", "_w800.webp",
	"/_w801-h33-crop.auto", "_DSC1", "javascript:", "_info.json", "_original", "\u2028", "\ufffd", "\ufeff"}

func hostile(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(6) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

var policies = []photofit.Policy{
	{},
	few,
	{Widths: []int{7}, CropWidths: []int{1}, Ratios: []photofit.Ratio{{W: 1, H: 1000}}, Qualities: []int{}},
	photofit.OpenPolicy(),
	{Free: true, FreeSide: 500},
	photofit.SignedPolicy([]byte("a key of sixteen bytes")),
}

// Whatever the texts are, a parser reads back what was meant, every address is
// that of the photo, and every rendition one that the policy has as asked.
func TestHostileTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for range 1500 {
		s := Site{Base: []string{"", "https://media.example.com", "//h.example/p/"}[r.IntN(3)], Policy: policies[r.IntN(len(policies))]}
		i := Image{Photo: hostile(r), Alt: hostile(r), Class: hostile(r), Crop: photofit.FocalPoint(r.IntN(101), r.IntN(101)),
			Quality: r.IntN(101), Eager: r.IntN(2) == 0}
		if r.IntN(3) > 0 {
			i.Info = photofit.Info{Width: 1 + r.IntN(9000), Height: 1 + r.IntN(9000)}
		}
		if r.IntN(2) == 0 {
			i.Ratio = photofit.Ratio{W: 1 + r.IntN(40), H: 1 + r.IntN(40)}
		}
		if r.IntN(2) == 0 {
			i.Sizes = hostile(r)
			if _, err := s.Img(i); err == nil {
				t.Fatalf("sizes are %q", i.Sizes)
			}
			i.Sizes = "(min-width: 700px) 50vw, 100vw"
		}
		from := Source{Media: "m" + hostile(r), Ratio: photofit.Ratio{W: 1 + r.IntN(9), H: 1 + r.IntN(9)}, Crop: photofit.SmartCrop}
		source, err := s.Picture(i, from)
		if err != nil {
			t.Fatalf("%q: %v", i.Photo, err)
		}
		all := parse(t, source)
		if len(all) != 3 || all[0].Data != "picture" || all[1].Data != "source" || all[2].Data != "img" || all[2].Parent != all[0] {
			t.Fatalf("%q became %d nodes: %s", i.Photo, len(all), source)
		}
		reads(t, all[1], "media", from.Media)
		reads(t, all[2], "alt", i.Alt)
		reads(t, all[2], "class", i.Class)
		if i.Sizes != "" {
			reads(t, all[1], "sizes", i.Sizes)
			reads(t, all[2], "sizes", i.Sizes)
		}
		offered(t, s, i, from.Ratio, all[1])
		offered(t, s, i, i.Ratio, all[2])
		address(t, s, i, attr(t, all[2], "src"))
		if t.Failed() {
			t.Fatalf("%q: %s", i.Photo, source)
		}
	}
}

// reads holds an attribute against what it was to say; HTML has no NUL.
func reads(t *testing.T, n *html.Node, name, want string) {
	t.Helper()
	if got := attr(t, n, name); got != strings.ReplaceAll(want, "\x00", "\ufffd") {
		t.Errorf("%s is %q, want %q", name, got, want)
	}
}

// offered reads a srcset as browsers do (HTML, "parse a srcset attribute": an
// address ends at white space, and drops commas at its end).
func offered(t *testing.T, s Site, i Image, ratio photofit.Ratio, n *html.Node) {
	t.Helper()
	before, widths := 0, 0
	rest := attr(t, n, "srcset")
	for rest != "" {
		rest = strings.TrimLeft(rest, " ,")
		var where, descriptor string
		where, rest, _ = strings.Cut(rest, " ")
		descriptor, rest, _ = strings.Cut(rest, ",")
		if strings.HasSuffix(where, ",") {
			t.Errorf("%s ends in a comma", where)
		}
		r := address(t, s, i, where)
		var width int
		if _, err := fmt.Sscanf(descriptor, "%dw", &width); err != nil || descriptor != fmt.Sprintf("%dw", width) {
			t.Errorf("%s has descriptor %q", where, descriptor)
		}
		if width <= before {
			t.Errorf("%d after %d", width, before)
		}
		before = width
		widths++
		if width > r.Width || i.Info.Width > 0 && width > i.Info.Width || i.Info.Width == 0 && width != r.Width {
			t.Errorf("%dw is promised of %+v and a photo of %d × %d", width, r, i.Info.Width, i.Info.Height)
		}
		if (ratio != photofit.Ratio{}) != (r.Fit == photofit.Cover) {
			t.Errorf("%v became %+v", ratio, r)
		}
	}
	if widths == 0 {
		t.Error("nothing is offered")
	}
}

// address checks that an address leads to a rendition of the photo, through a
// browser and past whatever reads URLs.
func address(t *testing.T, s Site, i Image, where string) photofit.Recipe {
	t.Helper()
	sent, ok := strings.CutPrefix(where, strings.TrimSuffix(s.Base, "/"))
	if !ok || !strings.HasPrefix(sent, "/") || strings.HasPrefix(sent, "//") || strings.Trim(where, plain) != "" {
		t.Errorf("%q is not spelled as it should be", where)
		return photofit.Recipe{}
	}
	path, query, _ := strings.Cut(sent, "?")
	for segment := range strings.SplitSeq(path[1:], "/") {
		if name, err := url.PathUnescape(segment); err != nil || name == "" || name == "." || name == ".." {
			t.Errorf("%q: a browser resolves %q", where, segment)
		}
	}
	r, err := photofit.Resolve(path, query, "image/avif,image/webp,*/*", s.Policy)
	if err != nil {
		t.Errorf("%q: %v", where, err)
		return r
	}
	if r.Photo != i.Photo {
		t.Errorf("%q is of %q", where, r.Photo)
	}
	if !s.Policy.Allows(r) {
		t.Errorf("%q: not the policy's: %+v", where, r)
	}
	// What was asked is what is made: nothing snaps.
	if q, err := url.ParseQuery(query); err != nil || q.Has("w") && (q.Get("w") != fmt.Sprint(r.Width) ||
		r.Height != 0 && q.Get("h") != fmt.Sprint(r.Height) || r.Quality != 0 && q.Get("q") != fmt.Sprint(r.Quality)) {
		t.Errorf("%q snaps to %+v", where, r)
	}
	if q, _ := url.ParseQuery(query); q.Has("w") != (r.Format == photofit.AutoAVIF) {
		t.Errorf("%q comes as %v", where, r.Format)
	}
	return r
}

const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/%?&=:"

func FuzzImg(f *testing.F) {
	f.Add("trip/b.jpg", "A view", "wide", "50vw")
	f.Add(`../-/_w1.auto`, `"><script>`, "\r\n\x00", "&lt;")
	f.Fuzz(func(t *testing.T, photo, alt, class, sizes string) {
		source, err := Site{}.Img(Image{Photo: photo, Alt: alt, Class: class, Sizes: sizes})
		if err != nil {
			return
		}
		all := parse(t, source)
		if len(all) != 1 {
			t.Fatalf("%d nodes: %s", len(all), source)
		}
		reads(t, all[0], "alt", strings.ToValidUTF8(alt, "\ufffd"))
		address(t, Site{}, Image{Photo: photo}, attr(t, all[0], "src"))
	})
}
