package edge

import (
	"testing"

	"photofit"
	"photofit/internal/edge/run"
)

// A runner runs the function of a policy as it is deployed. lint_test.go holds the
// function to what CloudFront's own runtime has.
type runner struct {
	policy photofit.Policy
	runner *run.Runner
}

func newRunner(t testing.TB, p photofit.Policy) *runner {
	t.Helper()
	code, err := Function(p)
	if err != nil {
		t.Fatal(err)
	}
	return runCode(t, p, code)
}

func runCode(t testing.TB, p photofit.Policy, code string) *runner {
	t.Helper()
	r, err := run.New(code)
	if err != nil {
		t.Fatal(err)
	}
	return &runner{p, r}
}

// viewed is a request as a viewer sends it: bytes.
type viewed struct {
	method  string
	path    string
	query   string   // without "?"
	bare    bool     // no "?" either; query is empty
	accepts []string // one for each Accept header
}

func get(path, query string, accepts ...string) viewed {
	return viewed{"GET", path, query, query == "", accepts}
}

// outcome is what the function makes of a request: a path to go on with, or an
// answer.
type outcome struct {
	uri     string
	status  int
	headers map[string]string
	body    string
	hasBody bool
}

// run calls the function.
func (r *runner) run(t testing.TB, v viewed) outcome {
	t.Helper()
	header := [][2]string{{"host", "d111111abcdef8.cloudfront.net"}}
	for _, accept := range v.accepts {
		header = append(header, [2]string{"accept", accept})
	}
	result, err := r.runner.Do(run.Request{Method: v.method, Path: v.path, Query: v.query, Bare: v.bare, Header: header})
	if err != nil {
		t.Fatalf("%q?%q: the function fails, which is a 503: %v", v.path, v.query, err)
	}
	if result.Query != "" {
		t.Fatalf("%q?%q: the query is left: %q", v.path, v.query, result.Query)
	}
	return outcome{result.URI, result.Status, result.Header, result.Body, result.HasBody}
}
