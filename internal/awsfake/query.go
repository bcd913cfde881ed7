package awsfake

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// queryName is the operation of a request of the query protocol.
func queryName(version string) func(*call) string {
	return func(q *call) string {
		form, err := url.ParseQuery(string(q.body))
		if err != nil || q.Method != http.MethodPost || q.URL.Path != "/" || form.Get("Version") != version ||
			!strings.HasPrefix(q.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
			return ""
		}
		return form.Get("Action")
	}
}

// query is an operation of the query protocol: T holds its parameters, and what do
// gives is its result.
func query[T any](do func(*Cloud, *call, T) (any, error)) operation {
	return func(c *Cloud, q *call) (answer, error) {
		form, _ := url.ParseQuery(string(q.body))
		delete(form, "Action")
		delete(form, "Version")
		var in T
		if err := fromForm(form, reflect.ValueOf(&in).Elem()); err != nil {
			return answer{}, misunderstood(http.StatusBadRequest, "ValidationError", "%v", err)
		}
		result, err := do(c, q, in)
		if err != nil {
			return answer{}, err
		}
		return queryAnswer(q.operation, result), nil
	}
}

func queryAnswer(operation string, result any) answer {
	w := struct {
		XMLName  xml.Name
		Result   any
		Metadata struct {
			RequestID string `xml:"RequestId"`
		} `xml:"ResponseMetadata"`
	}{XMLName: xml.Name{Local: operation + "Response"}}
	w.Metadata.RequestID = "request"
	if result != nil {
		w.Result = element{operation + "Result", result}
	}
	return xmlAnswer(http.StatusOK, w)
}

// fromForm fills a struct from parameters such as Tags.member.1.Key. One that the
// struct has no field for is an error, as is a hole in a list.
func fromForm(form url.Values, into reflect.Value) error {
	for name, values := range form {
		if len(values) != 1 {
			return fmt.Errorf("%s is there %d times", name, len(values))
		}
		if err := setPath(into, strings.Split(name, "."), values[0], name); err != nil {
			return err
		}
	}
	return whole(into, "")
}

func setPath(into reflect.Value, path []string, value, name string) error {
	switch {
	case into.Kind() == reflect.Pointer:
		if into.IsNil() {
			into.Set(reflect.New(into.Type().Elem()))
		}
		return setPath(into.Elem(), path, value, name)
	case len(path) == 0:
		return setText(into, value, name)
	case into.Kind() == reflect.Struct:
		field := into.FieldByName(path[0])
		if !field.IsValid() {
			return fmt.Errorf("%s is no parameter of this operation", name)
		}
		return setPath(field, path[1:], value, name)
	case into.Kind() == reflect.Slice && len(path) > 1 && path[0] == "member":
		n, err := strconv.Atoi(path[1])
		if err != nil || n < 1 || n > 1000 {
			return fmt.Errorf("%s: %q is no place in a list", name, path[1])
		}
		for into.Len() < n {
			into.Set(reflect.Append(into, reflect.Zero(into.Type().Elem())))
		}
		return setPath(into.Index(n-1), path[2:], value, name)
	}
	return fmt.Errorf("%s is no parameter of this operation", name)
}

func setText(into reflect.Value, value, name string) error {
	switch into.Kind() {
	case reflect.String:
		into.SetString(value)
	case reflect.Bool:
		if value != "true" && value != "false" {
			return fmt.Errorf("%s: %q is neither true nor false", name, value)
		}
		into.SetBool(value == "true")
	case reflect.Int:
		n, err := strconv.Atoi(value)
		if err != nil {
			return fmt.Errorf("%s: %q is no number", name, value)
		}
		into.SetInt(int64(n))
	case reflect.Slice:
		if value != "" { // an empty list is one empty value
			return fmt.Errorf("%s is a list", name)
		}
	default:
		return fmt.Errorf("%s is no single value", name)
	}
	return nil
}

// whole tells of a list with nothing at some place.
func whole(v reflect.Value, name string) error {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return whole(v.Elem(), name)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if err := whole(v.Field(i), name+"."+v.Type().Field(i).Name); err != nil {
				return err
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			if v.Index(i).IsZero() {
				return fmt.Errorf("%s has nothing at %d", name, i+1)
			}
		}
	}
	return nil
}

// oneOf is an error if a value is none of those allowed.
func oneOf(field, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return misunderstood(http.StatusBadRequest, "ValidationError", "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy enum value set: [%s]", value, field, strings.Join(allowed, ", "))
}
