package photofit

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// ladder is every recipe of the default policy for a photo b, written out from
// its description and not by its code; those of its public original and of what is known of it.
var ladder = func() map[Recipe]bool {
	all := map[Recipe]bool{{Photo: "b", Format: Original}: true, {Photo: "b", Format: InfoJSON}: true}
	add := func(r Recipe) {
		for _, r.Format = range []Format{Auto, AutoWebP, AutoAVIF, JPEG, WebP, AVIF, PNG} {
			for _, r.Quality = range []int{0, 60, 80} {
				if r.Format != PNG || r.Quality == 0 {
					all[r] = true
				}
			}
		}
	}
	for _, w := range []int{32, 48, 64, 96, 128, 160, 200, 256, 320, 400, 480, 560, 640, 800, 960, 1120, 1280, 1440, 1600, 1920, 2240, 2560, 3200, 3840} {
		add(Recipe{Photo: "b", Width: w})
		add(Recipe{Photo: "b", Height: w})
	}
	for _, w := range []int{64, 160, 320, 480, 800, 1280, 1920, 2560} {
		for _, ratio := range [][2]float64{{1, 1}, {5, 4}, {4, 5}, {4, 3}, {3, 4}, {3, 2}, {2, 3}, {16, 9}, {9, 16}, {2, 1}, {21, 9}} {
			h := int(math.Floor(float64(w)*ratio[1]/ratio[0] + 0.5))
			add(Recipe{Photo: "b", Width: w, Height: h})
			add(Recipe{Photo: "b", Width: w, Height: h, Fit: Cover, Crop: SmartCrop})
			for _, x := range []int{0, 50, 100} {
				for _, y := range []int{0, 50, 100} {
					add(Recipe{Photo: "b", Width: w, Height: h, Fit: Cover, Crop: FocalPoint(x, y)})
				}
			}
		}
	}
	return all
}()

func TestCount(t *testing.T) {
	p := DefaultPolicy()
	if p.Count() != 19305 || p.Count() != (Policy{}).Count() || p.Count() >= 20000 {
		t.Errorf("Count() = %d", p.Count())
	}
	p.OriginalsPublic = true
	if p.Count() != len(ladder) {
		t.Errorf("Count() = %d, want %d with the original", p.Count(), len(ladder))
	}
	if OpenPolicy().Count() != -1 || SignedPolicy([]byte("k")).Count() != -1 {
		t.Error("a free policy has a count")
	}
	small := Policy{Widths: []int{10}, CropWidths: []int{1}, Ratios: []Ratio{{9, 10}, {1, 1}}, Qualities: []int{}}
	// One width, one height; both ratios are the box 1 × 1, in 11 ways; 7 formats; info.
	if got := small.Count(); got != (2+11)*7+1 {
		t.Errorf("Count() = %d, want %d", got, (2+11)*7+1)
	}
}

// Whatever is asked ends on the ladder, and all of the ladder is reached.
func TestLadderIsExactlyWhatURLsReach(t *testing.T) {
	p := DefaultPolicy()
	p.OriginalsPublic = true
	reached := map[Recipe]bool{}
	ask := func(query, accept string) {
		r, err := Resolve("/b", query, accept, p)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		if !ladder[r] {
			t.Fatalf("%s became %s, which is not on the ladder", query, r.Path())
		}
		reached[r] = true
	}
	accepts := map[Format]string{Auto: "", AutoWebP: "image/webp", AutoAVIF: takesAVIF}
	encodings := func(geometry string) {
		for _, q := range []string{"", "&q=1", "&q=100"} {
			for _, fm := range []string{"jpg", "webp", "avif", "png"} {
				ask(geometry+q+"&fm="+fm, "")
			}
			for _, accept := range accepts {
				ask(geometry+q, accept)
			}
		}
	}
	// Single sides in every encoding, then all sizes and all pairs of a net of
	// them in one.
	for n := 1; n < 4200; n += 5 {
		encodings(fmt.Sprintf("w=%d", n))
		encodings(fmt.Sprintf("h=%d", n))
	}
	for n := range 4200 {
		ask(fmt.Sprintf("w=%d", n+1), "")
		ask(fmt.Sprintf("h=%d", n+1), "")
	}
	var net []int
	for n := 1.0; n < 6000; n = max(n+1, n*1.09) {
		net = append(net, int(n))
	}
	for _, w := range net {
		for _, h := range net {
			ask(fmt.Sprintf("w=%d&h=%d", w, h), "")
			ask(fmt.Sprintf("w=%d&h=%d&fit=crop&crop=smart", w, h), "")
			ask(fmt.Sprintf("fit=crop&ar=%d:%d", w, h), "")
		}
	}
	for _, w := range []int{3, 100, 200, 400, 500, 900, 1500, 5000} {
		for _, ar := range []string{"1:1", "5:4", "4:5", "4:3", "3:4", "3:2", "2:3", "16:9", "9:16", "2:1", "3:1"} {
			for _, crop := range []string{"center", "top", "left", "right", "bottom", "top,left", "top,right", "bottom,left", "bottom,right", "smart"} {
				encodings(fmt.Sprintf("fit=crop&w=%d&ar=%s&crop=%s", w, ar, crop))
			}
		}
	}
	for r := range ladder {
		if r.Width != 0 && r.Height != 0 && r.Fit == Clip {
			encodings(fmt.Sprintf("w=%d&h=%d", r.Width, r.Height))
		}
	}
	ask("fm=original", "")
	ask("fm=json", "")
	if len(reached) != p.Count() {
		t.Errorf("%d recipes reached of %d", len(reached), p.Count())
	}
	for r := range ladder {
		if !reached[r] {
			t.Fatalf("%s was not reached", r.Path())
		}
		if got, err := Resolve(r.Path(), "", "", p); got != r || err != nil {
			t.Fatalf("%s became %s, %v", r.Path(), got.Path(), err)
		}
		if !p.Allows(r) {
			t.Fatalf("%s is not allowed", r.Path())
		}
	}
}

func TestAllows(t *testing.T) {
	for path, want := range map[string]bool{
		"/b/_w800.auto":            true,
		"/b/_w801.auto":            false,
		"/b/_h600.auto":            false,
		"/b/_w800-h451-crop.auto":  false,
		"/b/_w400-h400-crop.auto":  false,
		"/b/_w800-h450-fp1-0.auto": false,
		"/b/_w800-q81.auto":        false,
		"/b/_original":             false,
	} {
		r, err := ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		if got := (Policy{}).Allows(r); got != want {
			t.Errorf("%s allowed: %v", path, got)
		}
		if got := OpenPolicy().Allows(r); got != (r.Format != Original) {
			t.Errorf("%s allowed to all: %v", path, got)
		}
	}
	for _, r := range []Recipe{{}, {Photo: "b"}, {Width: 800}, {Photo: "b", Width: -1}, {Photo: "\xff", Width: 800}, {Photo: "b", Width: 800, Format: 77},
		{Photo: "b", Width: 800, Quality: 101}, {Photo: "b", Width: 800, Crop: SmartCrop}, {Photo: "b", Width: 8, Height: 8, Fit: Cover, Crop: 60000}} {
		if OpenPolicy().Allows(r) {
			t.Errorf("%+v is allowed", r)
		}
	}
}

// Rounding can bring a box's sides nearer to another ratio than to its own. It
// is there all the same, and stays what it is.
func TestBoxesStay(t *testing.T) {
	p := Policy{CropWidths: []int{10}, Ratios: []Ratio{{1000, 552}, {20, 9}}}
	for ar, want := range map[string]string{"20:9": "/b/_w10-h5-crop.auto", "1000:552": "/b/_w10-h6-crop.auto"} {
		r, err := Resolve("/b", "fit=crop&w=10&ar="+ar, "", p)
		if err != nil || r.Path() != want {
			t.Errorf("%s became %s, %v", ar, r.Path(), err)
		}
		if again, err := Resolve(r.Path(), "", "", p); again != r || err != nil {
			t.Errorf("%s became %s, %v", r.Path(), again.Path(), err)
		}
	}
}

func TestLadderSteps(t *testing.T) {
	p := DefaultPolicy()
	if err := p.Check(); err != nil {
		t.Error(err)
	}
	for i, w := range p.Widths[1:] {
		limit := 1.5
		if p.Widths[i] >= 320 {
			limit = 1.25
		}
		if step := float64(w) / float64(p.Widths[i]); step > limit {
			t.Errorf("from %d to %d is a step of %.2f", p.Widths[i], w, step)
		}
	}
	for _, w := range p.CropWidths {
		if !slices.Contains(p.Widths, w) {
			t.Errorf("%d is a width of crops only", w)
		}
	}
	p.Widths[0] = 7
	if DefaultPolicy().Widths[0] == 7 {
		t.Error("DefaultPolicy hands out its own list")
	}
}

func TestWidthsFor(t *testing.T) {
	p := Policy{Widths: []int{100, 200, 400}}
	for width, want := range map[int][]int{
		0: {100, 200, 400}, -1: {100, 200, 400}, 1: {100}, 100: {100}, 101: {100, 200}, 399: {100, 200, 400}, 5000: {100, 200, 400},
	} {
		if got := p.WidthsFor(width); !slices.Equal(got, want) {
			t.Errorf("WidthsFor(%d) = %v, want %v", width, got, want)
		}
	}
	p.Free, p.FreeSide = true, 200
	if got := p.WidthsFor(5000); !slices.Equal(got, []int{100, 200}) {
		t.Errorf("up to 200: %v", got)
	}
	p.FreeSide = 50
	if got := p.WidthsFor(5000); !slices.Equal(got, []int{50}) {
		t.Errorf("up to 50: %v", got)
	}
}

func TestCheck(t *testing.T) {
	key := make([]byte, 16)
	for _, p := range []Policy{{}, OpenPolicy(), SignedPolicy(key), {Key: key}, {Qualities: []int{}}, {FreeSide: MaxSide}} {
		if err := p.Check(); err != nil {
			t.Errorf("%+v: %v", p, err)
		}
	}
	for _, p := range []Policy{
		{Widths: []int{0}}, {Widths: []int{2, 1}}, {Widths: []int{1, 1}}, {Widths: []int{MaxSide + 1}}, {CropWidths: []int{-1}},
		{Qualities: []int{101}}, {Qualities: []int{0}}, {Qualities: []int{80, 60}},
		{Ratios: []Ratio{{0, 1}}}, {Ratios: []Ratio{{1, 1001}}}, {Ratios: []Ratio{{2, 1}, {1, 1}}}, {Ratios: []Ratio{{1, 1}, {2, 2}}},
		{FreeSide: -1}, {FreeSide: MaxSide + 1}, SignedPolicy(nil), SignedPolicy(key[:15]), {Signed: true},
	} {
		if p.Check() == nil {
			t.Errorf("%+v passes", p)
		}
	}
}

// The nearest ratio by logarithm, in floating point, wherever that is clear.
func TestNearestRatio(t *testing.T) {
	for a := 1; a < 400; a++ {
		for b := 1; b < 400; b++ {
			x := math.Log(float64(a) / float64(b))
			distance := func(r Ratio) float64 { return math.Abs(x - math.Log(float64(r.W)/float64(r.H))) }
			got := nearestRatio(defaultRatios, Ratio{a, b})
			for _, r := range defaultRatios {
				if distance(r) < distance(got)-1e-12 {
					t.Fatalf("%d:%d became %v, %v is nearer", a, b, got, r)
				}
			}
		}
	}
	// Half way between 1:1 and 4:1 is 2:1, and the wider has it.
	if got := nearestRatio([]Ratio{{1, 1}, {4, 1}}, Ratio{2, 1}); got != (Ratio{4, 1}) {
		t.Errorf("a tie became %v", got)
	}
	if got := newRatio(1_000_000_000, 1); got != (Ratio{61035, 1}) {
		t.Errorf("a great ratio became %v", got)
	}
}
