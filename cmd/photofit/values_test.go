package main

import (
	"encoding"
	"testing"
	"time"
)

func TestValues(t *testing.T) {
	cases := []struct {
		value encoding.TextUnmarshaler
		text  string
		want  int64 // -1: refused
	}{
		{new(byteSize), "1", 1}, {new(byteSize), "512MB", 512 << 20}, {new(byteSize), "10 GiB", 10 << 30}, {new(byteSize), "1.5k", 1536},
		{new(byteSize), "0", -1}, {new(byteSize), "0MB", -1}, {new(byteSize), "0.9", -1}, {new(byteSize), "-1", -1}, {new(byteSize), "NaN", -1},
		{new(byteSize), "Inf", -1}, {new(byteSize), "-Inf", -1}, {new(byteSize), "", -1}, {new(byteSize), "MB", -1}, {new(byteSize), "1MBB", -1},
		{new(byteSize), "99999999999TB", -1},
		{new(count), "1", 1}, {new(count), "1000000000", 1e9},
		{new(count), "0", -1}, {new(count), "-1", -1}, {new(count), "1000000001", -1}, {new(count), "99999999999999999999", -1}, {new(count), "1.5", -1}, {new(count), "", -1},
		{new(span), "1ns", 1}, {new(span), "1m30s", int64(90 * time.Second)},
		{new(span), "0", -1}, {new(span), "0s", -1}, {new(span), "-1s", -1}, {new(span), "10", -1}, {new(span), "", -1},
		{new(spanOrNone), "1s", int64(time.Second)}, {new(spanOrNone), "0", 0}, {new(spanOrNone), "0s", 0},
		{new(spanOrNone), "-1s", -1}, {new(spanOrNone), "x", -1},
	}
	for _, c := range cases {
		err := c.value.UnmarshalText([]byte(c.text))
		var got int64
		switch v := c.value.(type) {
		case *byteSize:
			got = int64(*v)
		case *count:
			got = int64(*v)
		case *span:
			got = int64(*v)
		case *spanOrNone:
			got = int64(*v)
		}
		if err != nil {
			if c.want >= 0 || got != 0 {
				t.Errorf("%T of %q is %d, %v", c.value, c.text, got, err)
			}
		} else if got != c.want {
			t.Errorf("%T of %q is %d, want %d", c.value, c.text, got, c.want)
		}
	}
}
