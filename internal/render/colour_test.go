package render

import (
	"encoding/binary"
	"image"
	"image/color"
	"slices"
	"testing"

	"photofit"
	"photofit/internal/imgtest"
	"photofit/internal/probe"
	"photofit/internal/vips"
)

// spaceOf tells the space that a rendition is in by its own profile: sRGB where
// it has none. Any other than Display P3 should not be.
func spaceOf(t testing.TB, file []byte) imgtest.Space {
	t.Helper()
	h := header(t, file)
	if h.ICC == nil {
		return imgtest.SRGB
	}
	want, err := probe.ParseProfile(imgtest.ICC(imgtest.DisplayP3, 4))
	if err != nil {
		t.Fatal(err)
	}
	got, at := h.Colour.Profile.Gamut, want.Gamut
	for _, d := range []float64{got.Red.X - at.Red.X, got.Green.Y - at.Green.Y, got.Blue.X - at.Blue.X, h.Colour.Profile.Mid - want.Mid} {
		if d > .002 || d < -.002 {
			t.Errorf("a profile that is not Display P3: %+v", h.Colour.Profile)
		}
	}
	return imgtest.DisplayP3
}

// distances gives how far each patch of a rendition is from what it should look
// like, in ascending order.
func distances(t testing.TB, file []byte, patches []imgtest.Patch) []float64 {
	t.Helper()
	img, space := decode(t, file), spaceOf(t, file)
	var list []float64
	for _, p := range patches {
		want := p.Lab
		if p.Space != imgtest.Gray { // what the space lacks is cut off
			v := [3]float64{float64(p.Value.R) / 255, float64(p.Value.G) / 255, float64(p.Value.B) / 255}
			cut, _ := p.Space.Convert(v, space)
			want = space.Lab(cut)
		}
		list = append(list, imgtest.DeltaE2000(want, space.Lab(p.Read(img))))
	}
	slices.Sort(list)
	return list
}

func TestColoursLookTheSame(t *testing.T) {
	recipes := []photofit.Recipe{}
	for _, f := range formats {
		large, tiny := clipped(300, 0, f), clipped(96, 0, f)
		large.Quality, tiny.Quality = 95, 95
		recipes = append(recipes, large, tiny)
	}
	for _, space := range []imgtest.Space{imgtest.SRGB, imgtest.DisplayP3, imgtest.AdobeRGB, imgtest.Gray} {
		_, patches := imgtest.Patches(space)
		files := map[string][]byte{
			"JPEG, ICC 2": imgtest.PatchesJPEG(space, 2), "JPEG, ICC 4": imgtest.PatchesJPEG(space, 4),
			"PNG, ICC 2": imgtest.PatchesPNG(space, 2), "PNG, ICC 4": imgtest.PatchesPNG(space, 4),
		}
		switch space {
		case imgtest.SRGB:
			files["JPEG, no profile"], files["PNG, no profile"] = imgtest.PatchesJPEG(space, 0), imgtest.PatchesPNG(space, 0)
		case imgtest.AdobeRGB:
			files["JPEG, EXIF says so"] = imgtest.InsertSegments(imgtest.PatchesJPEG(space, 0), imgtest.EXIFSegment(exifAdobe()))
			files["PNG, EXIF says so"] = imgtest.InsertChunks(imgtest.PatchesPNG(space, 0), imgtest.EXIFChunk(exifAdobe()))
		case imgtest.DisplayP3:
			files["PNG, cICP says so"] = imgtest.InsertChunks(imgtest.PatchesPNG(space, 0), imgtest.Chunk{Type: "cICP", Data: []byte{12, 13, 0, 1}})
		}
		for kind, file := range files {
			for _, r := range recipes {
				out := made(t, file, r)
				d := distances(t, out.Body, patches)
				// JPEG photos lose a little on the way in, patches of 16 pixels a little on the way out.
				if median, worst := d[len(d)/2], d[len(d)-1]; median > 1.5 || worst > 4 {
					t.Errorf("%v %s, %s: median distance %.2f, worst %.2f", space, kind, r.Path(), median, worst)
				}
				wide := space == imgtest.DisplayP3 || space == imgtest.AdobeRGB
				if got, want := header(t, out.Body).ICC != nil, wide && r.Width == 300; got != want {
					t.Errorf("%v %s, %s: it has a profile: %t, want %t", space, kind, r.Path(), got, want)
				}
				if n := len(header(t, out.Body).ICC); n > 600 {
					t.Errorf("%v %s, %s: a profile of %d bytes", space, kind, r.Path(), n)
				}
			}
		}
	}
}

// exifAdobe is what a camera that is set to Adobe RGB writes in place of a
// profile (DCF 2.0): colour space "uncalibrated", interoperability R03.
func exifAdobe() []byte {
	le := binary.LittleEndian
	entry := func(b []byte, tag, kind uint16, count, value uint32) []byte {
		return le.AppendUint32(le.AppendUint32(le.AppendUint16(le.AppendUint16(b, tag), kind), count), value)
	}
	b := []byte("II*\x00\x08\x00\x00\x00")
	b = le.AppendUint32(entry(le.AppendUint16(b, 1), 0x8769, 4, 1, 26), 0)
	b = le.AppendUint16(b, 2)
	b = entry(b, 0xA001, 3, 1, 0xFFFF)
	b = le.AppendUint32(entry(b, 0xA005, 4, 1, 56), 0)
	b = le.AppendUint16(b, 1)
	return le.AppendUint32(entry(b, 1, 2, 4, le.Uint32([]byte("R03\x00"))), 0)
}

// A profile that belongs to other pixels, or is rubbish, must not spoil them.
func TestUselessProfiles(t *testing.T) {
	img, patches := imgtest.Patches(imgtest.SRGB)
	cut := imgtest.ICC(imgtest.DisplayP3, 2)
	for name, profile := range map[string][]byte{
		"grey profile in a colour photo": imgtest.ICC(imgtest.Gray, 2),
		"rubbish":                        []byte("this is no profile, though it is long enough to look like one. this is no profile, though it is long enough to look like one. really"),
		"cut short":                      cut[:140],
	} {
		for _, file := range [][]byte{imgtest.JPEG(img, 95, imgtest.ICCSegments(profile)...), imgtest.PNG(img, imgtest.ICCPChunk("x", profile))} {
			for _, f := range formats {
				out := made(t, file, clipped(300, 0, f))
				d := distances(t, out.Body, patches)
				if median, worst := d[len(d)/2], d[len(d)-1]; median > 1.5 || worst > 6 {
					t.Errorf("%s, %v: median distance %.2f, worst %.2f", name, f, median, worst)
				}
				if header(t, out.Body).ICC != nil {
					t.Errorf("%s, %v: the rendition has a profile", name, f)
				}
			}
		}
	}
	// An RGB profile in a grey photo.
	grey := image.NewGray(image.Rect(0, 0, 200, 200))
	for i := range grey.Pix {
		grey.Pix[i] = 128
	}
	for _, chunk := range []imgtest.Chunk{imgtest.ICCPChunk("x", imgtest.ICC(imgtest.DisplayP3, 2)), imgtest.EXIFChunk(exifAdobe())} {
		out := made(t, imgtest.PNG(grey, chunk), clipped(180, 0, photofit.PNG))
		if got := decode(t, out.Body).NRGBAAt(90, 90); abs(int(got.R)-128) > 1 || got.R != got.G || got.R != got.B {
			t.Errorf("grey 128 with %s became %v", chunk.Type, got)
		}
		if header(t, out.Body).ICC != nil {
			t.Errorf("grey with %s has a profile", chunk.Type)
		}
	}
}

// inks stores a picture in CMYK, as libvips separates it.
func inks(t testing.TB, img *image.RGBA, embedded bool) []byte {
	t.Helper()
	return encoded(t, img, false, func(im *vips.Image) ([]byte, error) {
		im, err := im.Transform("cmyk")
		if err != nil {
			return nil, err
		}
		if im, err = im.Describe(vips.Rights{}, embedded); err != nil {
			return nil, err
		}
		return im.SaveJPEG(95, true)
	})
}

func TestInksBecomeSRGB(t *testing.T) {
	img, patches := imgtest.Patches(imgtest.SRGB)
	for _, embedded := range []bool{true, false} {
		file := inks(t, img, embedded)
		if h := header(t, file); !h.CMYK || (h.ICC != nil) != embedded {
			t.Fatalf("the photo is not what it should be: CMYK %t, profile %d bytes", h.CMYK, len(h.ICC))
		}
		for _, f := range formats {
			out := made(t, file, clipped(300, 0, f))
			if header(t, out.Body).ICC != nil || header(t, out.Body).CMYK {
				t.Errorf("%v of inks (profile %t): CMYK, or with a profile", f, embedded)
			}
			d := distances(t, out.Body, patches)
			// A press has no pure blue: what is out of its reach is not the renderer's fault.
			if median := d[len(d)/2]; median > 3 {
				t.Errorf("%v of inks (profile %t): median distance %.2f: %.1f", f, embedded, median, d)
			}
			for _, p := range patches {
				if p.Name != "white" && p.Name != "black" && p.Name != "grey" && p.Name != "skin" {
					continue
				}
				rgb := p.Read(decode(t, out.Body))
				got := color.RGBA{uint8(rgb[0]*255 + .5), uint8(rgb[1]*255 + .5), uint8(rgb[2]*255 + .5), 255}
				if abs(int(got.R)-int(p.SRGB.R)) > 14 || abs(int(got.G)-int(p.SRGB.G)) > 14 || abs(int(got.B)-int(p.SRGB.B)) > 14 {
					t.Errorf("%v of inks (profile %t): %s is %v, want about %v", f, embedded, p.Name, got, p.SRGB)
				}
			}
		}
	}
}
