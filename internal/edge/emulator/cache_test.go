package emulator

import (
	"strings"
	"testing"
)

func TestInvalidate(t *testing.T) {
	g := newRig(t, asIs)
	for path, tag := range map[string]string{"/a": "one", "/b": "One", "/c": "two", "/d/e": "ones, two"} {
		g.answer("renditions "+path, 200, "x", "Cache-Control", "max-age=60", "X-Amz-Meta-Cache-Tag", tag)
	}
	for _, c := range []struct {
		item string
		gone string
	}{
		{"#ONE", "/a /b"}, {"#two", "/c /d/e"}, {"#on", ""}, {"/a", "/a"}, {"/d*", "/d/e"}, {"/*", "/a /b /c /d/e"}, {"/d", ""},
	} {
		all := []string{"/a", "/b", "/c", "/d/e"}
		for _, path := range all {
			g.ask("GET", path)
		}
		g.asked = nil
		n, err := g.edge.Invalidate(c.item)
		var gone []string
		for _, path := range all {
			if a := g.ask("GET", path); a.Header.Get("X-Cache") != "Hit from cloudfront" {
				gone = append(gone, path)
			}
		}
		if err != nil || n != len(gone) || strings.Join(gone, " ") != c.gone {
			t.Errorf("%s: %d, %q, %v", c.item, n, gone, err)
		}
	}
	for _, bad := range []string{"", "a", "/~7E", "/*/a"} {
		if _, err := g.edge.Invalidate(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func TestFullCache(t *testing.T) {
	g := newRig(t, asIs)
	g.edge.cache.most = 10
	for _, path := range []string{"/a", "/b", "/c"} {
		g.answer("renditions "+path, 200, "1234", "Cache-Control", "max-age=60")
	}
	g.answer("renditions /large", 200, "12345678901", "Cache-Control", "max-age=60")
	g.want("/a", 200, "Miss", "")
	g.want("/b", 200, "Miss", "")
	g.want("/a", 200, "Hit", "")
	g.want("/c", 200, "Miss", "") // in place of b
	g.want("/a", 200, "Hit", "")
	g.want("/b", 200, "Miss", "")
	g.want("/large", 200, "Miss", "")
	g.want("/large", 200, "Miss", "")
	g.want("/b", 200, "Hit", "")
}
