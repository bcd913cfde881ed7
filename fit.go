package photofit

import "strconv"

// Fit tells how a photo meets a box whose width and height are both given.
type Fit uint8

const (
	// Clip fits the whole photo inside the box, and never enlarges it.
	Clip Fit = iota
	// Cover fills the box and cuts what is outside. A photo smaller than the
	// box is cut to the box's ratio and not enlarged.
	Cover
)

// String is the fit's name in a query: "clip" or "crop".
func (f Fit) String() string {
	if f == Cover {
		return "crop"
	}
	return "clip"
}

// Crop is the part of a photo to keep: what lies around a point, or what
// matters most. Zero is the centre.
//
// Edges are names for points: top is (50, 0), left is (0, 50), top and left
// together (0, 0). The window is centred on the point and then moved inside
// the photo.
type Crop uint16

// SmartCrop keeps what matters most, found by looking at the photo.
const SmartCrop Crop = 1<<16 - 1

// A point is kept as its distance from the centre in reading order, modulo
// their number: so the zero value is the centre and each has one value.
const (
	cropPoints = 101 * 101
	cropCentre = 50*101 + 50
)

// FocalPoint is the crop around a point, in percent from the left and from the
// top. What is below 0 or above 100 is taken as that edge.
func FocalPoint(x, y int) Crop {
	x, y = min(max(x, 0), 100), min(max(y, 0), 100)
	return Crop((y*101 + x + cropPoints - cropCentre) % cropPoints)
}

// Point is the crop's point, in percent from the left and from the top; that of
// SmartCrop is the centre.
func (c Crop) Point() (x, y int) {
	if c == SmartCrop {
		return 50, 50
	}
	n := (int(c) + cropCentre) % cropPoints
	return n % 101, n / 101
}

// Smart tells whether the crop depends on what the photo shows.
func (c Crop) Smart() bool { return c == SmartCrop }

// String is the crop's spelling in a path: "crop" for the centre, "smart" or
// "fp50-0".
func (c Crop) String() string {
	switch c {
	case 0:
		return "crop"
	case SmartCrop:
		return "smart"
	}
	x, y := c.Point()
	b := strconv.AppendInt([]byte("fp"), int64(x), 10)
	return string(strconv.AppendInt(append(b, '-'), int64(y), 10))
}
