package render

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"

	"photofit"
	"photofit/internal/probe"
	"photofit/internal/vips"
)

// A master is a smaller picture of a photo that has lost next to nothing: an
// upright JPEG, in sRGB or Display P3, with the owner's rights. It is stored, and
// renditions that are small enough are made from it, in a fraction of the time.
// CONTRIBUTING has the figures behind these values.
const (
	masterSide    = 2560 // its longer side, in pixels
	masterQuality = 92   // of the encoder; colours at full size
	masterStep    = 1.3  // how many times larger than a rendition it must be
)

// ErrUnserved says that a master is too small for a recipe: only the photo itself
// will do.
var ErrUnserved = errors.New("the master is too small for this rendition")

// masterRecipe is a master as a rendition.
var masterRecipe = photofit.Recipe{Photo: "-", Width: masterSide, Height: masterSide, Fit: photofit.Clip, Quality: masterQuality, Format: photofit.JPEG}

// masterType is the media type of the master of a photo that has that size
// upright. The size goes with it, as a rendition from the master must be as large
// as one from the photo.
func masterType(of size) string {
	return fmt.Sprintf("image/jpeg; photo=%dx%d", of.W, of.H)
}

// masterOf reads what masterType writes.
func masterOf(kind string) (of size, err error) {
	media, params, err := mime.ParseMediaType(kind)
	if err == nil && media == "image/jpeg" {
		_, err = fmt.Sscanf(params["photo"], "%dx%d", &of.W, &of.H)
	}
	if err != nil || of.W < 1 || of.H < 1 || masterType(of) != kind {
		return size{}, fmt.Errorf("render: %q is not the type of a master", kind)
	}
	return of, nil
}

// Master makes the master of the photo of size bytes, for which it has to pay
// (Weigh). Errors are as those of Render.
func (r *Renderer) Master(ctx context.Context, photo io.ReaderAt, size int64, admit Admit) (Output, error) {
	h, err := r.header(photo, size)
	if err != nil {
		return Output{}, err
	}
	p := newPlan(h, masterRecipe, 1)
	if err := r.check(h, p, photofit.JPEG, photofit.JPEG); err != nil {
		return Output{}, err
	}
	out, err := r.carryOut(ctx, photo, size, work{plan: p, header: h, recipe: masterRecipe, format: photofit.JPEG}, admit)
	out.Type = masterType(upright(h))
	return out, err
}

// FromMaster makes recipe r of a photo from its master of size bytes, which has
// the given type. ErrUnserved is what the photo itself is needed for; other errors
// are as those of Render.
func (r *Renderer) FromMaster(ctx context.Context, master io.ReaderAt, size int64, kind string, recipe photofit.Recipe, admit Admit) (Output, error) {
	if recipe.Format == photofit.InfoJSON {
		return Output{}, ErrUnserved // see InfoFromMaster
	}
	return r.fromMaster(ctx, master, size, kind, recipe, about{}, admit)
}

// fromMaster is FromMaster, and InfoFromMaster for a photo that is known.
func (r *Renderer) fromMaster(ctx context.Context, master io.ReaderAt, size int64, kind string, recipe photofit.Recipe, photo about, admit Admit) (Output, error) {
	of, err := masterOf(kind)
	if err != nil {
		return Output{}, err
	}
	h, err := r.header(master, size)
	if err != nil {
		return Output{}, err
	}
	p, ok := planFromMaster(h, of, recipe)
	if !ok {
		return Output{}, ErrUnserved
	}
	format := choose(h, recipe)
	if err := r.check(h, p, recipe.Format, format); err != nil {
		return Output{}, err
	}
	return r.carryOut(ctx, master, size, work{plan: p, header: h, recipe: recipe, format: format, about: photo}, admit)
}

// planFromMaster is newPlan for a photo of which only the upright size and the
// header of its master are known. It is not ok where the master is too small.
func planFromMaster(master probe.Header, of size, r photofit.Recipe) (p plan, ok bool) {
	p = newPlan(probe.Header{Type: probe.JPEG, Width: of.W, Height: of.H, Orientation: 1}, r, 1)
	there := size{master.Width, master.Height}
	step := min(p.Part.W/float64(p.Scaled.W)*float64(there.W)/float64(of.W), p.Part.H/float64(p.Scaled.H)*float64(there.H)/float64(of.H))
	p.Shrink = shrinkOnLoad(step, masterHeadroom)
	p.Loaded = size{ceilDiv(there.W, p.Shrink), ceilDiv(there.H, p.Shrink)}
	return p, step >= masterStep
}

// upright is the photo's size as a viewer sees it.
func upright(h probe.Header) size {
	w, height := h.Size()
	return size{w, height}
}

// A Both makes a rendition and, of the same decoded photo, the master. See
// Renderer.Both.
type Both struct {
	Output
	// Master gives the master, after the rendition; nil where none is made on the
	// way. It is called once, with a ctx that has ended if nobody wants it, and
	// only then is all memory given back.
	Master func(ctx context.Context) (Output, error)
}

// Both is Render for whoever keeps masters. Where the photo has to be decoded as a
// whole, whatever is made of it, and a master pays, that is decoded once for the
// two of them: the rendition comes first, its bytes can be sent, and Master is
// called then. admit learns of it beforehand, with the memory for both.
func (r *Renderer) Both(ctx context.Context, photo io.ReaderAt, size int64, recipe photofit.Recipe, admit func(ctx context.Context, bytes int64, master bool) error) (Both, error) {
	h, err := r.header(photo, size)
	if err != nil {
		return Both{}, err
	}
	recipe = seen(recipe)
	first := newPlan(h, masterRecipe, 1)
	header := masterHeader(h, first)
	second, ok := planFromMaster(header, upright(h), recipe)
	second.Shrink, second.Loaded = 1, first.Out // its pixels are there, and need no decoder
	if w := weigh(h, size); !ok || !w.Whole || !w.Pays() {
		out, err := r.Render(ctx, photo, size, recipe, func(ctx context.Context, bytes int64) error { return admit(ctx, bytes, false) })
		return Both{Output: out}, err
	}
	format := choose(h, recipe)
	if err := errors.Join(r.check(h, first, photofit.JPEG, photofit.JPEG), r.check(h, second, recipe.Format, format)); err != nil {
		return Both{}, err
	}
	leave := first.memory(h, size, photofit.JPEG) + second.memory(header, 0, format) - baseMemory
	if err := admit(ctx, leave, true); err != nil {
		return Both{}, err
	}
	r.leftovers.begin(leave)
	job := r.lib.NewJob()
	end := func() {
		job.Close()
		r.leftovers.end(leave)
	}
	master := work{job: job, buffers: &r.buffers, plan: first, header: h, recipe: masterRecipe, format: photofit.JPEG}
	wanted := work{job: job, buffers: &r.buffers, plan: second, header: header, recipe: recipe, format: format, about: about{h, size, r.Info}}
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
		body, err := master.save(pixels)
		return Output{Body: body, Type: masterType(upright(h)), Width: first.Out.W, Height: first.Out.H}, ended(ctx, err)
	}}, nil
}

// both takes the photo to its master's pixels, and these to the rendition.
func (r *Renderer) both(ctx context.Context, photo io.ReaderAt, size int64, master, wanted *work) (out Output, pixels *vips.Image, err error) {
	defer context.AfterFunc(ctx, master.job.Kill)()
	data, free, err := r.readAll(photo, size)
	if err != nil {
		return out, nil, err
	}
	defer free()
	if pixels, err = master.pixels(data); err != nil {
		return out, nil, err
	}
	if pixels, err = pixels.Describe(vips.Rights{}, master.wide); err != nil {
		return out, nil, err
	}
	if pixels, err = pixels.Copy(); err != nil {
		return out, nil, err
	}
	if !master.wide {
		wanted.header.Colour = probe.Colour{}
	}
	im, err := wanted.still(pixels)
	if err != nil {
		return out, nil, err
	}
	out, err = wanted.encode(im)
	return out, pixels, err
}

// masterHeader is what a photo's master will say of itself.
func masterHeader(photo probe.Header, p plan) probe.Header {
	return probe.Header{Type: probe.JPEG, Width: p.Out.W, Height: p.Out.H, Orientation: 1, Channels: min(photo.Channels, 3), Depth: 8, Frames: 1,
		Colour: photo.Colour, Rights: photo.Rights}
}
