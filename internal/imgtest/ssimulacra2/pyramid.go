package ssimulacra2

import (
	"image"
	"image/draw"
	"math"

	"photofit/internal/imgtest"
)

type size struct{ w, h int }

// half is the size of the next scale, where a last odd row or column counts as two.
func (s size) half() size { return size{(s.w + 1) / 2, (s.h + 1) / 2} }

// A source is a picture at some scale.
type source interface {
	size() size
	// row gives row y in linear light; it may use buf, and nobody writes to what it gives but by buf.
	row(y int, buf line) line
}

// pixels is a picture as it came, of 8 bits a channel, on a ground that shows where it is clear: a grey of sRGB, 0 to 1.
type pixels struct {
	extent   size
	pix      []byte // from the first pixel on
	stride   int
	straight bool // colours are not multiplied by alpha
	opaque   bool
	ground   float32
}

func pixelsOf(img image.Image) pixels {
	b := img.Bounds()
	p := pixels{extent: size{b.Dx(), b.Dy()}}
	switch img := img.(type) {
	case *image.RGBA:
		p.pix, p.stride, p.opaque = img.Pix, img.Stride, img.Opaque()
	case *image.NRGBA:
		p.pix, p.stride, p.opaque, p.straight = img.Pix, img.Stride, img.Opaque(), true
	default:
		drawn := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
		draw.Draw(drawn, drawn.Rect, img, b.Min, draw.Src)
		p.pix, p.stride, p.opaque = drawn.Pix, drawn.Stride, drawn.Opaque()
	}
	return p
}

func (p pixels) on(ground float32) pixels {
	p.ground = ground
	return p
}

func (p pixels) size() size { return p.extent }

func (p pixels) row(y int, buf line) line {
	w := p.extent.w
	row := p.pix[y*p.stride:][: 4*w : 4*w]
	r, g, b := buf[0][:w], buf[1][:w], buf[2][:w]
	for x := range w {
		c := row[4*x : 4*x+4 : 4*x+4]
		if c[3] == 255 {
			r[x], g[x], b[x] = lightOf[c[0]], lightOf[c[1]], lightOf[c[2]]
			continue
		}
		clear, share := p.ground*float32(255-c[3]), float32(1)
		if p.straight {
			share = float32(c[3]) / 255
		}
		r[x] = light(share*float32(c[0]) + clear)
		g[x] = light(share*float32(c[1]) + clear)
		b[x] = light(share*float32(c[2]) + clear)
	}
	return line{r, g, b}
}

// light is lightOf for what lies between the steps.
func light(v float32) float32 { return float32(imgtest.SRGB.Linear(math.Min(float64(v)/255, 1))) }

// planes is a picture in linear light.
type planes struct {
	extent size
	all    line
}

func (p planes) size() size { return p.extent }

func (p planes) row(y int, _ line) (l line) {
	w := p.extent.w
	for c := range l {
		l[c] = p.all[c][y*w : (y+1)*w : (y+1)*w]
	}
	return l
}

// halve is the picture at the next scale: each pixel the mean of four.
func halve(p source) source {
	from, to := p.size(), p.size().half()
	out := planes{to, newLine(to.w * to.h)}
	inBands(to.h, func() func(b, y0, y1 int) {
		above, below := newLine(from.w), newLine(from.w)
		return func(_, y0, y1 int) {
			for y := y0; y < y1; y++ {
				top, bottom := p.row(2*y, above), p.row(min(2*y+1, from.h-1), below)
				for c, o := range out.row(y, line{}) {
					t, u := top[c], bottom[c]
					for x := range from.w / 2 {
						o[x] = .25 * (t[2*x] + t[2*x+1] + u[2*x] + u[2*x+1])
					}
					if last := from.w - 1; last&1 == 0 {
						o[to.w-1] = .5 * (t[last] + u[last])
					}
				}
			}
		}
	})
	return out
}
