package sheet

import (
	"context"
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

// What a rendition is held against is the original where all may have it and a
// browser shows it, else the most that the policy lets be asked for; and it is said
// which it is.
func TestBest(t *testing.T) {
	public := photofit.Policy{OriginalsPublic: true}
	open := photofit.OpenPolicy()
	few := photofit.Policy{Widths: []int{400, 800}, Qualities: []int{}}
	large, small := Facts{Width: 6000, Height: 4000}, Facts{Width: 3000, Height: 2000}
	film, none := Facts{Width: 400, Height: 300, Film: true}, Facts{}
	const private, cut, unshown = "The original itself with --originals public", "The original itself has another shape", "Browsers do not show the original itself"
	tests := []struct {
		policy            photofit.Policy
		known             Facts
		photo, query      string
		best, label, note string
	}{
		{photofit.Policy{}, large, "a.jpg", "", "/a.jpg?w=3840&fm=png", "3,840 × 2,560, lossless", private},
		{photofit.Policy{}, small, "a.jpg", "", "/a.jpg?w=3200&fm=png", "3,000 × 2,000, lossless", private},
		{photofit.Policy{}, none, "a.jpg", "q=60&fm=webp&w=640", "/a.jpg?w=3840&fm=png", "3,840 wide, lossless", private},
		{photofit.Policy{}, large, "a.jpg", "ar=16:9&crop=fp0-0", "/a.jpg?w=2560&ar=16:9&fit=crop&crop=focalpoint&fp-x=0&fp-y=0&fm=png", "2,560 × 1,440, lossless", cut},
		{photofit.Policy{}, film, "a.gif", "", "/a.gif?w=400&q=80&fm=webp", "400 × 300, WebP, quality 80", private},
		{photofit.Policy{}, small, "a.tiff", "", "/a.tiff?w=3200&fm=png", "3,000 × 2,000, lossless", unshown},
		{few, large, "a.jpg", "", "/a.jpg?w=800&fm=png", "800 × 533, lossless", private},
		{few, film, "a.webp", "", "/a.webp?w=400&fm=webp", "400 × 300, WebP", private},
		{open, large, "a.jpg", "", "/a.jpg?w=6000&fm=png", "6,000 × 4,000, lossless", private},
		{open, small, "a.jpg", "ar=1:1", "/a.jpg?w=2560&ar=1:1&fit=crop&fm=png", "2,000 × 2,000, lossless", cut},
		{open, large, "a.jpg", "ar=1:1", "/a.jpg?w=4000&ar=1:1&fit=crop&fm=png", "4,000 × 4,000, lossless", cut},
		{open, Facts{Width: 20000, Height: 14000}, "a.jpg", "", "/a.jpg?w=8192&fm=png", "8,192 × 5,734, lossless", private},
		{open, film, "a.gif", "", "/a.gif?w=400&q=100&fm=webp", "400 × 300, WebP, quality 100", private},
		{public, large, "a.JPG", "", "/a.JPG/_original", "The original", "1.2 KB"},
		{public, film, "a.gif", "", "/a.gif/_original", "The original", "1.2 KB"},
		{public, large, "a.tif", "", "/a.tif?w=3840&fm=png", "3,840 × 2,560, lossless", unshown},
		{public, large, "a.jpg", "ar=1:1&fm=webp", "/a.jpg?w=2560&ar=1:1&fit=crop&fm=png", "2,560 × 2,560, lossless", cut},
	}
	for _, test := range tests {
		config := Config{Photos: photosOf(test.photo), Policy: test.policy, Facts: func(context.Context, string) (Facts, error) { return test.known, nil }}
		c := viewOf(t, config, "", test.photo, test.query).Tools.Compare
		if c.Best != test.best || c.BestLabel != test.label || c.BestNote+c.Flag != test.note || c.Original != (test.label == "The original") || c.Bytes != 1234 {
			t.Errorf("%s %s of %v: %+v", test.photo, test.query, test.known, c)
		}
	}
	// So is what the rendition is.
	c := viewOf(t, Config{Photos: photosOf("a.jpg")}, "", "a.jpg", "ar=3:2&fm=webp&q=60&w=640").Tools.Compare
	if c.Label != "800 × 533, WebP, quality 60" || c.Rendition != "/a.jpg?w=800&ar=3:2&fit=crop&q=60&fm=webp" {
		t.Errorf("the rendition is %s, %q", c.Rendition, c.Label)
	}
}
