package site

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"photofit/internal/site/shape"
	"photofit/markup"
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
		p.found(Found{What: "image", Source: ref, Left: left})
		return nil
	}
	f, ok, err := p.ask("image", ref, i)
	if err != nil || !ok {
		return err
	}
	set := p.said[i]
	t := tagEdits{spot: s, anchor: src}

	placeholder := p.config.Placeholder
	if p.measured[i].NoPlaceholder || p.unstyled {
		placeholder = markup.NoPlaceholder
	}
	if set.placeholder != nil {
		placeholder = *set.placeholder
	}
	attrs, err := p.attrs(f.look, placeholder)
	if err != nil {
		return err
	}
	whole, _ := strconv.Atoi(attrs["width"]) // of the photo, or of what is cut out of it
	if f.look.asked > 0 {
		whole = min(whole, f.look.asked)
	}
	d := p.dimensions(i, f.look, whole)
	if p.shapes != nil && p.shapes[i].NaturalWidth || d.style == autoWidth {
		d.natural, d.most = true, whole
	}
	if p.shapes != nil && p.shapes[i].Flex && !p.shapes[i].Width {
		d.natural = true
	}
	if p.natural {
		p.naturalImage(&t, d, p.url(f.look, whole))
		return nil
	}
	f.src, f.Srcset = attrs["src"], attrs["srcset"]
	if _, fragment, ok := strings.Cut(ref, "#"); ok && ascii(fragment) {
		f.src += "#" + fragment // style sheets may ask for it
	}
	t.put("src", f.src)
	t.put("srcset", f.Srcset)
	isFirst := !p.first && d.shown >= large
	p.first = p.first || isFirst
	eager := p.preloads(f.Photo) || isFirst
	if a := s.attr("loading"); a != nil {
		eager = !strings.EqualFold(a.value, "lazy")
	}
	if set.eager != nil {
		eager = *set.eager
	}
	p.sizes(&t, &f, i, eager, d)
	if d.width > 0 {
		t.putPixels("width", d.width)
		t.putPixels("height", d.height)
	}
	p.loading(&t, set, eager, isFirst)
	putStyle(&t, d.style, attrs["style"])

	f.Changed = len(t.set) > 0
	p.edits = append(p.edits, t.all()...)
	p.found(f)
	return nil
}

// naturalImage has an image loaded at once and without a choice, so that it is as wide as
// it was on the page.
func (p *pageRun) naturalImage(t *tagEdits, d dimensions, src string) {
	t.put("src", src)
	for _, choice := range []string{"srcset", "sizes"} {
		if t.spot.attr(choice) != nil {
			t.put(choice, "")
		}
	}
	if d.width > 0 {
		t.putPixels("width", d.width)
		t.putPixels("height", d.height)
	}
	t.put("loading", "eager")
	putStyle(t, d.style, "")
	p.edits = append(p.edits, t.all()...)
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
	if s.attr("src") != nil && (s.attr("data-src") != nil || s.attr("data-srcset") != nil) {
		return ByScript
	}
	if srcset := s.attr("srcset"); srcset != nil && strings.TrimSpace(srcset.value) != "" && !p.ours(srcset.value) {
		return HasSrcset
	}
	return ""
}

// dimensions are how large an image is, in CSS pixels, as far as its page tells.
type dimensions struct {
	width, height int    // what the attributes are to say; 0 where they are not touched
	style         string // what keeps style sheets from taking these for more than they are
	shown         int    // how wide it is, if no style sheet says otherwise
	most          int    // what sizes may say at most, where nobody knows; 0 is anything
	natural       bool   // its layout asks how wide it is by itself, as of width: auto, so sizes must not say auto
}

// dimensions are those of the image i, of whose photo, or what is cut out of it, so many
// pixels are the whole width. What the page says stays, but for a height that a crop
// changes; and no image gets another shape or size by what is added. One that nothing
// else gives a width is as wide as sizes says, so that is not to be more than it was.
func (p *pageRun) dimensions(i int, l look, whole int) dimensions {
	s := &p.spots[i]
	width, height := sized(s.attr("width")), sized(s.attr("height"))
	w, widthOK := pixels(width)
	h, heightOK := pixels(height)
	style, off := p.auto(i)
	if p.measured[i].NoDimensions {
		off = true
	}
	if set := p.said[i]; set.dimensions != nil {
		off = !*set.dimensions
	}
	switch {
	case width != nil && !widthOK: // a share of what is around it, or nonsense
		return dimensions{shown: whole}
	case width != nil && (off || height != nil && !heightOK):
		return dimensions{shown: w, most: w}
	case width != nil && height == nil:
		if style == autoWidth {
			style = "" // its width is said
		}
		return dimensions{width: w, height: l.height(w), style: style, shown: w, most: w}
	case width != nil && l.ratio.W > 0:
		return dimensions{width: w, height: l.height(w), shown: w, most: w}
	case width != nil:
		return dimensions{width: w, height: h, shown: w, most: w}
	case height != nil && heightOK && p.shapes != nil && p.shapes[i] == (shape.Sides{}) && !p.unread:
		return dimensions{width: l.width(h), height: h, shown: l.width(h), most: l.width(h)}
	case height != nil && heightOK:
		// Beside height: auto, which many style sheets have, it says nothing, and a width
		// would.
		return dimensions{shown: l.width(h), most: whole}
	case height != nil || off:
		return dimensions{shown: whole, most: whole}
	}
	d := dimensions{width: whole, height: l.height(whole), style: style, shown: whole}
	if l.asked > 0 {
		d.most = whole
	}
	return d
}

const (
	autoHeight = "height:auto"
	autoWidth  = "width:auto"
)

// auto is the style that keeps an image's shape when it gets a width and a height; off
// is that it must not get them.
func (p *pageRun) auto(i int) (style string, off bool) {
	if p.shapes == nil {
		return "", false
	}
	height, width := p.shapes[i].AutoHeight(), p.shapes[i].AutoWidth()
	have := p.spots[i].attr("style")
	switch {
	case !height && !width:
		return "", false
	case height && width, p.unstyled, have != nil && !ascii(have.value):
		return "", true
	case height:
		return autoHeight, false
	}
	return autoWidth, false
}

// sized is an attribute that browsers read as a width or height; nil is one that they
// pass over.
func sized(a *attr) *attr {
	if a == nil {
		return nil
	}
	if value := strings.TrimLeft(a.value, " \t\r\n\f"); value == "" || value[0] < '0' || value[0] > '9' {
		return nil
	}
	return a
}

// pixels reads a width or height; not ok if there is none.
func pixels(a *attr) (int, bool) {
	if a == nil {
		return 0, false
	}
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(a.value), "px"))
	return n, err == nil && n > 0 && n < 1e6
}

// sizes writes what sizes says: what was measured, else a rule, else the page, else a
// guess. Browsers that know it find out by themselves for lazy images whose size is
// said (auto), and leave the photo's own size out of the layout; the rest is for the
// others.
func (p *pageRun) sizes(t *tagEdits, f *Found, i int, eager bool, d dimensions) {
	said := p.measured[i].Sizes
	if set := p.said[i]; said == "" && set.sizes != nil {
		said = *set.sizes
	}
	have := t.spot.attr("sizes")
	if said == "" && have != nil && strings.TrimSpace(have.value) != "" {
		f.Sizes = have.value
		return
	}
	if said == "" {
		f.Guessed = true
		said = p.guess(d)
	}
	if !eager && d.width > 0 && !d.natural && !autoSizes.MatchString(said) {
		said = "auto, " + said
	}
	f.Sizes = said
	t.put("sizes", said)
}

// guess is what sizes says where nobody knows.
func (p *pageRun) guess(d dimensions) string {
	if d.most > 0 && p.config.Sizes == "100vw" {
		return fmt.Sprintf("(min-width: %dpx) %dpx, 100vw", d.most, d.most)
	}
	return p.config.Sizes
}

var autoSizes = regexp.MustCompile(`(?i)^\s*auto\s*(,|$)`)

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

// putStyle writes what keeps an image's shape, and a background unless it has one.
func putStyle(t *tagEdits, auto, placeholder string) {
	have := t.spot.attr("style")
	before := ""
	if have != nil {
		if !ascii(have.value) {
			return // in an encoding that may not be ours
		}
		if containsFold([]byte(have.value), "background") {
			placeholder = ""
		}
		before = strings.TrimRight(have.value, " ;\t\r\n\f")
	}
	if auto == "" && placeholder == "" {
		return
	}
	var all []string
	for _, part := range []string{before, auto, placeholder} {
		if part != "" {
			all = append(all, part)
		}
	}
	t.put("style", strings.Join(all, ";"))
}
