package store

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// DirConfig says how a cache folder is to be kept.
type DirConfig struct {
	// MaxBytes is how much the files in it may be together; 0 or less is no
	// bound. What was used least recently goes first. See Dir for how closely it
	// is held.
	MaxBytes int64

	// Log hears of a folder that cannot be written, of damaged files and of each
	// sweep. Nil is silence.
	Log *slog.Logger
}

// Dir is Renditions in a folder, which several processes may share. A key is a
// path in it, and the file there is the picture, with a trailer behind it that
// viewers don't mind. Long segments are cut to what file systems can hold.
//
// A rendition is written beside its place, flushed to the disk and then renamed
// into it. So a crash at any moment leaves the old one, the new one or nothing,
// and at most a leftover that the next sweep removes.
//
// # The bound
//
// When a file was last used is its modification time, which Get renews once it
// is older than five minutes. A sweep walks the folder once, in the background,
// and if there is more than MaxBytes removes the least recently used down to
// 90 %. One runs at the start, then whenever this process has written what room
// it knew of, or 5 % of MaxBytes, as other processes write too. So beyond
// MaxBytes there can be up to 5 % of it for each other process that shares the
// folder, and what is written while a sweep lasts (about a second per 100,000
// files).
//
// Masters, from which renditions are made, are large, and one serves many: they have
// half of MaxBytes at most, and go by their own order beyond that.
type Dir struct {
	root string
	max  int64
	log  *slog.Logger
	now  func() time.Time

	closed  atomic.Bool
	noTouch atomic.Bool // renewing times has failed; it would again
	noSync  bool        // for measuring what fsync costs
	temp    tempFiles
	bound   bound
	sweeps  sync.WaitGroup
}

var _ Renditions = (*Dir)(nil)

// OpenDir opens the cache folder at path, making it when it is not there. It
// must be empty or have been made by OpenDir, as what lies in it may be removed.
// One that can be read but not written is opened: Put then returns errors. The
// caller closes it.
func OpenDir(path string, c DirConfig) (*Dir, error) {
	return openDir(path, c, time.Now)
}

func openDir(path string, c DirConfig, now func() time.Time) (*Dir, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("cache folder %q: %w", path, err)
	}
	d := &Dir{root: abs, max: max(0, c.MaxBytes), log: c.Log, now: now}
	d.temp.id = rand.Text()
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	there, err := d.inspect()
	if err != nil {
		return nil, err
	}
	if err := d.prepare(); err != nil {
		if !there {
			return nil, fmt.Errorf("cannot make the cache folder %q: %w; make it and let this user write there, or choose another", abs, err)
		}
		d.log.Warn("the cache folder cannot be written; nothing new will be kept", "folder", abs, "err", err)
		if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
			d.noTouch.Store(true)
			return d, nil
		}
		// A sweep may help where the disk is full.
	}
	d.startSweep()
	return d, nil
}

// Close waits for a sweep that is under way; after it, calls return
// fs.ErrClosed. Renditions that are open stay readable.
func (d *Dir) Close() error {
	d.bound.mu.Lock() // under which sweeps start
	again := d.closed.Swap(true)
	d.bound.mu.Unlock()
	d.sweeps.Wait()
	if again {
		return nil
	}
	return d.unlockName()
}

// cacheTag marks a folder as a cache, for backup programs too: https://bford.info/cachedir/
const (
	cacheTag     = "CACHEDIR.TAG"
	cacheTagText = "Signature: 8a477f597d28d172789f06886806bc55\n" +
		"# A Photofit cache. Everything in this folder can be deleted at any time.\n"
)

// lostFound is in a disk of its own from the start.
const lostFound = "lost+found"

// inspect tells whether the folder is there, and errs if it holds what isn't ours.
func (d *Dir) inspect() (there bool, err error) {
	f, err := os.Open(d.root)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("cache folder: %w", err)
	}
	defer f.Close()
	if tag, err := os.ReadFile(filepath.Join(d.root, cacheTag)); err == nil && string(tag) == cacheTagText {
		return true, nil
	}
	for {
		names, err := f.Readdirnames(64)
		for _, name := range names {
			if !strings.HasPrefix(name, ".") && name != tempFolder && name != lostFound {
				return true, fmt.Errorf("cache folder %q has files that are not a Photofit cache's, such as %q: choose an empty folder or a new one", d.root, name)
			}
		}
		if err == io.EOF {
			return true, nil
		}
		if err != nil {
			return true, fmt.Errorf("cache folder: %w", err)
		}
	}
}
