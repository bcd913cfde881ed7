package vips

import "unsafe"

// Loader names a decoder.
type Loader string

// The decoders that Open leaves unblocked.
const (
	LoadJPEG Loader = "jpegload_buffer"
	LoadPNG  Loader = "pngload_buffer"
	LoadWebP Loader = "webpload_buffer"
	LoadGIF  Loader = "gifload_buffer"
	LoadTIFF Loader = "tiffload_buffer"
	LoadHEIF Loader = "heifload_buffer"
)

// LoadOptions say how to decode.
type LoadOptions struct {
	Shrink int     // JPEG: decode to 1/Shrink of the size in each direction: 1, 2, 4 or 8; 0 is 1
	Scale  float64 // WebP: decode to this part of the size, in (0, 1]; 0 is 1
	Frames int     // GIF, WebP: more than 1 loads all there are, under each other; else the first
}

// Load opens an encoded picture for one pass from top to bottom: it can be
// saved or copied to memory once. A file that ends too early is an error when
// its pixels are asked for, never a grey half.
//
// The job reads buf until it is closed; the caller must not change it before.
func (j *Job) Load(loader Loader, buf []byte, o LoadOptions) (*Image, error) {
	args := Args{"buffer": buf, "access": accessSequential, "fail_on": failOnTruncated}
	switch loader {
	case LoadJPEG:
		args["shrink"] = max(1, o.Shrink)
	case LoadPNG:
		args["fail_on"] = failOnError // wrong checksums, which browsers refuse, too
	case LoadWebP:
		if o.Scale > 0 && o.Scale < 1 {
			args["scale"] = o.Scale
		}
	}
	if o.Frames > 1 && (loader == LoadWebP || loader == LoadGIF) {
		args["n"] = -1
	}
	return j.image(string(loader), args)
}

// FromPixels makes an image of 8-bit samples, bands interleaved, rows from top
// to bottom without padding. The bytes are copied.
func (j *Job) FromPixels(pixels []byte, width, height, bands int) (*Image, error) {
	im, err := j.fromMemory(j.lib.c.imageNewMemory, pixels, width, height, bands)
	if err != nil {
		return nil, err
	}
	space := SRGB
	if bands < 3 {
		space = BW
	}
	return im.copyAs(space)
}

// OverPixels makes an image as FromPixels does, but of the very bytes: the job
// reads them until it is closed, and the caller must not change them before. What
// the samples mean, the profile, and what makes frames of a strip are those of
// like.
func (j *Job) OverPixels(pixels []byte, width, height int, like *Image) (*Image, error) {
	im, err := j.fromMemory(j.lib.c.imageUseMemory, pixels, width, height, like.Bands())
	if err != nil {
		return nil, err
	}
	j.pin.Pin(&pixels[0])
	if im, err = im.copyAs(like.Interpretation()); err != nil {
		return nil, err
	}
	for _, field := range []string{metaICC, metaPageHeight, metaPages, metaDelay, metaLoop} {
		v := new(gvalue)
		if like.has(field) && j.lib.c.imageGet(like.ptr, field, v) == 0 {
			j.lib.c.imageSet(im.ptr, field, v)
			j.lib.c.valueUnset(v)
		}
	}
	return im, nil
}

func (j *Job) fromMemory(make func(unsafe.Pointer, uintptr, int32, int32, int32, int32) uintptr, pixels []byte, width, height, bands int) (*Image, error) {
	if len(pixels) == 0 || len(pixels) != width*height*bands {
		return nil, &Error{"new_from_memory", "the pixels do not fill the size"}
	}
	ptr := make(bytesPointer(pixels), uintptr(len(pixels)), int32(width), int32(height), int32(bands), int32(UChar))
	if ptr == 0 {
		return nil, &Error{"new_from_memory", j.lib.lastError()}
	}
	return j.adopt(ptr), nil
}
