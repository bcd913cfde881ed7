package ssimulacra2

// The blur is a Gaussian of sigma 1.5 in the approximation that the reference has, by truncated cosines (Charalampidis, "Recursive
// Implementation of the Gaussian Filter Using Truncated Cosine Functions", 2016). The reference runs it as a recursion; what that gives for
// one bright pixel is these nine values and then zeros, so here it is done as a sum. The two are equal but for rounding, of which a sum has
// less: the recursion never forgets. What lies beyond the edge is zero.
const (
	radius = 4

	tap0 = 0.26462110548819856
	tap1 = 0.2129285920104222
	tap2 = 0.10933537277746029
	tap3 = 0.03601111465836435
	tap4 = 0.009414367809653698
)

// across blurs a row; in has radius pixels more on both sides.
func across(out, in []float32) {
	for x := range out {
		w := (*[2*radius + 1]float32)(in[x:])
		out[x] = tap0*w[4] + tap1*(w[3]+w[5]) + tap2*(w[2]+w[6]) + tap3*(w[1]+w[7]) + tap4*(w[0]+w[8])
	}
}

// A ring holds the rows around one, as many as a blur needs: row y at y modulo their number.
type ring [2*radius + 1][]float32

func newRing(w int) (r ring) {
	all := make([]float32, len(r)*w)
	for i := range r {
		r[i], all = all[:w:w], all[w:]
	}
	return r
}

// at is the place of row y, which may be beyond an edge by up to radius.
func (r *ring) at(y int) []float32 { return r[(y+len(r))%len(r)] }

// down blurs columns: out is row y of the picture, all of whose surroundings the ring holds.
func (r *ring) down(out []float32, y int) {
	n := len(out)
	r0, r1, r2, r3, r4 := r.at(y - 4)[:n], r.at(y - 3)[:n], r.at(y - 2)[:n], r.at(y - 1)[:n], r.at(y)[:n]
	r5, r6, r7, r8 := r.at(y + 1)[:n], r.at(y + 2)[:n], r.at(y + 3)[:n], r.at(y + 4)[:n]
	for x := range out {
		out[x] = tap0*r4[x] + tap1*(r3[x]+r5[x]) + tap2*(r2[x]+r6[x]) + tap3*(r1[x]+r7[x]) + tap4*(r0[x]+r8[x])
	}
}
