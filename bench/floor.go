package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/sync/errgroup"

	"photofit"
	"photofit/internal/probe"
	"photofit/internal/render"
	"photofit/internal/vips"
)

// floorMode is the argument that makes the bench the floor: a process that does
// nothing but read photos and call libvips and package scale. The rest of a render
// is what Photofit takes beyond that.
const floorMode = "floor"

// The encoders' efforts, as package render has them. If they part, the floor's
// bytes differ from the server's, which the bench takes for an error.
const (
	webpEffort = 4
	avifEffort = 0
)

// formatOf is what a format is in a recipe.
var formatOf = map[string]photofit.Format{"jpg": photofit.JPEG, "webp": photofit.WebP, "avif": photofit.AVIF}

// ownQuality is that at which photofit encodes a format at a size.
func ownQuality(format string, size image.Point) int {
	return render.AutoQuality(formatOf[format], size.X, size.Y)
}

// saveOwn encodes as photofit does, but for the quality.
func saveOwn(im *vips.Image, format string, quality int) ([]byte, error) {
	switch format {
	case "jpg":
		return im.SaveJPEG(quality, false)
	case "webp":
		return im.SaveWebP(quality, webpEffort)
	case "avif":
		return im.SaveAVIF(quality, avifEffort)
	}
	return nil, fmt.Errorf("there is no encoder for %q", format)
}

// floorMain answers tasks until its input ends.
func floorMain(libvips string, in io.Reader, out, trouble io.Writer) int {
	lib, err := vips.Open(libvips)
	if err != nil {
		fmt.Fprintln(trouble, "bench floor:", err)
		return 1
	}
	f := &floor{lib: lib}
	replies := json.NewEncoder(out)
	if err := replies.Encode(reply{About: "libvips " + lib.Version()}); err != nil {
		return 1
	}
	for tasks := bufio.NewScanner(in); tasks.Scan(); {
		var t task
		err := json.Unmarshal(tasks.Bytes(), &t)
		if err == nil {
			err = f.task(t)
		}
		var r reply
		if err != nil {
			r.Error = err.Error()
		}
		if err := replies.Encode(r); err != nil {
			return 1
		}
	}
	return 0
}

func (f *floor) task(t task) error {
	var all errgroup.Group
	for i, name := range t.Photos {
		all.Go(func() error {
			body, err := f.render(filepath.Join(t.Folder, name), t)
			if err == nil && i == 0 && t.Keep != "" {
				err = os.WriteFile(t.Keep, body, 0o644)
			}
			return err
		})
	}
	return all.Wait()
}

// floor is a libvips, and what the one photo of the run says of its owner: a
// floor that left that out would not make the same file.
type floor struct {
	lib   *vips.Library
	once  sync.Once
	owner vips.Rights
	fault error
}

func (f *floor) rights(photo []byte) (vips.Rights, error) {
	f.once.Do(func() {
		h, err := probe.Read(bytes.NewReader(photo), int64(len(photo)))
		f.owner, f.fault = vips.Rights{Exif: h.Rights.EXIF(), XMP: h.Rights.XMP()}, err
	})
	return f.owner, f.fault
}

// render is a render's calls of libvips and package scale, and nothing else.
func (f *floor) render(path string, t task) ([]byte, error) {
	photo, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	owner, err := f.rights(photo)
	if err != nil {
		return nil, err
	}
	job := f.lib.NewJob()
	defer job.Close()
	im, err := job.Load(vips.LoadJPEG, photo, vips.LoadOptions{Shrink: t.Shrink})
	if err != nil {
		return nil, err
	}
	if im, err = light(job, im, t.Width, t.Height); err != nil {
		return nil, err
	}
	if im, err = im.Describe(owner, false); err != nil {
		return nil, err
	}
	return saveOwn(im, t.Format, t.Quality)
}

// startFloor starts the floor as a process of its own.
func (b *bench) startFloor(ctx context.Context) (*worker, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return startWorker(ctx, "", self, floorMode, b.libvips)
}
