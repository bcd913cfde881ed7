package photofit

import (
	"strings"
	"unicode/utf8"
)

// EscapePhoto spells a photo's name so that nothing between a browser and a
// file system reads anything into it. Each byte outside A–Z a–z 0–9 . _ - and /
// becomes ~ and two upper-case hexadecimal digits, and so do
//
//   - a slash at the start, at the end, or right after a slash ("a//b" is
//     "a/~2Fb"), so that no segment is empty;
//   - an underscore that starts a segment, since "_" marks the path form;
//   - the dots of a segment that is nothing but dots;
//   - a whole first segment "-", since "/-/" is the program's own.
//
// Segments are those of the result. UnescapePhoto is the inverse, for every
// name that is valid UTF-8.
func EscapePhoto(photo string) string {
	if plainName(photo) {
		return photo
	}
	return string(appendEscaped(make([]byte, 0, len(photo)+16), photo))
}

// UnescapePhoto is the inverse of EscapePhoto, and strict: what EscapePhoto
// would not have written is an *Error.
func UnescapePhoto(escaped string) (string, error) {
	photo, err := untilde(escaped)
	if err != nil {
		return "", err
	}
	if EscapePhoto(photo) != escaped {
		return "", badPath("the photo's name is not in its canonical escaping")
	}
	return photo, nil
}

// plainName tells whether a name is sure to need no escape; false is no proof.
func plainName(s string) bool {
	start := true // of a segment
	for i := 0; i < len(s); i++ {
		c := s[i]
		if start && !alphanumeric(c) || !plainByte(c) {
			return false
		}
		start = c == '/'
	}
	return !start || s == ""
}

func alphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func plainByte(c byte) bool {
	return alphanumeric(c) || c == '.' || c == '_' || c == '-' || c == '/'
}

// appendEscaped appends EscapePhoto(s).
func appendEscaped(b []byte, s string) []byte {
	if plainName(s) {
		return append(b, s...)
	}
	top := len(b)
	start := top // of the segment being written
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '/' && len(b) > start && i < len(s)-1:
			b = append(closeSegment(b, start, top), '/')
			start = len(b)
		case c == '/', c == '_' && len(b) == start, !plainByte(c):
			b = appendTilde(b, c)
		default:
			b = append(b, c)
		}
	}
	return closeSegment(b, start, top)
}

// closeSegment escapes the segment b[start:] if it means something as a whole.
func closeSegment(b []byte, start, top int) []byte {
	segment := string(b[start:])
	if start == top && segment == "-" || segment != "" && strings.Trim(segment, ".") == "" {
		b = b[:start]
		for i := 0; i < len(segment); i++ {
			b = appendTilde(b, segment[i])
		}
	}
	return b
}

func appendTilde(b []byte, c byte) []byte {
	const hex = "0123456789ABCDEF"
	return append(b, '~', hex[c>>4], hex[c&15])
}

// untilde decodes ~XX wherever it stands, in digits of either case. The result
// is valid UTF-8.
func untilde(s string) (string, error) {
	if strings.IndexByte(s, '~') >= 0 {
		decoded, ok := unescape(s, '~', false)
		if !ok {
			return "", badPath("a ~ in a path form is followed by two hexadecimal digits; a ~ itself is ~7E")
		}
		s = decoded
	}
	if !utf8.ValidString(s) {
		return "", badPath("the photo's name is not UTF-8")
	}
	return s, nil
}

// unescape decodes mark and two hexadecimal digits into a byte, and with plus
// also "+" into a space. It is not ok if a mark lacks its digits.
func unescape(s string, mark byte, plus bool) (string, bool) {
	if strings.IndexByte(s, mark) < 0 && !(plus && strings.IndexByte(s, '+') >= 0) {
		return s, true
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == mark:
			if i+2 >= len(s) {
				return "", false
			}
			high, low := unhex(s[i+1]), unhex(s[i+2])
			if high > 15 || low > 15 {
				return "", false
			}
			b = append(b, high<<4|low)
			i += 2
		case c == '+' && plus:
			b = append(b, ' ')
		default:
			b = append(b, c)
		}
	}
	return string(b), true
}

// unhex is a hexadecimal digit's value, or 255.
func unhex(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 255
}
