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

// unweighted is the way back. A pixel keeps its colour where it is nearly clear,
// since what codes the picture mixes it with its neighbours', and beyond an edge,
// where alpha and light are below 0 alike; only what nothing is left of is black.
func unweighted(out []byte, line []float32, bands int) {
	for ; len(out) >= bands; out, line = out[bands:], line[bands:] {
		alpha := line[bands-1] * (1. / white)
		out[bands-1] = byte(min(max(int32(alpha*255+.5), 0), 255))
		if alpha < clear8 && alpha > -clear8 {
			for c := range bands - 1 {
				out[c] = 0
			}
			continue
		}
		for c := range bands - 1 {
			out[c] = code(line[c] / alpha)
		}
	}
}

// clear8 is how much alpha must be left for a colour to be told: a hundredth of an
// 8-bit step.
const clear8 = .01 / 255
