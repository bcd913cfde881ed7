package scene

import "testing"

func TestTilesHaveNoSeam(t *testing.T) {
	for name, tl := range map[string]*tile{"soft": soft(), "rough": rough(), "ridged": ridged(), "smooth": smoothNoise()} {
		var steepest, seam float32 // between neighbours within the tile, and across its edges
		for y := range tileSide {
			for x := range tileSide {
				right := abs(tl.v[y*tileSide+x] - tl.v[y*tileSide+(x+1)&tileMask])
				below := abs(tl.v[y*tileSide+x] - tl.v[(y+1)&tileMask*tileSide+x])
				if x == tileMask || y == tileMask {
					seam = max(seam, right, below)
				} else {
					steepest = max(steepest, right, below)
				}
			}
		}
		if seam > 1.5*steepest {
			t.Errorf("%s: a step of %f at the edge, %f within", name, seam, steepest)
		}
		for i := -300; i < 300; i++ {
			at := float32(i) / 200
			if a, b := tl.at(at, .3), tl.at(at+1, .3); abs(a-b) > steepest/100 {
				t.Errorf("%s: %f at %f, %f a period on", name, a, at, b)
			}
			// Reading is linear between samples, so a thousandth of a step changes a thousandth of the slope.
			const step = 1. / tileSide / 1000
			if a, b := tl.at(.3, at-step/2), tl.at(.3, at+step/2); abs(a-b) > steepest/300 {
				t.Errorf("%s: jumps from %f to %f at %f", name, a, b, at)
			}
		}
		// Halfway between two samples is their mean, left of zero as well.
		if got, want := tl.at(-1.5/tileSide, 0), (tl.v[tileSide-2]+tl.v[tileSide-1])/2; abs(got-want) > 1e-5 {
			t.Errorf("%s: %f between two samples, want %f", name, got, want)
		}
	}
}
