package vips

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestFindGivesTheOrder(t *testing.T) {
	if got := Find("/opt/my.so", "/usr/bin/photofit"); !slices.Equal(got, []string{"/opt/my.so"}) {
		t.Errorf("a library that is named is the only one to try, got %q", got)
	}
	own, system := "libvips.so", "libvips.so.42"
	if runtime.GOOS == "darwin" {
		own, system = "libvips.dylib", "libvips.42.dylib"
	}
	got := Find("", filepath.Join("/srv", "photofit"))
	if len(got) < 2 || got[0] != filepath.Join("/srv", "lib", own) || got[1] != system {
		t.Errorf("Find = %q, want lib/ beside the program, then the system's", got)
	}
	if got := Find("", ""); len(got) == 0 || got[0] != system {
		t.Errorf("Find = %q, want the system's where the program's place is not known", got)
	}
}

func TestOpenErrorsSayWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "libvips.so")
	if err := os.WriteFile(text, []byte("no library"), 0o644); err != nil {
		t.Fatal(err)
	}
	missing := filepath.Join(dir, "nowhere.so")
	also := filepath.Join(dir, "nowhere-either.so")

	_, err := Open(missing)
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), missing) {
		t.Errorf("a missing file that was named: %v", err)
	}
	if _, err = Open(missing, also); !errors.Is(err, ErrNotFound) {
		t.Errorf("nothing at any place: %v", err)
	}
	if _, err = Open(text); err == nil || !strings.Contains(err.Error(), text) || errors.Is(err, ErrNotFound) {
		t.Errorf("a file that is no library: %v", err)
	}
	if _, err = Open(missing, text); err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("a file that is no library, at the second place: %v", err)
	}
	if _, err = Open(); !errors.Is(err, ErrNotFound) {
		t.Errorf("no place at all: %v", err)
	}
}

func TestOpenRefusesAnotherLibrary(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the C library has a file of its own on Linux only")
	}
	library(t) // so that the dynamic loader is known to work
	_, err := Open("libc.so.6")
	if err == nil || !strings.Contains(err.Error(), "vips_") {
		t.Errorf("the C library was taken for libvips: %v", err)
	}
}

func TestOpenGoesOnToTheNextPlace(t *testing.T) {
	path := library(t).Path()
	lib, err := Open(filepath.Join(t.TempDir(), "nowhere.so"), path)
	if err != nil {
		t.Fatal(err)
	}
	if lib.Path() != path {
		t.Errorf("opened %s, want %s", lib.Path(), path)
	}
}

func TestVersionThatServes(t *testing.T) {
	for _, tt := range []struct {
		version [3]int
		want    bool
	}{
		{[3]int{7, 42, 3}, false}, {[3]int{8, 0, 0}, false}, {[3]int{8, 14, 9}, false},
		{[3]int{8, 15, 0}, true}, {[3]int{8, 18, 7}, true}, {[3]int{9, 0, 0}, true}, {[3]int{10, 1, 0}, true},
	} {
		if got := serves(tt.version); got != tt.want {
			t.Errorf("serves(%v) = %t", tt.version, got)
		}
	}
	err := &versionError{"/lib/x.so", [3]int{8, 14, 1}}
	if want := "/lib/x.so is libvips 8.14.1, but 8.15 or newer is needed"; err.Error() != want {
		t.Errorf("%q, want %q", err.Error(), want)
	}
	if v := library(t).Version(); !strings.HasPrefix(v, "8.") || strings.Count(v, ".") != 2 {
		t.Errorf("Version = %q", v)
	}
}
