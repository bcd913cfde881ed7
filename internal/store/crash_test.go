package store

import (
	"context"
	"crypto/md5"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// look reads a cache's files as they lie there, without Dir's own Get: each under
// a key must be whole, belong there and match its ETag.
func look(t *testing.T, root string) (renditions int, bytes int64, leftovers int) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		if strings.HasPrefix(rel, tempFolder) {
			leftovers++
			return nil
		}
		if rel == cacheTag {
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		key, meta, err := parseTrailer(data, int64(len(data)))
		if err != nil {
			t.Errorf("%.60s: %d bytes: %v", rel, len(data), err)
			return nil
		}
		if fileName(key) != rel {
			t.Errorf("%.60s is of key %.60s", rel, key)
		}
		if got := fmt.Sprintf(`"%x"`, md5.Sum(data[:meta.Size])); got != meta.ETag {
			t.Errorf("%.60s has MD5 %s, ETag %s", rel, got, meta.ETag)
		}
		renditions++
		bytes += int64(len(data))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return renditions, bytes, leftovers
}

// killWhilePutting starts processes on the cache, lets them put a random while
// and kills them.
func killWhilePutting(t *testing.T, root string, processes int) {
	t.Helper()
	pr, pw, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer pr.Close()
	for range processes {
		cmd := child("put", root)
		cmd.Stdout = pw
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		defer cmd.Wait()
		defer cmd.Process.Kill()
	}
	pw.Close()
	if _, err := io.CopyN(io.Discard, pr, 1+rand.Int64N(40)); err != nil {
		t.Fatalf("the children ended by themselves: %v", err)
	}
}

func TestKilled(t *testing.T) {
	for processes, kills := range map[int]int{1: 30, 2: 15} {
		t.Run(fmt.Sprint(processes), func(t *testing.T) {
			if testing.Short() {
				kills = 5
			}
			root := filepath.Join(t.TempDir(), "cache")
			files, torn := 0, 0
			for range kills {
				killWhilePutting(t, root, processes)
				n, _, leftovers := look(t, root)
				files += n
				torn += leftovers - processes // each has left its lock, too

				d := mustOpen(t, root, 0)
				d.sweeps.Wait()
				if _, _, leftovers := look(t, root); leftovers != 1 {
					t.Errorf("%d files left in %s, want one lock", leftovers, tempFolder)
				}
				body, meta := bodyAndMeta(100, 1)
				if err := d.Put(context.Background(), "r1/after/_w1.auto", body, meta); err != nil {
					t.Error(err)
				}
				if err := sound(d, "r1/after/_w1.auto"); err != nil {
					t.Error(err)
				}
				if err := d.Close(); err != nil {
					t.Error(err)
				}
			}
			t.Logf("%d kills: %d files read, %d half-written ones beside them", kills, files, torn)
			if files == 0 || torn == 0 {
				t.Error("no kill hit a Put; the test shows nothing")
			}
		})
	}
}

func TestTwoProcesses(t *testing.T) {
	root := filepath.Join(t.TempDir(), "cache")
	a, b := child("mix", root), child("mix", root)
	for _, c := range []interface{ Start() error }{a, b} {
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
	}
	errA, errB := a.Wait(), b.Wait()
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	n, size, leftovers := look(t, root)
	if leftovers != 0 {
		t.Errorf("%d leftovers", leftovers)
	}
	// Both have swept to their end: 5 % for the other process.
	if limit := int64(1<<20 + 1<<20/20); size > limit || n == 0 {
		t.Errorf("%d files of %d bytes, want up to %d", n, size, limit)
	}
}

// TestLeftovers is about files whose process can no longer be known by its lock.
func TestLeftovers(t *testing.T) {
	root := t.TempDir()
	mustOpen(t, root, 0).Close()
	now := time.Now()
	for name, age := range map[string]time.Duration{"gone.1": 2 * time.Hour, "gone.new": 2 * time.Hour, "young.1": time.Minute} {
		path := filepath.Join(root, tempFolder, name)
		if err := os.WriteFile(path, []byte("half"), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now, now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	alive := mustOpen(t, root, 0) // its lock holds
	mine, err := alive.writeTemp([]byte("being written"))
	if err != nil {
		t.Fatal(err)
	}
	d := mustOpen(t, root, 0)
	d.sweeps.Wait()
	for path, want := range map[string]bool{
		d.tempPath("gone.1"): false, d.tempPath("gone.new"): false, d.tempPath("young.1"): true, mine: true,
	} {
		if _, err := os.Lstat(path); (err == nil) != want {
			t.Errorf("%s there: %v, want %v", filepath.Base(path), err == nil, want)
		}
	}
}
