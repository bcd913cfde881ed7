package render

import (
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"mime"

	"photofit"
	"photofit/internal/probe"
)

// A master is a smaller picture of a photo that has lost next to nothing: an
// upright JPEG, in sRGB or Display P3, with the owner's rights. It is stored, and
// renditions that are small enough are made from it, in a fraction of the time.
// CONTRIBUTING has the figures behind these values.
const (
	masterSide    = 2560 // its longer side, in pixels
	masterQuality = 90   // of the encoder; colours at full size
	masterStep    = 1.3  // how many times larger than a rendition it must be
)

// ErrUnserved says that a master is too small for a recipe: only the photo itself
// will do.
var ErrUnserved = errors.New("the master is too small for this rendition")

// masterRecipe is a master as a rendition.
var masterRecipe = photofit.Recipe{Photo: "-", Width: masterSide, Height: masterSide, Fit: photofit.Clip, Quality: masterQuality, Format: photofit.JPEG}

// masterType is the media type of a master, body, of a photo that has that size
// upright. The size goes with it, as a rendition from the master must be as large as
// one from the photo, and a checksum, as damage to a master would show in all that is
// made of it, and nobody would see where it comes from.
func masterType(of size, body []byte) string {
	return fmt.Sprintf("image/jpeg; photo=%dx%d; crc32c=%08x", of.W, of.H, checksum(body))
}

// masterOf reads what masterType writes.
func masterOf(kind string) (of size, sum uint32, err error) {
	media, params, err := mime.ParseMediaType(kind)
	if err == nil && media == "image/jpeg" {
		if _, err = fmt.Sscanf(params["photo"], "%dx%d", &of.W, &of.H); err == nil {
			_, err = fmt.Sscanf(params["crc32c"], "%x", &sum)
		}
	}
	if err != nil || of.W < 1 || of.H < 1 || kind != fmt.Sprintf("image/jpeg; photo=%dx%d; crc32c=%08x", of.W, of.H, sum) {
		return size{}, 0, fmt.Errorf("render: %q is not the type of a master", kind)
	}
	return of, sum, nil
}

// checksum is CRC-32C (RFC 3720, 12.1), which processors compute at some 10 GB/s.
func checksum(body []byte) uint32 { return crc32.Checksum(body, castagnoli) }

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

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
	out.Type = masterType(upright(h), out.Body)
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
	of, sum, err := masterOf(kind)
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
	intact := func(body []byte) bool { return checksum(body) == sum }
	return r.carryOut(ctx, master, size, work{plan: p, header: h, recipe: recipe, format: format, about: photo, intact: intact}, admit)
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
