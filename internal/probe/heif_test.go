package probe

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
)

func box(kind string, parts ...any) []byte {
	body := cat(parts...)
	return cat(uint32(len(body)+8), kind, body)
}

func fullBox(kind string, version byte, parts ...any) []byte {
	return box(kind, version, "\x00\x00\x00", cat(parts...))
}

// heifItem is an item of a test file. Its bytes lie in idat.
type heifItem struct {
	kind, content string
	props         [][]byte
	data          []byte
	refs          map[string][]uint16
}

// heifOf builds a file whose items are numbered from 1.
func heifOf(brand string, primary uint16, items ...heifItem) []byte {
	return cat(box("ftyp", brand, "\x00\x00\x00\x00", "mif1"), metaOf(primary, items...))
}

func metaOf(primary uint16, items ...heifItem) []byte {
	var infe, ipco, ipma, iloc, idat, iref []byte
	props := 0
	for i, it := range items {
		id := uint16(i + 1)
		infe = append(infe, fullBox("infe", 2, id, uint16(0), it.kind, "\x00", it.content, "\x00")...)
		ipma = append(ipma, cat(id, len(it.props))...)
		for _, p := range it.props {
			ipco = append(ipco, p...)
			props++
			ipma = append(ipma, byte(props)|0x80)
		}
		iloc = append(iloc, cat(id, uint16(1), uint16(0), uint16(1), uint32(len(idat)), uint32(len(it.data)))...)
		idat = append(idat, it.data...)
		for kind, to := range it.refs {
			b := cat(id, uint16(len(to)))
			for _, x := range to {
				b = cat(b, x)
			}
			iref = append(iref, box(kind, b)...)
		}
	}
	n := uint16(len(items))
	return fullBox("meta", 0,
		fullBox("hdlr", 0, "\x00\x00\x00\x00pict", make([]byte, 13)),
		fullBox("pitm", 0, primary),
		fullBox("iinf", 0, n, infe),
		fullBox("iloc", 1, "\x44\x00", n, iloc),
		fullBox("iref", 0, iref),
		box("iprp", box("ipco", ipco), fullBox("ipma", 0, uint32(n), ipma)),
		box("idat", idat))
}

func ispe(w, h uint32) []byte { return fullBox("ispe", 0, w, h) }

// av1 is a sequence header with the reduced form, 16 bits for each side.
func av1(w, h int) []byte {
	var bitsOut []byte
	put := func(v, n int) {
		for i := n - 1; i >= 0; i-- {
			bitsOut = append(bitsOut, byte(v>>i&1))
		}
	}
	put(0, 3)
	put(1, 1)
	put(1, 1)
	put(8, 5)
	put(15, 4)
	put(15, 4)
	put(w-1, 16)
	put(h-1, 16)
	return obu(1, pack(bitsOut))
}

func pack(bitsOut []byte) []byte {
	b := make([]byte, (len(bitsOut)+7)/8)
	for i, v := range bitsOut {
		b[i/8] |= v << (7 - i%8)
	}
	return b
}

func obu(kind int, body []byte) []byte { return cat(kind<<3|2, len(body), body) }

func av01(w, h int, props ...[]byte) heifItem {
	return heifItem{kind: "av01", data: av1(w, h), props: append([][]byte{ispe(uint32(w), uint32(h))}, props...)}
}

func av1C(flags int) []byte { return box("av1C", 0x81, 0, flags, 0) }

func TestAVIF(t *testing.T) {
	clap := box("clap", uint32(200), uint32(2), uint32(80), uint32(1), make([]byte, 16))
	irot := func(v int) []byte { return box("irot", v) }
	imir := func(v int) []byte { return box("imir", v) }
	tests := []struct {
		name        string
		item        heifItem
		orientation int
		w, h        int // upright
		channels    int
		depth       int
	}{
		{"plain", av01(300, 90, av1C(0)), 1, 300, 90, 3, 8},
		{"10 bits", av01(300, 90, av1C(0x40)), 1, 300, 90, 3, 10},
		{"12 bits grey", av01(300, 90, av1C(0x70)), 1, 300, 90, 1, 12},
		{"pixi", av01(300, 90, fullBox("pixi", 0, 3, 10, 10, 10)), 1, 300, 90, 3, 10},
		{"a quarter anticlockwise", av01(300, 90, irot(1)), 8, 90, 300, 3, 8},
		{"half", av01(300, 90, irot(2)), 3, 300, 90, 3, 8},
		{"a quarter clockwise", av01(300, 90, irot(3)), 6, 90, 300, 3, 8},
		{"upside down", av01(300, 90, imir(0)), 4, 300, 90, 3, 8},
		{"left to right", av01(300, 90, imir(1)), 2, 300, 90, 3, 8},
		{"turned, then mirrored", av01(300, 90, irot(1), imir(1)), 7, 90, 300, 3, 8},
		{"mirrored, then turned", av01(300, 90, imir(1), irot(1)), 5, 90, 300, 3, 8},
		{"cropped", av01(300, 90, clap), 1, 100, 80, 3, 8},
		{"cropped, then turned", av01(300, 90, clap, irot(1)), 8, 80, 100, 3, 8},
		{"turned, then cropped", av01(90, 300, irot(1), clap), 8, 100, 80, 3, 8},
		{"cropped to more", av01(50, 50, clap), 1, 50, 50, 3, 8},
	}
	for _, tt := range tests {
		h, err := read(heifOf("avif", 1, tt.item))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		w, ht := h.Size()
		if h.Type != AVIF || h.Orientation != tt.orientation || w != tt.w || ht != tt.h || h.Channels != tt.channels || h.Depth != tt.depth || !h.SelfTurned {
			t.Errorf("%s: orientation %d, %d × %d, %d channels of %d bits", tt.name, h.Orientation, w, ht, h.Channels, h.Depth)
		}
	}
}

// TestTurned checks turned against pictures of 2 × 3 pixels that are turned
// for real.
func TestTurned(t *testing.T) {
	type pic []string
	mirror := func(p pic) (q pic) {
		for _, row := range p {
			s := ""
			for _, c := range row {
				s = string(c) + s
			}
			q = append(q, s)
		}
		return q
	}
	quarter := func(p pic) (q pic) { // clockwise
		for x := range p[0] {
			s := ""
			for y := range p {
				s = string(p[y][x]) + s
			}
			q = append(q, s)
		}
		return q
	}
	apply := func(p pic, o int) pic {
		if o == 2 || o == 4 || o == 5 || o == 7 {
			p = mirror(p)
		}
		for range []int{1: 0, 2: 0, 3: 2, 4: 2, 5: 3, 6: 1, 7: 1, 8: 3}[o] {
			p = quarter(p)
		}
		return p
	}
	// What EXIF says of each value: where row 0 and column 0 are.
	if got := strings.Join(apply(pic{"ab", "cd", "ef"}, 5), "/"); got != "ace/bdf" {
		t.Fatalf("orientation 5 is a transposition: %s", got)
	}
	if got := strings.Join(apply(pic{"ab", "cd", "ef"}, 6), "/"); got != "eca/fdb" {
		t.Fatalf("orientation 6 is a quarter clockwise: %s", got)
	}
	for a := 1; a <= 8; a++ {
		for b := 1; b <= 8; b++ {
			p := pic{"ab", "cd", "ef"}
			want := strings.Join(apply(apply(p, a), b), "/")
			if got := strings.Join(apply(p, turned(a, b)), "/"); got != want {
				t.Errorf("turned(%d, %d) = %d: %s, want %s", a, b, turned(a, b), got, want)
			}
		}
	}
}

func TestAVIFColourAndMetadata(t *testing.T) {
	icc := matrixProfile(gamutP3, 2.2)
	nclx := box("colr", "nclx", uint16(9), uint16(16), uint16(9), 0x80)
	h := mustRead(t, heifOf("avif", 1, av01(9, 9, nclx)))
	if h.Colour.Primaries != PrimariesBT2020 || !h.Colour.HDR() || !h.Wide() {
		t.Errorf("nclx: %+v", h.Colour)
	}
	h = mustRead(t, heifOf("avif", 1, av01(9, 9, box("colr", "prof", icc), nclx)))
	if !bytes.Equal(h.ICC, icc) || !h.Wide() {
		t.Errorf("prof: %+v", h.Colour)
	}
	want := Rights{Copyright: "© Ann", Creator: "Ann", Credit: "x"}
	exif := tiffOf(binary.LittleEndian, 1, []field{short(binary.LittleEndian, tagOrientation, 6), ascii(tagArtist, "Ann")})
	h = mustRead(t, heifOf("avif", 1, av01(30, 20),
		heifItem{kind: "Exif", data: cat(uint32(6), exifMark, exif)},
		heifItem{kind: "mime", content: "application/rdf+xml", data: Rights{Copyright: "© Ann", Credit: "x"}.XMP()}))
	if h.Rights != want {
		t.Errorf("rights: %+v", h.Rights)
	}
	if h.Orientation != 1 {
		t.Errorf("EXIF has no say in a HEIF's orientation: %d", h.Orientation)
	}
	alpha := av01(30, 20, fullBox("auxC", 0, "urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\x00"))
	alpha.refs = map[string][]uint16{"auxl": {1}}
	if h = mustRead(t, heifOf("avif", 1, av01(30, 20), alpha)); !h.Alpha || h.Channels != 4 {
		t.Errorf("alpha: %+v", h)
	}
	depth := av01(30, 20, fullBox("auxC", 0, "urn:mpeg:mpegB:cicp:systems:auxiliary:depth\x00"))
	depth.refs = alpha.refs
	if h = mustRead(t, heifOf("avif", 1, av01(30, 20), depth)); h.Alpha {
		t.Error("a depth map is no alpha")
	}
	tmap := heifItem{kind: "tmap", refs: map[string][]uint16{"dimg": {1, 1}}}
	if h = mustRead(t, heifOf("avif", 1, av01(30, 20), tmap)); !h.GainMap {
		t.Error("a tmap is a gain map")
	}
}

func TestAVIFGrid(t *testing.T) {
	grid := heifItem{kind: "grid", props: [][]byte{ispe(1000, 500)}, refs: map[string][]uint16{"dimg": {2, 2}}}
	tile := av01(512, 512, av1C(0x40), box("colr", "nclx", uint16(12), uint16(13), uint16(6), 0x80))
	h := mustRead(t, heifOf("avif", 1, grid, tile))
	if h.Width != 1000 || h.Height != 500 || h.Depth != 10 || h.Colour.Primaries != PrimariesP3 {
		t.Errorf("%+v", h)
	}
	tile.data = av1(16000, 512)
	if _, err := read(heifOf("avif", 1, grid, tile)); !errors.Is(err, ErrDamaged) {
		t.Errorf("a tile larger than it says: %v", err)
	}
	grid.refs["dimg"] = []uint16{1}
	if _, err := read(heifOf("avif", 1, grid)); err == nil {
		t.Error("a grid of itself")
	}
}

func TestHEIFRefused(t *testing.T) {
	hevc := heifItem{kind: "hvc1", props: [][]byte{ispe(30, 20)}}
	big := av01(30, 20)
	big.data = av1(30, 2000)
	noAV1 := av01(30, 20)
	noAV1.data = []byte("nothing like it")
	size := av01(30, 20)
	size.props = nil
	tests := []struct {
		name string
		file []byte
		want error
		typ  Type
	}{
		{"HEIC", heifOf("heic", 1, hevc), ErrUnsupported, HEIC},
		{"HEIC in a grid", heifOf("mif1", 1, heifItem{kind: "grid", props: hevc.props, refs: map[string][]uint16{"dimg": {2}}}, hevc), ErrUnsupported, HEIC},
		{"HEIC that calls itself AVIF", heifOf("avif", 1, hevc), ErrUnsupported, HEIC},
		{"JPEG inside", heifOf("mif1", 1, heifItem{kind: "jpeg", props: hevc.props}), ErrUnsupported, 0},
		{"no such item", heifOf("avif", 7, av01(30, 20)), ErrDamaged, AVIF},
		{"larger than it says", heifOf("avif", 1, big), ErrDamaged, AVIF},
		{"no AV1", heifOf("avif", 1, noAV1), ErrDamaged, AVIF},
		{"no size", heifOf("avif", 1, size), ErrDamaged, AVIF},
		{"no meta", box("ftyp", "avif", "\x00\x00\x00\x00", "mif1"), ErrDamaged, AVIF},
		{"film only", box("ftyp", "avis", "\x00\x00\x00\x00", "msf1"), ErrUnsupported, AVIF},
		{"meta beyond the end", cat(box("ftyp", "avif", "\x00\x00\x00\x00"), uint32(5000), "meta"), ErrDamaged, AVIF},
		{"box of no size", cat(box("ftyp", "avif", "\x00\x00\x00\x00"), uint32(4), "free"), ErrDamaged, AVIF},
	}
	for _, tt := range tests {
		if h, err := read(tt.file); !errors.Is(err, tt.want) || h.Type != tt.typ {
			t.Errorf("%s: %v %v", tt.name, h.Type, err)
		}
	}
	if h := mustRead(t, heifOf("heic", 1, av01(30, 20))); h.Type != AVIF {
		t.Errorf("AV1 under HEIC's brand is taken: %v", h.Type)
	}
}

func TestAVIFSequence(t *testing.T) {
	stsz := fullBox("stsz", 0, uint32(0), uint32(24))
	moov := box("moov", box("mvhd", "x"), box("trak", box("mdia", box("minf", box("stbl", stsz)))))
	file := cat(heifOf("avis", 1, av01(30, 20)), moov)
	if h := mustRead(t, file); !h.Animated || h.Frames != 24 {
		t.Errorf("%+v", h)
	}
	if h := mustRead(t, file[:len(file)-10]); h.Animated || h.Frames != 1 {
		t.Errorf("cut: %+v", h)
	}
}

func TestAVIFBehindItsPixels(t *testing.T) {
	file := cat(box("ftyp", "avif", "\x00\x00\x00\x00", "mif1"), box("mdat", make([]byte, 3<<20)), metaOf(1, av01(30, 20)))
	c := &counter{b: file}
	h, err := Read(c, int64(len(file)))
	if err != nil || h.Width != 30 {
		t.Fatalf("%+v, %v", h, err)
	}
	if c.calls > 3 || c.bytes > 200<<10 {
		t.Errorf("%d reads of %d bytes", c.calls, c.bytes)
	}
}

func TestAV1SequenceHeader(t *testing.T) {
	var full []byte // the long form, with all that is optional
	put := func(v uint64, n int) {
		for i := n - 1; i >= 0; i-- {
			full = append(full, byte(v>>i&1))
		}
	}
	put(0, 3) // profile
	put(0, 2) // no still, not reduced
	put(1, 1) // timing
	put(1, 32)
	put(30, 32)
	put(1, 1) // equal interval: uvlc of 2 zeros, a one, 2 bits
	put(0b00101, 5)
	put(1, 1) // decoder model, buffer delays of 10 bits
	put(9, 5)
	put(7, 32)
	put(0, 10)
	put(1, 1) // display delay
	put(1, 5) // two operating points
	for _, level := range []uint64{8, 7} {
		put(0x101, 12)
		put(level, 5)
		if level > 7 {
			put(0, 1)
		}
		put(1, 1)
		put(3, 10)
		put(3, 10)
		put(0, 1)
		put(1, 1)
		put(5, 4)
	}
	put(11, 4)
	put(9, 4)
	put(4000-1, 12)
	put(900-1, 10)
	long := obu(1, pack(full))
	temporal := obu(2, nil)
	tests := []struct {
		name string
		b    []byte
		w, h int
		ok   bool
	}{
		{"reduced", av1(65536, 1), 65536, 1, true},
		{"long form", long, 4000, 900, true},
		{"behind others", cat(temporal, obu(5, []byte("metadata")), long), 4000, 900, true},
		{"with an extension", cat(1<<3|4|2, 0, len(long)-2, long[2:]), 4000, 900, true},
		{"without a size", cat(1<<3, long[2:]), 4000, 900, true},
		{"cut", long[:20], 0, 0, false},
		{"empty", nil, 0, 0, false},
		{"others only", bytes.Repeat(temporal, 100), 0, 0, false},
		{"other beyond the end", cat(5<<3|2, 100, "x"), 0, 0, false},
		{"size without end", cat(5<<3|2, bytes.Repeat([]byte{0xFF}, 20)), 0, 0, false},
	}
	for _, tt := range tests {
		w, h, ok := av1Size(tt.b)
		if ok != tt.ok || ok && (w != tt.w || h != tt.h) {
			t.Errorf("%s: %d × %d, %v", tt.name, w, h, ok)
		}
	}
}
