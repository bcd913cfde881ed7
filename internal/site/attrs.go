package site

import (
	"golang.org/x/net/html"
)

// attr is an attribute of a start tag, with where it stands.
type attr struct {
	name  string // in small letters
	value string // decoded
	at    int    // of the name's first byte
	end   int    // after the last byte of the whole: of the closing quote, of the value, or of the name
	from  int    // of the value with its quotes; end if there is none
}

// attributes gives those of the start tag that the tokenizer has just read, which
// is page[at:end]. Of a name that is there twice the first counts, as in a browser.
// Values are the tokenizer's; where they stand is found anew, by the states of the
// HTML standard (13.2.5.32 and what follows). If the two don't agree on what there
// is, the tag is not one to be touched: then it is not ok.
func attributes(z *html.Tokenizer, page []byte, at, end int, has bool) ([]attr, bool) {
	found, ok := locate(page, at, end)
	if !ok {
		return nil, false
	}
	attrs := found[:0]
	seen := map[string]bool{}
	for _, a := range found {
		if !seen[a.name] {
			seen[a.name] = true
			attrs = append(attrs, a)
		}
	}
	for i := range attrs {
		if !has {
			return nil, false
		}
		var key, value []byte
		key, value, has = z.TagAttr()
		if string(key) != attrs[i].name {
			return nil, false
		}
		attrs[i].value = string(value)
	}
	if has {
		// "<img >" has none, but tells that it may have.
		key, _, _ := z.TagAttr()
		return attrs, len(key) == 0
	}
	return attrs, true
}

// locate finds the attributes of the start tag page[at:end], without their values;
// not ok if what stands there does not end as a tag does.
func locate(page []byte, at, end int) (attrs []attr, ok bool) {
	if end-at < 3 || page[at] != '<' || page[end-1] != '>' {
		return nil, false
	}
	last := end - 1
	i := at + 1
	for i < last && !space(page[i]) && page[i] != '/' {
		i++
	}
	for {
		for i < last && (space(page[i]) || page[i] == '/') {
			i++
		}
		if i >= last {
			return attrs, i == last
		}
		a := attr{at: i}
		for i++; i < last && !space(page[i]) && page[i] != '/' && page[i] != '='; i++ {
		}
		a.name, a.end, a.from = lowerName(page[a.at:i]), i, i
		next := i
		for next < last && space(page[next]) {
			next++
		}
		if next < last && page[next] == '=' {
			for next++; next < last && space(page[next]); next++ {
			}
			a.from, i = next, next
			switch {
			case next >= last: // no value before the end
			case page[next] == '"', page[next] == '\'':
				for i++; i < last && page[i] != page[next]; i++ {
				}
				if i >= last {
					return nil, false
				}
				i++
			default:
				for i < last && !space(page[i]) {
					i++
				}
			}
			a.end = i
		}
		attrs = append(attrs, a)
	}
}

func space(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f'
}

// lowerName is a name as the tokenizer gives it: ASCII capitals are made small, and
// NUL is U+FFFD.
func lowerName(name []byte) string {
	b := make([]byte, 0, len(name))
	for _, c := range name {
		if c == 0 {
			b = append(b, "\uFFFD"...)
		} else {
			b = append(b, lowerByte(c))
		}
	}
	return string(b)
}
