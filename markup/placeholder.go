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
type Placeholder uint8

const (
	NoPlaceholder Placeholder = iota
	Color                     // Info.Color, 26 bytes of HTML
	Thumb                     // a blurred picture, from Info.ThumbHash, about 330 bytes of HTML
)

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
		if i.Info.Color == "" || hexColor(i.Info.Color) {
			return prefixed("background:", i.Info.Color), nil
		}
		return "", errColor
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
		place := "0 0/100% 100%"
		if directed || i.Ratio != (photofit.Ratio{}) {
			x, y := i.Crop.Point()
			place = fmt.Sprintf("%d%% %d%%/cover", x, y)
		}
		return "background:url(data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()) + ") " + place, nil
	}
	return "", fmt.Errorf("no placeholder is number %d", i.Placeholder)
}

var (
	errThumb = errors.New("the info's thumbhash is none")
	errColor = errors.New(`the info's color is none: it is like "#8a6f4d"`)
)

func prefixed(prefix, s string) string {
	if s == "" {
		return ""
	}
	return prefix + s
}

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
