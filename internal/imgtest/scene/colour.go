package scene

import "math"

// rgb is a colour in linear light; 1 is diffuse white.
type rgb struct{ r, g, b float32 }

func (c rgb) times(k float32) rgb { return rgb{c.r * k, c.g * k, c.b * k} }
func (c rgb) plus(d rgb) rgb      { return rgb{c.r + d.r, c.g + d.g, c.b + d.b} }
func (c rgb) tint(d rgb) rgb      { return rgb{c.r * d.r, c.g * d.g, c.b * d.b} }

// mix goes from c (t = 0) to d (t = 1).
func (c rgb) mix(d rgb, t float32) rgb {
	return rgb{c.r + (d.r-c.r)*t, c.g + (d.g-c.g)*t, c.b + (d.b-c.b)*t}
}

// linear is the light of each sRGB value: painters name colours for every pixel.
var linear = func() (t [256]float32) {
	for i := range t {
		x := float64(i) / 255
		if x <= 0.04045 {
			t[i] = float32(x / 12.92)
		} else {
			t[i] = float32(math.Pow((x+0.055)/1.055, 2.4))
		}
	}
	return t
}()

// hex is an sRGB colour such as 0xE0C090 in linear light.
func hex(v uint32) rgb { return rgb{linear[v>>16&255], linear[v>>8&255], linear[v&255]} }

// ramp is a gradient through colours at equal distances, 0 to 1.
type ramp []rgb

func (r ramp) at(t float32) rgb {
	t = clamp(t) * float32(len(r)-1)
	i := min(int(t), len(r)-2)
	return r[i].mix(r[i+1], t-float32(i))
}

func clamp(v float32) float32 { return min(max(v, 0), 1) }

// smooth goes softly from 0 at a to 1 at b; b may be below a.
func smooth(a, b, v float32) float32 {
	t := clamp((v - a) / (b - a))
	return t * t * (3 - 2*t)
}

func sqrt(v float32) float32     { return float32(math.Sqrt(float64(v))) }
func exp(v float32) float32      { return float32(math.Exp(float64(v))) }
func sin(v float32) float32      { return float32(math.Sin(float64(v))) }
func abs(v float32) float32      { return float32(math.Abs(float64(v))) }
func hypot(a, b float32) float32 { return float32(math.Hypot(float64(a), float64(b))) }
func floor(v float32) float32 {
	return float32(math.Floor(float64(v)))
}

// fade is about exp(-v) for v ≥ 0, without the cost.
func fade(v float32) float32 {
	v = 1 + v/8
	v = v * v
	v = v * v
	return 1 / (v * v)
}

// vec is a direction or a place: x to the right, y up, z ahead.
type vec struct{ x, y, z float32 }

func (a vec) dot(b vec) float32 { return a.x*b.x + a.y*b.y + a.z*b.z }
func (a vec) unit() vec {
	k := 1 / sqrt(a.dot(a))
	return vec{a.x * k, a.y * k, a.z * k}
}
