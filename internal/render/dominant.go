package render

import (
	"fmt"
	"image"
	"math"
)

// rgb is a colour of sRGB.
type rgb struct{ R, G, B uint8 }

// String is the colour as CSS has it: "#8a6f4d".
func (c rgb) String() string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// lab is a colour of OKLab (https://bottosson.github.io/posts/oklab/), in which
// equal distances look about equal. L is 0 to 1.
type lab struct{ L, A, B float64 }

const (
	labCell   = .05 // the side of a histogram's cell
	labReach  = .1  // how far from the fullest place colours count as one
	labRounds = 4   // how often that place moves to the middle of what it holds
)

// dominant is the colour that most of the picture has, give or take a little: the
// mean of the fullest place in a histogram of OKLab. The mean of all of it is a
// colour that often nothing in it has: of a red house before a green wood, brown.
//
// Each pixel counts by its alpha; a picture that is transparent is white, which is
// what it is laid on. Cells count with their neighbours, by half, a quarter and an
// eighth, so that what lies on a border does not lose; of two equals the darker
// wins. A photo that is scaled otherwise has the same colour within a few levels,
// if one colour clearly leads.
func dominant(img *image.NRGBA) rgb {
	type cell [3]int
	type sum struct {
		lab
		weight float64
	}
	cells := map[cell]*sum{}
	for i := 0; i+3 < len(img.Pix); i += 4 {
		weight := float64(img.Pix[i+3]) / 255
		if weight == 0 {
			continue
		}
		c := labOf(rgb{img.Pix[i], img.Pix[i+1], img.Pix[i+2]})
		at := cell{int(math.Floor(c.L / labCell)), int(math.Floor(c.A / labCell)), int(math.Floor(c.B / labCell))}
		s := cells[at]
		if s == nil {
			s = &sum{}
			cells[at] = s
		}
		s.L += weight * c.L
		s.A += weight * c.A
		s.B += weight * c.B
		s.weight += weight
	}
	var fullest cell
	most := 0.
	for at := range cells {
		full := 0.
		for n := range 27 {
			step := cell{n%3 - 1, n/3%3 - 1, n/9 - 1}
			if s := cells[cell{at[0] + step[0], at[1] + step[1], at[2] + step[2]}]; s != nil {
				full += s.weight / float64(int(1)<<(abs1(step[0])+abs1(step[1])+abs1(step[2])))
			}
		}
		if full > most || full == most && before(at, fullest) {
			fullest, most = at, full
		}
	}
	if most == 0 {
		return rgb{255, 255, 255}
	}
	// Sums in a fixed order, as floats depend on it.
	s := cells[fullest]
	middle := lab{s.L / s.weight, s.A / s.weight, s.B / s.weight}
	for range labRounds {
		var next sum
		for i := 0; i+3 < len(img.Pix); i += 4 {
			weight := float64(img.Pix[i+3]) / 255
			c := labOf(rgb{img.Pix[i], img.Pix[i+1], img.Pix[i+2]})
			if weight == 0 || c.far(middle) > labReach {
				continue
			}
			next.L += weight * c.L
			next.A += weight * c.A
			next.B += weight * c.B
			next.weight += weight
		}
		if next.weight == 0 {
			break
		}
		middle = lab{next.L / next.weight, next.A / next.weight, next.B / next.weight}
	}
	return middle.rgb()
}

func before(a, b [3]int) bool {
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

func abs1(n int) int { return max(n, -n) }

func (c lab) far(from lab) float64 {
	return math.Sqrt((c.L-from.L)*(c.L-from.L) + (c.A-from.A)*(c.A-from.A) + (c.B-from.B)*(c.B-from.B))
}

// light is sRGB's curve (IEC 61966-2-1), of each code.
var light = func() (table [256]float64) {
	for i := range table {
		if v := float64(i) / 255; v <= .04045 {
			table[i] = v / 12.92
		} else {
			table[i] = math.Pow((v+.055)/1.055, 2.4)
		}
	}
	return table
}()

func labOf(c rgb) lab {
	r, g, b := light[c.R], light[c.G], light[c.B]
	l := math.Cbrt(.4122214708*r + .5363325363*g + .0514459929*b)
	m := math.Cbrt(.2119034982*r + .6806995451*g + .1073969566*b)
	s := math.Cbrt(.0883024619*r + .2817188376*g + .6299787005*b)
	return lab{
		.2104542553*l + .7936177850*m - .0040720468*s,
		1.9779984951*l - 2.4285922050*m + .4505937099*s,
		.0259040371*l + .7827717662*m - .8086757660*s,
	}
}

func (c lab) rgb() rgb {
	l := c.L + .3963377774*c.A + .2158037573*c.B
	m := c.L - .1055613458*c.A - .0638541728*c.B
	s := c.L - .0894841775*c.A - 1.2914855480*c.B
	l, m, s = l*l*l, m*m*m, s*s*s
	return rgb{
		code(4.0767416621*l - 3.3077115913*m + .2309699292*s),
		code(-1.2684380046*l + 2.6097574011*m - .3413193965*s),
		code(-.0041960863*l - .7034186147*m + 1.7076147010*s),
	}
}

// code is a light's code in sRGB.
func code(v float64) uint8 {
	if v <= .0031308 {
		v *= 12.92
	} else {
		v = 1.055*math.Pow(v, 1/2.4) - .055
	}
	return uint8(math.Round(255 * min(max(v, 0), 1)))
}
