package shape

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"
	"golang.org/x/net/html"
)

// Sheet is what a style sheet says of images' sides. It is safe for concurrent use.
type Sheet struct {
	// Imports are the addresses of other sheets that it has.
	Imports []string

	images index // what is said of images
	boxes  index // and of flex boxes
}

// index has rules by what elements they are for.
type index struct {
	any     []rule            // of whatever class
	byClass map[string][]rule // of a class
}

// rule is what a selector's images get.
type rule struct {
	match cascadia.Sel
	sides Sides
}

// Parse reads a style sheet. What it does not understand it leaves out: it never fails.
func Parse(sheet []byte) *Sheet {
	s := &Sheet{}
	sheet = bytes.TrimPrefix(sheet, []byte("\xef\xbb\xbf"))
	r := reader{sheet: s, lexer: css.NewLexer(parse.NewInputBytes(slices.Clone(sheet)))}
	r.all()
	return s
}

// reader reads a sheet, in which rules may lie in rules: what ends with a brace is a
// rule's head, what ends with a semicolon a declaration
// (https://www.w3.org/TR/css-syntax-3/#parsing).
type reader struct {
	sheet *Sheet
	lexer *css.Lexer
	head  []css.Token // what is read since the last of these
	depth int         // of brackets
	open  []block
	base  int // of open, those that no brace closes
}

// block is a rule that is open, or an at-rule.
type block struct {
	selectors []string
	sides     Sides
	dead      bool // nothing in it counts
}

// all reads to the end, where all that is open ends.
func (r *reader) all() {
	for r.next() {
	}
	r.declaration()
	for len(r.open) > r.base {
		r.close()
	}
}

func (r *reader) next() bool {
	kind, data := r.lexer.Next()
	switch {
	case kind == css.ErrorToken:
		return false
	case kind == css.CommentToken, kind == css.CDOToken, kind == css.CDCToken:
		return true
	case kind == css.LeftParenthesisToken, kind == css.LeftBracketToken, kind == css.FunctionToken:
		r.depth++
	case kind == css.RightParenthesisToken, kind == css.RightBracketToken:
		r.depth = max(r.depth-1, 0)
	case r.depth > 0:
	case kind == css.LeftBraceToken:
		dead := len(r.open) > 0 && r.open[len(r.open)-1].dead || elsewhere(r.head)
		r.open = append(r.open, block{selectors: r.selectors(), dead: dead})
		r.head = r.head[:0]
		return true
	case kind == css.SemicolonToken:
		r.declaration()
		return true
	case kind == css.RightBraceToken:
		r.declaration()
		r.close()
		return true
	}
	if len(r.head) > 0 || kind != css.WhitespaceToken {
		r.head = append(r.head, css.Token{TokenType: kind, Data: data})
	}
	return true
}

func (r *reader) close() {
	if n := len(r.open); n > r.base {
		r.sheet.add(r.open[n-1])
		r.open = r.open[:n-1]
	}
}

// declaration takes what is read as one, or as an at-rule without a block.
func (r *reader) declaration() {
	if len(r.head) > 0 && r.head[0].TokenType == css.AtKeywordToken {
		if strings.EqualFold(string(r.head[0].Data), "@import") {
			r.imports(r.head[1:])
		}
	} else if n := len(r.open); n > 0 {
		r.open[n-1].sides.declareTokens(r.head)
	}
	r.head, r.depth = r.head[:0], 0
}

// selectors takes what is read as a rule's, or as an at-rule, in which those of the rule
// around it hold.
func (r *reader) selectors() []string {
	if len(r.head) > 0 && r.head[0].TokenType == css.AtKeywordToken {
		return r.around()
	}
	var names []string
	begin, depth := 0, 0
	for i, token := range r.head {
		switch token.TokenType {
		case css.LeftParenthesisToken, css.LeftBracketToken, css.FunctionToken:
			depth++
		case css.RightParenthesisToken, css.RightBracketToken:
			depth--
		case css.CommaToken:
			if depth <= 0 {
				names = append(names, text(r.head[begin:i]))
				begin = i + 1
			}
		}
	}
	return r.nested(append(names, text(r.head[begin:])))
}

// elsewhere tells whether an at-rule is not for screens, or not for long.
func elsewhere(head []css.Token) bool {
	if len(head) == 0 {
		return false
	}
	switch strings.ToLower(string(head[0].Data)) {
	case "@starting-style", "@page", "@font-face":
		return true
	case "@media":
		return strings.EqualFold(strings.TrimSpace(text(head[1:])), "print") || strings.EqualFold(text(head[1:]), "only print")
	}
	return false
}

// around are the selectors of the rule around what is read.
func (r *reader) around() []string {
	if n := len(r.open); n > 0 {
		return r.open[n-1].selectors
	}
	return nil
}

// Rules in rules in rules would grow without bounds.
const (
	mostNested = 1000 // selectors of a rule
	longest    = 1000 // bytes of a selector
)

// nested gives selectors as they are outside of the rules around
// (https://www.w3.org/TR/css-nesting-1/).
func (r *reader) nested(names []string) []string {
	parents := r.around()
	if len(parents) == 0 {
		return names
	}
	var all []string
	for _, parent := range parents {
		for _, name := range names {
			if !strings.Contains(name, "&") {
				name = "& " + name
			}
			if len(all) < mostNested && len(name)+strings.Count(name, "&")*len(parent) <= longest {
				all = append(all, strings.ReplaceAll(name, "&", parent))
			}
		}
	}
	return all
}

func (r *reader) imports(values []css.Token) {
	for _, v := range values {
		address := string(v.Data)
		switch v.TokenType {
		case css.StringToken:
		case css.URLToken:
			address = strings.TrimSpace(strings.TrimSuffix(address[len("url("):], ")"))
		default:
			continue
		}
		r.sheet.Imports = append(r.sheet.Imports, strings.Trim(address, `"'`))
		return
	}
}

// add keeps a rule, if it says anything that an image, or a box around one, could get.
func (s *Sheet) add(b block) {
	own := b.sides
	own.Column, own.Flex = false, false
	box := Sides{Column: b.sides.Column, Flex: b.sides.Flex}
	if b.dead {
		return
	}
	for _, selector := range expanded(b.selectors) {
		if b.sides == (Sides{}) || passing(selector) {
			continue
		}
		tag, class := last(selector)
		image := own != (Sides{}) && (tag == "" || tag == "*" || strings.EqualFold(tag, "img"))
		if !image && box == (Sides{}) {
			continue
		}
		match, err := cascadia.Parse(selector)
		if err != nil {
			continue
		}
		if image {
			s.images.add(class, rule{match, own})
		}
		if box != (Sides{}) {
			s.boxes.add(class, rule{match, box})
		}
	}
}

// expanded writes out :is() and :where(), which are in no library.
func expanded(selectors []string) []string {
	var all []string
	for len(selectors) > 0 && len(all)+len(selectors) <= mostNested {
		s := selectors[0]
		selectors = selectors[1:]
		at := group.FindStringIndex(s)
		if at == nil {
			all = append(all, s)
			continue
		}
		depth, begin := 0, at[1]
		var options []string
		rest := ""
		for i := at[1]; i < len(s); i++ {
			switch c := s[i]; {
			case c == '(' || c == '[':
				depth++
			case c == ',' && depth == 0:
				options = append(options, s[begin:i])
				begin = i + 1
			case c == ')' && depth == 0:
				options = append(options, s[begin:i])
				rest = s[i+1:]
				i = len(s)
			case c == ')' || c == ']':
				depth--
			}
		}
		var each []string
		for _, option := range options {
			if option = strings.TrimSpace(option); len(s)+len(option) <= longest {
				each = append(each, joined(s[:at[0]], option)+rest)
			}
		}
		selectors = append(each, selectors...)
	}
	return all
}

var group = regexp.MustCompile(`(?i):(is|where)\(`)

// joined is a compound and a selector that holds for the same element.
func joined(compound, option string) string {
	if tag, _ := last(compound); tag == "" && option != "" && compound != "" && letter(option[0]) && !strings.HasSuffix(compound, " ") {
		if c := compound[len(compound)-1]; c != '>' && c != '+' && c != '~' {
			return compound + ":not(*)" // .a and p: not written out
		}
	} else if tag != "" && option != "" && letter(option[0]) {
		if strings.EqualFold(tag, option) {
			return compound
		}
		return compound + ":not(*)"
	}
	return compound + option
}

func letter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func (x *index) add(class string, r rule) {
	if class == "" {
		x.any = append(x.any, r)
		return
	}
	if x.byClass == nil {
		x.byClass = map[string][]rule{}
	}
	x.byClass[class] = append(x.byClass[class], r)
}

// passing tells whether a selector holds for a while only, or for what is no element.
func passing(selector string) bool {
	return strings.Contains(selector, "::") || slices.ContainsFunc([]string{":hover", ":focus", ":active", ":before", ":after"}, func(state string) bool {
		return strings.Contains(selector, state)
	})
}

// last gives the tag's name and the first class that the last compound of a selector
// wants, as far as they are plain.
func last(selector string) (tag, class string) {
	begin, depth := 0, 0
	for i := range len(selector) {
		switch c := selector[i]; c {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case ' ', '\t', '\r', '\n', '\f', '>', '+', '~':
			if depth == 0 {
				begin = i + 1
			}
		}
	}
	compound := selector[begin:]
	if strings.Contains(compound, `\`) {
		return "", ""
	}
	end := strings.IndexAny(compound, ".#:[")
	if end < 0 {
		return compound, ""
	}
	tag, compound = compound[:end], compound[end:]
	if at := strings.IndexAny(compound, ".:["); at >= 0 && compound[at] == '.' {
		class = compound[at+1:]
		if end := strings.IndexAny(class, ".#:["); end >= 0 {
			class = class[:end]
		}
	}
	return tag, class
}

// Of gives what is said of an img of a page's tree.
func (s *Sheet) Of(img *html.Node) Sides {
	sides := s.images.of(img)
	if box := img.Parent; box != nil && box.Type == html.ElementNode {
		sides = sides.Or(s.boxes.of(box))
	}
	return sides
}

func (x *index) of(node *html.Node) Sides {
	sides := of(x.any, node)
	for _, a := range node.Attr {
		if a.Key == "class" && len(x.byClass) > 0 {
			for class := range strings.FieldsSeq(a.Val) {
				sides = sides.Or(of(x.byClass[class], node))
			}
		}
	}
	return sides
}

func of(rules []rule, node *html.Node) (sides Sides) {
	for _, r := range rules {
		if r.sides.Or(sides) != sides && r.match.Match(node) {
			sides = sides.Or(r.sides)
		}
	}
	return sides
}

// text is a selector as it was written.
func text(values []css.Token) string {
	var b strings.Builder
	for _, v := range values {
		b.Write(v.Data)
	}
	return strings.TrimSpace(b.String())
}
