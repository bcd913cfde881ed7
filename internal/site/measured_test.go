package site

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
)

// measuredSite is a site's pages by name, and the sizes of their images in order.
type measuredSite map[string]struct {
	page  string
	sizes []string
}

// rules are those of what was measured of a site. Each image of each page gets by them
// what it gets by having been measured.
func (s measuredSite) rules(t *testing.T) string {
	t.Helper()
	r, folder := newRewriter(t, Config{}), t.TempDir()
	measured := map[string]map[int]Measured{}
	for name, p := range s {
		write(t, filepath.Join(folder, filepath.FromSlash(name)), p.page)
		measured[name] = map[int]Measured{}
		for i, sizes := range p.sizes {
			measured[name][i] = Measured{Sizes: sizes}
		}
	}
	text, n, err := r.MeasuredRules(folder, measured)
	if err != nil {
		t.Fatal(err)
	}
	rules := parse(t, text)
	if len(rules) != n {
		t.Errorf("%d rules, said are %d", len(rules), n)
	}
	ruled := newRewriter(t, Config{Rules: rules})
	for name, p := range s {
		want, err := r.Page(t.Context(), name, []byte(p.page), measured[name])
		if err != nil {
			t.Fatal(err)
		}
		got := rewrite(t, ruled, name, p.page)
		for i, sizes := range p.sizes {
			if sizes != "" && got.Found[i].Sizes != want.Found[i].Sizes {
				t.Errorf("%s by\n%simage %d is %q, want %q\n%s", name, text, i, got.Found[i].Sizes, want.Found[i].Sizes, p.page)
			}
		}
	}
	return text
}

type page = struct {
	page  string
	sizes []string
}

func TestMeasuredRules(t *testing.T) {
	const img = `<img src="a.jpg">`
	for name, c := range map[string]struct {
		site measuredSite
		want string
	}{
		"all the same": {measuredSite{"a.html": page{"<p>" + img + "<div>" + img, []string{"50vw", "50vw"}}, "b.html": page{img, []string{"50vw"}}},
			"img { sizes: 50vw }\n"},
		"by classes": {measuredSite{"a.html": page{`<div class="card"><p class=x>` + img + `</div><main class="post">` + img + img + `</main>`, []string{"300px", "100vw", "100vw"}}},
			"main img { sizes: 100vw }\n" + "p img { sizes: 300px }\n"},
		"its own class": {measuredSite{"a.html": page{`<div><img class="md:w-1/2 big" src="a.jpg">` + img + `</div>`, []string{"50vw", "100vw"}}},
			"div > img:nth-of-type(2) { sizes: 100vw }\n" + "img.big { sizes: 50vw }\n"},
		"by its place": {measuredSite{"a.html": page{`<ul><li>` + img + `<li>` + img + `<li>` + img + `</ul>`, []string{"100vw", "50vw", "50vw"}}},
			"li:nth-of-type(1) > img { sizes: 100vw }\n" + "li:nth-of-type(2) > img,\nli:nth-of-type(3) > img { sizes: 50vw }\n"},
		"by its page": {measuredSite{"a.html": page{img, []string{"100vw"}}, "x y,/b.html": page{img, []string{"50vw"}}, "c.html": page{img, []string{"50vw"}}},
			"img { page: a.html; sizes: 100vw }\n" + "img { page: c.html, x%20y%2C/b.html; sizes: 50vw }\n"},
		"by its very place": {measuredSite{"a.html": page{`<div><i><b>` + img + `</b></i></div><div><i><b>` + img, []string{"100vw", "50vw"}}},
			"body > div:nth-of-type(1) > i:nth-of-type(1) > b:nth-of-type(1) > img:nth-of-type(1) { page: a.html; sizes: 100vw }\n" +
				"body > div:nth-of-type(2) > i:nth-of-type(1) > b:nth-of-type(1) > img:nth-of-type(1) { page: a.html; sizes: 50vw }\n"},
		"odd tags": {measuredSite{"a.html": page{`<o:p>` + img + `</o:p><o:p>` + img + `</o:p><p>` + img, []string{"1px", "2px", "3px"}}},
			"p img { sizes: 3px }\n" +
				"body > :nth-child(1) > img:nth-of-type(1) { page: a.html; sizes: 1px }\n" +
				"body > :nth-child(2) > img:nth-of-type(1) { page: a.html; sizes: 2px }\n"},
		"moved":          {measuredSite{"a.html": page{`<table><tr>` + img + `<td>` + img + `</table><svg><foreignObject>` + img, []string{"1px", "2px", "3px"}}}, ""},
		"not measured":   {measuredSite{"a.html": page{`<p>` + img + img, []string{"", ""}}}, ""},
		"only one of it": {measuredSite{"a.html": page{`<p>` + img + `<b>` + img, []string{"", "9px"}}}, "img { sizes: 9px }\n"},
	} {
		if got := c.site.rules(t); c.want != "" && got != c.want {
			t.Errorf("%s: %s\nwant %s", name, got, c.want)
		}
	}
}

// Whatever a page is, the rules say what was measured.
func TestMeasuredRulesOfAnyTree(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	for range 150 {
		s := measuredSite{}
		for n := range 1 + random.IntN(4) {
			var b strings.Builder
			var sizes []string
			for range 1 + random.IntN(30) {
				switch random.IntN(3) {
				case 0:
					fmt.Fprintf(&b, "<%s class='%s %s'>", pick("div", "p", "main", "li", "table", "td", "o:p", "a", "section", "b"), pick("a", "b", "c-1", "2x", "d/e"), pick("", "f"))
				case 1:
					fmt.Fprintf(&b, "</%s>", pick("div", "p", "main", "li", "table", "td", "o:p", "a", "section", "b"))
				default:
					b.WriteString(`<img src="a.jpg" class="` + pick("", "a", "big") + `">`)
					sizes = append(sizes, pick("100vw", "(min-width: 700px) 640px, calc(100vw - 32px)", "50px"))
				}
			}
			s[fmt.Sprintf("p%d.html", n)] = page{b.String(), sizes}
		}
		// A class without quotes keeps spots to images: links are not counted.
		for name, p := range s {
			p.page = strings.ReplaceAll(strings.ReplaceAll(p.page, "<a ", "<u "), "</a>", "</u>")
			s[name] = p
		}
		s.rules(t)
	}
}

// A thousand pages of one layout have as many rules as one, and the rules fit the next page.
func TestMeasuredRulesAreFew(t *testing.T) {
	s := measuredSite{}
	for n := range 1000 {
		s[fmt.Sprintf("posts/%d/index.html", n)] = page{fmt.Sprintf(`<body class="post-%d"><header class=top><img src="a.jpg"></header><article class="post n%d">%s<p><img src="a.jpg"><figure class=wide><img src="a.jpg"></figure></article>`,
			n, n, strings.Repeat("<p>x", n%7)), []string{"100vw", "640px", "(min-width: 900px) 900px, 100vw"}}
	}
	if got, want := s.rules(t), ".top img { sizes: 100vw }\n.wide img { sizes: (min-width: 900px) 900px, 100vw }\np img { sizes: 640px }\n"; got != want {
		t.Errorf("%.2000s\nwant %s", got, want)
	}
}

func TestWithMeasured(t *testing.T) {
	const rules = "img { sizes: 9px }\n"
	section := measuredBegin + "\n" + rules + measuredEnd + "\n"
	for _, c := range []struct{ file, rules, want string }{
		{"", rules, section},
		{"", "", ""},
		{"a { skip: yes }", rules, "a { skip: yes }\n\n" + section},
		{"a { skip: yes }\n", "", "a { skip: yes }\n"},
		{section + "b { skip: yes }\n", "", measuredBegin + "\n" + measuredEnd + "\nb { skip: yes }\n"},
		{"a { skip: yes }\n" + measuredBegin + "\r\nold {} " + measuredEnd + "\r\nb { skip: yes }\r\n", rules, "a { skip: yes }\n" + section + "b { skip: yes }\r\n"},
	} {
		got, err := WithMeasured(c.file, c.rules)
		if err != nil || got != c.want {
			t.Errorf("%q: %q, %v, want %q", c.file, got, err, c.want)
		}
		if again, err := WithMeasured(got, c.rules); err != nil || again != got {
			t.Errorf("%q: a second time %q, %v", c.file, again, err)
		}
	}
	for _, file := range []string{measuredBegin + "\n", section + measuredBegin} {
		if _, err := WithMeasured(file, rules); err == nil {
			t.Errorf("%q: no error", file)
		}
	}
}

func TestPagesOfRules(t *testing.T) {
	for pattern, want := range map[string]string{
		"a.html":                   "a.html",
		`/a.html , "posts/*.html"`: "a.html posts/x.html",
		`"posts/*/index.html"`:     "posts/é y/index.html",
		"posts/é y/index.html":     "posts/é y/index.html",
		`'posts/%C3%A9%20y/*'`:     "posts/é y/index.html",
		"*":                        "a.html *.html",
		"%2A.html":                 "*.html",
		`"posts/*"`:                "posts/x.html",
		"posts/[a-z].html":         "",
		"posts/?.html":             "",
		`posts\x.html`:             "",
		"POSTS/x.html, index.html": "",
	} {
		r := newRewriter(t, Config{Rules: parse(t, "img { page: "+pattern+"; skip: yes }")})
		var held []string
		for _, name := range []string{"a.html", "*.html", "posts/x.html", "posts/é y/index.html"} {
			if rewrite(t, r, name, `<img src="/a.jpg">`).Found[0].Left == ByRule {
				held = append(held, name)
			}
		}
		if got := strings.Join(held, " "); got != want {
			t.Errorf("%s holds on %q, want %q", pattern, got, want)
		}
	}
	if _, err := ParseRules("img { page: a.html,; skip: yes }"); err == nil || !strings.Contains(err.Error(), "line 1: page is the path of a page") {
		t.Errorf("%v", err)
	}
}
