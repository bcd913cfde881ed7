package main

import (
	"maps"

	"photofit/internal/vips"
)

// setting is an encoder, told how to encode.
type setting struct {
	name   string
	format string // jpg, webp or avif
	encode func(im *vips.Image, quality int) ([]byte, error)

	peer  int  // the one quality of a peer's default; 0: tried at several
	own   bool // what photofit serves by
	heavy bool // it takes seconds for a large picture: only up to 800 pixels
}

// qualities are what a setting is tried at: around where the format looks like
// the yardstick.
var qualities = map[string][]int{
	"jpg":  {62, 70, 76, 82, 88},
	"webp": {66, 73, 79, 85, 91},
	"avif": {46, 54, 60, 66, 73},
}

// yardstick is the quality of the JPEG whose looks the others are to have: what
// sharp and imgproxy give to whoever says nothing.
const yardstick = 80

// Values of libvips's enums.
const (
	chromaHalf  = 1 // VipsForeignSubsample: 4:2:0
	chromaFull  = 2 // 4:4:4
	av1         = 4 // VipsForeignHeifCompression
	presetPhoto = 2 // VipsForeignWebpPreset
)

// encoderSettings are the peers' defaults, what photofit serves by, and what else was
// to be decided between. Of each format the first is what the others are
// compared with.
func encoderSettings() []setting {
	set := func(saver vips.Saver, base, more vips.Args) func(*vips.Image, int) ([]byte, error) {
		return func(im *vips.Image, quality int) ([]byte, error) {
			all := maps.Clone(base)
			maps.Copy(all, more)
			all["Q"] = quality
			return im.Save(saver, all)
		}
	}
	jpeg := func(more vips.Args) func(*vips.Image, int) ([]byte, error) {
		return set(vips.JPEGSaver, vips.Args{"optimize_coding": true, "subsample_mode": chromaHalf}, more)
	}
	webp := func(effort int, more vips.Args) func(*vips.Image, int) ([]byte, error) {
		return set(vips.WebPSaver, vips.Args{"effort": effort}, more)
	}
	avif := func(effort, depth, chroma int) func(*vips.Image, int) ([]byte, error) {
		return set(vips.HEIFSaver, vips.Args{"compression": av1, "effort": effort, "bitdepth": depth, "subsample_mode": chroma}, nil)
	}
	own := func(format string) func(im *vips.Image, quality int) ([]byte, error) {
		return func(im *vips.Image, quality int) ([]byte, error) { return saveOwn(im, format, quality) }
	}
	return []setting{
		{name: "JPEG of sharp and imgproxy", format: "jpg", encode: jpeg(nil), peer: yardstick},
		{name: "JPEG of photofit", format: "jpg", encode: own("jpg"), own: true},
		{name: "JPEG, progressive", format: "jpg", encode: jpeg(vips.Args{"interlace": true})},
		{name: "JPEG, table 3", format: "jpg", encode: jpeg(vips.Args{"quant_table": 3})},
		{name: "JPEG, table 5", format: "jpg", encode: jpeg(vips.Args{"quant_table": 5})},
		{name: "JPEG, table 2, progressive", format: "jpg", encode: jpeg(vips.Args{"quant_table": 2, "interlace": true})},
		{name: "JPEG, table 2, trellis", format: "jpg", encode: jpeg(vips.Args{"quant_table": 2, "trellis_quant": true})},
		{name: "JPEG, table 2, progressive, trellis", format: "jpg", encode: jpeg(vips.Args{"quant_table": 2, "interlace": true, "trellis_quant": true})},
		{name: "JPEG, table 2, 4:4:4", format: "jpg", encode: jpeg(vips.Args{"quant_table": 2, "subsample_mode": chromaFull})},

		{name: "WebP of sharp", format: "webp", encode: webp(4, nil), peer: 80},
		{name: "WebP of imgproxy", format: "webp", encode: webp(4, nil), peer: 79},
		{name: "WebP of photofit", format: "webp", encode: own("webp"), own: true},
		{name: "WebP, effort 1", format: "webp", encode: webp(1, nil)},
		{name: "WebP, effort 2", format: "webp", encode: webp(2, nil)},
		{name: "WebP, effort 5", format: "webp", encode: webp(5, nil)},
		{name: "WebP, effort 6", format: "webp", encode: webp(6, nil)},
		{name: "WebP, effort 4, photo", format: "webp", encode: webp(4, vips.Args{"preset": presetPhoto})},
		{name: "WebP, effort 4, sharp chroma", format: "webp", encode: webp(4, vips.Args{"smart_subsample": true})},
		{name: "WebP, effort 6, photo, sharp chroma", format: "webp", encode: webp(6, vips.Args{"preset": presetPhoto, "smart_subsample": true})},

		{name: "AVIF of imgproxy", format: "avif", encode: avif(1, 8, chromaHalf), peer: 63},
		{name: "AVIF of sharp", format: "avif", encode: avif(4, 8, chromaFull), peer: 50, heavy: true},
		{name: "AVIF of photofit", format: "avif", encode: own("avif"), own: true},
		{name: "AVIF, effort 0, 8 bits", format: "avif", encode: avif(0, 8, chromaHalf)},
		{name: "AVIF, effort 1, 8 bits", format: "avif", encode: avif(1, 8, chromaHalf)},
		{name: "AVIF, effort 2, 8 bits", format: "avif", encode: avif(2, 8, chromaHalf)},
		{name: "AVIF, effort 1, 10 bits", format: "avif", encode: avif(1, 10, chromaHalf)},
		{name: "AVIF, effort 0, 10 bits, 4:4:4", format: "avif", encode: avif(0, 10, chromaFull)},
	}
}
