package awsfake

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
)

// element is a value as an XML element of a name that is known at run time only.
type element struct {
	name  string
	value any
}

// MarshalXML is encoding/xml's.
func (n element) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	return e.EncodeElement(n.value, xml.StartElement{Name: xml.Name{Local: n.name}})
}

// readXML fills a struct from a document whose root has a name in a namespace. An
// element or attribute that the struct has no field for is an error.
func readXML(body []byte, root, namespace string, into any) error {
	d := xml.NewDecoder(bytes.NewReader(body))
	for {
		token, err := d.Token()
		if err != nil {
			return fmt.Errorf("no XML: %w", err)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if start.Name.Local != root || start.Name.Space != namespace {
			return fmt.Errorf("the root is %s in %q, not %s in %q", start.Name.Local, start.Name.Space, root, namespace)
		}
		if err := onlyKnown(d, reflect.TypeOf(into).Elem(), root); err != nil {
			return err
		}
		break
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the root")
	}
	return xml.Unmarshal(body, into)
}

// onlyKnown reads up to the end of an element and has each within it be a field of
// a type.
func onlyKnown(d *xml.Decoder, t reflect.Type, at string) error {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	for {
		token, err := d.Token()
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.EndElement:
			return nil
		case xml.CharData:
			if t.Kind() == reflect.Struct && len(bytes.TrimSpace(token)) > 0 {
				return fmt.Errorf("%s holds text", at)
			}
		case xml.StartElement:
			field, ok := fieldOf(t, token.Name.Local)
			if !ok {
				return fmt.Errorf("%s has no %s", at, token.Name.Local)
			}
			if err := onlyKnown(d, field, token.Name.Local); err != nil {
				return err
			}
		}
	}
}

// fieldOf is the type of the field that holds an element.
func fieldOf(t reflect.Type, name string) (reflect.Type, bool) {
	if t.Kind() != reflect.Struct {
		return nil, false
	}
	for i := range t.NumField() {
		f := t.Field(i)
		tag, _, _ := strings.Cut(f.Tag.Get("xml"), ",")
		if f.Name != "XMLName" && (tag == name || tag == "" && f.Name == name) {
			return f.Type, true
		}
	}
	return nil, false
}
