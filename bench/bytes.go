package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"strings"

	"photofit"
	"photofit/internal/imgtest"
	"photofit/internal/imgtest/ssimulacra2"
	"photofit/internal/probe"
	"photofit/internal/render"
	"photofit/internal/vips"
)

// byteQualities are what photofit's renditions are tried at.
var byteQualities = []int{40, 50, 60, 66, 72, 78, 84}

// bytesAtLooks scores what sharp answers by its own defaults against the ideal,
// and compares its bytes with those at which photofit's rendition of the photo
// scores the same; and what the two score at their own qualities.
func (b *bench) bytesAtLooks(ctx context.Context) error {
	packages, why, err := b.installNode(ctx, "sharp", sharpVersion)
	if err != nil {
		return err
	}
	if why != "" {
		b.skip("beside sharp", why)
		return nil
	}
	g, err := b.gallery()
	if err != nil {
		return err
	}
	theirs, err := b.startNode(ctx, "sharp", sharpServer, packages, g.folder, "/{photo}?w={width}&fm={format}")
	if err != nil {
		return err
	}
	defer theirs.stop()
	for _, format := range formats[:2] { // sharp's AVIFs take seconds
		var size, gain []float64
		missed := 0
		for _, p := range g.pictures {
			original, err := b.upright(p)
			if err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			if original == nil {
				continue
			}
			name, err := g.link(p)
			if err != nil {
				return err
			}
			for _, width := range []int{320, 800} {
				c, err := b.compareBytes(ctx, theirs, *original, ask{name, width, format})
				if errors.Is(err, errOtherSize) {
					continue // sharp has rounded otherwise
				}
				if err != nil {
					return fmt.Errorf("%s at %d px: %w", p.name, width, err)
				}
				gain = append(gain, c.gain)
				if c.bytes == 0 {
					missed++ // ours looks better at the least quality tried
					continue
				}
				size = append(size, c.bytes)
			}
		}
		name := strings.ToUpper(format)
		b.add(figure{Name: name + ": bytes at the looks of sharp's defaults", Peer: "sharp", Unit: "×", AtMost: .9, Values: size,
			Note: fmt.Sprintf("%d more look better even at quality %d", missed, byteQualities[0])})
		b.add(figure{Name: name + ": looks at own qualities, up to 800 px, beyond sharp's", Unit: "points", Values: gain})
	}
	return nil
}

// uprightPhoto is a photo and its pixels, in sRGB.
type uprightPhoto struct {
	file  []byte
	whole *image.NRGBA
}

// upright reads a photo; nil if it is one that has to be turned.
func (b *bench) upright(p picture) (*uprightPhoto, error) {
	file, err := p.read()
	if err != nil {
		return nil, err
	}
	header, err := probe.Read(bytes.NewReader(file), int64(len(file)))
	if err != nil || header.Orientation > 1 {
		return nil, err
	}
	whole, err := b.inSRGB(file)
	return &uprightPhoto{file, whole}, err
}

// byteComparison is photofit's bytes over sharp's at equal looks, 0 if that cannot be
// said, and by how many points photofit's own quality looks better.
type byteComparison struct{ bytes, gain float64 }

func (b *bench) compareBytes(ctx context.Context, theirs *running, photo uprightPhoto, a ask) (c byteComparison, err error) {
	height := (photo.whole.Rect.Dy()*a.width + photo.whole.Rect.Dx()/2) / photo.whole.Rect.Dx()
	ideal := imgtest.Ideal(photo.whole, a.width, height)
	body, err := theirs.get(ctx, a)
	if err != nil {
		return c, err
	}
	score, err := b.score(ideal, body, a.format)
	if err != nil {
		return c, err
	}
	own := func(quality int) (trial, error) {
		recipe := photofit.Recipe{Photo: "-", Width: a.width, Quality: quality, Format: formatOf[a.format]}
		out, err := render.New(b.lib, render.Limits{}).Render(ctx, bytes.NewReader(photo.file), int64(len(photo.file)), recipe,
			func(context.Context, int64) error { return nil })
		if err != nil {
			return trial{}, err
		}
		score, err := b.score(ideal, out.Body, a.format)
		return trial{quality, float64(len(out.Body)), score}, err
	}
	usual, err := own(0)
	if err != nil {
		return c, err
	}
	c.gain = usual.score - score
	var trials []trial
	for _, quality := range byteQualities {
		t, err := own(quality)
		if err != nil {
			return c, err
		}
		trials = append(trials, t)
	}
	if size, ok := newCurve(trials).bytesAt(score); ok {
		c.bytes = size / float64(len(body))
	}
	return c, nil
}

// score is how a file looks, of 100 for the ideal.
func (b *bench) score(ideal *image.NRGBA, file []byte, format string) (float64, error) {
	job := b.lib.NewJob()
	defer job.Close()
	loader := vips.LoadJPEG
	if format == "webp" {
		loader = vips.LoadWebP
	}
	im, err := job.Load(loader, file, vips.LoadOptions{})
	if err == nil && im.HasProfile() {
		im, err = im.Transform(vips.ProfileSRGB)
	}
	if err != nil {
		return 0, err
	}
	picture, err := samplesOf(im)
	if err != nil {
		return 0, err
	}
	if picture.Rect != ideal.Rect {
		return 0, errOtherSize
	}
	return ssimulacra2.Score(ideal, picture)
}

var errOtherSize = errors.New("it is of another size than the ideal")
