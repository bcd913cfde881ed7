package photofit

import (
	"strings"
	"testing"
)

func explain(t *testing.T, ask string, p Policy) (Explanation, error) {
	t.Helper()
	path, query, _ := strings.Cut(ask, "?")
	e, err := Explain(path, query, takesAVIF, p)
	r, resolveErr := Resolve(path, query, takesAVIF, p)
	if r != e.Recipe || (err == nil) != (resolveErr == nil) || err != nil && *err.(*Error) != *resolveErr.(*Error) {
		t.Errorf("%s: Explain says %+v, %v, Resolve %+v, %v", ask, e.Recipe, err, r, resolveErr)
	}
	return e, err
}

func TestExplain(t *testing.T) {
	for _, c := range []struct{ ask, path, steps string }{
		{"/b.jpg?w=390&dpr=2&auto=format&utm=1", "/b.jpg/_w800.auto-avif",
			"path:/b.jpg=b.jpg utm:1= dpr:2= auto:format= Accept:*=.auto-avif w:390=800"},
		{"/b.jpg?w=700&h=500&fit=crop&fp-x=.1&q=75&fm=webp", "/b.jpg/_w800-h600-fp0-50-q80.webp",
			"path:/b.jpg=b.jpg fm:webp=webp w:700=800 h:500=600 fit:crop=crop crop:=0-50 fp-x:.1=0 q:75=80"},
		{"/b.jpg?w=700&ar=1.7:1&fit=crop&crop=smart&fp-y=1", "/b.jpg/_w800-h450-smart.auto-avif",
			"path:/b.jpg=b.jpg fp-y:1= Accept:*=.auto-avif ar:1.7:1=16:9 w:700=800 h:=450 fit:crop=crop crop:smart=smart"},
		{"/b.jpg?w=800&h=450&fit=crop&crop=top&ar=1:1", "/b.jpg/_w800-h450-fp50-0.auto-avif",
			"path:/b.jpg=b.jpg Accept:*=.auto-avif ar:1:1= w:800=800 h:450=450 fit:crop=crop crop:top=50-0"},
		{"/b.jpg?w=800&crop=top&ar=1:1&fp-x=0", "/b.jpg/_w800.auto-avif",
			"path:/b.jpg=b.jpg fp-x:0= Accept:*=.auto-avif ar:1:1= w:800=800 crop:top="},
		{"/b.jpg", "/b.jpg/_w3840.auto-avif", "path:/b.jpg=b.jpg Accept:*=.auto-avif w:=3840"},
		{"/b.jpg/_w790-h400-smart-q70.png", "/b.jpg/_w800-h400-smart.png",
			"path:/b.jpg/_w790-h400-smart-q70.png=b.jpg fm:png=png w:790=800 h:400=400 fit:crop=crop crop:smart=smart q:70="},
	} {
		e, err := explain(t, c.ask, Policy{})
		if err != nil {
			t.Errorf("%s: %v", c.ask, err)
			continue
		}
		var steps []string
		for _, s := range e.Steps {
			if s.Why == "" {
				t.Errorf("%s: %+v without a reason", c.ask, s)
			}
			if s.Param == "Accept" {
				s.Given = "*"
			}
			steps = append(steps, s.Param+":"+s.Given+"="+s.Became)
		}
		if got := strings.Join(steps, " "); got != c.steps {
			t.Errorf("%s: steps\n%s, want\n%s", c.ask, got, c.steps)
		}
		if e.Path != c.path || e.Path != e.Recipe.Path() {
			t.Errorf("%s became %s, want %s", c.ask, e.Path, c.path)
		}
	}
}

func TestExplainKeepsStepsOfRefusals(t *testing.T) {
	e, err := explain(t, "/b.jpg?utm=1&w=800&q=high", Policy{})
	if err == nil || e.Path != "" || len(e.Steps) != 3 {
		t.Fatalf("%+v, %v", e, err)
	}
	last := e.Steps[2]
	if e.Steps[1].Param != "utm" || last.Param != "q" || last.Given != "high" || !strings.HasPrefix(last.Why, "refused: q is a quality") {
		t.Errorf("steps %+v", e.Steps)
	}
}
