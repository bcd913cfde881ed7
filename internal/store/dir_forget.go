package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Forget is Renditions.Forget. Folders that get empty go too. When it returns,
// the removal is on the disk.
func (d *Dir) Forget(ctx context.Context, prefix string) (int, error) {
	if err := d.usable(ctx); err != nil {
		return 0, err
	}
	folder, err := CheckPrefix(prefix)
	if err != nil {
		return 0, err
	}
	if len(prefix) > maxKey {
		return 0, nil
	}
	path := filepath.Join(d.root, fileName(folder))
	found, err := readFolder(path)
	if err = absentOrNil(err); errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("forget %q: %w", prefix, err)
	}
	n := 0
	var errs []error
	for _, e := range found {
		if !isRendition(e) {
			continue
		}
		switch err := os.Remove(filepath.Join(path, e.Name())); {
		case err == nil:
			n++
		case !errors.Is(err, fs.ErrNotExist):
			errs = append(errs, err)
		}
	}
	rest := d.removeEmpty(path)
	if n > 0 && !d.noSync {
		if err := syncFolder(rest); err != nil {
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return n, fmt.Errorf("forget %q: %w", prefix, err)
	}
	return n, nil
}

// removeEmpty removes a folder below the root if it is empty, then its parents,
// and gives the first that stays.
func (d *Dir) removeEmpty(path string) string {
	for path != d.root && os.Remove(path) == nil {
		path = filepath.Dir(path)
	}
	return path
}

func readFolder(path string) ([]fs.DirEntry, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.ReadDir(-1) // os.ReadDir would sort
}

// isRendition tells files that keys name from all else.
func isRendition(e fs.DirEntry) bool {
	return e.Type().IsRegular() && e.Name()[0] == '_'
}
