package render

import (
	"context"
	"errors"
	"io"

	"photofit"
	"photofit/internal/probe"
	"photofit/internal/vips"
)

// A Both makes a rendition and, of the same decoded photo, the master. See
// Renderer.Both.
type Both struct {
	Output
	// Master gives the master, after the rendition; nil where none is made on the
	// way. It is called once, with a ctx that has ended if nobody wants it, and
	// only then is all memory given back.
	Master func(ctx context.Context) (Output, error)
}

// AdmitBoth is Admit that learns which recipes the master will serve, if one is made on the
// way; else serves is nil.
type AdmitBoth func(ctx context.Context, bytes int64, serves func(photofit.Recipe) bool) error

// Both is Render for whoever keeps masters. Where the photo has to be decoded as a
// whole, whatever is made of it, and a master pays, that is decoded once for the
// two of them: the rendition comes first, its bytes can be sent, and Master is
// called then. admit learns of it beforehand, with the memory for both; where that is
// more than there can ever be, photofit.ErrTooLarge, the rendition is made alone. So
// it is where it would come much later by way of the master's pixels.
func (r *Renderer) Both(ctx context.Context, photo io.ReaderAt, size int64, recipe photofit.Recipe, admit AdmitBoth) (Both, error) {
	h, err := r.header(photo, size)
	if err != nil {
		return Both{}, err
	}
	recipe = seen(recipe)
	first := newPlan(h, masterRecipe, 1)
	second, ok := planBeside(h, first, recipe)
	alone := func() (Both, error) {
		out, err := r.Render(ctx, photo, size, recipe, func(ctx context.Context, bytes int64) error { return admit(ctx, bytes, nil) })
		return Both{Output: out}, err
	}
	if w := weigh(h, size); !ok || !w.Whole || !w.Pays() {
		return alone()
	}
	format := choose(h, recipe)
	if err := errors.Join(r.check(h, first, photofit.JPEG, photofit.JPEG), r.check(h, second, recipe.Format, format)); err != nil {
		return Both{}, err
	}
	leave := first.memory(h, size, photofit.JPEG) + second.memory(h, 0, format) - baseMemory
	serves := func(other photofit.Recipe) bool {
		_, ok := planBeside(h, first, seen(other))
		return ok
	}
	if err := admit(ctx, leave, serves); errors.Is(err, photofit.ErrTooLarge) {
		return alone() // for which there may be memory enough
	} else if err != nil {
		return Both{}, err
	}
	r.leftovers.begin(leave)
	job := r.lib.NewJob()
	end := func() {
		job.Close()
		r.leftovers.end(leave)
	}
	master := work{job: job, buffers: &r.buffers, plan: first, header: h, recipe: masterRecipe, format: photofit.JPEG}
	wanted := work{job: job, buffers: &r.buffers, plan: second, header: h, recipe: recipe, format: format, about: about{h, size, r.Info}}
	out, pixels, err := r.both(ctx, photo, size, &master, &wanted)
	if err != nil {
		end()
		return Both{}, ended(ctx, err)
	}
	return Both{out, func(ctx context.Context) (Output, error) {
		defer end()
		if ctx.Err() != nil {
			return Output{}, context.Cause(ctx)
		}
		defer context.AfterFunc(ctx, job.Kill)()
		out, err := master.settled(pixels)
		out.Type = masterType(upright(h), out.Body)
		return out, ended(ctx, err)
	}}, nil
}

// planBeside is newPlan for a rendition that is made of the pixels of the photo's
// master, first, as they are before they are converted and turned. It is not ok where
// the master is too small, or the decoder by itself would be much quicker.
func planBeside(h probe.Header, first plan, r photofit.Recipe) (p plan, ok bool) {
	p = newPlan(h, r, 1)
	step := min(p.Part.W/float64(p.Scaled.W)*float64(first.Scaled.W)/float64(p.Stored.W), p.Part.H/float64(p.Scaled.H)*float64(first.Scaled.H)/float64(p.Stored.H))
	ok = step >= masterStep && (h.Type != probe.WebP || p.Scale > leastWebP)
	p.Shrink, p.Scale, p.Loaded, p.There = 1, 1, first.Scaled, true
	return p, ok
}

// both takes the photo to its master's size, and from there to the rendition. What
// it gives of the master is as it lies in the file, in the photo's own colours, as it costs
// less to convert and to turn the rendition by itself than to wait for the master.
func (r *Renderer) both(ctx context.Context, photo io.ReaderAt, size int64, master, wanted *work) (out Output, pixels *vips.Image, err error) {
	defer context.AfterFunc(ctx, master.job.Kill)()
	data, free, err := r.readAll(photo, size)
	if err != nil {
		return out, nil, err
	}
	defer free()
	if pixels, err = master.load(data); err != nil {
		return out, nil, err
	}
	if pixels, err = master.scaled(pixels); err != nil {
		return out, nil, err
	}
	if pixels, err = pixels.Copy(); err != nil {
		return out, nil, err
	}
	im, err := wanted.scaled(pixels)
	if err != nil {
		return out, nil, err
	}
	out, err = wanted.settled(im)
	return out, pixels, err
}
