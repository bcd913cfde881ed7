package vips

import (
	"maps"
	"strings"
)

// Rights is what a saved picture says of its owner: an EXIF block, with its
// "Exif\0\0" in front, and an XMP packet, either of them nil. They are all the
// metadata that a saved picture has, but for a colour profile.
type Rights struct {
	Exif, XMP []byte
}

// Describe gives an image whose metadata is the given rights and, if profile is
// true, the colour profile that it has now. Nothing else of what the photo
// carried is left: position, serial numbers, previews and maker notes go with
// the fields that hold them.
func (im *Image) Describe(rights Rights, profile bool) (*Image, error) {
	out, err := im.job.image("copy", Args{"in": im})
	if err != nil {
		return nil, err
	}
	for _, field := range out.fields() {
		switch field {
		case metaICC:
			if !profile {
				im.job.lib.c.imageRemove(out.ptr, field)
			}
		case metaPageHeight, metaPages, metaDelay, metaLoop:
		default:
			im.job.lib.c.imageRemove(out.ptr, field) // the ones that make up the image itself cannot go, and stay
		}
	}
	out.setBlob(metaExif, rights.Exif)
	out.setBlob(metaXMP, rights.XMP)
	return out, nil
}

// keep says what to write beside the pixels. Where there is no EXIF block libvips
// would make one of its own, of 180 bytes that say nothing.
func (im *Image) keep() int {
	keep := keepXMP | keepICC
	if im.has(metaExif) {
		keep |= keepExif
	}
	return keep
}

// Saver names an encoder.
type Saver string

// The encoders that libvips brings.
const (
	JPEGSaver Saver = "jpegsave_buffer"
	WebPSaver Saver = "webpsave_buffer"
	HEIFSaver Saver = "heifsave_buffer"
	PNGSaver  Saver = "pngsave_buffer"
)

// Save encodes by options that libvips documents for the saver. Photofit's own
// are those of the methods below; the bench tries others.
func (im *Image) Save(saver Saver, options Args) ([]byte, error) {
	args := Args{"in": im, "keep": im.keep()}
	maps.Copy(args, options)
	return im.job.blob(string(saver), args)
}

// SaveJPEG encodes 8-bit grey or RGB as a baseline JPEG with Huffman tables of
// its own, chroma at half size (4:2:0) unless full is asked for. Quality is 1
// to 100.
//
// It is quantised by one of mozjpeg's tables. A libvips that was built with
// another JPEG library has the standard's table only, takes it, and warns, which
// Open has silenced: its files are a twentieth larger at equal looks.
func (im *Image) SaveJPEG(quality int, fullChroma bool) ([]byte, error) {
	subsample := subsampleOn
	if fullChroma {
		subsample = subsampleOff
	}
	return im.Save(JPEGSaver, Args{"Q": quality, "optimize_coding": true, "quant_table": tableMSSIM, "subsample_mode": subsample})
}

// SaveProgressiveJPEG encodes as SaveJPEG does with full chroma, but to be refined
// scan by scan, which has to be decoded as a whole: the bench makes heavy photos
// by it.
func (im *Image) SaveProgressiveJPEG(quality int) ([]byte, error) {
	return im.Save(JPEGSaver, Args{"Q": quality, "optimize_coding": true, "interlace": true, "subsample_mode": subsampleOff})
}

// SaveWebP encodes a still picture or an animation, with alpha if it has it.
// Quality is 1 to 100, effort 0 to 6. At most 16,383 pixels each way.
func (im *Image) SaveWebP(quality, effort int) ([]byte, error) {
	return im.Save(WebPSaver, Args{"Q": quality, "effort": effort})
}

// SaveAVIF encodes 10 bits a sample, which take fewer bytes than 8 for the same
// looks though the image has no more than 8; chroma at half size, with alpha if
// it has it. Quality is 1 to 100, effort 0 to 9; above 1 it is too slow to serve
// by.
//
// A libvips whose encoder was built without 10 bits is told 8 from the first time
// on that it says so, which is before it reads a pixel.
func (im *Image) SaveAVIF(quality, effort int) ([]byte, error) {
	lib := im.job.lib
	save := func(bits int) ([]byte, error) {
		return im.Save(HEIFSaver, Args{"Q": quality, "effort": effort, "compression": heifAV1, "bitdepth": bits, "subsample_mode": subsampleOn})
	}
	if !lib.avif8.Load() {
		file, err := save(10)
		if err == nil || !strings.Contains(err.Error(), "colour depth not supported") {
			return file, err
		}
		lib.avif8.Store(true)
	}
	return save(8)
}

// SavePNG encodes without loss. Compression is 0 to 9.
func (im *Image) SavePNG(compression int) ([]byte, error) {
	return im.Save(PNGSaver, Args{"compression": compression, "filter": pngFilterAll})
}
