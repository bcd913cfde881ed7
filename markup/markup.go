// Package markup writes the HTML that asks for photos in the right size: srcset
// and sizes, width and height, <picture>, a placeholder until the photo is there.
//
// A Site says where the photos are served and under which policy; an Image says
// what is to be shown, and how. Site.Img is for templates, Site.FuncMap for those
// of html/template, and Site.Attrs for programs that edit pages which are there:
//
//	site := markup.Site{Base: "https://media.example.com"}
//	tag, err := site.Img(markup.Image{Photo: "trip/b.jpg", Info: info, Alt: "The summit"})
//
// Every URL is one that the policy has as it stands, so nothing snaps, and the
// width beside it in a srcset is that of the picture which comes back: a photo
// 3000 pixels wide is offered as 3000w, though the step of the ladder is 3200.
// Which type comes back, the browser and the photo decide.
//
// An Info makes that exact, and keeps the room for the photo, so that nothing
// moves on the page when it comes. Without one the page works, too: then all
// steps are offered, of which the greatest may be more than the photo has.
//
// # Content-Security-Policy
//
// A placeholder is a style attribute, which style-src 'unsafe-inline' (or
// style-src-attr 'unsafe-inline') allows; Thumb is a data: URL, which img-src
// data: allows. Where these are refused the page works, without placeholders.
// Everything else that is written needs img-src with Base's host only.
package markup

import (
	"errors"
	"fmt"
	"html/template"
	"strings"

	"photofit"
	"photofit/internal/sizes"
)

// Site is where photos are served. It is not changed by any method, and may be
// used by many goroutines as long as nobody changes it.
type Site struct {
	// Base stands in front of every path: "https://media.example.com". Empty is
	// the page's own origin. A slash at its end is dropped. A path in it is
	// taken to be cut off before the server sees a URL, and signs none.
	Base string

	// Policy is the server's. The zero value is the default one. With a Key all
	// URLs are signed, for good: whoever has the page has the photos.
	Policy photofit.Policy
}

// Image is a photo on a page. Only Photo must be there.
type Image struct {
	// Photo is the photo's key, without a leading slash and without any escaping:
	// "trip/b.jpg".
	Photo string

	// Info is what the server tells of the photo. Width and Height count, for a
	// placeholder Color and ThumbHash. Zero is not known.
	Info photofit.Info

	// Alt says what is to be seen, for those who don't see it; empty is for
	// what is only decoration. Class is the class attribute, left out if empty.
	Alt, Class string

	// Sizes is the sizes attribute: how wide the photo is laid out. Empty is
	// "auto, 100vw" where the browser may find out by itself, which it may of a
	// lazy photo whose size is known, and else "100vw".
	Sizes string

	// Ratio cuts the photo to the policy's nearest ratio; zero shows all of it.
	// Crop is what is kept then.
	Ratio photofit.Ratio
	Crop  photofit.Crop

	// Quality is 1 to 100, of which the policy's nearest step is taken; 0 is auto.
	Quality int

	// Eager is for the first great photo on a page: it is fetched at once, before
	// others. All else waits until it is nearly in view.
	Eager bool

	Placeholder Placeholder
}

// Source is another look of an Image for some screens: art direction.
type Source struct {
	// Media is the media query that asks for it: "(max-width: 600px)".
	Media string

	// Ratio, Crop and Sizes are as in Image, for all of the photo if Ratio is
	// zero; an empty Sizes is the Image's.
	Ratio photofit.Ratio
	Crop  photofit.Crop
	Sizes string
}

// Attr is an attribute of an element. Value is what it means, not yet escaped.
type Attr struct{ Name, Value string }

// String is the attribute as HTML: its name, and its value in double quotes.
func (a Attr) String() string { return a.Name + `="` + escaper.Replace(a.Value) + `"` }

// escaper spells text so that an attribute in double quotes means it. A parser
// would take CR for a line's end, and has no NUL.
var escaper = strings.NewReplacer("&", "&amp;", `"`, "&#34;", "'", "&#39;", "<", "&lt;", ">", "&gt;", "\r", "&#13;", "\x00", "\ufffd")

// Attrs are the attributes of an img that ask for the photo: src, srcset, sizes,
// width, height, loading, decoding, fetchpriority and style, in this order. width
// and height are there where they are known, fetchpriority if the image is Eager,
// and style if there is a Placeholder. alt and class are the page's.
//
// The error tells what in the Site or the Image cannot be: a Base that is no URL,
// a policy that Check refuses, a key that is not UTF-8, a Ratio of one term, a
// Quality beyond 100, Sizes that browsers would pass over, an Info that no server
// has sent.
func (s Site) Attrs(i Image) ([]Attr, error) { return s.attrs(i, false) }

func (s Site) attrs(i Image, directed bool) ([]Attr, error) {
	o, err := s.offer(i, i.Ratio, i.Crop)
	if err == nil {
		err = checkSizes(i.Photo, i.Sizes)
	}
	if err != nil {
		return nil, err
	}
	attrs := append([]Attr{{"src", s.url(o.fallback().recipe)}}, s.choices(i, o, "")...)
	if i.Eager {
		attrs = append(attrs, Attr{"loading", "eager"}, Attr{"decoding", "async"}, Attr{"fetchpriority", "high"})
	} else {
		attrs = append(attrs, Attr{"loading", "lazy"}, Attr{"decoding", "async"})
	}
	style, err := i.style(directed)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", i.Photo, err)
	}
	if style != "" {
		attrs = append(attrs, Attr{"style", style})
	}
	return attrs, nil
}

// checkSizes tells what is wrong with a photo's sizes, if it has any.
func checkSizes(photo, list string) error {
	if list == "" {
		return nil
	}
	if err := sizes.Check(list); err != nil {
		return fmt.Errorf("%q: %w", photo, err)
	}
	return nil
}

// choices are the attributes that img and source share.
func (s Site) choices(i Image, o offer, list string) []Attr {
	var set strings.Builder
	for n, st := range o.steps {
		if n > 0 {
			set.WriteString(", ")
		}
		fmt.Fprintf(&set, "%s %dw", s.url(st.recipe), st.width)
	}
	if list == "" {
		list = i.Sizes
	}
	if list == "" {
		list = "100vw"
		// A browser that sizes a photo by its layout leaves the photo's own size
		// out of the layout, so the attributes have to say it.
		if !i.Eager && o.width > 0 {
			list = "auto, 100vw"
		}
	}
	attrs := []Attr{{"srcset", set.String()}, {"sizes", list}}
	if o.width > 0 {
		attrs = append(attrs, Attr{"width", fmt.Sprint(o.width)}, Attr{"height", fmt.Sprint(o.height)})
	}
	return attrs
}

// Img is an img element, with what Attrs tells, alt and class. What is in the
// Image may be any text. The errors are those of Attrs.
func (s Site) Img(i Image) (template.HTML, error) { return s.img(i, false) }

func (s Site) img(i Image, directed bool) (template.HTML, error) {
	attrs, err := s.attrs(i, directed)
	if err != nil {
		return "", err
	}
	own := []Attr{{"alt", i.Alt}}
	if i.Class != "" {
		own = append(own, Attr{"class", i.Class})
	}
	return element("img", append(own, attrs...)), nil
}

// Picture is a picture element: the image as Img has it, and before it the
// sources, of which a browser takes the first whose Media holds. The errors are
// those of Attrs, and a Source without Media.
func (s Site) Picture(i Image, sources ...Source) (template.HTML, error) {
	html := template.HTML("<picture>")
	for _, from := range sources {
		if strings.TrimSpace(from.Media) == "" {
			return "", errors.New("a source without a media query hides all that follows it")
		}
		o, err := s.offer(i, from.Ratio, from.Crop)
		if err == nil {
			err = checkSizes(i.Photo, from.Sizes)
		}
		if err != nil {
			return "", err
		}
		html += element("source", append([]Attr{{"media", from.Media}}, s.choices(i, o, from.Sizes)...))
	}
	img, err := s.img(i, len(sources) > 0)
	if err != nil {
		return "", err
	}
	return html + img + "</picture>", nil
}

func element(name string, attrs []Attr) template.HTML {
	var b strings.Builder
	b.WriteString("<" + name)
	for _, a := range attrs {
		b.WriteString(" " + strings.ToValidUTF8(a.String(), "\ufffd"))
	}
	b.WriteString(">")
	return template.HTML(b.String())
}
