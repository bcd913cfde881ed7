package main

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
)

// tile writes a JPEG of that size that repeats the photo. So a large one has as
// much in each of its pixels.
func (b *bench) tile(width, height int) (string, error) {
	data, err := os.ReadFile(b.photo.path)
	if err != nil {
		return "", err
	}
	decoded, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return "", err
	}
	from, ok := decoded.(*image.YCbCr)
	if !ok {
		return "", fmt.Errorf("the photo is a %T, and only colours can be tiled", decoded)
	}
	file := filepath.Join(b.temp, "tiled.jpg")
	to, err := os.Create(file)
	if err != nil {
		return "", err
	}
	err = jpeg.Encode(to, tiled(from, width, height), &jpeg.Options{Quality: 90})
	if closed := to.Close(); err == nil {
		err = closed
	}
	return file, err
}

// tiled repeats an image, whose sides are even, to fill another.
func tiled(from *image.YCbCr, width, height int) *image.YCbCr {
	to := image.NewYCbCr(image.Rect(0, 0, width, height), from.SubsampleRatio)
	size := from.Rect.Size()
	small := image.NewYCbCr(image.Rectangle{Max: size}, from.SubsampleRatio) // for its planes' sizes
	repeat(to.Y, to.YStride, from.Y, from.YStride, size)
	chroma := image.Pt(small.CStride, len(small.Cb)/small.CStride)
	repeat(to.Cb, to.CStride, from.Cb, from.CStride, chroma)
	repeat(to.Cr, to.CStride, from.Cr, from.CStride, chroma)
	return to
}

// repeat fills a plane with another, of which size counts.
func repeat(to []byte, toStride int, from []byte, fromStride int, size image.Point) {
	for y := range len(to) / toStride {
		row, source := to[y*toStride:][:toStride], from[y%size.Y*fromStride:][:size.X]
		for len(row) > 0 {
			row = row[copy(row, source):]
		}
	}
}
