package store

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"testing"
)

// listed gives every name that listing leads to, up to a hundred.
func listed(t *testing.T, f *Folder) []string {
	t.Helper()
	var names []string
	for folders := []string{""}; len(folders) > 0 && len(names) < 100; folders = folders[1:] {
		list, err := f.List(context.Background(), folders[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			key := e.Name
			if folders[0] != "" {
				key = folders[0] + "/" + key
			}
			if e.Folder {
				folders = append(folders, key)
			} else {
				names = append(names, key)
			}
		}
	}
	slices.Sort(names)
	return names
}

// A link that leads back up would give a photo endless names, each with
// renditions of its own.
func TestFolderRefusesLoops(t *testing.T) {
	root := filepath.Join(t.TempDir(), "photos")
	write(t, filepath.Join(root, "top.jpg"), "top")
	write(t, filepath.Join(root, "a/b.jpg"), "b")
	write(t, filepath.Join(root, "a/deep/c.jpg"), "c")
	write(t, filepath.Join(root, "z/d.jpg"), "d")
	link(t, ".", filepath.Join(root, "self"))
	link(t, ".", filepath.Join(root, "a/loop"))
	link(t, "../..", filepath.Join(root, "a/deep/top"))
	link(t, "..", filepath.Join(root, "a/deep/up"))
	link(t, "deep/up", filepath.Join(root, "a/round")) // over another link
	link(t, "../z", filepath.Join(root, "a/aside"))    // to each other
	link(t, "../a", filepath.Join(root, "z/back"))
	link(t, "a/b.jpg", filepath.Join(root, "file.jpg"))

	f := openFolder(t, root)
	want := []string{"a/aside/d.jpg", "a/b.jpg", "a/deep/c.jpg", "file.jpg", "top.jpg", "z/back/b.jpg", "z/back/deep/c.jpg", "z/d.jpg"}
	if got := listed(t, f); !slices.Equal(got, want) {
		t.Errorf("listing leads to\n%q, want\n%q", got, want)
	}
	for _, key := range want {
		if got := reads(t, f, key); len(got) != 1 && got != "top" {
			t.Errorf("%s reads %q", key, got)
		}
	}
	for _, key := range []string{"self/top.jpg", "a/loop/b.jpg", "a/loop/loop/loop/b.jpg", "a/deep/top/top.jpg", "a/deep/up/b.jpg", "a/round/b.jpg",
		"a/aside/back/b.jpg", "z/back/aside/d.jpg"} {
		if o, err := f.Open(context.Background(), key); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("Open(%s): %v, %v; want an absence", key, o, err)
		}
		if list, err := f.List(context.Background(), filepath.Dir(key)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("List(%s): %v, %v; want an absence", filepath.Dir(key), list, err)
		}
	}
}

func BenchmarkFolderOpen(b *testing.B) {
	root := b.TempDir()
	write(b, filepath.Join(root, "2024/trip/b.jpg"), "x")
	f := openFolder(b, root)
	b.ReportAllocs()
	for b.Loop() {
		o, err := f.Open(context.Background(), "2024/trip/b.jpg")
		if err != nil {
			b.Fatal(err)
		}
		o.Close()
	}
}
