package site

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/encoding"

	"photofit"
	"photofit/internal/site/shape"
)

// Page is what became of one.
type Page struct {
	HTML    []byte  `json:"-"` // as it is now; the argument itself where nothing is changed
	Changed bool    `json:"changed"`
	Found   []Found `json:"images,omitempty"` // each spot that could be a photo's
}

// Found is a spot of a page, and what was done about it.
type Found struct {
	What    string        `json:"what"`              // "image", "preload", "link" or "background"
	Source  string        `json:"source"`            // as the page had it
	Photo   string        `json:"photo,omitempty"`   // the photo's name
	Left    Reason        `json:"left,omitempty"`    // why it was left as it is; empty: it is rewritten
	Guessed bool          `json:"guessed,omitempty"` // nothing said what sizes are
	Changed bool          `json:"changed,omitempty"` // not what it was
	Info    photofit.Info `json:"-"`
	Sizes   string        `json:"sizes,omitempty"`
	Srcset  string        `json:"-"`
	src     string        // an image's
	asks    int           // how wide a background asks for its photo, in pixels
	offered bool          // the page had sizes already
	look    look
}

// pageRun is the work on one page.
type pageRun struct {
	*Rewriter
	ctx      context.Context
	html     []byte
	from     address // what references are relative to
	spots    []spot
	charset  encoding.Encoding // nil is UTF-8
	said     []settings
	shapes   []shape.Sides // what style sheets say of images, by spot; nil is not known
	unread   bool          // there are others, which are not the site's
	unstyled bool          // the page's Content-Security-Policy takes no style attributes
	measured map[int]Measured
	natural  bool            // images are to be as they were laid out, for those who measure them
	first    bool            // a large photo has come
	preload  map[string]bool // the photos that the page preloads, until their first image
	page     Page
	edits    []edit
}

// Page rewrites the page that has that path in the site's folder: "blog/index.html".
// measured is what was seen of its images, by the numbers that a Stage gives them; nil is
// nothing. An error is Info's, or tells that rules cannot be applied to a page, since its
// tags are nested too deep.
func (r *Rewriter) Page(ctx context.Context, name string, html []byte, measured map[int]Measured) (Page, error) {
	return r.run(ctx, name, html, measured, false)
}

func (r *Rewriter) run(ctx context.Context, name string, html []byte, measured map[int]Measured, natural bool) (Page, error) {
	p := pageRun{Rewriter: r, ctx: ctx, html: html, measured: measured, natural: natural, page: Page{HTML: html}}
	if bytes.HasPrefix(html, []byte("\xfe\xff")) || bytes.HasPrefix(html, []byte("\xff\xfe")) {
		return p.page, nil // UTF-16: what is written is not
	}
	s := scan(html, r.config.Backgrounds)
	p.spots, p.charset = s.spots, s.charset
	p.from = r.site
	p.from.path += percent(name)
	if s.base != "" {
		if base, ok := p.from.follow(s.base); ok {
			p.from = base
		}
	}
	p.said = make([]settings, len(s.spots))
	if p.needsTree() {
		tree, err := parseTree(html, s)
		switch {
		case err == nil:
			p.said = r.config.Rules.apply(name, tree, s.spots)
			p.shapes = p.shapesOf(tree)
		case len(r.config.Rules) > 0:
			return p.page, fmt.Errorf("%s: the rules cannot be applied: %w", name, err)
		}
	}
	p.findPreloads()
	for i := range p.spots {
		var err error
		switch p.spots[i].kind {
		case image:
			err = p.image(i)
		case link:
			err = p.link(i)
		case styled:
			err = p.styled(i)
		case sheet:
			err = p.sheet(i)
		case poster:
			err = p.poster(i)
		}
		if err != nil {
			return p.page, err
		}
	}
	for i := range p.spots {
		if p.spots[i].kind == preload {
			if err := p.preloaded(i); err != nil {
				return p.page, err
			}
		}
	}
	p.page.HTML = splice(html, p.edits)
	p.page.Changed = len(p.edits) > 0
	return p.page, nil
}

// largest is how large a page may be, in bytes, for its style sheets to be asked of its
// images: a tree takes ten times the page's memory.
const largest = 8 << 20

// needsTree tells whether anything asks what the page's tags are in.
func (p *pageRun) needsTree() bool {
	return len(p.spots) > 0 && (len(p.config.Rules) > 0 || len(p.html) <= largest &&
		slices.ContainsFunc(p.spots, func(s spot) bool { return s.kind == image && s.setting == plainly }))
}

// found notes a spot.
func (p *pageRun) found(f Found) { p.page.Found = append(p.page.Found, f) }

// ask finds the photo of a reference and how it is asked for; else it notes why not.
func (p *pageRun) ask(what, ref string, i int) (f Found, ok bool, err error) {
	f = Found{What: what, Source: ref}
	t, left := p.target(p.from, ref)
	if what == "link" && left != "" {
		return f, false, nil // to a page, or to anything
	}
	if f.Photo, f.Left = t.photo, left; left == "" {
		f.Info, f.Left, err = p.find(p.ctx, t)
	}
	if err != nil {
		return f, false, err
	}
	set := p.said[i]
	if f.Left == "" && set.skip != nil && *set.skip {
		f.Left = ByRule
	}
	if f.Left != "" {
		p.found(f)
		return f, false, nil
	}
	f.look = p.look(t, f.Info, set)
	f.offered = p.spots != nil && p.offers(&p.spots[i])
	if t.atBase && !f.offered {
		f.look.asked = asked(t.recipe, f.Info)
	}
	return f, true, nil
}

// look is how a photo is asked for: as the address at Base says already, and as the
// rules say above that.
func (p *pageRun) look(t target, info photofit.Info, set settings) look {
	l := look{photo: t.photo, info: info}
	if t.atBase {
		l.quality = t.recipe.Quality
		if t.recipe.Fit == photofit.Cover {
			l.ratio = p.snapped(lowest(t.recipe.Width, t.recipe.Height))
			l.crop = t.recipe.Crop
		}
	}
	if set.ratio != nil {
		l.ratio = p.snapped(*set.ratio)
	}
	if set.crop != nil {
		l.crop = *set.crop
	}
	if set.quality != nil {
		l.quality = *set.quality
	}
	if l.ratio.W == 0 {
		l.crop = 0
	}
	return l
}

// asked is how wide the answer to a recipe is at most, in pixels; 0 if it is the whole photo.
func asked(r photofit.Recipe, info photofit.Info) int {
	width := r.Width
	if r.Height > 0 && r.Fit == photofit.Clip {
		if w := max((2*r.Height*info.Width+info.Height)/(2*info.Height), 1); width == 0 || w < width {
			width = w
		}
	}
	return width
}

// offers tells whether a tag offers sizes of an earlier run.
func (p *pageRun) offers(s *spot) bool {
	srcset := s.attr("srcset")
	return srcset != nil && p.ours(srcset.value)
}

// lowest is a ratio in its lowest terms.
func lowest(w, h int) photofit.Ratio {
	a, b := w, h
	for b > 0 {
		a, b = b, a%b
	}
	return photofit.Ratio{W: w / a, H: h / a}
}

// ours tells whether a srcset is one of an earlier run: all of it leads to Base.
func (p *pageRun) ours(srcset string) bool {
	some := false
	for candidate := range strings.SplitSeq(srcset, ", ") {
		a, ok := p.from.follow(strings.TrimSpace(firstField(candidate)))
		if !ok {
			return false
		}
		if _, ok := a.under(p.base); !ok {
			return false
		}
		some = true
	}
	return some
}

func firstField(s string) string {
	if fields := strings.Fields(s); len(fields) > 0 {
		return fields[0]
	}
	return ""
}
