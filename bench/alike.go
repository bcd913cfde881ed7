package main

import (
	"fmt"
	"image"
	"os"

	"photofit/internal/imgtest"
	"photofit/internal/vips"
)

// leastPSNR is how alike two renditions must be, in decibels. Two encoders'
// renderings of one photo have 35 and more; where one averages light and the
// other codes, fine leaves have 25 to 30; two photos have about 10.
const leastPSNR = 22

// alike holds two renditions against each other, and tells how much they
// resemble. Ones of another size than the task's, or that differ, are an error.
func (b *bench) alike(one, other string, t task) (string, error) {
	var pictures [2]image.Image
	var sizes [2]int
	for i, file := range []string{one, other} {
		data, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		picture, err := b.decode(data, t.Format)
		if err != nil {
			return "", err
		}
		if got, want := picture.Bounds().Size(), image.Pt(t.Width, t.Height); got != want {
			return "", fmt.Errorf("a rendition is %v, not %v", got, want)
		}
		pictures[i], sizes[i] = picture, len(data)
	}
	psnr := imgtest.PSNR(pictures[0], pictures[1])
	if psnr < leastPSNR {
		return "", fmt.Errorf("the renditions differ: PSNR %.1f dB", psnr)
	}
	return fmt.Sprintf("%.1f and %.1f KB, %.0f dB", float64(sizes[0])/1e3, float64(sizes[1])/1e3, psnr), nil
}

// decode gives a rendition's pixels, whatever their profile.
func (b *bench) decode(data []byte, format string) (image.Image, error) {
	return b.pixels(data, format, func(im *vips.Image) (*vips.Image, error) { return im, nil })
}

// pixels decodes a rendition, and converts it.
func (b *bench) pixels(data []byte, format string, convert func(*vips.Image) (*vips.Image, error)) (image.Image, error) {
	loader := map[string]vips.Loader{"jpg": vips.LoadJPEG, "webp": vips.LoadWebP, "avif": vips.LoadHEIF}[format]
	job := b.lib.NewJob()
	defer job.Close()
	im, err := job.Load(loader, data, vips.LoadOptions{})
	if err != nil {
		return nil, err
	}
	if im, err = convert(im); err != nil {
		return nil, err
	}
	if im.Format() != vips.UChar { // an AVIF of 10 bits
		if im, err = im.Colourspace(vips.SRGB); err != nil {
			return nil, err
		}
	}
	return rgba(im)
}

// rgba gives the pixels of an image that is opaque and has 8 bits a sample.
func rgba(im *vips.Image) (*image.RGBA, error) {
	if bands := im.Bands(); bands != 1 && bands != 3 || im.Format() != vips.UChar {
		return nil, fmt.Errorf("the picture has %d bands of format %d", im.Bands(), im.Format())
	}
	pixels, err := im.Pixels()
	if err != nil {
		return nil, err
	}
	out := image.NewRGBA(image.Rect(0, 0, im.Width(), im.Height()))
	bands := im.Bands()
	for i := range len(pixels) / bands {
		p, q := pixels[i*bands:(i+1)*bands], out.Pix[4*i:4*i+4]
		q[0], q[1], q[2], q[3] = p[0], p[bands/2], p[bands-1], 255
	}
	return out, nil
}
