package store

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestMemBound(t *testing.T) {
	ctx := context.Background()
	key := func(i int) string { return fmt.Sprintf("r1/%d/_w1.auto", i) } // 13 bytes
	m := NewMem(3 * 1013)
	put := func(i, n int) error {
		body, meta := bodyAndMeta(n, uint64(i))
		return m.Put(ctx, key(i), body, meta)
	}
	for i := range 4 {
		if err := put(i, 1000); err != nil {
			t.Fatal(err)
		}
		if i == 2 {
			if _, err := m.Get(ctx, key(0)); err != nil { // so 1 is the oldest
				t.Fatal(err)
			}
		}
	}
	for i, want := range []bool{true, false, true, true} {
		if _, err := m.Get(ctx, key(i)); (err == nil) != want {
			t.Errorf("%d: %v", i, err)
		}
	}
	for range 10 { // replacing takes no more room
		if err := put(3, 1000); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := m.Get(ctx, key(0)); err != nil {
		t.Error(err)
	}
	if err := put(5, 3*1013); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%v, want ErrTooLarge", err)
	}
	if m.total != 3*1013 || m.used.Len() != 3 || len(m.folders) != 3 {
		t.Errorf("%d bytes, %d renditions, %d folders", m.total, m.used.Len(), len(m.folders))
	}
}
