package site

import (
	"strings"
	"testing"

	"photofit/markup"
)

// Where style attributes have no effect, none is written, and nothing is that would need
// one.
func TestContentSecurityPolicy(t *testing.T) {
	r := newRewriter(t, Config{Placeholder: markup.Color})
	for policy, want := range map[string]bool{
		"": true, "img-src 'self'": true, "default-src 'self'": false, "default-src 'self'; style-src 'unsafe-inline'": true,
		"STYLE-SRC 'Unsafe-Inline' 'self'": true, "style-src 'unsafe-inline' 'nonce-x'": false, "style-src 'unsafe-inline'; style-src-attr 'none'": false,
		"style-src 'self'; style-src-attr 'unsafe-inline'": true, "style-src 'unsafe-inline'; style-src 'self'": true, ";;": true,
	} {
		got := string(rewrite(t, r, "index.html", `<meta http-equiv=Content-Security-Policy content="`+policy+`"><style>.a{max-width:100%}</style><img src="a.jpg"><img class=a src="b.jpg">`).HTML)
		if plain, framed := strings.Count(got, "style="), strings.Count(got, "height=\""); want && (plain != 2 || framed != 2) || !want && (plain != 0 || framed != 1) {
			t.Errorf("%q: %s", policy, got)
		}
	}
}
