package probe

import (
	"bytes"
	"slices"
)

// heifMeta is a HEIF file's meta box (ISO/IEC 23008-12 6, 14496-12 8.11). Its
// tables are looked through when asked, so that none is built as large as the
// file wants it.
type heifMeta struct {
	s                      *source
	primary                uint32
	iinf, iref, iloc, idat []byte
	props                  []property
	ipma                   [][]byte
}

type property struct {
	kind string
	body []byte
}

// maxProps is how many properties an association can point to.
const maxProps = 1<<15 - 1

func openMeta(s *source, b []byte) (*heifMeta, error) {
	if len(b) < 4 {
		return nil, errShort
	}
	m := &heifMeta{s: s}
	primary := false
	eachBox(b[4:], func(kind string, body []byte) bool {
		switch kind {
		case "pitm":
			c := cursor{b: body}
			version, _ := c.full()
			m.primary = c.id(version > 0)
			primary = !c.bad
		case "iinf":
			m.iinf = body
		case "iref":
			m.iref = body
		case "iloc":
			m.iloc = body
		case "idat":
			m.idat = body
		case "iprp":
			eachBox(body, m.addProps)
		}
		return true
	})
	if !primary {
		return nil, damaged("HEIF without a primary picture")
	}
	return m, nil
}

func (m *heifMeta) addProps(kind string, body []byte) bool {
	switch kind {
	case "ipco":
		eachBox(body, func(kind string, body []byte) bool {
			m.props = append(m.props, property{kind, body})
			return len(m.props) < maxProps
		})
	case "ipma":
		m.ipma = append(m.ipma, body)
	}
	return len(m.ipma) < 16
}

// eachItem calls f with every item until it returns false. A mime item has a
// content type.
func (m *heifMeta) eachItem(f func(id uint32, kind, content string) bool) {
	c := cursor{b: m.iinf}
	if version, _ := c.full(); version == 0 {
		c.uint(2)
	} else {
		c.uint(4)
	}
	eachBox(c.b, func(kind string, body []byte) bool {
		c := cursor{b: body}
		version, _ := c.full()
		if kind != "infe" || version < 2 {
			return true
		}
		id := c.id(version > 2)
		c.uint(2) // protection
		if len(c.b) < 4 {
			return true
		}
		typ, content := string(c.b[:4]), ""
		if typ == "mime" {
			_, rest, _ := bytes.Cut(c.b[4:], []byte{0}) // behind the name
			v, _, _ := bytes.Cut(rest, []byte{0})
			content = string(v[:min(len(v), 64)])
		}
		return f(id, typ, content)
	})
}

// kind is an item's type: av01, grid, Exif; empty if there is no such item.
func (m *heifMeta) kind(want uint32) (kind string) {
	m.eachItem(func(id uint32, k, _ string) bool {
		if id == want {
			kind = k
		}
		return id != want
	})
	return kind
}

// eachProp calls f with an item's properties in the order of their association,
// in which transforms apply.
func (m *heifMeta) eachProp(item uint32, f func(property)) {
	for _, b := range m.ipma {
		c := cursor{b: b}
		version, flags := c.full()
		size := 1
		if flags&1 != 0 {
			size = 2
		}
		for n := c.uint(4); n > 0 && !c.bad; n-- {
			id := c.id(version > 0)
			for k := c.uint(1); k > 0 && !c.bad; k-- {
				i := int(c.uint(size)) &^ (1 << (8*size - 1)) // without "essential"
				if id == item && i > 0 && i <= len(m.props) {
					f(m.props[i-1])
				}
			}
		}
	}
}

// eachRef calls f with every reference of a kind until it returns false. An
// item may refer to many; at most 256 are given.
func (m *heifMeta) eachRef(kind string, f func(from uint32, to []uint32) bool) {
	c := cursor{b: m.iref}
	version, _ := c.full()
	eachBox(c.b, func(k string, body []byte) bool {
		if k != kind {
			return true
		}
		c := cursor{b: body}
		from := c.id(version > 0)
		var to []uint32
		for n := c.uint(2); n > 0 && len(to) < 256 && !c.bad; n-- {
			to = append(to, c.id(version > 0))
		}
		return f(from, to)
	})
}

// derivedFrom gives the pictures that a derived one is made of.
func (m *heifMeta) derivedFrom(item uint32) (parts []uint32) {
	m.eachRef("dimg", func(from uint32, to []uint32) bool {
		if from == item {
			parts = to
		}
		return from != item
	})
	return parts
}

// extent is a stretch of an item's bytes, in the file or in idat.
type extent struct {
	off    uint64
	size   uint64 // 0: up to the end
	inIdat bool
}

// extents gives where an item lies; of many at most 64.
func (m *heifMeta) extents(item uint32) (list []extent) {
	c := cursor{b: m.iloc}
	version, _ := c.full()
	sizes := c.uint(2)
	offSize, lenSize, baseSize, indexSize := int(sizes>>12), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	if version > 2 || max(offSize, lenSize, baseSize, indexSize) > 8 {
		return nil
	}
	for n := uint64(c.id(version == 2)); n > 0 && !c.bad; n-- {
		id, method := c.id(version == 2), uint64(0)
		if version > 0 {
			method = c.uint(2) & 15
		} else {
			indexSize = 0
		}
		c.uint(2) // data reference
		base := c.uint(baseSize)
		for k := c.uint(2); k > 0 && !c.bad; k-- {
			c.uint(indexSize)
			e := extent{off: base + c.uint(offSize), size: c.uint(lenSize), inIdat: method == 1}
			if id == item && !c.bad && method <= 1 && len(list) < 64 {
				list = append(list, e)
			}
			if offSize+lenSize+indexSize == 0 {
				break // says nothing, however often
			}
		}
		if id == item {
			break
		}
	}
	return list
}

// data gives an item's bytes, at most limit of them. What is not there is nil;
// the error is one of reading.
func (m *heifMeta) data(item uint32, limit int) ([]byte, error) {
	var parts [][]byte
	for _, e := range m.extents(item) {
		var s span = m.s
		end := uint64(m.s.size)
		if e.inIdat {
			s, end = block(m.idat), uint64(len(m.idat))
		}
		if e.off >= end {
			return nil, nil
		}
		n := min(end-e.off, uint64(limit))
		if e.size > 0 {
			n = min(n, e.size)
		}
		b, err := s.at(int64(e.off), int(n))
		if err != nil {
			return nil, headerOnly(err)
		}
		parts = append(parts, b)
		if limit -= int(n); limit == 0 {
			break
		}
	}
	return slices.Concat(parts...), nil
}
