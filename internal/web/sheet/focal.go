package sheet

import (
	"fmt"
	"strconv"
	"strings"

	"photofit"
)

// focal is the photo as a map of nine parts, of which one is kept when it is cut.
// Each part is where the policy takes a point to the same one of its 3 × 3 grid,
// so a click anywhere in it is snapped as the policy snaps; under a policy that
// takes any point the script puts the exact one into the part.
type focal struct {
	Src   string // the whole photo, small
	Spots []option
	Free  bool
	Kept  string // in words
}

func (o *offers) focal(key string, chosen photofit.Crop) focal {
	whole := look{}
	f := focal{Src: o.address(key, step{width: o.policy.WidthsFor(320)[len(o.policy.WidthsFor(320))-1]}, whole), Free: o.policy.Free}
	x, y := chosen.Point()
	column, row := third(x), third(y)
	for i := range 3 {
		for j := range 3 {
			point := photofit.FocalPoint(50*j, 50*i)
			mine := !chosen.Smart() && i == row && j == column
			if mine {
				point = chosen
			}
			f.Spots = append(f.Spots, option{spotValue(point), spotNames[3*i+j], mine})
		}
	}
	switch {
	case chosen.Smart():
		f.Kept = "What matters is found by looking at the photo."
	case chosen == 0:
		f.Kept = "The centre is kept. Click the part that matters."
	default:
		f.Kept = fmt.Sprintf("The point at %d%% from the left and %d%% from the top is kept.", x, y)
	}
	return f
}

var spotNames = [9]string{"Top left", "Top", "Top right", "Left", "The centre", "Right", "Bottom left", "Bottom", "Bottom right"}

// third is the part of the photo, 0 to 2, that a point in percent is in: those of
// photofit's own grid.
func third(percent int) int {
	switch {
	case percent <= 33:
		return 0
	case percent >= 67:
		return 2
	}
	return 1
}

// spotValue is a crop as the view's address has it; of the centre it is empty.
func spotValue(c photofit.Crop) string {
	if c == 0 {
		return ""
	}
	return c.String()
}

// cropOf reads what spotValue or "smart" says, snapped as the policy does it.
func (o *offers) cropOf(value string) photofit.Crop {
	if value == "smart" {
		return photofit.SmartCrop
	}
	rest, ok := strings.CutPrefix(value, "fp")
	across, down, found := strings.Cut(rest, "-")
	if !ok || !found {
		return 0
	}
	x, errX := strconv.ParseUint(across, 10, 8)
	y, errY := strconv.ParseUint(down, 10, 8)
	if errX != nil || errY != nil {
		return 0
	}
	return o.point(int(x), int(y))
}
