package ssimulacra2

import "math"

// addStructure adds a row of 1 − SSIM, given the two pictures' means, the mean of their squares together and of their product. Of SSIM's
// luminance term, (2μν + c) / (μ² + ν² + c) = 1 − (μ − ν)² / (μ² + ν² + c), the denominator is left out: it weighs errors in the dark
// more, and XYB has done that already.
func addStructure(sum *[norms]float64, muA, muB, squares, product []float32) {
	const c2 = 0.0009
	n := len(muA)
	muB, squares, product = muB[:n], squares[:n], product[:n]
	var first, fourths float64
	for x, a := range muA {
		b := muB[x]
		d := a - b
		covariance := 2*(product[x]-float32(a*b)) + c2
		variances := squares[x] - (float32(a*a) + float32(b*b)) + c2
		e := max(1-float64(float32(1-d*d)*covariance/variances), 0)
		first += e
		fourths += e * e * (e * e)
	}
	sum[mean] += first
	sum[fourth] += fourths
}

// addEdges adds a row of artifacts and of loss. An edge is how far a pixel is from its mean.
func addEdges(sums *figures, a, b, muA, muB []float32) {
	n := len(muA)
	a, b, muB = a[:n], b[:n], muB[:n]
	var more, more4, less, less4 float64
	for x, v := range a {
		was := abs(v - muA[x])
		e := float64((abs(b[x]-muB[x]) - was) / (1 + was))
		e4 := e * e * (e * e)
		if e > 0 {
			more += e
			more4 += e4
		} else {
			less -= e
			less4 += e4
		}
	}
	sums[artifact][mean] += more
	sums[artifact][fourth] += more4
	sums[loss][mean] += less
	sums[loss][fourth] += less4
}

// abs is math.Abs for a float32; the compiler makes one instruction of it.
func abs(v float32) float32 { return float32(math.Abs(float64(v))) }
