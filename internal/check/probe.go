package check

import (
	"bytes"
	"image"
	"image/jpeg"
	"sync"
)

// The size of the probe photo, in pixels: that of a camera's, so that a function
// with too little memory shows.
const probeWidth, probeHeight = 6000, 4000

// probePhoto is a photo of 24 megapixels: soft colours with waves, as a JPEG of
// less than a megabyte.
var probePhoto = sync.OnceValue(func() []byte {
	im := image.NewYCbCr(image.Rect(0, 0, probeWidth, probeHeight), image.YCbCrSubsampleRatio420)
	for y := range probeHeight {
		for x := range probeWidth {
			im.Y[y*im.YStride+x] = uint8(40 + x*100/probeWidth + y*60/probeHeight + (x/97+y/61)%2*20)
		}
	}
	for i := range im.Cb {
		im.Cb[i], im.Cr[i] = uint8(100+i%im.CStride*50/im.CStride), uint8(110+i/im.CStride*40/(probeHeight/2))
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, im, &jpeg.Options{Quality: 60}); err != nil {
		panic(err) // into memory
	}
	return b.Bytes()
})
