package site

import (
	"strings"
	"testing"

	"photofit/markup"
)

// What is preloaded is what the image then asks for.
func TestPreload(t *testing.T) {
	const preloadA = ` href="https://m.example/a.jpg?w=1600" image` + srcsetA
	for name, c := range map[string]struct{ page, want string }{
		"the first image": {`<link rel=preload as=image href="a.jpg"><img src="b.jpg"><img src="a.jpg" sizes="50vw">`,
			`<link rel=preload as=image` + preloadA + ` imagesizes="50vw"><img B><img ` + srcA + ` ` + srcsetA + ` ` + sizeA + ` loading="eager" decoding="async" ` + backA + ` sizes="50vw">`},
		"the first of two": {`<link rel=preload as=image href=a.jpg><img src="a.jpg"><img src="a.jpg">`,
			`<link rel=preload as=image` + preloadA + ` imagesizes="100vw"><img ` + firstA + `><img ` + laterA + `>`},
		"once": {`<link REL="x PreLoad" as=Image href=a.jpg><img src="b.jpg"><img src="a.jpg"><img src="a.jpg">`,
			`<link REL="x PreLoad" as=Image` + preloadA + ` imagesizes="100vw"><img B><img ` + strings.Replace(strings.Replace(laterA, "lazy", "eager", 1), "auto, ", "", 1) + `><img ` + laterA + `>`},
		"a lazy image": {`<img src="b.jpg"><img src="a.jpg" loading=lazy><link rel=preload as=image href="/a.jpg">`,
			`<img B><img ` + strings.Replace(laterA, ` loading="lazy"`, "", 1) + ` loading=lazy><link rel=preload as=image` + preloadA + ` imagesizes="100vw">`},
		"a background": {`<link rel=preload as=image href="a.jpg"><p style="background:url(a.jpg)">`,
			`<link rel=preload as=image href="https://m.example/a.jpg?w=1600"><p style="background:url(https://m.example/a.jpg?w=1600)">`},
		"no image of it":      {`<link rel=preload as=image href="a.jpg"><img src="b.jpg">`, `<link rel=preload as=image href="a.jpg"><img B>`},
		"sizes of the page's": {`<link rel=preload as=image href="a.jpg" imagesrcset="a.jpg 2x"><img src="b.jpg">`, `<link rel=preload as=image href="a.jpg" imagesrcset="a.jpg 2x"><img B>`},
		"something else":      {`<link rel=preload as=script href="a.jpg"><link rel=icon href="a.jpg"><link rel=preload as=image><img src="b.jpg">`, `<link rel=preload as=script href="a.jpg"><link rel=icon href="a.jpg"><link rel=preload as=image><img B>`},
	} {
		r := newRewriter(t, Config{Placeholder: markup.Color, Backgrounds: true})
		want := strings.Replace(c.want, "<img B>", "<img "+strings.ReplaceAll(firstA, "a.jpg", "b.jpg")+">", 1)
		got := rewrite(t, r, "index.html", c.page)
		if string(got.HTML) != want {
			t.Errorf("%s: %s\n got %s\nwant %s", name, c.page, got.HTML, want)
		}
		if again := rewrite(t, r, "index.html", string(got.HTML)); again.Changed {
			t.Errorf("%s: a second time: %s", name, again.HTML)
		}
	}
}

func TestPreloadsThatAreLeft(t *testing.T) {
	for page, want := range map[string]Reason{
		`<link rel=preload as=image href="a.jpg">`:                                                      NotShown,
		`<link rel=preload as=image href="none.jpg"><img src="none.jpg">`:                               UnknownPhoto,
		`<link rel=preload as=image href="a.jpg" imagesrcset="x.jpg 2x"><img src="a.jpg">`:              HasSrcset,
		`<link rel=preload as=image href="https://x.example/a.jpg"><img src="a.jpg">`:                   Elsewhere,
		`<link rel=preload as=image href="a.jpg" class=skip><img src="a.jpg">`:                          ByRule,
		`<link rel=preload as=image href="a.jpg"><picture><source srcset=x><img src="a.jpg"></picture>`: NotShown,
	} {
		r := newRewriter(t, Config{Rules: parse(t, ".skip { skip: yes }")})
		var left []Reason
		for _, f := range rewrite(t, r, "index.html", page).Found {
			if f.What == "preload" {
				left = append(left, f.Left)
			}
		}
		if len(left) != 1 || left[0] != want || want.String() == "" {
			t.Errorf("%s: %q, want %s", page, left, want)
		}
	}
}
