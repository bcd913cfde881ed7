package site

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// forbidsStyles tells whether a <meta> is a Content-Security-Policy under which style
// attributes have no effect (https://www.w3.org/TR/CSP3/#directive-style-src-attr).
func forbidsStyles(meta *html.Node) bool {
	if !strings.EqualFold(attribute(meta, "http-equiv"), "content-security-policy") {
		return false
	}
	directives := map[string][]string{}
	for directive := range strings.SplitSeq(strings.ToLower(attribute(meta, "content")), ";") {
		if words := strings.Fields(directive); len(words) > 0 && directives[words[0]] == nil { // the first counts
			directives[words[0]] = words
		}
	}
	for _, name := range []string{"style-src-attr", "style-src", "default-src"} {
		if words := directives[name]; words != nil {
			// With a nonce or a hash 'unsafe-inline' is passed over.
			return !slices.Contains(words, "'unsafe-inline'") || slices.ContainsFunc(words, func(w string) bool {
				return strings.HasPrefix(w, "'nonce-") || strings.HasPrefix(w, "'sha")
			})
		}
	}
	return false
}
