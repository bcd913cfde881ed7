package imgtest

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"image"
	"image/gif"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/image/tiff"
)

func fullEXIF(big bool) EXIF {
	return EXIF{
		Orientation: 6, Make: "Make", Model: "M", Artist: "Ana Ferré", Copyright: "© 2024 Ana", DateTime: "2024:05:01 06:30:00",
		Serial: "0123456789", LensSerial: "L9", Owner: "Ana", MakerNote: []byte("secret"), GPS: &Position{46.5763, -7.9904, -12.5},
		Preview: JPEG(OrientationChart(32, 24), 80), BigEndian: big,
	}
}

func TestEXIFRoundTrip(t *testing.T) {
	for _, want := range []EXIF{{}, {Orientation: 3}, {GPS: &Position{-33.5, 151.25, 20}}, fullEXIF(false), fullEXIF(true)} {
		got, err := ParseEXIF(want.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if want.GPS != nil && got.GPS != nil {
			for _, d := range []float64{got.GPS.Lat - want.GPS.Lat, got.GPS.Lon - want.GPS.Lon, got.GPS.Alt - want.GPS.Alt} {
				if math.Abs(d) > 1e-6 {
					t.Errorf("place %v, want %v", *got.GPS, *want.GPS)
				}
			}
			got.GPS = want.GPS
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v\nwant %+v", got, want)
		}
	}
}

// The reader meets what a server writes: no cut or changed byte may make it panic.
func FuzzParseEXIF(f *testing.F) {
	f.Add(fullEXIF(false).Bytes())
	f.Add(fullEXIF(true).Bytes())
	f.Add(loopingEXIF())
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := ParseEXIF(b)
		if err == nil && len(e.Preview) > len(b) {
			t.Errorf("a preview of %d bytes in a block of %d", len(e.Preview), len(b))
		}
	})
}

func TestParseEXIFRefusesCutBlocks(t *testing.T) {
	whole := fullEXIF(false).Bytes()
	for _, n := range []int{0, 7, 9, 40, len(whole) - 1} {
		if _, err := ParseEXIF(whole[:n]); !errors.Is(err, errEXIF) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
}

func TestJPEGSegments(t *testing.T) {
	exif, packet := fullEXIF(false).Bytes(), XMP{Title: "A & B", Creator: "Ana", Rights: "©", Serial: "1", GPS: &Position{46.5, -7.25, 0}}.Packet()
	profile := bytes.Repeat([]byte("profile "), 20000) // needs three segments
	press := IPTC{Headline: "Head", Byline: "Ana", Copyright: "© Ana", City: "Bern"}
	segs := append([]Segment{EXIFSegment(exif), XMPSegment(packet), press.Segment()}, ICCSegments(profile)...)
	if len(segs) != 6 {
		t.Errorf("%d segments", len(segs))
	}
	img := OrientationChart(64, 48)
	file := JPEG(img, 90, segs...)
	m, err := JPEGMetadata(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(m.EXIF, exif) || m.XMP != packet || !bytes.Equal(m.ICC, profile) {
		t.Errorf("%d bytes of EXIF, %d of XMP, %d of ICC", len(m.EXIF), len(m.XMP), len(m.ICC))
	}
	if !bytes.HasPrefix(m.IPTC, []byte("8BIM\x04\x04")) || !bytes.Contains(m.IPTC, []byte("\x1C\x02\x74\x00\x06© Ana")) {
		t.Errorf("IPTC %q", m.IPTC)
	}
	if MaxDiff(decode(t, file), decode(t, JPEG(img, 90))) != 0 {
		t.Error("segments changed the pixels")
	}
	if m, err := JPEGMetadata(JPEG(img, 90)); err != nil || m.EXIF != nil || m.XMP != "" || m.ICC != nil || m.IPTC != nil {
		t.Errorf("a bare file says %+v, %v", m, err)
	}
	if _, err := Segments(file[:len(file)/2]); err == nil {
		t.Error("half of the segments make a whole")
	}
}

func TestXMPIsXML(t *testing.T) {
	packet := XMP{Title: "A < B & C", Rights: "©", GPS: &Position{-1.5, 2.5, 0}}.Packet()
	d := xml.NewDecoder(strings.NewReader(packet))
	var text strings.Builder
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if c, ok := tok.(xml.CharData); ok {
			text.Write(c)
		}
	}
	for _, want := range []string{"A < B & C", "©", "1,30.0000S", "2,30.0000E"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is missing from %q", want, text.String())
		}
	}
}

func TestPNGChunks(t *testing.T) {
	img := OrientationChart(64, 48)
	exif := fullEXIF(true).Bytes()
	file := PNG(img, ICCPChunk("P3", ICC(DisplayP3, 4)), EXIFChunk(exif), TextChunk("Comment", "hello"), XMPChunk(XMP{Rights: "©"}.Packet()))
	list, err := Chunks(file)
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, c := range list[:5] {
		kinds = append(kinds, c.Type)
	}
	if got := strings.Join(kinds, " "); got != "IHDR iCCP eXIf tEXt iTXt" {
		t.Errorf("chunks %s", got)
	}
	if !bytes.Equal(list[2].Data, exif) {
		t.Error("EXIF differs")
	}
	if MaxDiff(decode(t, file), img) != 0 {
		t.Error("chunks changed the pixels")
	}
}

func TestAnimations(t *testing.T) {
	for name, file := range map[string][]byte{"full": AnimatedGIF(60, 40, 7, 5), "sparse": SparseGIF(60, 40, 7, 5)} {
		g, err := gif.DecodeAll(bytes.NewReader(file))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(g.Image) != 7 || g.Delay[3] != 5 || g.Config.Width != 60 || g.LoopCount != 0 {
			t.Errorf("%s: %d frames, delay %d, %d wide, loops %d", name, len(g.Image), g.Delay[3], g.Config.Width, g.LoopCount)
		}
		if name == "sparse" && (g.Image[3].Rect.Dx() != 10 || g.Disposal[3] != gif.DisposalPrevious) {
			t.Errorf("sparse: frame of %v, disposal %d", g.Image[3].Rect, g.Disposal[3])
		}
		if name == "full" && RMS(g.Image[0], g.Image[6]) < 10 {
			t.Error("nothing moves")
		}
	}
	file := APNG(60, 40, 5, 10)
	list, err := Chunks(file)
	if err != nil {
		t.Fatal(err)
	}
	counts, next := map[string]int{}, uint32(0)
	for _, c := range list {
		counts[c.Type]++
		if c.Type == "fcTL" || c.Type == "fdAT" {
			if got := binary.BigEndian.Uint32(c.Data); got != next {
				t.Errorf("%s has number %d, want %d", c.Type, got, next)
			}
			next++
		}
	}
	if counts["acTL"] != 1 || counts["fcTL"] != 5 || counts["fdAT"] < 4 || counts["IHDR"] != 1 || counts["IEND"] != 1 {
		t.Errorf("chunks %v", counts)
	}
	if img := decode(t, file); MaxDiff(img, frame(60, 40, 0, 5, framePalette)) != 0 {
		t.Error("the first frame differs")
	}
}

func TestTIFF(t *testing.T) {
	img := OrientationChart(80, 60)
	for _, deflate := range []bool{false, true} {
		got, err := tiff.Decode(bytes.NewReader(TIFF(img, deflate)))
		if err != nil || MaxDiff(got, image.Image(img)) != 0 {
			t.Errorf("deflate %v: %v", deflate, err)
		}
	}
}
