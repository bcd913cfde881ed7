package site

import (
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
)

// charsetOf is the encoding of a page that is not UTF-8: what it says, or else what
// browsers take it for; nil is UTF-8, or not known.
func charsetOf(page []byte) encoding.Encoding {
	if utf8.Valid(page) {
		return nil
	}
	e, name, _ := charset.DetermineEncoding(page, "")
	if name == "utf-8" || e == encoding.Nop {
		return nil
	}
	return e
}

// inUTF8 gives text of a page. What is UTF-8 stays, since a server may say another
// encoding than the page, and hardly any other text is that by chance.
func inUTF8(text []byte, from encoding.Encoding) []byte {
	if from == nil || utf8.Valid(text) {
		return text
	}
	decoded, err := from.NewDecoder().Bytes(text)
	if err != nil {
		return text
	}
	return decoded
}
