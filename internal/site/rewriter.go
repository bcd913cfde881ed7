package site

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"photofit"
	"photofit/markup"
)

// Config says how a site is rewritten.
type Config struct {
	// Base is where photos are served, without a slash at the end:
	// "https://media.example.com".
	Base string

	// SiteURL is where the site itself is, for pages that name themselves in full;
	// empty if they don't.
	SiteURL string

	// Strip is the folder of the site that is the photos' top: with "images" the
	// photo of /images/trip/b.jpg is trip/b.jpg, and what lies elsewhere is none.
	Strip string

	// Policy is that of the server at Base: its ladder is what pages offer.
	Policy photofit.Policy

	// Rules are the owner's.
	Rules Rules

	// Sizes is what sizes says where nothing is known; empty is "100vw".
	Sizes string

	// Placeholder is that of photos that no rule says otherwise of.
	Placeholder markup.Placeholder

	// Links has links to photos lead to LinkWidth pixels (0: 2560) of them, and
	// Backgrounds those of styles ask for BackgroundWidth (0: 1920).
	Links, Backgrounds         bool
	LinkWidth, BackgroundWidth int

	// Info tells what there is to know of a photo, and is asked once for each.
	// fs.ErrNotExist is a photo that is not there, a *photofit.Fault a file that is
	// none; any other error ends the work.
	Info func(ctx context.Context, photo string) (photofit.Info, error)

	// InSite tells whether a file is in the site's folder, by its path there.
	// Nil is no.
	InSite func(path string) bool

	// Read gives a file of the site's folder, by its path there, of which style sheets are
	// read. Nil is that there are none.
	Read func(path string) ([]byte, error)

	// Hint has a few of the photos that are not there looked for in other folders, for
	// StripHint.
	Hint bool
}

// Rewriter rewrites pages. It is safe for concurrent use.
type Rewriter struct {
	config Config
	markup markup.Site
	base   address
	site   address

	sheets sheets

	mu    sync.Mutex
	infos map[string]*known
	hint  StripHint
	tries int // of finding it

	stripped atomic.Bool // something lay in Config.Strip
}

// Stripped tells whether any image, link or background lay in Config.Strip.
func (r *Rewriter) Stripped() bool { return r.stripped.Load() }

// known is what is known of a photo, once done is closed.
type known struct {
	done chan struct{}
	info photofit.Info
	err  error
}

// New makes a rewriter. The error says which address cannot be used.
func New(c Config) (*Rewriter, error) {
	r := &Rewriter{config: c, infos: map[string]*known{}}
	r.config.Base = strings.TrimRight(c.Base, "/")
	var ok bool
	if r.base, ok = parseAddress(r.config.Base); !ok || strings.ContainsAny(c.Base, "?# \"<>'()\\") || !ascii(c.Base) {
		return nil, fmt.Errorf("%q is not where photos can be: write it as https://media.example.com", c.Base)
	}
	// A site that does not say where it is may be anywhere but at Base.
	if r.site, ok = parseAddress(c.SiteURL); c.SiteURL == "" {
		r.site, ok = address{scheme: "https", host: "site.invalid", path: "/"}, true
	}
	if !ok {
		return nil, fmt.Errorf("%q is not where a site can be: write it as https://www.example.com", c.SiteURL)
	}
	r.markup = markup.Site{Base: r.config.Base, Policy: c.Policy}
	if !strings.HasSuffix(r.site.path, "/") {
		r.site.path += "/"
	}
	r.config.Strip = strings.Trim(c.Strip, "/")
	if r.config.Sizes == "" {
		r.config.Sizes = "100vw"
	}
	if r.config.LinkWidth == 0 {
		r.config.LinkWidth = 2560
	}
	if r.config.BackgroundWidth == 0 {
		r.config.BackgroundWidth = 1920
	}
	return r, nil
}

// SetRules has other rules from now on. Nothing else may be under way meanwhile.
func (r *Rewriter) SetRules(rules Rules) { r.config.Rules = rules }

// info asks for a photo's once, whoever wants to know.
func (r *Rewriter) info(ctx context.Context, photo string) (photofit.Info, error) {
	r.mu.Lock()
	k, found := r.infos[photo]
	if !found {
		k = &known{done: make(chan struct{})}
		r.infos[photo] = k
	}
	r.mu.Unlock()
	if found {
		select {
		case <-k.done:
			return k.info, k.err
		case <-ctx.Done():
			return photofit.Info{}, ctx.Err()
		}
	}
	defer close(k.done)
	k.info, k.err = r.config.Info(ctx, photo)
	if k.err == nil && (k.info.Width < 1 || k.info.Height < 1) {
		k.err = fmt.Errorf("%s has a size of %d × %d pixels", photo, k.info.Width, k.info.Height)
	}
	return k.info, k.err
}

// Reason is why a spot was left as it is, or what there is to say of one that was
// rewritten. It is stable.
type Reason string

// The reasons.
const (
	UnknownPhoto Reason = "unknown-photo" // nothing of that name is among the photos
	OnlyInSite   Reason = "only-in-site"  // likewise, and the site's folder has it
	Elsewhere    Reason = "elsewhere"     // on another host, or in a folder that is not the photos'
	DataURL      Reason = "data-url"      // no address of a file
	NotAPhoto    Reason = "not-a-photo"   // a type that is not scaled, or a damaged file
	HasSrcset    Reason = "has-srcset"    // the page offers sizes of its own
	InPicture    Reason = "in-picture"    // <source> elements choose
	InNoscript   Reason = "in-noscript"
	InTemplate   Reason = "in-template"
	ByRule       Reason = "by-rule"    // skip: yes
	NoSource     Reason = "no-src"     // scripts will set one
	Download     Reason = "download"   // the link is for keeping the file
	Unreadable   Reason = "unreadable" // its file may not be read
	ByScript     Reason = "by-script"  // a script loads another in its place (data-src)
	NotShown     Reason = "not-shown"  // the page preloads it, and has no image of it that is rewritten
)

var reasonTexts = map[Reason]string{
	UnknownPhoto: "no photo of that name",
	OnlyInSite:   "not among the photos, but in the site: --upload copies it",
	Elsewhere:    "on another host, or in another folder",
	DataURL:      "a data: URL, or the like",
	NotAPhoto:    "damaged, too large, or not a picture that is scaled",
	HasSrcset:    "has a srcset already",
	InPicture:    "in a <picture> whose sources choose",
	InNoscript:   "in <noscript>",
	InTemplate:   "in <template>",
	ByRule:       "a rule says skip",
	NoSource:     "has no src",
	Download:     "a link for keeping the file (download)",
	Unreadable:   "may not be read: look at its permissions",
	ByScript:     "a script loads another in its place (data-src)",
	NotShown:     "preloaded, and no image with sizes shows it",
}

// String is the reason in words.
func (r Reason) String() string { return reasonTexts[r] }

// target is what a reference leads to.
type target struct {
	photo  string
	recipe photofit.Recipe // of an address at Base that is asked for already
	atBase bool
}

// target tells which photo a reference on a page means; else why none.
func (r *Rewriter) target(from address, ref string) (target, Reason) {
	if strings.TrimSpace(ref) == "" {
		return target{}, NoSource
	}
	a, ok := from.follow(ref)
	if !ok {
		return target{}, DataURL
	}
	if _, ok := a.under(r.base); ok {
		path := strings.TrimPrefix(a.path, strings.TrimSuffix(r.base.path, "/"))
		recipe, err := photofit.Resolve(path, a.query, "", r.policy())
		if err != nil {
			return target{}, UnknownPhoto
		}
		return target{recipe.Photo, recipe, true}, ""
	}
	path, ok := a.under(r.site)
	if !ok {
		return target{}, Elsewhere
	}
	photo := decoded(path)
	if !utf8.ValidString(photo) { // no photo's name is
		return target{}, UnknownPhoto
	}
	if r.config.Strip != "" {
		if photo, ok = strings.CutPrefix(photo, r.config.Strip+"/"); !ok {
			return target{}, Elsewhere
		}
		r.stripped.Store(true)
	}
	if !photofit.PhotoName(photo) {
		return target{}, NotAPhoto
	}
	return target{photo: photo}, ""
}

// find gives what is known of a target; else why nothing is.
func (r *Rewriter) find(ctx context.Context, t target) (photofit.Info, Reason, error) {
	info, err := r.info(ctx, t.photo)
	var fault *photofit.Fault
	var denied *fs.PathError // of one file; a bucket that denies one denies all
	switch {
	case err == nil:
		return info, "", nil
	case errors.As(err, &fault):
		return info, NotAPhoto, nil
	case errors.As(err, &denied) && errors.Is(err, fs.ErrPermission):
		return info, Unreadable, nil
	case errors.Is(err, fs.ErrNotExist):
		if r.config.InSite != nil && r.config.InSite(r.SitePath(t.photo)) {
			return info, OnlyInSite, r.tryStrip(ctx, t.photo)
		}
		return info, UnknownPhoto, r.tryStrip(ctx, t.photo)
	}
	return info, "", fmt.Errorf("%s: %w", t.photo, err)
}

// StripHint is that a page's photo is among the photos, but not in the folder that
// its page says.
type StripHint struct {
	Asked, There string // photos' names
	Strip        string // what Config.Strip could be
}

// StripHint tells of the first such photo that was found, if Config has Hint and no
// Strip; else it is empty.
func (r *Rewriter) StripHint() StripHint {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.hint
}

// stripTries is how many photos that are not there are looked for in other folders.
const stripTries = 8

// tryStrip looks for an unknown photo without its first folders.
func (r *Rewriter) tryStrip(ctx context.Context, photo string) error {
	r.mu.Lock()
	try := r.config.Hint && r.config.Strip == "" && r.hint == StripHint{} && r.tries < stripTries
	if try {
		r.tries++
	}
	r.mu.Unlock()
	for i := 0; try && i < len(photo); i++ {
		if photo[i] != '/' || !photofit.PhotoName(photo[i+1:]) {
			continue
		}
		_, err := r.info(ctx, photo[i+1:])
		if err == nil {
			r.mu.Lock()
			r.hint = StripHint{photo, photo[i+1:], photo[:i]}
			r.mu.Unlock()
			return nil
		}
		if ctx.Err() != nil {
			return err
		}
	}
	return nil
}

// SitePath is where the site's own file of a photo lies, in its folder.
func (r *Rewriter) SitePath(photo string) string {
	if r.config.Strip == "" {
		return photo
	}
	return r.config.Strip + "/" + photo
}
