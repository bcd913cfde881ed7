package run

import (
	"encoding/json"
	"slices"
	"strings"
)

// Test runs a function's code as CloudFront's TestFunction does: an event in JSON goes
// in, {"request": …} or {"response": …} comes out. Only with query is the event's query
// handed over; whether CloudFront's does so, its documentation does not say. (Amazon
// CloudFront developer guide, "CloudFront Functions event structure".)
func Test(code string, event []byte, query bool) (output string, err error) {
	var e struct {
		Request struct {
			Method, URI string
			Querystring map[string]struct{ Value string }
			Headers     map[string]struct{ Value string }
		}
	}
	if err := json.Unmarshal(event, &e); err != nil {
		return "", err
	}
	runner, err := New(code)
	if err != nil {
		return "", err
	}
	ask := Request{Method: e.Request.Method, Path: e.Request.URI, Bare: true}
	if query && len(e.Request.Querystring) > 0 {
		var pairs []string
		for name, value := range e.Request.Querystring {
			pairs = append(pairs, name+"="+value.Value)
		}
		slices.Sort(pairs)
		ask.Query, ask.Bare = strings.Join(pairs, "&"), false
	}
	for name, value := range e.Request.Headers {
		ask.Header = append(ask.Header, [2]string{name, value.Value})
	}
	result, err := runner.Do(ask)
	if err != nil {
		return "", err
	}
	out := map[string]any{"request": map[string]any{"uri": result.URI}}
	if result.Status != 0 {
		out = map[string]any{"response": map[string]any{"statusCode": result.Status}}
	}
	text, err := json.Marshal(out)
	return string(text), err
}
