package site

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

// What comes to be there while a file is being written stays as it is.
func TestCreateReplacesNothing(t *testing.T) {
	folder := t.TempDir()
	to := filepath.Join(folder, "a.jpg")
	err := Create(to, 0o644, func(w io.Writer) error {
		write(t, to, "another's")
		_, err := io.WriteString(w, "ours")
		return err
	})
	if text, _ := os.ReadFile(to); !errors.Is(err, fs.ErrExist) || string(text) != "another's" {
		t.Errorf("%q, %v", text, err)
	}
	dangling := filepath.Join(folder, "link.jpg")
	if err := os.Symlink("nowhere", dangling); err != nil {
		t.Fatal(err)
	}
	if err := Create(dangling, 0o644, func(io.Writer) error { return nil }); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a symbolic link: %v", err)
	}
	broken := errors.New("broken")
	if err := Create(filepath.Join(folder, "b.jpg"), 0o644, func(io.Writer) error { return broken }); err != broken {
		t.Errorf("%v", err)
	}
	if left, _ := os.ReadDir(folder); len(left) != 2 {
		t.Errorf("left behind: %v", left)
	}
}

// Of many who create a file at a time one does.
func TestCreateOnce(t *testing.T) {
	for name, create := range map[string]func(to, text string) error{
		"by a link": func(to, text string) error {
			return Create(to, 0o640, func(w io.Writer) error { _, err := io.WriteString(w, text); return err })
		},
		"by its name": func(to, text string) error {
			from := filepath.Join(t.TempDir(), "from")
			write(t, from, text)
			return exclusive(from, to, 0o640)
		},
	} {
		to := filepath.Join(t.TempDir(), "a.jpg")
		var group sync.WaitGroup
		var made atomic.Int64
		var text atomic.Value
		for i := range 16 {
			group.Go(func() {
				own := fmt.Sprintf("of %d", i)
				switch err := create(to, own); {
				case err == nil:
					made.Add(1)
					text.Store(own)
				case !errors.Is(err, fs.ErrExist):
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		group.Wait()
		got, err := os.ReadFile(to)
		if made.Load() != 1 || err != nil || string(got) != text.Load() {
			t.Errorf("%s: %d were made, %q is there, %v", name, made.Load(), got, err)
		}
		if info, err := os.Stat(to); err != nil || info.Mode().Perm() != 0o640 {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}
