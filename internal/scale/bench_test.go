package scale

import (
	"fmt"
	"testing"
)

// From a photo of 4.4 megapixels to what pages ask for.
func BenchmarkScaler(b *testing.B) {
	const w, h = 2560, 1707
	src := make([]byte, w*3*mostRows)
	for i := range src {
		src[i] = byte(i * 7)
	}
	for _, to := range []int{320, 800, 1600} {
		b.Run(fmt.Sprint(to), func(b *testing.B) {
			out := make([]byte, to*(to*2/3)*3)
			for b.Loop() {
				s := New(Size{w, h, 3}, to, to*2/3, out)
				for !s.Done() {
					s.Rows(src, w*3)
				}
				s.Close()
			}
		})
	}
}
