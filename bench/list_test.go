package main

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"photofit"
)

func names(n int) (all []string) {
	for i := range n {
		all = append(all, fmt.Sprintf("%03d.jpg", i))
	}
	return all
}

func TestMixListIsTheSameForASeed(t *testing.T) {
	one, again, other := mixList(7, names(200), 500), mixList(7, names(200), 500), mixList(8, names(200), 500)
	if !slices.Equal(one, again) {
		t.Error("the same seed gives another list")
	}
	if slices.Equal(one, other) {
		t.Error("another seed gives the same list")
	}
	// So that figures of different days are of the same requests. Another list here
	// is another benchmark: say so where figures are compared.
	if want := []ask{{"011.jpg", 640, "jpg"}, {"023.jpg", 640, "avif"}, {"092.jpg", 1440, "jpg"}}; !slices.Equal(one[:3], want) {
		t.Errorf("the list begins with %v, want %v", one[:3], want)
	}
}

func TestMixListIsAPagesTraffic(t *testing.T) {
	const n = 60_000
	list := mixList(1, names(200), n)
	count, widths, byFormat := map[string]int{}, map[string]map[int]bool{}, map[string]int{}
	ladder := photofit.DefaultPolicy().Widths
	for _, a := range list {
		count[a.photo]++
		byFormat[a.format]++
		if widths[a.photo] == nil {
			widths[a.photo] = map[int]bool{}
		}
		widths[a.photo][a.width] = true
		if !slices.Contains(ladder, a.width) {
			t.Fatalf("%d is no width of the ladder", a.width)
		}
	}
	if len(count) != 200 {
		t.Errorf("%d photos are asked for, want 200", len(count))
	}
	for photo, w := range widths {
		if len(w) > perPhoto {
			t.Errorf("%s is asked for in %d widths", photo, len(w))
		}
	}
	for _, f := range formats {
		if share := float64(byFormat[f]) / n; math.Abs(share-1.0/3) > 0.01 {
			t.Errorf("%s has a share of %.3f", f, share)
		}
	}
	var ranked []int
	sum := 0.0
	for _, c := range count {
		ranked = append(ranked, c)
	}
	slices.SortFunc(ranked, func(a, b int) int { return b - a })
	for r := range 200 {
		sum += math.Pow(float64(r+1), -popularity)
	}
	for _, r := range []int{0, 1, 9, 49} {
		want := n * math.Pow(float64(r+1), -popularity) / sum
		if got := float64(ranked[r]); math.Abs(got-want) > 0.1*want {
			t.Errorf("rank %d is asked for %.0f times, want about %.0f", r+1, got, want)
		}
	}
	if ranked[199] == 0 || distinct(list) > 200*perPhoto*len(formats) {
		t.Errorf("%d renditions", distinct(list))
	}
}

func TestWidthShares(t *testing.T) {
	shares := widthShares(photofit.DefaultPolicy().Widths)
	sum := 0.0
	for _, s := range shares {
		sum += s
	}
	if math.Abs(sum-1) > 1e-9 {
		t.Errorf("shares come to %v", sum)
	}
	for width, want := range map[int]float64{
		96:   0.10 * 0.20,           // a strip on a desktop: 80 px
		640:  0.40*0.30 + 0.40*0.20, // half of a telephone: 585 px; a quarter of 1280 px, twice as dense
		1280: 0.40*0.30 + 0.10*0.30, // across a telephone: 1170 px
		1920: 0.10*0.20 + 0.10*0.05, // across a desktop, and a tablet: 1640 px
		2240: 0,                     // nobody
	} {
		if got := shares[width]; math.Abs(got-want) > 1e-9 {
			t.Errorf("%d px: %v, want %v", width, got, want)
		}
	}
	if got := widthShares([]int{100, 200})[200]; got < 0.85 {
		t.Errorf("what is above the top is the top: %v", got)
	}
}

func TestPercentile(t *testing.T) {
	var hundred []float64
	for i := range 100 {
		hundred = append(hundred, float64(100-i))
	}
	for _, tt := range []struct {
		values []float64
		part   float64
		want   float64
	}{
		{nil, 0.5, 0}, {[]float64{3}, 0.99, 3}, {hundred, 0.99, 99}, {hundred, 0.5, 50}, {hundred, 1, 100}, {hundred, 0, 1},
		{[]float64{4, 1, 3, 2}, 0.99, 4}, {[]float64{4, 1, 3, 2}, 0.5, 2},
	} {
		if got := percentile(tt.values, tt.part); got != tt.want {
			t.Errorf("%v of %d values: %v, want %v", tt.part, len(tt.values), got, tt.want)
		}
	}
}
