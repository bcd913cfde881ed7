package sheet

import (
	"net/url"
	"slices"
	"strconv"
)

// choice is what is chosen for the opened photo. Its zero value is what comes
// without choosing; what is not one of the options counts as not chosen.
type choice struct {
	look
	layout string // a name of layouts
	width  int    // at which formats are compared; 0 is the view's own
}

// layout is a place on somebody's page and the sizes attribute that says so.
type layout struct{ name, label, sizes string }

var layouts = []layout{
	{"", "Full width", "100vw"},
	{"column", "Text column", "(min-width: 720px) 720px, 100vw"},
	{"half", "Half", "(min-width: 720px) 50vw, 100vw"},
	{"third", "Third", "(min-width: 720px) 33vw, 100vw"},
}

// formatOptions are the formats that can be chosen, none of them chosen.
var formatOptions = []option{{Value: "jpg", Label: "JPEG"}, {Value: "webp", Label: "WebP"}, {Value: "avif", Label: "AVIF"}, {Value: "png", Label: "PNG"}}

// choose reads a query.
func (o *offers) choose(query url.Values) choice {
	var c choice
	for _, r := range o.ratios {
		if query.Get("ar") == r.String() {
			c.ratio = r
		}
	}
	c.crop = o.cropOf(query.Get("crop"))
	if q, err := strconv.Atoi(query.Get("q")); err == nil && slices.Contains(o.qualities, q) {
		c.quality = q
	}
	if w, err := strconv.Atoi(query.Get("w")); err == nil && slices.Contains(o.compared(), w) {
		c.width = w
	}
	if _, ok := formats[query.Get("fm")]; ok {
		c.format = query.Get("fm")
	}
	if slices.ContainsFunc(layouts, func(l layout) bool { return l.name == query.Get("on") }) {
		c.layout = query.Get("on")
	}
	return c
}

// sizes is the sizes attribute for the chosen layout.
func (c choice) sizes() string {
	for _, l := range layouts {
		if l.name == c.layout {
			return l.sizes
		}
	}
	return layouts[0].sizes
}

// on is a photo's view with this choice kept.
func (c choice) on(viewAddress string) string {
	if c.ratio.W > 0 {
		viewAddress += "&ar=" + url.QueryEscape(c.ratio.String())
	}
	if c.crop != 0 {
		viewAddress += "&crop=" + c.crop.String()
	}
	if c.format != "" {
		viewAddress += "&fm=" + c.format
	}
	if c.quality > 0 {
		viewAddress += "&q=" + strconv.Itoa(c.quality)
	}
	if c.layout != "" {
		viewAddress += "&on=" + c.layout
	}
	if c.width > 0 {
		viewAddress += "&w=" + strconv.Itoa(c.width)
	}
	return viewAddress
}

// group is a row of options, one of which is chosen.
type group struct {
	Name, Label string
	Options     []option
}

type option struct {
	Value, Label string
	Chosen       bool
}

// groups are the choices as the view shows them.
func (o *offers) groups(c choice) []group {
	shape := group{Name: "ar", Label: "Shape", Options: []option{{"", "Whole", c.ratio.W == 0}}}
	for _, r := range slices.Backward(o.ratios) { // from wide to tall
		shape.Options = append(shape.Options, option{r.String(), r.String(), r == c.ratio})
	}
	keep := group{Name: "crop", Label: "When cut, keep", Options: []option{{"smart", "What matters", c.crop.Smart()}}}
	format := group{Name: "fm", Label: "Format", Options: []option{{"", "Automatic", c.format == ""}}}
	for _, f := range formatOptions {
		f.Chosen = c.format == f.Value
		format.Options = append(format.Options, f)
	}
	place := group{Name: "on", Label: "On the page"}
	for _, l := range layouts {
		place.Options = append(place.Options, option{l.name, l.label, l.name == c.layout})
	}
	quality := group{Name: "q", Label: "Quality", Options: []option{{"", "Automatic", c.quality == 0}}}
	for _, q := range o.qualities {
		quality.Options = append(quality.Options, option{strconv.Itoa(q), strconv.Itoa(q), q == c.quality})
	}
	groups := []group{shape, keep, format}
	if len(o.qualities) > 0 {
		groups = append(groups, quality)
	}
	return append(groups, place)
}
