package render

import (
	"bytes"
	"compress/zlib"
	"image"
	"io"
	"strings"
	"testing"

	"photofit"
	"photofit/internal/imgtest"
	"photofit/internal/probe"
)

// secrets are what the photos below tell and no rendition may.
var secrets = []string{"SN-4711", "LENS-0815", "Owner Name", "MAKER-NOTE", "Town", "Headline", "Private title", "Caption", "46,34", "Comment of mine", "CAM-MODEL", "2024:05:01"}

var rights = probe.Rights{
	Copyright: "© 2026 Änne Exämple & Söhne", Creator: "Änne Exämple", Credit: "Exämple/Agency", Terms: "Ask <first>",
	Statement: "https://example.com/licence?a=1&b=2", Licensor: "https://example.com/buy",
}

func secretEXIF(o int) []byte {
	return imgtest.EXIF{
		Orientation: o, Make: "CAM-MAKE", Model: "CAM-MODEL", Artist: rights.Creator, Copyright: rights.Copyright, DateTime: "2024:05:01 06:30:00",
		Serial: "SN-4711", LensSerial: "LENS-0815", Owner: "Owner Name", MakerNote: []byte(strings.Repeat("MAKER-NOTE ", 20)),
		GPS: &imgtest.Position{Lat: 46.576, Lon: 7.93, Alt: 1200}, Preview: preview(), BigEndian: true,
	}.Bytes()
}

// preview is a small JPEG with a mark that would be found again.
func preview() []byte {
	return imgtest.JPEG(image.NewRGBA(image.Rect(0, 0, 16, 16)), 50, imgtest.Segment{Marker: 0xFE, Data: []byte("PREVIEW MARK")})
}

// talkative photos tell everything in every place that their type has.
func talkative(t testing.TB) map[string][]byte {
	img := imgtest.OrientationChart(240, 160)
	packet := strings.Replace(string(rights.XMP()), "</rdf:Description>",
		`<dc:title>Private title</dc:title><aux:SerialNumber xmlns:aux="http://ns.adobe.com/exif/1.0/aux/">SN-4711</aux:SerialNumber>`+
			`<exif:GPSLatitude xmlns:exif="http://ns.adobe.com/exif/1.0/">46,34.56N</exif:GPSLatitude></rdf:Description>`, 1)
	iptc := imgtest.IPTC{Headline: "Headline", Byline: rights.Creator, City: "Town", Copyright: rights.Copyright, Caption: "Caption"}
	comment := imgtest.Segment{Marker: 0xFE, Data: []byte("Comment of mine")}
	side := imgtest.Stored(img, 6)
	return map[string][]byte{
		"JPEG": imgtest.JPEG(side, 90, imgtest.EXIFSegment(secretEXIF(6)), imgtest.XMPSegment(packet), iptc.Segment(), comment),
		"PNG":  imgtest.PNG(side, imgtest.EXIFChunk(secretEXIF(6)), imgtest.XMPChunk(packet), imgtest.TextChunk("Comment", "Comment of mine")),
		"WebP": withEXIF(t, encoded(t, side, false, webp), secretEXIF(6), 160, 240),
	}
}

// readable gives a file's bytes, those of deflated PNG texts inflated.
func readable(t testing.TB, file []byte) []byte {
	t.Helper()
	out := bytes.Clone(file)
	if header(t, file).Type != probe.PNG {
		return out
	}
	chunks, err := imgtest.Chunks(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range chunks {
		_, packed, ok := bytes.Cut(c.Data, []byte("\x00\x00"))
		if c.Type != "zTXt" || !ok {
			continue
		}
		z, err := zlib.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, text...)
	}
	return out
}

// exifOf finds a rendition's EXIF block, nil if it has none.
func exifOf(t testing.TB, file []byte) []byte {
	t.Helper()
	switch header(t, file).Type {
	case probe.JPEG:
		m, err := imgtest.JPEGMetadata(file)
		if err != nil {
			t.Fatal(err)
		}
		return m.EXIF
	case probe.PNG:
		chunks, err := imgtest.Chunks(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range chunks {
			if c.Type == "eXIf" {
				return c.Data
			}
		}
	case probe.WebP:
		for _, c := range riffChunks(t, file) {
			if c.name == "EXIF" {
				return bytes.TrimPrefix(c.data, []byte("Exif\x00\x00"))
			}
		}
	case probe.AVIF:
		if i := bytes.Index(file, []byte("II*\x00")); i >= 0 {
			return file[i:]
		}
	}
	return nil
}

func TestNothingPrivateComesAlong(t *testing.T) {
	for kind, file := range talkative(t) {
		all := readable(t, file)
		if !bytes.Contains(all, []byte("SN-4711")) || !bytes.Contains(all, []byte("PREVIEW MARK")) {
			t.Fatalf("the %s photo does not tell what it should", kind)
		}
		want := header(t, file).Rights
		if kind != "WebP" && want != rights || want.Copyright != rights.Copyright {
			t.Fatalf("the %s photo's rights are %+v", kind, want)
		}
		for _, f := range formats {
			for _, r := range []photofit.Recipe{clipped(240, 0, f), clipped(100, 0, f), cropped(50, 50, 0, f)} {
				out := made(t, file, r)
				text := readable(t, out.Body)
				for _, s := range append(secrets, "PREVIEW MARK", "CAM-MAKE") {
					if bytes.Contains(text, []byte(s)) {
						t.Errorf("%s, %s tells %q", kind, r.Path(), s)
					}
				}
				if n := bytes.Count(text, []byte("<x:xmpmeta")); want != (probe.Rights{}) && n != 1 {
					t.Errorf("%s, %s has %d XMP packets", kind, r.Path(), n)
				}
				if i := bytes.Index(out.Body[3:], []byte("\xff\xd8\xff")); i >= 0 {
					t.Errorf("%s, %s has another JPEG inside", kind, r.Path())
				}
				h := header(t, out.Body)
				if h.Rights != want {
					t.Errorf("%s, %s: rights are %+v, want %+v", kind, r.Path(), h.Rights, want)
				}
				if h.Orientation != 1 || !h.Taken.IsZero() {
					t.Errorf("%s, %s: orientation %d, taken %v", kind, r.Path(), h.Orientation, h.Taken)
				}
				e, err := imgtest.ParseEXIF(exifOf(t, out.Body))
				if err != nil {
					t.Errorf("%s, %s: EXIF: %v", kind, r.Path(), err)
					continue
				}
				if e.GPS != nil || e.Serial != "" || e.LensSerial != "" || e.Owner != "" || e.MakerNote != nil || e.Preview != nil || e.Orientation > 1 {
					t.Errorf("%s, %s: EXIF tells %+v", kind, r.Path(), e)
				}
				if e.Copyright != rights.Copyright || e.Artist != rights.Creator {
					t.Errorf("%s, %s: EXIF says %q by %q", kind, r.Path(), e.Copyright, e.Artist)
				}
			}
		}
	}
}

// Without rights there is nothing to say, and each byte counts.
func TestNothingIsMadeUp(t *testing.T) {
	file := imgtest.JPEG(imgtest.OrientationChart(60, 40), 90)
	for _, f := range formats {
		out := made(t, file, clipped(30, 0, f))
		if exif := exifOf(t, out.Body); exif != nil {
			t.Errorf("%v has %d bytes of EXIF", f, len(exif))
		}
		if bytes.Contains(out.Body, []byte("xmpmeta")) || bytes.Contains(out.Body, []byte("XML:com.adobe.xmp")) {
			t.Errorf("%v has XMP", f)
		}
	}
}

// The photographers' own.
func TestCamerasKeepTheirSecrets(t *testing.T) {
	for _, name := range []string{"p12_s7.jpg", "p12_iphonexs_p3_o6.jpg", "p22_5dm3.jpg", "p10_canon_o6.jpg", "p16_leica_o8.jpg"} {
		file := camera(t, name)
		in := header(t, file)
		meta, err := imgtest.JPEGMetadata(file)
		if err != nil {
			t.Fatal(err)
		}
		e, err := imgtest.ParseEXIF(meta.EXIF)
		if err != nil {
			t.Logf("%s: its own EXIF: %v", name, err)
		}
		for _, f := range formats {
			out := made(t, file, clipped(320, 0, f))
			text := readable(t, out.Body)
			for _, s := range []string{e.Serial, e.LensSerial, e.Owner, e.Model, e.Make, e.DateTime} {
				if len(s) > 3 && s != in.Rights.Creator && bytes.Contains(text, []byte(s)) {
					t.Errorf("%s, %v tells %q", name, f, s)
				}
			}
			if exif := exifOf(t, out.Body); len(exif) > 0 {
				got, err := imgtest.ParseEXIF(exif)
				if err != nil || got.GPS != nil || got.Preview != nil || got.MakerNote != nil {
					t.Errorf("%s, %v: EXIF tells %+v (%v)", name, f, got, err)
				}
			}
			h := header(t, out.Body)
			if h.Rights != in.Rights || h.Orientation != 1 {
				t.Errorf("%s, %v: rights %+v of %+v, orientation %d", name, f, h.Rights, in.Rights, h.Orientation)
			}
			if w, ht := in.Size(); (w > ht) != (out.Width > out.Height) {
				t.Errorf("%s, %v: %d × %d of %d × %d", name, f, out.Width, out.Height, w, ht)
			}
			if (h.ICC != nil) != in.Wide() {
				t.Errorf("%s, %v: a profile: %t, of a wide photo: %t", name, f, h.ICC != nil, in.Wide())
			}
		}
	}
}
