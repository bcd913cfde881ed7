package render

import (
	"fmt"
	"testing"

	"photofit"
)

// The point that is asked for stays in the picture if any of the policy's nine
// windows has it, though a URL is resolved without the photo; and one always has
// where the window spans a third of the photo or more.
func TestFocalPointStaysInThePicture(t *testing.T) {
	has := func(w rect, photo size, x, y int) (across, down bool) {
		const slack = 1e-9
		px, py := float64(photo.W*x)/100, float64(photo.H*y)/100
		return w.X-slack <= px && px <= w.X+w.W+slack, w.Y-slack <= py && py <= w.Y+w.H+slack
	}
	lost := 0
	for _, photo := range []size{{6000, 4000}, {4000, 6000}, {4000, 3000}, {3000, 3000}, {4096, 2160}, {9000, 2000}, {1500, 12000}} {
		for _, ratio := range photofit.DefaultPolicy().Ratios {
			for x := range 101 {
				y := (x*37 + 11) % 101
				query := fmt.Sprintf("w=800&ar=%s&fit=crop&fp-x=%.2f&fp-y=%.2f", ratio, float64(x)/100, float64(y)/100)
				r, err := photofit.Resolve("/b.jpg", query, "", photofit.Policy{})
				if err != nil {
					t.Fatal(err)
				}
				box := size{r.Width, r.Height}
				gotX, gotY := r.Crop.Point()
				got := crop(photo, box, gotX, gotY)
				across, down := has(got, photo, x, y)
				anyAcross, anyDown := false, false
				for _, at := range []int{0, 50, 100} {
					one, other := has(crop(photo, box, at, at), photo, x, y)
					anyAcross, anyDown = anyAcross || one, anyDown || other
				}
				if across != anyAcross || down != anyDown {
					t.Errorf("%v in %v: %d,%d became %d,%d, which cuts it out (%v, %v); another has it (%v, %v)",
						ratio, photo, x, y, gotX, gotY, across, down, anyAcross, anyDown)
				}
				if got.W*3 >= float64(photo.W) && !across || got.H*3 >= float64(photo.H) && !down {
					t.Errorf("%v in %v: %d,%d is not in %+v, a third of the photo or more", ratio, photo, x, y, got)
				}
				if !across || !down {
					lost++
				}
			}
		}
	}
	if lost == 0 {
		t.Error("no window was so narrow that it can miss the point: the test sees no limit")
	}
}
