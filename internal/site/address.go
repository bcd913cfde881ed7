package site

import "strings"

// address is an absolute URL as a browser reads one, as far as it matters here.
type address struct {
	scheme string // in small letters: "https"
	host   string // in small letters, with the port
	path   string // with a leading slash, percent-encoded as it was, without dot segments
	query  string // as it was
}

// parseAddress reads an absolute http or https URL.
func parseAddress(url string) (address, bool) {
	a, ok := address{}.follow(url)
	return a, ok && a.host != ""
}

// follow resolves a reference as browsers do (https://url.spec.whatwg.org), for http
// and https; it is not ok for any other scheme, such as data.
func (a address) follow(ref string) (address, bool) {
	ref = strings.TrimFunc(ref, func(r rune) bool { return r <= ' ' })
	ref = strings.NewReplacer("\t", "", "\n", "", "\r", "").Replace(ref)
	ref, _, _ = strings.Cut(ref, "#")
	if scheme, rest, ok := cutScheme(ref); ok {
		if scheme != "http" && scheme != "https" {
			return address{}, false
		}
		if scheme != a.scheme || strings.HasPrefix(slashed(rest, 2), "//") {
			a = address{scheme: scheme}
			ref = "//" + strings.TrimLeft(rest, `/\`)
		} else {
			ref = rest // "https:b.jpg" is relative to a page of that scheme
		}
	}
	rest, query, hasQuery := strings.Cut(ref, "?")
	rest = strings.ReplaceAll(rest, `\`, "/")
	switch {
	case strings.HasPrefix(rest, "//"):
		host, path, _ := strings.Cut(strings.TrimLeft(rest, "/"), "/")
		if i := strings.LastIndexByte(host, '@'); i >= 0 {
			host = host[i+1:]
		}
		a.host, a.path = strings.ToLower(host), "/"+path
	case strings.HasPrefix(rest, "/"):
		a.path = rest
	case rest != "":
		a.path = a.path[:strings.LastIndexByte(a.path, '/')+1] + rest
	case !hasQuery:
		return a, true
	}
	a.path, a.query = undotted(a.path), query
	return a, true
}

// slashed is the first n bytes with backslashes as slashes.
func slashed(s string, n int) string {
	return strings.ReplaceAll(s[:min(n, len(s))], `\`, "/")
}

// cutScheme cuts "https:" off.
func cutScheme(ref string) (scheme, rest string, ok bool) {
	for i := range len(ref) {
		c := lowerByte(ref[i])
		switch {
		case 'a' <= c && c <= 'z':
		case i > 0 && ('0' <= c && c <= '9' || c == '+' || c == '-' || c == '.'):
		case i > 0 && c == ':':
			return strings.ToLower(ref[:i]), ref[i+1:], true
		default:
			return "", ref, false
		}
	}
	return "", ref, false
}

// undotted resolves the dot segments of a path.
func undotted(path string) string {
	if !strings.Contains(path, "/.") && !containsFold([]byte(path), "/%2e") {
		return path
	}
	var kept []string
	segments := strings.Split(path, "/")[1:]
	for i, segment := range segments {
		last := i == len(segments)-1
		switch strings.ReplaceAll(strings.ReplaceAll(segment, "%2e", "."), "%2E", ".") {
		case ".":
			if last {
				kept = append(kept, "")
			}
		case "..":
			kept = kept[:max(len(kept)-1, 0)]
			if last {
				kept = append(kept, "")
			}
		default:
			kept = append(kept, segment)
		}
	}
	return "/" + strings.Join(kept, "/")
}

// under gives the path below a URL's, without a slash in front: of
// "https://example.com/blog/a.jpg" under "https://example.com/blog" it is "a.jpg".
// http and https are the same here, since pages of one load photos of the other.
func (a address) under(base address) (string, bool) {
	if a.host != base.host {
		return "", false
	}
	return strings.CutPrefix(a.path, strings.TrimSuffix(base.path, "/")+"/")
}

// decoded percent-decodes a path. A % that is none of it is itself, as for a browser.
// It need not be UTF-8.
func decoded(path string) string {
	b := make([]byte, 0, len(path))
	for i := 0; i < len(path); i++ {
		if path[i] == '%' && i+2 < len(path) {
			high, low := unhex(path[i+1]), unhex(path[i+2])
			if high < 16 && low < 16 {
				b = append(b, high<<4|low)
				i += 2
				continue
			}
		}
		b = append(b, path[i])
	}
	return string(b)
}

func unhex(c byte) byte {
	switch c = lowerByte(c); {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	}
	return 255
}
