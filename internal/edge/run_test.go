package edge

import (
	"strings"
	"testing"

	"github.com/dop251/goja"

	"photofit"
)

// A runner runs the function of a policy as it is deployed. It is no runtime of
// CloudFront's: it has more than that (see lint_test.go), and takes as long as it
// likes.
type runner struct {
	policy photofit.Policy
	vm     *goja.Runtime
	handle goja.Callable
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
	vm := goja.New()
	// Functions run in strict mode.
	if _, err := vm.RunString("'use strict';" + code); err != nil {
		t.Fatal(err)
	}
	handle, ok := goja.AssertFunction(vm.Get("handler"))
	if !ok {
		t.Fatal("there is no handler")
	}
	return &runner{p, vm, handle}
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
	status  int64
	headers map[string]string
	body    string
	hasBody bool
}

// run calls the function on the event that CloudFront makes of a request
// (Developer Guide, "CloudFront Functions event structure" and "rawQueryString()
// method"): the path as it came, percent-encoded; the query parsed, parameters that
// come twice as multiValue, the first in value; header names in lower case; the raw
// query by a method, undefined where there is no "?". All of them are strings of
// characters, so that bytes which are not UTF-8 have become U+FFFD.
func (r *runner) run(t testing.TB, v viewed) outcome {
	t.Helper()
	request := r.vm.NewObject()
	set := func(o *goja.Object, name string, value any) {
		if err := o.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	set(request, "method", v.method)
	set(request, "uri", characters(v.path))
	set(request, "headers", r.fields([][2]string{{"host", "d111111abcdef8.cloudfront.net"}}, "accept", v.accepts))
	set(request, "cookies", map[string]any{})
	var pairs [][2]string
	for pair := range strings.SplitSeq(v.query, "&") {
		if name, value, _ := strings.Cut(pair, "="); name != "" {
			pairs = append(pairs, [2]string{characters(name), characters(value)})
		}
	}
	set(request, "querystring", r.fields(pairs, "", nil))
	set(request, "rawQueryString", func() goja.Value {
		if v.bare {
			return goja.Undefined()
		}
		return r.vm.ToValue(characters(v.query))
	})
	event := r.vm.NewObject()
	set(event, "version", "1.0")
	set(event, "context", map[string]any{"eventType": "viewer-request"})
	set(event, "viewer", map[string]any{"ip": "198.51.100.11"})
	set(event, "request", request)
	result, err := r.handle(goja.Undefined(), event)
	if err != nil {
		t.Fatalf("%q?%q: the function fails, which is a 503: %v", v.path, v.query, err)
	}
	back := result.ToObject(r.vm)
	if status := back.Get("statusCode"); status != nil {
		o := outcome{status: status.ToInteger(), headers: map[string]string{}}
		headers := back.Get("headers").ToObject(r.vm)
		for _, name := range headers.Keys() {
			o.headers[name] = headers.Get(name).ToObject(r.vm).Get("value").String()
		}
		if body := back.Get("body"); body != nil {
			o.body, o.hasBody = body.String(), true
		}
		return o
	}
	if back != request {
		t.Fatalf("%q?%q: the function gives neither the request nor a response", v.path, v.query)
	}
	if left := back.Get("querystring").ToObject(r.vm).Keys(); len(left) > 0 {
		t.Fatalf("%q?%q: the query is left: %q", v.path, v.query, left)
	}
	return outcome{uri: back.Get("uri").String()}
}

// fields makes the object for headers or parameters. All values of name are one
// field.
func (r *runner) fields(pairs [][2]string, name string, values []string) *goja.Object {
	for _, value := range values {
		pairs = append(pairs, [2]string{name, characters(value)})
	}
	byName := map[string][]any{}
	var order []string
	for _, p := range pairs {
		if byName[p[0]] == nil {
			order = append(order, p[0])
		}
		byName[p[0]] = append(byName[p[0]], map[string]any{"value": p[1]})
	}
	o := r.vm.NewObject()
	for _, n := range order {
		field := r.vm.NewObject()
		_ = field.Set("value", byName[n][0].(map[string]any)["value"])
		if len(byName[n]) > 1 {
			_ = field.Set("multiValue", r.vm.ToValue(byName[n]))
		}
		_ = o.Set(n, field)
	}
	return o
}

// characters is how bytes look as a string of JavaScript.
func characters(bytes string) string { return string([]rune(bytes)) }
