package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"photofit"
	"photofit/internal/probe"
	"photofit/internal/render"
)

// masterWidths are the renditions by which a master is judged.
var masterWidths = []int{320, 800, 1280}

// original is a photo of the section masters: any type that is taken.
type original struct {
	name   string
	data   []byte
	header probe.Header
}

// masterCost is what one photo and its master take, CPU time in milliseconds: each
// the mean over masterWidths but for the making.
type masterCost struct {
	photo, master, making float64
	less                  []float64 // by width: how many times less a rendition costs, from the master
}

// masters holds what package render predicts of masters against what they cost.
func (b *bench) masters(ctx context.Context) error {
	originals, err := b.originals()
	if err != nil {
		return err
	}
	var photo, master, making, decided []float64
	for _, o := range originals {
		m, err := b.masterOf(ctx, o)
		if err != nil {
			return fmt.Errorf("%s: %w", o.name, err)
		}
		weight, err := b.renderer().Weigh(bytes.NewReader(o.data), int64(len(o.data)))
		if err != nil {
			return fmt.Errorf("%s: %w", o.name, err)
		}
		if weight.Photo == 0 {
			continue // a master cannot hold it
		}
		if weight.Whole {
			m.making -= m.photo // it is decoded anyway
			b.add(figure{Name: o.name + ": a rendition costs less from the master", Unit: "×", Values: m.less,
				Note: fmt.Sprintf("at %d px; %.1f × less in all; with its encoding as JPEG", masterWidths, m.photo/m.master)})
		}
		real := render.Weight{Photo: m.photo, Master: m.master, Making: m.making, Whole: weight.Whole}
		right := 0.0
		if real.Pays() == weight.Pays() {
			right = 1
		}
		decided = append(decided, right)
		photo = append(photo, m.photo/weight.Photo)
		master = append(master, m.master/weight.Master)
		making = append(making, m.making/weight.Making)
		b.sayf("%-24s %5.1f MP %5.1f MB: from the photo %4.0f ms (predicted %4.0f), from the master %3.0f (%3.0f), making it %4.0f (%4.0f): pays %v (%v)", o.name,
			float64(o.header.Pixels())/1e6, float64(len(o.data))/megabyte, m.photo, weight.Photo, m.master, weight.Master, m.making, weight.Making, real.Pays(), weight.Pays())
	}
	for _, f := range []figure{
		{Name: "from the photo, of what was predicted", Values: photo},
		{Name: "from the master, of what was predicted", Values: master},
		{Name: "making the master, of what was predicted", Values: making},
	} {
		f.Unit, f.Note = "×", "by photo; this machine's milliseconds may be longer or shorter for all of them"
		b.add(f)
	}
	b.add(figure{Name: "photos for which it is decided as the measured costs would", Values: []float64{mean(decided) * 100}, Unit: "%", Note: fmt.Sprintf("of %d", len(decided))})
	return nil
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

func (b *bench) renderer() *render.Renderer { return render.New(b.lib, render.Limits{}) }

// originals are the folder's photos that are rendered at all, and heavy ones.
func (b *bench) originals() (all []original, err error) {
	g, err := b.gallery()
	if err != nil {
		return nil, err
	}
	add := func(name string, data []byte) {
		h, err := probe.Read(bytes.NewReader(data), int64(len(data)))
		if err == nil && h.Pixels() >= 1e6 && h.Pixels() < 100e6 {
			all = append(all, original{name, data, h})
		}
	}
	for _, p := range g.pictures {
		data, err := os.ReadFile(p.path)
		if err != nil {
			return nil, err
		}
		add(p.name, data)
	}
	for _, pattern := range []string{"*.avif", "*.webp", "*.png"} {
		files, err := filepath.Glob(filepath.Join(b.folder, pattern))
		if err != nil || b.folder == "" {
			continue
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			add(filepath.Base(file), data)
		}
	}
	return all, nil
}

// masterOf measures one photo: the median of some turns, in which each way has one.
func (b *bench) masterOf(ctx context.Context, o original) (m masterCost, err error) {
	r := b.renderer()
	leave := func(context.Context, int64) error { return nil }
	photo := bytes.NewReader(o.data)
	master, err := r.Master(ctx, photo, int64(len(o.data)), leave)
	if err != nil {
		return m, err
	}
	widths := len(masterWidths)
	fromPhoto, fromMaster := make([][]float64, widths), make([][]float64, widths) // by width, of each turn
	var made []float64
	for range pick(b.quick, 1, 5) {
		for i, w := range masterWidths {
			recipe := photofit.Recipe{Photo: "-", Width: w, Format: photofit.JPEG}
			took, err := cpuOf(func() error {
				_, err := r.Render(ctx, photo, int64(len(o.data)), recipe, leave)
				return err
			})
			if err != nil {
				return m, err
			}
			fromPhoto[i] = append(fromPhoto[i], took)
			took, err = cpuOf(func() error {
				_, err := r.FromMaster(ctx, bytes.NewReader(master.Body), int64(len(master.Body)), master.Type, recipe, leave)
				return err
			})
			if err != nil {
				return m, err
			}
			fromMaster[i] = append(fromMaster[i], took)
		}
		took, err := cpuOf(func() error {
			_, err := r.Master(ctx, photo, int64(len(o.data)), leave)
			return err
		})
		if err != nil {
			return m, err
		}
		made = append(made, took)
	}
	m.making = median(made)
	for i := range masterWidths {
		photo, master := median(fromPhoto[i]), median(fromMaster[i])
		m.photo += photo / float64(widths)
		m.master += master / float64(widths)
		m.less = append(m.less, photo/master)
	}
	return m, nil
}

// cpuOf is the CPU time that this process takes for something, in milliseconds.
func cpuOf(do func() error) (ms float64, err error) {
	before, err := cpuTime(os.Getpid())
	if err != nil {
		return 0, err
	}
	if err := do(); err != nil {
		return 0, err
	}
	after, err := cpuTime(os.Getpid())
	return float64(after-before) / float64(time.Millisecond), err
}
