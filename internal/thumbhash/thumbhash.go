// Package thumbhash writes and reads ThumbHashes: pictures of about 25 bytes,
// which a page shows, blurred, until the photo is there. The format is Evan
// Wallace's (https://evanw.github.io/thumbhash/).
//
// A picture is split into luminance L = (r+g+b)/3, P = (r+g)/2 - b (yellow to
// blue), Q = r - g (red to green) and alpha A; of each, a cosine transform gives
// the mean and a few low frequencies. The hash holds, from the lowest bit on:
//
//	L mean 6, P mean 6, Q mean 6, L scale 5, has alpha 1     of 24 bits
//	L terms along the short side 3, P scale 6, Q scale 6, landscape 1     of 16
//	A mean 4, A scale 4     if it has alpha
//	terms of L, P, Q and A, 4 bits each, relative to the scale
//
// Along the long side L has 7 terms, or 5 beside alpha; P and Q have 3 × 3, A has
// 5 × 5. Of each rectangle of terms the triangle of low frequencies is kept.
package thumbhash

import (
	"iter"
	"math"
)

// MaxSide is the longest side of a picture that Encode takes, in pixels: more
// shows nothing in the hash.
const MaxSide = 100

// channel is one of L, P, Q and A: its mean, and nx × ny terms less the far
// corner, divided by scale, the largest of them.
type channel struct {
	nx, ny      int
	mean, scale float64
	terms       []float64
}

// order lists the terms in the order of the hash, as waves across and down. The
// mean, (0, 0), is not among them.
func order(nx, ny int) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		for cy := range ny {
			for cx := 0; cx*ny < nx*(ny-cy); cx++ {
				if (cx > 0 || cy > 0) && !yield(cx, cy) {
					return
				}
			}
		}
	}
}

// waves are samples of n cosines, with 0 to n-1 half waves over size pixels.
func waves(n, size int) [][]float64 {
	all := make([][]float64, n)
	for c := range all {
		all[c] = make([]float64, size)
		for i := range all[c] {
			all[c][i] = math.Cos(math.Pi / float64(size) * float64(c) * (float64(i) + .5))
		}
	}
	return all
}

// lumaTerms are those of L in a w × h picture, before the least of 3 each.
func lumaTerms(w, h int, alpha bool) (nx, ny int) {
	most := float64(long(alpha))
	side := float64(max(w, h))
	return max(1, quantise(most*float64(w)/side, 7)), max(1, quantise(most*float64(h)/side, 7))
}

func long(alpha bool) int {
	if alpha {
		return 5
	}
	return 7
}

// quantise rounds v to a whole number from 0 to top.
func quantise(v float64, top int) int {
	return min(max(int(math.Floor(v+.5)), 0), top)
}
