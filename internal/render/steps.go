package render

import (
	"fmt"

	"photofit"
	"photofit/internal/probe"
	"photofit/internal/scale"
	"photofit/internal/vips"
)

// work is one render under way.
type work struct {
	job    *vips.Job
	plan   plan
	header probe.Header
	recipe photofit.Recipe
	format photofit.Format
	focus  *window // where smart looked, for all frames of a film
	wide   bool    // the pixels are in Display P3, and carry its profile

	intact  func(source []byte) bool // tells of damage to what is loaded; nil: nobody knows
	about   about                    // of what photo, if the format is InfoJSON
	buffers *buffers                 // what scaled pictures lie in
}

var loaders = map[probe.Type]vips.Loader{
	probe.JPEG: vips.LoadJPEG,
	probe.PNG:  vips.LoadPNG,
	probe.WebP: vips.LoadWebP,
	probe.GIF:  vips.LoadGIF,
	probe.TIFF: vips.LoadTIFF,
	probe.AVIF: vips.LoadHEIF,
}

// execute carries out the plan on a photo's bytes.
func (w *work) execute(source []byte) (Output, error) {
	im, err := w.load(source)
	if err != nil {
		return Output{}, err
	}
	if w.plan.Frames > 1 {
		if im, err = w.film(im); err != nil {
			return Output{}, err
		}
		return w.encode(im)
	}
	if im, err = w.scaled(im); err != nil {
		return Output{}, err
	}
	return w.settled(im)
}

// load decodes a photo's bytes.
func (w *work) load(source []byte) (*vips.Image, error) {
	if w.intact != nil && !w.intact(source) {
		return nil, fault(photofit.ErrDamaged, "photo-damaged", nil, "The master is damaged: its bytes are not those that were kept.")
	}
	if w.header.Type == probe.GIF && w.plan.Frames > 1 && !gifWhole(source) {
		return nil, &vips.Error{Op: "gifload", Text: "the file ends within a frame"}
	}
	options := vips.LoadOptions{Shrink: w.plan.Shrink, Scale: w.plan.Scale, Frames: w.plan.Frames}
	return w.job.Load(loaders[w.header.Type], source, options)
}

// settled makes a rendition of a picture that is scaled.
func (w *work) settled(im *vips.Image) (Output, error) {
	im, err := w.settle(im)
	if err != nil {
		return Output{}, err
	}
	return w.encode(im)
}

// encode makes a rendition of final pixels.
func (w *work) encode(im *vips.Image) (Output, error) {
	if w.format == photofit.InfoJSON {
		return w.info(im)
	}
	body, err := w.save(im)
	if err != nil {
		return Output{}, err
	}
	return Output{Body: body, Type: w.format.MediaType(), Width: w.plan.Out.W, Height: w.plan.Out.H}, nil
}

// scaled takes a loaded picture, or one frame, to the planned size.
func (w *work) scaled(im *vips.Image) (*vips.Image, error) {
	return through(im, w.bands, w.cut, w.resize)
}

// settle takes what is scaled to its final pixels.
func (w *work) settle(im *vips.Image) (*vips.Image, error) {
	im, err := through(im, w.colour, w.turn, w.smart, w.alpha)
	if err != nil {
		return nil, err
	}
	if im.Width() != w.plan.Out.W || im.Height() != w.plan.Out.H {
		return nil, &vips.Error{Op: "render", Text: fmt.Sprintf("made %d × %d where %d × %d was planned: the header does not tell the truth",
			im.Width(), im.Height(), w.plan.Out.W, w.plan.Out.H)}
	}
	return im, nil
}

// through takes a picture through steps.
func through(im *vips.Image, steps ...func(*vips.Image) (*vips.Image, error)) (*vips.Image, error) {
	var err error
	for _, step := range steps {
		if im, err = step(im); err != nil {
			return nil, err
		}
	}
	return im, nil
}

// bands drops channels beyond colours and alpha, which some TIFFs have.
func (w *work) bands(im *vips.Image) (*vips.Image, error) {
	most := 4
	if im.Interpretation() == vips.CMYK {
		most = 5
	}
	if im.Bands() > most {
		return im.Band(0, most-1)
	}
	return im, nil
}

// cut takes the wanted window out of what was loaded. A decoder may round the
// size up or down where the plan did not; more than that is another picture
// than the header told of.
func (w *work) cut(im *vips.Image) (*vips.Image, error) {
	loaded := size{im.Width(), im.Height()}
	if far(loaded.W, w.plan.Loaded.W) || far(loaded.H, w.plan.Loaded.H) {
		return nil, &vips.Error{Op: "load", Text: fmt.Sprintf("decodes to %d × %d where the header said %d × %d",
			loaded.W, loaded.H, w.plan.Loaded.W, w.plan.Loaded.H)}
	}
	win := w.plan.window(loaded)
	if win == (window{0, 0, loaded.W, loaded.H}) {
		return im, nil
	}
	return im.Extract(win.X, win.Y, win.W, win.H)
}

func far(a, b int) bool { return a < b-1 || a > b+1 }

// resize scales to the planned size, colours weighed by alpha so that what is
// transparent leaves no fringe: in linear light by package scale or, where samples
// have 16 bits, by libvips, which takes its time. Inks, and 16 bits with alpha,
// are few, and averaged as they are.
func (w *work) resize(im *vips.Image) (*vips.Image, error) {
	to := w.plan.Scaled
	if im.Width() == to.W && im.Height() == to.H {
		return im, nil
	}
	if space := im.Interpretation(); im.Format() == vips.UChar && (space == vips.SRGB || space == vips.BW) {
		return w.scale(im, to)
	}
	h, v := float64(to.W)/float64(im.Width()), float64(to.H)/float64(im.Height())
	if space := im.Interpretation(); space == vips.RGB16 && im.Bands() == 3 || space == vips.Grey16 && im.Bands() == 1 {
		light, err := im.Colourspace(vips.ScRGB)
		if err == nil {
			light, err = light.Resize(h, v)
		}
		if err != nil {
			return nil, err
		}
		return light.Colourspace(space)
	}
	if !hasAlpha(im) {
		return im.Resize(h, v)
	}
	format := im.Format()
	im, err := im.Premultiply()
	if err != nil {
		return nil, err
	}
	if im, err = im.Resize(h, v); err != nil {
		return nil, err
	}
	if im, err = im.Unpremultiply(); err != nil {
		return nil, err
	}
	return im.Cast(format)
}

// scale reads the image from top to bottom and makes it that size.
func (w *work) scale(im *vips.Image, to size) (*vips.Image, error) {
	bands := im.Bands()
	pixels, free, err := w.buffers.get(to.pixels() * int64(bands))
	if err != nil {
		return nil, err
	}
	w.job.OnClose(free)
	s := scale.New(scale.Size{Width: im.Width(), Height: im.Height(), Bands: bands}, to.W, to.H, pixels)
	defer s.Close()
	if err := im.Strips(s.Rows); err != nil {
		return nil, err
	}
	return w.job.OverPixels(pixels, to.W, to.H, im)
}

func hasAlpha(im *vips.Image) bool {
	switch im.Bands() {
	case 2:
		return true
	case 4:
		return im.Interpretation() != vips.CMYK
	case 5:
		return im.Interpretation() == vips.CMYK
	}
	return false
}

// turn brings the picture upright. Up to here it could be read only once, from
// top to bottom.
func (w *work) turn(im *vips.Image) (*vips.Image, error) {
	t := w.plan.Turn
	if t == (turn{}) {
		return im, nil
	}
	im, err := im.Copy()
	if err == nil && t.Mirror {
		im, err = im.Mirror()
	}
	if err == nil && t.Degrees != 0 {
		im, err = im.Rotate(t.Degrees)
	}
	return im, err
}

// smart looks for the window that matters most: in a film on the first frame,
// since a window that jumps about would be worse than any.
func (w *work) smart(im *vips.Image) (*vips.Image, error) {
	want := w.plan.Smart
	if want == (size{}) || im.Width() == want.W && im.Height() == want.H {
		return im, nil
	}
	im, err := im.Copy()
	if err != nil {
		return nil, err
	}
	if w.focus == nil {
		x, y, err := im.Attention(want.W, want.H)
		if err != nil {
			return nil, err
		}
		w.focus = &window{
			X: min(max(x-want.W/2, 0), im.Width()-want.W),
			Y: min(max(y-want.H/2, 0), im.Height()-want.H),
			W: want.W, H: want.H,
		}
	}
	return im.Extract(w.focus.X, w.focus.Y, w.focus.W, w.focus.H)
}

// alpha settles transparency. Where the format has none, the picture is laid on
// white. Where PNG was chosen only because of it, and nothing is transparent,
// the rendition becomes a JPEG.
func (w *work) alpha(im *vips.Image) (*vips.Image, error) {
	if w.recipe.Format == photofit.Auto && w.format == photofit.PNG && w.plan.Out.within(maxSide(photofit.JPEG)) {
		var clear bool
		var err error
		if im, clear, err = transparent(im); err != nil {
			return nil, err
		}
		if !clear {
			w.format = photofit.JPEG
		}
	}
	if !hasAlpha(im) {
		return im, nil
	}
	if !opaque(w.format) {
		return im, nil
	}
	if im.Bands() == 2 {
		return im.Flatten(255)
	}
	return im.Flatten(255, 255, 255)
}

// transparent tells whether anything is, and gives the picture in a form that
// can still be read.
func transparent(im *vips.Image) (*vips.Image, bool, error) {
	if !hasAlpha(im) {
		return im, false, nil
	}
	im, err := im.Copy()
	if err != nil {
		return nil, false, err
	}
	band, err := im.Band(im.Bands()-1, 1)
	if err != nil {
		return nil, false, err
	}
	least, err := band.Min()
	return im, least < 255, err
}

// save describes and encodes the picture.
func (w *work) save(im *vips.Image) ([]byte, error) {
	rights := vips.Rights{Exif: w.header.Rights.EXIF(), XMP: w.header.Rights.XMP()}
	packet := rights.XMP
	if w.format == photofit.PNG {
		rights.XMP = nil
	}
	im, err := im.Describe(rights, w.wide)
	if err != nil {
		return nil, err
	}
	if w.plan.Frames > 1 {
		im.SetPageHeight(w.plan.Out.H)
	}
	q := quality(w.recipe, w.format, w.plan.Out)
	switch w.format {
	case photofit.JPEG:
		return im.SaveJPEG(q, fullChroma(q))
	case photofit.WebP:
		return im.SaveWebP(q, webpEffort)
	case photofit.AVIF:
		return im.SaveAVIF(q, avifEffort)
	case photofit.PNG:
		png, err := im.SavePNG(pngCompression)
		return addXMP(png, packet), err
	}
	return nil, fmt.Errorf("render: no encoder for %s", w.format)
}
