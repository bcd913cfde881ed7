package store

import (
	"io/fs"
	"os"
	"strings"
)

// A link to a folder that lies above it gives every photo below endless names:
// b.jpg, loop/b.jpg, loop/loop/b.jpg. Each of them would be listed, scaled and
// kept. So no path may come to a folder that it has been in; other links inside
// are as good as folders.
//
// Stat is asked at each request and does not look for that. Nothing is made of
// a photo that Open refuses, so it need not.

// refuseLoop is an absence for a key whose folders, all but its last segment,
// are not all different ones, and different from root. Links are rare: without
// one on the way it costs an lstat for each folder.
func refuseLoop(root *os.Root, op, key string) error {
	i := strings.LastIndexByte(key, '/')
	if i < 0 || !linked(root, key[:i]) {
		return nil
	}
	if _, err := trail(root, key[:i]); err != nil {
		return notThere(op, key)
	}
	return nil
}

// linked tells whether a folder's path leads over a symbolic link.
func linked(root *os.Root, folder string) bool {
	for path := range prefixes(folder) {
		fi, err := root.Lstat(path)
		if err != nil {
			return false // whoever opens it will say so
		}
		if fi.Mode()&fs.ModeSymlink != 0 {
			return true
		}
	}
	return false
}

// trail gives the folders that a path goes through, root first and the folder
// itself last ("" is root), links followed. One that comes twice is an absence.
func trail(root *os.Root, folder string) ([]fs.FileInfo, error) {
	fi, err := root.Stat(".")
	if err != nil {
		return nil, err
	}
	been := []fs.FileInfo{fi}
	for path := range prefixes(folder) {
		fi, err := root.Stat(path)
		if err != nil {
			return nil, absent(err)
		}
		if contains(been, fi) {
			return nil, notThere("enter", path)
		}
		been = append(been, fi)
	}
	return been, nil
}

func contains(folders []fs.FileInfo, one fs.FileInfo) bool {
	for _, fi := range folders {
		if os.SameFile(fi, one) {
			return true
		}
	}
	return false
}

// prefixes gives a path's folders from the top: "a", "a/b", "a/b/c". Of "" there
// are none.
func prefixes(path string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for i := 0; i < len(path); i++ {
			if path[i] == '/' && !yield(path[:i]) {
				return
			}
		}
		if path != "" {
			yield(path)
		}
	}
}
