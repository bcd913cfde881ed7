package vips

import (
	"fmt"
	"runtime"
	"unsafe"
)

// gvalue is GLib's GValue: a type and two words that GLib owns.
type gvalue struct {
	gtype uintptr
	_     [2]uint64 // GLib's own
}

// Fundamental GTypes: a number shifted by two (gobject/gtype.h).
const (
	gBoolean = 5 << 2
	gInt     = 6 << 2
	gUint64  = 11 << 2
	gEnum    = 12 << 2
	gFlags   = 13 << 2
	gDouble  = 15 << 2
	gString  = 16 << 2
	gBoxed   = 18 << 2
	gObject  = 20 << 2
)

// types are the GTypes of libvips that properties are declared with.
type types struct {
	blob, arrayDouble, arrayInt, arrayImage uintptr
}

func (t *types) load(c *functions) {
	t.blob = c.typeFromName("VipsBlob")
	t.arrayDouble = c.typeFromName("VipsArrayDouble")
	t.arrayInt = c.typeFromName("VipsArrayInt")
	t.arrayImage = c.typeFromName("VipsArrayImage")
}

// fill sets v, which is zero, to a Go value of the property's type. Memory that
// a []byte points to must stay where it is for as long as libvips may read it:
// pin sees to that.
func (l *Library) fill(v *gvalue, gtype uintptr, value any, pin *runtime.Pinner) error {
	c := &l.c
	c.valueInit(v, gtype)
	wrong := fmt.Errorf("a %T does not fit", value)
	switch x := value.(type) {
	case bool:
		if gtype != gBoolean {
			return wrong
		}
		n := int32(0)
		if x {
			n = 1
		}
		c.valueSetBool(v, n)
	case int:
		kind := c.typeFundamental(gtype)
		if int(int32(x)) != x && kind != gUint64 && kind != gDouble {
			return wrong
		}
		switch kind {
		case gInt:
			c.valueSetInt(v, int32(x))
		case gUint64:
			c.valueSetUint64(v, uint64(x))
		case gEnum:
			c.valueSetEnum(v, int32(x))
		case gFlags:
			c.valueSetFlags(v, uint32(x))
		case gDouble:
			c.valueSetDouble(v, float64(x))
		default:
			return wrong
		}
	case float64:
		if gtype != gDouble {
			return wrong
		}
		c.valueSetDouble(v, x)
	case string:
		if gtype != gString {
			return wrong
		}
		c.valueSetString(v, x)
	case *Image:
		if c.typeFundamental(gtype) != gObject {
			return wrong
		}
		c.valueSetObject(v, x.ptr)
	case []float64:
		if gtype != l.types.arrayDouble || len(x) == 0 {
			return wrong
		}
		c.valueSetArray(v, &x[0], int32(len(x)))
	case []*Image:
		if gtype != l.types.arrayImage || len(x) == 0 {
			return wrong
		}
		c.valueSetImages(v, int32(len(x)))
		n := int32(0)
		slots := unsafe.Slice((*uintptr)(c.valueGetImages(v, &n)), len(x))
		for i, im := range x {
			slots[i] = c.objectRef(im.ptr) // the array owns a reference to each
		}
	case []byte:
		if gtype != l.types.blob || len(x) == 0 {
			return wrong
		}
		pin.Pin(&x[0])
		c.valueSetBlob(v, 0, unsafe.Pointer(&x[0]), uintptr(len(x)))
	default:
		return wrong
	}
	return nil
}
