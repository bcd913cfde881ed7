package imgtest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
)

// frame draws picture i of an animation of n: a square that moves from left to right, over a ground that darkens.
func frame(w, h, i, n int, pal color.Palette) *image.Paletted {
	img := image.NewPaletted(image.Rect(0, 0, w, h), pal)
	draw.Draw(img, img.Rect, image.NewUniform(pal[1+i*4/n]), image.Point{}, draw.Src)
	side := max(1, min(w, h)/3)
	x := (w - side) * i / max(1, n-1)
	draw.Draw(img, image.Rect(x, (h-side)/2, x+side, (h+side)/2), image.NewUniform(pal[5]), image.Point{}, draw.Src)
	return img
}

var framePalette = color.Palette{
	color.RGBA{}, // clear
	color.RGBA{200, 220, 240, 255}, color.RGBA{150, 180, 210, 255}, color.RGBA{100, 140, 180, 255}, color.RGBA{60, 100, 150, 255},
	color.RGBA{230, 90, 40, 255},
}

// AnimatedGIF is an endless animation of 1 or more frames, delay in hundredths of a second each.
func AnimatedGIF(w, h, frames, delay int) []byte {
	g := gif.GIF{Config: image.Config{ColorModel: framePalette, Width: w, Height: h}}
	for i := range frames {
		g.Image = append(g.Image, frame(w, h, i, frames, framePalette))
		g.Delay = append(g.Delay, delay)
		g.Disposal = append(g.Disposal, gif.DisposalNone)
	}
	return encodeGIF(&g)
}

// SparseGIF is an animation as optimisers make them: after the first frame each holds only the part that changes, on a clear ground, and
// is wiped away again.
func SparseGIF(w, h, frames, delay int) []byte {
	g := gif.GIF{Config: image.Config{ColorModel: framePalette, Width: w, Height: h}}
	for i := range frames {
		img, wipe := frame(w, h, 0, frames, framePalette), byte(gif.DisposalNone)
		if i > 0 {
			side := max(1, min(w, h)/4)
			x := (w - side) * i / frames
			img = image.NewPaletted(image.Rect(x, 0, x+side, side), framePalette)
			for p := range img.Pix {
				img.Pix[p] = uint8(p % 2 * 5) // clear and orange by turns
			}
			wipe = gif.DisposalPrevious
		}
		g.Image = append(g.Image, img)
		g.Delay = append(g.Delay, delay)
		g.Disposal = append(g.Disposal, wipe)
	}
	return encodeGIF(&g)
}

func encodeGIF(g *gif.GIF) []byte {
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, g); err != nil {
		panic("imgtest: " + err.Error())
	}
	return b.Bytes()
}

// APNG is the animation of [AnimatedGIF] as an animated PNG (PNG third edition, acTL, fcTL and fdAT); what ignores those chunks shows
// the first frame.
func APNG(w, h, frames, delay int) []byte {
	var out []byte
	seq := uint32(0)
	for i := range frames {
		list, err := Chunks(PNG(frame(w, h, i, frames, framePalette[:6])))
		if err != nil {
			panic(err)
		}
		control := binary.BigEndian.AppendUint32(nil, seq)
		for _, v := range []int{w, h, 0, 0} {
			control = binary.BigEndian.AppendUint32(control, uint32(v))
		}
		control = binary.BigEndian.AppendUint16(control, uint16(delay))
		control = append(binary.BigEndian.AppendUint16(control, 100), 0, 0)
		controlled := false
		for _, c := range list {
			switch {
			case c.Type == "IDAT" && !controlled:
				out = appendChunk(out, "fcTL", control)
				seq, controlled = seq+1, true
			case c.Type != "IDAT" && i > 0, c.Type == "IEND":
				continue
			}
			if c.Type == "IDAT" && i > 0 {
				c = Chunk{"fdAT", append(binary.BigEndian.AppendUint32(nil, seq), c.Data...)}
				seq++
			}
			if c.Type == "IHDR" {
				out = appendChunk([]byte(pngHead), c.Type, c.Data)
				actl := binary.BigEndian.AppendUint32(nil, uint32(frames))
				c = Chunk{"acTL", binary.BigEndian.AppendUint32(actl, 0)}
			}
			out = appendChunk(out, c.Type, c.Data)
		}
	}
	if out == nil {
		panic(fmt.Sprintf("imgtest: an animation of %d frames", frames))
	}
	return appendChunk(out, "IEND", nil)
}
