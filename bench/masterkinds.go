package main

import (
	"context"
	"fmt"
	"math"
	"slices"

	"photofit/internal/imgtest"
	"photofit/internal/vips"
)

// masterKind is a kind of master that might be kept.
type masterKind struct {
	name string
	side int // the longer one, in pixels
	save func(*vips.Image) ([]byte, error)
	load vips.Loader
}

// masterKinds are the one that package render makes, and what differs from it in one thing.
var masterKinds = []masterKind{
	{"2560 px, JPEG 90, full colours", 2560, jpegMaster(90, true), vips.LoadJPEG},
	{"2048 px", 2048, jpegMaster(90, true), vips.LoadJPEG},
	{"3200 px", 3200, jpegMaster(90, true), vips.LoadJPEG},
	{"3840 px", 3840, jpegMaster(90, true), vips.LoadJPEG},
	{"quality 85", 2560, jpegMaster(85, true), vips.LoadJPEG},
	{"quality 92", 2560, jpegMaster(92, true), vips.LoadJPEG},
	{"quality 96", 2560, jpegMaster(96, true), vips.LoadJPEG},
	{"colours at half size", 2560, jpegMaster(90, false), vips.LoadJPEG},
	{"WebP 95", 2560, func(im *vips.Image) ([]byte, error) { return im.SaveWebP(95, 2) }, vips.LoadWebP},
}

func jpegMaster(quality int, colours bool) func(*vips.Image) ([]byte, error) {
	return func(im *vips.Image) ([]byte, error) { return im.SaveJPEG(quality, colours) }
}

// kindWidths are the ladder's steps by which a kind is judged.
var kindWidths = []int{320, 640, 960, 1280, 1600}

// As package render has them: a master must be masterStep times larger than a
// rendition, and its decoder leaves masterLeft times more than is wanted.
const (
	masterLeft = 3
	masterStep = 1.3
)

// kindResult is what a kind came to: by subject, and looks by subject and width.
type kindResult struct {
	bytes, making []float64
	cost          [][]float64 // by width: CPU time of decoding and scaling, of what the photo itself takes
	lost          [][]float64 // by width: points, as a JPEG of quality 80, of a photo
	charts        [][]float64 // by width: the same, of a chart
}

// kinds measures each kind of master: its bytes, the time to make and to use it, and
// what renditions from it lose beside those from the photo.
func (b *bench) kinds(ctx context.Context) error {
	subjects, err := b.subjects()
	if err != nil {
		return err
	}
	results := make([]kindResult, len(masterKinds))
	for i := range results {
		n := len(kindWidths)
		results[i].cost, results[i].lost, results[i].charts = make([][]float64, n), make([][]float64, n), make([][]float64, n)
	}
	for _, s := range subjects {
		if s.whole.Rect.Dx() < 3000 {
			continue // hardly larger than a master
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := b.kindsOf(s, results); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		b.sayf("%s", s.name)
	}
	for i, kind := range masterKinds {
		r := results[i]
		name := kind.name
		if i > 0 {
			name = "with " + name
		}
		b.add(figure{Name: name + ": CPU time to make", Unit: "ms", Values: r.making, Note: fmt.Sprintf("of the decoded photo; %.2f MB in the median, %.2f at most", median(r.bytes), slices.Max(r.bytes))})
		for k, width := range kindWidths {
			if len(r.lost[k]) == 0 {
				continue // it is too small for these
			}
			note := fmt.Sprintf("CPU %.2f × that from the photo; %d photos", median(r.cost[k]), len(r.lost[k]))
			if len(r.charts[k]) > 0 {
				note += fmt.Sprintf("; charts lose %.1f", r.charts[k])
			}
			b.add(figure{Name: fmt.Sprintf("%s: lost at %d px", name, width), Unit: "points", Values: r.lost[k], Note: note})
		}
	}
	return nil
}

// kindsOf measures all kinds with one subject.
func (b *bench) kindsOf(s subject, into []kindResult) error {
	masters := make([][]byte, len(masterKinds))
	for i, kind := range masterKinds {
		var took []float64
		for range pick(b.quick, 1, 3) {
			ms, file, err := b.makeKind(kind, s)
			if err != nil {
				return err
			}
			took, masters[i] = append(took, ms), file
		}
		into[i].making = append(into[i].making, median(took))
		into[i].bytes = append(into[i].bytes, float64(len(masters[i]))/megabyte)
	}
	for k, width := range kindWidths {
		height := int(math.Round(float64(s.whole.Rect.Dy()) * float64(width) / float64(s.whole.Rect.Dx())))
		ideal := imgtest.Ideal(s.whole, width, height)
		photo := func(job *vips.Job) (*vips.Image, error) { return inLight(2.5)(job, s, width, height) }
		_, best, err := b.scoresOf(photo, ideal)
		if err != nil {
			return err
		}
		ways := []func(job *vips.Job) (*vips.Image, error){photo}
		var served []int
		for i, kind := range masterKinds {
			if float64(min(kind.side, max(s.whole.Rect.Dx(), s.whole.Rect.Dy()))) < masterStep*float64(max(width, height)) {
				continue
			}
			way := func(job *vips.Job) (*vips.Image, error) { return kind.scale(job, masters[i], width, height) }
			_, jpeg, err := b.scoresOf(way, ideal)
			if err != nil {
				return fmt.Errorf("%s: %w", kind.name, err)
			}
			if s.chart() {
				into[i].charts[k] = append(into[i].charts[k], best-jpeg)
			} else {
				into[i].lost[k] = append(into[i].lost[k], best-jpeg)
			}
			ways, served = append(ways, way), append(served, i)
		}
		costs := make([][]float64, len(ways))
		for range pick(b.quick, 1, 5) {
			for n, way := range ways {
				ms, err := b.costOf(way)
				if err != nil {
					return err
				}
				costs[n] = append(costs[n], ms)
			}
		}
		for n, i := range served {
			into[i].cost[k] = append(into[i].cost[k], median(costs[n+1])/median(costs[0]))
		}
	}
	return nil
}

// chart tells whether a subject is drawn to be hard, and no photo or scene.
func (s subject) chart() bool {
	return slices.Contains([]string{"text", "zone plate", "stripes"}, s.name)
}

// makeKind makes a master of the subject's pixels, which a render has at hand.
func (b *bench) makeKind(kind masterKind, s subject) (ms float64, file []byte, err error) {
	job := b.lib.NewJob()
	defer job.Close()
	im, err := job.Load(vips.LoadJPEG, s.file, vips.LoadOptions{})
	if err == nil {
		im, err = im.Copy()
	}
	if err != nil {
		return 0, nil, err
	}
	ms, err = cpuOf(func() error {
		longer := max(im.Width(), im.Height())
		if ratio := float64(kind.side) / float64(longer); ratio < 1 {
			if im, err = light(job, im, int(math.Round(float64(im.Width())*ratio)), int(math.Round(float64(im.Height())*ratio))); err != nil {
				return err
			}
		}
		if im, err = im.Describe(vips.Rights{}, true); err != nil {
			return err
		}
		file, err = kind.save(im)
		return err
	})
	return ms, file, err
}

// scale makes a rendition's pixels of a master.
func (k masterKind) scale(job *vips.Job, master []byte, width, height int) (*vips.Image, error) {
	if k.load == vips.LoadJPEG {
		return inLight(masterLeft)(job, subject{file: master}, width, height)
	}
	im, err := job.Load(k.load, master, vips.LoadOptions{})
	if err != nil {
		return nil, err
	}
	return light(job, im, width, height)
}
