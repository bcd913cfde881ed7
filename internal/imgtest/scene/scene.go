package scene

import "image"

// Scene is one picture to be painted.
type Scene struct {
	Name  string // for file names: "dunes"
	Title string // for people: "Dunes in the evening"
	paint func(w, h int) *film
}

// Draw paints the scene at w × h pixels, both at least 1, on all cores. The picture is opaque, and the same every time. The composition
// keeps its height: a wider picture shows more to both sides.
func (s Scene) Draw(w, h int) *image.RGBA {
	if w < 1 || h < 1 {
		panic("scene: a picture has at least one pixel")
	}
	// Above three megapixels the light is reckoned at half the width and height: at that size no lens is sharp to the pixel either, and
	// it takes a quarter of the time.
	lw, lh := w, h
	if w*h > 3e6 {
		lw, lh = (w+1)/2, (h+1)/2
	}
	return s.paint(lw, lh).develop(w, h)
}

// All lists the scenes, the best for a first impression first.
func All() []Scene {
	return []Scene{
		{"alpine", "Alpine morning", alpine},
		{"dunes", "Dunes in the evening", dunes},
		{"lake", "Lake at first light", lake},
		{"hills", "Rolling hills", hills},
		{"canyon", "Canyon", canyon},
		{"snowfields", "Snowfields at sunset", snowfields},
		{"ridges", "Blue ridges", ridges},
		{"sea", "Sun on the sea", sea},
		{"pines", "Firs in the fog", pines},
		{"milkyway", "Milky Way", milkyway},
		{"aurora", "Northern lights", aurora},
		{"stones", "Field stones", stones},
		{"poppies", "Poppies", poppies},
		{"city", "City lights", city},
	}
}
