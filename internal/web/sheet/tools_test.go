package sheet

import (
	"strings"
	"testing"

	"photofit"
)

// Every address of the tools leads to its photo, and to what the policy has.
func TestToolsArePolicys(t *testing.T) {
	policies := map[string]photofit.Policy{
		"default": {},
		"short":   {Widths: []int{100, 300}, CropWidths: []int{50, 90}, Ratios: []photofit.Ratio{{W: 1, H: 1}}, Qualities: []int{}},
		"public":  {OriginalsPublic: true},
		"open":    photofit.OpenPolicy(),
		"narrow":  {Free: true, FreeSide: 700},
		"signed":  photofit.SignedPolicy([]byte("0123456789abcdef")),
	}
	for name, p := range policies {
		h := New(Config{Photos: photosOf(oddNames...), Policy: p}).(*handler)
		for _, photo := range oddNames {
			for _, query := range []string{"", "ar=1:1&crop=fp100-0&q=60", "ar=1:1&crop=smart&fm=png&w=640"} {
				tools := viewOf(t, h.Config, "", photo, query).Tools
				addresses := []string{tools.Info, tools.Focal.Src, tools.Compare.Best, tools.Compare.Rendition}
				for _, o := range append(tools.Sizes, tools.Formats...) {
					addresses = append(addresses, o.Address)
				}
				for _, c := range tools.Crops {
					addresses = append(addresses, c.Src)
				}
				for _, address := range addresses {
					path, asked, _ := strings.Cut(address, "?")
					r, err := photofit.Resolve(path, asked, "", p)
					if err != nil || r.Photo != photo || !p.Allows(r) {
						t.Fatalf("%s: %q: %s is %v, %v", name, photo, address, r, err)
					}
					if cut := r.Fit == photofit.Cover; cut && strings.Contains(query, "fp100-0") && r.Crop != photofit.FocalPoint(100, 0) {
						t.Errorf("%s: %s keeps %v", name, address, r.Crop)
					}
				}
			}
		}
	}
}

func TestFocalPoint(t *testing.T) {
	tests := []struct {
		value        string
		ladder, free photofit.Crop
	}{
		{"", 0, 0}, {"smart", photofit.SmartCrop, photofit.SmartCrop}, {"fp50-50", 0, 0},
		{"fp0-100", photofit.FocalPoint(0, 100), photofit.FocalPoint(0, 100)},
		{"fp33-34", photofit.FocalPoint(0, 50), photofit.FocalPoint(33, 34)},
		{"fp66-67", photofit.FocalPoint(50, 100), photofit.FocalPoint(66, 67)},
		{"fp200-0", photofit.FocalPoint(100, 0), photofit.FocalPoint(100, 0)},
		{"fp-1-0", 0, 0}, {"fp10", 0, 0}, {"10-10", 0, 0}, {"fp1-2-3", 0, 0}, {"top", 0, 0}, {"fp999-0", 0, 0},
	}
	for _, test := range tests {
		for policy, want := range map[*photofit.Policy]photofit.Crop{{}: test.ladder, {Free: true}: test.free, {Free: true, Signed: true}: test.free} {
			o := newOffers(*policy)
			if got := o.cropOf(test.value); got != want {
				t.Errorf("%q, free %v: %v, want %v", test.value, policy.Free, got, want)
			}
		}
	}
	// One part is chosen, the one that the policy snaps to the same point.
	o := newOffers(photofit.Policy{})
	for x := range 101 {
		f := o.focal("a.jpg", photofit.FocalPoint(x, 50))
		var chosen []int
		for i, s := range f.Spots {
			if s.Chosen {
				chosen = append(chosen, i)
			}
		}
		snapped, _ := o.point(x, 50).Point()
		if len(chosen) != 1 || chosen[0] != 3+snapped/50 {
			t.Errorf("at %d %%: parts %v, snapped to %d", x, chosen, snapped)
		}
	}
	if f := o.focal("a.jpg", photofit.SmartCrop); strings.Contains(f.Kept, "%") {
		t.Errorf("what matters is told as %q", f.Kept)
	}
}

// The original is what a rendition is held against where all may have it and a
// browser shows it.
func TestBest(t *testing.T) {
	public := photofit.Policy{OriginalsPublic: true}
	tests := []struct {
		policy       photofit.Policy
		photo, query string
		best, label  string
	}{
		{photofit.Policy{}, "a.jpg", "", "/a.jpg?w=3840&q=80", "Greatest size, quality 80"},
		{photofit.Policy{Qualities: []int{}}, "a.jpg", "", "/a.jpg?w=3840", "Greatest size"},
		{public, "a.JPG", "", "/a.JPG/_original", "Original"},
		{public, "a.tif", "", "/a.tif?w=3840&q=80", "Greatest size, quality 80"},
		{public, "a.jpg", "ar=1:1&fm=webp", "/a.jpg?w=2560&ar=1:1&fit=crop&q=80", "Greatest size, quality 80"},
	}
	for _, test := range tests {
		c := viewOf(t, Config{Photos: photosOf(test.photo), Policy: test.policy}, "", test.photo, test.query).Tools.Compare
		if c.Best != test.best || c.BestLabel != test.label || c.Original != (test.label == "Original") {
			t.Errorf("%s %s: %+v", test.photo, test.query, c)
		}
	}
}
