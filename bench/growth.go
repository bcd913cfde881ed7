package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"os"
	"path/filepath"
	"time"

	"photofit/internal/imgtest"
	"photofit/internal/vips"
)

// growSizes are megapixels of photos, growFrom those that the others are compared
// with: what a camera has today.
var growSizes = []int{2, 6, 12, 24, 50, 100, 150}

const growFrom = 24

// growth measures how cost grows: of a cold render with the photo's pixels, and of
// hits, of the start and of a sweep with the renditions that a folder keeps.
func (b *bench) growth(ctx context.Context) error {
	if err := b.growPixels(ctx); err != nil {
		return err
	}
	return b.growKept(ctx)
}

// growPixels renders photos of each size to 800 px, each by a fresh server, so that
// the most it ever held is of that render.
func (b *bench) growPixels(ctx context.Context) error {
	sizes := growSizes
	if b.quick {
		sizes = []int{2, growFrom, 100}
	}
	kinds, err := b.growPhotos(sizes)
	if err != nil {
		return err
	}
	for _, kind := range kinds {
		cpu, peak := map[int][]float64{}, map[int][]float64{} // of a size, in ms and in MB, for each round
		for round := range pick(b.quick, 1, 3) {
			for k := range sizes {
				size := sizes[pick(round%2 == 0, k, len(sizes)-1-k)]
				took, most, err := b.growRender(ctx, kind.files[size])
				if err != nil {
					return fmt.Errorf("%s, %d MP: %w", kind.name, size, err)
				}
				cpu[size], peak[size] = append(cpu[size], took), append(peak[size], most)
			}
		}
		b.growFigures("CPU", "ms", kind, sizes, cpu)
		b.growFigures("peak memory", "MB", kind, sizes, peak)
	}
	return nil
}

// growFigures compares what one round took for each size with what it took for
// growFrom. More than in proportion to the pixels it shall not be.
func (b *bench) growFigures(what, unit string, kind growKind, sizes []int, values map[int][]float64) {
	name := fmt.Sprintf("cold 800 px of a %s JPEG: %s", kind.name, what)
	from := values[growFrom]
	b.add(figure{Name: fmt.Sprintf("%s, %d MP", name, growFrom), Unit: unit, Values: from,
		Note: fmt.Sprintf("a file of %.1f MB", float64(kind.bytes[growFrom])/megabyte)})
	for _, size := range sizes {
		if size == growFrom {
			continue
		}
		f := figure{Name: fmt.Sprintf("  %d MP, of %d MP's", size, growFrom), Unit: "×",
			Note: fmt.Sprintf("%.0f %s, of a file of %.1f MB", median(values[size]), unit, float64(kind.bytes[size])/megabyte)}
		if size > growFrom {
			f.AtMost = float64(size) / growFrom * 1.1
		}
		for round := range from {
			f.Values = append(f.Values, values[size][round]/from[round])
		}
		b.add(f)
	}
}

// growRender is what a fresh server takes for the first rendition of a photo, with
// what it does beside the answer: CPU time in ms, and the most it held in MB.
func (b *bench) growRender(ctx context.Context, file string) (cpu, peak float64, err error) {
	photos, err := b.album(file)
	if err != nil {
		return 0, 0, err
	}
	if _, err := photos.next(1); err != nil {
		return 0, 0, err
	}
	// What a server does at its first render only is not the photo's.
	if err := os.WriteFile(filepath.Join(photos.folder, "tiny.jpg"), imgtest.JPEG(image.NewNRGBA(image.Rect(0, 0, 64, 48)), 80), 0o644); err != nil {
		return 0, 0, err
	}
	// More than the default, which a photo of 150 MP in full chroma does not fit.
	s, err := b.serve(ctx, photos.folder, "--memory", "4GB")
	if err != nil {
		return 0, 0, err
	}
	defer s.stop()
	var marks []time.Duration
	for _, path := range []string{"/tiny.jpg?w=32&fm=jpg", "/photo-00001.jpg?w=800&fm=jpg"} {
		if _, err := s.get(ctx, path); err != nil {
			return 0, 0, err
		}
		spent, err := atRest(ctx, s.pid())
		if err != nil {
			return 0, 0, err
		}
		marks = append(marks, spent)
	}
	_, most, err := memoryOf(s.pid())
	return float64(marks[1]-marks[0]) / float64(time.Millisecond), float64(most) / megabyte, err
}

// growKind is photos of one kind: their files and bytes by megapixels.
type growKind struct {
	name  string
	files map[int]string
	bytes map[int]int
}

// growPhotos makes photos of each size, all of the same two megapixels again and
// again: so what there is to decode in each of their pixels is the same.
func (b *bench) growPhotos(sizes []int) ([]growKind, error) {
	data, err := os.ReadFile(b.photo.path)
	if err != nil {
		return nil, err
	}
	decoded, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	whole, ok := decoded.(*image.YCbCr)
	if !ok {
		return nil, fmt.Errorf("the photo is a %T, and only colours can be tiled", decoded)
	}
	middle := middleOf(whole, growShape(2))
	baseline := growKind{"baseline", map[int]string{}, map[int]int{}}
	progressive := growKind{"progressive", map[int]string{}, map[int]int{}}
	for _, size := range sizes {
		b.sayf("making photos of %d MP", size)
		shape := growShape(size)
		var plain bytes.Buffer
		if err := jpeg.Encode(&plain, tiled(middle, shape.X, shape.Y), &jpeg.Options{Quality: 90}); err != nil {
			return nil, err
		}
		if err := b.growFile(&baseline, size, plain.Bytes()); err != nil {
			return nil, err
		}
		job := b.lib.NewJob()
		im, err := job.Load(vips.LoadJPEG, plain.Bytes(), vips.LoadOptions{})
		var scans []byte
		if err == nil {
			scans, err = im.SaveProgressiveJPEG(90)
		}
		job.Close()
		if err != nil {
			return nil, err
		}
		if err := b.growFile(&progressive, size, scans); err != nil {
			return nil, err
		}
	}
	return []growKind{baseline, progressive}, nil
}

func (b *bench) growFile(k *growKind, size int, data []byte) error {
	k.files[size], k.bytes[size] = filepath.Join(b.temp, fmt.Sprintf("%s-%d.jpg", k.name, size)), len(data)
	return os.WriteFile(k.files[size], data, 0o644)
}

// growShape is a photo of 3:2 of that many megapixels, in whole blocks.
func growShape(megapixels int) image.Point {
	width := math.Sqrt(float64(megapixels) * 1e6 * 3 / 2)
	return image.Pt(int(width/16+0.5)*16, int(width*2/3/16+0.5)*16)
}

// middleOf is the middle of an image, of whole blocks; all of it where it is smaller.
func middleOf(im *image.YCbCr, size image.Point) *image.YCbCr {
	whole := im.Rect.Size()
	size = image.Pt(min(size.X, whole.X/16*16), min(size.Y, whole.Y/16*16))
	from := image.Pt((whole.X-size.X)/2/16*16, (whole.Y-size.Y)/2/16*16)
	return im.SubImage(image.Rectangle{from, from.Add(size)}.Add(im.Rect.Min)).(*image.YCbCr)
}
