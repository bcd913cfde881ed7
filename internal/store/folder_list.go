package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"
)

// List is Photos.List. Every regular file is listed, picture or not; a symbolic
// link is listed as what it leads to, but not if that is a folder on the path to
// it, or the listed one itself.
func (f *Folder) List(ctx context.Context, folder string) ([]Entry, error) {
	var root *os.Root
	var err error
	path := folder
	if folder == "" {
		path = "."
		root, err = f.root()
	} else {
		root, err = f.enter(ctx, "list", folder)
	}
	if err != nil {
		return nil, err
	}
	defer root.Close()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := refuseLoop(root, "list", folder+"/"); err != nil {
		return nil, err
	}
	dir, err := root.OpenFile(path, os.O_RDONLY|syscall.O_DIRECTORY, 0)
	if err != nil {
		return nil, absent(err)
	}
	defer dir.Close()
	found, err := dir.ReadDir(-1)
	if err != nil {
		return nil, err
	}
	var been []fs.FileInfo // on the way here, once a link asks for it
	list := make([]Entry, 0, len(found))
	for _, d := range found {
		if strings.HasPrefix(d.Name(), ".") {
			continue
		}
		if d.IsDir() {
			list = append(list, Entry{Name: d.Name(), Folder: true})
			continue
		}
		fi, err := root.Stat(path + "/" + d.Name())
		if err = absentOrNil(err); errors.Is(err, fs.ErrNotExist) {
			continue // gone since, or a link that leads nowhere or out
		}
		switch {
		case err != nil:
			return nil, err
		case fi.IsDir():
			if been == nil {
				if been, err = trail(root, folder); err != nil {
					return nil, err
				}
			}
			if contains(been, fi) {
				continue // it would never end
			}
			list = append(list, Entry{Name: d.Name(), Folder: true})
		case fi.Mode().IsRegular():
			list = append(list, Entry{Name: d.Name(), Photo: photoOf(fi.ModTime(), fi.Sys().(*syscall.Stat_t))})
		}
	}
	SortEntries(list)
	return list, nil
}

func absentOrNil(err error) error {
	if err == nil {
		return nil
	}
	return absent(err)
}
