package imgtest

import (
	"bytes"
	"compress/zlib"
	"image"
	"image/gif"
	"image/jpeg"
	"io"
	"strings"
	"testing"
)

// What is claimed of each damaged file is held against Go's own decoders.
func TestDamage(t *testing.T) {
	seen, total := map[string]bool{}, 0
	for _, d := range Damage() {
		if seen[d.Name] || d.Why == "" {
			t.Errorf("%s: twice, or without a reason", d.Name)
		}
		seen[d.Name] = true
		total += len(d.Data)
		conf, kind, err := image.DecodeConfig(bytes.NewReader(d.Data))
		whole := func() error {
			_, _, err := image.Decode(bytes.NewReader(d.Data))
			return err
		}
		switch d.Kind {
		case NotPicture:
			if err == nil {
				t.Errorf("%s passes for a %s", d.Name, kind)
			}
		case Broken:
			// Cut in its last frame, a GIF may still give a first one; here none is whole.
			if whole() == nil {
				t.Errorf("%s can be decoded", d.Name)
			}
		case Huge:
			if err != nil || conf.Width*conf.Height < 200e6 {
				t.Errorf("%s: %d × %d, %v", d.Name, conf.Width, conf.Height, err)
			}
		case Lying:
			if err != nil {
				t.Errorf("%s: its header is no good: %v", d.Name, err)
			}
			if conf.Width*conf.Height < 1e6 && whole() == nil {
				t.Errorf("%s can be decoded", d.Name)
			}
		case Odd:
			if err := whole(); err != nil {
				t.Errorf("%s: %v", d.Name, err)
			}
		}
	}
	if len(seen) < 30 || total > 40<<20 {
		t.Errorf("%d files, %d bytes", len(seen), total)
	}
}

func TestZeroStream(t *testing.T) {
	for _, n := range []int64{1, 2, 258, 259, 260, 517, 1000, 65521, 65522, 3_000_000} {
		r, err := zlib.NewReader(bytes.NewReader(zeroStream(n)))
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r) // checks the Adler-32 too
		if err != nil || int64(len(b)) != n || bytes.Count(b, []byte{0}) != len(b) {
			t.Errorf("%d: %d bytes, %v", n, len(b), err)
		}
	}
	if got := len(zeroStream(4 << 30)); got > 5<<20 {
		t.Errorf("4 GB of zeros take %d bytes", got)
	}
}

func TestGiants(t *testing.T) {
	for _, size := range [][2]int{{16, 16}, {999, 1001}, {1, 1}, {17, 3}} {
		w, h := size[0], size[1]
		for name, c := range map[string]struct {
			file []byte
			want uint32
		}{"jpeg": {GiantJPEG(w, h), 128}, "png": {GiantPNG(w, h, false), 0}, "bilevel": {GiantPNG(w, h, true), 0}} {
			img := decode(t, c.file)
			r, _, _, a := img.At(w-1, h-1).RGBA()
			if img.Bounds() != image.Rect(0, 0, w, h) || r>>8 != c.want || a != 0xFFFF {
				t.Errorf("%s %v: %v, last pixel %d", name, size, img.Bounds(), r>>8)
			}
			if m := MeanRGB(img); m[1] != float64(c.want) {
				t.Errorf("%s %v: mean %v", name, size, m)
			}
		}
	}
	if b := GiantJPEG(16, 16); !bytes.HasSuffix(b, []byte{0, 0x0F, 0xFF, 0xD9}) { // 12 bits, filled up with ones
		t.Errorf("a giant of one block ends in % x", b[len(b)-4:])
	}
	if n := len(GiantJPEG(20000, 14000)); n > 2<<20 {
		t.Errorf("280 megapixels take %d bytes", n)
	}
}

func TestCutJPEG(t *testing.T) {
	file := JPEG(OrientationChart(320, 240), 90)
	segs, scan, err := segments(file)
	if err != nil || len(segs) < 4 {
		t.Fatalf("%d segments, %v", len(segs), err)
	}
	half := CutJPEG(file, .5)
	if want := scan + (len(file)-2-scan)/2; len(half) != want {
		t.Errorf("half has %d bytes, want %d", len(half), want)
	}
	_, err = jpeg.Decode(bytes.NewReader(half))
	if err == nil {
		t.Error("half can be decoded")
	}
	if _, err := jpeg.Decode(bytes.NewReader(append(CutJPEG(file, 1), 0xFF, 0xD9))); err != nil {
		t.Errorf("all of the scan and an end: %v", err)
	}
}

func TestLies(t *testing.T) {
	size := func(b []byte) image.Point {
		c, _, err := image.DecodeConfig(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		return image.Pt(c.Width, c.Height)
	}
	photo, flat := JPEG(OrientationChart(64, 48), 90), PNG(OrientationChart(64, 48))
	if got := size(LyingJPEG(photo, 30000, 20000)); got != image.Pt(30000, 20000) {
		t.Errorf("JPEG says %v", got)
	}
	lie := LyingPNG(flat, 123, 456)
	if got := size(lie); got != image.Pt(123, 456) {
		t.Errorf("PNG says %v", got)
	}
	if _, err := Chunks(lie); err != nil {
		t.Errorf("the lie shows in a checksum: %v", err)
	}
	if _, err := Chunks(BadChecksumPNG(flat)); err == nil || !strings.Contains(err.Error(), "IDAT") {
		t.Errorf("bad checksum: %v", err)
	}
	if size(photo) != image.Pt(64, 48) || size(flat) != image.Pt(64, 48) {
		t.Error("the original was changed")
	}
	g, err := gif.DecodeAll(bytes.NewReader(AnimatedGIF(8, 8, 3000, 2)))
	if err != nil || len(g.Image) != 3000 {
		t.Errorf("thousands of frames: %v", err)
	}
}
