package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"sort"

	"photofit"
)

// ask is one request: a photo by its name, a width in pixels, a format as fm has it.
type ask struct {
	photo  string
	width  int
	format string
}

// formats are those that a page asks for, in equal parts: which of them a site
// serves, and to whom, is for the site to say.
var formats = []string{"jpg", "webp", "avif"}

// perPhoto is of how many widths a photo is asked for.
const perPhoto = 4

// popularity is the exponent by which photos are asked for: the one at rank r in
// proportion to 1/r^popularity. Breslau et al., "Web Caching and Zipf-like
// Distributions" (INFOCOM 1999), found 0.64 to 0.83 in the traces of six proxies.
const popularity = 0.8

// A page's widths follow from who looks at it and where the photo stands in it.
// Both lists are assumptions, of the shape that sites with photos report: more
// than half of the views by telephones, most photos in a column or a grid.
var (
	screens = []struct {
		width, share float64 // in CSS pixels; of views
		ratio        float64 // of the device's pixels to CSS pixels
	}{
		{390, 0.30, 3}, {412, 0.25, 2.625}, {820, 0.05, 2}, {1440, 0.20, 2}, {1920, 0.20, 1},
	}
	slots = []struct {
		share  float64                      // of photos
		across func(screen float64) float64 // how wide it is on such a screen, in CSS pixels
	}{
		{0.10, func(float64) float64 { return 80 }},                                       // a strip of tiny ones
		{0.40, func(w float64) float64 { return min(w, 1280) / pick(w < 800, 2.0, 4.0) }}, // a grid
		{0.40, func(w float64) float64 { return min(w, 720) }},                            // in the text's column
		{0.10, func(w float64) float64 { return w }},                                      // across the page
	}
)

// widthShares says how often each width of a ladder is asked for: the next one
// up from what a screen shows of a slot.
func widthShares(ladder []int) map[int]float64 {
	shares := map[int]float64{}
	for _, screen := range screens {
		for _, slot := range slots {
			wanted := int(math.Ceil(slot.across(screen.width) * screen.ratio))
			i, _ := slices.BinarySearch(ladder, wanted)
			shares[ladder[min(i, len(ladder)-1)]] += screen.share * slot.share
		}
	}
	return shares
}

// mixList is the requests of a page mix, the same for the same seed: n of
// them, for photos by rank and widths by their shares. A photo has four widths,
// so it is as if it stood in a few pages at always the same places.
func mixList(seed uint64, photos []string, n int) []ask {
	r := rand.New(rand.NewPCG(seed, 0))
	ladder := photofit.DefaultPolicy().Widths
	shares := widthShares(ladder)
	weight := func(widths []int) []float64 {
		weights := make([]float64, len(widths))
		for i, w := range widths {
			weights[i] = shares[w]
		}
		return weights
	}
	ranked := slices.Clone(photos) // so that the popular ones are not those of one source
	r.Shuffle(len(ranked), func(i, j int) { ranked[i], ranked[j] = ranked[j], ranked[i] })
	widths := make([][]int, len(ranked))
	for i := range widths {
		left := slices.Clone(ladder)
		for range perPhoto {
			k := draw(r, weight(left))
			widths[i] = append(widths[i], left[k])
			left = slices.Delete(left, k, k+1)
		}
	}
	ranks := make([]float64, len(ranked))
	for i := range ranks {
		ranks[i] = math.Pow(float64(i+1), -popularity)
	}
	list := make([]ask, n)
	for i := range list {
		p := draw(r, ranks)
		list[i] = ask{ranked[p], widths[p][draw(r, weight(widths[p]))], formats[r.IntN(len(formats))]}
	}
	return list
}

// draw gives an index by its weight.
func draw(r *rand.Rand, weights []float64) int {
	sums := make([]float64, len(weights))
	sum := 0.0
	for i, w := range weights {
		sum += w
		sums[i] = sum
	}
	at := r.Float64() * sum
	return min(sort.Search(len(sums), func(i int) bool { return sums[i] > at }), len(sums)-1)
}

// distinct is how many different renditions a list asks for.
func distinct(list []ask) int {
	seen := map[ask]bool{}
	for _, a := range list {
		seen[a] = true
	}
	return len(seen)
}
