package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Folder is Photos on a folder. A photo is a regular file in it, at any depth;
// a folder, a device or a pipe is not there, and neither is anything that has a
// name with a leading dot on its way. A symbolic link is followed as long as it
// is relative, stays inside, and does not lead back to a folder that the path
// has been in; else what lies behind it is neither listed nor opened.
//
// The folder's path is resolved anew for each call, so a folder that is mounted
// later, or a link that is switched to another release, is seen at once.
type Folder struct {
	path string // absolute
}

var _ Photos = (*Folder)(nil)

// OpenFolder gives the photos of the folder at path, which must be there.
func OpenFolder(path string) (*Folder, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("photo folder %q: %w", path, err)
	}
	root, err := os.OpenRoot(abs)
	if err != nil {
		return nil, fmt.Errorf("photo folder: %w", err)
	}
	root.Close()
	return &Folder{abs}, nil
}

// Stat is Photos.Stat. On Linux it costs an open without reading, and a stat; two
// opens more if a link is on the way. Elsewhere it opens each folder on the way.
func (f *Folder) Stat(ctx context.Context, key string) (Photo, error) {
	if err := allowed(ctx, "stat", key); err != nil {
		return Photo{}, err
	}
	if photo, ok := f.stat(key); ok {
		return photo, nil
	}
	root, err := f.root()
	if err != nil {
		return Photo{}, err
	}
	defer root.Close()
	fi, err := root.Stat(key)
	if err != nil {
		return Photo{}, absent(err)
	}
	if !fi.Mode().IsRegular() {
		return Photo{}, notThere("stat", key)
	}
	return photoOf(fi.ModTime(), fi.Sys().(*syscall.Stat_t)), nil
}

// Open is Photos.Open. The version is that of the file which was opened, even if
// another has taken its name meanwhile.
func (f *Folder) Open(ctx context.Context, key string) (OpenPhoto, error) {
	root, err := f.enter(ctx, "open", key)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if err := refuseLoop(root, "open", key); err != nil {
		return nil, err
	}
	// Without O_NONBLOCK, opening a pipe would wait for its writer.
	file, err := root.OpenFile(key, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, absent(err)
	}
	fi, err := file.Stat()
	if err == nil && !fi.Mode().IsRegular() {
		err = notThere("open", key)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return &openFile{file, photoOf(fi.ModTime(), fi.Sys().(*syscall.Stat_t))}, nil
}

// enter opens the folder for one call, once key may be looked for in it.
func (f *Folder) enter(ctx context.Context, op, key string) (*os.Root, error) {
	if err := allowed(ctx, op, key); err != nil {
		return nil, err
	}
	return f.root()
}

// allowed tells whether key may be looked for.
func allowed(ctx context.Context, op, key string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !visible(key) {
		return notThere(op, key)
	}
	return nil
}

func (f *Folder) root() (*os.Root, error) {
	root, err := os.OpenRoot(f.path)
	if err != nil {
		// That the whole folder is gone must not look like a photo that is gone.
		return nil, fmt.Errorf("photo folder: %v", err)
	}
	return root, nil
}

// visible tells whether a key can be a photo's path here. Segments that are
// empty, or start with a dot (so "." and ".." too), cannot.
func visible(key string) bool {
	if strings.IndexByte(key, 0) >= 0 {
		return false
	}
	for seg := range strings.SplitSeq(key, "/") {
		if seg == "" || seg[0] == '.' {
			return false
		}
	}
	return true
}

func notThere(op, key string) error {
	return &fs.PathError{Op: op, Path: key, Err: fs.ErrNotExist}
}

// absent makes an absence of every error which says that no file can have this
// name, and leaves the others (permission, a failing disk) as they are.
func absent(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		// os.Root has no exported error for a path that leads out of it; it is
		// the only one of its errors without a number.
		return fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	switch errno {
	case syscall.ENOTDIR, syscall.ENAMETOOLONG, syscall.ELOOP, syscall.ENXIO, syscall.EOPNOTSUPP, syscall.EILSEQ, syscall.EINVAL:
		return fmt.Errorf("%w: %w", fs.ErrNotExist, err)
	}
	return err
}

// photoOf reads a file's version. The time of the last status change is part of
// it, as tools that rewrite a photo's metadata in place often keep its length
// and put back its modification time. The inode is not: some network file
// systems invent another one for every look.
func photoOf(modified time.Time, st *syscall.Stat_t) Photo {
	v := make([]byte, 0, 48)
	v = strconv.AppendInt(v, st.Size, 36)
	v = append(v, '-')
	v = strconv.AppendInt(v, modified.UnixNano(), 36)
	v = append(v, '-')
	v = strconv.AppendInt(v, changeTime(st), 36)
	return Photo{Size: st.Size, ModTime: modified, Version: string(v)}
}

type openFile struct {
	*os.File
	photo Photo
}

func (f *openFile) Photo() Photo { return f.photo }

// Path is the folder's, absolute.
func (f *Folder) Path() string { return f.path }
