package edge

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"

	"photofit"
	"photofit/internal/edge/run"
)

// counting is a function's code that counts as it runs, and answers with the number: one
// for each block that is entered, of a function, a branch, a loop again each time round. What
// a built-in does within is none.
func counting(t testing.TB, code string) string {
	t.Helper()
	program, err := parser.ParseFile(nil, "edge.js", code, 0)
	if err != nil {
		t.Fatal(err)
	}
	type insertion struct {
		at   int
		text string
	}
	var all []insertion
	insert := func(at file.Idx, text string) {
		if at < 1 {
			t.Fatal("the parser does not tell where a statement is")
		}
		all = append(all, insertion{int(at) - 1, text})
	}
	lone := func(body ast.Statement) { // a body without braces
		if _, block := body.(*ast.BlockStatement); body != nil && !block {
			insert(body.Idx0(), "{__n++;")
			insert(body.Idx1(), ";}")
		}
	}
	seen := map[uintptr]bool{}
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Interface:
			if !v.IsNil() {
				walk(v.Elem())
			}
		case reflect.Pointer:
			if v.IsNil() || seen[v.Pointer()] {
				return
			}
			seen[v.Pointer()] = true
			switch node := v.Interface().(type) {
			case *ast.BlockStatement:
				insert(node.LeftBrace+1, "__n++;")
			case *ast.ForStatement:
				lone(node.Body)
			case *ast.WhileStatement:
				lone(node.Body)
			}
			walk(v.Elem())
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					walk(v.Field(i))
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		}
	}
	for _, statement := range program.Body {
		walk(reflect.ValueOf(statement))
	}
	slices.SortStableFunc(all, func(a, b insertion) int { return b.at - a.at })
	for _, i := range all {
		code = code[:i.at] + i.text + code[i.at:]
	}
	return "var __n=0;" + code + "\nvar __handler=handler;handler=function(e){__n=0;__handler(e);return{statusCode:200,body:String(__n)}};"
}

// What a call does is bounded, however long a request is and however it is made: CloudFront gives a function
// about a millisecond. The bounds are a tenth above what was counted when they were written;
// the real time TestFunction tells (photofit deploy asks it).
func TestOperations(t *testing.T) {
	for _, p := range []photofit.Policy{photofit.DefaultPolicy(), photofit.OpenPolicy()} {
		code, err := Function(p)
		if err != nil {
			t.Fatal(err)
		}
		r, err := run.New(counting(t, code))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			name string
			ask  viewed
			most int
		}{
			{"a page that is none", get("/-/x", "", browser), 5},
			{"a photo", get("/trip/b.jpg", "", browser), 96},
			{"a width", get("/trip/b.jpg", "w=800", browser), 88},
			{"a crop", get("/trip/b.jpg", "w=800&h=450&fit=crop&auto=format&q=75", browser), 145},
			{"a canonical path", get("/trip/b.jpg/_w800.auto-avif", "", browser), 40},
			{"names", get("/trip%20to/%E4%B8%96%E7%95%8C.jpg", "w=800", browser), 92},
			{"trackers", get("/trip/b.jpg", "w=800&utm_source=a&utm_medium=b&utm_campaign=c&fbclid=d", browser), 115},
			{"the longest name", get("/"+strings.Repeat("%E4%B8%96", 340), "w=800", browser), 88},
			{"the longest path", get("/"+strings.Repeat("a/", 4000)+"b", "w=800", browser), 88},
			{"many parameters", get("/b.jpg", strings.Repeat("x=1&", 2000)+"w=8", browser), 13300},
			{"escapes", get("/"+strings.Repeat("~5F", 2500)+"/_w800.auto", "", browser), 41},
			{"a long Accept", get("/b.jpg", "w=8", strings.Repeat("image/x;q=0.1,", 500)+"image/webp"), 2250},
		} {
			ask := run.Request{Method: c.ask.method, Path: c.ask.path, Query: c.ask.query, Bare: c.ask.bare}
			for _, accept := range c.ask.accepts {
				ask.Header = append(ask.Header, [2]string{"accept", accept})
			}
			result, err := r.Do(ask)
			if err != nil {
				t.Fatal(err)
			}
			n, err := strconv.Atoi(result.Body)
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 || n > c.most {
				t.Errorf("%s, any size %v: %d blocks, of at most %d", c.name, p.Free, n, c.most)
			}
		}
	}
}
