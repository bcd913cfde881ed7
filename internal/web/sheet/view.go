package sheet

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"photofit"
)

// view is the opened photo, what the template "view" shows.
type view struct {
	Name, Alt string
	Folder    string // the address of its folder, which the choices are sent to
	Close     string // where it is closed; empty where the script knows
	Original  string // "7.4 MB"
	Pixels    string // "6000 × 4000", or empty if it isn't known
	Choice    choice
	Groups    []group
	Src       string
	Srcset    string
	Sizes     string
	Snippet   []piece
	AltHint   string // what its author should know of the snippet's alt
	Top       int    // the width of the greatest step, in pixels
	Tools     tools
	Before    string // the neighbours' views; empty if there is none, or the script knows
	After     string
}

// viewAlone is a photo's view without a page around it, as the script asks for
// it. It lists no folder, so that it is quick in large ones.
func (h *handler) viewAlone(ctx context.Context, folder, name string, query url.Values) (*view, error) {
	if !picture(name) || name[0] == '.' || strings.ContainsRune(name, '/') {
		return nil, absent("photo", name)
	}
	photo, err := h.Photos.Stat(ctx, join(folder, name))
	if err != nil {
		return nil, err
	}
	return h.view(ctx, folder, name, photo.Size, h.offers.choose(query)), nil
}

func (h *handler) view(ctx context.Context, folder, name string, size int64, c choice) *view {
	key := join(folder, name)
	known := h.facts(ctx, key)
	width, height := known.Width, known.Height
	steps := thin(h.offers.steps(c.look, width, height))
	src := middle(steps)
	v := &view{
		Name:     name,
		Alt:      plainName(name),
		Folder:   folderAddress(folder),
		Original: weight(size),
		Choice:   c,
		Groups:   h.offers.groups(c),
		Src:      h.offers.address(key, src, c.look),
		Srcset:   h.offers.srcset(key, steps, c.look),
		Sizes:    stageSizes(shapeOf(c.ratio, width, height)),
		Snippet:  h.snippet(key, steps, src, c, known),
		AltHint:  altHint(known.Caption),
		Top:      steps[len(steps)-1].width,
	}
	v.Tools = h.tools(folder, name, size, c, src, known)
	if width > 0 {
		v.Pixels = fmt.Sprintf("%s × %s pixels", thousands(width), thousands(height))
	}
	return v
}

// facts are what is known of a photo: a size by both sides, or none.
func (h *handler) facts(ctx context.Context, key string) Facts {
	if h.Config.Facts == nil {
		return Facts{}
	}
	known, err := h.Config.Facts(ctx, key)
	if err != nil {
		return Facts{}
	}
	if known.Width <= 0 || known.Height <= 0 {
		known.Width, known.Height = 0, 0
	}
	return known
}

// middle is the step for what knows no srcset.
func middle(steps []step) step {
	for _, s := range steps {
		if s.width >= 1200 {
			return s
		}
	}
	return steps[len(steps)-1]
}

// shapeOf is the width by the height of what is shown; zero if it isn't known.
func shapeOf(r photofit.Ratio, width, height int) float64 {
	switch {
	case r.W > 0:
		return float64(r.W) / float64(r.H)
	case width > 0:
		return float64(width) / float64(height)
	}
	return 0
}
