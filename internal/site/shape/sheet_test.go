package shape

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// What a style sheet says of the image of a page.
func TestSheet(t *testing.T) {
	const page = `<body><main class="post wide"><p id=one><img id=i class="photo big" src=x></p></main>`
	limited, auto := Sides{WidthLimits: true}, Sides{Height: true}
	fixed := Sides{Height: true, FixedHeight: true}
	for sheet, want := range map[string]Sides{
		"":                             {},
		"img { border: 0 }":            {},
		"img { max-width: 100% }":      limited,
		"img{MAX-WIDTH:100%}":          limited,
		"IMG { max-width: none }":      {},
		"* { max-width: 100% }":        limited,
		"p { max-width: 100% }":        {},
		"img { width: auto }":          {Width: true, NaturalWidth: true},
		"img { inline-size: 50% }":     {Width: true},
		"img { height: auto }":         auto,
		"img { width: Fit-Content }":   {Width: true, NaturalWidth: true},
		"p { flex-direction: column }": {Column: true},
		"main > .x, main p { flex-flow: wrap column-reverse }":                                     {Column: true},
		"main { flex-direction: column }":                                                          {},
		"p { display: flex } main { display: flex }":                                               {Flex: true},
		"p { display: inline-flex; flex-flow: column }":                                            {Flex: true, Column: true},
		"\xef\xbb\xbfimg { max-width: 100% }":                                                      limited,
		"img { max-width: 100% } @media print { img { height: auto } }":                            limited,
		"@starting-style { img { height: 1px } } @media screen, print { img { max-width: 100% } }": limited,
		":where(.post, .page) img { max-width: 100% }":                                             limited,
		":is(p, .x) > img:is(.photo) { max-width: 100% }":                                          limited,
		":where(img) { max-width: 100% } div:is(img) { height: 1px }":                              limited,
		"p { flex-direction: row }":                                                                {},
		"img { flex-direction: column }":                                                           {},
		"img { height: auto !important }":                                                          auto,
		"img { height: 200px !important }":                                                         fixed,
		"img { height: calc(100vh - 10px) }":                                                       fixed,
		"img { max-height: 80vh }":                                                                 {HeightLimits: true},
		"img { aspect-ratio: 3/2 }":                                                                limited,
		"img { flex: 1 1 0 }":                                                                      limited,
		"a, .post > p img, b { height: 1px }":                                                      fixed,
		".post > img { height: 1px }":                                                              {},
		".photo { height: 1px }":                                                                   fixed,
		".Photo { height: 1px }":                                                                   {},
		"img.big.photo { height: 1px }":                                                            fixed,
		"img.big.small { height: 1px }":                                                            {},
		"#i { height: 1px }":                                                                       fixed,
		"img#i.big { height: 1px }":                                                                fixed,
		"img[src] { height: 1px }":                                                                 fixed,
		"img[class~='big'] { height: 1px }":                                                        fixed,
		"p:not(.x) > img:not(.icon) { height: 1px }":                                               fixed,
		"img:hover { height: 1px }":                                                                {},
		"img::before { height: 1px }":                                                              {},
		".md\\:w-1\\/2 { height: 1px }":                                                            {},
		"img:what(ever), img { height: 1px }":                                                      fixed,
		"@media (max-width: 600px) { img { max-width: 100% } }":                                    limited,
		"@supports (x: y) { @media screen { img { max-width: 100% } } } img { height: auto }":      {WidthLimits: true, Height: true},
		"@layer base { img, video { max-width: 100%; height: auto } }":                             {WidthLimits: true, Height: true},
		".post { color: red; img { max-width: 100% } }":                                            limited,
		".post { & img { max-width: 100% } }":                                                      limited,
		".post { &.wide { p { img { height: auto } } } }":                                          auto,
		".nope { img { max-width: 100% } }":                                                        {},
		"img { max-width: 100%; @media screen { height: auto } }":                                  {WidthLimits: true, Height: true},
		"@font-face { font-family: x; width: 1px } img { height: auto }":                           auto,
		"/* img { width: 1px } */ <!-- img { height: auto } -->":                                   auto,
		"} img { height: auto }":                                                                   auto,
		"x { y: ; } img { ;;height: auto":                                                          auto,
		"img { max-width: ; height: auto }":                                                        auto,
		"@charset 'x'; img { height: auto }":                                                       auto,
		"img { width: expression(1) } b { } } }":                                                   {Width: true},
	} {
		tree, err := html.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		var img *html.Node
		for n := range tree.Descendants() {
			if n.Data == "img" {
				img = n
			}
		}
		if got := Parse([]byte(sheet)).Of(img); got != want {
			t.Errorf("%s: %+v, want %+v", sheet, got, want)
		}
	}
}

func TestInline(t *testing.T) {
	for style, want := range map[string]Sides{
		"":                               {},
		"margin: 0; width: 50%":          {Width: true},
		"WIDTH:50%!important;height:1px": {Width: true, Height: true, FixedHeight: true},
		"max-width:100%;height:auto":     {WidthLimits: true, Height: true},
		"}{:;width":                      {},
		"} ; height: auto":               {Height: true},
		"background: url(a;height:1px)":  {},
	} {
		if got := declared(style); got != want {
			t.Errorf("%s: %+v, want %+v", style, got, want)
		}
	}
}

// A box's style is asked for its column only, an image's for all else.
func TestInlineOfANode(t *testing.T) {
	box := &html.Node{Type: html.ElementNode, Attr: []html.Attribute{{Key: "style", Val: "flex-direction:column;height:1px"}}}
	img := &html.Node{Type: html.ElementNode, Attr: []html.Attribute{{Key: "style", Val: "flex-direction:column;width:1px"}}}
	box.AppendChild(img)
	if got := Inline(img); got != (Sides{Width: true, Column: true}) {
		t.Errorf("%+v", got)
	}
	if got := Inline(box); got != (Sides{Height: true, FixedHeight: true}) {
		t.Errorf("%+v", got)
	}
}

// By what is said, an image keeps the shape that it had without the attributes.
func TestAuto(t *testing.T) {
	for style, want := range map[string]string{
		"":                                      "",
		"max-width:100%":                        "height",
		"width:100%":                            "height",
		"max-width:100%;height:auto":            "",
		"width:100%;height:auto":                "",
		"width:60px;height:60px":                "",
		"height:200px":                          "width",
		"height:200px;width:auto":               "",
		"height:200px;max-width:100%":           "width",
		"max-height:80vh":                       "height width",
		"max-height:80vh;max-width:100%":        "height width",
		"flex-direction:column":                 "height width",
		"flex-direction:column;height:auto":     "width",
		"flex-direction:column;width:100%":      "height",
		"max-height:80vh;height:auto":           "width",
		"max-height:80vh;width:100%":            "height",
		"width:auto;height:auto":                "",
		"aspect-ratio:1;object-fit:cover":       "height",
		"aspect-ratio:1;width:100%;height:auto": "",
	} {
		s := declared(style)
		var got []string
		if s.AutoHeight() {
			got = append(got, "height")
		}
		if s.AutoWidth() {
			got = append(got, "width")
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", style, got, want)
		}
	}
}

func TestImports(t *testing.T) {
	got := Parse([]byte(`@import "a.css"; @import url(b.css) screen; @import url('c.css') layer(x); @import URL( "d.css" ); img { height: auto }`)).Imports
	if want := []string{"a.css", "b.css", "c.css", "d.css"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// Hostile sheets end.
func FuzzParse(f *testing.F) {
	f.Add("a { b { c { & & & & { height: auto } } } }")
	f.Add("@A{.A0,000{ width:00")
	f.Add("@media { img, img, img { @x { width: 1px")
	f.Add(`@import url(`)
	f.Fuzz(func(t *testing.T, sheet string) {
		s := Parse([]byte(sheet))
		s.Of(&html.Node{Type: html.ElementNode, Data: "img", Attr: []html.Attribute{{Key: "class", Val: "a b"}}})
		declared(sheet)
	})
}
