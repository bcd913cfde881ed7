package store

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"golang.org/x/sys/unix"
)

// bound is what is known of how full the folder is. It errs upwards: what Put
// replaces and Forget removes is still counted until the next sweep.
type bound struct {
	mu       sync.Mutex
	sweeping bool
	total    int64 // at the last sweep
	written  int64 // by this process since then
	sweeps   int
}

// due tells whether a sweep is needed; mu is held. A total beyond the maximum
// right after a sweep is what could not be removed: then more has to be written
// before it is worth another try.
func (b *bound) due(maximum int64) bool {
	if maximum == 0 || b.written == 0 {
		return false
	}
	return b.written >= maximum/20 || b.total <= maximum && b.total+b.written > maximum
}

// wrote counts what Put has written, and starts a sweep if one is due.
func (d *Dir) wrote(n int64) {
	d.bound.mu.Lock()
	defer d.bound.mu.Unlock()
	d.bound.written += n
	if !d.bound.sweeping && d.bound.due(d.max) && !d.closed.Load() {
		d.goSweep()
	}
}

// startSweep is for OpenDir.
func (d *Dir) startSweep() {
	d.bound.mu.Lock()
	defer d.bound.mu.Unlock()
	d.goSweep()
}

// goSweep sweeps in the background until none is due; bound.mu is held.
func (d *Dir) goSweep() {
	d.bound.sweeping = true
	d.sweeps.Go(func() {
		for again := true; again; {
			d.clearTemp()
			if d.max > 0 {
				d.sweep()
			}
			d.bound.mu.Lock()
			again = d.bound.due(d.max)
			d.bound.sweeping = again
			d.bound.mu.Unlock()
		}
	})
}

// sweep walks the folder and removes what is too much.
func (d *Dir) sweep() {
	d.bound.mu.Lock()
	before := d.bound.written
	d.bound.mu.Unlock()

	w := walk{d: d}
	w.folder("")
	found, n := w.total, w.n
	if w.masters > d.max/2 || w.total > d.max {
		// Mostly nothing has to go, and then no file is remembered.
		w = walk{d: d, files: make([]walkFile, 0, n+n/16), list: true}
		w.folder("")
		w.sort()
		if w.masters > d.max/2 {
			w.remove(w.total-(w.masters-lowMasters(d.max)), func(f walkFile) bool { return f.master })
		}
		if w.total > d.max {
			w.remove(d.max-d.max/10, func(walkFile) bool { return true })
		}
		d.log.Info("cache swept", "files", n, "bytes", found, "left", w.total, "max", d.max)
	}

	d.bound.mu.Lock()
	d.bound.total = w.total
	d.bound.written -= before // the walk has seen it
	d.bound.sweeps++
	d.bound.mu.Unlock()
}

// lowMasters is what is left of masters, in bytes, when they were too many.
func lowMasters(maximum int64) int64 { return maximum/2 - maximum/20 }

// walk is one look at all files.
type walk struct {
	d       *Dir
	n       int   // files
	total   int64 // their bytes
	masters int64 // of total
	list    bool  // whether the files are listed, which takes about 70 bytes for each
	folders []string
	files   []walkFile
}

type walkFile struct {
	name   string
	folder int32 // in folders
	size   int64
	used   int64 // Unix nanoseconds
	master bool
}

// folder looks at one folder, by its path below the root, and those in it. It
// tells whether it was empty and is gone.
func (w *walk) folder(rel string) (gone bool) {
	path := filepath.Join(w.d.root, rel)
	left, folders, err := w.look(path, rel == "")
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			w.d.log.Warn("a folder of the cache cannot be read", "err", err)
		}
		return false
	}
	for _, name := range folders {
		if w.folder(filepath.Join(rel, name)) {
			left--
		}
	}
	// Should Put be about to use it, it makes it again.
	return left == 0 && rel != "" && os.Remove(path) == nil
}

// look counts what is in a folder, looks at the renditions, and gives the folders.
func (w *walk) look(path string, root bool) (n int, folders []string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, nil, err
	}
	defer f.Close()
	found, err := f.ReadDir(-1)
	if err != nil {
		return 0, nil, err
	}
	if w.list {
		w.folders = append(w.folders, path)
	}
	for _, e := range found {
		switch {
		case e.IsDir() && root && (e.Name() == tempFolder || e.Name() == lostFound):
		case e.IsDir():
			folders = append(folders, e.Name())
		case isRendition(e):
			w.file(int(f.Fd()), e.Name())
		}
	}
	return len(found), folders, nil
}

// file looks at a file of the folder that was listed last, which is open as dir.
func (w *walk) file(dir int, name string) {
	var st unix.Stat_t // os.Lstat would make 400 bytes of garbage
	if unix.Fstatat(dir, name, &st, unix.AT_SYMLINK_NOFOLLOW) != nil {
		return
	}
	master := name == masterName
	w.n++
	w.total += st.Size
	if master {
		w.masters += st.Size
	}
	if w.list {
		w.files = append(w.files, walkFile{name, int32(len(w.folders) - 1), st.Size, st.Mtim.Nano(), master})
	}
}

// sort puts the least recently used first.
func (w *walk) sort() {
	slices.SortFunc(w.files, func(a, b walkFile) int {
		return cmp.Or(cmp.Compare(a.used, b.used), cmp.Compare(w.folders[a.folder], w.folders[b.folder]), cmp.Compare(a.name, b.name))
	})
}

// remove removes files of a kind, from the first on, until low bytes are left in all.
func (w *walk) remove(low int64, of func(walkFile) bool) {
	failed := false
	left := w.files[:0]
	for i, f := range w.files {
		if w.total <= low {
			left = append(left, w.files[i:]...)
			break
		}
		if !of(f) {
			left = append(left, f)
			continue
		}
		folder := w.folders[f.folder]
		path := filepath.Join(folder, f.name)
		fi, err := os.Lstat(path)
		if err == nil && fi.ModTime().UnixNano() != f.used {
			continue // used or replaced since
		}
		if err == nil {
			err = os.Remove(path)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			if !failed {
				w.d.log.Warn("the cache cannot be kept within its bound", "err", err)
			}
			failed = true
			continue
		}
		w.total -= f.size
		w.d.removeEmpty(folder)
	}
	w.files = left
}
