package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// tempFolder holds files that are being written. No key starts with "-".
//
// Each process has a name of its own there and, as long as it lives, a lock on
// the file NAME.lock; its temporary files are NAME.1, NAME.2 and so on. Locks go
// with their process, also across containers, where process numbers mean nothing.
const (
	tempFolder = "-partial"
	lockSuffix = ".lock"

	// staleAfter is when a temporary file of unknown origin is a leftover.
	staleAfter = time.Hour
)

type tempFiles struct {
	id     string
	serial atomic.Int64
	mu     sync.Mutex
	lock   *os.File // nil until there is one
}

func (d *Dir) tempPath(name string) string { return filepath.Join(d.root, tempFolder, name) }

// prepare makes the cache folder and what belongs in it, as far as it is not there.
func (d *Dir) prepare() error {
	if err := os.MkdirAll(filepath.Join(d.root, tempFolder), 0o755); err != nil {
		return err
	}
	d.temp.mu.Lock()
	defer d.temp.mu.Unlock()
	if err := d.lockName(); err != nil {
		return err
	}
	tag := filepath.Join(d.root, cacheTag)
	if _, err := os.Lstat(tag); err == nil {
		return nil
	}
	temp, err := d.writeTemp([]byte(cacheTagText), nil)
	if err != nil {
		return err
	}
	return d.publish(temp, tag)
}

// lockName locks this process's name, unless it is already. temp.mu is held.
func (d *Dir) lockName() error {
	path := d.tempPath(d.temp.id + lockSuffix)
	if _, err := os.Lstat(path); err == nil && d.temp.lock != nil {
		return nil
	}
	// It gets its name once it is locked, else it would look like a dead one's.
	f, err := os.OpenFile(d.tempPath(d.temp.id+".new"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return err
	}
	// Where there are no locks, leftovers go by their age.
	_ = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err := os.Rename(f.Name(), path); err != nil {
		f.Close()
		os.Remove(f.Name())
		return err
	}
	if d.temp.lock != nil {
		d.temp.lock.Close()
	}
	d.temp.lock = f
	return nil
}

func (d *Dir) unlockName() error {
	d.temp.mu.Lock()
	defer d.temp.mu.Unlock()
	if d.temp.lock == nil {
		return nil
	}
	os.Remove(d.tempPath(d.temp.id + lockSuffix))
	return d.temp.lock.Close()
}

// writeTemp writes a temporary file and flushes it. On an error it is gone.
func (d *Dir) writeTemp(parts ...[]byte) (string, error) {
	path := d.tempPath(fmt.Sprintf("%s.%d", d.temp.id, d.temp.serial.Add(1)))
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return "", err
	}
	for _, p := range parts {
		if err == nil {
			_, err = f.Write(p)
		}
	}
	if err == nil && !d.noSync {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		os.Remove(path)
		return "", err
	}
	return path, nil
}

// clearTemp removes what dead processes left.
func (d *Dir) clearTemp() {
	found, err := os.ReadDir(d.tempPath(""))
	if err != nil {
		return
	}
	dead := map[string]bool{}
	for _, e := range found {
		if id, ok := strings.CutSuffix(e.Name(), lockSuffix); ok && id != d.temp.id && d.isDead(e.Name()) {
			dead[id] = true
		}
	}
	var locks []string
	for _, e := range found {
		id, _, _ := strings.Cut(e.Name(), ".")
		if strings.HasSuffix(e.Name(), lockSuffix) {
			if dead[id] {
				locks = append(locks, e.Name())
			}
			continue
		}
		fi, err := e.Info()
		if err != nil || id == d.temp.id {
			continue
		}
		if dead[id] || d.now().Sub(fi.ModTime()) > staleAfter {
			d.removeTemp(e.Name())
		}
	}
	// Last, so that a sweep which is killed here leaves no file without its lock.
	for _, name := range locks {
		d.removeTemp(name)
	}
}

// isDead tells whether nobody holds a lock any more.
func (d *Dir) isDead(lock string) bool {
	f, err := os.Open(d.tempPath(lock))
	if err != nil {
		return false
	}
	defer f.Close()
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

func (d *Dir) removeTemp(name string) {
	if err := os.Remove(d.tempPath(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		d.log.Warn("a leftover in the cache folder cannot be removed", "err", err)
	}
}
