package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

const poorKey = "r1/b.jpg/_w1.auto"

// failsAndLeaves puts what cannot be kept, and checks that nothing of it stays
// and that the old rendition does.
func failsAndLeaves(d *Dir, n int, want error) error {
	before, err := os.ReadDir(filepath.Join(d.root, tempFolder))
	if err != nil {
		return err
	}
	for _, key := range []string{poorKey, "r1/new/folder/_w1.auto"} {
		body, meta := bodyAndMeta(n, 2)
		err := d.Put(context.Background(), key, body, meta)
		if !errors.Is(err, want) {
			return fmt.Errorf("Put(%s): %v, want %v", key, err, want)
		}
	}
	after, err := os.ReadDir(filepath.Join(d.root, tempFolder))
	if err != nil || len(after) != len(before) {
		return fmt.Errorf("Put left %v, %v", after, err)
	}
	r, err := d.Get(context.Background(), poorKey)
	if err != nil || r.Size != 100 {
		return fmt.Errorf("the old rendition: %v", err)
	}
	r.Body.Close()
	if _, err := d.Get(context.Background(), "r1/new/folder/_w1.auto"); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the new one: %v", err)
	}
	return sound(d, poorKey)
}

func putSmall(d *Dir) error {
	body, meta := bodyAndMeta(100, 1)
	return d.Put(context.Background(), poorKey, body, meta)
}

// putBeyondLimit has the kernel cut off each write at 64 KB.
func putBeyondLimit(folder string) error {
	signal.Ignore(syscall.SIGXFSZ)
	limit := syscall.Rlimit{Cur: 64 << 10, Max: 64 << 10}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	d, err := OpenDir(folder, DirConfig{})
	if err != nil {
		return err
	}
	defer d.Close()
	if err := putSmall(d); err != nil {
		return err
	}
	if err := failsAndLeaves(d, 200_000, syscall.EFBIG); err != nil {
		return err
	}
	// The picture just fits; its trailer does not.
	return failsAndLeaves(d, 64<<10-20, syscall.EFBIG)
}

func TestDirWriteCutOff(t *testing.T) {
	root := t.TempDir()
	if err := child("limited", root).Run(); err != nil {
		t.Fatal(err)
	}
	if n, _, leftovers := look(t, root); n != 1 || leftovers != 0 {
		t.Errorf("%d renditions and %d leftovers, want 1 and 0", n, leftovers)
	}
}

// becomeNobody gives up what root may do, for good.
func becomeNobody() error {
	if os.Getuid() != 0 {
		return nil
	}
	return syscall.Setuid(65534)
}

// letThrough lets nobody get as far as path, which is of t.TempDir.
func letThrough(t *testing.T, path string) {
	t.Helper()
	for ; path != filepath.Clean(os.TempDir()) && path != "/"; path = filepath.Dir(path) {
		if err := os.Chmod(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

// usePoorly works on a cache that this user may read but not write.
func usePoorly(folder string) error {
	if err := becomeNobody(); err != nil {
		return err
	}
	var log bytes.Buffer
	d, err := OpenDir(folder, DirConfig{MaxBytes: 1 << 20, Log: heard(&log)})
	if err != nil {
		return err
	}
	defer d.Close()
	if !strings.Contains(log.String(), "cannot be written") {
		return fmt.Errorf("no warning, but %q", log.String())
	}
	if err := failsAndLeaves(d, 200, fs.ErrPermission); err != nil {
		return err
	}
	if n, err := d.Forget(context.Background(), "r1/b.jpg/_"); n != 0 || !errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("Forget: %d, %v", n, err)
	}
	if err := sound(d, poorKey); err != nil {
		return err
	}
	if _, err := OpenDir(filepath.Join(folder, "below"), DirConfig{}); !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "choose another") {
		return fmt.Errorf("OpenDir where nothing can be made: %v", err)
	}
	return nil
}

func TestDirReadOnly(t *testing.T) {
	temp := t.TempDir()
	root := filepath.Join(temp, "cache")
	d := mustOpen(t, root, 0)
	if err := putSmall(d); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	letThrough(t, temp)
	var folders []string
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() {
			folders = append(folders, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range folders {
		if err := os.Chmod(f, 0o555); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { os.Chmod(f, 0o755) })
	}
	if err := child("readonly", root).Run(); err != nil {
		t.Fatal(err)
	}
}
