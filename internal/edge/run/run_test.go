package run

import (
	"errors"
	"reflect"
	"testing"
)

func TestDo(t *testing.T) {
	r, err := New(`function handler(event) {
		var q = event.request;
		if (q.uri === '/answer') { return { statusCode: 302, headers: { location: { value: '/' + q.method + event.context.eventType } } }; }
		if (q.uri === '/body') { return { statusCode: 200, body: '' }; }
		if (q.uri === '/throw') { throw new Error('so'); }
		if (q.uri === '/nothing') { return {}; }
		if (q.uri === '/null') { return null; }
		if (q.uri === '/status') { return { statusCode: 42 }; }
		q.uri += (q.rawQueryString() === undefined) + q.headers.a.value + (q.headers.a.multiValue || []).length;
		delete q.querystring.drop;
		return q;
	}`)
	if err != nil {
		t.Fatal(err)
	}
	twice := [][2]string{{"a", "1"}, {"a", "\xff2"}}
	for _, c := range []struct {
		give Request
		want Result
		fail bool
	}{
		{give: Request{Method: "GET", Path: "/x\xff", Bare: true, Header: twice}, want: Result{URI: "/x\uFFFDtrue12"}},
		{give: Request{Path: "/", Query: "b=1&drop=2&c&b=3", Header: [][2]string{{"a", "z"}}}, want: Result{URI: "/falsez0", Query: "b=1&b=3&c"}},
		{give: Request{Path: "/answer", Method: "HEAD"}, want: Result{Status: 302, Header: map[string]string{"location": "/HEADviewer-request"}}},
		{give: Request{Path: "/body"}, want: Result{Status: 200, Header: map[string]string{}, HasBody: true}},
		{give: Request{Path: "/throw"}, fail: true},
		{give: Request{Path: "/nothing"}, fail: true},
		{give: Request{Path: "/null"}, fail: true},
		{give: Request{Path: "/status"}, fail: true},
		{give: Request{Path: "/noheader"}, fail: true},
	} {
		got, err := r.Do(c.give)
		if !reflect.DeepEqual(got, c.want) || errors.Is(err, ErrFailed) != c.fail || (err != nil) != c.fail {
			t.Errorf("%+v: %+v, %v, want %+v", c.give, got, err, c.want)
		}
	}
}

func TestNew(t *testing.T) {
	for _, code := range []string{"", "function other() {}", "function handler( {", "throw 1"} {
		if _, err := New(code); err == nil {
			t.Errorf("%q is taken", code)
		}
	}
}
