// Package render makes a rendition of a photo: bytes and a recipe in, bytes
// out.
//
// The way is one line. The photo's header is read in Go (package probe), which
// decides whether it is a picture, whether it is too large, and what type the
// rendition will have. newPlan turns header and recipe into numbers: how far the
// decoder can shrink it, which window is wanted, how it is turned. From the
// plan follows the memory that it will take, and that is asked for (Admit)
// before a pixel is decoded. Only then is the photo read, and the plan executed
// by libvips: load, cut, resize, colour, turn, describe, save.
package render

import (
	"context"
	"errors"
	"fmt"
	"io"

	"photofit"
	"photofit/internal/probe"
	"photofit/internal/vips"
)

// Renderer makes renditions with one libvips. It is safe for concurrent use;
// how many renders are under way at a time is for Admit to say.
type Renderer struct {
	// Info is for what is known of a photo (photofit.InfoJSON). It may be set after
	// New, before the first render.
	Info InfoConfig

	lib       *vips.Library
	limits    Limits
	buffers   buffers
	leftovers leftovers
}

// Limits are what a photo may be. Zero values are the defaults.
type Limits struct {
	MaxPixels int64 // width × height × frames; default 160 million, which admits a 150-megapixel camera's 14204 × 10652
	MaxBytes  int64 // default 512 MiB
}

// Default limits.
const (
	DefaultMaxPixels = 160_000_000
	DefaultMaxBytes  = 512 << 20
)

// New makes a renderer.
func New(lib *vips.Library, limits Limits) *Renderer {
	if limits.MaxPixels <= 0 {
		limits.MaxPixels = DefaultMaxPixels
	}
	if limits.MaxBytes <= 0 {
		limits.MaxBytes = DefaultMaxBytes
	}
	r := &Renderer{lib: lib, limits: limits}
	r.leftovers = leftovers{resident: resident, release: func() {
		r.buffers.drop()
		lib.Trim()
	}}
	return r
}

// Admit asks for leave to use that much memory, in bytes, and waits until there
// is room. The leave is given back by whoever called Render, when it returns.
type Admit func(ctx context.Context, bytes int64) error

// Output is a rendition. The bytes are the receiver's.
type Output struct {
	Body          []byte
	Type          string // media type: "image/avif"
	Width, Height int    // in pixels; of one frame
}

// Render makes recipe r of the photo of size bytes.
//
// Errors that are the photo's fault or the recipe's are *photofit.Fault of the
// kinds ErrTooLarge, ErrNotPicture, ErrDamaged and ErrUnfit; those of photo and
// admit come back as they are. When ctx ends, libvips is asked to stop; Render
// returns when it has.
func (r *Renderer) Render(ctx context.Context, photo io.ReaderAt, size int64, recipe photofit.Recipe, admit Admit) (Output, error) {
	h, err := r.header(photo, size)
	if err != nil {
		return Output{}, err
	}
	recipe = seen(recipe)
	format := choose(h, recipe)
	p := newPlan(h, recipe, framesFor(h, format))
	if err := r.check(h, p, recipe.Format, format); err != nil {
		return Output{}, err
	}
	return r.carryOut(ctx, photo, size, work{plan: p, header: h, recipe: recipe, format: format, about: about{h, size, r.Info}}, admit)
}

// header reads what the photo says of itself, and refuses what is not taken.
func (r *Renderer) header(photo io.ReaderAt, size int64) (probe.Header, error) {
	if size > r.limits.MaxBytes {
		return probe.Header{}, fault(photofit.ErrTooLarge, "photo-bytes", nil,
			"The photo has %d bytes, the limit is %d: raise it with --max-bytes %d or more.", size, r.limits.MaxBytes, size)
	}
	h, err := probe.Read(photo, size)
	if err == nil && h.Colour.Space == probe.SpaceLab && h.Depth <= 8 {
		err = fmt.Errorf("%w: CIE L*a*b* of 8 bits, which libvips does not load", probe.ErrUnsupported)
	}
	if err != nil {
		return probe.Header{}, headerError(err)
	}
	return h, nil
}

// carryOut reads the source, and does the work, when there is leave for it.
func (r *Renderer) carryOut(ctx context.Context, source io.ReaderAt, size int64, w work, admit Admit) (Output, error) {
	leave := w.plan.memory(w.header, size, w.format)
	if err := admit(ctx, leave); err != nil {
		return Output{}, err
	}
	r.leftovers.begin(leave)
	defer r.leftovers.end(leave)
	data, free, err := r.readAll(source, size)
	if err != nil {
		return Output{}, err
	}
	defer free()

	w.job, w.buffers = r.lib.NewJob(), &r.buffers
	defer w.job.Close()
	defer context.AfterFunc(ctx, w.job.Kill)()
	out, err := w.execute(data)
	return out, ended(ctx, err)
}

// ended is what an error of libvips is to be told as: why ctx has ended, if that
// is what stopped it, else that the photo is damaged.
func ended(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return pixelError(err)
}

// check holds the photo against the limits, and the rendition against its
// type's.
func (r *Renderer) check(h probe.Header, p plan, asked, format photofit.Format) error {
	if pixels := h.Pixels() * int64(p.Frames); pixels > r.limits.MaxPixels {
		return fault(photofit.ErrTooLarge, "photo-pixels", nil,
			"The photo has %d million pixels, the limit is %d: raise it with --max-pixels %d or more.",
			ceilDiv64(pixels, 1e6), r.limits.MaxPixels/1e6, ceilDiv64(pixels, 1e6))
	}
	if p.Frames > 1 && h.FramesCut {
		return fault(photofit.ErrTooLarge, "photo-frames", nil,
			"The animation has more than %d frames: cut it into shorter ones, or ask for fm=jpg, which shows the first.", h.Frames)
	}
	if most := maxSide(format); !p.Out.within(most) {
		return fault(photofit.ErrUnfit, "type-limit", nil,
			"%s ends at %d pixels, and this would be %d × %d: ask for a smaller size, or leave fm out.", format, most, p.Out.W, p.Out.H)
	}
	return nil
}

func headerError(err error) error {
	switch {
	case errors.Is(err, probe.ErrUnsupported):
		return fault(photofit.ErrNotPicture, "photo-type", err,
			"This kind of picture is not taken: save it as JPEG, PNG, WebP, AVIF, TIFF or GIF.")
	case errors.Is(err, probe.ErrUnknown):
		return fault(photofit.ErrNotPicture, "not-a-picture", err,
			"This file is not a picture that Photofit knows: JPEG, PNG, WebP, AVIF, TIFF or GIF.")
	case errors.Is(err, probe.ErrDamaged):
		return damaged(err)
	}
	return err // reading failed
}

func pixelError(err error) error {
	var e *vips.Error
	if errors.As(err, &e) {
		return damaged(err)
	}
	return err
}

func damaged(cause error) error {
	return fault(photofit.ErrDamaged, "photo-damaged", cause, "The photo is damaged or cut short: upload it again.")
}

func fault(kind error, code string, cause error, format string, args ...any) error {
	return &photofit.Fault{Kind: kind, Code: code, Text: fmt.Sprintf(format, args...), Cause: cause}
}

var errShort = fmt.Errorf("the photo changed while it was read: %w", io.ErrUnexpectedEOF)

func (r *Renderer) readAll(photo io.ReaderAt, size int64) (data []byte, free func(), err error) {
	data, free, err = r.buffers.get(size)
	if err != nil {
		return nil, nil, err
	}
	if _, err = io.ReadFull(io.NewSectionReader(photo, 0, size), data); err != nil {
		free()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errShort
		}
		return nil, nil, err
	}
	return data, free, nil
}

func ceilDiv64(a, b int64) int64 { return (a + b - 1) / b }
