package main

import (
	"math"
	"testing"
)

func TestCurveFindsEqualLooks(t *testing.T) {
	c := newCurve([]trial{{80, 4000, 75}, {60, 1000, 55}, {90, 16000, 85}})
	for _, tt := range []struct {
		score, bytes float64
		reached      bool
	}{
		{55, 1000, true}, {65, 2000, true}, {75, 4000, true}, {80, 8000, true}, {85, 16000, true}, {54.9, 0, false}, {85.1, 0, false},
	} {
		bytes, reached := c.bytesAt(tt.score)
		if math.Abs(bytes-tt.bytes) > 1e-6 || reached != tt.reached {
			t.Errorf("%.1f points take %.1f bytes (%t), want %.1f (%t)", tt.score, bytes, reached, tt.bytes, tt.reached)
		}
	}
	for quality, want := range map[float64]float64{10: 55, 60: 55, 70: 65, 80: 75, 85: 80, 90: 85, 99: 85} {
		if got := c.scoreAt(quality); math.Abs(got-want) > 1e-9 {
			t.Errorf("at %.0f it has %.1f points, want %.1f", quality, got, want)
		}
	}
}

// A setting may look no better, or worse, at a higher quality: small pictures do.
func TestCurveMayFall(t *testing.T) {
	c := newCurve([]trial{{60, 1000, 70}, {70, 2000, 70}, {80, 4000, 60}, {90, 8000, 80}})
	for score, want := range map[float64]float64{65: 2000 * math.Sqrt2, 70: math.Sqrt(2) * 1000, 75: 8000 / math.Pow(2, .25)} {
		if got, reached := c.bytesAt(score); !reached || math.Abs(got-want) > 1e-6 {
			t.Errorf("%.0f points take %.1f bytes (%t), want %.1f", score, got, reached, want)
		}
	}
}

func TestEqualQuality(t *testing.T) {
	curves := []curve{
		newCurve([]trial{{60, 1, 50}, {80, 2, 70}}),
		newCurve([]trial{{60, 1, 60}, {80, 2, 80}}),
		newCurve([]trial{{60, 1, 61}, {80, 2, 62}}),
	}
	for score, want := range map[float64]float64{10: 60, 61.5: 70, 100: 80} {
		if got := equalQuality(curves, score); math.Abs(got-want) > .11 {
			t.Errorf("%.1f points in the median at %.1f, want %.1f", score, got, want)
		}
	}
}

func TestSettings(t *testing.T) {
	first, own := map[string]setting{}, map[string]int{}
	for _, s := range encoderSettings() {
		if _, found := first[s.format]; !found {
			first[s.format] = s
		}
		if s.own {
			own[s.format]++
		}
		if s.own && s.peer > 0 || qualities[s.format] == nil {
			t.Errorf("%s: its qualities are not known", s.name)
		}
	}
	for _, format := range formats {
		if first[format].peer == 0 || own[format] != 1 {
			t.Errorf("%s: the first is %q, which has to be a peer's, and %d are photofit's", format, first[format].name, own[format])
		}
	}
	if first["jpg"].peer != yardstick {
		t.Errorf("the first JPEG is of quality %d, and not the yardstick", first["jpg"].peer)
	}
}
