package scale

// lightenGo turns codes into light.
func lightenGo(to []float32, src []byte) {
	to = to[:len(src)]
	for i, v := range src {
		to[i] = light[v]
	}
}

// brightenGo adds the light of codes.
func brightenGo(to []float32, src []byte) {
	to = to[:len(src)]
	for i, v := range src {
		to[i] += light[v]
	}
}

// encodeGo turns light into codes.
func encodeGo(out []byte, line []float32) {
	line = line[:len(out)]
	for i, v := range line {
		out[i] = code(v)
	}
}

// weighGo makes out of as many rows as there are weights, block samples apart:
// their sum, each times its weight. All of out is written, a multiple of 64.
func weighGo(out, rows, weights []float32) {
	if len(out) > block {
		panic("scale: wider than a block")
	}
	clear(out)
	for ; len(weights) >= 4; weights, rows = weights[4:], rows[4*block:] {
		a, b, c, d := rows[:len(out)], rows[block:][:len(out)], rows[2*block:][:len(out)], rows[3*block:][:len(out)]
		p, q, r, s := weights[0], weights[1], weights[2], weights[3]
		for i := range out {
			out[i] += p*a[i] + q*b[i] + r*c[i] + s*d[i]
		}
	}
	for k, w := range weights {
		a := rows[k*block:][:len(out)]
		for i := range out {
			out[i] += w * a[i]
		}
	}
}

// acrossGo scales a line of pixels of the given bands.
func acrossGo(out, line []float32, a *axis, bands int) {
	weights := a.weights
	for _, first := range a.first {
		in := line[int(first)*bands:]
		w := weights[:a.taps]
		weights = weights[a.taps:]
		switch bands {
		case 3:
			var r, g, b float32
			for _, w := range w {
				if len(in) < 3 {
					break
				}
				r += w * in[0]
				g += w * in[1]
				b += w * in[2]
				in = in[3:]
			}
			out[0], out[1], out[2] = r, g, b
		default:
			for c := range bands {
				var sum float32
				for k, w := range w {
					sum += w * in[k*bands+c]
				}
				out[c] = sum
			}
		}
		out = out[bands:]
	}
}
