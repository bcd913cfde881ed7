package edge

import (
	"strings"
	"testing"

	"photofit"
)

func TestMinify(t *testing.T) {
	for _, c := range []struct{ code, want string }{
		{"var long = 1; // why\nlong++;", "var a=1;a++;"},
		{"var a1 = 1;\nvar b1 = 2;\nconst c1 = 3;", "var a=1,b=2;const c=3;"},
		{"var x1 = y + +z - -1 + -2;", "var a=y+ +z- -1+-2;"},
		{"function handler(event) {\n\treturn event.request;\n}", "function handler(a){return a.request}"},
		// Properties keep their names, variables of the same name don't.
		{"var value = o.value; o = { value: value, b: value ? value : 1 };", "var a=o.value;o={value:a,b:a?a:1};"},
		{"'value' in value; var value;", "'value'in a;var a;"},
		// What looks like code in literals is none.
		{"var word = 'a // word \\' {word} ;}';", "var a='a // word \\' {word} ;}';"},
		{`var word = /[/"']\/ word/.test(word) / 2 / word;`, `var a=/[/"']\/ word/.test(a)/2/a;`},
		{"return /  x/.test(y);", "return/  x/.test(y);"},
		// A short name is not one that means something already.
		{"a(b); var word = c;", "a(b);var d=c;"},
		{"list.map(one => one.a + two);", "list.map(a=>a.a+two);"},
		{"try { f(1); } catch (error) { g(error); }", "try{f(1)}catch(a){g(a)}"},
	} {
		if got := minify(c.code); got != c.want {
			t.Errorf("%s\nbecame %s\nwant   %s", c.code, got, c.want)
		}
	}
}

func TestShortNames(t *testing.T) {
	seen := map[string]bool{}
	for n := range 52 + 52*52 + 100 {
		name := shortName(n)
		if seen[name] {
			t.Fatalf("%s comes twice", name)
		}
		seen[name] = true
	}
}

// As people read it and as it is deployed, the function is the same.
func TestMinifiedIsTheSame(t *testing.T) {
	for _, p := range policies() {
		code, err := withPolicy(p)
		if err != nil {
			t.Fatal(err)
		}
		readable, short := runCode(t, p, code), newRunner(t, p)
		for _, v := range []viewed{
			get("/", ""), get("/a%", ""), get("/é%20_/_b//", ""), get("/a.jpg", "w=801&h=333&fit=crop&fp-x=.3&q=70", browser), get("/a.jpg", "ar=16:9&fit=min&h=333", `image/webp;x=","`, "*/*"),
			get("/~41/_w7-h9-fp1-2-q3.avif", ""), get("/a", "crop=faces"), get("/a", "max-w=1"), get("/a/_original", ""),
		} {
			a, b := readable.run(t, v), short.run(t, v)
			if a.uri != b.uri || a.status != b.status || a.body != b.body {
				t.Errorf("%q?%q: %+v, but %+v when it is short", v.path, v.query, a, b)
			}
		}
	}
}

// What a policy's owner may add before the function is too large.
func TestRoomForLongerLists(t *testing.T) {
	p := photofit.DefaultPolicy()
	for w := range 30 {
		p.Widths = append(p.Widths, 4000+100*w)
	}
	for _, r := range []int{30, 40, 50} {
		p.Ratios = append(p.Ratios, photofit.Ratio{W: r, H: 10})
	}
	code, err := Function(p)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(code, "6900]") {
		t.Errorf("the last width is missing:\n%s", code)
	}
}
