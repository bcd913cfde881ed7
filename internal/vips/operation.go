package vips

import (
	"fmt"
	"strings"
	"unsafe"
)

// Args are an operation's inputs: property name to value. What libvips calls
// int, enum and flags are an int here; gboolean a bool; an image an *Image; a
// blob a []byte; arrays are []float64 and []*Image.
type Args map[string]any

// Error is a failure that libvips reported.
type Error struct {
	Op   string // the operation: "jpegload_buffer"
	Text string // libvips's words, in one line; with jobs side by side they may be another's
}

func (e *Error) Error() string { return e.Op + ": " + e.Text }

// run builds an operation from its inputs and gives it to use, which takes the
// outputs it wants from it. The operation is gone when run returns.
func (j *Job) run(name string, args Args, use func(op uintptr) error) error {
	c := &j.lib.c
	op := c.operationNew(name)
	if op == 0 {
		return &Error{name, j.lib.lastError()}
	}
	defer func() { c.objectUnref(op) }()
	for property, value := range args {
		if err := j.set(op, property, value); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	built := op
	if c.operationBuild(&built) != 0 {
		c.unrefOutputs(op)
		return &Error{name, j.lib.lastError()}
	}
	op = built // the same, or the operation cache's; never both
	defer c.unrefOutputs(op)
	if err := use(op); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// set checks name and range first: GObject only prints a warning about what it
// does not know or take.
func (j *Job) set(object uintptr, property string, value any) error {
	c := &j.lib.c
	var pspec unsafe.Pointer
	var class, instance uintptr
	if c.getArgument(object, property, &pspec, &class, &instance) != 0 {
		return fmt.Errorf("there is no property %q: %s", property, j.lib.lastError())
	}
	v := new(gvalue)
	defer func() {
		if v.gtype != 0 {
			c.valueUnset(v)
		}
	}()
	if err := j.lib.fill(v, valueType(pspec), value, &j.pin); err != nil {
		return fmt.Errorf("property %q: %w", property, err)
	}
	if c.validate(pspec, v) != 0 {
		return fmt.Errorf("property %q: %v is outside its range", property, value)
	}
	c.setProperty(object, property, v)
	return nil
}

// valueType reads GParamSpec.value_type: behind the instance's class pointer,
// the name and the flags.
func valueType(pspec unsafe.Pointer) uintptr {
	return *(*uintptr)(unsafe.Add(pspec, 24))
}

// get reads an output of an operation that was built.
func (j *Job) get(op uintptr, property string, gtype uintptr, read func(v *gvalue)) error {
	c := &j.lib.c
	var pspec unsafe.Pointer
	var class, instance uintptr
	if c.getArgument(op, property, &pspec, &class, &instance) != 0 {
		return fmt.Errorf("there is no output %q: %s", property, j.lib.lastError())
	}
	v := new(gvalue)
	c.valueInit(v, gtype)
	defer c.valueUnset(v)
	c.getProperty(op, property, v)
	read(v)
	return nil
}

// image runs an operation whose result is the image "out".
func (j *Job) image(name string, args Args) (*Image, error) {
	var out *Image
	err := j.run(name, args, func(op uintptr) error {
		return j.get(op, "out", gObject, func(v *gvalue) {
			out = j.adopt(j.lib.c.objectRef(j.lib.c.valueGetObject(v)))
		})
	})
	return out, err
}

// blob runs an operation whose result is the bytes "buffer". They are Go's.
func (j *Job) blob(name string, args Args) ([]byte, error) {
	var out []byte
	err := j.run(name, args, func(op uintptr) error {
		return j.get(op, "buffer", j.lib.types.blob, func(v *gvalue) {
			if boxed := j.lib.c.valueGetBoxed(v); boxed != nil {
				size := new(uintptr)
				data := j.lib.c.blobGet(boxed, size)
				out = append(make([]byte, 0, *size), unsafe.Slice((*byte)(data), *size)...)
			}
		})
	})
	return out, err
}

// number runs an operation whose result is the double "out".
func (j *Job) number(name string, args Args) (float64, error) {
	var out float64
	err := j.run(name, args, func(op uintptr) error {
		return j.get(op, "out", gDouble, func(v *gvalue) { out = j.lib.c.valueGetDouble(v) })
	})
	return out, err
}

func oneLine(s string) string {
	return strings.Join(strings.Fields(s), " ")
}
