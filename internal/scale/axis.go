package scale

import "math"

// axis is how one direction is scaled: samples are summed up in boxes of n, and
// each sample of the result is a weighted sum of as many boxes as the window
// covers.
type axis struct {
	in, out int
	n       int       // samples in a box; the last box may have fewer
	boxes   int       // how many there are
	taps    int       // weights of one result, a multiple of what newAxis was asked for
	first   []int32   // of each result, the first of its boxes
	weights []float32 // taps for each result; those of boxes that do not exist are 0
}

// newAxis makes in samples out ones, both at least 1. Boxes of n take as many
// weights as fill up a multiple of unit.
func newAxis(in, out, n, unit int) axis {
	a := axis{in: in, out: out, n: n, boxes: (in + n - 1) / n}
	ratio := float64(in) / float64(out)
	width := max(1, ratio)
	reach := lobes * width
	seen := min(a.boxes, int(math.Ceil(2*reach)))
	if n > 1 {
		seen = min(a.boxes, int(math.Ceil((2*reach-1)/float64(n)))+1)
	}
	a.taps = (seen + unit - 1) / unit * unit
	a.first = make([]int32, out)
	a.weights = make([]float32, out*a.taps)
	sums := make([]float64, a.taps)
	for i := range out {
		centre := (float64(i) + .5) * ratio
		from := max(0, int(math.Floor(centre-reach-.5))+1) // at its ends the window is 0
		to := min(in-1, int(math.Ceil(centre+reach-.5))-1)
		first := min(from/n, a.boxes-seen)
		clear(sums)
		whole := 0.0
		for j := from; j <= to; j++ {
			v := lanczos((float64(j) + .5 - centre) / width)
			sums[j/n-first] += v
			whole += v
		}
		a.first[i] = int32(first)
		for k, v := range sums[:seen] {
			size := min(n, in-(first+k)*n)
			a.weights[i*a.taps+k] = float32(v / whole / float64(size))
		}
	}
	return a
}

// lobes is how far the window reaches to either side, in samples of the result.
const lobes = 3

func lanczos(x float64) float64 {
	switch {
	case x == 0:
		return 1
	case x <= -lobes || x >= lobes:
		return 0
	}
	x *= math.Pi
	return lobes * math.Sin(x) * math.Sin(x/lobes) / (x * x)
}
