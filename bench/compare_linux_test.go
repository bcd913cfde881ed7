package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// fake notes what it is asked for, and takes this process's time for its own.
type fake struct {
	name string
	log  *[]string
	seen map[string]bool
	err  error
}

func (f *fake) pid() int { return os.Getpid() }

func (f *fake) render(_ context.Context, t task) error {
	*f.log = append(*f.log, f.name)
	for _, photo := range t.Photos {
		if f.seen[photo] {
			return errors.New(photo + " came twice")
		}
		f.seen[photo] = true
	}
	return f.err
}

func TestSidesTakeTurns(t *testing.T) {
	for _, tt := range []struct {
		wide int
		want string // two pairs
	}{
		{1, "ABBAABBA" + "BAABBAAB"},
		{2, "ABBA" + "BAAB"},
		{8, "AB" + "BA"},
	} {
		var log []string
		seen := map[string]bool{} // of both: no photo is used again
		photos := newAlbum(t)
		o, err := compare(t.Context(), &fake{"A", &log, seen, nil}, &fake{"B", &log, seen, nil}, task{}, photos, 2, tt.wide)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(log, ""); got != tt.want {
			t.Errorf("%d at a time: %s, want %s", tt.wide, got, tt.want)
		}
		if len(o.ratios) != 2 || len(o.a) != 2 || len(o.b) != 2 || slices.Min(o.a) <= 0 {
			t.Errorf("%d at a time: %+v", tt.wide, o)
		}
		if want := len(tt.want) * tt.wide; len(seen) != want {
			t.Errorf("%d at a time: %d photos, want %d", tt.wide, len(seen), want)
		}
		for photo := range seen {
			if data, err := os.ReadFile(filepath.Join(photos.folder, photo)); err != nil || string(data) != "a photo" {
				t.Fatalf("%s: %q, %v", photo, data, err)
			}
		}
	}
}

func TestFailureEndsTheComparison(t *testing.T) {
	var log []string
	broken := errors.New("broken")
	_, err := compare(t.Context(), &fake{"A", &log, map[string]bool{}, nil}, &fake{"B", &log, map[string]bool{}, broken}, task{}, newAlbum(t), 3, 1)
	if !errors.Is(err, broken) || len(log) != 2 {
		t.Errorf("%v after %v", err, log)
	}
}
