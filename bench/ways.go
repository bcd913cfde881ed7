package main

import (
	"bytes"
	"image/jpeg"

	"photofit/internal/scale"
	"photofit/internal/vips"
)

// way is a way from a photo to few pixels.
type way struct {
	name, short string
	scale       func(job *vips.Job, s subject, width, height int) (*vips.Image, error)
}

// ways are those that were thought of. The decoder averages blocks of codes for
// next to nothing; left is how many times more pixels it leaves than are wanted,
// at least, in each direction.
var ways = []way{
	{"codes, 2 × left, as the peers do", "codes 2", inCodes(2)},
	{"codes, 1 × left", "codes 1", inCodes(1)},
	{"light by libvips, 2 × left", "libvips 2", inLibvipsLight(2)},
	{"light, 1 × left", "light 1", inLight(1)},
	{"light, 2 × left", "light 2", inLight(2)},
	{"light, 2.5 × left", "light 2.5", inLight(2.5)},
	{"light, 3 × left", "light 3", inLight(3)},
	{"light, decoded whole", "whole", inLight(1000)},
	{"from a master, codes, 2 × left", "master codes 2", fromMaster(inCodes(2))},
	{"from a master, light, 2 × left", "master 2", fromMaster(inLight(2))},
	{"from a master, light, 2.5 × left", "master 2.5", fromMaster(inLight(2.5))},
	{"from a master, light, 3 × left", "master 3", fromMaster(inLight(3))},
}

type scaling = func(job *vips.Job, s subject, width, height int) (*vips.Image, error)

// decoded loads a photo to no less than left times the width.
func decoded(job *vips.Job, file []byte, width int, left float64) (*vips.Image, error) {
	config, err := jpeg.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	shrink := 8
	for shrink > 1 && float64(config.Width) < float64(width*shrink)*left {
		shrink /= 2
	}
	return job.Load(vips.LoadJPEG, file, vips.LoadOptions{Shrink: shrink})
}

func inCodes(left float64) scaling {
	return func(job *vips.Job, s subject, width, height int) (*vips.Image, error) {
		im, err := decoded(job, s.file, width, left)
		if err != nil {
			return nil, err
		}
		return im.Resize(float64(width)/float64(im.Width()), float64(height)/float64(im.Height()))
	}
}

func inLibvipsLight(left float64) scaling {
	return func(job *vips.Job, s subject, width, height int) (*vips.Image, error) {
		im, err := decoded(job, s.file, width, left)
		if err != nil {
			return nil, err
		}
		h, v := float64(width)/float64(im.Width()), float64(height)/float64(im.Height())
		if im, err = im.Colourspace(vips.ScRGB); err != nil {
			return nil, err
		}
		if im, err = im.Resize(h, v); err != nil {
			return nil, err
		}
		return im.Colourspace(vips.SRGB)
	}
}

func inLight(left float64) scaling {
	return func(job *vips.Job, s subject, width, height int) (*vips.Image, error) {
		im, err := decoded(job, s.file, width, left)
		if err != nil {
			return nil, err
		}
		return light(job, im, width, height)
	}
}

func light(job *vips.Job, im *vips.Image, width, height int) (*vips.Image, error) {
	pixels := make([]byte, width*height*im.Bands())
	scaler := scale.New(scale.Size{Width: im.Width(), Height: im.Height(), Bands: im.Bands()}, width, height, pixels)
	defer scaler.Close()
	if err := im.Strips(scaler.Rows); err != nil {
		return nil, err
	}
	return job.OverPixels(pixels, width, height, im)
}

func fromMaster(scale scaling) scaling {
	return func(job *vips.Job, s subject, width, height int) (*vips.Image, error) {
		s.file = s.master
		return scale(job, s, width, height)
	}
}

// masterSide and masterQuality are of a master as package rendition keeps it.
const (
	masterSide    = 2560
	masterQuality = 90
)

// master makes a smaller, nearly lossless JPEG of a photo.
func (b *bench) master(file []byte) ([]byte, error) {
	job := b.lib.NewJob()
	defer job.Close()
	im, err := job.Load(vips.LoadJPEG, file, vips.LoadOptions{})
	if err != nil {
		return nil, err
	}
	if ratio := masterSide / float64(im.Width()); ratio < 1 {
		if im, err = light(job, im, masterSide, int(float64(im.Height())*ratio+.5)); err != nil {
			return nil, err
		}
	}
	if im, err = im.Describe(vips.Rights{}, true); err != nil {
		return nil, err
	}
	return im.SaveJPEG(masterQuality, true)
}

// large tells whether a photo has more than 30 megapixels, which few cameras
// make, and judging would take minutes.
func large(file []byte) bool {
	config, err := jpeg.DecodeConfig(bytes.NewReader(file))
	return err != nil || config.Width*config.Height > 30e6
}
