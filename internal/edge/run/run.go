// Package run runs the code of a CloudFront Function on this machine, in an
// interpreter of JavaScript: on the events that CloudFront makes of a viewer's
// bytes ("CloudFront Functions event structure" in its Developer Guide).
//
// It is no runtime of CloudFront's. It has more of JavaScript than that has, counts
// no computing, and takes as long as it likes up to a bound; the tests of package
// edge hold the code to what the real one documents.
package run

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/dop251/goja"
)

// longest is how long a function may take, so that one that does not end is an
// error. CloudFront's bound is about a millisecond.
const longest = 5 * time.Second

// Request is a request as a viewer sends it: bytes.
type Request struct {
	Method string
	Path   string
	Query  string      // without "?"
	Bare   bool        // there is no "?" either; Query is empty
	Header [][2]string // names in lower case; of one that comes several times, each
}

// Result is what a function makes of a request: a request to go on with, or an
// answer of its own.
type Result struct {
	// URI and Query are of the request to go on with; URI is empty if there is an
	// answer. Query is what the function left of it, encoded anew.
	URI   string
	Query string

	Status  int // of the answer; 0 if there is none
	Header  map[string]string
	Body    string
	HasBody bool
}

// ErrFailed is that the function threw, or gave what is neither a request nor an
// answer. CloudFront answers 503 then.
var ErrFailed = errors.New("the edge function fails")

// Runner runs one function. It is safe for concurrent use; calls are made one
// after the other.
type Runner struct {
	mu     sync.Mutex
	vm     *goja.Runtime
	handle goja.Callable
}

// New makes a runner of a function's code. The error is that of the code.
func New(code string) (*Runner, error) {
	vm := goja.New()
	// Functions run in strict mode.
	if _, err := vm.RunString("'use strict';" + code); err != nil {
		return nil, fmt.Errorf("the edge function's code: %w", err)
	}
	handle, ok := goja.AssertFunction(vm.Get("handler"))
	if !ok {
		return nil, errors.New("the edge function's code has no function handler")
	}
	return &Runner{vm: vm, handle: handle}, nil
}

// Do calls the function on the event viewer-request of a request: the path as it
// came, percent-encoded; the query parsed, parameters that come twice as
// multiValue, the first in value; the raw query by a method, undefined where there
// is no "?". All of them are strings of characters, so that bytes which are not
// UTF-8 have become U+FFFD. The error is ErrFailed.
func (r *Runner) Do(q Request) (result Result, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	late := time.AfterFunc(longest, func() { r.vm.Interrupt("it does not end") })
	defer func() {
		late.Stop()
		r.vm.ClearInterrupt()
		if cause := recover(); cause != nil { // by goja, of values that are not what they should be
			result, err = Result{}, fmt.Errorf("%w: %v", ErrFailed, cause)
		}
	}()
	request := r.request(q)
	event := r.object("version", "1.0", "context", map[string]any{"eventType": "viewer-request"},
		"viewer", map[string]any{"ip": "198.51.100.11"}, "request", request)
	given, err := r.handle(goja.Undefined(), event)
	if err != nil {
		return Result{}, fmt.Errorf("%w: %w", ErrFailed, err)
	}
	back := given.ToObject(r.vm)
	if status := back.Get("statusCode"); status != nil {
		return r.answer(back, int(status.ToInteger()))
	}
	uri := back.Get("uri")
	if uri == nil || !strings.HasPrefix(uri.String(), "/") {
		return Result{}, fmt.Errorf("%w: it gives neither a request nor a response", ErrFailed)
	}
	return Result{URI: uri.String(), Query: r.query(back.Get("querystring"))}, nil
}

func (r *Runner) request(q Request) *goja.Object {
	var pairs [][2]string
	for pair := range strings.SplitSeq(q.Query, "&") {
		if name, value, _ := strings.Cut(pair, "="); name != "" {
			pairs = append(pairs, [2]string{name, value})
		}
	}
	return r.object("method", q.Method, "uri", characters(q.Path), "headers", r.fields(q.Header),
		"cookies", map[string]any{}, "querystring", r.fields(pairs),
		"rawQueryString", func() goja.Value {
			if q.Bare {
				return goja.Undefined()
			}
			return r.vm.ToValue(characters(q.Query))
		})
}

// answer reads a response that the function made.
func (r *Runner) answer(back *goja.Object, status int) (Result, error) {
	if status < 200 || status > 599 {
		return Result{}, fmt.Errorf("%w: its statusCode is %d", ErrFailed, status)
	}
	result := Result{Status: status, Header: map[string]string{}}
	if headers := back.Get("headers"); headers != nil {
		all := headers.ToObject(r.vm)
		for _, name := range all.Keys() {
			result.Header[name] = all.Get(name).ToObject(r.vm).Get("value").String()
		}
	}
	if body := back.Get("body"); body != nil {
		result.Body, result.HasBody = body.String(), true
	}
	return result, nil
}

// query is the object querystring as CloudFront makes a query of it.
func (r *Runner) query(given goja.Value) string {
	if given == nil || goja.IsUndefined(given) {
		return ""
	}
	var pairs []string
	all := given.ToObject(r.vm)
	for _, name := range all.Keys() {
		field := all.Get(name).ToObject(r.vm)
		values := []*goja.Object{field}
		if multi := field.Get("multiValue"); multi != nil {
			values = nil
			list := multi.ToObject(r.vm)
			for _, i := range list.Keys() {
				values = append(values, list.Get(i).ToObject(r.vm))
			}
		}
		for _, v := range values {
			if value := v.Get("value").String(); value != "" {
				pairs = append(pairs, name+"="+value)
			} else {
				pairs = append(pairs, name)
			}
		}
	}
	return strings.Join(pairs, "&")
}

// object makes an object of names and values.
func (r *Runner) object(pairs ...any) *goja.Object {
	o := r.vm.NewObject()
	for i := 0; i+1 < len(pairs); i += 2 {
		_ = o.Set(pairs[i].(string), pairs[i+1]) // a plain object takes anything
	}
	return o
}

// fields makes the object for headers or parameters.
func (r *Runner) fields(pairs [][2]string) *goja.Object {
	byName := map[string][]any{}
	var order []string
	for _, p := range pairs {
		name := characters(p[0])
		if byName[name] == nil {
			order = append(order, name)
		}
		byName[name] = append(byName[name], map[string]any{"value": characters(p[1])})
	}
	o := r.vm.NewObject()
	for _, name := range order {
		field := r.object("value", byName[name][0].(map[string]any)["value"])
		if len(byName[name]) > 1 {
			_ = field.Set("multiValue", r.vm.ToValue(byName[name]))
		}
		_ = o.Set(name, field)
	}
	return o
}

// characters is how bytes look as a string of JavaScript.
func characters(bytes string) string { return string([]rune(bytes)) }
