package probe

import (
	"strings"
	"unicode/utf8"
)

// maxText is the length in bytes at which a text of Rights is cut.
const maxText = 1 << 10

// windows1252 is what the bytes 0x80 to 0x9F mean in Windows code page 1252;
// the others are Latin-1.
var windows1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}

// decodeText makes a clean UTF-8 text of bytes whose encoding nobody wrote
// down: UTF-8 if they are that (or utf8Told says so), else Windows-1252, which
// holds Latin-1's "©".
func decodeText(b []byte, utf8Told bool) string {
	b = b[:min(len(b), 4*maxText)]
	if utf8Told || validUTF8(b) {
		return cleanText(strings.ToValidUTF8(string(b), ""))
	}
	var sb strings.Builder
	for _, c := range b {
		switch {
		case c >= 0x80 && c <= 0x9F:
			if r := windows1252[c-0x80]; r != 0 {
				sb.WriteRune(r)
			}
		default:
			sb.WriteRune(rune(c))
		}
	}
	return cleanText(sb.String())
}

// validUTF8 is utf8.Valid, but forgives a last character that was cut by a
// field's fixed length, if another one shows that the text is UTF-8. A lone
// high byte at the end is Latin-1: "Andr\xe9".
func validUTF8(b []byte) bool {
	if utf8.Valid(b) {
		return true
	}
	for i := 1; i < utf8.UTFMax && i < len(b); i++ {
		rest, last := b[:len(b)-i], b[len(b)-i:]
		if utf8.RuneStart(last[0]) {
			return !utf8.FullRune(last) && utf8.Valid(rest) && utf8.RuneCount(rest) < len(rest)
		}
	}
	return false
}

// cleanText makes one line of a text: control characters are spaces, runs of
// white space one space, none at the ends; at most maxText bytes.
func cleanText(s string) string {
	s = s[:min(len(s), 4*maxText)] // bounds the work; a character cut here falls away below
	s = strings.Map(func(r rune) rune {
		switch {
		case r < ' ' || r >= 0x7F && r < 0xA0 || r == 0x2028 || r == 0x2029:
			return ' '
		case r == utf8.RuneError || r == 0xFEFF || r == 0xFFFE || r == 0xFFFF:
			return -1 // no characters of XML 1.0, or none to be seen
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > maxText {
		s = s[:maxText]
		for len(s) > 0 && !utf8.ValidString(s) {
			s = s[:len(s)-1]
		}
		s = strings.TrimSpace(s)
	}
	return s
}

// joinTexts puts "; " between texts, leaving out the empty and the repeated.
func joinTexts(texts ...string) string {
	var out []string
	for i, t := range texts {
		dup := t == ""
		for _, before := range texts[:i] {
			dup = dup || before == t
		}
		if !dup {
			out = append(out, t)
		}
	}
	return cleanText(strings.Join(out, "; "))
}
