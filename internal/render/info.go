package render

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"io"
	"time"

	"photofit"
	"photofit/internal/probe"
	"photofit/internal/thumbhash"
	"photofit/internal/vips"
)

// InfoConfig is what an _info.json tells beyond what the photo says. The zero
// value tells all, and the default ladder.
type InfoConfig struct {
	Policy photofit.Policy // whose widths pages offer
	Basic  bool            // leave out what the owner and the camera wrote: taken, caption, creator, copyright
}

// Type is the media type of infos that are made under this config. Its parameter
// stands for the ladder and for what is told, so that one which was kept under
// others can be told from one that would be made now.
func (c InfoConfig) Type() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%v %d", c.Basic, c.Policy.WidthsFor(0)))
	return photofit.InfoJSON.MediaType() + "; made=" + hex.EncodeToString(sum[:4])
}

// Caption is what an info under this config tells of that photo's caption.
func (c InfoConfig) Caption(h probe.Header) string {
	if c.Basic {
		return ""
	}
	return said(h.Caption)
}

// infoRecipe is the picture from which the colours of an info are taken.
var infoRecipe = photofit.Recipe{Photo: "-", Width: thumbhash.MaxSide, Height: thumbhash.MaxSide, Fit: photofit.Clip, Format: photofit.InfoJSON}

// seen is the recipe for the pixels that r needs.
func seen(r photofit.Recipe) photofit.Recipe {
	if r.Format == photofit.InfoJSON {
		return infoRecipe
	}
	return r
}

// about is a photo that an info tells of.
type about struct {
	header probe.Header
	bytes  int64
	config InfoConfig
}

// InfoFromMaster makes the info of a photo of photoSize bytes. Only its header is
// read: the colours come from its master of size bytes, which has the given type.
// Errors are as those of FromMaster.
func (r *Renderer) InfoFromMaster(ctx context.Context, photo io.ReaderAt, photoSize int64, master io.ReaderAt, size int64, kind string, admit Admit) (Output, error) {
	of, err := r.header(photo, photoSize)
	if err != nil {
		return Output{}, err
	}
	return r.fromMaster(ctx, master, size, kind, infoRecipe, about{of, photoSize, r.Info}, admit)
}

// info makes the JSON of an Info, of the photo and its small picture.
func (w *work) info(im *vips.Image) (Output, error) {
	pixels, err := im.Pixels()
	if err != nil {
		return Output{}, err
	}
	img := nrgba(pixels, im.Width(), im.Height(), im.Bands())
	if img == nil {
		return Output{}, &vips.Error{Op: "info", Text: "the samples are not of 8 bits"}
	}
	body, err := infoJSON(w.about, img)
	return Output{Body: body, Type: w.about.config.Type(), Width: w.plan.Out.W, Height: w.plan.Out.H}, err
}

// infoJSON is what is known of a photo that looks like img.
func infoJSON(of about, img *image.NRGBA) ([]byte, error) {
	h := of.header
	width, height := h.Size()
	info := photofit.Info{
		Width:     width,
		Height:    height,
		Bytes:     of.bytes,
		Type:      mediaTypes[h.Type],
		Color:     dominant(img).String(),
		ThumbHash: base64.StdEncoding.EncodeToString(thumbhash.Encode(img)),
		HDR:       h.GainMap || h.Colour.HDR(),
		Animated:  h.Animated,
		Widths:    of.config.Policy.WidthsFor(width),
		Caption:   of.config.Caption(h),
	}
	if !of.config.Basic {
		info.Taken = taken(h)
		info.Creator, info.Copyright = said(h.Rights.Creator), said(h.Rights.Copyright)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // it is no HTML, and "&" stays readable
	err := e.Encode(info)
	return b.Bytes(), err
}

// said is a text, but for what programs write where they have none.
func said(s string) string {
	if s == "null" || s == "(null)" {
		return ""
	}
	return s
}

// taken is Info.Taken.
func taken(h probe.Header) string {
	switch {
	case h.Taken.IsZero():
		return ""
	case h.TakenZoned:
		return h.Taken.Format(time.RFC3339)
	}
	return h.Taken.Format("2006-01-02T15:04:05")
}

var mediaTypes = map[probe.Type]string{
	probe.JPEG: "image/jpeg",
	probe.PNG:  "image/png",
	probe.GIF:  "image/gif",
	probe.WebP: "image/webp",
	probe.AVIF: "image/avif",
	probe.TIFF: "image/tiff",
}

// nrgba is a picture of interleaved 8-bit samples: grey or RGB, with alpha or
// without. nil if there are not as many as that takes.
func nrgba(pixels []byte, w, h, bands int) *image.NRGBA {
	if bands < 1 || bands > 4 || len(pixels) != w*h*bands {
		return nil
	}
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		p, q := pixels[i*bands:(i+1)*bands], img.Pix[4*i:4*i+4]
		q[0], q[1], q[2], q[3] = p[0], p[0], p[0], 255
		if bands >= 3 {
			copy(q, p[:3])
		}
		if bands == 2 || bands == 4 {
			q[3] = p[bands-1]
		}
	}
	return img
}
