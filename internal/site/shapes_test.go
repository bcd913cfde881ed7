package site

import (
	"io/fs"
	"strings"
	"testing"
)

// No image changes its shape or size by the attributes that it gets.
func TestShapesStay(t *testing.T) {
	const bare = srcA + ` ` + srcsetA + ` sizes="(min-width: 3000px) 3000px, 100vw" loading="eager" decoding="async" fetchpriority="high"`
	sized := strings.Replace(firstA, " "+backA, "", 1)
	files := map[string]string{
		"css/plain.css":   "p { color: red }",
		"css/limit.css":   "img { max-width: 100% }",
		"css/good.css":    "img { max-width: 100%; height: auto }",
		"css/row.css":     ".row img { height: 200px }",
		"css/screen.css":  "img { max-width: 100%; max-height: 80vh }",
		"css/imports.css": "@import 'limit.css'; @import url(imports.css);",
		"css/é.css":       "img { max-width: 100% }",
	}
	for _, c := range []struct{ sheet, img, want string }{
		{"plain", `<img src="a.jpg">`, `<img ` + sized + `>`},
		{"good", `<img src="a.jpg">`, `<img ` + sized + `>`},
		{"limit", `<img src="a.jpg">`, `<img ` + sized + ` style="height:auto">`},
		{"imports", `<img src="a.jpg">`, `<img ` + sized + ` style="height:auto">`},
		{"%C3%A9", `<img src="a.jpg">`, `<img ` + sized + ` style="height:auto">`},
		{"limit", `<img src="a.jpg" style="margin: 0;">`, `<img ` + sized + ` style="margin: 0;height:auto">`},
		{"limit", `<img src="a.jpg" style="height: auto">`, `<img ` + sized + ` style="height: auto">`},
		{"limit", `<img src="a.jpg" style="--x: 'é'">`, `<img ` + bare + ` style="--x: 'é'">`},
		{"limit", `<img src="a.jpg" width="600" height="400">`, `<img ` + bareAt("600") + ` width="600" height="400">`},
		{"limit", `<img src="a.jpg" width="600">`, `<img ` + strings.Replace(bareAt("600"), ` loading`, ` height="400" loading`, 1) + ` style="height:auto" width="600">`},
		{"row", `<i class=row><img src="a.jpg"></i>`, `<i class=row><img ` + strings.Replace(sized, `sizes="100vw"`, `sizes="(min-width: 3000px) 3000px, 100vw"`, 1) + ` style="width:auto"></i>`},
		{"row", `<i class=row><img src="a.jpg" width="600"></i>`, `<i class=row><img ` + strings.Replace(bareAt("600"), ` loading`, ` height="400" loading`, 1) + ` width="600"></i>`},
		{"row", `<i><img src="a.jpg"></i>`, `<i><img ` + sized + `></i>`},
		{"screen", `<img src="a.jpg">`, `<img ` + bare + `>`},
		{"screen", `<img class=no src="a.jpg">`, `<img class=no ` + strings.Replace(bare, ` sizes="(min-width: 3000px) 3000px, 100vw"`, ` sizes="100vw"`, 1) + `>`},
		{"screen", `<img class=yes src="a.jpg">`, `<img class=yes ` + sized + `>`},
		{"plain", `<img src="a.jpg" height=400>`, `<img ` + strings.Replace(bareAt("600"), ` loading`, ` width="600" loading`, 1) + ` height=400>`},
		{"good", `<img src="a.jpg" height=400>`, `<img ` + bare + ` height=400>`},
		{"none", `<img src="a.jpg" height=400>`, `<img ` + bare + ` height=400>`}, // who knows
	} {
		r := newRewriter(t, Config{SiteURL: "https://www.example.com/blog/", Rules: parse(t, ".yes { dimensions: yes } .no { dimensions: no; sizes: 100vw }"), Read: func(path string) ([]byte, error) {
			if text, ok := files[path]; ok {
				return []byte(text), nil
			}
			return nil, fs.ErrNotExist
		}})
		for _, head := range []string{
			`<link rel="alternate stylesheet" href="/blog/css/limit.css"><link rel=stylesheet href="../css/` + c.sheet + `.css">`,
			`<style>` + files["css/"+c.sheet+".css"] + `</style>`,
		} {
			if strings.HasPrefix(head, "<style></style>") || strings.HasPrefix(head, "<style>@import") {
				continue // a file's imports are beside it
			}
			page := head + strings.ReplaceAll(c.img, `src="a.jpg"`, `src="../a.jpg"`)
			got := rewrite(t, r, "posts/x.html", page)
			if string(got.HTML) != head+c.want {
				t.Errorf("%s\n got %s\nwant %s", page, got.HTML, head+c.want)
			}
			if again := rewrite(t, r, "posts/x.html", string(got.HTML)); again.Changed {
				t.Errorf("%s: a second time: %s", page, again.HTML)
			}
		}
	}
}

// bareAt is what an image gets whose width is said.
func bareAt(width string) string {
	return srcA + ` ` + srcsetA + ` sizes="(min-width: ` + width + `px) ` + width + `px, 100vw" loading="eager" decoding="async" fetchpriority="high"`
}

// A sheet that is elsewhere says nothing, and nothing outside of the site is read.
func TestSheetsElsewhere(t *testing.T) {
	for _, href := range []string{"https://cdn.example/x.css", "../../x.css", "data:text/css,img{}", "%2e%2e/%2e%2e/x.css", "/blogs/x.css", "/blog/..%2f..%2fx.css"} {
		read := ""
		r := newRewriter(t, Config{SiteURL: "https://www.example.com/blog/", Read: func(path string) ([]byte, error) {
			read = path
			return []byte("img { max-width: 100% }"), nil
		}})
		got := rewrite(t, r, "x.html", `<link rel=stylesheet href="`+href+`"><img src="a.jpg">`)
		if read != "" || strings.Contains(string(got.HTML), "height:auto") {
			t.Errorf("%s: %q is read: %s", href, read, got.HTML)
		}
	}
}
