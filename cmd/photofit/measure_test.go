package main

import (
	"context"
	"io/fs"
	"slices"
	"testing"

	"photofit/internal/store"
)

// closedFolder may not be read.
type closedFolder struct{ store.MemPhotos }

func (c *closedFolder) List(ctx context.Context, folder string) ([]store.Entry, error) {
	if folder == "closed" {
		return nil, &fs.PathError{Op: "openat", Path: folder, Err: fs.ErrPermission}
	}
	return c.MemPhotos.List(ctx, folder)
}

func TestListGoesOnBesideAClosedFolder(t *testing.T) {
	var photos closedFolder
	for _, key := range []string{"a.jpg", "closed/b.jpg", "open/c.jpg"} {
		photos.Set(key, []byte("x"))
	}
	rows, more, err := list(t.Context(), &photos, 10)
	if err != nil || more != 0 {
		t.Fatalf("%d more, %v", more, err)
	}
	var names []string
	for _, r := range rows {
		if names = append(names, r.Photo); (r.Error != "") != (r.Photo == "closed/") {
			t.Errorf("%s: %s", r.Photo, r.Error)
		}
	}
	if want := []string{"a.jpg", "closed/", "open/c.jpg"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
}
