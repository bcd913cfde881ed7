package main

import (
	"bytes"
	"fmt"
	"image"
	"os"
	"path/filepath"

	"photofit/internal/imgtest"
	"photofit/internal/imgtest/scene"
	"photofit/internal/probe"
	"photofit/internal/vips"
)

// still is a picture for the encoders, of 8 bits in sRGB: the same for all of
// them, and free of another encoder's marks.
type still struct {
	name  string
	nr    int  // of the photo
	width int  // in pixels; the size class, too
	chart bool // drawn, and not a photo
	image *image.RGBA
}

// encoderWidths are those of a page: thumbnails, grids, columns, whole screens.
var encoderWidths = []int{160, 320, 800, 1600}

// stills gives the photos at each width, scaled in linear light from all their
// pixels, and charts of the same widths.
func (b *bench) stills(widths []int) (all []still, err error) {
	if b.folder == "" {
		for nr, s := range scene.All() {
			for _, w := range widths {
				all = append(all, still{name: s.Name, nr: nr, width: w, image: s.Draw(w, w*2/3)})
			}
		}
	} else if all, err = b.scaledPhotos(widths); err != nil {
		return nil, err
	}
	for _, w := range widths {
		for _, c := range charts(w, w*2/3) {
			c.width, c.chart = w, true
			all = append(all, c)
		}
	}
	return all, nil
}

func charts(w, h int) []still {
	opaque := func(img image.Image) *image.RGBA {
		out := image.NewRGBA(image.Rect(0, 0, w, h))
		for y := range h {
			for x := range w {
				out.Set(x, y, img.At(x, y))
			}
		}
		return out
	}
	return []still{
		{name: "text", image: opaque(imgtest.TextChart(w, h))},
		{name: "star", image: opaque(imgtest.Star(w, h, 36))},
		{name: "stripes", image: opaque(imgtest.Stripes(w, h, 9, .8, 30))},
		{name: "gradient", image: gradient(w, h)},
	}
}

// gradient is smooth everywhere: three colours that run in three directions.
func gradient(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			p := img.Pix[img.PixOffset(x, y):]
			p[0], p[1], p[2], p[3] = uint8(40+160*x/w), uint8(60+140*y/h), uint8(200-70*x/w-70*y/h), 255
		}
	}
	return img
}

// scaledPhotos reads the folder's photos that are neither small nor refused by
// most servers.
func (b *bench) scaledPhotos(widths []int) (all []still, err error) {
	files, err := filepath.Glob(filepath.Join(b.folder, "*"))
	if err != nil {
		return nil, err
	}
	nr := 0
	for _, file := range files { // in order
		loader := map[string]vips.Loader{".jpg": vips.LoadJPEG, ".avif": vips.LoadHEIF}[filepath.Ext(file)]
		if loader == "" {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		h, err := probe.Read(bytes.NewReader(data), int64(len(data)))
		if err != nil || h.Pixels() < 2e6 || h.Pixels() > 100e6 {
			continue
		}
		for _, w := range widths {
			img, err := b.scaleLinear(loader, data, h, w)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", filepath.Base(file), err)
			}
			all = append(all, still{name: filepath.Base(file), nr: nr, width: w, image: img})
		}
		nr++
	}
	return all, nil
}

// scaleLinear decodes a photo whole and scales it in linear light, upright, to
// sRGB.
func (b *bench) scaleLinear(loader vips.Loader, data []byte, h probe.Header, width int) (*image.RGBA, error) {
	job := b.lib.NewJob()
	defer job.Close()
	im, err := job.Load(loader, data, vips.LoadOptions{})
	if err != nil {
		return nil, err
	}
	upright, _ := h.Size()
	scale := float64(width) / float64(upright)
	var steps []func() (*vips.Image, error)
	if im.HasProfile() && !h.Colour.Profile.IsSRGB() {
		steps = append(steps, func() (*vips.Image, error) { return im.Transform(vips.ProfileSRGB) })
	}
	steps = append(steps,
		func() (*vips.Image, error) { return im.Colourspace(vips.ScRGB) },
		func() (*vips.Image, error) { return im.Resize(scale, scale) },
		func() (*vips.Image, error) { return im.Colourspace(vips.SRGB) })
	for _, step := range steps {
		if im, err = step(); err != nil {
			return nil, err
		}
	}
	out, err := rgba(im)
	if err == nil && !h.SelfTurned && h.Orientation > 1 && h.Orientation <= 8 {
		out = imgtest.Orient(out, h.Orientation)
	}
	return out, err
}
