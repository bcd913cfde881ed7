package sheet

import (
	"fmt"
	"strconv"
)

// tileSizes is the sizes attribute of a tile: what static/sheet.css makes of it
// at every width of a window, scroll bar apart. The browser test holds the two
// together.
const tileSizes = "(min-width: 2560px) calc(2344px / 6), " +
	"(min-width: 2240px) calc((100vw - 216px) / 6), " +
	"(min-width: 1680px) calc((100vw - 192px) / 5), " +
	"(min-width: 960px) calc((100vw - 168px) / 4), " +
	"(min-width: 600px) calc((100vw - 96px) / 3), " +
	"calc((100vw - 40px) / 2)"

// The narrowest tile of that layout, on a window of 320 pixels, and the widest,
// in CSS pixels.
const narrowestTile, widestTile = 140, 410

// stageSizes is the sizes attribute of an opened photo of that shape, its width
// by its height; 0 is not known, and then the photo is taken to fill the width.
// The lengths are those of the stage in static/view.css.
func stageSizes(shape float64) string {
	const wide, narrow = "calc(100vw - 560px)", "100vw"
	if shape <= 0 {
		return fmt.Sprintf("(min-width: 960px) %s, %s", wide, narrow)
	}
	s := strconv.FormatFloat(shape, 'f', 4, 64)
	return fmt.Sprintf("(min-width: 960px) min(%s, calc((100vh - 96px) * %s)), min(%s, calc(60vh * %s))", wide, s, narrow, s)
}
