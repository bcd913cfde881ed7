package emulator

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"photofit/internal/cfn"
)

// reader reads a template, and keeps the first error.
type reader struct {
	stack *cfn.Stack
	names Names
	line  int // of the resource that is read
	err   error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("line %d: %s", r.line, fmt.Sprintf(format, args...))
	}
}

// object is a map, and fails for keys that are not known.
func (r *reader) object(value any, what string, known ...string) cfn.Object {
	o, ok := value.(cfn.Object)
	if !ok && value != nil {
		r.fail("%s is no map", what)
	}
	for key := range o {
		if !slices.Contains(known, key) {
			r.fail("%s of %s is not known to the emulator", key, what)
		}
	}
	return o
}

// list is a list, or the Items of a map that has one.
func (r *reader) list(value any) []any {
	if o, ok := value.(cfn.Object); ok {
		value = o["Items"]
	}
	list, ok := value.([]any)
	if !ok && value != nil {
		r.fail("%v is no list", value)
	}
	return list
}

func (r *reader) text(value any) string {
	s, ok := value.(string)
	if !ok && value != nil {
		r.fail("%v is no text", value)
	}
	return s
}

// number is a whole number, which a parameter gives as text; standard if it is not
// there.
func (r *reader) number(value any, standard int) int {
	switch value := value.(type) {
	case nil:
		return standard
	case int:
		return value
	case string:
		if n, err := strconv.Atoi(value); err == nil {
			return n
		}
	}
	r.fail("%v is no whole number", value)
	return 0
}

func (r *reader) seconds(value any, standard int) time.Duration {
	return time.Duration(r.number(value, standard)) * time.Second
}

// resource finds the resource of a type that is called so by an attribute.
func (r *reader) resource(kind, attribute, called string) (cfn.Object, bool) {
	for _, name := range r.stack.Of(kind) {
		if v, ok := r.names.Attribute(name, kind, attribute); ok && v == called {
			r.line = r.stack.Resources[name].Line
			return r.stack.Resources[name].Properties, true
		}
	}
	return nil, false
}

// resourceName is resource, and gives the name in the template.
func (r *reader) resourceName(kind, attribute, called string) (string, bool) {
	for _, name := range r.stack.Of(kind) {
		if v, ok := r.names.Attribute(name, kind, attribute); ok && v == called {
			r.line = r.stack.Resources[name].Line
			return name, true
		}
	}
	return "", false
}

// functionURL finds the function URL with a domain name.
func (r *reader) functionURL(domain string) (string, bool) {
	for _, name := range r.stack.Of("AWS::Lambda::Url") {
		v, _ := r.names.Attribute(name, "AWS::Lambda::Url", "FunctionUrl")
		if u, err := url.Parse(v); err == nil && u.Host == domain {
			r.line = r.stack.Resources[name].Line
			return name, true
		}
	}
	return "", false
}
