package edge

import (
	"cmp"
	"slices"
	"strings"
)

// minify makes code short: comments and white space go, and names that the code
// itself declares become short ones, each the same wherever it stands. So which
// name means what is the same as before, and no scopes need to be known.
//
// It is for edge.js and its like: statements end in semicolons, and there are no
// template literals, destructuring, getters or shorthand properties.
func minify(code string) string {
	tokens := joinDeclarations(lex(code))
	short := shorten(tokens)
	var b strings.Builder
	last := byte(' ')
	for i, t := range tokens {
		text := t.text
		if name, ok := short[text]; ok && t.isName(tokens, i) {
			text = name
		}
		// The semicolon before "}" is none.
		if text == ";" && i+1 < len(tokens) && tokens[i+1].text == "}" {
			continue
		}
		first := text[0]
		if wordByte(last) && wordByte(first) || (first == '+' || first == '-') && first == last && t.spaced {
			b.WriteByte(' ')
		}
		b.WriteString(text)
		last = text[len(text)-1]
	}
	return b.String()
}

// token is a word, a number, a literal, or one character of an operator.
type token struct {
	text   string
	word   bool // an identifier or a keyword
	spaced bool // white space stood before it
}

// isName tells whether tokens[i] names a variable, not a property.
func (t token) isName(tokens []token, i int) bool {
	if !t.word || i > 0 && tokens[i-1].text == "." {
		return false
	}
	key := i > 0 && i+1 < len(tokens) && tokens[i+1].text == ":" && (tokens[i-1].text == "{" || tokens[i-1].text == ",")
	return !key
}

func wordByte(c byte) bool {
	return c == '_' || c == '$' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// lex cuts code into tokens. A slash begins a regular expression where no value
// stands before it.
func lex(code string) []token {
	var tokens []token
	spaced := false
	for i := 0; i < len(code); {
		start := i
		c := code[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n':
			i++
			spaced = true
			continue
		case strings.HasPrefix(code[i:], "//"):
			for i < len(code) && code[i] != '\n' {
				i++
			}
			continue
		case wordByte(c):
			for i < len(code) && wordByte(code[i]) {
				i++
			}
		case c == '\'' || c == '"':
			i = literalEnd(code, i)
		case c == '/' && !valueBefore(tokens):
			i = literalEnd(code, i)
		default:
			i++
		}
		tokens = append(tokens, token{code[start:i], wordByte(c) && (c < '0' || c > '9'), spaced})
		spaced = false
	}
	return tokens
}

// literalEnd is where the string or the regular expression that starts at i ends.
func literalEnd(code string, i int) int {
	quote, class := code[i], false
	for i++; i < len(code) && (code[i] != quote || class); i++ {
		switch {
		case code[i] == '\\':
			i++
		case quote == '/' && code[i] == '[':
			class = true
		case quote == '/' && code[i] == ']':
			class = false
		}
	}
	return min(i+1, len(code))
}

func valueBefore(tokens []token) bool {
	if len(tokens) == 0 {
		return false
	}
	text := tokens[len(tokens)-1].text
	return text != "return" && (wordByte(text[0]) || text == ")" || text == "]")
}

// joinDeclarations makes one of declarations that follow each other: "var a; var b"
// is "var a, b".
func joinDeclarations(tokens []token) []token {
	var joined []token
	kind, depth := "", 0 // of the declaration that we are in, and its brackets
	for i := 0; i < len(tokens); i++ {
		t := tokens[i]
		switch t.text {
		case "var", "let", "const":
			kind, depth = t.text, 0
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		case ";":
			if depth != 0 {
				break
			}
			if kind != "" && i+1 < len(tokens) && tokens[i+1].text == kind {
				t.text = ","
				i++
			} else {
				kind = ""
			}
		}
		joined = append(joined, t)
	}
	return joined
}

// shorten gives short names for the declared ones, the shortest for the most
// frequent. The event handler keeps the name by which CloudFront calls it.
func shorten(tokens []token) map[string]string {
	declared := declarations(tokens)
	delete(declared, "handler")
	count := map[string]int{}
	taken := map[string]bool{"do": true, "if": true, "in": true, "is": true, "of": true}
	for i, t := range tokens {
		switch {
		case !t.isName(tokens, i):
		case declared[t.text]:
			count[t.text]++
		default:
			taken[t.text] = true
		}
	}
	names := make([]string, 0, len(count))
	for name := range count {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	short := map[string]string{}
	next := 0
	for _, name := range names {
		candidate := shortName(next)
		for next++; taken[candidate]; next++ {
			candidate = shortName(next)
		}
		short[name] = candidate
	}
	return short
}

// shortName is the n-th of a, b … Z, aa, ba …
func shortName(n int) string {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	name := string(letters[n%len(letters)])
	if n >= len(letters) {
		name += shortName(n/len(letters) - 1)
	}
	return name
}

// declarations finds the names of functions, their parameters, variables and
// caught errors.
func declarations(tokens []token) map[string]bool {
	declared := map[string]bool{}
	for i := 0; i+2 < len(tokens); i++ {
		switch t := tokens[i]; {
		case !t.word:
		case t.text == "function" || t.text == "catch":
			if tokens[i+1].word {
				i++
				declared[tokens[i].text] = true
			}
			for i += 2; i < len(tokens) && tokens[i].text != ")"; i++ {
				if tokens[i].word {
					declared[tokens[i].text] = true
				}
			}
		case tokens[i+1].text == "=" && tokens[i+2].text == ">":
			declared[t.text] = true
		case t.text == "var" || t.text == "let" || t.text == "const":
			declared[tokens[i+1].text] = true
			depth := 0
			for j := i + 2; j+1 < len(tokens) && (depth > 0 || tokens[j].text != ";"); j++ {
				switch tokens[j].text {
				case "(", "[", "{":
					depth++
				case ")", "]", "}":
					depth--
				case ",":
					if depth == 0 {
						declared[tokens[j+1].text] = true
					}
				}
			}
		}
	}
	return declared
}
