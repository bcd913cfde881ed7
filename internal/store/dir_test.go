package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func mustOpen(t testing.TB, root string, maxBytes int64) *Dir {
	t.Helper()
	d, err := OpenDir(root, DirConfig{MaxBytes: maxBytes})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func mustPut(t testing.TB, d *Dir, key string, n int) []byte {
	t.Helper()
	body, meta := bodyAndMeta(n, uint64(len(key)+n))
	if err := d.Put(context.Background(), key, body, meta); err != nil {
		t.Fatal(err)
	}
	return body
}

func has(t testing.TB, d *Dir, key string) bool {
	t.Helper()
	r, err := d.Get(context.Background(), key)
	if errors.Is(err, fs.ErrNotExist) {
		return false
	}
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	return true
}

// below lists all files of a cache but its tag and locks.
func below(t testing.TB, root string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(root, path)
		if err == nil && rel != "." && rel != tempFolder && rel != cacheTag && !strings.HasSuffix(rel, lockSuffix) {
			files = append(files, rel)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestDirFileIsThePicture(t *testing.T) {
	root := t.TempDir()
	d := mustOpen(t, root, 0)
	body := mustPut(t, d, "r1/trip/b.jpg/_w800.auto", 5000)
	data, err := os.ReadFile(filepath.Join(root, "r1/trip/b.jpg/_w800.auto"))
	if err != nil || !bytes.HasPrefix(data, body) {
		t.Errorf("the file does not begin with the picture: %v", err)
	}
}

func TestDirFileBody(t *testing.T) {
	d := mustOpen(t, t.TempDir(), 0)
	body := mustPut(t, d, "r1/b.jpg/_w1.auto", 5000)
	r, err := d.Get(context.Background(), "r1/b.jpg/_w1.auto")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	fb := r.Body.(FileBody)
	for _, at := range []int64{0, 1234, 5000} {
		if _, err := fb.Seek(at, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(io.LimitReader(fb.File(), r.Size-at))
		if err != nil || !bytes.Equal(got, body[at:]) {
			t.Errorf("File at %d gives %d bytes, %v", at, len(got), err)
		}
		if rest, _ := io.ReadAll(fb); !bytes.Equal(rest, body[at:]) {
			t.Errorf("reading the file has moved the body: %d bytes left at %d", len(rest), at)
		}
	}
	ra := r.Body.(io.ReaderAt)
	buf := make([]byte, 100)
	if n, err := ra.ReadAt(buf, 4950); n != 50 || err != io.EOF {
		t.Errorf("ReadAt across the end = %d, %v", n, err)
	}
	if n, err := ra.ReadAt(buf, 4900); n != 100 || err != nil {
		t.Errorf("ReadAt up to the end = %d, %v", n, err)
	}
}

func TestDirDamaged(t *testing.T) {
	const key = "r1/b.jpg/_w1.auto"
	whole := func(t *testing.T) []byte {
		root := t.TempDir()
		mustPut(t, mustOpen(t, root, 0), key, 3000)
		data, err := os.ReadFile(filepath.Join(root, key))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}(t)
	flip := func(at int) []byte {
		b := bytes.Clone(whole)
		b[at] ^= 1
		return b
	}
	other, err := appendTrailer(bytes.Clone(whole[:3000]), "r1/c.jpg/_w1.auto", Meta{Size: 3000})
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file    []byte
		removed bool
	}{
		"empty":            {nil, true},
		"a picture alone":  {whole[:3000], true},
		"cut by a byte":    {whole[:len(whole)-1], true},
		"a byte too long":  {append(bytes.Clone(whole), 0), true},
		"picture cut":      {whole[1:], true},
		"trailer alone":    {whole[3000:], true},
		"payload flipped":  {flip(3004), true},
		"checksum flipped": {flip(len(whole) - trailerFoot), true},
		"length flipped":   {flip(len(whole) - trailerFoot + 4), true},
		"length huge":      {flip(len(whole) - trailerFoot + 7), true},
		"magic flipped":    {flip(len(whole) - 1), true},
		"zeros":            {make([]byte, len(whole)), true},
		"another key's":    {other, false}, // on a disk that knows no case it is valid
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			d := mustOpen(t, root, 0)
			mustPut(t, d, key, 10)
			path := filepath.Join(root, key)
			if err := os.WriteFile(path, c.file, 0o644); err != nil {
				t.Fatal(err)
			}
			if has(t, d, key) {
				t.Error("it was given")
			}
			if _, err := os.Lstat(path); (err != nil) != c.removed {
				t.Errorf("removed: %v, want %v", err != nil, c.removed)
			}
			mustPut(t, d, key, 20)
			if !has(t, d, key) {
				t.Error("and cannot be replaced")
			}
		})
	}
	t.Run("pipe", func(t *testing.T) {
		root := t.TempDir()
		d := mustOpen(t, root, 0)
		makePipe(t, filepath.Join(root, "_pipe"))
		if has(t, d, "r1/x/_pipe") {
			t.Error("a pipe was given")
		}
		if err := os.MkdirAll(filepath.Join(root, "r1/x"), 0o755); err != nil {
			t.Fatal(err)
		}
		makePipe(t, filepath.Join(root, "r1/x/_pipe"))
		if has(t, d, "r1/x/_pipe") {
			t.Error("a pipe was given")
		}
	})
}

func TestDirForgetTidiesUp(t *testing.T) {
	root := t.TempDir()
	d := mustOpen(t, root, 0)
	long := strings.Repeat("p", 300)
	for _, photo := range []string{"r1/a/b/c.jpg", "r1/a/d.jpg", "r1/" + long} {
		mustPut(t, d, photo+"/_w1.auto", 10)
	}
	for _, c := range []struct {
		prefix string
		left   int // files and folders
	}{
		{"r1/a/b/c.jpg/_", 6}, // r1, r1/a, r1/a/d.jpg and its file, the long one and its file
		{"r1/" + long + "/_", 4},
		{"r1/a/d.jpg/_", 0},
	} {
		if n, err := d.Forget(context.Background(), c.prefix); n != 1 || err != nil {
			t.Errorf("Forget(%.20q) = %d, %v", c.prefix, n, err)
		}
		if left := below(t, root); len(left) != c.left {
			t.Errorf("after Forget(%.20q) there are %q", c.prefix, left)
		}
	}
}

func TestDirEmptiedByHand(t *testing.T) {
	root := filepath.Join(t.TempDir(), "cache")
	d := mustOpen(t, root, 0)
	mustPut(t, d, "r1/a/_w1.auto", 10)
	if err := os.RemoveAll(root); err != nil {
		t.Fatal(err)
	}
	if has(t, d, "r1/a/_w1.auto") {
		t.Error("what is gone was given")
	}
	mustPut(t, d, "r1/a/_w1.auto", 10)
	if !has(t, d, "r1/a/_w1.auto") {
		t.Error("not kept")
	}
	other := mustOpen(t, root, 0) // would refuse a folder without its tag
	other.sweeps.Wait()
	if _, err := os.Lstat(d.tempPath(d.temp.id + lockSuffix)); err != nil {
		t.Errorf("the lock is not there again: %v", err)
	}
}

func TestOpenDirRefuses(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	photos := filepath.Join(dir, "photos")
	for _, err := range []error{os.WriteFile(file, nil, 0o644), os.Mkdir(photos, 0o755),
		os.WriteFile(filepath.Join(photos, "_DSC1.jpg"), []byte("a photo"), 0o644)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for path, hint := range map[string]string{
		file:                         "not a directory",
		filepath.Join(file, "cache"): "make it and let this user write there, or choose another",
		photos:                       "choose an empty folder",
	} {
		d, err := OpenDir(path, DirConfig{MaxBytes: 1})
		if err == nil {
			d.Close()
		}
		if err == nil || !strings.Contains(err.Error(), hint) {
			t.Errorf("OpenDir(%s): %v, want a word of %q", path, err, hint)
		}
	}
	if found := below(t, photos); len(found) != 1 {
		t.Errorf("the photos are now %q", found)
	}
	for _, harmless := range []string{".DS_Store", lostFound} {
		root := t.TempDir()
		if err := os.Mkdir(filepath.Join(root, harmless), 0o755); err != nil {
			t.Fatal(err)
		}
		mustOpen(t, root, 1)
	}
}

func TestDirClosed(t *testing.T) {
	root := t.TempDir()
	d := mustOpen(t, root, 0)
	mustPut(t, d, "r1/a/_w1.auto", 1000)
	r, err := d.Get(context.Background(), "r1/a/_w1.auto")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	for range 2 {
		if err := d.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
	if b, err := io.ReadAll(r.Body); len(b) != 1000 || err != nil {
		t.Errorf("an open rendition gives %d bytes, %v", len(b), err)
	}
	_, getErr := d.Get(context.Background(), "r1/a/_w1.auto")
	putErr := d.Put(context.Background(), "r1/a/_w1.auto", nil, Meta{})
	_, forgetErr := d.Forget(context.Background(), "r1/a/_")
	for i, err := range []error{getErr, putErr, forgetErr} {
		if !errors.Is(err, fs.ErrClosed) {
			t.Errorf("call %d of Get, Put, Forget: %v", i, err)
		}
	}
	if left, err := os.ReadDir(filepath.Join(root, tempFolder)); len(left) != 0 || err != nil {
		t.Errorf("Close left %v, %v", left, err)
	}
}

func TestDirMetaTooLong(t *testing.T) {
	d := mustOpen(t, t.TempDir(), 0)
	for _, n := range []int{900, 901, 5000} {
		key := fmt.Sprintf("r1/%d%s/_w1.auto", n, strings.Repeat("k", 1000))
		err := d.Put(context.Background(), key, nil, Meta{Source: strings.Repeat("v", n)})
		if kept := has(t, d, key); (err == nil) != kept || n == 900 && err != nil || n == 5000 && err == nil {
			t.Errorf("source of %d bytes: %v, kept %v", n, err, kept)
		}
	}
}

func BenchmarkDirGet(b *testing.B) {
	d := mustOpen(b, b.TempDir(), 0)
	const key = "r1/2024/trip/b.jpg/_w800.auto-avif"
	mustPut(b, d, key, 60_000)
	buf := make([]byte, 64<<10)
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		r, err := d.Get(ctx, key)
		if err != nil {
			b.Fatal(err)
		}
		if n, err := io.ReadFull(r.Body, buf[:60_000]); n != 60_000 {
			b.Fatal(err)
		}
		r.Body.Close()
	}
}

func BenchmarkDirPut(b *testing.B) {
	for _, noSync := range []bool{false, true} {
		b.Run(fmt.Sprintf("sync=%v", !noSync), func(b *testing.B) {
			d := mustOpen(b, b.TempDir(), 0)
			d.noSync = noSync
			body, meta := bodyAndMeta(60_000, 1)
			i := 0
			for b.Loop() {
				i++
				if err := d.Put(context.Background(), fmt.Sprintf("r1/%d/%d.jpg/_w1.auto", i%100, i), body, meta); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// heard collects log lines.
func heard(b *bytes.Buffer) *slog.Logger { return slog.New(slog.NewTextHandler(b, nil)) }

// TestDirNoPlace: what cannot get to its place leaves nothing in another.
func TestDirNoPlace(t *testing.T) {
	root := t.TempDir()
	d := mustOpen(t, root, 0)
	write(t, filepath.Join(root, "r1/file.jpg"), "in the way of a folder")
	write(t, filepath.Join(root, "r1/folder.jpg/_w1.auto/x"), "in the way of a file")
	before := below(t, root)
	for _, key := range []string{"r1/file.jpg/_w1.auto", "r1/file.jpg/b/_w1.auto", "r1/folder.jpg/_w1.auto"} {
		body, meta := bodyAndMeta(10, 1)
		if err := d.Put(context.Background(), key, body, meta); err == nil {
			t.Errorf("Put(%s): no error", key)
		}
		if has(t, d, key) {
			t.Errorf("%s is there", key)
		}
	}
	if after := below(t, root); !slices.Equal(before, after) {
		t.Errorf("before %q, after %q", before, after)
	}
}
