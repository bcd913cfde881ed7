package site

import (
	"testing"

	"photofit"
)

func TestLinksAndBackgrounds(t *testing.T) {
	ladder := photofit.Policy{Widths: []int{640, 1920, 2560}}
	const big, back = "https://m.example/a.jpg?w=2560", "https://m.example/a.jpg?w=1920"
	for page, want := range map[string]string{
		`<a href="a.jpg">x</a>`:                                                             `<a href="` + big + `">x</a>`,
		`<a href=a.jpg#x class=y>`:                                                          `<a href="` + big + `" class=y>`,
		`<a href="about.html"><a href="mailto:x"><a>`:                                       `<a href="about.html"><a href="mailto:x"><a>`,
		`<a href="none.jpg">`:                                                               `<a href="none.jpg">`,
		`<a href="a.jpg" download>`:                                                         `<a href="a.jpg" download>`,
		`<a class=small href="a.jpg">`:                                                      `<a class=small href="https://m.example/a.jpg?w=640">`,
		`<a class=light href="a.jpg">x</a>`:                                                 `<a class=light href="` + big + `&amp;q=60">x</a>`,
		`<a href="https://m.example/a.jpg?q=80">`:                                           `<a href="` + big + `&amp;q=80">`,
		`<i class=light style="background:url(a.jpg)">`:                                     `<i class=light style="background:url(` + back + `&amp;q=60)">`,
		`<video poster=a.jpg style="background:url(a.jpg)">`:                                `<video poster="` + back + `" style="background:url(` + back + `)">`,
		`<video poster="none.jpg" src=a.jpg>`:                                               `<video poster="none.jpg" src=a.jpg>`,
		`<video style="background:url(a.jpg)">`:                                             `<video style="background:url(` + back + `)">`,
		`<i style="background-image:url(a.jpg)">`:                                           `<i style="background-image:url(` + back + `)">`,
		`<i style="color:red;background: #fff url( 'a.jpg' ) top, URL(&quot;a.jpg&quot;)">`: `<i style="color:red;background: #fff url( '` + back + `' ) top, URL(&#34;` + back + `&#34;)">`,
		`<i style="list-style:url(a.jpg)">`:                                                 `<i style="list-style:url(a.jpg)">`,
		`<i style="background:url(data:image/png,x)">`:                                      `<i style="background:url(data:image/png,x)">`,
		`<a style="background:url(a.jpg)" href=x>`:                                          `<a style="background:url(` + back + `)" href=x>`,
		"<style>\r\n/* background:url(a.jpg) */ .a > b{background:url(a.jpg)}\n.c{cursor:url(a.jpg)}</style>": "<style>\r\n/* background:url(a.jpg) */ .a > b{background:url(" + back + ")}\n.c{cursor:url(a.jpg)}</style>",
	} {
		r := newRewriter(t, Config{Policy: ladder, Links: true, Backgrounds: true, Rules: parse(t, `.small { width: 640px } .light { quality: 60 }`)})
		got := rewrite(t, r, "index.html", page)
		if string(got.HTML) != want {
			t.Errorf("%s\n got %s\nwant %s", page, got.HTML, want)
		}
		if again := rewrite(t, r, "index.html", string(got.HTML)); again.Changed {
			t.Errorf("a second time: %s", again.HTML)
		}
		if off := rewrite(t, newRewriter(t, Config{}), "index.html", page); off.Changed {
			t.Errorf("without the options: %s", off.HTML)
		}
	}
	r := newRewriter(t, Config{Policy: ladder, Backgrounds: true})
	css, err := r.Sheet(t.Context(), "css/main.css", []byte("a{background:url(../a.jpg)}b{background:url(a.jpg)}"))
	if want := "a{background:url(" + back + ")}b{background:url(a.jpg)}"; err != nil || string(css.HTML) != want {
		t.Errorf("%s, %v", css.HTML, err)
	}
}
