package main

import (
	"context"
	"fmt"
	"image"
	imagedraw "image/draw"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"photofit/internal/imgtest"
	"photofit/internal/imgtest/scene"
	"photofit/internal/imgtest/ssimulacra2"
	"photofit/internal/vips"
)

// looks judges ways of making a photo smaller: by SSIMULACRA2 against the ideal,
// of what they make and of that as a JPEG, and by the CPU time of decoding and
// scaling, of what the peers' way takes.
func (b *bench) looks(ctx context.Context) error {
	subjects, err := b.subjects()
	if err != nil {
		return err
	}
	widths := pick(b.quick, []int{500, 1200}, []int{320, 500, 800, 1200, 1600})
	results := make([][]sight, len(widths)*len(ways))
	for _, s := range subjects {
		for i, width := range widths {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if width >= s.whole.Rect.Dx() {
				continue
			}
			seen, err := b.look(s, width)
			if err != nil {
				return fmt.Errorf("%s at %d px: %w", s.name, width, err)
			}
			for k, v := range seen {
				results[i*len(ways)+k] = append(results[i*len(ways)+k], v)
			}
			b.sayf("%s at %d px: %s", s.name, width, summary(seen))
		}
	}
	for i, width := range widths {
		for k, w := range ways {
			b.add(lookFigure(fmt.Sprintf("%d px, %s", width, w.name), results[i*len(ways)+k]))
		}
	}
	return nil
}

// sight is how one way did with one photo at one width.
type sight struct {
	pixels, jpeg float64 // scores
	cost         float64 // of the first way's CPU time
}

func lookFigure(name string, seen []sight) figure {
	var pixels, cost []float64
	f := figure{Name: name, Unit: "points"}
	for _, s := range seen {
		f.Values = append(f.Values, s.jpeg)
		pixels, cost = append(pixels, s.pixels), append(cost, s.cost)
	}
	if len(seen) > 0 {
		f.Note = fmt.Sprintf("before JPEG %.1f to %.1f, median %.1f; CPU %.2f × the peers' way", slices.Min(pixels), slices.Max(pixels), median(pixels), median(cost))
	}
	return f
}

func summary(seen []sight) string {
	var parts []string
	for k, s := range seen {
		parts = append(parts, fmt.Sprintf("%s %.1f/%.1f %.2f×", ways[k].short, s.pixels, s.jpeg, s.cost))
	}
	return strings.Join(parts, "  ")
}

// subject is a photo to look at.
type subject struct {
	name   string
	file   []byte
	master []byte       // made of it
	whole  *image.NRGBA // decoded, in sRGB
}

// subjects are the folder's JPEG photos of up to 30 megapixels, scenes and charts.
func (b *bench) subjects() ([]subject, error) {
	var list []subject
	add := func(name string, file []byte) error {
		whole, err := b.inSRGB(file)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		master, err := b.master(file)
		if err == nil && len(list) < pick(b.quick, 4, 100) {
			list = append(list, subject{name, file, master, whole})
		}
		return err
	}
	if b.folder != "" {
		files, err := filepath.Glob(filepath.Join(b.folder, "*.jpg"))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			if large(data) {
				continue
			}
			if err := add(filepath.Base(file), data); err != nil {
				return nil, err
			}
		}
	}
	for _, s := range scene.All() {
		if slices.Contains([]string{"alpine", "pines", "poppies", "aurora"}, s.Name) {
			if err := add(s.Name, imgtest.JPEG(s.Draw(4000, 2667), 92)); err != nil {
				return nil, err
			}
		}
	}
	for _, chart := range []struct {
		name  string
		image image.Image
	}{
		{"text", imgtest.TextChart(4000, 2667)}, {"zone plate", imgtest.ZonePlate(4000, 2667)}, {"stripes", imgtest.Stripes(4000, 2667, 5, .8, 20)},
	} {
		colours := image.NewRGBA(chart.image.Bounds())
		imagedraw.Draw(colours, colours.Rect, chart.image, image.Point{}, imagedraw.Src)
		if err := add(chart.name, imgtest.JPEG(colours, 92)); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// look tries all ways on a photo.
func (b *bench) look(s subject, width int) ([]sight, error) {
	height := (s.whole.Rect.Dy()*width + s.whole.Rect.Dx()/2) / s.whole.Rect.Dx()
	ideal := imgtest.Ideal(s.whole, width, height)
	seen := make([]sight, len(ways))
	for k, w := range ways {
		var err error
		seen[k].pixels, seen[k].jpeg, err = b.scoresOf(func(job *vips.Job) (*vips.Image, error) { return w.scale(job, s, width, height) }, ideal)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", w.name, err)
		}
	}
	costs := make([][]float64, len(ways))
	for range pick(b.quick, 3, 7) {
		for k, w := range ways {
			took, err := b.costOf(func(job *vips.Job) (*vips.Image, error) { return w.scale(job, s, width, height) })
			if err != nil {
				return nil, err
			}
			costs[k] = append(costs[k], took)
		}
	}
	for k := range ways {
		seen[k].cost = median(costs[k]) / median(costs[0])
	}
	return seen, nil
}

// costOf is the CPU time of making pixels, in milliseconds: nothing else is at work here.
func (b *bench) costOf(pixels func(*vips.Job) (*vips.Image, error)) (float64, error) {
	return cpuOf(func() error {
		job := b.lib.NewJob()
		defer job.Close()
		im, err := pixels(job)
		if err == nil {
			_, err = im.Copy()
		}
		return err
	})
}

// scoresOf makes pixels and judges them.
func (b *bench) scoresOf(make func(*vips.Job) (*vips.Image, error), ideal image.Image) (pixels, jpeg float64, err error) {
	job := b.lib.NewJob()
	defer job.Close()
	im, err := make(job)
	if err != nil {
		return 0, 0, err
	}
	return b.scores(im, ideal)
}

// scores judges an image, and the JPEG that it becomes.
func (b *bench) scores(im *vips.Image, ideal image.Image) (pixels, jpeg float64, err error) {
	if im, err = im.Copy(); err != nil {
		return 0, 0, err
	}
	if im.HasProfile() {
		if im, err = im.Transform(vips.ProfileSRGB); err != nil {
			return 0, 0, err
		}
	}
	picture, err := samplesOf(im)
	if err != nil {
		return 0, 0, err
	}
	if pixels, err = ssimulacra2.Score(ideal, picture); err != nil {
		return 0, 0, err
	}
	if im, err = im.Describe(vips.Rights{}, false); err != nil {
		return 0, 0, err
	}
	file, err := im.SaveJPEG(yardstick, false)
	if err != nil {
		return 0, 0, err
	}
	coded, err := b.inSRGB(file)
	if err != nil {
		return 0, 0, err
	}
	jpeg, err = ssimulacra2.Score(ideal, coded)
	return pixels, jpeg, err
}

// inSRGB decodes a JPEG, as it lies in the file.
func (b *bench) inSRGB(file []byte) (*image.NRGBA, error) {
	job := b.lib.NewJob()
	defer job.Close()
	im, err := job.Load(vips.LoadJPEG, file, vips.LoadOptions{})
	if err == nil && im.HasProfile() {
		im, err = im.Transform(vips.ProfileSRGB)
	}
	if err != nil {
		return nil, err
	}
	return samplesOf(im)
}

// samplesOf gives the pixels of three bands of 8 bits.
func samplesOf(im *vips.Image) (*image.NRGBA, error) {
	pixels, err := im.Pixels()
	if err != nil {
		return nil, err
	}
	if im.Bands() != 3 || im.Format() != vips.UChar {
		return nil, fmt.Errorf("a photo has %d bands of format %d", im.Bands(), im.Format())
	}
	out := image.NewNRGBA(image.Rect(0, 0, im.Width(), im.Height()))
	for i := range len(pixels) / 3 {
		copy(out.Pix[4*i:], pixels[3*i:3*i+3])
		out.Pix[4*i+3] = 255
	}
	return out, nil
}
