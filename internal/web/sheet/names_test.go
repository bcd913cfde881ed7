package sheet

import (
	"html"
	"net/url"
	"strings"
	"testing"

	"photofit"
)

var oddNames = []string{
	"b.jpg", "a b.jpg", "a+b.jpg", "100%.jpg", "%41.jpg", "what?.jpg", "#1.jpg", "é.jpg", "世界.png", "🏔.webp",
	`"quoted" 'name'.jpg`, "<script>alert(1)<script>.jpg", "a,b 2x.jpg", "a;b.jpg", "a&b=c&amp;.jpg", "_DSC1.jpg",
	"_w800.webp", "_h5-crop.jpg", "~2D.jpg", "~.jpg", "back\\slash.jpg", "javascript:alert(1).jpg", "UPPER.JPEG", "a.tif", "a.tiff", "a.gif", "a.avif",
}

// Every name leads back to its photo, from the tile and from its view.
func TestNames(t *testing.T) {
	for _, folder := range []string{"", "trip", "-", "~2D", "~", "a b/#?%/世界 \"x\"", "trip/_w800.webp"} {
		for _, name := range oddNames {
			key := join(folder, name)
			h := New(Config{Photos: photosOf(key)})
			body := get(t, h, folderAddress(folder)).Body.String()
			hrefs, srcs, sets := values(body, tileHref), values(body, tileSrc), values(body, tileSrcset)
			if len(hrefs) != 1 || len(srcs) != 1 || len(sets) != 1 {
				t.Fatalf("%q: %d tiles, %d pictures", key, len(hrefs), len(srcs))
			}
			if alt := values(body, tileAlt); alt[0] != plainName(name) {
				t.Errorf("%q: alt %q", key, alt[0])
			}
			offered := append(strings.Split(sets[0], ", "), srcs[0])

			w := get(t, h, hrefs[0])
			view := w.Body.String()
			if w.Code != 200 {
				t.Fatalf("%q: %s is %d", key, hrefs[0], w.Code)
			}
			offered = append(offered, strings.Split(values(view, `class="stage"[^>]*><img [^>]*srcset="([^"]*)"`)[0], ", ")...)
			for _, snippet := range values(view, `<span class="address">([^<]*)</span>`) {
				offered = append(offered, html.UnescapeString(snippet))
			}
			for _, o := range offered {
				address, _, _ := strings.Cut(o, " ")
				u, err := url.Parse(address)
				if err != nil {
					t.Fatal(err)
				}
				r, err := photofit.Resolve(u.EscapedPath(), u.RawQuery, "image/avif,image/webp", photofit.Policy{})
				if err != nil || r.Photo != key {
					t.Errorf("%q: %s leads to %q, %v", key, address, r.Photo, err)
				}
			}
			if strings.Contains(body+view, "<script>") {
				t.Errorf("%q: a script in the page", key)
			}
		}
	}
}

func TestFolders(t *testing.T) {
	for _, folder := range []string{"trip", "-", "~2D", "~7E", "~", "a b", "#1", "what?", "100%", "%2F", "世界", `"`, "<b>", "_x", "javascript:x"} {
		for _, above := range []string{"", "trip"} {
			key := join(above, folder)
			h := New(Config{Photos: photosOf(key + "/in here.jpg")})
			links := values(get(t, h, folderAddress(above)).Body.String(), folderHref)
			if len(links) != 1 {
				t.Fatalf("%q: %d folders", key, len(links))
			}
			body := get(t, h, links[0]).Body.String()
			if alt := values(body, tileAlt); len(alt) != 1 || alt[0] != "in here" {
				t.Errorf("%q: %s shows %q", key, links[0], alt)
			}
			if names := values(body, `<h1 dir="auto">([^<]*)</h1>`); len(names) != 1 || names[0] != folder {
				t.Errorf("%q: headed %q", key, names)
			}
		}
	}
}

// A plus would be a space to some, a comma the end of an address in a srcset.
func TestPercent(t *testing.T) {
	if got, want := percent(`a-_.~/+ ,é"`), "a-_.~/%2B%20%2C%C3%A9%22"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
