//go:build !function

package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"photofit"
	"photofit/internal/rendition"
	"photofit/internal/store"
)

// late are photos of a folder to which a file comes just after it was looked for.
type late struct {
	*store.Folder
	come func()
}

func (l *late) Open(ctx context.Context, key string) (store.OpenPhoto, error) {
	photo, err := l.Folder.Open(ctx, key)
	if come := l.come; come != nil {
		l.come = nil
		come()
	}
	return photo, err
}

// A photo that comes between the look and the copy stays: the same one is none of our
// business, another one ends the run.
func TestUploadReplacesNothing(t *testing.T) {
	for other, want := range map[string]string{"the same": "", "another": "are not the same"} {
		site, photos := t.TempDir(), t.TempDir()
		write(t, filepath.Join(site, "a.jpg"), "the same")
		folder, err := store.OpenFolder(photos)
		if err != nil {
			t.Fatal(err)
		}
		own, err := store.OpenFolder(site)
		if err != nil {
			t.Fatal(err)
		}
		asker := infoAsker{site: site, upload: true, path: func(photo string) string { return photo }}
		asker.own = rendition.New(rendition.Config{Photos: own, Renditions: store.NewMem(0),
			Render: func(context.Context, io.ReaderAt, int64, photofit.Recipe, func(context.Context, int64) error) (rendition.Made, error) {
				return rendition.Made{Body: []byte("{}"), Type: "application/json"}, nil
			}})
		asker.photos = &late{folder, func() { write(t, filepath.Join(photos, "a.jpg"), other) }}
		err = asker.copy(t.Context(), "a.jpg")
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v", other, err)
		}
		if text, err := os.ReadFile(filepath.Join(photos, "a.jpg")); err != nil || string(text) != other {
			t.Errorf("%s became %q, %v", other, text, err)
		}
		if copied := asker.uploaded(); len(copied) != 0 {
			t.Errorf("copied: %v", copied)
		}
	}
}
