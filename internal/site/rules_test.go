package site

import (
	"slices"
	"strings"
	"testing"

	"photofit"
)

func TestParseRules(t *testing.T) {
	rules := parse(t, "/* a; } comment */\n.a[title=\"{;\"] img,\n#b { ratio: 3/2; CROP: bottom right ; quality:80 }\n\nimg{sizes:calc(50vw - 8px);width:900px;skip:no}\n")
	if len(rules) != 2 || rules[0].Line != 2 || rules[1].Line != 5 {
		t.Fatalf("%+v", rules)
	}
	a, b := rules[0].set, rules[1].set
	if *a.ratio != (photofit.Ratio{W: 3, H: 2}) || *a.crop != photofit.FocalPoint(100, 100) || *a.quality != 80 || a.sizes != nil {
		t.Errorf("%+v", a)
	}
	if *b.sizes != "calc(50vw - 8px)" || *b.width != 900 || *b.skip || b.eager != nil {
		t.Errorf("%+v", b)
	}
	if rules := parse(t, " /* nothing */ \n"); len(rules) != 0 {
		t.Errorf("%+v", rules)
	}
}

func TestParseRulesSaysTheLine(t *testing.T) {
	for text, want := range map[string]string{
		"img { skip: maybe }":                      `line 1: skip is yes or no: not "maybe"`,
		"\n\nimg {\n sizes: 1px;\n ratio: 16 }":    "line 5: ratio is width to height",
		"img { colour: red }":                      `line 1: there is no property "colour"`,
		"\nimg:foo( { skip: yes }":                 "line 2: '{' is out of place",
		"\nimg:foo { skip: yes }":                  `line 2: "img:foo" is no selector`,
		"img { skip: yes":                          "the file ends within a rule",
		"img\n":                                    "line 1: the file ends within a rule",
		"img { skip }":                             `line 1: "skip" is no property`,
		"a { skip: yes }\n } b { skip: yes }":      `line 2: '}' is out of place`,
		"/* \n":                                    "line 1: a comment that begins here has no end",
		"img { crop: north }":                      "line 1: crop is smart, center",
		"img { quality: 101 }":                     "line 1: quality is a whole number from 1 to 100",
		"img { placeholder: blur }":                "line 1: placeholder is color, thumb or none",
		"img { sizes: \"100vw\" }":                 "line 1: sizes is a list",
		"{ skip: yes }":                            "line 1",
		"img { sizes: banana }":                    `line 1: "banana" is no length`,
		"img { sizes: 50% }":                       "line 1: 50%: sizes knows no percentages",
		"\na:hover img { skip: yes }":              "line 2: :hover never holds",
		"\n\nimg[ width ] { skip: yes }":           "line 3: images get width by a run",
		"p img:not([loading='lazy']) { skip: no }": "line 1: images get loading by a run",
		"a:not(:FOCUS) { skip: yes }":              "line 1: :FOCUS never holds",
	} {
		_, err := ParseRules(text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// Rules that hold for nothing are told, but for those that were measured.
func TestIdleRules(t *testing.T) {
	rules := parse(t, "img { quality: 80 }\n.none img[alt=':hover'] { skip: yes }\nimg { page: x.html; skip: yes }\n"+measuredBegin+"\n.gone { sizes: 1px }\n"+measuredEnd+"\na, .no { skip: yes }\n")
	r := newRewriter(t, Config{Rules: rules})
	rewrite(t, r, "index.html", `<p class=no><img src="a.jpg">`)
	var lines []int
	for _, rule := range rules.Idle() {
		lines = append(lines, rule.Line)
	}
	if want := []int{2, 3, 7}; !slices.Equal(lines, want) {
		t.Errorf("lines %v, want %v", lines, want)
	}
}

// Selectors mean what they mean in a browser: in the tree, not in the order of tags.
func TestSelectorsMeanTheTree(t *testing.T) {
	r := newRewriter(t, Config{Rules: parse(t, `p img, li:nth-child(2) img, table img { skip: yes }`)})
	got := rewrite(t, r, "index.html", `<p>x<div><img src="a.jpg" id=1></div><ul><li>a<li><img src="a.jpg" id=2></ul><table><tr><img src="a.jpg" id=3><td><img src="a.jpg" id=4></table>`)
	var left []bool
	for _, f := range got.Found {
		left = append(left, f.Left == ByRule)
	}
	// The first is outside of the paragraph that div has closed, the third is moved
	// out of the table.
	if want := []bool{false, true, false, true}; len(left) != 4 || left[0] != want[0] || left[1] != want[1] || left[2] != want[2] || left[3] != want[3] {
		t.Errorf("%v, want %v", left, want)
	}
	deep := strings.Repeat("<div>", 600) + `<img src="a.jpg">`
	if _, err := r.Page(t.Context(), "deep.html", []byte(deep), nil); err == nil || !strings.Contains(err.Error(), "deep.html: the rules cannot be applied") {
		t.Errorf("%v", err)
	}
	if got := rewrite(t, newRewriter(t, Config{}), "deep.html", deep); !got.Changed {
		t.Error("a deep page needs no tree where there are no rules")
	}
}
