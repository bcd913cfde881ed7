package main

import (
	"cmp"
	"math"
	"slices"
)

// trial is one picture encoded at one quality: how many bytes that took, and how
// it looks then, as SSIMULACRA2 has it.
type trial struct {
	quality      int
	bytes, score float64
}

// curve is the trials of one picture with one setting, by rising quality.
type curve []trial

func newCurve(trials []trial) curve {
	c := slices.Clone(trials)
	slices.SortFunc(c, func(a, b trial) int { return cmp.Compare(a.quality, b.quality) })
	return c
}

// bytesAt is how many bytes the picture takes to look that well: between two
// trials, on the line from one's logarithm to the other's. It is false where no
// quality that was tried looks so well, or none so bad.
func (c curve) bytesAt(score float64) (float64, bool) {
	for i := 1; i < len(c); i++ {
		a, b := c[i-1], c[i]
		if score < min(a.score, b.score) || score > max(a.score, b.score) {
			continue
		}
		return math.Exp(between(score, a.score, math.Log(a.bytes), b.score, math.Log(b.bytes))), true
	}
	return 0, false
}

// scoreAt is how well it looks at a quality, beyond those tried as at the
// nearest one.
func (c curve) scoreAt(quality float64) float64 {
	for i := 1; i < len(c); i++ {
		if a, b := c[i-1], c[i]; quality <= float64(b.quality) {
			return between(max(quality, float64(a.quality)), float64(a.quality), a.score, float64(b.quality), b.score)
		}
	}
	return c[len(c)-1].score
}

// between is the value at x on the line through two points.
func between(x, x0, y0, x1, y1 float64) float64 {
	if x0 == x1 {
		return (y0 + y1) / 2
	}
	return y0 + (y1-y0)*(x-x0)/(x1-x0)
}

// equalQuality is the quality, to a tenth, at which the median of pictures looks
// as well as score: the one tried last if none does.
func equalQuality(curves []curve, score float64) float64 {
	last := curves[0][len(curves[0])-1].quality
	for q := float64(curves[0][0].quality); q < float64(last); q += .1 {
		if medianAt(curves, q) >= score {
			return q
		}
	}
	return float64(last)
}

// medianAt is how well the median of pictures looks at a quality.
func medianAt(curves []curve, quality float64) float64 {
	scores := make([]float64, len(curves))
	for i, c := range curves {
		scores[i] = c.scoreAt(quality)
	}
	return median(scores)
}
