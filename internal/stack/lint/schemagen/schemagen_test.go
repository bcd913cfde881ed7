package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"photofit/internal/stack/lint/schema"
)

const queue = `{
	"typeName": "AWS::SQS::Queue", "description": "words",
	"properties": {
		"Arn": {"type": "string"},
		"Delay": {"type": ["integer", "string"], "minimum": 0, "maximum": 900, "description": "more words"},
		"Tags": {"type": "array", "minItems": 1, "items": {"$ref": "#/definitions/Tag"}},
		"Mode": {"enum": ["a", 1]}
	},
	"definitions": {
		"Tag": {"type": "object", "additionalProperties": false, "required": ["Value", "Key"],
			"properties": {"Key": {"type": "string", "pattern": "^[a-z]+$"}, "Value": {"type": "string", "pattern": "(?!aws)"}}},
		"Lost": {"type": "string"}
	},
	"additionalProperties": false, "readOnlyProperties": ["/properties/Arn", "/properties/Tags/*/Key"], "deprecatedProperties": ["/properties/Mode"]
}`

// What is published becomes what is asked of a value; words, lookaheads and what
// nothing leads to are left out.
func TestResource(t *testing.T) {
	var p published
	if err := json.Unmarshal([]byte(queue), &p); err != nil {
		t.Fatal(err)
	}
	made, err := json.Marshal(resource(p, true))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"t":["object"],"p":{"Arn":{"t":["string"]},"Delay":{"t":["integer","string"],"min":0,"max":900},"Mode":{"e":["a","1"]},` +
		`"Tags":{"t":["array"],"i":{"ref":"Tag"},"mini":1}},"c":true,` +
		`"d":{"Tag":{"t":["object"],"p":{"Key":{"t":["string"],"re":"^[a-z]+$"},"Value":{"t":["string"]}},"c":true,"r":["Key","Value"]}},` +
		`"att":["Arn","Delay","Mode","Tags"],"ro":["Arn"],"old":["Mode"]}`
	if string(made) != want {
		t.Errorf("made\n%s\nwant\n%s", made, want)
	}
}

// A folder and a zip of the same are the same, and every type that is wanted must be there.
func TestSources(t *testing.T) {
	folder := t.TempDir()
	var zipped bytes.Buffer
	z := zip.NewWriter(&zipped)
	for i, name := range wanted {
		text := strings.Replace(queue, "SQS::Queue", name, 1)
		file := string(rune('a'+i%26)) + strings.ReplaceAll(name, "::", "-") + ".json"
		if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		w, err := z.Create(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "schemas.zip")
	if err := os.WriteFile(file, zipped.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := resources(folder)
	if err != nil {
		t.Fatal(err)
	}
	b, err := resources(file)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a, b) || len(a.Resources) != len(wanted) {
		t.Errorf("%d types from the folder, %d from the zip, of %d", len(a.Resources), len(b.Resources), len(wanted))
	}
	if _, err := resources(t.TempDir()); err == nil || !strings.Contains(err.Error(), "has no schema of AWS::") {
		t.Errorf("an empty folder: %v", err)
	}
}

// The SDK's structs say of themselves what is required, and what they lead to.
func TestStructs(t *testing.T) {
	folder := t.TempDir()
	source := `package types

type Mode string

const (
	ModeA Mode = "a"
	ModeB Mode = "b"
)

type Config struct {
	// What it is called.
	//
	// This member is required.
	Name *string
	On   *bool
	Mode Mode
	Rate *float64
	Parts []Part
	noSmithyDocumentSerde
	hidden int
}

type Part struct{ Quantity *int32; Within *Part }
`
	if err := os.WriteFile(filepath.Join(folder, "types.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	r, err := structs(folder, "Config")
	if err != nil {
		t.Fatal(err)
	}
	text := func(types ...string) *schema.Shape { return &schema.Shape{Types: types} }
	want := &schema.Resource{
		Shape: schema.Shape{Types: []string{"object"}, Closed: true, Required: []string{"Name"}, Props: map[string]*schema.Shape{
			"Name": text("string"), "On": text("boolean"), "Rate": text("number"),
			"Mode":  {Types: []string{"string"}, Enum: []string{"a", "b"}},
			"Parts": {Types: []string{"array"}, Items: &schema.Shape{Ref: "Part"}},
		}},
		Shapes: map[string]*schema.Shape{"Part": {Types: []string{"object"}, Closed: true, Props: map[string]*schema.Shape{"Quantity": text("integer"), "Within": {Ref: "Part"}}}},
	}
	if !reflect.DeepEqual(r, want) {
		t.Errorf("made %+v", r)
	}
	if _, err := structs(folder, "Other"); err == nil {
		t.Error("a struct that is not there is made")
	}
}
