package main

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"

	"photofit/internal/imgtest"
	"photofit/internal/imgtest/scene"
)

// source is the photo that everything is made of.
type source struct {
	path          string // in the run's own folder, so that it can be linked to
	width, height int
}

// findPhoto takes p24.jpg from the folder, or paints a photo of its size.
func (b *bench) findPhoto(folder string) (source, error) {
	var data []byte
	var err error
	if folder != "" {
		if data, err = os.ReadFile(filepath.Join(folder, "p24.jpg")); err != nil {
			return source{}, err
		}
	} else {
		b.section = "photo"
		b.sayf("no --photos: painting 24 megapixels")
		data = imgtest.JPEG(scene.All()[0].Draw(6000, 4000), 90)
	}
	config, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return source{}, fmt.Errorf("p24.jpg: %w", err)
	}
	s := source{filepath.Join(b.temp, "photo.jpg"), config.Width, config.Height}
	return s, os.WriteFile(s.path, data, 0o644)
}

// scaled is the photo's size at a width.
func (s source) scaled(width int) image.Point {
	return image.Pt(width, int(float64(s.height)*float64(width)/float64(s.width)+0.5))
}

// album is a folder of photos that a server serves. All are links to one file:
// to a server they are as many photos, and to the disk's cache one.
type album struct {
	folder, file string
	made         int
}

// album makes an empty folder.
func (b *bench) album(file string) (*album, error) {
	folder, err := os.MkdirTemp(b.temp, "album-")
	return &album{folder: folder, file: file}, err
}

// next adds n photos that nobody has asked for yet, and gives their names.
func (a *album) next(n int) ([]string, error) {
	names := make([]string, n)
	for i := range names {
		a.made++
		names[i] = fmt.Sprintf("photo-%05d%s", a.made, filepath.Ext(a.file))
		if err := os.Link(a.file, filepath.Join(a.folder, names[i])); err != nil {
			return nil, err
		}
	}
	return names, nil
}
