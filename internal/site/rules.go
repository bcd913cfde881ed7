package site

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/andybalholm/cascadia"

	"photofit"
	"photofit/internal/sizes"
	"photofit/markup"
)

// Rules say how photos are asked for, by CSS selector. Where several hold for a tag
// the last one that names a property decides, whatever the selectors; so write what
// is general first.
type Rules []Rule

// Rule is what holds for the tags that a selector names.
type Rule struct {
	Selector string // as it was written
	Line     int    // in the file, from 1
	Measured bool   // --measure has written it
	match    cascadia.Matcher
	pages    []string // patterns of the pages that it is for; none: all
	set      settings
	held     *atomic.Bool // for some image, link or background
}

// Idle are the rules that held for nothing on the pages that were rewritten, but for those
// that were measured: pages may have come or gone since.
func (rules Rules) Idle() Rules {
	return slices.DeleteFunc(slices.Clone(rules), func(r Rule) bool { return r.Measured || r.held.Load() })
}

// settings are a rule's properties, or those of all rules that hold; nil is not said.
type settings struct {
	skip, eager *bool
	sizes       *string
	ratio       *photofit.Ratio // zero is none
	crop        *photofit.Crop
	quality     *int
	dimensions  *bool
	width       *int
	placeholder *markup.Placeholder
	pages       []string // of a rule while it is read: those of Rule
}

// over puts what other says above what s says.
func (s *settings) over(other settings) {
	pick(&s.skip, other.skip)
	pick(&s.eager, other.eager)
	pick(&s.sizes, other.sizes)
	pick(&s.ratio, other.ratio)
	pick(&s.crop, other.crop)
	pick(&s.quality, other.quality)
	pick(&s.dimensions, other.dimensions)
	pick(&s.width, other.width)
	pick(&s.placeholder, other.placeholder)
}

func pick[T any](to **T, from *T) {
	if from != nil {
		*to = from
	}
}

// ParseRules reads rules as CSS writes them:
//
//	/* the photo over the title */
//	.hero img { sizes: 100vw; ratio: 16:9; crop: smart; eager: yes }
//	.logo, footer img { skip: yes }
//
// Properties are skip and eager (yes or no), sizes (as in HTML), ratio (16:9, or
// none), crop (center, top, bottom, left, right, joined by spaces, or smart),
// quality (1 to 100), width (in pixels, of a link's or a background's photo),
// dimensions (no: width and height are not added; yes: they are, whatever style sheets
// say) and placeholder (color, thumb or none). Where page is said the rule is for pages of
// these paths only: "posts/*/index.html", index.html. An error says the line.
func ParseRules(text string) (Rules, error) {
	p := ruleParser{text: text, line: 1}
	begin, end := lineOf(text, measuredBegin), lineOf(text, measuredEnd)
	var rules Rules
	for {
		selector, line, more, err := p.until('{', "a rule is written as selector { property: value }")
		if err != nil {
			return nil, err
		}
		if !more {
			return rules, nil
		}
		match, err := cascadia.ParseGroup(selector)
		if err != nil {
			return nil, lineError(line, "%q is no selector: %v", selector, err)
		}
		plain := quotedText.ReplaceAllString(selector, "")
		if state := passing.FindString(plain); state != "" {
			return nil, lineError(line, "%s never holds for a page that lies in a file: leave it out of %q", state, selector)
		}
		if a := written.FindStringSubmatch(plain); a != nil {
			return nil, lineError(line, "images get %s by a run, so that the next one would take %q for others: say a class, or where they are", a[1], selector)
		}
		rule := Rule{Selector: selector, Line: line, Measured: begin < line && line < end, match: match, held: new(atomic.Bool)}
		for done := false; !done; {
			if done, err = p.declaration(&rule.set); err != nil {
				return nil, err
			}
		}
		rule.pages, rule.set.pages = rule.set.pages, nil
		rules = append(rules, rule)
	}
}

// lineOf is the line on which a part of a text begins, from 1; 0 if it is not there.
func lineOf(text, part string) int {
	before, _, found := strings.Cut(text, part)
	if !found {
		return 0
	}
	return 1 + strings.Count(before, "\n")
}

// passing is a pseudo-class that needs somebody who looks at the page, written an
// attribute by which images could not be told apart a second time.
var (
	written    = regexp.MustCompile(`(?i)\[\s*(srcset|sizes|width|height|loading|decoding|fetchpriority)\s*[\]~|^$*=]`)
	passing    = regexp.MustCompile(`(?i):(hover|active|focus|visited|target)\b`)
	quotedText = regexp.MustCompile(`"[^"]*"|'[^']*'`)
)

func lineError(line int, format string, a ...any) error {
	return fmt.Errorf("line %d: %s", line, fmt.Sprintf(format, a...))
}

// ruleParser reads a file of rules.
type ruleParser struct {
	text string
	line int
}

// until reads up to a byte outside of strings, brackets and comments, and gives what
// is before it, without comments, and the line on which that begins. Of an end without
// anything before it there is no more.
func (p *ruleParser) until(stops byte, missing string) (read string, line int, more bool, err error) {
	var b strings.Builder
	var quote byte
	depth, begun := 0, p.line
	for i := 0; i < len(p.text); i++ {
		c := p.text[i]
		if c == '\n' {
			p.line++
		}
		switch {
		case quote != 0 && c == '\\' && i+1 < len(p.text) && p.text[i+1] != '\n':
			b.WriteByte(c)
			i++
			c = p.text[i]
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case strings.HasPrefix(p.text[i:], "/*"):
			end := strings.Index(p.text[i+2:], "*/")
			if end < 0 {
				return "", 0, false, lineError(p.line, "a comment that begins here has no end: */")
			}
			p.line += strings.Count(p.text[i:i+2+end], "\n")
			i += end + 3
			c = ' '
		case c == '"' || c == '\'':
			quote = c
		case c == '(' || c == '[':
			depth++
		case c == ')' || c == ']':
			depth--
		case depth <= 0 && (c == stops || stops == ';' && c == '}'):
			p.text = p.text[i:] // who asked takes it
			return strings.TrimSpace(b.String()), begun, true, nil
		case c == '{' || c == '}':
			return "", 0, false, lineError(p.line, "%q is out of place: %s", c, missing)
		}
		if strings.TrimSpace(b.String()) == "" {
			b.Reset()
			begun = p.line
			if c == '\n' {
				continue
			}
		}
		b.WriteByte(c)
	}
	p.text = ""
	if rest := strings.TrimSpace(b.String()); rest != "" || stops == ';' {
		return "", 0, false, lineError(begun, "the file ends within a rule: %s", missing)
	}
	return "", 0, false, nil
}

// declaration reads one, and tells whether the rule ends with it.
func (p *ruleParser) declaration(set *settings) (done bool, err error) {
	p.text = p.text[1:] // the brace, or the semicolon before it
	text, line, _, err := p.until(';', "a property is written as name: value;")
	if err != nil {
		return false, err
	}
	if done = p.text[0] == '}'; done {
		p.text = p.text[1:]
	}
	if text == "" {
		return done, nil
	}
	name, value, ok := strings.Cut(text, ":")
	if !ok {
		return false, lineError(line, "%q is no property: write it as name: value", text)
	}
	if err := set.read(strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)); err != nil {
		return false, lineError(line, "%v", err)
	}
	return done, nil
}

// read takes one property.
func (s *settings) read(name, value string) error {
	var err error
	switch name {
	case "skip":
		s.skip, err = yesOrNo(name, value)
	case "eager":
		s.eager, err = yesOrNo(name, value)
	case "dimensions":
		s.dimensions, err = yesOrNo(name, value)
	case "sizes":
		if value == "" || strings.ContainsAny(value, "\"<>{}\r\n") || !ascii(value) {
			return errors.New("sizes is a list as in HTML: (min-width: 700px) 640px, 100vw")
		}
		if err := sizes.Check(value); err != nil {
			return err
		}
		s.sizes = &value
	case "ratio":
		s.ratio = &photofit.Ratio{}
		if value == "none" {
			return nil
		}
		w, h, _ := strings.Cut(strings.ReplaceAll(value, "/", ":"), ":")
		s.ratio.W, err = strconv.Atoi(strings.TrimSpace(w))
		if err == nil {
			s.ratio.H, err = strconv.Atoi(strings.TrimSpace(h))
		}
		if err != nil || s.ratio.W < 1 || s.ratio.H < 1 || s.ratio.W > 1000 || s.ratio.H > 1000 {
			return fmt.Errorf("ratio is width to height, in whole numbers up to 1000, such as 16:9, or none: not %q", value)
		}
	case "crop":
		s.crop, err = readCrop(value)
	case "quality":
		s.quality, err = number(name, value, 100)
	case "width":
		s.width, err = number(name, value, photofit.MaxSide)
	case "page":
		s.pages, err = readPages(value)
	case "placeholder":
		p, err := ParsePlaceholder(value)
		s.placeholder = &p
		return err
	default:
		return fmt.Errorf("there is no property %q: there are skip, eager, sizes, ratio, crop, quality, width, dimensions, placeholder and page", name)
	}
	return err
}

// ParsePlaceholder reads "color", "thumb" or "none".
func ParsePlaceholder(value string) (markup.Placeholder, error) {
	switch value {
	case "color":
		return markup.Color, nil
	case "thumb":
		return markup.Thumb, nil
	case "none":
		return markup.NoPlaceholder, nil
	}
	return 0, fmt.Errorf("placeholder is color, thumb or none: not %q", value)
}

func yesOrNo(name, value string) (*bool, error) {
	if value != "yes" && value != "no" {
		return nil, fmt.Errorf("%s is yes or no: not %q", name, value)
	}
	yes := value == "yes"
	return &yes, nil
}

func number(name, value string, most int) (*int, error) {
	n, err := strconv.Atoi(strings.TrimSuffix(value, "px"))
	if err != nil || n < 1 || n > most {
		return nil, fmt.Errorf("%s is a whole number from 1 to %d: not %q", name, most, value)
	}
	return &n, nil
}

func readCrop(value string) (*photofit.Crop, error) {
	crop := photofit.SmartCrop
	if value == "smart" {
		return &crop, nil
	}
	x, y := 50, 50
	words := strings.Fields(strings.ReplaceAll(value, ",", " "))
	for _, word := range words {
		switch word {
		case "center":
		case "left":
			x = 0
		case "right":
			x = 100
		case "top":
			y = 0
		case "bottom":
			y = 100
		default:
			words = nil
		}
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("crop is smart, center, or edges such as top left: not %q", value)
	}
	crop = photofit.FocalPoint(x, y)
	return &crop, nil
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 || s[i] < ' ' {
			return false
		}
	}
	return true
}
