package main

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"photofit"
	"photofit/internal/store"
)

const (
	keptEach  = 10   // renditions of a photo
	keptBytes = 4000 // of one, so that many find room
)

// keptCache is a cache folder of n renditions.
type keptCache struct {
	n      int
	folder string
	server *server
}

// growKept measures a server on caches of more and more renditions.
func (b *bench) growKept(ctx context.Context) error {
	counts := pick(b.quick, []int{1_000, 10_000}, []int{1_000, 10_000, 100_000})
	photos, err := b.album(b.photo.path)
	if err != nil {
		return err
	}
	names, err := photos.next(counts[len(counts)-1] / keptEach)
	if err != nil {
		return err
	}
	var caches []*keptCache
	for _, n := range counts {
		b.sayf("filling a cache with %d renditions", n)
		c := &keptCache{n: n, folder: filepath.Join(b.temp, fmt.Sprintf("kept-%d", n))}
		if err := c.fill(ctx, photos.folder, names[:n/keptEach]); err != nil {
			return err
		}
		caches = append(caches, c)
	}
	if err := b.growStart(ctx, photos.folder, caches); err != nil {
		return err
	}
	if err := b.growHits(ctx, photos.folder, names, caches); err != nil {
		return err
	}
	return b.growSweep(caches)
}

// fill keeps renditions of the photos, as if a server had made them.
func (c *keptCache) fill(ctx context.Context, folder string, names []string) error {
	photos, err := store.OpenFolder(folder)
	if err != nil {
		return err
	}
	photo, err := photos.Stat(ctx, names[0]) // all are links to one file, and so of one version
	if err != nil {
		return err
	}
	dir, err := store.OpenDir(c.folder, store.DirConfig{})
	if err != nil {
		return err
	}
	body := make([]byte, keptBytes)
	sum := md5.Sum(body)
	meta := store.Meta{Size: keptBytes, Type: "image/jpeg", ETag: `"` + hex.EncodeToString(sum[:]) + `"`, Source: photo.Version, ModTime: photo.ModTime}
	puts, ctx := errgroup.WithContext(ctx)
	puts.SetLimit(64)
	for _, name := range names {
		puts.Go(func() error {
			for k := range keptEach {
				if err := dir.Put(ctx, keptRecipe(name, k).Key(), body, meta); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return errors.Join(puts.Wait(), dir.Close())
}

// keptRecipe is a photo's rendition of the ladder's width k.
func keptRecipe(photo string, k int) photofit.Recipe {
	return photofit.Recipe{Photo: photo, Width: photofit.DefaultPolicy().Widths[k], Format: photofit.JPEG}
}

// serveKept serves a cache. Nothing is held in memory, so that each hit is of a file.
func (b *bench) serveKept(ctx context.Context, photos string, c *keptCache) (*server, error) {
	return b.serveCached(ctx, photos, c.folder, "--cache-memory", "0", "--cache-size", "100GB")
}

// growStart measures from the process's beginning to its first answer, and what it
// has taken when it has looked at the whole cache.
func (b *bench) growStart(ctx context.Context, photos string, caches []*keptCache) error {
	took, cpu, peak := growTable(caches), growTable(caches), growTable(caches)
	for round := range pick(b.quick, 3, 7) {
		for k := range caches {
			i := pick(round%2 == 0, k, len(caches)-1-k)
			began := time.Now()
			s, err := b.serveKept(ctx, photos, caches[i])
			if err != nil {
				return err
			}
			took[i] = append(took[i], milliseconds(time.Since(began)))
			spent, err := atRest(ctx, s.pid())
			if err == nil {
				var most int64
				_, most, err = memoryOf(s.pid())
				cpu[i], peak[i] = append(cpu[i], milliseconds(spent)), append(peak[i], float64(most)/megabyte)
			}
			s.stop()
			if err != nil {
				return err
			}
		}
	}
	b.growBeside("start to first answer", "ms", caches, took, 1.5)
	b.growBeside("start, and the first look at all files: CPU", "ms", caches, cpu, 0)
	b.growBeside("  peak memory", "MB", caches, peak, 0)
	return nil
}

// growHits asks for hits of all caches, in turns. All but the first are of files that
// the disk's cache has, too.
func (b *bench) growHits(ctx context.Context, photos string, names []string, caches []*keptCache) error {
	for _, c := range caches {
		var err error
		if c.server, err = b.serveKept(ctx, photos, c); err != nil {
			return err
		}
		defer c.server.stop()
		if _, err := atRest(ctx, c.server.pid()); err != nil {
			return err
		}
	}
	const asks = 500
	r := rand.New(rand.NewPCG(mixSeed, 0))
	cpu, middle, tail := growTable(caches), growTable(caches), growTable(caches)
	for round := range 1 + pick(b.quick, 4, 12) {
		for k := range caches {
			i := pick(round%2 == 0, k, len(caches)-1-k)
			c := caches[i]
			before, err := cpuTime(c.server.pid())
			if err != nil {
				return err
			}
			took := make([]float64, asks)
			for n := range took {
				recipe := keptRecipe(names[r.IntN(c.n/keptEach)], r.IntN(keptEach))
				if took[n], err = c.hit(ctx, recipe); err != nil {
					return err
				}
			}
			after, err := cpuTime(c.server.pid())
			if err != nil {
				return err
			}
			if round > 0 { // the first is for connections and buffers
				cpu[i] = append(cpu[i], float64(after-before)/asks/float64(time.Microsecond))
				middle[i], tail[i] = append(middle[i], percentile(took, 0.50)), append(tail[i], percentile(took, 0.99))
			}
		}
	}
	b.growBeside("a hit: CPU", "µs", caches, cpu, 1.2)
	b.growBeside("  latency, median", "µs", caches, middle, 1.2)
	b.growBeside("  latency, 99 of 100", "µs", caches, tail, 0)
	return nil
}

// hit asks for one rendition, which must be there, and gives how long it took in µs.
func (c *keptCache) hit(ctx context.Context, r photofit.Recipe) (float64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.server.base+r.Path(), nil)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	answer, err := c.server.client.Do(request)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	n, err := io.Copy(io.Discard, answer.Body)
	took := time.Since(began)
	if how := answer.Header.Get("Server-Timing"); err == nil && (n != keptBytes || !strings.Contains(how, "desc=hit")) {
		err = fmt.Errorf("%s is no hit: %s, %d bytes, %s", r.Path(), answer.Status, n, how)
	}
	return float64(took) / float64(time.Microsecond), err
}

// growSweep has a folder look at all that it keeps, and then remove some of it, in
// this process.
func (b *bench) growSweep(caches []*keptCache) error {
	look, evict := growTable(caches), growTable(caches) // CPU of a file, in µs
	for range pick(b.quick, 2, 3) {
		for i, c := range caches {
			files, total, err := keptFiles(c.folder)
			if err != nil {
				return err
			}
			for _, sweep := range []struct {
				max int64
				of  *[]float64
			}{{2 * total, &look[i]}, {total * 97 / 100, &evict[i]}} {
				before, err := cpuTime(os.Getpid())
				if err != nil {
					return err
				}
				dir, err := store.OpenDir(c.folder, store.DirConfig{MaxBytes: sweep.max})
				if err != nil {
					return err
				}
				if err := dir.Close(); err != nil { // it waits for the sweep
					return err
				}
				after, err := cpuTime(os.Getpid())
				if err != nil {
					return err
				}
				*sweep.of = append(*sweep.of, float64(after-before)/float64(time.Microsecond)/float64(files))
			}
			left, _, err := keptFiles(c.folder)
			if err != nil {
				return err
			}
			if removed := float64(files-left) / float64(files); removed < 0.10 || removed > 0.16 {
				return fmt.Errorf("a sweep has removed %d of %d files", files-left, files)
			}
		}
	}
	b.growBeside("a sweep that finds room: CPU a file", "µs", caches, look, 1.5)
	b.growBeside("a sweep that removes an eighth: CPU a file", "µs", caches, evict, 1.5)
	return nil
}

// keptFiles counts the renditions in a cache folder, and their bytes.
func keptFiles(folder string) (n int, bytes int64, err error) {
	err = filepath.WalkDir(folder, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || e.Name()[0] != '_' {
			return err
		}
		info, err := e.Info()
		if err == nil {
			n, bytes = n+1, bytes+info.Size()
		}
		return err
	})
	return n, bytes, err
}

// growTable has a list of values for each cache.
func growTable(caches []*keptCache) [][]float64 { return make([][]float64, len(caches)) }

// growBeside compares the caches with the first one, round by round. more is what the
// largest may take of it at most; 0: no target.
func (b *bench) growBeside(what, unit string, caches []*keptCache, values [][]float64, more float64) {
	b.add(figure{Name: fmt.Sprintf("%s, %d kept", what, caches[0].n), Unit: unit, Values: values[0]})
	for i := 1; i < len(caches); i++ {
		f := figure{Name: fmt.Sprintf("  %d kept, of %d's", caches[i].n, caches[0].n), Unit: "×", AtMost: more,
			Note: fmt.Sprintf("%.1f %s", median(values[i]), unit)}
		for round := range values[i] {
			f.Values = append(f.Values, values[i][round]/values[0][round])
		}
		b.add(f)
	}
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
