package site

import (
	"strings"
	"testing"

	"photofit/markup"
)

const (
	srcA    = `src="https://m.example/a.jpg?w=1600"`
	srcsetA = `srcset="https://m.example/a.jpg?w=400 400w, https://m.example/a.jpg?w=800 800w, https://m.example/a.jpg?w=1600 1600w"`
	sizeA   = `width="3000" height="2000"`
	underA  = `background-image:linear-gradient(#8a6f4d 0 0),none;background-clip:content-box,border-box`
	backA   = `style="` + underA + `"`
	firstA  = srcA + ` ` + srcsetA + ` sizes="100vw" ` + sizeA + ` loading="eager" decoding="async" fetchpriority="high" ` + backA + ``
	laterA  = srcA + ` ` + srcsetA + ` sizes="auto, 100vw" ` + sizeA + ` loading="lazy" decoding="async" ` + backA + ``
)

// askedFor is firstA of an image that was asked for at one width.
func askedFor(width, height string) string {
	return strings.NewReplacer(`"100vw"`, `"(min-width: `+width+`px) `+width+`px, 100vw"`, "3000", width, "2000", height).Replace(firstA)
}

// What stays is written out in full, so that each byte counts.
func TestPage(t *testing.T) {
	for name, c := range map[string]struct{ page, want string }{
		"plain":              {`<img src="a.jpg" alt="A">`, `<img ` + firstA + ` alt="A">`},
		"second":             {`<img src="a.jpg"><img src="a.jpg">`, `<img ` + firstA + `><img ` + laterA + `>`},
		"unquoted":           {`<img src=a.jpg alt=x>`, `<img ` + firstA + ` alt=x>`},
		"single":             {`<img alt='"' src='a.jpg'/>`, `<img alt='"' ` + firstA + `/>`},
		"upper case":         {`<IMG ALT=x SRC="a.jpg">`, `<IMG ALT=x SRC` + strings.TrimPrefix(firstA, "src") + `>`},
		"spaces":             {"<img\r\n\tsrc = \"a.jpg\"\r\n>\r\n", "<img\r\n\tsrc = " + strings.TrimPrefix(firstA, "src=") + "\r\n>\r\n"},
		"no space":           {`<img src="a.jpg"alt="x">`, `<img ` + firstA + `alt="x">`},
		"twice":              {`<img src="a.jpg" src="b.jpg">`, `<img ` + firstA + ` src="b.jpg">`},
		"entities":           {`<img src="&#97;.j&#x70;g">`, `<img ` + firstA + `>`},
		"slashes":            {`<img/src="a.jpg"/alt="x"/>`, `<img/` + firstA + `/alt="x"/>`},
		"unclosed":           {`<p><div><img src="a.jpg"><p>`, `<p><div><img ` + firstA + `><p>`},
		"in a table":         {`<table><img src="a.jpg"><tr>`, `<table><img ` + firstA + `><tr>`},
		"in svg":             {`<svg><g><img src="a.jpg"></svg>`, `<svg><g><img ` + firstA + `></svg>`},
		"not UTF-8":          {"\xff<img src=\"a.jpg\" alt=\"\xe9\">\xfe\x00", "\xff<img " + firstA + " alt=\"\xe9\">\xfe\x00"},
		"empty picture":      {`<picture><img src="a.jpg"></picture>`, `<picture><img ` + firstA + `></picture>`},
		"absolute":           {`<img src="/a.jpg?v=3#x">`, `<img ` + strings.Replace(firstA, `w=1600" srcset`, `w=1600#x" srcset`, 1) + `>`},
		"own host":           {`<img src="//www.example.com/a.jpg">`, `<img ` + firstA + `>`},
		"at base":            {`<img src="https://m.example/a.jpg">`, `<img ` + askedFor("1600", "1067") + `>`}, // what comes is no wider
		"at base, sized":     {`<img src="http://M.example/a.jpg/_w800.auto">`, `<img ` + askedFor("800", "533") + `>`},
		"at base, asked for": {`<img src="https://m.example/a.jpg?w=300" width=600>`, `<img ` + strings.Replace(askedFor("600", "400"), ` width="600"`, "", 1) + ` width=600>`},
		"at base, by height": {`<img src="https://m.example/a.jpg?w=800&amp;h=200">`, `<img ` + askedFor("515", "343") + `>`}, // the ladder's step that covers it
		"base":               {`<base href="/x/"><img src="../a.jpg">`, `<base href="/x/"><img ` + firstA + `>`},
		"second base":        {`<base target=_top><base href="/x/"><base href="/y/z/"><img src="../a.jpg">`, `<base target=_top><base href="/x/"><base href="/y/z/"><img ` + firstA + `>`},
		"backslash":          {`<img src="\a.jpg">`, `<img ` + firstA + `>`},

		// What the page says stays.
		"loading": {`<img src="a.jpg" loading=lazy decoding=sync style="margin:0; " sizes="50vw">`,
			`<img ` + srcA + ` ` + srcsetA + ` ` + sizeA + ` loading=lazy decoding=sync style="margin:0;` + underA + `" sizes="50vw">`},
		"width": {`<img src="a.jpg" width=600>`,
			`<img ` + srcA + ` ` + srcsetA + ` sizes="(min-width: 600px) 600px, 100vw" height="400" loading="eager" decoding="async" fetchpriority="high" ` + backA + ` width=600>`},
		"share": {`<img src="a.jpg" width=100%>`,
			`<img ` + srcA + ` ` + srcsetA + ` sizes="100vw" loading="eager" decoding="async" fetchpriority="high" ` + backA + ` width=100%>`},
		"share, lazy": {`<img src="a.jpg" width=100% loading=lazy>`, // auto would leave the photo's own size out of the layout
			`<img ` + srcA + ` ` + srcsetA + ` sizes="100vw" decoding="async" ` + backA + ` width=100% loading=lazy>`},
		"a name and a password": {`<img src="https://me:x@www.example.com/a.jpg">`, `<img ` + firstA + `>`},
		"small ones are not first": {`<img src="b.jpg" height=40><img src="a.jpg">`,
			`<img src="https://m.example/b.jpg?w=1600" ` + strings.ReplaceAll(srcsetA, "a.jpg", "b.jpg") + ` sizes="auto, (min-width: 60px) 60px, 100vw" width="60" loading="lazy" decoding="async" ` + backA + ` height=40><img ` + firstA + `>`},
		"the same in other words": {`<img src="a.jpg" width=" 600 " height="400px">`,
			`<img ` + srcA + ` ` + srcsetA + ` sizes="(min-width: 600px) 600px, 100vw" loading="eager" decoding="async" fetchpriority="high" ` + backA + ` width=" 600 " height="400px">`},
		"no width": {`<img src="a.jpg" width="auto" height="">`,
			`<img ` + srcA + ` ` + srcsetA + ` sizes="100vw" loading="eager" decoding="async" fetchpriority="high" ` + backA + ` width="3000" height="2000">`},
		"a height and a share": {`<img src="a.jpg" width=600 height=50%>`,
			`<img ` + srcA + ` ` + srcsetA + ` sizes="(min-width: 600px) 600px, 100vw" loading="eager" decoding="async" fetchpriority="high" ` + backA + ` width=600 height=50%>`},
		"a shadow root":     {`<b><template ShadowRootMode=Open><img src="a.jpg"></template></b>`, `<b><template ShadowRootMode=Open><img ` + firstA + `></template></b>`},
		"templates in it":   {`<template shadowrootmode=closed><template><img src="b.jpg"></template><img src="a.jpg"></template>`, `<template shadowrootmode=closed><template><img src="b.jpg"></template><img ` + firstA + `></template>`},
		"Latin 1":           {"<meta charset=iso-8859-1><p title=\"\xe9\"><img src=\"\xe9.jpg\" alt=\"\xe9\">", "<meta charset=iso-8859-1><p title=\"\xe9\"><img " + strings.ReplaceAll(firstA, "/a.jpg", "/%C3%A9.jpg") + " alt=\"\xe9\">"},
		"Latin 1, entities": {"<meta charset=latin1>\xe9<img alt=\xe9 src=\"&eacute;.jpg\">", "<meta charset=latin1>\xe9<img alt=\xe9 " + strings.ReplaceAll(firstA, "/a.jpg", "/%C3%A9.jpg") + ">"},
		"both":              {"<meta charset=latin1>\xe9<img src=\"é.jpg\">", "<meta charset=latin1>\xe9<img " + strings.ReplaceAll(firstA, "/a.jpg", "/%C3%A9.jpg") + ">"},
		"Japanese":          {"<meta charset=Shift_JIS><img alt=\"\x89\xd4\" src=\"\x89\xd4.jpg\">", "<meta charset=Shift_JIS><img alt=\"\x89\xd4\" " + strings.ReplaceAll(firstA, "/a.jpg", "/%E8%8A%B1.jpg") + ">"},
		"background":        {`<img src="a.jpg" style="BACKGROUND:red">`, `<img ` + strings.TrimSuffix(firstA, ` `+backA+``) + ` style="BACKGROUND:red">`},
	} {
		r := newRewriter(t, Config{SiteURL: "https://www.example.com", Placeholder: markup.Color})
		got := rewrite(t, r, "index.html", c.page)
		if string(got.HTML) != c.want || !got.Changed {
			t.Errorf("%s: %s\n got %s\nwant %s", name, c.page, got.HTML, c.want)
		}
		if again := rewrite(t, r, "index.html", string(got.HTML)); again.Changed {
			t.Errorf("%s: a second time: %s", name, again.HTML)
		}
	}
}

func TestLeft(t *testing.T) {
	for page, want := range map[string]Reason{
		`<img src="none.jpg">`:   UnknownPhoto,
		`<img src="bad.jpg">`:    NotAPhoto,
		`<img src="a.svg">`:      NotAPhoto,
		`<img src="secret.jpg">`: Unreadable,
		`<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">`: DataURL,
		`<img src="https://other.example/a.jpg">`:                Elsewhere,
		`<img src="only.jpg">`:                                   OnlyInSite,
		`<img src="a.jpg" srcset="a.jpg 2x">`:                    HasSrcset,
		`<picture><source srcset="a.webp"><img src="a.jpg">`:     InPicture,
		`<noscript><img src="a.jpg"></noscript>`:                 InNoscript,
		`<template><div><img src="a.jpg"></div></template>`:      InTemplate,
		`<div class=skip><img src="a.jpg"></div>`:                ByRule,
		`<img data-src="a.jpg">`:                                 NoSource,
		`<img src="a.jpg" data-src="b.jpg">`:                     ByScript,
		`<img src="a.jpg" data-srcset="b.jpg 2x">`:               ByScript,
		`<img src="">`:           NoSource,
		"<img src=\"\xff.jpg\">": UnknownPhoto,
		`<img src="_w800.webp">`: UnknownPhoto,

		// Nothing is found in these.
		`<!-- <img src="a.jpg"> -->`:                           "",
		`<!--[if IE]><img src="a.jpg"><![endif]-->`:            "",
		`<script>document.write('<img src="a.jpg">')</script>`: "",
		`<textarea><img src="a.jpg"></textarea>`:               "",
		`<style>/* <img src="a.jpg"> */</style>`:               "",
		`<title><img src="a.jpg"></title>`:                     "",
		`<p title='<img src="a.jpg">'>`:                        "",
		`<image src="a.jpg"><svg><image href="a.jpg"/></svg>`:  "",
		`<img src="a.jpg`:                                      "",
		"\xff\xfe<img src=\"a.jpg\">":                          "",
		``:                                                     "",
	} {
		r := newRewriter(t, Config{Rules: parse(t, `.skip > img { skip: yes }`), InSite: func(name string) bool { return name == "only.jpg" }})
		got := rewrite(t, r, "index.html", page)
		if got.Changed || string(got.HTML) != page {
			t.Errorf("%s: changed to %s", page, got.HTML)
		}
		switch {
		case want == "" && len(got.Found) > 0:
			t.Errorf("%s: found %+v", page, got.Found)
		case want != "" && (len(got.Found) != 1 || got.Found[0].Left != want):
			t.Errorf("%s: %+v, want %s", page, got.Found, want)
		case want != "" && want.String() == "":
			t.Errorf("%s has no words", want)
		}
	}
}

func TestPhotoNames(t *testing.T) {
	for _, c := range []struct{ page, src, photo string }{
		{"index.html", "trip/b.jpg", "trip/b.jpg"},
		{"index.html", "./trip/../trip/./b.jpg", "trip/b.jpg"},
		{"index.html", "trip/%2e%2E/trip/b.jpg", "trip/b.jpg"},
		{"index.html", "../../../trip/b.jpg", "trip/b.jpg"},
		{"posts/x/index.html", "b.jpg", "posts/x/b.jpg"},
		{"posts/x y/index.html", "../../trip/b.jpg", "trip/b.jpg"},
		{"posts/index.html", "/trip/b%20&amp;%20c.jpg", "trip/b & c.jpg"},
		{"index.html", "trip/b &amp; c.jpg", "trip/b & c.jpg"},
		{"index.html", "é.jpg", "é.jpg"},
		{"index.html", "%C3%A9.jpg", "é.jpg"},
		{"index.html", "&eacute;.jpg", "é.jpg"},
		{"index.html", "100%.jpg", "100%.jpg"},
		{"index.html", "100%25.jpg", "100%.jpg"},
		{"index.html", "a+b.jpg", "a+b.jpg"},
		{"index.html", " \n a.jpg\t", "a.jpg"},
		{"index.html", "HTTPS://WWW.example.com/a.jpg", "a.jpg"},
		{"index.html", "https:a.jpg", "a.jpg"},
		{"index.html", "https://m.example/%C3%A9.jpg?w=800", "é.jpg"},
	} {
		r := newRewriter(t, Config{SiteURL: "https://www.example.com"})
		got := rewrite(t, r, c.page, `<img src="`+c.src+`">`)
		if len(got.Found) != 1 || got.Found[0].Photo != c.photo {
			t.Errorf("%s on %s: %+v, want %s", c.src, c.page, got.Found, c.photo)
		}
	}
}

func TestStrip(t *testing.T) {
	r := newRewriter(t, Config{SiteURL: "https://www.example.com/blog/", Strip: "/images/"})
	for src, want := range map[string]Found{
		"../images/trip/b.jpg":       {Photo: "trip/b.jpg"},
		"/blog/images/trip/b.jpg":    {Photo: "trip/b.jpg"},
		"/images/trip/b.jpg":         {Left: Elsewhere},
		"/blog/trip/b.jpg":           {Left: Elsewhere},
		"/blog/images/../trip/b.jpg": {Left: Elsewhere},
	} {
		got := rewrite(t, r, "posts/a.html", `<img src="`+src+`">`)
		if len(got.Found) != 1 || got.Found[0].Photo != want.Photo || got.Found[0].Left != want.Left {
			t.Errorf("%s: %+v, want %+v", src, got.Found, want)
		}
	}
}

func TestRulesDecide(t *testing.T) {
	r := newRewriter(t, Config{Placeholder: markup.Color, Rules: parse(t, `
		img { sizes: 50vw }
		.hero img { sizes: (min-width: 700px) 640px, 100vw; ratio: 16:9; crop: top left; quality: 60; placeholder: none }
		.late img { eager: no }
		.row img { dimensions: no }
		p > img:last-child { eager: yes }`)})
	h := map[string]string{"160": "90", "1280": "720", "2560": "1440"}
	crop := func(w string) string {
		return "https://m.example/a.jpg?w=" + w + "&amp;h=" + h[w] + "&amp;fit=crop&amp;fp-x=0&amp;fp-y=0&amp;q=60"
	}
	page := `<div class="big hero"><img src="a.jpg" height=100></div><div class=late><img src="a.jpg" loading="eager" fetchpriority=high></div><p><img src="a.jpg"></p><i class=row><img src="a.jpg"></i>`
	late := strings.Replace(strings.Replace(laterA, "100vw", "50vw", 1), ` loading="lazy"`, "", 1)
	got := string(rewrite(t, r, "index.html", page).HTML)
	for _, part := range []string{
		`<div class="big hero"><img src="` + crop("1280") + `" srcset="` + crop("160") + ` 160w, `,
		` ` + crop("2560") + ` 2560w" sizes="auto, (min-width: 700px) 640px, 100vw" width="178" loading="lazy" decoding="async" height=100></div>`,
		`<div class=late><img ` + late + ` loading="lazy" fetchpriority="auto"></div>`,
		`<p><img ` + strings.Replace(firstA, "100vw", "50vw", 1) + `></p>`,
		` 1600w" sizes="50vw" loading="lazy" decoding="async" ` + backA + `></i>`,
	} {
		if !strings.Contains(got, part) {
			t.Errorf("%s\nhas no %s", got, part)
		}
	}
	if again := rewrite(t, r, "index.html", got); again.Changed {
		t.Errorf("a second time: %s", again.HTML)
	}
	// Without the rules the crop stays, as the page says it now.
	got, _, _ = strings.Cut(got, "<i class=row>")
	if again := rewrite(t, newRewriter(t, Config{}), "index.html", got); again.Changed {
		t.Errorf("without rules: %s", again.HTML)
	}
}
