package vips

import (
	"errors"
	"unsafe"
)

// Resize scales by Lanczos 3, after averaging whole blocks where the photo is
// more than twice too large. The result is the image's size times the factors,
// rounded to whole pixels.
func (im *Image) Resize(horizontal, vertical float64) (*Image, error) {
	return im.job.image("resize", Args{"in": im, "scale": horizontal, "vscale": vertical, "kernel": kernelLanczos3})
}

// Extract cuts out a window.
func (im *Image) Extract(left, top, width, height int) (*Image, error) {
	return im.job.image("extract_area", Args{"input": im, "left": left, "top": top, "width": width, "height": height})
}

// Rotate turns clockwise by 90, 180 or 270 degrees. The image must be one that
// can be read in any order: a memory copy, say.
func (im *Image) Rotate(degrees int) (*Image, error) {
	return im.job.image("rot", Args{"in": im, "angle": degrees / 90})
}

// Mirror swaps left and right.
func (im *Image) Mirror() (*Image, error) {
	return im.job.image("flip", Args{"in": im, "direction": directionAcross})
}

// Copy renders the image into memory. What comes after can read it in any order
// and more than once.
func (im *Image) Copy() (*Image, error) {
	ptr := im.job.lib.c.imageCopyMem(im.ptr)
	if ptr == 0 {
		return nil, &Error{"copy_memory", im.job.lib.lastError()}
	}
	return im.job.adopt(ptr), nil
}

func (im *Image) copyAs(space Interpretation) (*Image, error) {
	return im.job.image("copy", Args{"in": im, "interpretation": int(space)})
}

// Premultiply multiplies the colours by alpha, the last band; the samples
// become floats. Unpremultiply is its inverse. Between the two an image can be
// scaled without fringes.
func (im *Image) Premultiply() (*Image, error) {
	return im.job.image("premultiply", Args{"in": im})
}

// Unpremultiply divides the colours by alpha, the last band.
func (im *Image) Unpremultiply() (*Image, error) {
	return im.job.image("unpremultiply", Args{"in": im})
}

// Cast converts the samples, clipping those that do not fit.
func (im *Image) Cast(format Format) (*Image, error) {
	return im.job.image("cast", Args{"in": im, "format": int(format)})
}

// Colourspace converts from what the image says it is, without profiles.
func (im *Image) Colourspace(space Interpretation) (*Image, error) {
	return im.job.image("colourspace", Args{"in": im, "space": int(space)})
}

// Flatten lays the image on a background and drops alpha, the last band: only
// for an image that has it.
func (im *Image) Flatten(background ...float64) (*Image, error) {
	return im.job.image("flatten", Args{"in": im, "background": background})
}

// Band takes n bands out, from the first on.
func (im *Image) Band(first, n int) (*Image, error) {
	return im.job.image("extract_band", Args{"in": im, "band": first, "n": n})
}

// Min gives the smallest sample. It reads the whole image.
func (im *Image) Min() (float64, error) {
	return im.job.number("min", Args{"in": im})
}

// Profile names a colour space that libvips brings a profile for.
type Profile string

// The profiles that Photofit writes.
const (
	ProfileSRGB Profile = profileSRGB
	ProfileP3   Profile = profileDisplayP3 // Display P3, in 548 bytes
	profileCMYK Profile = "cmyk"
)

// Transform converts to 8 bits in a profile's space, from the embedded profile;
// where that is of no use for such pixels, from sRGB. The result carries the new
// profile.
func (im *Image) Transform(to Profile) (*Image, error) { return im.transform(to, ProfileSRGB) }

// TransformCMYK is Transform for inks, which are taken for a common press's
// where no profile is embedded.
func (im *Image) TransformCMYK(to Profile) (*Image, error) { return im.transform(to, profileCMYK) }

func (im *Image) transform(to, fallback Profile) (*Image, error) {
	return im.job.image("icc_transform", Args{"in": im, "output_profile": string(to), "input_profile": string(fallback),
		"embedded": true, "intent": intentRelative, "black_point_compensation": true, "depth": 8})
}

// WithProfile gives the image an embedded ICC profile in place of what it had.
func (im *Image) WithProfile(icc []byte) (*Image, error) {
	out, err := im.job.image("copy", Args{"in": im})
	if err != nil {
		return nil, err
	}
	out.setBlob(metaICC, icc)
	return out, nil
}

// Attention finds the point that draws most attention if a window of that size
// is to be cut out around it: skin, saturated colours, edges. It reads the whole
// image, which must be one that can be read in any order.
func (im *Image) Attention(width, height int) (x, y int, err error) {
	j := im.job
	args := Args{"input": im, "width": width, "height": height, "interesting": attention}
	err = j.run("smartcrop", args, func(op uintptr) error {
		return errors.Join(
			j.get(op, "attention-x", gInt, func(v *gvalue) { x = int(j.lib.c.valueGetInt(v)) }),
			j.get(op, "attention-y", gInt, func(v *gvalue) { y = int(j.lib.c.valueGetInt(v)) }))
	})
	return x, y, err
}

// Stack puts images of one size under each other.
func (j *Job) Stack(images []*Image) (*Image, error) {
	return j.image("arrayjoin", Args{"in": images, "across": 1})
}

// Pixels renders the image and gives its samples: bands interleaved, rows from
// top to bottom without padding, in the image's own format.
func (im *Image) Pixels() ([]byte, error) {
	c := &im.job.lib.c
	size := new(uintptr)
	data := c.imageToMemory(im.ptr, size)
	if data == nil {
		return nil, &Error{"write_to_memory", im.job.lib.lastError()}
	}
	defer c.free(data)
	return append(make([]byte, 0, *size), unsafe.Slice((*byte)(data), *size)...), nil
}

func bytesPointer(b []byte) unsafe.Pointer { return unsafe.Pointer(&b[0]) }
