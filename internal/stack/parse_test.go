package stack

import (
	"testing"

	"photofit/internal/cfn"
)

type object = cfn.Object

// parse reads a template.
func parse(template []byte) (object, error) {
	d, err := cfn.Parse(template)
	if err != nil {
		return nil, err
	}
	return d.Root, nil
}

// code is an edge function that does nothing.
const code = "function handler(event) {\n  return event.request;\n}\n"

func finished(t testing.TB) []byte {
	t.Helper()
	made, err := Template(Options{FunctionCode: code, Settings: map[string]string{"PHOTOFIT_WIDTHS": "100,200"}})
	if err != nil {
		t.Fatal(err)
	}
	return made
}
