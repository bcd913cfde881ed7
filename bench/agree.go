package main

import (
	"context"
	"fmt"
	"image"
	"math"

	"photofit/internal/imgtest"
	"photofit/internal/vips"
)

// agree asks all peers for a sample, off the clock, and holds each answer
// against photofit's. Who answers something else is not measured. What it gives
// is the least resemblance of each peer's answers, in decibels.
func (b *bench) agree(ctx context.Context, all []*running, g *gallery) ([]float64, error) {
	least := make([]float64, len(all))
	for i := range least {
		least[i] = math.Inf(1)
	}
	widths := []int{320, 640, 1280}
	for i, p := range g.pictures {
		if b.quick && i > 3 {
			break
		}
		name, err := g.link(p)
		if err != nil {
			return nil, err
		}
		a := ask{name, widths[i%len(widths)], formats[(i+i/len(widths))%len(formats)]}
		var ours image.Image
		for k, r := range all {
			body, err := r.get(ctx, a)
			if err != nil {
				return nil, err
			}
			picture, err := b.shown(body, a.format)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", r.peer.name, err)
			}
			if err := rightSize(picture.Bounds().Size(), p, a.width); err != nil {
				return nil, fmt.Errorf("%s: %s, %s: %w", r.peer.name, p.name, a.format, err)
			}
			if k == 0 {
				ours = picture
				continue
			}
			psnr := imgtest.PSNR(sameBounds(ours, picture))
			if psnr < leastPSNR {
				return nil, fmt.Errorf("%s: %s, %d px, %s: its answer differs from photofit's: PSNR %.1f dB", r.peer.name, p.name, a.width, a.format, psnr)
			}
			least[k] = min(least[k], psnr)
		}
	}
	return least, nil
}

// rightSize refuses a rendition that is not as wide as was asked, or as the
// photo, or that has another shape. Heights may be rounded either way.
func rightSize(got image.Point, p picture, width int) error {
	want := min(width, p.width)
	height := float64(p.height) * float64(want) / float64(p.width)
	if got.X != want || math.Abs(float64(got.Y)-height) > 1 {
		return fmt.Errorf("a rendition is %d × %d, not %d × %.0f", got.X, got.Y, want, height)
	}
	return nil
}

// sameBounds leaves out a last row that one of two pictures has and the other has not.
func sameBounds(one, other image.Image) (image.Image, image.Image) {
	common := one.Bounds().Intersect(other.Bounds())
	cut := func(im image.Image) image.Image {
		return im.(interface {
			SubImage(image.Rectangle) image.Image
		}).SubImage(common)
	}
	return cut(one), cut(other)
}

// shown is what a screen shows of a rendition: its pixels in sRGB.
func (b *bench) shown(data []byte, format string) (image.Image, error) {
	return b.pixels(data, format, func(im *vips.Image) (*vips.Image, error) { return im.Transform(vips.ProfileSRGB) })
}
