package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// publishTries is how often Put makes folders that Forget or a sweep takes away.
const publishTries = 100

// Put is Renditions.Put. It returns once everything is on the disk. An error of
// the file system is wrapped (syscall.ENOSPC, EROFS, EACCES and so on); the key
// then has what it had before.
func (d *Dir) Put(ctx context.Context, key string, body []byte, meta Meta) error {
	if err := d.usable(ctx); err != nil {
		return err
	}
	if err := CheckPut(ctx, key, body, meta); err != nil {
		return err
	}
	trailer, err := appendTrailer(nil, key, meta)
	if err != nil {
		return err
	}
	size := int64(len(body) + len(trailer))
	room := d.max
	if strings.HasSuffix(key, "/"+masterName) {
		room = lowMasters(d.max) // or the next sweep would take it
	}
	if d.max > 0 && size > room {
		return fmt.Errorf("%w: %d bytes of %d", ErrTooLarge, size, room)
	}
	temp, err := d.writeTemp(body, trailer)
	if errors.Is(err, fs.ErrNotExist) {
		// Somebody has cleared the whole folder.
		if err = d.prepare(); err == nil {
			temp, err = d.writeTemp(body, trailer)
		}
	}
	if err == nil {
		if err = ctx.Err(); err != nil {
			os.Remove(temp)
		} else {
			err = d.publish(temp, filepath.Join(d.root, fileName(key)))
		}
	}
	if errors.Is(err, syscall.ENAMETOOLONG) {
		err = fmt.Errorf("%w: %w", ErrKeyTooLong, err)
	}
	if err != nil {
		return fmt.Errorf("put %q: %w", key, err)
	}
	d.wrote(size)
	return nil
}

// publish renames temp to path, making folders as needed, and flushes the
// folders. On an error temp is gone.
func (d *Dir) publish(temp, path string) error {
	changed := []string{filepath.Dir(path)}
	err := os.Rename(temp, path)
	for try := 0; errors.Is(err, fs.ErrNotExist) && try < publishTries; try++ {
		if _, gone := os.Lstat(temp); gone != nil {
			return gone
		}
		if changed, err = makeFolder(filepath.Dir(path), changed); err == nil {
			err = os.Rename(temp, path)
		}
	}
	if err != nil {
		os.Remove(temp)
		return err
	}
	if d.noSync {
		return nil
	}
	for _, folder := range changed {
		if err := syncFolder(folder); err != nil {
			os.Remove(path)
			return err
		}
	}
	return nil
}

// makeFolder makes path and its parents, and appends to changed the folders that
// have got another in them.
func makeFolder(path string, changed []string) ([]string, error) {
	err := os.Mkdir(path, 0o755)
	if errors.Is(err, fs.ErrNotExist) {
		if changed, err = makeFolder(filepath.Dir(path), changed); err == nil {
			err = os.Mkdir(path, 0o755)
		}
	}
	switch {
	case err == nil:
		return append(changed, filepath.Dir(path)), nil
	case errors.Is(err, fs.ErrExist):
		return changed, nil
	}
	return changed, err
}

// syncFolder flushes which names a folder has. One that has been removed since,
// or a file system that knows no such thing, is no error.
func syncFolder(path string) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	err = f.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		return nil
	}
	return err
}
