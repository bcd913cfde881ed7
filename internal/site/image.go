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

	placeholder := p.config.Placeholder
	if set.placeholder != nil {
		placeholder = *set.placeholder
	}
	attrs, err := p.attrs(f.look, placeholder)
	if err != nil {
		return err
	}
	width, height := p.dimensions(s, f.look, attrs)
	if set.dimensions != nil && !*set.dimensions {
		width, height = 0, 0
	}
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

	f.Srcset = attrs["srcset"]
	t.put("src", attrs["src"])
	t.put("srcset", f.Srcset)
	p.sizes(&t, &f, i, eager, width)
	if width > 0 {
		t.put("width", strconv.Itoa(width))
		t.put("height", strconv.Itoa(height))
	}
	p.loading(&t, set, eager, isFirst)
	if style := attrs["style"]; style != "" {
		placeholderStyle(&t, style)
	}

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
func (p *pageRun) dimensions(s *spot, l look, attrs map[string]string) (width, height int) {
	w, h := s.attr("width"), s.attr("height")
	widthSaid, widthOK := pixels(w)
	heightSaid, heightOK := pixels(h)
	switch {
	case !widthOK || !heightOK: // a share of what is around it, or nonsense
		return 0, 0
	case w == nil && h == nil:
		width, _ = strconv.Atoi(attrs["width"])
		height, _ = strconv.Atoi(attrs["height"])
		return width, height
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
// images whose size is said (auto); the rest is for the others.
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
	if !eager && width > 0 && !auto.MatchString(said) {
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

// placeholderStyle writes a background, unless the image has one.
func placeholderStyle(t *tagEdits, style string) {
	if have := t.spot.attr("style"); have != nil {
		if containsFold([]byte(have.value), "background") || !ascii(have.value) {
			return // of the page's, or in an encoding that may not be ours
		}
		if before := strings.TrimRight(have.value, " ;\t\r\n\f"); before != "" {
			style = before + ";" + style
		}
	}
	t.put("style", style)
}
