package imgtest

import (
	"bytes"
	"image"

	"golang.org/x/image/tiff"
)

// TIFF encodes a picture without loss, deflated if asked for.
func TIFF(img image.Image, deflate bool) []byte {
	opt := &tiff.Options{Compression: tiff.Uncompressed}
	if deflate {
		opt = &tiff.Options{Compression: tiff.Deflate, Predictor: true}
	}
	var b bytes.Buffer
	if err := tiff.Encode(&b, img, opt); err != nil {
		panic("imgtest: " + err.Error())
	}
	return b.Bytes()
}
