package lint

import "testing"

func TestNear(t *testing.T) {
	for _, c := range []struct {
		name  string
		among []string
		want  string
	}{
		{"Orgins", []string{"Aliases", "Origins", "OriginGroups"}, "Origins"},
		{"functionarn", []string{"FunctionName", "FunctionARN"}, "FunctionARN"},
		{"Origin", []string{"Origina", "Originb"}, "Origina"}, // the first of two
		{"Origin", []string{"Originb", "Origina"}, "Origina"},
		{"x", []string{"Enabled"}, ""},
		{"Enabled", []string{"Comment"}, ""},
		{"Enabled", nil, ""},
		{"", []string{"A"}, "A"},
	} {
		if got := near(c.name, c.among); got != c.want {
			t.Errorf("near %q among %q is %q, want %q", c.name, c.among, got, c.want)
		}
	}
	for _, c := range []struct {
		a, b string
		d    int
	}{{"", "", 0}, {"abc", "", 3}, {"", "ab", 2}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}} {
		if got := distance(c.a, c.b); got != c.d {
			t.Errorf("%q and %q differ by %d, not %d", c.a, c.b, got, c.d)
		}
	}
}
