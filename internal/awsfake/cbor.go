package awsfake

import (
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"
)

// errCBOR: what came is no CBOR, or more of it than Smithy's protocol has.
var errCBOR = errors.New("no CBOR of rpc-v2")

// readCBOR gives maps, lists, texts, numbers (float64), bools and nil, as encoding/json
// does; a time is its seconds since 1970.
func readCBOR(data []byte) (any, error) {
	d := &cborReader{data}
	v, err := d.value(0)
	if err == nil && len(d.rest) > 0 {
		err = errCBOR
	}
	return v, err
}

type cborReader struct{ rest []byte }

// endOfItems ends a list or map without a length.
type endOfItems struct{}

func (d *cborReader) head() (major, minor byte, n uint64, err error) {
	if len(d.rest) == 0 {
		return 0, 0, 0, errCBOR
	}
	major, minor = d.rest[0]>>5, d.rest[0]&31
	d.rest = d.rest[1:]
	size := 0
	switch {
	case minor < 24:
		return major, minor, uint64(minor), nil
	case minor < 28:
		size = 1 << (minor - 24)
	case minor != 31:
		return 0, 0, 0, errCBOR
	}
	if len(d.rest) < size {
		return 0, 0, 0, errCBOR
	}
	for _, b := range d.rest[:size] {
		n = n<<8 | uint64(b)
	}
	d.rest = d.rest[size:]
	return major, minor, n, nil
}

func (d *cborReader) value(depth int) (any, error) {
	if depth > 32 {
		return nil, errCBOR
	}
	major, minor, n, err := d.head()
	if err != nil {
		return nil, err
	}
	switch {
	case major == 0:
		return float64(n), nil
	case major == 1:
		return -1 - float64(n), nil
	case major == 2 || major == 3:
		if minor == 31 || n > uint64(len(d.rest)) {
			return nil, errCBOR
		}
		s := string(d.rest[:n])
		d.rest = d.rest[n:]
		return s, nil
	case major == 4 || major == 5:
		return d.items(major == 5, minor == 31, n, depth)
	case major == 6 && n == 1: // a time
		return d.value(depth + 1)
	case minor == 20 || minor == 21:
		return minor == 21, nil
	case minor == 22:
		return nil, nil
	case minor == 26:
		return float64(math.Float32frombits(uint32(n))), nil
	case minor == 27:
		return math.Float64frombits(n), nil
	case major == 7 && minor == 31:
		return endOfItems{}, nil
	}
	return nil, errCBOR
}

func (d *cborReader) items(isMap, open bool, n uint64, depth int) (any, error) {
	list, m := []any{}, map[string]any{}
	for i := uint64(0); open || i < n; i++ {
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		if v == (endOfItems{}) {
			if !open {
				return nil, errCBOR
			}
			break
		}
		if !isMap {
			list = append(list, v)
			continue
		}
		key, ok := v.(string)
		if !ok {
			return nil, errCBOR
		}
		if v, err = d.value(depth + 1); err != nil || v == (endOfItems{}) {
			return nil, errCBOR
		}
		m[key] = v
	}
	if isMap {
		return m, nil
	}
	return list, nil
}

// writeCBOR takes what readCBOR gives, and time.Time.
func writeCBOR(v any) []byte {
	head := func(major byte, n int) []byte {
		return binary.BigEndian.AppendUint32([]byte{major<<5 | 26}, uint32(n))
	}
	switch v := v.(type) {
	case nil:
		return []byte{0xf6}
	case string:
		return append(head(3, len(v)), v...)
	case float64:
		return binary.BigEndian.AppendUint64([]byte{0xfb}, math.Float64bits(v))
	case time.Time:
		return append([]byte{0xc1}, writeCBOR(float64(v.UnixMilli())/1000)...)
	case []any:
		out := head(4, len(v))
		for _, item := range v {
			out = append(out, writeCBOR(item)...)
		}
		return out
	case map[string]any:
		out := head(5, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			out = append(append(out, writeCBOR(key)...), writeCBOR(v[key])...)
		}
		return out
	}
	panic(fmt.Sprintf("%T in CBOR", v)) // only values that are made here
}
