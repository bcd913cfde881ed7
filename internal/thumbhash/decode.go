package thumbhash

import (
	"errors"
	"fmt"
	"image"
)

// ErrHash is a hash that Encode never makes: cut off, too long, or of a shape
// that contradicts itself.
var ErrHash = errors.New("not a ThumbHash")

// Transparent tells whether a hash is of a picture that is not opaque all over.
// What is no hash is not.
func Transparent(hash []byte) bool { return len(hash) > 2 && hash[2]>>7 == 1 }

// Decode paints a hash as a picture whose long side has 32 pixels, in sRGB. The
// short side has 5 at least, since the shape is in the hash only roughly. The
// error is ErrHash.
func Decode(hash []byte) (*image.NRGBA, error) { return DecodeAt(hash, 32) }

// DecodeAt is Decode with a long side of that many pixels, from 1 to MaxSide.
// Below 7 the finest of the hash is lost.
func DecodeAt(hash []byte, side int) (*image.NRGBA, error) {
	if side < 1 || side > MaxSide {
		panic(fmt.Sprintf("thumbhash: a long side of %d pixels: it is 1 to %d", side, MaxSide))
	}
	all, ratio, err := read(hash)
	if err != nil {
		return nil, err
	}
	w, h := side, side
	if ratio > 1 {
		h = max(1, quantise(float64(side)/ratio, side))
	} else {
		w = max(1, quantise(float64(side)*ratio, side))
	}
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	across, down := waves(7, w), waves(7, h)
	for i := range w * h {
		v := [4]float64{3: 1}
		for n, c := range all {
			v[n] = c.mean
			k := 0
			for cx, cy := range order(c.nx, c.ny) {
				v[n] += 2 * c.scale * c.terms[k] * across[cx][i%w] * down[cy][i/w]
				k++
			}
		}
		b := v[0] - 2./3*v[1]
		r := (3*v[0] - b + v[2]) / 2
		for n, s := range []float64{r, r - v[2], b, v[3]} {
			img.Pix[4*i+n] = byte(quantise(255*s, 255))
		}
	}
	return img, nil
}

// read takes a hash apart: L, P, Q and, if it has one, A; and the width to the
// height.
func read(hash []byte) (all []channel, ratio float64, err error) {
	if len(hash) < 5 {
		return nil, 0, ErrHash
	}
	head := int(hash[0]) | int(hash[1])<<8 | int(hash[2])<<16
	shape := int(hash[3]) | int(hash[4])<<8
	alpha, landscape := head>>23 == 1, shape>>15 == 1
	lx, ly := shape&7, long(alpha)
	if lx < 1 || lx > ly {
		return nil, 0, ErrHash
	}
	if landscape {
		lx, ly = ly, lx
	}
	// Colours are raised a quarter, for what quantisation takes of them.
	all = []channel{
		{max(3, lx), max(3, ly), float64(head&63) / 63, float64(head>>18&31) / 31, nil},
		{3, 3, float64(head>>6&63)/31.5 - 1, float64(shape>>3&63) / 63 * 1.25, nil},
		{3, 3, float64(head>>12&63)/31.5 - 1, float64(shape>>9&63) / 63 * 1.25, nil},
	}
	rest := hash[5:]
	if alpha {
		if len(rest) == 0 {
			return nil, 0, ErrHash
		}
		all = append(all, channel{5, 5, float64(rest[0]&15) / 15, float64(rest[0]>>4) / 15, nil})
		rest = rest[1:]
	}
	n := 0
	for i := range all {
		c := &all[i]
		for range order(c.nx, c.ny) {
			if n/2 >= len(rest) {
				return nil, 0, ErrHash
			}
			c.terms = append(c.terms, float64(rest[n/2]>>(n%2*4)&15)/7.5-1)
			n++
		}
	}
	if (n+1)/2 != len(rest) {
		return nil, 0, ErrHash
	}
	return all, float64(lx) / float64(ly), nil
}
