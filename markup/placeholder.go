package markup

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image/png"

	"photofit"
	"photofit/internal/thumbhash"
)

// Placeholder is what is seen where a photo is not there yet. A photo that is
// partly transparent has none, since it would shine through for good.
//
// It is a background image, above the background that a style sheet gives the img, and
// ends with the photo: a padding, as of a frame, keeps the style sheet's colour.
type Placeholder uint8

const (
	NoPlaceholder Placeholder = iota
	Color                     // Info.Color, about 100 bytes of HTML
	Thumb                     // a blurred picture, from Info.ThumbHash, about 440 bytes of HTML
)

// backed is a style with an image under the photo itself. The colour of a background
// is clipped as the last of its images, so there is one more, of nothing, that leaves
// it as wide as it was (https://www.w3.org/TR/css-backgrounds-3/#background-clip).
func backed(image, place string) string {
	return "background-image:" + image + ",none;" + place + "background-clip:content-box,border-box"
}

// thumbSide is the long side of a blurred picture, in pixels. Its PNG has 201
// bytes in the mean of painted scenes, where 16 pixels take 399 and 32 take 969;
// scaled up it is off by 4 of 255 from the hash itself.
const thumbSide = 8

// style is the style attribute of an image, or empty. A photo that is cut, or
// directed to other shapes, is not all of its thumb.
func (i Image) style(directed bool) (string, error) {
	if i.Placeholder == NoPlaceholder {
		return "", nil
	}
	hash, err := base64.StdEncoding.DecodeString(i.Info.ThumbHash)
	if err != nil {
		return "", errThumb
	}
	if thumbhash.Transparent(hash) {
		return "", nil
	}
	switch i.Placeholder {
	case Color:
		switch {
		case i.Info.Color == "":
			return "", nil
		case !hexColor(i.Info.Color):
			return "", errColor
		}
		return backed("linear-gradient("+i.Info.Color+" 0 0)", ""), nil
	case Thumb:
		if len(hash) == 0 {
			return "", nil
		}
		picture, err := thumbhash.DecodeAt(hash, thumbSide)
		if err != nil {
			return "", errThumb
		}
		var b bytes.Buffer
		if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, picture); err != nil {
			return "", err
		}
		position, size := "0 0", "100% 100%"
		if directed || i.Ratio != (photofit.Ratio{}) {
			x, y := i.Crop.Point()
			position, size = fmt.Sprintf("%d%% %d%%", x, y), "cover"
		}
		return backed("url(data:image/png;base64,"+base64.StdEncoding.EncodeToString(b.Bytes())+")",
			"background-position:"+position+";background-size:"+size+";background-origin:content-box;"), nil
	}
	return "", fmt.Errorf("no placeholder is number %d", i.Placeholder)
}

var (
	errThumb = errors.New("the info's thumbhash is none")
	errColor = errors.New(`the info's color is none: it is like "#8a6f4d"`)
)

// hexColor tells whether s is "#" and six hexadecimal digits.
func hexColor(s string) bool {
	if len(s) != 7 || s[0] != '#' {
		return false
	}
	for _, c := range []byte(s[1:]) {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F') {
			return false
		}
	}
	return true
}
