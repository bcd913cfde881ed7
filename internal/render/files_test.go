package render

import (
	"bytes"
	"encoding/binary"
	"image"
	"slices"
	"testing"

	"photofit/internal/imgtest"
	"photofit/internal/vips"
)

// tiffFile is an uncompressed little-endian TIFF 6.0 of one strip.
type tiffFile struct {
	w, h, samples, bits int
	photometric         int // 0 white is zero, 1 black is zero, 2 RGB, 5 CMYK, 8 CIE L*a*b*
	extra               []int
	float               bool
	orientation         int
	pixels              []byte
}

func (f tiffFile) bytes() []byte {
	le := binary.LittleEndian
	type entry struct {
		tag, kind uint16
		values    []int
	}
	repeat := func(v int) []int { return slices.Repeat([]int{v}, f.samples) }
	const short, long = 3, 4
	entries := []entry{
		{256, long, []int{f.w}}, {257, long, []int{f.h}}, {258, short, repeat(f.bits)}, {259, short, []int{1}},
		{262, short, []int{f.photometric}}, {273, long, []int{8}},
	}
	if f.orientation != 0 {
		entries = append(entries, entry{274, short, []int{f.orientation}})
	}
	entries = append(entries, entry{277, short, []int{f.samples}}, entry{278, long, []int{f.h}}, entry{279, long, []int{len(f.pixels)}})
	if len(f.extra) > 0 {
		entries = append(entries, entry{338, short, f.extra})
	}
	if f.float {
		entries = append(entries, entry{339, short, repeat(3)})
	}
	pixels := append(slices.Clone(f.pixels), make([]byte, len(f.pixels)%2)...)
	at := 8 + len(pixels)
	b := le.AppendUint32([]byte("II*\x00"), uint32(at))
	b = append(b, pixels...)
	b = le.AppendUint16(b, uint16(len(entries)))
	var tail []byte
	end := at + 2 + 12*len(entries) + 4
	for _, e := range entries {
		b = le.AppendUint16(le.AppendUint16(b, e.tag), e.kind)
		b = le.AppendUint32(b, uint32(len(e.values)))
		var v []byte
		for _, n := range e.values {
			if e.kind == short {
				v = le.AppendUint16(v, uint16(n))
			} else {
				v = le.AppendUint32(v, uint32(n))
			}
		}
		if len(v) > 4 {
			b = le.AppendUint32(b, uint32(end+len(tail)))
			tail = append(tail, v...)
			continue
		}
		b = append(b, append(v, 0, 0, 0, 0)[:4]...)
	}
	return append(le.AppendUint32(b, 0), tail...)
}

// rgbTIFF stores a picture as RGB.
func rgbTIFF(img *image.RGBA, orientation int) []byte {
	f := tiffFile{w: img.Rect.Dx(), h: img.Rect.Dy(), samples: 3, bits: 8, photometric: 2, orientation: orientation}
	for i := 0; i < len(img.Pix); i += 4 {
		f.pixels = append(f.pixels, img.Pix[i:i+3]...)
	}
	return f.bytes()
}

// encoded stores a picture by libvips: Go writes no WebP and no AVIF.
func encoded(t testing.TB, img *image.RGBA, alpha bool, save func(*vips.Image) ([]byte, error)) []byte {
	t.Helper()
	job := library(t).NewJob()
	defer job.Close()
	bands, pixels := 4, img.Pix
	if !alpha {
		bands, pixels = 3, nil
		for i := 0; i < len(img.Pix); i += 4 {
			pixels = append(pixels, img.Pix[i:i+3]...)
		}
	}
	im, err := job.FromPixels(pixels, img.Rect.Dx(), img.Rect.Dy(), bands)
	if err != nil {
		t.Fatal(err)
	}
	file, err := save(im)
	if err != nil {
		t.Fatal(err)
	}
	return file
}

func webp(im *vips.Image) ([]byte, error) { return im.SaveWebP(95, 0) }
func avif(im *vips.Image) ([]byte, error) { return im.SaveAVIF(95, 0) }

// riff lists the chunks of a WebP (RFC 9649).
type riff struct {
	name string
	data []byte
}

func riffChunks(t testing.TB, file []byte) []riff {
	t.Helper()
	var list []riff
	for b := file[12:]; len(b) >= 8; {
		n := int(binary.LittleEndian.Uint32(b[4:]))
		if n > len(b)-8 {
			t.Fatal("a chunk goes beyond the end")
		}
		list = append(list, riff{string(b[:4]), b[8 : 8+n]})
		b = b[min(len(b), 8+n+n%2):]
	}
	return list
}

// withEXIF gives a WebP an EXIF block, which libvips would write its own way.
func withEXIF(t testing.TB, file, exif []byte, w, h int) []byte {
	t.Helper()
	head := make([]byte, 10) // flags: EXIF
	head[0] = 8
	put24 := func(b []byte, v int) { b[0], b[1], b[2] = byte(v), byte(v>>8), byte(v>>16) }
	put24(head[4:], w-1)
	put24(head[7:], h-1)
	list := []riff{{"VP8X", head}}
	for _, c := range riffChunks(t, file) {
		if c.name == "VP8 " || c.name == "VP8L" {
			list = append(list, c)
		}
	}
	list = append(list, riff{"EXIF", exif})
	body := []byte("WEBP")
	for _, c := range list {
		body = binary.LittleEndian.AppendUint32(append(body, c.name...), uint32(len(c.data)))
		body = append(append(body, c.data...), make([]byte, len(c.data)%2)...)
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// turnedAVIF gives libvips's AVIF the properties irot and imir (ISO/IEC
// 23008-12, 6.5.10 and 6.5.12): quarters anticlockwise, then a mirror if wanted:
// 0 top and bottom, 1 left and right, -1 none.
func turnedAVIF(t testing.TB, file []byte, quarters, mirror int) []byte {
	t.Helper()
	be := binary.BigEndian
	box := func(name string, data ...byte) []byte {
		return append(append(be.AppendUint32(nil, uint32(8+len(data))), name...), data...)
	}
	added := box("irot", byte(quarters))
	n := 1
	if mirror >= 0 {
		added = append(added, box("imir", byte(mirror))...)
		n = 2
	}
	out := bytes.Clone(file)
	grow := func(at, by int) { be.PutUint32(out[at:], be.Uint32(out[at:])+uint32(by)) }
	find := func(name string) int { // the box's start
		i := bytes.Index(out, []byte(name))
		if i < 4 {
			t.Fatalf("the AVIF has no %s", name)
		}
		return i - 4
	}
	// Properties are numbered as they stand, so new ones go behind the others.
	ipco := find("ipco")
	props := 0
	end := ipco + int(be.Uint32(out[ipco:]))
	for at := ipco + 8; at < end; at += int(be.Uint32(out[at:])) {
		props++
	}
	out = slices.Insert(out, end, added...)
	grow(ipco, len(added))
	ipma := find("ipma")
	if out[ipma+8] != 0 || out[ipma+11] != 0 || be.Uint32(out[ipma+12:]) != 1 {
		t.Fatal("ipma is not as libheif writes it for one picture")
	}
	count := ipma + 18
	links := make([]byte, n)
	for i := range links {
		links[i] = 0x80 | byte(props+1+i) // essential
	}
	out = slices.Insert(out, count+1+int(out[count]), links...)
	out[count] += byte(n)
	grow(ipma, n)
	total := len(added) + n
	grow(find("iprp"), total)
	grow(find("meta"), total)
	// The pixels have moved.
	iloc := find("iloc")
	if out[iloc+12] != 0x44 {
		t.Fatal("iloc is not as libheif writes it")
	}
	items := int(be.Uint16(out[iloc+14:]))
	at := iloc + 16
	for range items {
		at += 2 + 2
		if out[iloc+8] > 0 {
			at += 2
		}
		if base := int(out[iloc+13] >> 4); base > 0 { // extents count from here
			grow(at, total)
			at += base + 2 + 8*int(be.Uint16(out[at+base:]))
			continue
		}
		extents := int(be.Uint16(out[at:]))
		at += 2
		for range extents {
			grow(at, total)
			at += 8
		}
	}
	return out
}

// stored is a picture as a file of each type that can be told to lie on its
// side.
func stored(t testing.TB, upright *image.RGBA, o int) map[string][]byte {
	t.Helper()
	img := imgtest.Stored(upright, o)
	w, h := img.Rect.Dx(), img.Rect.Dy()
	exif := imgtest.EXIF{Orientation: o, BigEndian: o%2 == 0}.Bytes()
	return map[string][]byte{
		"JPEG": imgtest.JPEG(img, 95, imgtest.EXIFSegment(exif)),
		"PNG":  imgtest.PNG(img, imgtest.EXIFChunk(exif)),
		"TIFF": rgbTIFF(img, o),
		"WebP": withEXIF(t, encoded(t, img, false, webp), exif, w, h),
		// AVIF turns first and mirrors then; both are the decoder's business.
		"AVIF": turnedAVIF(t, encoded(t, img, false, avif), avifTurns[o][0], avifTurns[o][1]),
	}
}

// avifTurns are quarters anticlockwise, and then the mirror, that do what an
// EXIF orientation does.
var avifTurns = map[int][2]int{1: {0, -1}, 2: {0, 1}, 3: {2, -1}, 4: {0, 0}, 5: {1, 0}, 6: {3, -1}, 7: {1, 1}, 8: {1, -1}}
