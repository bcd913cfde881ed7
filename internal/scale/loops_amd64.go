package scale

import "golang.org/x/sys/cpu"

var avx2 = cpu.X86.HasAVX2 && cpu.X86.HasFMA

func lighten(to []float32, src []byte) {
	n := 0
	if avx2 {
		n = len(src) &^ 15
		lightenAVX2(to[:n], src[:n], &factor)
	}
	lightenGo(to[n:], src[n:])
}

func brighten(to []float32, src []byte) {
	n := 0
	if avx2 {
		n = len(src) &^ 15
		brightenAVX2(to[:n], src[:n], &factor)
	}
	brightenGo(to[n:], src[n:])
}

func weigh(out, rows, weights []float32) {
	if avx2 {
		_ = rows[(len(weights)-1)*block+len(out)-1]
		weighAVX2(out, rows, weights)
		return
	}
	weighGo(out, rows, weights)
}

func across(out, line []float32, a *axis, bands int) {
	if avx2 && bands == 3 {
		across3AVX2(out, line, a.first, a.weights, a.taps)
		return
	}
	if avx2 {
		acrossAVX2(out, line, a.first, a.weights, a.taps, bands)
		return
	}
	acrossGo(out, line, a, bands)
}

func encode(out []byte, line []float32) {
	if !avx2 {
		encodeGo(out, line)
		return
	}
	var whole [block]int32
	for ; len(out) >= block; out, line = out[block:], line[block:] {
		roundAVX2(whole[:], line[:block], white)
		for i, n := range whole {
			out[i] = codes[n&white]
		}
	}
	encodeGo(out, line)
}

// lightenAVX2 is lightenGo for a multiple of 16 codes.
//
//go:noescape
func lightenAVX2(to []float32, src []byte, factor *[6]float32)

// brightenAVX2 is brightenGo for a multiple of 16 codes.
//
//go:noescape
func brightenAVX2(to []float32, src []byte, factor *[6]float32)

// weighAVX2 is weighGo.
//
//go:noescape
func weighAVX2(out, rows, weights []float32)

// acrossAVX2 is acrossGo. It reads four samples where it needs one, and writes
// four: up to slack beyond the ends.
//
//go:noescape
func acrossAVX2(out, line []float32, first []int32, weights []float32, taps, bands int)

// across3AVX2 is acrossGo for three bands. It reads eight samples where it needs
// six, and writes four where it has three.
//
//go:noescape
func across3AVX2(out, line []float32, first []int32, weights []float32, taps int)

// roundAVX2 rounds to whole numbers from 0 to most, of a multiple of 8.
//
//go:noescape
func roundAVX2(to []int32, line []float32, most float32)
