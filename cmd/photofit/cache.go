package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"photofit/internal/store"
	"photofit/internal/store/s3"
)

// cacheFlags are where renditions are kept.
type cacheFlags struct {
	Cache     string   `help:"Where renditions are kept: a folder, s3://bucket/prefix, or \"none\". Default: a folder for each PLACE in the user's cache folder." placeholder:"PLACE" group:"Cache"`
	CacheSize byteSize `help:"How large a cache folder may grow; what was used least recently goes first. A bucket has no bound: give it a lifecycle rule." default:"10GB" placeholder:"SIZE" group:"Cache"`

	CacheMemory byteSizeOrNone `help:"Memory for renditions that are asked for again and again, so that no file and no bucket is; 0: none." default:"32MB" placeholder:"SIZE" group:"Cache"`
}

// nothing is the cache of --cache none.
const nothing = "none"

// openHeld is open, with what is asked for again and again held in memory.
func (c *cacheFlags) openHeld(ctx context.Context, f *s3Flags, place, cacheControl string, log *slog.Logger) (store.Renditions, io.Closer, error) {
	kept, closer, err := c.open(ctx, f, place, cacheControl, log)
	if err != nil || kept == nil || c.CacheMemory == 0 {
		return kept, closer, err
	}
	held := store.Hold(kept, int64(c.CacheMemory))
	return held, closers{held, closer}, nil
}

// closers closes one after the other.
type closers []io.Closer

// Close is io.Closer's.
func (c closers) Close() error {
	var errs []error
	for _, one := range c {
		errs = append(errs, one.Close())
	}
	return errors.Join(errs...)
}

// open opens the cache of the photos in place; the renditions are nil where none
// are wanted. Who opens it closes it.
func (c *cacheFlags) open(ctx context.Context, f *s3Flags, place, cacheControl string, log *slog.Logger) (store.Renditions, io.Closer, error) {
	switch {
	case c.Cache == nothing:
		return nil, io.NopCloser(nil), nil
	case s3.IsPlace(c.Cache):
		kept, err := c.openBucket(ctx, f, place, cacheControl, log)
		return kept, io.NopCloser(nil), err
	}
	if scheme, _, ok := strings.Cut(c.Cache, "://"); ok {
		return nil, nil, fmt.Errorf("--cache %s: renditions are kept in a folder or in s3://bucket/prefix, not in %s://", c.Cache, scheme)
	}
	folder, err := c.folder(place)
	if err != nil {
		return nil, nil, err
	}
	dir, err := store.OpenDir(folder, store.DirConfig{MaxBytes: int64(c.CacheSize), Log: log})
	if err != nil {
		return nil, nil, err
	}
	return dir, dir, nil
}

func (c *cacheFlags) openBucket(ctx context.Context, f *s3Flags, place, cacheControl string, log *slog.Logger) (store.Renditions, error) {
	cache, err := s3.ParsePlace(c.Cache)
	if err != nil {
		return nil, err
	}
	if s3.IsPlace(place) {
		photos, err := s3.ParsePlace(place)
		if err != nil {
			return nil, err
		}
		if err := apart(photos, cache); err != nil {
			return nil, err
		}
	}
	client, err := f.connect(ctx)
	if err != nil {
		return nil, err
	}
	kept := client.Renditions(cache, s3.RenditionsConfig{CacheControl: cacheControl, Log: log})
	if err := kept.Check(ctx); err != nil {
		return nil, fmt.Errorf("the cache: %w", err)
	}
	return kept, nil
}

// folder is the cache's folder, for photos in place.
func (c *cacheFlags) folder(place string) (string, error) {
	name := place
	if !s3.IsPlace(place) {
		abs, err := filepath.Abs(place)
		if err != nil {
			return "", err
		}
		name = abs
	}
	folder := c.Cache
	if folder == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("there is no cache folder for this user (%w): name one with --cache, or say --cache none", err)
		}
		sum := sha256.Sum256([]byte(name))
		folder = filepath.Join(base, "photofit", filepath.Base(name)+"-"+hex.EncodeToString(sum[:4]))
	}
	if !s3.IsPlace(place) && within(name, folder) {
		return "", fmt.Errorf("the cache %s lies among the photos, where its files would be served as photos: name another with --cache", folder)
	}
	return folder, nil
}

// within tells whether a path lies in a folder, and not behind a name that
// starts with a dot, which is never served.
func within(folder, path string) bool {
	abs, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(folder, abs)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return false
	}
	for part := range strings.SplitSeq(rel, string(filepath.Separator)) {
		if part != "." && strings.HasPrefix(part, ".") {
			return false
		}
	}
	return true
}
