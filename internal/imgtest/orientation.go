package imgtest

import (
	"errors"
	"image"
	"image/color"
	"image/draw"
	"math"
)

// The four corners of an [OrientationChart], in the order of Corners' result.
var cornerColours = [4]color.RGBA{
	{208, 32, 32, 255},  // top left: red
	{32, 160, 48, 255},  // top right: green
	{32, 64, 208, 255},  // bottom right: blue
	{240, 208, 32, 255}, // bottom left: yellow
}

// The one-pixel lines along the chart's edges: top, right, bottom, left.
var edgeColours = [4]color.RGBA{
	{255, 255, 255, 255}, {224, 0, 224, 255}, {0, 0, 0, 255}, {0, 208, 224, 255},
}

// OrientationChart is a picture that shows how it has been turned: corners of red, green, blue and yellow (clockwise from the top
// left), a dark F and an arrow to the right on grey, and a line of one pixel along each edge: white on top, magenta on the right, black
// below, cyan on the left.
func OrientationChart(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	fill := func(x0, y0, x1, y1 float64, c color.Color) { // shares of the whole
		r := image.Rect(int(x0*float64(w)), int(y0*float64(h)), int(x1*float64(w)), int(y1*float64(h)))
		draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
	}
	fill(0, 0, 1, 1, color.RGBA{176, 176, 176, 255})
	fill(0, 0, .25, .25, cornerColours[0])
	fill(.75, 0, 1, .25, cornerColours[1])
	fill(.75, .75, 1, 1, cornerColours[2])
	fill(0, .75, .25, 1, cornerColours[3])
	ink := color.RGBA{40, 40, 40, 255}
	fill(.35, .2, .42, .8, ink)
	fill(.42, .2, .62, .3, ink)
	fill(.42, .43, .56, .53, ink)
	for x := int(.66 * float64(w)); x < int(.9*float64(w)); x++ { // the arrow's head, narrowing to the right
		half := .12 * (.9 - float64(x)/float64(w)) / .24
		fill(float64(x)/float64(w), .5-half, float64(x+1)/float64(w), .5+half, ink)
	}
	for i, r := range edgeRects(img.Rect) {
		draw.Draw(img, r, image.NewUniform(edgeColours[i]), image.Point{}, draw.Src)
	}
	return img
}

func edgeRects(r image.Rectangle) [4]image.Rectangle {
	return [4]image.Rectangle{
		image.Rect(r.Min.X, r.Min.Y, r.Max.X, r.Min.Y+1),
		image.Rect(r.Max.X-1, r.Min.Y+1, r.Max.X, r.Max.Y-1),
		image.Rect(r.Min.X, r.Max.Y-1, r.Max.X, r.Max.Y),
		image.Rect(r.Min.X, r.Min.Y+1, r.Min.X+1, r.Max.Y-1),
	}
}

// Corners reads the corners of an [OrientationChart] back, clockwise from the top left: 0 red, 1 green, 2 blue, 3 yellow; an upright
// chart gives 0 1 2 3. It takes scaling and lossy coding, down to 16 pixels a side, and fails on what is no such chart.
func Corners(img image.Image) (c [4]int, err error) {
	b := img.Bounds()
	for i, at := range [4][2]float64{{.06, .06}, {.82, .06}, {.82, .82}, {.06, .82}} {
		x, y := b.Min.X+int(at[0]*float64(b.Dx())), b.Min.Y+int(at[1]*float64(b.Dy()))
		mean := meanOf(img, image.Rect(x, y, x+max(1, b.Dx()*12/100), y+max(1, b.Dy()*12/100)))
		var far float64
		if c[i], far = nearest(mean, cornerColours[:]); far > 60 {
			return c, errors.New("imgtest: a corner has none of the chart's colours")
		}
	}
	return c, nil
}

// Orientation says which EXIF orientation would set an [OrientationChart] upright: 1 when it stands upright already.
func Orientation(img image.Image) (int, error) {
	c, err := Corners(img)
	if err != nil {
		return 0, err
	}
	for o := 1; o <= 8; o++ {
		if c == storedCorners(o) {
			return o, nil
		}
	}
	return 0, errors.New("imgtest: corners are in no order that turning and mirroring gives")
}

// storedCorners gives the corners of a chart that is stored so that orientation o sets it upright.
func storedCorners(o int) (c [4]int) {
	var ref [4]int
	small := image.NewGray(image.Rect(0, 0, 2, 2)) // one pixel per corner
	small.Pix = []byte{0, 1, 3, 2}
	turned := Orient(small, inverse(o))
	for i, p := range []image.Point{{0, 0}, {1, 0}, {1, 1}, {0, 1}} {
		ref[i] = int(turned.RGBAAt(p.X, p.Y).R)
	}
	return ref
}

// Edges says for top, right, bottom and left whether the chart's outermost line is there, unscaled: what a crop or an off-by-one
// would take away. It takes JPEG coding of quality 90 and above.
func Edges(img image.Image) (ok [4]bool) {
	for i, r := range edgeRects(img.Bounds()) {
		mid := image.Rect(r.Min.X+r.Dx()*3/10, r.Min.Y+r.Dy()*3/10, r.Max.X-r.Dx()*3/10, r.Max.Y-r.Dy()*3/10)
		if r.Dx() == 1 {
			mid.Min.X, mid.Max.X = r.Min.X, r.Max.X
		} else {
			mid.Min.Y, mid.Max.Y = r.Min.Y, r.Max.Y
		}
		got, _ := nearest(meanOf(img, mid), append([]color.RGBA{{176, 176, 176, 255}}, edgeColours[:]...))
		ok[i] = got == i+1
	}
	return ok
}

func meanOf(img image.Image, r image.Rectangle) (sum [3]float64) {
	n := float64(r.Dx() * r.Dy())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			cr, cg, cb, _ := img.At(x, y).RGBA()
			sum[0] += float64(cr) / 257 / n
			sum[1] += float64(cg) / 257 / n
			sum[2] += float64(cb) / 257 / n
		}
	}
	return sum
}

func nearest(c [3]float64, list []color.RGBA) (best int, far float64) {
	far = math.Inf(1)
	for i, k := range list {
		d := math.Sqrt(sq(c[0]-float64(k.R)) + sq(c[1]-float64(k.G)) + sq(c[2]-float64(k.B)))
		if d < far {
			best, far = i, d
		}
	}
	return best, far
}

func sq(v float64) float64 { return v * v }

// Orient turns and mirrors stored pixels the way EXIF orientation o (1 to 8) asks a viewer to.
func Orient(img image.Image, o int) *image.RGBA {
	if o < 1 || o > 8 {
		panic("imgtest: EXIF orientations are 1 to 8")
	}
	src := rgba(img)
	w, h := src.Rect.Dx(), src.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if o >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			dx, dy := x, y
			switch o { // where the stored pixel goes
			case 2:
				dx = w - 1 - x
			case 3:
				dx, dy = w-1-x, h-1-y
			case 4:
				dy = h - 1 - y
			case 5:
				dx, dy = y, x
			case 6:
				dx, dy = h-1-y, x
			case 7:
				dx, dy = h-1-y, w-1-x
			case 8:
				dx, dy = y, w-1-x
			}
			copy(out.Pix[out.PixOffset(dx, dy):][:4], src.Pix[src.PixOffset(x, y):][:4])
		}
	}
	return out
}

// inverse is the orientation that undoes o: only the two quarter turns are not their own.
func inverse(o int) int {
	switch o {
	case 6:
		return 8
	case 8:
		return 6
	}
	return o
}

// Stored is how a camera stores an upright picture under EXIF orientation o.
func Stored(upright image.Image, o int) *image.RGBA { return Orient(upright, inverse(o)) }

// OrientationJPEG is an [OrientationChart] of w × h when seen upright, stored under EXIF orientation o (1 to 8) and tagged so.
func OrientationJPEG(o, w, h int) []byte {
	return JPEG(Stored(OrientationChart(w, h), o), 92, EXIFSegment(EXIF{Orientation: o, BigEndian: o%2 == 0}.Bytes()))
}
