package scale

func lighten(to []float32, src []byte)  { lightenGo(to, src) }
func brighten(to []float32, src []byte) { brightenGo(to, src) }

func encode(out []byte, line []float32) { encodeGo(out, line) }

func weigh(out, rows, weights []float32) {
	_ = rows[(len(weights)-1)*block+len(out)-1]
	weighNEON(out, rows, weights)
}

func across(out, line []float32, a *axis, bands int) {
	acrossNEON(out, line, a.first, a.weights, a.taps, bands)
}

// weighNEON is weighGo.
//
//go:noescape
func weighNEON(out, rows, weights []float32)

// acrossNEON is acrossGo. It reads four samples where it needs one, and writes
// four: up to slack beyond the ends.
//
//go:noescape
func acrossNEON(out, line []float32, first []int32, weights []float32, taps, bands int)
