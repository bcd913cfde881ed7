package render

import "testing"

func TestBuffersAreUsedAgain(t *testing.T) {
	var b buffers
	defer b.drop()
	get := func(n int64) ([]byte, func()) {
		t.Helper()
		data, free, err := b.get(n)
		if err != nil {
			t.Fatal(err)
		}
		if int64(len(data)) != n || int64(cap(data)) != n {
			t.Fatalf("%d bytes were asked for, got %d with room for %d", n, len(data), cap(data))
		}
		return data, free
	}
	large, freeLarge := get(6 << 20)
	small, freeSmall := get(3<<20 + 1)
	if &large[0] == &small[0] {
		t.Fatal("two renders were given the same bytes")
	}
	_, freeMiddle := get(4<<20 + 1)
	freeLarge()
	freeSmall()
	freeMiddle()
	if again, free := get(4 << 20); &again[0] != &small[0] {
		t.Error("not the smallest buffer that is large enough was used again")
	} else {
		free()
	}
	if again, free := get(6 << 20); &again[0] != &large[0] {
		t.Error("a buffer of that very size was not used again")
	} else {
		free()
	}
}

func TestIdleBuffersAreBounded(t *testing.T) {
	var b buffers
	var frees []func()
	for range 5 {
		_, free, err := b.get(5 << 20)
		if err != nil {
			t.Fatal(err)
		}
		frees = append(frees, free)
	}
	for _, free := range frees {
		free()
	}
	for _, n := range []int64{maxIdle + 1, 5 << 20} { // too large to stay, and one that stays
		_, free, err := b.get(n)
		if err != nil {
			t.Fatal(err)
		}
		free()
	}
	if len(b.idle) != 3 || b.held != 15<<20 {
		t.Errorf("%d buffers of %d MiB stay, want 3 of 15", len(b.idle), b.held>>20)
	}
	b.drop()
	if len(b.idle) != 0 || b.held != 0 {
		t.Errorf("%d buffers of %d bytes are left after drop", len(b.idle), b.held)
	}
}
