package shape

import (
	"slices"
	"strings"

	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"
	"golang.org/x/net/html"
)

// Sides are what is said of an image's.
type Sides struct {
	Width, Height bool // that property is said, be it auto
	FixedHeight   bool // and the height is not auto
	NaturalWidth  bool // the width is auto, or what is in the image
	Flex          bool // it stands in a flex box, which asks how wide what is in it wants to be
	Column        bool // it stands in a column of a flex box, which stretches what has no width
	WidthLimits   bool // what the width may be, or a share of a line, or a ratio
	HeightLimits  bool // what the height may be
}

// Or is what either says.
func (s Sides) Or(other Sides) Sides {
	return Sides{
		Width:        s.Width || other.Width,
		Height:       s.Height || other.Height,
		FixedHeight:  s.FixedHeight || other.FixedHeight,
		NaturalWidth: s.NaturalWidth || other.NaturalWidth,
		Flex:         s.Flex || other.Flex,
		Column:       s.Column || other.Column,
		WidthLimits:  s.WidthLimits || other.WidthLimits,
		HeightLimits: s.HeightLimits || other.HeightLimits,
	}
}

// AutoHeight tells that an image with a width and height attribute wants height: auto
// to keep the shape that it had without.
func (s Sides) AutoHeight() bool {
	return !s.Height && (s.Width || s.WidthLimits || s.HeightLimits || s.Column)
}

// AutoWidth is likewise of width: auto.
func (s Sides) AutoWidth() bool { return !s.Width && (s.FixedHeight || s.HeightLimits || s.Column) }

// declare takes a declaration.
func (s *Sides) declare(property string, values []css.Token) {
	property = strings.ToLower(property)
	none := false // no limit
	auto, content := false, false
	if len(values) == 1 && values[0].TokenType == css.IdentToken {
		switch strings.ToLower(string(values[0].Data)) {
		case "none":
			none = true
		case "auto", "initial", "unset", "revert", "revert-layer":
			none, auto = true, true
		case "fit-content", "max-content", "min-content":
			content = true
		}
	}
	switch property {
	case "width", "inline-size":
		s.Width = true
		s.NaturalWidth = s.NaturalWidth || auto || content
	case "height", "block-size":
		s.Height = true
		s.FixedHeight = s.FixedHeight || !auto
	case "max-width", "min-width", "max-inline-size", "min-inline-size", "aspect-ratio", "flex", "flex-basis", "flex-grow":
		s.WidthLimits = s.WidthLimits || !none
	case "max-height", "min-height", "max-block-size", "min-block-size":
		s.HeightLimits = s.HeightLimits || !none
	case "display":
		s.Flex = s.Flex || slices.ContainsFunc(values, func(t css.Token) bool {
			v := strings.ToLower(string(t.Data))
			return v == "flex" || v == "inline-flex"
		})
	case "flex-direction", "flex-flow":
		s.Column = s.Column || slices.ContainsFunc(values, func(t css.Token) bool {
			return strings.HasPrefix(strings.ToLower(string(t.Data)), "column")
		})
	}
}

// declareTokens takes a declaration as it was read, or what is none.
func (s *Sides) declareTokens(tokens []css.Token) {
	i := slices.IndexFunc(tokens, func(t css.Token) bool { return t.TokenType != css.WhitespaceToken && t.TokenType != css.IdentToken })
	if i < 1 || tokens[i].TokenType != css.ColonToken || tokens[0].TokenType != css.IdentToken {
		return
	}
	values := slices.DeleteFunc(slices.Clone(tokens[i+1:]), func(t css.Token) bool { return t.TokenType == css.WhitespaceToken })
	if n := len(values); n > 1 && string(values[n-2].Data) == "!" { // !important
		values = values[:n-2]
	}
	if len(values) > 0 {
		s.declare(string(tokens[0].Data), values)
	}
}

// Inline reads the style attributes of an img of a page's tree, and of what it is in.
func Inline(img *html.Node) Sides {
	s := declared(style(img))
	s.Column, s.Flex = false, false
	if img.Parent != nil {
		box := declared(style(img.Parent))
		s.Column, s.Flex = box.Column, box.Flex
	}
	return s
}

func style(node *html.Node) string {
	for _, a := range node.Attr {
		if a.Key == "style" {
			return a.Val
		}
	}
	return ""
}

// declared reads declarations.
func declared(style string) Sides {
	r := reader{sheet: &Sheet{}, lexer: css.NewLexer(parse.NewInputString(style)), open: []block{{}}, base: 1}
	r.all()
	return r.open[0].sides
}
