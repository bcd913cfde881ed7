package layout

import (
	"cmp"
	"math"
	"slices"
)

// Measure gives the widths of all images at a viewport's width, in CSS pixels, by
// their numbers; 0, or none, is an image that is not shown there.
type Measure func(viewport int) (map[int]float64, error)

// The viewports that are told apart, in CSS pixels. What holds at the ends holds
// beyond them.
const (
	Least = 320
	Most  = 2560
)

// usual are measured first: the widths of devices, and the breakpoints of the
// frameworks with the pixel before.
var usual = []int{Least, 375, 430, 480, 575, 576, 639, 640, 699, 700, 767, 768, 899, 900, 991, 992, 1023, 1024, 1199, 1200, 1279, 1280,
	1439, 1440, 1600, 1920, Most}

// most is how many widths are measured beyond the usual ones.
const most = 160

// exact is by how much widths may be off a line, in CSS pixels: browsers lay out in
// 64ths of one.
const exact = .04

// Sizes measures, and gives what sizes says of each image that is shown anywhere.
func Sizes(measure Measure) (map[int]string, error) {
	samples := map[int]map[int]float64{}
	take := func(viewport int) error {
		if _, ok := samples[viewport]; ok {
			return nil
		}
		widths, err := measure(viewport)
		samples[viewport] = widths
		return err
	}
	type span struct{ from, to int }
	var open []span
	for i, viewport := range usual {
		if err := take(viewport); err != nil {
			return nil, err
		}
		if i > 0 && viewport-usual[i-1] > 1 {
			open = append(open, span{usual[i-1], viewport})
		}
	}
	for len(open) > 0 && len(samples) < len(usual)+most {
		// The widest first, so that what is left where there are too many is narrow.
		slices.SortStableFunc(open, func(a, b span) int { return cmp.Compare(b.to-b.from, a.to-a.from) })
		s := open[0]
		open = open[1:]
		middle := (s.from + s.to) / 2
		if err := take(middle); err != nil {
			return nil, err
		}
		if straight(samples, s.from, middle, s.to) {
			continue
		}
		for _, half := range []span{{s.from, middle}, {middle, s.to}} {
			if half.to-half.from > 1 {
				open = append(open, half)
			}
		}
	}
	byImage := map[int][]point{}
	for _, viewport := range slices.Sorted(keys(samples)) {
		for image, width := range samples[viewport] {
			if width > 0 {
				byImage[image] = append(byImage[image], point{viewport, width})
			}
		}
	}
	sizes := map[int]string{}
	for image, points := range byImage {
		sizes[image] = text(fit(points))
	}
	return sizes, nil
}

func keys(m map[int]map[int]float64) func(func(int) bool) {
	return func(yield func(int) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// straight tells whether all images' widths at middle are on the line between those at
// its sides.
func straight(samples map[int]map[int]float64, from, middle, to int) bool {
	share := float64(middle-from) / float64(to-from)
	for image, width := range samples[middle] {
		a, b := samples[from][image], samples[to][image]
		if math.Abs(a+share*(b-a)-width) > exact {
			return false
		}
	}
	for image := range samples[from] {
		if _, ok := samples[middle][image]; !ok && samples[from][image] > 0 {
			return false
		}
	}
	return true
}
