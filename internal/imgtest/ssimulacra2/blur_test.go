package ssimulacra2

import (
	"math"
	"testing"
)

// The taps are what the recursion of Charalampidis's paper gives for one bright pixel, by its equations 33 to 57 in double precision.
func TestTapsAreTheRecursion(t *testing.T) {
	const sigma = 1.5
	n := math.Round(3.2795*sigma + .2546)
	var omega, p, r, rho [3]float64
	for i := range omega {
		omega[i] = float64(2*i+1) * math.Pi / (2 * n)
		sign := float64(1 - 2*(i&1))
		p[i] = sign / math.Tan(omega[i]/2)
		r[i] = sign * p[i] * p[i] / math.Sin(omega[i])
		rho[i] = math.Exp(-sigma*sigma/2*omega[i]*omega[i]) / n
	}
	d := func(i, j int) float64 { return p[i]*r[j] - r[i]*p[j] }
	zeta := [3]float64{d(1, 2) / d(0, 1), d(2, 0) / d(0, 1), 1}
	// The betas solve three linear equations: the sum is one, the spread is sigma squared, and as near to a Gaussian as can be.
	rows := [3][3]float64{p, r, zeta}
	right := [3]float64{1, n*n - sigma*sigma, zeta[0]*rho[0] + zeta[1]*rho[1] + rho[2]}
	det := func(m [3][3]float64) (sum float64) {
		for i := range 3 {
			sum += m[0][i] * (m[1][(i+1)%3]*m[2][(i+2)%3] - m[1][(i+2)%3]*m[2][(i+1)%3])
		}
		return sum
	}
	var beta [3]float64
	for k := range beta {
		m := rows
		for i := range m {
			m[i][k] = right[i]
		}
		beta[k] = det(m) / det(rows)
	}
	reach := int(n)
	var before, last [3]float64
	for at := -3 * reach; at <= 3*reach; at++ { // the bright pixel is at 0
		in := 0.0
		if at == 1+reach || at == 1-reach {
			in = 1
		}
		sum := 0.0
		for i := range beta {
			v := -beta[i]*math.Cos(omega[i]*(n+1))*in + 2*math.Cos(omega[i])*last[i] - before[i]
			before[i], last[i] = last[i], v
			sum += v
		}
		want := 0.0
		if far := max(at, -at); far <= radius {
			want = [radius + 1]float64{tap0, tap1, tap2, tap3, tap4}[far]
		}
		if math.Abs(sum-want) > 1e-14 {
			t.Errorf("%d pixels away: %.17g, want %.17g", at, sum, want)
		}
	}
}

func TestBlurHasDarkEdges(t *testing.T) {
	in := []float32{0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0}
	out := make([]float32, len(in)-2*radius)
	across(out, in)
	// At the edge half of the taps and the middle one fall on the picture, further in all of them.
	if want := (1 + tap0) / 2; math.Abs(float64(out[0])-want) > 1e-6 || math.Abs(float64(out[9])-want) > 1e-6 {
		t.Errorf("edges %v and %v, want %v", out[0], out[9], want)
	}
	if math.Abs(float64(out[4])-1) > 1e-6 {
		t.Errorf("middle %v", out[4])
	}
}

func TestCubeRoot(t *testing.T) {
	for v := float32(bias); v < 1.01; v *= 1.0003 {
		want := math.Cbrt(float64(v))
		if got := float64(cubeRoot(v)); math.Abs(got/want-1) > 3e-7 {
			t.Fatalf("cube root of %v: %v, want %v", v, got, want)
		}
	}
}

// An odd last row or column counts as two.
func TestHalve(t *testing.T) {
	p := planes{size{3, 3}, newLine(9)}
	for c := range p.all {
		for i := range p.all[c] {
			p.all[c][i] = float32(i + 100*c)
		}
	}
	got := halve(p).(planes)
	for c, want := range [channels][4]float32{{2, 3.5, 6.5, 8}, {102, 103.5, 106.5, 108}, {202, 203.5, 206.5, 208}} {
		if [4]float32(got.all[c]) != want {
			t.Errorf("channel %d: %v, want %v", c, got.all[c], want)
		}
	}
}
