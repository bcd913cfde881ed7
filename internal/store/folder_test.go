package store

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func write(t testing.TB, path, body string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
}

func link(t *testing.T, to, from string) {
	t.Helper()
	if err := os.Symlink(to, from); err != nil {
		t.Fatal(err)
	}
}

func openFolder(t testing.TB, root string) *Folder {
	t.Helper()
	f, err := OpenFolder(root)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// reads gives a photo's bytes, "-" for an absence, and checks that Stat and Open agree.
func reads(t *testing.T, f *Folder, key string) string {
	t.Helper()
	photo, statErr := f.Stat(context.Background(), key)
	o, err := f.Open(context.Background(), key)
	if errors.Is(statErr, fs.ErrNotExist) != errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%q: Stat says %v, Open says %v", key, statErr, err)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return "-"
	}
	if err != nil || statErr != nil {
		t.Fatal(err, statErr)
	}
	defer o.Close()
	b, err := io.ReadAll(o)
	if err != nil || o.Photo() != photo {
		t.Errorf("%q: %v, Photo %+v, Stat %+v", key, err, o.Photo(), photo)
	}
	return string(b)
}

func TestFolderStaysInside(t *testing.T) {
	temp := t.TempDir()
	root := filepath.Join(temp, "photos")
	write(t, filepath.Join(temp, "secret.jpg"), "secret")
	write(t, filepath.Join(temp, "photos2/b.jpg"), "secret")
	write(t, filepath.Join(root, "b.jpg"), "b")
	write(t, filepath.Join(root, "trip/c.jpg"), "c")
	write(t, filepath.Join(root, ".hidden.jpg"), "hidden")
	write(t, filepath.Join(root, ".git/b.jpg"), "hidden")
	write(t, filepath.Join(root, "trip/.thumbs/b.jpg"), "hidden")
	link(t, "b.jpg", filepath.Join(root, "in.jpg"))
	link(t, "../b.jpg", filepath.Join(root, "trip/up.jpg"))
	link(t, "trip", filepath.Join(root, "intrip"))
	link(t, "../secret.jpg", filepath.Join(root, "out.jpg"))
	link(t, "..", filepath.Join(root, "outside"))
	link(t, filepath.Join(temp, "secret.jpg"), filepath.Join(root, "abs.jpg"))
	link(t, "loop", filepath.Join(root, "loop"))
	link(t, "nothing", filepath.Join(root, "dangling.jpg"))
	makePipe(t, filepath.Join(root, "pipe.jpg"))
	l, err := net.Listen("unix", filepath.Join(root, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()

	f := openFolder(t, root)
	for key, want := range map[string]string{
		"b.jpg": "b", "trip/c.jpg": "c", "in.jpg": "b", "trip/up.jpg": "b", "intrip/c.jpg": "c",
		"out.jpg": "-", "outside/secret.jpg": "-", "outside/photos/b.jpg": "-", "abs.jpg": "-", "loop": "-", "dangling.jpg": "-",
		"../secret.jpg": "-", "../photos2/b.jpg": "-", "trip/../b.jpg": "-",
		".hidden.jpg": "-", ".git/b.jpg": "-", "trip/.thumbs/b.jpg": "-",
		"pipe.jpg": "-", "socket": "-", "trip": "-", "intrip": "-", "b.jpg/x": "-",
	} {
		if got := reads(t, f, key); got != want {
			t.Errorf("%q reads %q, want %q", key, got, want)
		}
	}
	for folder, want := range map[string]string{
		"": "intrip/ trip/ b.jpg in.jpg", "trip": "c.jpg up.jpg", "intrip": "c.jpg up.jpg",
		"outside": "-", ".git": "-", "trip/.thumbs": "-", "loop": "-", "pipe.jpg": "-",
	} {
		list, err := f.List(context.Background(), folder)
		if (want == "-") != errors.Is(err, fs.ErrNotExist) {
			t.Errorf("List(%q): %v", folder, err)
		}
		var got []string
		for _, e := range list {
			if e.Folder {
				e.Name += "/"
			}
			got = append(got, e.Name)
		}
		if g := strings.Join(got, " "); want != "-" && g != want {
			t.Errorf("List(%q) = %s, want %s", folder, g, want)
		}
	}
}

func TestFolderVersions(t *testing.T) {
	root := t.TempDir()
	path := filepath.Join(root, "b.jpg")
	when := time.Unix(1_700_000_000, 123_456_789)
	f := openFolder(t, root)
	seen := map[string]string{}
	for _, step := range []struct {
		name string
		do   func() error
	}{
		{"new", func() error { return os.WriteFile(path, []byte("one"), 0o644) }},
		{"another time", func() error { return os.Chtimes(path, when, when) }},
		{"a nanosecond on", func() error { return os.Chtimes(path, when, when.Add(1)) }},
		{"longer, same time", func() error {
			return errors.Join(os.WriteFile(path, []byte("longer"), 0o644), os.Chtimes(path, when, when))
		}},
		{"of 1960", func() error { return os.Chtimes(path, when, when.AddDate(-63, 0, 0)) }},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		p, err := f.Stat(context.Background(), "b.jpg")
		if err != nil {
			t.Fatal(err)
		}
		if before, ok := seen[p.Version]; ok {
			t.Errorf("%q has the version of %q: %s", step.name, before, p.Version)
		}
		seen[p.Version] = step.name
	}

	// Same length, and the modification time put back: told by the change time.
	old, err := f.Stat(context.Background(), "b.jpg")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; ; i++ { // until the file system's clock has ticked
		if err := errors.Join(os.WriteFile(path, []byte("LONGER"), 0o644), os.Chtimes(path, when, old.ModTime)); err != nil {
			t.Fatal(err)
		}
		now, err := f.Stat(context.Background(), "b.jpg")
		if err != nil || !now.ModTime.Equal(old.ModTime) || now.Size != old.Size {
			t.Fatal(err, now, old)
		}
		if now.Version != old.Version {
			break
		}
		if i == 20_000 {
			t.Fatal("another photo of the same length and time has the same version")
		}
	}
}

// TestFolderOpenIsOfOneVersion: what was opened stays what it was when another
// file takes its name.
func TestFolderOpenIsOfOneVersion(t *testing.T) {
	root := t.TempDir()
	write(t, filepath.Join(root, "b.jpg"), "old")
	f := openFolder(t, root)
	o, err := f.Open(context.Background(), "b.jpg")
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	write(t, filepath.Join(root, "new"), "another")
	if err := os.Rename(filepath.Join(root, "new"), filepath.Join(root, "b.jpg")); err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(o)
	if err != nil || string(b) != "old" || o.Photo().Size != 3 {
		t.Errorf("%q, %v, %+v", b, err, o.Photo())
	}
	if now, err := f.Stat(context.Background(), "b.jpg"); err != nil || now.Version == o.Photo().Version {
		t.Errorf("both are %+v, %v", now, err)
	}
}

func TestFolderItself(t *testing.T) {
	temp := t.TempDir()
	write(t, filepath.Join(temp, "file"), "")
	for _, path := range []string{filepath.Join(temp, "no"), filepath.Join(temp, "file")} {
		if _, err := OpenFolder(path); err == nil {
			t.Errorf("OpenFolder(%s): no error", path)
		}
	}
	// A release is switched by its link; then everything is gone.
	write(t, filepath.Join(temp, "1/b.jpg"), "first")
	write(t, filepath.Join(temp, "2/b.jpg"), "second")
	current := filepath.Join(temp, "current")
	link(t, "1", current)
	f := openFolder(t, current)
	if got := reads(t, f, "b.jpg"); got != "first" {
		t.Error(got)
	}
	if err := os.Remove(current); err != nil {
		t.Fatal(err)
	}
	_, statErr := f.Stat(context.Background(), "b.jpg")
	_, openErr := f.Open(context.Background(), "b.jpg")
	_, listErr := f.List(context.Background(), "")
	for i, err := range []error{statErr, openErr, listErr} {
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("call %d of Stat, Open, List without the folder: %v; photos must not seem deleted", i, err)
		}
	}
	link(t, "2", current)
	if got := reads(t, f, "b.jpg"); got != "second" {
		t.Error(got)
	}
}

// readForbidden is a child that may look at photos' names but not into one.
func readForbidden(folder string) error {
	if err := becomeNobody(); err != nil {
		return err
	}
	f, err := OpenFolder(folder)
	if err != nil {
		return err
	}
	if _, err := f.Open(context.Background(), "locked.jpg"); !errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) {
		return errors.Join(errors.New("Open of a locked photo"), err)
	}
	if _, err := f.Stat(context.Background(), "locked/b.jpg"); !errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist) {
		return errors.Join(errors.New("Stat in a locked folder"), err)
	}
	if _, err := f.List(context.Background(), "locked"); !errors.Is(err, fs.ErrPermission) {
		return errors.Join(errors.New("List of a locked folder"), err)
	}
	return nil
}

func TestFolderPermission(t *testing.T) {
	temp := t.TempDir()
	root := filepath.Join(temp, "photos")
	write(t, filepath.Join(root, "locked.jpg"), "x")
	write(t, filepath.Join(root, "locked/b.jpg"), "x")
	letThrough(t, temp)
	for _, name := range []string{"locked.jpg", "locked"} {
		if err := os.Chmod(filepath.Join(root, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { os.Chmod(filepath.Join(root, "locked"), 0o755) })
	if err := child("forbidden", root).Run(); err != nil {
		t.Fatal(err)
	}
}

func BenchmarkFolderStat(b *testing.B) {
	root := b.TempDir()
	write(b, filepath.Join(root, "2024/trip/b.jpg"), "x")
	f := openFolder(b, root)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.Stat(context.Background(), "2024/trip/b.jpg"); err != nil {
			b.Fatal(err)
		}
	}
}
