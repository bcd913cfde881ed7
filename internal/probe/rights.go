package probe

// Rights is who made a photo and who may use it: what has to stay with every
// rendition. Each field is one line of UTF-8 of at most 1 KiB, empty if the
// photo does not tell. Rights is comparable; its zero value says nothing.
type Rights struct {
	Copyright string // the notice: "© 2025 Ann Example"
	Creator   string // several are joined with "; "
	Credit    string // the line to print beside the photo
	Terms     string // usage terms in words
	Statement string // address of a page with the licence (xmpRights:WebStatement)
	Licensor  string // address where a licence is sold (plus:LicensorURL)
}

// Empty says that there is nothing to keep.
func (r Rights) Empty() bool { return r == Rights{} }

// merge takes each field from the first that tells it. Photos carry the same
// facts up to three times; the callers ask XMP first (its encoding is certain
// and nothing is cut off), then IPTC IIM (whose fields are cut at 32 to 128
// bytes), then EXIF, which cameras fill in with whatever was set years ago.
func merge(from ...Rights) Rights {
	var r Rights
	for _, f := range from {
		fill(&r.Copyright, f.Copyright)
		fill(&r.Creator, f.Creator)
		fill(&r.Credit, f.Credit)
		fill(&r.Terms, f.Terms)
		fill(&r.Statement, f.Statement)
		fill(&r.Licensor, f.Licensor)
	}
	return r
}

// firstText is the first of several texts that says anything, asked in merge's order.
func firstText(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

func fill(to *string, s string) {
	if *to == "" {
		*to = s
	}
}
