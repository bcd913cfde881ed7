package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"photofit/internal/imgtest"
	"photofit/internal/imgtest/scene"
	"photofit/internal/probe"
	"photofit/internal/vips"
)

// picture is a photo of the mix.
type picture struct {
	path          string // in the gallery's own folder, so that it can be linked to
	name          string // for people
	width, height int    // as a viewer sees it
	size          int
}

// read gives the file.
func (p picture) read() ([]byte, error) { return os.ReadFile(p.path) }

// isHeavy tells whether it has the bytes of an export at the best quality.
func (p picture) isHeavy() bool { return p.size >= 8*megabyte }

// gallery is a folder that all peers serve. Its photos are links to few files,
// under names that nobody has asked for before, in no earlier run either: so
// a cache that outlives the run is as empty as one that does not.
type gallery struct {
	folder   string
	run      string // begins each name
	made     int
	pictures []picture
	light    picture // a baseline JPEG of 24 megapixels, about 3 MB
	heavy    picture // the same pixels as a progressive one, of 8 MB and more
}

// heavyQuality is what exporting at the best quality means: it makes 9 MB of 3.
const heavyQuality = 100

// gallery collects the JPEGs of the folder that was given, or paints some, and
// makes heavy ones of the light one. All of it is the same every time.
func (b *bench) gallery() (*gallery, error) {
	if b.pictures != nil {
		return b.pictures, nil
	}
	g := &gallery{folder: b.galleryFolder, run: fmt.Sprintf("%x", time.Now().Unix())}
	if g.folder == "" {
		g.folder = filepath.Join(b.temp, "gallery")
	}
	if err := os.MkdirAll(g.folder, 0o755); err != nil {
		return nil, err
	}
	light, err := os.ReadFile(b.photo.path)
	if err != nil {
		return nil, err
	}
	if g.light, err = g.add("24 MP baseline", light); err != nil {
		return nil, err
	}
	if err := b.makeHeavy(g, light); err != nil {
		return nil, err
	}
	if b.folder != "" {
		err = b.collect(g)
	} else {
		for _, s := range scene.All()[1:5] {
			if _, err = g.add(s.Name, imgtest.JPEG(s.Draw(4032, 3024), 88)); err != nil {
				break
			}
		}
	}
	if err != nil {
		return nil, err
	}
	var kinds []string
	for _, p := range g.pictures {
		kinds = append(kinds, fmt.Sprintf("%s %.1f MB", p.name, float64(p.size)/megabyte))
	}
	b.sayf("photos: %s", strings.Join(kinds, ", "))
	b.pictures = g
	return g, nil
}

// add puts a file into the gallery.
func (g *gallery) add(name string, data []byte) (picture, error) {
	header, err := probe.Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return picture{}, fmt.Errorf("%s: %w", name, err)
	}
	p := picture{name: name, size: len(data), path: filepath.Join(g.folder, fmt.Sprintf("%s-source-%02d.jpg", g.run, len(g.pictures)))}
	p.width, p.height = header.Size()
	g.pictures = append(g.pictures, p)
	return p, os.WriteFile(p.path, data, 0o644)
}

// makeHeavy adds photos of 8 to 20 MB: the light one anew, of high quality with
// full chroma, progressive and baseline.
func (b *bench) makeHeavy(g *gallery, light []byte) error {
	for _, kind := range []struct {
		name string
		save func(*vips.Image) ([]byte, error)
	}{
		{"24 MP progressive", func(im *vips.Image) ([]byte, error) { return im.SaveProgressiveJPEG(heavyQuality) }},
		{"24 MP heavy baseline", func(im *vips.Image) ([]byte, error) { return im.SaveJPEG(heavyQuality, true) }},
	} {
		job := b.lib.NewJob()
		im, err := job.Load(vips.LoadJPEG, light, vips.LoadOptions{})
		var data []byte
		if err == nil {
			data, err = kind.save(im)
		}
		job.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", kind.name, err)
		}
		p, err := g.add(kind.name, data)
		if err != nil {
			return err
		}
		if g.heavy.path == "" {
			g.heavy = p
		}
	}
	return nil
}

// collect adds the folder's other JPEGs, unless they are so large that servers
// refuse them, or no larger than a page shows.
func (b *bench) collect(g *gallery) error {
	files, err := filepath.Glob(filepath.Join(b.folder, "*.jpg"))
	if err != nil {
		return err
	}
	for _, file := range files { // in order
		name := filepath.Base(file)
		if name == "p24.jpg" { // it is the light one
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		header, err := probe.Read(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			b.sayf("%s is left out: %v", name, err)
			continue
		}
		if pixels := header.Width * header.Height; pixels < 2e6 || pixels > 100e6 {
			b.sayf("%s is left out: %.1f megapixels", name, float64(pixels)/1e6)
			continue
		}
		if _, err := g.add(name, data); err != nil {
			return err
		}
	}
	return nil
}

// link adds a photo under a new name.
func (g *gallery) link(p picture) (string, error) {
	g.made++
	name := fmt.Sprintf("%s-%05d.jpg", g.run, g.made)
	return name, os.Link(p.path, filepath.Join(g.folder, name))
}

// links adds n photos, of one picture after the other.
func (g *gallery) links(n int) ([]string, error) {
	names := make([]string, n)
	for i := range names {
		var err error
		if names[i], err = g.link(g.pictures[i%len(g.pictures)]); err != nil {
			return nil, err
		}
	}
	return names, nil
}
