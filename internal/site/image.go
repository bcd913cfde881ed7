package site

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// large is how wide an image has to be, in CSS pixels, to be one that a page is about.
const large = 300

// image rewrites an <img>.
func (p *pageRun) image(i int) error {
	s := &p.spots[i]
	src := s.attr("src")
	ref := ""
	if src != nil {
		ref = src.value
	}
	if left := p.whyLeft(s); left != "" {
		p.found(Found{What: "image", Source: ref, Left: left, spot: i})
		return nil
	}
	f, ok, err := p.ask("image", ref, i)
	if err != nil || !ok {
		return err
	}
	set := p.said[i]
	t := tagEdits{spot: s, anchor: src}

	width, height := p.dimensions(s, f.look)
	shown := width
	if shown == 0 {
		shown = f.Info.Width
	}
	isFirst := !p.first && shown >= large
	p.first = p.first || isFirst
	eager := isFirst
	if a := s.attr("loading"); a != nil {
		eager = !strings.EqualFold(a.value, "lazy")
	}
	if set.eager != nil {
		eager = *set.eager
	}

	t.put("src", p.src(f.look))
	t.put("srcset", p.srcset(f.look))
	p.sizes(&t, &f, i, eager, width)
	if width > 0 {
		t.put("width", strconv.Itoa(width))
		t.put("height", strconv.Itoa(height))
	}
	p.loading(&t, set, eager, isFirst)
	p.placeholder(&t, f, set)

	f.Changed = len(t.set) > 0
	p.edits = append(p.edits, t.all()...)
	p.found(f)
	return nil
}

// whyLeft is why an image is left whatever its photo is.
func (p *pageRun) whyLeft(s *spot) Reason {
	switch s.setting {
	case inTemplate:
		return InTemplate
	case inNoscript:
		return InNoscript
	case inPicture:
		return InPicture
	}
	if srcset := s.attr("srcset"); srcset != nil && strings.TrimSpace(srcset.value) != "" && !p.ours(srcset.value) {
		return HasSrcset
	}
	return ""
}

// dimensions are the values of width and height; 0 where they are not to be touched.
// What the page says stays, but for a height that a crop changes.
func (p *pageRun) dimensions(s *spot, l look) (width, height int) {
	w, h := s.attr("width"), s.attr("height")
	widthSaid, widthOK := pixels(w)
	heightSaid, heightOK := pixels(h)
	switch {
	case !widthOK || !heightOK: // a share of what is around it, or nonsense
		return 0, 0
	case w == nil && h == nil:
		return l.size()
	case w == nil:
		return l.width(heightSaid), heightSaid
	case h == nil || l.ratio.W > 0:
		return widthSaid, l.height(widthSaid)
	}
	return widthSaid, heightSaid
}

// pixels reads a width or height; ok if it is absent, too.
func pixels(a *attr) (int, bool) {
	if a == nil {
		return 0, true
	}
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(a.value), "px"))
	return n, err == nil && n > 0 && n < 1e6
}

// sizes writes what sizes says: what was measured, else a rule, else the page, else a
// guess by the width attribute. Browsers that know it find out by themselves for lazy
// images (auto); the rest is for the others.
func (p *pageRun) sizes(t *tagEdits, f *Found, i int, eager bool, width int) {
	said := ""
	if set := p.said[i]; set.sizes != nil {
		said = *set.sizes
	}
	if m := p.measured[i]; m != "" {
		said = m
	}
	have := t.spot.attr("sizes")
	if said == "" && have != nil && strings.TrimSpace(have.value) != "" {
		f.Sizes = have.value
		return
	}
	if said == "" {
		f.Guessed = true
		said = p.config.Sizes
		if t.spot.attr("width") != nil && width > 0 && said == "100vw" {
			said = fmt.Sprintf("(min-width: %dpx) %dpx, 100vw", width, width)
		}
	}
	if !eager && !auto.MatchString(said) {
		said = "auto, " + said
	}
	f.Sizes = said
	t.put("sizes", said)
}

var auto = regexp.MustCompile(`(?i)^\s*auto\s*(,|$)`)

// loading writes loading, decoding and fetchpriority.
func (p *pageRun) loading(t *tagEdits, set settings, eager, isFirst bool) {
	put := t.putIfAbsent
	if set.eager != nil {
		put = t.put
	}
	value := "lazy"
	if eager {
		value = "eager"
	}
	put("loading", value)
	t.putIfAbsent("decoding", "async")
	switch {
	case eager && (isFirst || set.eager != nil):
		put("fetchpriority", "high")
	case set.eager != nil && t.spot.attr("fetchpriority") != nil:
		put("fetchpriority", "auto")
	}
}

// see through: what has transparent parts would show it for good.
var seeThrough = map[string]bool{"image/png": true, "image/gif": true, "image/webp": true, "image/avif": true}

// placeholder writes the photo's colour as background, unless the image has one.
func (p *pageRun) placeholder(t *tagEdits, f Found, set settings) {
	kind := p.config.Placeholder
	if set.placeholder != nil {
		kind = *set.placeholder
	}
	if kind == None || !colour.MatchString(f.Info.Color) || transparent(f) {
		return
	}
	style := "background:" + f.Info.Color
	if have := t.spot.attr("style"); have != nil {
		if containsFold([]byte(have.value), "background") {
			return
		}
		if before := strings.TrimRight(have.value, " ;\t\r\n\f"); before != "" {
			style = before + ";" + style
		}
		if !ascii(style) {
			return // in a page's encoding that is not ours
		}
	}
	t.put("style", style)
}

var colour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
