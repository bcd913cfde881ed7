package site

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Run is the work on a whole site.
type Run struct {
	// Folder is the site's. Out is where the result goes; empty is Folder itself.
	// There everything is copied to it, symbolic links as such, empty folders too.
	Folder, Out string

	// Apart are other folders that Out must not be in, nor they in it: that of the photos.
	Apart []string

	// Check writes nothing.
	Check bool

	// Measured is what was seen of images, by page and number; nil is nothing.
	Measured map[string]map[int]Measured

	// Progress is told of each page that is done, one at a time. It may be nil.
	Progress func(done, all int)
}

// File is what became of one of the site's.
type File struct {
	Name string `json:"name"` // by slashes, in the folder
	Page
}

// Do rewrites all pages of a folder, as many at a time as there are cores, and gives
// those that could ask for photos, in the order of their names. A page is written whole
// or not at all; after an error some are rewritten, and doing it again goes on.
func (r *Rewriter) Do(ctx context.Context, run Run) ([]File, error) {
	names, err := run.list()
	if err != nil {
		return nil, err
	}
	files := make([]File, len(names))
	var mu sync.Mutex
	done := 0
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, name := range names {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			var err error
			if files[i], err = r.file(ctx, run, name); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			if done++; run.Progress != nil {
				run.Progress(done, len(names))
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	kept := files[:0]
	for _, f := range files {
		if IsPage(f.Name) || len(f.Found) > 0 {
			kept = append(kept, f)
		}
	}
	return kept, nil
}

// file does one.
func (r *Rewriter) file(ctx context.Context, run Run, name string) (File, error) {
	f := File{Name: name}
	from := filepath.Join(run.Folder, filepath.FromSlash(name))
	info, err := os.Lstat(from)
	if err != nil {
		return f, err
	}
	regular := info.Mode().IsRegular()
	switch {
	case regular && IsPage(name):
		page, err := os.ReadFile(from)
		if err != nil {
			return f, err
		}
		if f.Page, err = r.Page(ctx, name, page, run.Measured[name]); err != nil {
			return f, err
		}
	case regular && r.config.Backgrounds && strings.EqualFold(filepath.Ext(name), ".css"):
		css, err := os.ReadFile(from)
		if err != nil {
			return f, err
		}
		if f.Page, err = r.Sheet(ctx, name, css); err != nil {
			return f, fmt.Errorf("%s: %w", name, err)
		}
	}
	body := f.HTML
	f.HTML = nil
	to := from
	switch {
	case run.Check:
		return f, nil
	case run.Out != "":
		to = filepath.Join(run.Out, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return f, err
		}
		if !f.Changed {
			return f, copyFile(from, to, info)
		}
		if old, err := os.ReadFile(to); err == nil && bytes.Equal(old, body) {
			return f, nil
		}
	case !f.Changed:
		return f, nil
	}
	return f, Replace(to, info.Mode().Perm(), func(w io.Writer) error {
		_, err := w.Write(body)
		return err
	})
}

// IsPage tells whether a file is one that is rewritten, by its name. XHTML is another
// language with other rules, and left alone.
func IsPage(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".html", ".htm":
		return true
	}
	return false
}

// list gives what there is to do, by slashes: pages and style sheets, or all there is
// where it is copied.
func (run Run) list() ([]string, error) {
	if run.Out != "" {
		beside, err := apart(run.Folder, run.Out)
		if err != nil {
			return nil, err
		}
		if !beside {
			return nil, fmt.Errorf("%s and %s lie in each other: name a folder beside the site, or leave it out to rewrite in place", run.Out, run.Folder)
		}
		for _, other := range run.Apart {
			switch beside, err := apart(other, run.Out); {
			case err != nil:
				return nil, err
			case !beside:
				return nil, fmt.Errorf("%s and %s lie in each other, and what is there would be overwritten: name another folder for the site", run.Out, other)
			}
		}
	}
	var names []string
	err := filepath.WalkDir(run.Folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(run.Folder, path)
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case d.IsDir() && run.Out != "" && !run.Check:
			return os.MkdirAll(filepath.Join(run.Out, rel), 0o755)
		case d.IsDir():
			return nil
		}
		regular := d.Type().IsRegular()
		if run.Out != "" && (regular || d.Type()&fs.ModeSymlink != 0) || regular && (IsPage(rel) || strings.EqualFold(filepath.Ext(rel), ".css")) {
			names = append(names, filepath.ToSlash(rel))
		}
		return nil
	})
	return names, err
}

// Others are the files in Out that the site does not have, by slashes and in order: of
// what was there before, or of somebody else.
func (run Run) Others() ([]string, error) {
	var names []string
	err := filepath.WalkDir(run.Out, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == ".git" {
			return fs.SkipDir
		}
		rel, err := filepath.Rel(run.Out, path)
		if err != nil || d.IsDir() {
			return err
		}
		if _, err := os.Lstat(filepath.Join(run.Folder, rel)); errors.Is(err, fs.ErrNotExist) {
			names = append(names, filepath.ToSlash(rel))
		}
		return nil
	})
	return names, err
}

// apart tells whether neither folder is in the other.
func apart(a, b string) (bool, error) {
	for _, pair := range [][2]string{{a, b}, {b, a}} {
		folder, err := filepath.Abs(pair[0])
		if err != nil {
			return false, err
		}
		inner, err := filepath.Abs(pair[1])
		if err != nil {
			return false, err
		}
		rel, err := filepath.Rel(folder, inner)
		if err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return false, nil
		}
	}
	return true, nil
}

// copyFile copies a file or a symbolic link, unless it is there already.
func copyFile(from, to string, info fs.FileInfo) error {
	old, err := os.Lstat(to)
	if info.Mode()&fs.ModeSymlink != 0 {
		target, err := os.Readlink(from)
		if err != nil {
			return err
		}
		if have, err := os.Readlink(to); err == nil && have == target {
			return nil
		}
		if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return os.Symlink(target, to)
	}
	if err == nil && old.Mode() == info.Mode() && old.Size() == info.Size() && old.ModTime().Equal(info.ModTime()) {
		return nil
	}
	f, err := os.Open(from)
	if err != nil {
		return err
	}
	defer f.Close()
	err = Replace(to, info.Mode().Perm(), func(w io.Writer) error {
		_, err := io.Copy(w, f)
		return err
	})
	if err != nil {
		return err
	}
	return os.Chtimes(to, info.ModTime(), info.ModTime())
}

// Replace writes a file whole or not at all: beside its place, flushed, and renamed.
func Replace(path string, mode fs.FileMode, write func(io.Writer) error) error {
	return beside(path, mode, write, os.Rename)
}

// Create is Replace for a file that is not there yet. One that is, whoever has just
// made it, stays, and the error is fs.ErrExist.
func Create(path string, mode fs.FileMode, write func(io.Writer) error) error {
	return beside(path, mode, write, func(from, to string) error {
		err := os.Link(from, to)
		if err == nil || errors.Is(err, fs.ErrExist) {
			return err
		}
		return exclusive(from, to, mode)
	})
}

// exclusive copies a file to where nothing is, for file systems without hard links:
// the name is taken at once, the bytes follow.
func exclusive(from, to string, mode fs.FileMode) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	if _, err = io.Copy(out, in); err == nil {
		err = out.Sync()
	}
	if closed := out.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = os.Remove(to) // it is ours, and only a part
	}
	return err
}

// beside writes a file beside its place, flushed, and has it put there.
func beside(path string, mode fs.FileMode, write func(io.Writer) error, put func(from, to string) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".photofit-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // a no-op after a rename
	if err = write(f); err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return put(f.Name(), path)
}
