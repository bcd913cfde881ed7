package edge

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/dop251/goja/ast"
	"github.com/dop251/goja/file"
	"github.com/dop251/goja/parser"
)

// What cloudfront-js-2.0 documents ("JavaScript runtime 2.0 features for CloudFront
// Functions") and the function needs. What is not here is refused, though goja and
// browsers may have it: classes, destructuring, spread, default values, for-of,
// "?.", "??", charCodeAt, eval, timers and so on. A new need is looked up there
// first, then added here.
var (
	allowedNodes = set(`Program FunctionDeclaration FunctionLiteral ParameterList ArrowFunctionLiteral ExpressionBody
		VariableStatement LexicalDeclaration Binding BlockStatement ReturnStatement IfStatement ForStatement WhileStatement
		ForLoopInitializerExpression BranchStatement ThrowStatement TryStatement CatchStatement ExpressionStatement
		AssignExpression BinaryExpression UnaryExpression ConditionalExpression SequenceExpression CallExpression
		DotExpression BracketExpression Identifier ObjectLiteral PropertyKeyed ArrayLiteral StringLiteral NumberLiteral
		BooleanLiteral NullLiteral RegExpLiteral`)
	allowedOperators = set(`+ - * / % < > <= >= === !== && || ! ++ -- in`) // and = and +=
	allowedGlobals   = set(`Math String NaN parseInt decodeURIComponent encodeURIComponent undefined`)

	// Methods of ES5.1, and of later versions those that are listed.
	allowedMethods = set(`test exec split join slice indexOf lastIndexOf charAt toLowerCase toUpperCase toString replace
		push map forEach some hasOwnProperty floor ceil min max fromCharCode codePointAt includes rawQueryString`)
)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		m[word] = true
	}
	return m
}

// lint names what a function uses and the runtime does not promise.
func lint(code string) []string {
	program, err := parser.ParseFile(nil, "edge.js", code, 0)
	if err != nil {
		return []string{err.Error()}
	}
	l := linter{file: program.File, declared: map[string]bool{}}
	l.walk(reflect.ValueOf(program), l.declare)
	l.walk(reflect.ValueOf(program), l.check)
	return l.faults
}

type linter struct {
	file     *file.File
	declared map[string]bool
	faults   []string
}

// walk visits all nodes of a tree. Those of goja are pointers to structs, whose
// fields are nodes, lists of them, or plain.
func (l *linter) walk(v reflect.Value, visit func(ast.Node)) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			l.walk(v.Elem(), visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			l.walk(v.Index(i), visit)
		}
	case reflect.Pointer:
		if v.IsNil() || v.Type() == reflect.TypeFor[*file.File]() {
			return
		}
		if n, ok := v.Interface().(ast.Node); ok {
			visit(n)
		}
		l.walk(v.Elem(), visit)
	case reflect.Struct:
		if n, ok := v.Addr().Interface().(ast.Node); ok && v.Type() == reflect.TypeFor[ast.Identifier]() {
			visit(n)
		}
		for i := range v.NumField() {
			// DeclarationList repeats what the statements say; an Identifier after
			// a dot is a property.
			name := v.Type().Field(i).Name
			if name == "DeclarationList" || v.Type() == reflect.TypeFor[ast.DotExpression]() && name == "Identifier" {
				continue
			}
			l.walk(v.Field(i), visit)
		}
	}
}

func (l *linter) declare(n ast.Node) {
	switch n := n.(type) {
	case *ast.Binding:
		if id, ok := n.Target.(*ast.Identifier); ok {
			l.declared[id.Name.String()] = true
		}
	case *ast.CatchStatement:
		if id, ok := n.Parameter.(*ast.Identifier); ok {
			l.declared[id.Name.String()] = true
		}
	case *ast.FunctionLiteral:
		if n.Name != nil {
			l.declared[n.Name.Name.String()] = true
		}
	}
}

func (l *linter) check(n ast.Node) {
	fault := func(format string, args ...any) {
		at := l.file.Position(int(n.Idx0()) - l.file.Base())
		l.faults = append(l.faults, fmt.Sprintf("line %d: ", at.Line)+fmt.Sprintf(format, args...))
	}
	kind := reflect.TypeOf(n).Elem().Name()
	if !allowedNodes[kind] {
		fault("%s is not among what the runtime has and we use", kind)
	}
	switch n := n.(type) {
	case *ast.Identifier:
		if name := n.Name.String(); !l.declared[name] && !allowedGlobals[name] {
			fault("%s is not declared, and no global that the runtime has and we use", name)
		}
	case *ast.CallExpression:
		if dot, ok := n.Callee.(*ast.DotExpression); ok && !allowedMethods[dot.Identifier.Name.String()] {
			fault("the method %s is not among those that the runtime has and we use", dot.Identifier.Name)
		}
	case *ast.BinaryExpression:
		if !allowedOperators[n.Operator.String()] {
			fault("the operator %s is not among those that the runtime has and we use", n.Operator)
		}
	case *ast.UnaryExpression:
		if !allowedOperators[n.Operator.String()] {
			fault("the operator %s is not among those that the runtime has and we use", n.Operator)
		}
	case *ast.AssignExpression:
		if op := n.Operator.String(); op != "=" && op != "+" {
			fault("the operator %s= is not among those that the runtime has and we use", op)
		}
	case *ast.NumberLiteral:
		if strings.HasSuffix(n.Literal, "n") {
			fault("%s is a BigInt, which the runtime does not have", n.Literal)
		}
	case *ast.FunctionLiteral:
		if n.Async || n.Generator {
			fault("functions that are async or generators are not for us")
		}
	case *ast.ParameterList:
		if n.Rest != nil {
			fault("rest parameters are not for us")
		}
		for _, b := range n.List {
			if b.Initializer != nil {
				fault("default values of parameters are not among what the runtime has")
			}
		}
	case *ast.RegExpLiteral:
		// "$" may stop before a line feed in a language that is Perl-compatible.
		if strings.Contains(n.Pattern, "(?<") || strings.Contains(n.Pattern, "$") || strings.Contains(n.Pattern, `\p`) || strings.Trim(n.Flags, "gi") != "" {
			fault("the regular expression %s is not for this runtime", n.Literal)
		}
	}
}

func TestLint(t *testing.T) {
	for _, p := range policies() {
		readable, err := withPolicy(p)
		if err != nil {
			t.Fatal(err)
		}
		short, err := Function(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, code := range []string{readable, short} {
			for _, fault := range lint(code) {
				t.Error(fault)
			}
		}
	}
}

// The lint finds what the runtime lacks and goja has.
func TestLintRefuses(t *testing.T) {
	for _, code := range []string{
		"class A {}", "var {a} = {};", "var [a] = [];", "var a = [...b];", "f(...a);", "function f(a = 1) {}", "function f(...a) {}",
		"for (var a of [1]) {}", "var a = {}; a?.b;", "var a = 1 ?? 2;", "var a = ''; a.charCodeAt(0);", "var a = ''; a.at(0);", "eval('1');",
		"new Date();", "setTimeout(1);", "async function f() {}", "function* f() {}", "var a = 1n;", "/a$/.test('');", "/(?<=a)b/.test('');",
		"/a/u.test('');", "b;", "var a = b;", "var a = {}; a.b = { b };", "var a = `x`;", "require('fs');", "fetch('/');", "var a = 1; a ||= 2;",
		"var a = 1; a <<= 2;", "new Function('1');", "console.log(1);", "function (", "label: while (1) { break label; }", "this.a;",
	} {
		if len(lint(code)) == 0 {
			t.Errorf("%s passes", code)
		}
	}
	if faults := lint("var a = 1; function f(b) { return [b].map(c => c + a); }"); len(faults) > 0 {
		t.Errorf("a sound function does not pass: %q", faults)
	}
}
