package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"
)

// clock is a Dir's time, set by hand.
type clock struct{ ns atomic.Int64 }

func (c *clock) now() time.Time          { return time.Unix(0, c.ns.Load()) }
func (c *clock) forward(d time.Duration) { c.ns.Add(int64(d)) }

func openAt(t *testing.T, root string, maxBytes int64, c *clock) *Dir {
	t.Helper()
	d, err := openDir(root, DirConfig{MaxBytes: maxBytes}, c.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	d.sweeps.Wait()
	return d
}

// age sets when a rendition was last used.
func age(t *testing.T, d *Dir, key string, used time.Time) {
	t.Helper()
	if err := os.Chtimes(filepath.Join(d.root, fileName(key)), used, used); err != nil {
		t.Fatal(err)
	}
}

func isKept(d *Dir, key string) bool {
	_, err := os.Lstat(filepath.Join(d.root, fileName(key)))
	return err == nil
}

func TestDirLeastRecentlyUsedGoes(t *testing.T) {
	const each = 10_000 // with its trailer a little more
	c := &clock{}
	start := time.Unix(1_700_000_000, 0)
	c.ns.Store(start.UnixNano())
	root := t.TempDir()
	d := openAt(t, root, 0, c)
	var keys []string
	for i := range 20 {
		key := fmt.Sprintf("r1/%c/%d.jpg/_w1.auto", 'z'-i%3, i)
		keys = append(keys, key)
		mustPut(t, d, key, each)
		age(t, d, key, start.Add(time.Duration(i)*time.Hour))
	}
	c.forward(48 * time.Hour)
	for _, i := range []int{0, 4} { // the oldest become the newest
		if !has(t, d, keys[i]) {
			t.Fatal(keys[i])
		}
	}
	d.Close()

	// Down to 90 % of what 16 need: 14 stay.
	d = openAt(t, root, 16*(each+200), c)
	want := slices.Concat([]int{0, 4}, []int{8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19})
	for i, key := range keys {
		if got := isKept(d, key); got != slices.Contains(want, i) {
			t.Errorf("%s kept: %v", key, got)
		}
	}
	for _, f := range below(t, root) { // no empty folders
		if fi, err := os.Lstat(filepath.Join(root, f)); err == nil && fi.IsDir() {
			if in, err := os.ReadDir(filepath.Join(root, f)); err != nil || len(in) == 0 {
				t.Errorf("%s is empty, %v", f, err)
			}
		}
	}
}

// Masters have half of the room, and the least recently used go beyond it, however
// much older renditions are.
func TestDirMastersHaveHalf(t *testing.T) {
	const each = 10_000
	c := &clock{}
	start := time.Unix(1_700_000_000, 0)
	c.ns.Store(start.UnixNano())
	root := t.TempDir()
	d := openAt(t, root, 0, c)
	name := func(i int, last string) string { return fmt.Sprintf("r1/%d.jpg/%s", i, last) }
	for i := range 8 {
		mustPut(t, d, name(i, "_w1.auto"), each)
		age(t, d, name(i, "_w1.auto"), start.Add(-time.Hour))
		mustPut(t, d, name(i, masterName), each)
		age(t, d, name(i, masterName), start.Add(time.Duration(i)*time.Minute))
	}
	d.Close()

	d = openAt(t, root, 14*(each+200), c) // so 7 masters have room, and 6 stay
	for i := range 8 {
		if got := isKept(d, name(i, masterName)); got != (i >= 2) {
			t.Errorf("master %d kept: %v", i, got)
		}
		if !isKept(d, name(i, "_w1.auto")) {
			t.Errorf("rendition %d went for a master", i)
		}
	}
	d.Close()
	for i := range 2 { // and they are renditions' equals where all are too many
		mustPut(t, mustOpen(t, root, 0), name(20+i, "_w1.auto"), each)
		age(t, d, name(20+i, "_w1.auto"), start.Add(time.Hour))
	}
	d = openAt(t, root, 15*(each+200), c)
	for i := range 8 {
		if got := isKept(d, name(i, "_w1.auto")); got != (i >= 3) {
			t.Errorf("rendition %d kept: %v", i, got)
		}
	}
}

func TestDirBound(t *testing.T) {
	const maxBytes = 1 << 20
	root := t.TempDir()
	d := mustOpen(t, root, maxBytes)
	for i := range 200 {
		key := fmt.Sprintf("r1/%d.jpg/_w1.auto", i)
		mustPut(t, d, key, 20_000)
		d.sweeps.Wait()
		if _, size, _ := look(t, root); size > maxBytes {
			t.Fatalf("%d bytes after %d", size, i)
		}
		if !isKept(d, key) {
			t.Fatalf("what was just put is gone after %d", i)
		}
	}
	if _, size, _ := look(t, root); size < maxBytes/2 {
		t.Errorf("only %d bytes are left", size)
	}
	body, meta := bodyAndMeta(maxBytes, 1)
	if err := d.Put(context.Background(), "r1/a/_w1.auto", body, meta); !errors.Is(err, ErrTooLarge) {
		t.Errorf("Put of all that may be kept: %v, want ErrTooLarge", err)
	}
	body, meta = bodyAndMeta(maxBytes/2, 1)
	if err := d.Put(context.Background(), "r1/a/"+masterName, body, meta); !errors.Is(err, ErrTooLarge) {
		t.Errorf("Put of a master that has no room among masters: %v, want ErrTooLarge", err)
	}
}

// TestDirBoundShared has one process write what another cannot know of.
func TestDirBoundShared(t *testing.T) {
	const maxBytes = 1 << 20
	root := t.TempDir()
	a, b := mustOpen(t, root, maxBytes), mustOpen(t, root, maxBytes)
	for i := range 100 {
		for _, d := range []*Dir{a, b} {
			mustPut(t, d, fmt.Sprintf("r1/%p/%d.jpg/_w1.auto", d, i), 15_000)
			d.sweeps.Wait()
		}
		if _, size, _ := look(t, root); size > maxBytes+maxBytes/20 {
			t.Fatalf("%d bytes after %d", size, i)
		}
	}
}

func TestDirSweepsAreRare(t *testing.T) {
	d := mustOpen(t, t.TempDir(), 1<<20)
	d.sweeps.Wait()
	sweeps := func() int { d.bound.mu.Lock(); defer d.bound.mu.Unlock(); return d.bound.sweeps }
	for i := range 1000 {
		key := fmt.Sprintf("r1/%d/_w1.auto", i%10)
		if i < 10 {
			mustPut(t, d, key, 1000)
		}
		if !has(t, d, key) {
			t.Fatal(key)
		}
	}
	if n := sweeps(); n != 1 {
		t.Errorf("%d sweeps, want the one at the start", n)
	}
	for i := range 40 { // 400 KB: 8 times 5 %
		mustPut(t, d, fmt.Sprintf("r1/%d/_w2.auto", i), 10_000)
		d.sweeps.Wait()
	}
	if n := sweeps(); n < 6 || n > 9 {
		t.Errorf("%d sweeps for 8 shares", n)
	}
}

func TestDirTouches(t *testing.T) {
	c := &clock{}
	start := time.Unix(1_700_000_000, 0)
	c.ns.Store(start.UnixNano())
	d := openAt(t, t.TempDir(), 0, c)
	const key = "r1/b.jpg/_w1.auto"
	mustPut(t, d, key, 10)
	path := filepath.Join(d.root, key)
	for _, s := range []struct {
		noted time.Duration // from now
		want  time.Duration
	}{
		{-time.Minute, -time.Minute}, {-4 * time.Minute, -4 * time.Minute}, {-6 * time.Minute, 0}, {-time.Hour, 0},
		{time.Minute, time.Minute}, {time.Hour, 0}, // the clock has been set back
	} {
		age(t, d, key, start.Add(s.noted))
		if !has(t, d, key) {
			t.Fatal("gone")
		}
		fi, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := fi.ModTime().Sub(start); got != s.want {
			t.Errorf("used %v from now: noted as %v, want %v", s.noted, got, s.want)
		}
	}
	r, err := d.Get(context.Background(), key)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if _, meta := bodyAndMeta(10, 1); !r.ModTime.Equal(meta.ModTime) {
		t.Errorf("the photo's own time became %v", r.ModTime)
	}
}

// TestDirSweepSpares is about what is used or replaced between the look at it
// and its turn.
func TestDirSweepSpares(t *testing.T) {
	d := mustOpen(t, t.TempDir(), 0)
	for _, key := range []string{"r1/a/_w1.auto", "r1/b/_w1.auto", "r1/c/_w1.auto"} {
		mustPut(t, d, key, 1000)
	}
	w := walk{d: d, list: true}
	w.folder("")
	age(t, d, "r1/a/_w1.auto", time.Now().Add(time.Hour)) // as Get does
	if _, err := d.Forget(context.Background(), "r1/b/_"); err != nil {
		t.Fatal(err)
	}
	w.sort()
	w.remove(0, func(walkFile) bool { return true })
	if !isKept(d, "r1/a/_w1.auto") || isKept(d, "r1/c/_w1.auto") {
		t.Error("the used one went, or the unused one stayed")
	}
	if fi, err := os.Stat(filepath.Join(d.root, "r1/a/_w1.auto")); err != nil || w.total != fi.Size() {
		t.Errorf("the total is %d", w.total)
	}
}

// TestDirLookRemembersNothing has a look that finds room keep nothing of the files it
// sees: caches have hundreds of thousands.
func TestDirLookRemembersNothing(t *testing.T) {
	d := mustOpen(t, t.TempDir(), 0)
	for i := range 30 {
		mustPut(t, d, fmt.Sprintf("r1/%d/_w%d.auto", i/3, i%3+1), 1000)
	}
	mustPut(t, d, "r1/0/"+masterName, 500)
	look, list := walk{d: d}, walk{d: d, list: true}
	look.folder("")
	list.folder("")
	if look.files != nil || look.folders != nil {
		t.Errorf("%d files and %d folders are remembered", len(look.files), len(look.folders))
	}
	if len(list.files) != 31 || list.n != 31 || look.n != 31 || look.total != list.total || look.masters != list.masters || look.masters < 500 {
		t.Errorf("%d files are listed; %+v counts otherwise than %+v", len(list.files), look, list)
	}
	var sum int64
	for _, f := range list.files {
		fi, err := os.Lstat(filepath.Join(list.folders[f.folder], f.name))
		if err != nil || fi.Size() != f.size || fi.ModTime().UnixNano() != f.used || f.master != (f.name == masterName) {
			t.Errorf("%+v: %v", f, err)
		}
		sum += f.size
	}
	if sum != list.total {
		t.Errorf("%d bytes in all, and %d together", list.total, sum)
	}
}

// TestDirSweepFails: what cannot be removed must not make each Put sweep.
func TestDirSweepFails(t *testing.T) {
	b := bound{total: 1100, written: 10}
	if b.due(1000) {
		t.Error("a sweep for 10 bytes right after one that did not help")
	}
	b.written = 50
	if !b.due(1000) {
		t.Error("no sweep after 5 %")
	}
	for _, c := range []struct {
		total, written int64
		want           bool
	}{{900, 40, false}, {990, 10, false}, {990, 11, true}, {0, 49, false}, {0, 50, true}, {2000, 0, false}} {
		if b := (bound{total: c.total, written: c.written}); b.due(1000) != c.want {
			t.Errorf("%d + %d of 1000: due %v", c.total, c.written, !c.want)
		}
	}
	if b.due(0) {
		t.Error("a sweep without a bound")
	}
}

func TestDirSweepIsLogged(t *testing.T) {
	root := t.TempDir()
	d := mustOpen(t, root, 0)
	mustPut(t, d, "r1/a/_w1.auto", 5000)
	mustPut(t, d, "r1/b/_w1.auto", 5000)
	d.Close()
	var log bytes.Buffer
	d, err := OpenDir(root, DirConfig{MaxBytes: 6000, Log: heard(&log)})
	if err != nil {
		t.Fatal(err)
	}
	d.Close() // waits
	if !bytes.Contains(log.Bytes(), []byte("cache swept")) || !bytes.Contains(log.Bytes(), []byte("files=2")) {
		t.Errorf("log: %s", &log)
	}
	if n, _, _ := look(t, root); n != 1 {
		t.Errorf("%d are left, want 1", n)
	}
}

// BenchmarkDirSweep walks 10,000 files of 1,000 photos and removes a tenth.
func BenchmarkDirSweep(b *testing.B) {
	root := b.TempDir()
	d := mustOpen(b, root, 0)
	d.noSync = true
	fill := func() {
		for i := range 1000 {
			folder := filepath.Join(root, fmt.Sprintf("r1/%d/%d.jpg", i%100, i))
			if err := os.MkdirAll(folder, 0o755); err != nil {
				b.Fatal(err)
			}
			for w := range 10 {
				if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("_w%d.auto-avif", w)), []byte("0123456789"), 0o644); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		fill()
		b.StartTimer()
		w := walk{d: d, list: true}
		w.folder("")
		w.sort()
		w.remove(90_000, func(walkFile) bool { return true })
		if len(w.files) != 10_000 || w.total != 90_000 {
			b.Fatal(len(w.files), w.total)
		}
	}
}
