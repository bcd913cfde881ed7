//go:build !function

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"photofit"
	"photofit/internal/rendition"
	"photofit/internal/site"
	"photofit/internal/store"
	"photofit/internal/store/s3"
)

// infoAsker tells what there is to know of photos, and copies those that only the
// site has.
type infoAsker struct {
	service *rendition.Service
	site    string // the site's folder
	photos  store.Photos
	upload  bool
	path    func(photo string) string // of a photo in the site's folder

	// own has the site's own files as photos, to be looked at before they are copied.
	own *rendition.Service

	mu     sync.Mutex
	copied []string
}

// info is site.Config's.
func (a *infoAsker) info(ctx context.Context, photo string) (photofit.Info, error) {
	if a.upload && a.inSite(a.path(photo)) {
		if err := a.copy(ctx, photo); err != nil {
			return photofit.Info{}, err
		}
	}
	return ask(ctx, a.service, photo)
}

// inSite is site.Config's.
func (a *infoAsker) inSite(path string) bool {
	if !filepath.IsLocal(filepath.FromSlash(path)) {
		return false
	}
	info, err := os.Stat(filepath.Join(a.site, filepath.FromSlash(path)))
	return err == nil && info.Mode().IsRegular()
}

// read is site.Config's.
func (a *infoAsker) read(path string) ([]byte, error) {
	return os.ReadFile(filepath.Join(a.site, filepath.FromSlash(path)))
}

// uploaded gives what was copied, in the order of names.
func (a *infoAsker) uploaded() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Sorted(slices.Values(a.copied))
}

// copy copies a photo of the site to where photos are, unless it is there. What comes
// to be there meanwhile stays, too.
func (a *infoAsker) copy(ctx context.Context, photo string) error {
	file := filepath.Join(a.site, filepath.FromSlash(a.path(photo)))
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	there, err := a.photos.Open(ctx, photo)
	if errors.Is(err, fs.ErrNotExist) {
		var fault *photofit.Fault
		if _, err := ask(ctx, a.own, a.path(photo)); errors.As(err, &fault) {
			return err // what is damaged stays where it is
		}
		err = a.put(ctx, photo, f, info.Size())
		if err == nil {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.copied = append(a.copied, photo)
			return nil
		}
		if !errors.Is(err, fs.ErrExist) {
			return fmt.Errorf("%s cannot be copied: %w", file, err)
		}
		if _, err = f.Seek(0, io.SeekStart); err == nil {
			there, err = a.photos.Open(ctx, photo)
		}
	}
	if err != nil {
		return err
	}
	defer there.Close()
	same, err := there.Photo().Size == info.Size(), error(nil)
	if same {
		same, err = equal(f, there)
	}
	if err == nil && !same {
		err = fmt.Errorf("%s and the photo of that name that is there are not the same: rename it, or take one of the two away, or say with --strip that they are others", file)
	}
	return err
}

// put writes a photo where nothing is; fs.ErrExist is that something is.
func (a *infoAsker) put(ctx context.Context, photo string, body io.ReadSeeker, size int64) error {
	switch photos := a.photos.(type) {
	case *s3.Photos:
		return photos.Upload(ctx, photo, body, size)
	case interface{ Path() string }: // a folder
		to := filepath.Join(photos.Path(), filepath.FromSlash(photo))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		return site.Create(to, 0o644, func(w io.Writer) error {
			_, err := io.Copy(w, body)
			return err
		})
	}
	return errors.New("photos cannot be copied to that place")
}

// equal tells whether two readers have the same bytes.
func equal(a, b io.Reader) (bool, error) {
	left, right := make([]byte, 64<<10), make([]byte, 64<<10)
	for {
		n, err := io.ReadFull(a, left)
		m, other := io.ReadFull(b, right)
		if !bytes.Equal(left[:n], right[:m]) {
			return false, nil
		}
		if err != nil || other != nil {
			end := func(err error) bool { return err == io.EOF || err == io.ErrUnexpectedEOF }
			if end(err) && end(other) {
				return true, nil
			}
			return false, errors.Join(err, other)
		}
	}
}
