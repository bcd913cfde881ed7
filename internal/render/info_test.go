package render

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"photofit"
	"photofit/internal/imgtest"
	"photofit/internal/imgtest/scene"
	"photofit/internal/thumbhash"
)

var infoOf = photofit.Recipe{Photo: "p", Format: photofit.InfoJSON}

// told is what an answer tells.
func told(t testing.TB, out Output) photofit.Info {
	t.Helper()
	var info photofit.Info
	d := json.NewDecoder(bytes.NewReader(out.Body))
	d.DisallowUnknownFields()
	if err := d.Decode(&info); err != nil || !strings.HasPrefix(out.Type, "application/json; made=") {
		t.Fatalf("%v, %s: %s", err, out.Type, out.Body)
	}
	return info
}

// The files in testdata/info are what is known of photos, each named as the photo.
// Colours differ a little between builds of libvips, so they are compared apart.
func TestInfoGoldens(t *testing.T) {
	var alpine image.Image
	for _, s := range scene.All() {
		if s.Name == "alpine" {
			alpine = s.Draw(1200, 800)
		}
	}
	photos := map[string][]byte{
		"alpine.jpg":  imgtest.JPEG(alpine, 92, imgtest.XMPSegment(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">Above the lake &amp; below the pass</rdf:li></rdf:Alt></dc:description><dc:creator><rdf:Seq><rdf:li>Ann</rdf:li></rdf:Seq></dc:creator></rdf:Description></rdf:RDF></x:xmpmeta>`)),
		"chart6.jpg":  imgtest.OrientationJPEG(6, 600, 400),
		"disc.png":    imgtest.PNG(disc(300, true)),
		"film.gif":    imgtest.AnimatedGIF(200, 120, 6, 5),
		"patches.jpg": imgtest.PatchesJPEG(imgtest.DisplayP3, 4),
		"grey.png":    imgtest.PNG(imgtest.ZonePlate(60, 40)),
	}
	for name, file := range photos {
		t.Run(name, func(t *testing.T) { golden(t, name, told(t, made(t, file, infoOf))) })
	}
}

// TestInfoOfCameraPhotos has the same of photos that the project has none of. Their
// facts are in what the cameras wrote, and not in files of ours.
func TestInfoOfCameraPhotos(t *testing.T) {
	for _, tt := range []struct {
		name          string
		width, height int
		kind, taken   string
		hdr, film     bool
	}{
		{"p8_ultrahdr.jpg", 3840, 2160, "image/jpeg", "", true, false},
		{"p10_canon_o6.jpg", 2592, 3888, "image/jpeg", "2008-07-01T17:27:03", false, false},
		{"p12_iphonexs_p3_o6.jpg", 3024, 4032, "image/jpeg", "2020-07-28T19:18:49+03:00", false, false},
		{"p20_70d.avif", 5472, 3648, "image/avif", "2015-10-11T14:41:44", false, false},
		{"p24.webp", 4000, 6000, "image/webp", "", false, false},
		{"anim.gif", 80, 80, "image/gif", "", false, true},
		{"alpha.png", 2048, 1536, "image/png", "", false, false},
	} {
		file := camera(t, tt.name)
		got := told(t, made(t, file, infoOf))
		if got.Width != tt.width || got.Height != tt.height || got.Type != tt.kind || got.Taken != tt.taken || got.HDR != tt.hdr || got.Animated != tt.film || got.Bytes != int64(len(file)) {
			t.Errorf("%s: %+v", tt.name, got)
		}
	}
}

// golden compares with testdata/info, or writes it if PHOTOFIT_UPDATE_GOLDENS is set.
func golden(t *testing.T, name string, got photofit.Info) {
	t.Helper()
	file := filepath.Join("testdata", "info", name+".json")
	if os.Getenv("PHOTOFIT_UPDATE_GOLDENS") != "" {
		b, err := json.MarshalIndent(got, "", "  ")
		if err == nil {
			err = errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, append(b, '\n'), 0o644))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var want photofit.Info
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	alike(t, got, want, 4, 6)
	got.Color, got.ThumbHash, want.Color, want.ThumbHash = "", "", "", ""
	if got.Bytes-want.Bytes > 2000 || want.Bytes-got.Bytes > 2000 { // Go's encoders may change
		t.Errorf("%d bytes, want %d", got.Bytes, want.Bytes)
	}
	got.Bytes = want.Bytes
	a, _ := json.Marshal(got)
	if b, _ := json.Marshal(want); !bytes.Equal(a, b) {
		t.Errorf("%s\nwant %s", a, b)
	}
}

// alike compares the colours: the dominant one within levels, the placeholder by its
// root mean square.
func alike(t *testing.T, got, want photofit.Info, levels int, rms float64) {
	t.Helper()
	a, b := css(t, got.Color), css(t, want.Color)
	if abs(int(a.R)-int(b.R)) > levels || abs(int(a.G)-int(b.G)) > levels || abs(int(a.B)-int(b.B)) > levels {
		t.Errorf("colour %s, want %s", got.Color, want.Color)
	}
	if d := imgtest.RMS(placeholder(t, got), placeholder(t, want)); d > rms {
		t.Errorf("thumbhash %s, want %s: %.1f apart", got.ThumbHash, want.ThumbHash, d)
	}
}

func css(t *testing.T, s string) color.NRGBA {
	t.Helper()
	var n [3]uint8
	if len(s) != 7 || s[0] != '#' {
		t.Fatalf("%q is no colour", s)
	}
	for i := range n {
		n[i] = hexByte(t, s[1+2*i:3+2*i])
	}
	return color.NRGBA{n[0], n[1], n[2], 255}
}

func hexByte(t *testing.T, s string) uint8 {
	t.Helper()
	v := 0
	for _, c := range s {
		i := strings.IndexRune("0123456789abcdef", c)
		if i < 0 {
			t.Fatalf("%q is no hexadecimal number", s)
		}
		v = 16*v + i
	}
	return uint8(v)
}

func placeholder(t *testing.T, of photofit.Info) image.Image {
	t.Helper()
	hash, err := base64.StdEncoding.DecodeString(of.ThumbHash)
	if err != nil {
		t.Fatal(err)
	}
	img, err := thumbhash.Decode(hash)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// However a photo lies in its file, what is known of it is that of the upright one.
func TestInfoIsUpright(t *testing.T) {
	want := told(t, made(t, imgtest.OrientationJPEG(1, 600, 400), infoOf))
	if want.Width != 600 || want.Height != 400 {
		t.Fatalf("%+v", want)
	}
	for o := 2; o <= 8; o++ {
		got := told(t, made(t, imgtest.OrientationJPEG(o, 600, 400), infoOf))
		if got.Width != 600 || got.Height != 400 || !slices.Equal(got.Widths, want.Widths) {
			t.Errorf("orientation %d: %+v", o, got)
		}
		alike(t, got, want, 4, 6)
	}
}

func TestInfoOfTransparency(t *testing.T) {
	img := placeholder(t, told(t, made(t, imgtest.PNG(disc(300, true)), infoOf))).(*image.NRGBA)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	corner, middle := img.NRGBAAt(0, 0).A, img.NRGBAAt(w/2, h/2).A
	if corner > 80 || middle < 200 {
		t.Errorf("alpha %d in a corner, %d in the middle", corner, middle)
	}
}

// The colours of a P3 photo are told in sRGB, in which pages have theirs.
func TestInfoIsInSRGB(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 300, 200))
	draw.Draw(img, img.Rect, image.NewUniform(color.RGBA{200, 100, 50, 255}), image.Point{}, draw.Src)
	file := imgtest.JPEG(img, 95, imgtest.ICCSegments(imgtest.ICC(imgtest.DisplayP3, 4))...)
	plain := told(t, made(t, imgtest.JPEG(img, 95), infoOf))
	got := css(t, told(t, made(t, file, infoOf)).Color)
	if got.R < 205 || got.B > 45 || plain.Color == told(t, made(t, file, infoOf)).Color {
		t.Errorf("%v of P3's (200, 100, 50); sRGB's is %s", got, plain.Color)
	}
}

func TestInfoFromMasterIsThePhotos(t *testing.T) {
	file := dear(t, 4000, 3000)
	rendition, master := both(t, file, infoOf)
	if master.Body == nil {
		t.Fatal("the photo has no master, so nothing is tested")
	}
	want := told(t, made(t, file, infoOf))
	alike(t, told(t, rendition), want, 6, 12)
	r := New(library(t), Limits{})
	out, err := r.InfoFromMaster(t.Context(), bytes.NewReader(file), int64(len(file)), bytes.NewReader(master.Body), int64(len(master.Body)), master.Type, admitAll)
	if err != nil {
		t.Fatal(err)
	}
	got := told(t, out)
	alike(t, got, want, 6, 12)
	for _, i := range []*photofit.Info{&got, &want} {
		i.Color, i.ThumbHash = "", ""
	}
	a, _ := json.Marshal(got)
	if b, _ := json.Marshal(want); !bytes.Equal(a, b) {
		t.Errorf("from the master %s\nfrom the photo %s", a, b)
	}
	if _, err := fromMaster(t, master, infoOf); !errors.Is(err, ErrUnserved) {
		t.Errorf("an info of a master alone: %v", err)
	}
}

func TestBasicInfo(t *testing.T) {
	file := imgtest.JPEG(imgtest.OrientationChart(300, 200), 90, imgtest.XMPSegment(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:description="at home" dc:creator="Ann" dc:rights="© Ann"/></rdf:RDF></x:xmpmeta>`))
	full := told(t, made(t, file, infoOf))
	if full.Caption != "at home" || full.Creator != "Ann" || full.Copyright != "© Ann" {
		t.Fatalf("full: %+v", full)
	}
	r := New(library(t), Limits{})
	r.Info.Basic = true
	r.Info.Policy.Widths = []int{100, 200, 400, 800}
	out, err := r.Render(t.Context(), bytes.NewReader(file), int64(len(file)), infoOf, admitAll)
	if err != nil {
		t.Fatal(err)
	}
	got := told(t, out)
	if got.Caption+got.Creator+got.Copyright+got.Taken != "" || strings.Contains(string(out.Body), "Ann") || !slices.Equal(got.Widths, []int{100, 200, 400}) {
		t.Errorf("basic: %+v", got)
	}
	if types := []string{InfoConfig{}.Type(), out.Type, InfoConfig{Basic: true}.Type()}; types[0] == types[1] || types[0] == types[2] || types[1] == types[2] {
		t.Errorf("settings that differ have one type: %q", types)
	}
}

// What is no photo for a rendition is none for an info, with the same words.
func TestInfoHasTheFaultsOfARendition(t *testing.T) {
	for _, d := range imgtest.Damage() {
		_, plain := try(t, d.Data, clipped(100, 100, photofit.WebP))
		_, info := try(t, d.Data, infoOf)
		if kindOf(plain) != kindOf(info) {
			t.Errorf("%s: %v, and a rendition: %v", d.Name, info, plain)
		}
	}
	r := New(library(t), Limits{MaxPixels: 1000})
	file := imgtest.OrientationJPEG(1, 600, 400)
	if _, err := r.Render(t.Context(), bytes.NewReader(file), int64(len(file)), infoOf, admitAll); kindOf(err) != photofit.ErrTooLarge {
		t.Errorf("a photo that is too large: %v", err)
	}
}

// A PNG that says it is coded for PQ or HLG is for screens with more light.
func TestInfoOfHDR(t *testing.T) {
	for transfer, want := range map[byte]bool{16: true, 18: true, 13: false} {
		file := imgtest.PNG(imgtest.OrientationChart(60, 40), imgtest.Chunk{Type: "cICP", Data: []byte{9, transfer, 0, 1}})
		if got := told(t, made(t, file, infoOf)); got.HDR != want {
			t.Errorf("transfer %d: %+v", transfer, got)
		}
	}
}
