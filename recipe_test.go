package photofit

import (
	"strconv"
	"strings"
	"testing"
)

// The grammar, both ways.
var recipes = []struct {
	path   string
	recipe Recipe
}{
	{"/trip/b.jpg/_w800.webp", Recipe{Photo: "trip/b.jpg", Width: 800, Format: WebP}},
	{"/trip/b.jpg/_w800.auto", Recipe{Photo: "trip/b.jpg", Width: 800}},
	{"/trip/b.jpg/_w800.auto-webp", Recipe{Photo: "trip/b.jpg", Width: 800, Format: AutoWebP}},
	{"/trip/b.jpg/_w800.auto-avif", Recipe{Photo: "trip/b.jpg", Width: 800, Format: AutoAVIF}},
	{"/trip/b.jpg/_h600.auto", Recipe{Photo: "trip/b.jpg", Height: 600}},
	{"/trip/b.jpg/_w800-h450.jpg", Recipe{Photo: "trip/b.jpg", Width: 800, Height: 450, Format: JPEG}},
	{"/trip/b.jpg/_w800-h450-crop-q80.webp", Recipe{Photo: "trip/b.jpg", Width: 800, Height: 450, Fit: Cover, Quality: 80, Format: WebP}},
	{"/trip/b.jpg/_w800-h450-smart.avif", Recipe{Photo: "trip/b.jpg", Width: 800, Height: 450, Fit: Cover, Crop: SmartCrop, Format: AVIF}},
	{"/trip/b.jpg/_w800-h450-fp50-0.png", Recipe{Photo: "trip/b.jpg", Width: 800, Height: 450, Fit: Cover, Crop: FocalPoint(50, 0), Format: PNG}},
	{"/trip/b.jpg/_w1-h1-fp0-100-q1.avif", Recipe{Photo: "trip/b.jpg", Width: 1, Height: 1, Fit: Cover, Crop: FocalPoint(0, 100), Quality: 1, Format: AVIF}},
	{"/trip/b.jpg/_w65535-q100.jpg", Recipe{Photo: "trip/b.jpg", Width: 65535, Quality: 100, Format: JPEG}},
	{"/trip/b.jpg/_original", Recipe{Photo: "trip/b.jpg", Format: Original}},
	{"/trip/b.jpg/_info.json", Recipe{Photo: "trip/b.jpg", Format: InfoJSON}},
	{"/trip/_w800.auto", Recipe{Photo: "trip", Width: 800}},
	{"/~5Fw800.webp/_w800.webp", Recipe{Photo: "_w800.webp", Width: 800, Format: WebP}},
	{"/a~20b/~E4~B8~96~E7~95~8C.jpg/_w32.auto", Recipe{Photo: "a b/世界.jpg", Width: 32}},
	{"/~2E~2E/a/~2Fb~2F/_w32.auto", Recipe{Photo: "../a//b/", Width: 32}},
}

func TestRecipeBothWays(t *testing.T) {
	for _, c := range recipes {
		if got := c.recipe.Path(); got != c.path {
			t.Errorf("%+v.Path() = %s, want %s", c.recipe, got, c.path)
		}
		got, err := ParsePath(c.path)
		if got != c.recipe || err != nil {
			t.Errorf("ParsePath(%s) = %+v, %v, want %+v", c.path, got, err, c.recipe)
		}
		key := c.recipe.Key()
		if want := "r" + strconv.Itoa(Shelf) + c.path; key != want {
			t.Errorf("Key() = %s, want %s", key, want)
		}
		if got, err := ParseKey(key); got != c.recipe || err != nil {
			t.Errorf("ParseKey(%s) = %+v, %v", key, got, err)
		}
	}
}

func TestParsePathRefuses(t *testing.T) {
	for _, path := range []string{
		"", "/", "//", "_w800.webp", "/_w800.webp", "//_w800.webp", "trip/b.jpg/_w800.webp", "/b.jpg", "/b.jpg/w800.webp",
		// Another spelling of what has one already.
		"/b.jpg/_w0800.webp", "/b.jpg/_w800-h450-fp50-50.webp", "/b.jpg/_w800-crop.webp", "/b.jpg/_h450-smart.webp",
		"/b.jpg/_w800-q80.png", "/b.jpg/_q80-w800.webp", "/b.jpg/_h450-w800.webp", "/b.jpg/_w800-q80-h450.webp",
		"/b.jpg/_w800-h450-fp050-0.webp", "/b.jpg/_w800-h450-crop-smart.webp", "/b.jpg/_w800.jpeg", "/b.jpg/_w800.JPG",
		"/b.jpg/_W800.jpg", "/b%2Ejpg/_w800.webp", "/~62.jpg/_w800.webp", "/a~2fb/_w800.webp", "/./b.jpg/_w800.webp",
		"/../b.jpg/_w800.webp", "/a//b.jpg/_w800.webp", "/a b.jpg/_w800.webp", "/_b.jpg/_w800.webp", "/-/_w800.webp",
		"/-/b.jpg/_w800.webp", "/b.jpg/_w800.webp/", "/b.jpg//_w800.webp", "/b.jpg/_original.jpg", "/é/_w800.webp",
		// Out of range.
		"/b.jpg/_w0.webp", "/b.jpg/_h0.webp", "/b.jpg/_w65536.webp", "/b.jpg/_w99999999999999999999.webp", "/b.jpg/_w-1.webp",
		"/b.jpg/_w800-q0.webp", "/b.jpg/_w800-q101.webp", "/b.jpg/_w800-h450-fp101-0.webp", "/b.jpg/_w800-h450-fp50.webp",
		"/b.jpg/_w800-h450-fp-50.webp",
		// Incomplete.
		"/b.jpg/_", "/b.jpg/_.webp", "/b.jpg/_w.webp", "/b.jpg/_w800", "/b.jpg/_w800.", "/b.jpg/_w800-.webp", "/b.jpg/_crop.webp",
		"/b.jpg/_w800-h.webp", "/b.jpg/_w800-q.webp", "/b.jpg/_w800.auto-jpg", "/b.jpg/_w800.autoavif", "/b.jpg/_-h450.webp",
		// Bad escapes, and what is not UTF-8.
		"/b~/_w800.webp", "/b~2/_w800.webp", "/b~GG/_w800.webp", "/b~FF/_w800.webp", "/b\xff/_w800.webp",
		"/b.jpg/_info.jsonx", "/b.jpg/_info", "/_info.json", "/b.jpg/_info.json?", "/b.jpg/_original?", "/b.jpg/_w800.webp?", "/b.jpg/_w800.webp#a",
	} {
		if r, err := ParsePath(path); err == nil {
			t.Errorf("ParsePath(%q) = %+v, want an error", path, r)
		} else if r != (Recipe{}) {
			t.Errorf("ParsePath(%q) gives %+v with its error", path, r)
		}
	}
	for _, key := range []string{"", "/r1/b.jpg/_w800.webp", "r2/b.jpg/_w800.webp", "r01/b.jpg/_w800.webp", "b.jpg/_w800.webp", "r1//b.jpg/_w800.webp", "r1/_w800.webp"} {
		if r, err := ParseKey(key); err == nil {
			t.Errorf("ParseKey(%q) = %+v, want an error", key, r)
		}
	}
}

// What has no effect doesn't make another path.
func TestPathDropsWhatHasNoEffect(t *testing.T) {
	for _, c := range []struct {
		recipe Recipe
		want   string
	}{
		{Recipe{Photo: "b", Width: 8, Crop: SmartCrop}, "/b/_w8.auto"},
		{Recipe{Photo: "b", Width: 8, Fit: Cover, Crop: SmartCrop}, "/b/_w8.auto"},
		{Recipe{Photo: "b", Height: 8, Fit: Cover}, "/b/_h8.auto"},
		{Recipe{Photo: "b", Width: 8, Height: 8, Crop: FocalPoint(0, 0)}, "/b/_w8-h8.auto"},
		{Recipe{Photo: "b", Width: 8, Quality: 60, Format: PNG}, "/b/_w8.png"},
		{Recipe{Photo: "b", Width: 8, Height: 8, Fit: Cover, Crop: SmartCrop, Quality: 60, Format: Original}, "/b/_original"},
	} {
		got := c.recipe.Path()
		if got != c.want {
			t.Errorf("%+v.Path() = %s, want %s", c.recipe, got, c.want)
		}
		if _, err := ParsePath(got); err != nil {
			t.Errorf("ParsePath(%s): %v", got, err)
		}
	}
}

func TestKeyPrefix(t *testing.T) {
	for photo, want := range map[string]string{
		"trip/b.jpg": "r1/trip/b.jpg/_",
		"trip":       "r1/trip/_",
		"_a":         "r1/~5Fa/_",
		"a/":         "r1/a~2F/_",
		"":           "r1/_",
	} {
		if got := KeyPrefix(photo); got != want {
			t.Errorf("KeyPrefix(%q) = %s, want %s", photo, got, want)
		}
	}
}

// A master lies among what is made of its photo, and is none of what can be asked for.
func TestMasterKey(t *testing.T) {
	for _, photo := range []string{"trip/b.jpg", "_~master", "a/_~master", "~master", "r1/_~master"} {
		key := MasterKey(photo)
		if !strings.HasPrefix(key, KeyPrefix(photo)) || !IsMasterKey(key) || !IsMasterKey("r9"+key[2:]) {
			t.Errorf("%q: %s", photo, key)
		}
		if r, err := ParseKey(key); err == nil {
			t.Errorf("%s can be asked for: %+v", key, r)
		}
		if key := (Recipe{Photo: photo, Width: 320}).Key(); IsMasterKey(key) {
			t.Errorf("%s is taken for a master", key)
		}
	}
}

func TestCropPoints(t *testing.T) {
	seen := map[Crop]bool{SmartCrop: true}
	for x := range 101 {
		for y := range 101 {
			c := FocalPoint(x, y)
			if gotX, gotY := c.Point(); gotX != x || gotY != y || c.Smart() {
				t.Fatalf("FocalPoint(%d, %d).Point() = %d, %d", x, y, gotX, gotY)
			}
			if seen[c] {
				t.Fatalf("FocalPoint(%d, %d) = %d is not its own", x, y, c)
			}
			seen[c] = true
		}
	}
	if FocalPoint(50, 50) != 0 {
		t.Error("the centre is not zero")
	}
	if FocalPoint(-1, 101) != FocalPoint(0, 100) {
		t.Error("points outside are not brought to the edge")
	}
	if x, y := SmartCrop.Point(); x != 50 || y != 50 || !SmartCrop.Smart() {
		t.Error("SmartCrop is not smart, or off centre")
	}
}

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		f                Format
		name, ext, media string
		negotiated       bool
	}{
		{Auto, "auto", ".auto", "", true},
		{AutoWebP, "auto-webp", ".auto-webp", "", true},
		{AutoAVIF, "auto-avif", ".auto-avif", "", true},
		{JPEG, "jpg", ".jpg", "image/jpeg", false},
		{WebP, "webp", ".webp", "image/webp", false},
		{AVIF, "avif", ".avif", "image/avif", false},
		{PNG, "png", ".png", "image/png", false},
		{Original, "original", "", "", false},
		{InfoJSON, "json", "", "application/json", false},
		{Format(200), "unknown", "", "", false},
	} {
		if c.f.String() != c.name || c.f.Ext() != c.ext || c.f.MediaType() != c.media || c.f.Negotiated() != c.negotiated {
			t.Errorf("%v: %q %q %v", c.f, c.f.Ext(), c.f.MediaType(), c.f.Negotiated())
		}
	}
}

func FuzzParsePath(f *testing.F) {
	for _, c := range recipes {
		f.Add(c.path)
	}
	f.Add("/b.jpg/_w800-h450-fp50-50.webp")
	f.Add("/a~2fb/_w800.webp")
	f.Fuzz(func(t *testing.T, path string) {
		r, err := ParsePath(path)
		if err != nil {
			return
		}
		if got := r.Path(); got != path {
			t.Fatalf("ParsePath(%q).Path() = %q", path, got)
		}
		if back, err := ParseKey(r.Key()); back != r || err != nil {
			t.Fatalf("ParseKey(%q) = %+v, %v", r.Key(), back, err)
		}
		if got, err := Resolve(path, "", "", Policy{Free: true, FreeSide: MaxSide, OriginalsPublic: true}); got != r || err != nil {
			t.Fatalf("Resolve(%q) = %+v, %v, want %+v", path, got, err, r)
		}
	})
}
