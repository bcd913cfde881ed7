package photofit

import (
	"strings"
	"testing"
	"unicode/utf8"
)

var names = []struct{ photo, escaped string }{
	{"", ""},
	{"trip/b.jpg", "trip/b.jpg"},
	{"IMG_0001-2.JPG", "IMG_0001-2.JPG"},
	{"a b+c#d%e?f.jpg", "a~20b~2Bc~23d~25e~3Ff.jpg"},
	{"é", "~C3~A9"},
	{"世界/😀.jpg", "~E4~B8~96~E7~95~8C/~F0~9F~98~80.jpg"},
	{"_DSC1.jpg", "~5FDSC1.jpg"},
	{"trip/_DSC1_2.jpg", "trip/~5FDSC1_2.jpg"},
	{"~", "~7E"},
	{"a~5Fb", "a~7E5Fb"},
	{".", "~2E"},
	{"..", "~2E~2E"},
	{"../..", "~2E~2E/~2E~2E"},
	{"a/.../b", "a/~2E~2E~2E/b"},
	{".hidden", ".hidden"},
	{"a/..b", "a/..b"},
	{"a..", "a.."},
	{"a//b", "a/~2Fb"},
	{"a///b", "a/~2F/b"},
	{"/a", "~2Fa"},
	{"//a", "~2F/a"},
	{"/", "~2F"},
	{"//", "~2F~2F"},
	{"a/", "a~2F"},
	{"a//", "a/~2F"},
	{"../", "..~2F"},
	{"a//_b", "a/~2F_b"},
	{"-", "~2D"},
	{"-/x", "~2D/x"},
	{"-/", "-~2F"},
	{"a/-", "a/-"},
	{"--", "--"},
	{"-a", "-a"},
	{"\x00\x01\x7f\n", "~00~01~7F~0A"},
	{`a\b"c<d>e|f*g:h`, "a~5Cb~22c~3Cd~3Ee~7Cf~2Ag~3Ah"},
}

func TestEscapeBothWays(t *testing.T) {
	for _, c := range names {
		if got := EscapePhoto(c.photo); got != c.escaped {
			t.Errorf("EscapePhoto(%q) = %s, want %s", c.photo, got, c.escaped)
		}
		if got, err := UnescapePhoto(c.escaped); got != c.photo || err != nil {
			t.Errorf("UnescapePhoto(%s) = %q, %v, want %q", c.escaped, got, err, c.photo)
		}
	}
}

// Every name of up to six bytes that mean something, and no two alike.
func TestEscapeIsABijection(t *testing.T) {
	owner := map[string]string{}
	var walk func(photo string, depth int)
	walk = func(photo string, depth int) {
		checkEscape(t, photo)
		escaped := EscapePhoto(photo)
		if other, taken := owner[escaped]; taken {
			t.Fatalf("%q and %q both escape to %s", photo, other, escaped)
		}
		owner[escaped] = photo
		if depth == 0 {
			return
		}
		for _, c := range "/._-~a" {
			walk(photo+string(c), depth-1)
		}
	}
	walk("", 6)
}

func checkEscape(t *testing.T, photo string) {
	t.Helper()
	escaped := EscapePhoto(photo)
	if back, err := UnescapePhoto(escaped); back != photo || err != nil {
		t.Fatalf("%q escapes to %s, which is %q, %v", photo, escaped, back, err)
	}
	if photo == "" {
		return
	}
	for i, segment := range strings.Split(escaped, "/") {
		if segment == "" || strings.Trim(segment, ".") == "" || segment[0] == '_' || i == 0 && segment == "-" {
			t.Fatalf("%q escapes to %s with a segment %q", photo, escaped, segment)
		}
		for _, c := range []byte(segment) {
			if !plainByte(c) && c != '~' {
				t.Fatalf("%q escapes to %s with a byte %q", photo, escaped, c)
			}
		}
	}
}

func TestUnescapeRefuses(t *testing.T) {
	for _, s := range []string{"~", "a~", "a~2", "~2g", "~G2", "~2f", "~61", "/a", "a/", "a//b", "..", "a/./b", "_a", "a/_b", "-", "-/x",
		"a b", "é", "~FF", "~C3", "~ED~A0~80", "a\xff", "~2F~2Fa", "a~2Fb", "+", "%20"} {
		if got, err := UnescapePhoto(s); err == nil {
			t.Errorf("UnescapePhoto(%q) = %q, want an error", s, got)
		}
	}
}

func FuzzEscape(f *testing.F) {
	for _, c := range names {
		f.Add(c.photo)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if utf8.ValidString(s) {
			checkEscape(t, s)
		}
		if photo, err := UnescapePhoto(s); err == nil && EscapePhoto(photo) != s {
			t.Fatalf("UnescapePhoto(%q) = %q, which escapes to %q", s, photo, EscapePhoto(photo))
		}
	})
}
