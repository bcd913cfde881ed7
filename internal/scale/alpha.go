package scale

// weighted turns codes into light, colours multiplied by alpha, which is the
// last of the bands and runs from 0 to white, too.
func weighted(to []float32, src []byte, bands int, add bool) {
	if !add {
		clear(to)
	}
	for ; len(src) >= bands; src, to = src[bands:], to[bands:] {
		alpha := float32(src[bands-1]) * (1. / 255)
		for c, v := range src[:bands-1] {
			to[c] += light[v] * alpha
		}
		to[bands-1] += alpha * white
	}
}

// unweighted is the way back. What is wholly clear has no colour, and gets
// black.
func unweighted(out []byte, line []float32, bands int) {
	for ; len(out) >= bands; out, line = out[bands:], line[bands:] {
		alpha := line[bands-1] * (1. / white)
		a := min(max(int32(alpha*255+.5), 0), 255)
		out[bands-1] = byte(a)
		for c := range bands - 1 {
			if a == 0 {
				out[c] = 0
			} else {
				out[c] = code(line[c] / alpha)
			}
		}
	}
}
