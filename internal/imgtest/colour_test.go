package imgtest

import (
	"bytes"
	"encoding/binary"
	"image"
	"math"
	"testing"
)

// The pairs that Sharma, Wu and Dalal published with "The CIEDE2000 Color-Difference Formula: Implementation Notes" (2005), table 1.
func TestDeltaE2000(t *testing.T) {
	for _, c := range []struct {
		a, b Lab
		want float64
	}{
		{Lab{50, 2.6772, -79.7751}, Lab{50, 0, -82.7485}, 2.0425},
		{Lab{50, 3.1571, -77.2803}, Lab{50, 0, -82.7485}, 2.8615},
		{Lab{50, 2.8361, -74.0200}, Lab{50, 0, -82.7485}, 3.4412},
		{Lab{50, -1.3802, -84.2814}, Lab{50, 0, -82.7485}, 1.0000},
		{Lab{50, -1.1848, -84.8006}, Lab{50, 0, -82.7485}, 1.0000},
		{Lab{50, -0.9009, -85.5211}, Lab{50, 0, -82.7485}, 1.0000},
		{Lab{50, 0, 0}, Lab{50, -1, 2}, 2.3669},
		{Lab{50, -1, 2}, Lab{50, 0, 0}, 2.3669},
		{Lab{50, 2.4900, -0.0010}, Lab{50, -2.4900, 0.0009}, 7.1792},
		{Lab{50, 2.4900, -0.0010}, Lab{50, -2.4900, 0.0010}, 7.1792},
		{Lab{50, 2.4900, -0.0010}, Lab{50, -2.4900, 0.0011}, 7.2195},
		{Lab{50, 2.4900, -0.0010}, Lab{50, -2.4900, 0.0012}, 7.2195},
		{Lab{50, -0.0010, 2.4900}, Lab{50, 0.0009, -2.4900}, 4.8045},
		{Lab{50, -0.0010, 2.4900}, Lab{50, 0.0010, -2.4900}, 4.8045},
		{Lab{50, -0.0010, 2.4900}, Lab{50, 0.0011, -2.4900}, 4.7461},
		{Lab{50, 2.5, 0}, Lab{50, 0, -2.5}, 4.3065},
		{Lab{50, 2.5, 0}, Lab{73, 25, -18}, 27.1492},
		{Lab{50, 2.5, 0}, Lab{61, -5, 29}, 22.8977},
		{Lab{50, 2.5, 0}, Lab{56, -27, -3}, 31.9030},
		{Lab{50, 2.5, 0}, Lab{58, 24, 15}, 19.4535},
		{Lab{50, 2.5, 0}, Lab{50, 3.1736, 0.5854}, 1.0000},
		{Lab{50, 2.5, 0}, Lab{50, 3.2972, 0}, 1.0000},
		{Lab{50, 2.5, 0}, Lab{50, 1.8634, 0.5757}, 1.0000},
		{Lab{50, 2.5, 0}, Lab{50, 3.2592, 0.3350}, 1.0000},
		{Lab{60.2574, -34.0099, 36.2677}, Lab{60.4626, -34.1751, 39.4387}, 1.2644},
		{Lab{63.0109, -31.0961, -5.8663}, Lab{62.8187, -29.7946, -4.0864}, 1.2630},
		{Lab{61.2901, 3.7196, -5.3901}, Lab{61.4292, 2.2480, -4.9620}, 1.8731},
		{Lab{35.0831, -44.1164, 3.7933}, Lab{35.0232, -40.0716, 1.5901}, 1.8645},
		{Lab{22.7233, 20.0904, -46.6940}, Lab{23.0331, 14.9730, -42.5619}, 2.0373},
		{Lab{36.4612, 47.8580, 18.3852}, Lab{36.2715, 50.5065, 21.2231}, 1.4146},
		{Lab{90.8027, -2.0831, 1.4410}, Lab{91.1528, -1.6435, 0.0447}, 1.4441},
		{Lab{90.9257, -0.5406, -0.9208}, Lab{88.6381, -0.8985, -0.7239}, 1.5381},
		{Lab{6.7747, -0.2908, -2.4247}, Lab{5.8714, -0.0985, -2.2286}, 0.6377},
		{Lab{2.0776, 0.0795, -1.1350}, Lab{0.9033, -0.0636, -0.5514}, 0.9082},
	} {
		if got := DeltaE2000(c.a, c.b); math.Abs(got-c.want) > 0.00006 {
			t.Errorf("%v, %v: %.4f, want %.4f", c.a, c.b, got, c.want)
		}
		if a, b := DeltaE2000(c.a, c.b), DeltaE2000(c.b, c.a); math.Abs(a-b) > 1e-9 {
			t.Errorf("%v, %v: %f one way, %f the other", c.a, c.b, a, b)
		}
	}
	if got := DeltaE76(Lab{50, 3, 4}, Lab{50, 0, 0}); got != 5 {
		t.Errorf("DeltaE76 = %f", got)
	}
}

func TestLab(t *testing.T) {
	// sRGB red relative to D50 is 54.29, 80.81, 69.89; the others follow from the primaries' chromaticities in the same way.
	for _, c := range []struct {
		s    Space
		rgb  [3]float64
		want Lab
	}{
		{SRGB, [3]float64{1, 1, 1}, Lab{100, 0, 0}},
		{DisplayP3, [3]float64{1, 1, 1}, Lab{100, 0, 0}},
		{AdobeRGB, [3]float64{1, 1, 1}, Lab{100, 0, 0}},
		{Gray, [3]float64{1, 0, 0}, Lab{100, 0, 0}},
		{SRGB, [3]float64{0, 0, 0}, Lab{}},
		{SRGB, [3]float64{1, 0, 0}, Lab{54.29, 80.81, 69.89}},
		{SRGB, [3]float64{0, 0, 1}, Lab{29.57, 68.30, -112.03}},
		{SRGB, [3]float64{.5, .5, .5}, Lab{53.39, 0, 0}},
	} {
		if got := c.s.Lab(c.rgb); DeltaE76(got, c.want) > .08 {
			t.Errorf("%v %v: %.2f, want %.2f", c.s, c.rgb, got, c.want)
		}
	}
}

func TestConvert(t *testing.T) {
	// The whole of sRGB lies in P3, and comes back as it went.
	for _, p := range patchColours {
		v := [3]float64{float64(p.r) / 255, float64(p.g) / 255, float64(p.b) / 255}
		wide, inside := SRGB.Convert(v, DisplayP3)
		back, _ := DisplayP3.Convert(wide, SRGB)
		for i := range v {
			if math.Abs(back[i]-v[i]) > 1e-3 || !inside {
				t.Errorf("%s: %v there, %v back, inside %v", p.name, wide, back, inside)
			}
		}
	}
	red, inside := SRGB.Convert([3]float64{1, 0, 0}, DisplayP3) // a well-known triple: 0.9175 0.2003 0.1386
	if math.Abs(red[0]-.9175) > .001 || math.Abs(red[1]-.2003) > .001 || math.Abs(red[2]-.1386) > .001 || !inside {
		t.Errorf("sRGB red in P3: %.4f", red)
	}
	if got, inside := DisplayP3.Convert([3]float64{0, 1, 0}, SRGB); inside || got[1] < .9999 || got[0] != 0 {
		t.Errorf("P3 green in sRGB: %.3f, inside %v", got, inside)
	}
	if s := SRGB.Encoded(SRGB.Linear(.02)); math.Abs(s-.02) > 1e-9 {
		t.Errorf("sRGB's foot: %v", s)
	}
}

// tagsOf reads a profile's table and checks its frame.
func tagsOf(t *testing.T, p []byte) map[string][]byte {
	t.Helper()
	be := binary.BigEndian
	if int(be.Uint32(p)) != len(p) || len(p)%4 != 0 || string(p[36:40]) != "acsp" || string(p[12:16]) != "mntr" {
		t.Fatalf("bad head: %q", p[:40])
	}
	tags := map[string][]byte{}
	for i := range int(be.Uint32(p[128:])) {
		e := p[132+12*i:]
		off, n := be.Uint32(e[4:]), be.Uint32(e[8:])
		if off%4 != 0 || int(off+n) > len(p) {
			t.Fatalf("tag %q leads outside", e[:4])
		}
		tags[string(e[:4])] = p[off : off+n]
	}
	return tags
}

func TestICC(t *testing.T) {
	fixed := func(b []byte) float64 { return float64(int32(binary.BigEndian.Uint32(b))) / 65536 }
	for _, s := range []Space{SRGB, DisplayP3, AdobeRGB, Gray} {
		for _, v := range []int{2, 4} {
			p := ICC(s, v)
			tags := tagsOf(t, p)
			if int(p[8]) != v {
				t.Errorf("%v: version %d", s, p[8])
			}
			if _, ok := tags["chad"]; ok != (v == 4) {
				t.Errorf("%v v%d: chad %v", s, v, ok)
			}
			if s == Gray {
				if string(p[16:20]) != "GRAY" || tags["kTRC"] == nil {
					t.Errorf("gray: %q, %d bytes of curve", p[16:20], len(tags["kTRC"]))
				}
				continue
			}
			// The colorants of a display profile add up to the connection space's white.
			for i := range 3 {
				sum := 0.0
				for _, c := range []string{"rXYZ", "gXYZ", "bXYZ"} {
					sum += fixed(tags[c][8+4*i:])
				}
				if math.Abs(sum-d50[i]) > .0003 {
					t.Errorf("%v v%d: white %d is %.4f, want %.4f", s, v, i, sum, d50[i])
				}
			}
		}
	}
	// sRGB's published colorants (IEC 61966-2-1 annex, adapted by Bradford) and Adobe RGB's.
	for s, want := range map[Space][3]float64{SRGB: {.4361, .2225, .0139}, AdobeRGB: {.6097, .3111, .0195}, DisplayP3: {.5151, .2412, -.0011}} {
		red := tagsOf(t, ICC(s, 4))["rXYZ"]
		for i, w := range want {
			if got := fixed(red[8+4*i:]); math.Abs(got-w) > .0004 {
				t.Errorf("%v: red's XYZ %d is %.4f, want %.4f", s, i, got, w)
			}
		}
	}
	if curve := tagsOf(t, ICC(SRGB, 2))["gTRC"]; len(curve) != 12+2*1024 || binary.BigEndian.Uint16(curve[12+2*512:]) < 13800 || binary.BigEndian.Uint16(curve[12+2*512:]) > 14200 {
		t.Errorf("sRGB's table: %d bytes", len(curve))
	}
}

func TestPatches(t *testing.T) {
	for _, s := range []Space{SRGB, DisplayP3, AdobeRGB, Gray} {
		for name, file := range map[string][]byte{"jpeg": PatchesJPEG(s, 4), "png": PatchesPNG(s, 2)} {
			img, _, err := image.Decode(bytes.NewReader(file))
			if err != nil {
				t.Fatalf("%v %s: %v", s, name, err)
			}
			_, list := Patches(s)
			outside := 0
			for _, p := range list {
				if d := DeltaE2000(s.Lab(p.Read(img)), p.Lab); d > 1.2 {
					t.Errorf("%v %s: %s is %.2f away", s, name, p.Name, d)
				}
				seen := [3]float64{float64(p.SRGB.R) / 255, float64(p.SRGB.G) / 255, float64(p.SRGB.B) / 255}
				if d := DeltaE2000(SRGB.Lab(seen), p.Lab); p.Inside && d > .6 {
					t.Errorf("%v: %s in sRGB is %.2f away", s, p.Name, d)
				}
				if !p.Inside {
					outside++
				}
			}
			if wide := s == DisplayP3 || s == AdobeRGB; wide != (outside > 0) {
				t.Errorf("%v: %d patches lie outside sRGB", s, outside)
			}
		}
	}
	// A P3 chart read as sRGB must be told from the right one.
	img, list := Patches(DisplayP3)
	worst := 0.0
	for _, p := range list {
		worst = max(worst, DeltaE2000(SRGB.Lab(p.Read(img)), p.Lab))
	}
	if worst < 3 {
		t.Errorf("ignoring the profile costs only %.2f", worst)
	}
	for _, s := range []Space{SRGB, DisplayP3, AdobeRGB, Gray} {
		if m, err := JPEGMetadata(PatchesJPEG(s, 2)); err != nil || !bytes.Equal(m.ICC, ICC(s, 2)) {
			t.Errorf("%v: another profile, %v", s, err)
		}
		list, err := Chunks(PatchesPNG(s, 4))
		if want := ICCPChunk(s.String(), ICC(s, 4)); err != nil || list[1].Type != "iCCP" || !bytes.Equal(list[1].Data, want.Data) {
			t.Errorf("%v: another profile in the PNG, %v", s, err)
		}
	}
	if m, err := JPEGMetadata(PatchesJPEG(SRGB, 0)); err != nil || m.ICC != nil {
		t.Errorf("version 0 has a profile, %v", err)
	}
}
