package store_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"photofit/internal/store"
	"photofit/internal/store/storetest"
)

func TestMem(t *testing.T) {
	storetest.Renditions(t, func(t *testing.T) store.Renditions { return store.NewMem(64 << 20) })
}

func TestDir(t *testing.T) {
	storetest.Renditions(t, func(t *testing.T) store.Renditions {
		d, err := store.OpenDir(filepath.Join(t.TempDir(), "new", "cache"), store.DirConfig{MaxBytes: 64 << 20})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := d.Close(); err != nil {
				t.Error(err)
			}
		})
		return d
	})
}

// TestHeld runs the contract on what is asked for through memory.
func TestHeld(t *testing.T) {
	storetest.Renditions(t, func(t *testing.T) store.Renditions {
		h := store.Hold(store.NewMem(64<<20), 64<<20)
		t.Cleanup(func() { h.Close() })
		return thrice{h}
	})
}

// thrice asks often enough to have it read into memory.
type thrice struct{ *store.Held }

func (h thrice) Get(ctx context.Context, key string) (*store.Rendition, error) {
	for range 2 {
		if r, err := h.Held.Get(ctx, key); err == nil {
			r.Body.Close()
		}
	}
	return h.Held.Get(ctx, key)
}

func TestMemPhotos(t *testing.T) {
	storetest.Photos(t, func(t *testing.T, files map[string][]byte) store.Photos {
		m := &store.MemPhotos{}
		for key, body := range files {
			m.Set(key, body)
		}
		return m
	})
}

func TestFolder(t *testing.T) {
	storetest.Photos(t, func(t *testing.T, files map[string][]byte) store.Photos {
		root := t.TempDir()
		for key, body := range files {
			path := filepath.Join(root, key)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, body, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		f, err := store.OpenFolder(root)
		if err != nil {
			t.Fatal(err)
		}
		return f
	})
}
