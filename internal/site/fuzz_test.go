package site

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"photofit/markup"
)

// touched are the attributes that rewriting may add or change.
var touched = map[string][]string{
	"img": {"src", "srcset", "sizes", "width", "height", "loading", "decoding", "fetchpriority", "style"},
	"a":   {"href", "style"},

	"video": {"poster"},

	"link": {"href", "imagesrcset", "imagesizes"},
}

// tokens are a page's, without the attributes that may differ and the text of styles.
func tokens(page []byte) []string {
	z := html.NewTokenizer(bytes.NewReader(page))
	var all []string
	style := false
	for {
		kind := z.Next()
		token := z.Token()
		if kind == html.ErrorToken {
			return all
		}
		if kind == html.TextToken && style {
			token.Data = ""
		}
		style = token.Data == "style" && kind == html.StartTagToken
		token.Attr = slices.DeleteFunc(token.Attr, func(a html.Attribute) bool {
			return slices.Contains(touched[token.Data], a.Key) || a.Key == "style"
		})
		all = append(all, token.String())
	}
}

// FuzzPage holds what must be true of any page: nothing but the attributes in question
// is another, running twice changes nothing, and what an edit does not cover is there
// byte for byte.
func FuzzPage(f *testing.F) {
	for _, seed := range []string{
		`<!doctype html><img src="a.jpg" alt=x><a href='a.jpg'>`, `<img src=a.jpg/><img/src=a.jpg/ src=b.jpg>`, "<IMG\r\nSRC = \"a.jpg\"\x00>",
		`<p style="background:url(a.jpg)"><style>b{background:url('a.jpg')}</style>`, `<noscript><img src=a.jpg></noscript><template><img src=a.jpg>`,
		`<picture><source><img src=a.jpg></picture><img src=a.jpg srcset="a.jpg 2x">`, `<base href=x/><img src=../a.jpg width=10><img src=a.jpg =x ="y>`,
		`<img src="a.jpg" style='x' width=1 height>`, `<img src="https://m.example/a.jpg?w=3&ar=1:1&fit=crop" sizes>`, "\xff\xfe<img src=a.jpg>", `<script><!--<script></script><img src=a.jpg></script>`,
		`<video poster=../a.jpg style="background:url(../b.jpg)">`, `<link rel="preload" as=image href=../a.jpg><img src=../a.jpg sizes=1px>`, `<link rel=preload as=image href=../b.jpg imagesrcset=""><p style="background:url(../b.jpg)">`,
		"<meta charset=latin1>\xe9<img src=\"../\xe9.jpg\">", "<meta charset=shift_jis><img alt=\"\x89\xd4\" src=\"../\x89\xd4.jpg\" style='\x83\x5c'>",
		`<b><template shadowrootmode=open><img src=../a.jpg><template><img src=../b.jpg></template></template></b>`,
		`<style>img{max-width:1px}.a{height:1px}.b{max-height:1px}</style><img src=../a.jpg><img class=a src=../a.jpg><img class=b src=../a.jpg><img style="height:auto" src=../b.jpg width=9>`,
		`<link rel=stylesheet href=../x.css><img src=../a.jpg height=9><img src="https://m.example/a.jpg?w=9&h=9">`,
		`<img src="../a.jpg"sizes>`, `<img src="a.jpg" / alt = "x">`, `<svg><title><img src=a.jpg></title><![CDATA[<img src=a.jpg>]]>`, `<img src="a.jpg" loading="LAZY" sizes="" srcset="">`,
	} {
		f.Add([]byte(seed))
	}
	rules, err := ParseRules(`p img { ratio: 1:1; sizes: 50vw } a { width: 9px; quality: 60 } [alt] { quality: 80; page: "a/*" } div > img { skip: yes } img:first-child { eager: yes; placeholder: none }`)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, page []byte) {
		for _, r := range []*Rewriter{newRewriter(t, Config{Links: true, Backgrounds: true, Placeholder: markup.Color}), newRewriter(t, Config{Rules: rules, Links: true, Backgrounds: true, Read: func(string) ([]byte, error) { return []byte("p img{width:auto}img{height:9px}"), nil }})} {
			before := bytes.Clone(page)
			got, err := r.Page(t.Context(), "a/index.html", page, nil)
			if err != nil {
				if strings.Contains(err.Error(), "the rules cannot be applied") {
					continue
				}
				t.Fatal(err)
			}
			if !bytes.Equal(page, before) {
				t.Fatal("the page that was given is another")
			}
			if got.Changed == bytes.Equal(got.HTML, page) {
				t.Fatalf("changed is %v for %q", got.Changed, got.HTML)
			}
			if a, b := tokens(page), tokens(got.HTML); !slices.Equal(a, b) {
				t.Fatalf("%q\nbecame\n%q", a, b)
			}
			again, err := r.Page(t.Context(), "a/index.html", got.HTML, nil)
			if err != nil || again.Changed {
				t.Fatalf("a second time %q\nbecame %q, %v", got.HTML, again.HTML, err)
			}
			if !bytes.Equal(without(page), without(got.HTML)) {
				t.Fatalf("%q\nbecame %q", page, got.HTML)
			}
		}
	})
}

// FuzzParseRules holds what must be true of any file of rules: an error, if there is
// one, says the line, and what was measured is found again in it.
func FuzzParseRules(f *testing.F) {
	for _, seed := range []string{
		`.hero > img, a[title="{;"] { sizes: 100vw; ratio: 16/9; crop: top left; eager: yes } /* x */ img{skip:no;}`, `img { page: "posts/*/index.html", a.html; quality: 60 }`,
		"img {\r\n placeholder: thumb;;\n width: 9px }", `img:not(:nth-child(2n+1)) { sizes: calc(50vw - (1px)) }`, `img { sizes: 1px } }`, `/*`, `img { "\`,
		measuredBegin + "\n" + measuredEnd, "img { skip: yes }" + measuredBegin + "\r\n" + measuredEnd + "a{}", `img { ) ; }`, `img ] { skip: yes }`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		rules, err := ParseRules(text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "line ") {
				t.Fatal(err)
			}
			return
		}
		for _, rule := range rules {
			if rule.Line < 1 || rule.Line > 1+strings.Count(text, "\n") {
				t.Fatalf("line %d", rule.Line)
			}
		}
		const measured = "#measured { sizes: 9px }\n"
		with, err := WithMeasured(text, measured)
		if err != nil {
			return
		}
		if again, err := WithMeasured(with, measured); err != nil || again != with {
			t.Fatalf("%q became %q, %v", with, again, err)
		}
	})
}

// without gives a page's bytes outside of tags and styles.
func without(page []byte) []byte {
	z := html.NewTokenizer(bytes.NewReader(page))
	var rest []byte
	style := false
	for {
		kind := z.Next()
		raw := bytes.Clone(z.Raw())
		switch kind {
		case html.ErrorToken:
			return append(rest, raw...)
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			style = string(name) == "style"
			continue
		case html.TextToken:
			if style {
				continue
			}
		}
		rest = append(rest, raw...)
	}
}
