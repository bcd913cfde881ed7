package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"photofit"
	"photofit/internal/imgtest"
	"photofit/internal/imgtest/scene"
	"photofit/internal/probe"
	"photofit/internal/vips"
)

// dear encodes a picture as one that has to be decoded as a whole. Its blue is full
// of grain, which makes it many bytes.
func dear(t testing.TB, w, h int, what ...imgtest.Segment) []byte {
	t.Helper()
	img := imgtest.PositionChart(w, h)
	grain := uint32(1)
	for i := 2; i < len(img.Pix); i += 4 {
		grain = grain*1664525 + 1013904223
		img.Pix[i] = 96 + uint8(grain>>26)
	}
	file := encoded(t, img, false, func(im *vips.Image) ([]byte, error) { return im.SaveProgressiveJPEG(100) })
	return imgtest.InsertSegments(file, what...)
}

// both makes a rendition and the master of one photo.
func both(t testing.TB, file []byte, r photofit.Recipe) (rendition, master Output) {
	t.Helper()
	told := false
	out, err := New(library(t), Limits{}).Both(t.Context(), bytes.NewReader(file), int64(len(file)), r, func(_ context.Context, bytes int64, serves func(photofit.Recipe) bool) error {
		told = serves != nil
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if told != (out.Master != nil) {
		t.Fatalf("admission was told %v of a master, and it is %v", told, out.Master != nil)
	}
	if out.Master == nil {
		return out.Output, Output{}
	}
	if master, err = out.Master(t.Context()); err != nil {
		t.Fatal(err)
	}
	return out.Output, master
}

func fromMaster(t testing.TB, master Output, r photofit.Recipe) (Output, error) {
	t.Helper()
	return New(library(t), Limits{}).FromMaster(t.Context(), bytes.NewReader(master.Body), int64(len(master.Body)), master.Type, r, admitAll)
}

// Whatever a rendition is made from, its size is the same, it shows the same part,
// and it is upright.
func TestMasterShowsThePhoto(t *testing.T) {
	file := dear(t, 3001, 2003, imgtest.EXIFSegment(secretEXIF(6)))
	_, master := both(t, file, clipped(320, 0, photofit.JPEG))
	if master.Width != 1709 || master.Height != 2560 || !strings.HasPrefix(master.Type, "image/jpeg; photo=2003x3001; crc32c=") {
		t.Fatalf("the master is %d × %d, %s", master.Width, master.Height, master.Type)
	}
	if h := header(t, master.Body); h.Orientation != 1 || h.Progressive || h.Width != 1709 {
		t.Errorf("the master says %+v", h)
	}
	for _, r := range []photofit.Recipe{
		clipped(320, 0, photofit.JPEG), clipped(0, 777, photofit.WebP), clipped(1001, 0, photofit.AVIF), clipped(64, 64, photofit.PNG),
		cropped(640, 360, 0, photofit.JPEG), cropped(300, 300, photofit.FocalPoint(0, 100), photofit.WebP), cropped(500, 300, photofit.SmartCrop, photofit.JPEG),
	} {
		want := made(t, file, r)
		got, err := fromMaster(t, master, r)
		if err != nil {
			t.Errorf("%s: %v", r.Path(), err)
			continue
		}
		first, _ := both(t, file, r)
		for how, out := range map[string]Output{"from the master": got, "with the master": first} {
			if out.Width != want.Width || out.Height != want.Height || out.Type != want.Type {
				t.Errorf("%s, %s: %d × %d %s, want %d × %d %s", r.Path(), how, out.Width, out.Height, out.Type, want.Width, want.Height, want.Type)
			}
			a, b := regionOf(t, out.Body), regionOf(t, want.Body)
			for i := range a {
				if math.Abs(a[i]-b[i]) > .004 {
					t.Errorf("%s, %s: shows %.3f, want %.3f", r.Path(), how, a, b)
					break
				}
			}
		}
	}
	for _, r := range []photofit.Recipe{clipped(1600, 0, photofit.JPEG), cropped(1280, 1280, 0, photofit.WebP)} {
		// 1.07 and 1.33 times as large
		_, err := fromMaster(t, master, r)
		if wanted := r.Width == 1600; errors.Is(err, ErrUnserved) != wanted || err != nil && !wanted {
			t.Errorf("%s: %v", r.Path(), err)
		}
	}
	if got, _ := both(t, file, clipped(1600, 0, photofit.JPEG)); got.Width != 1600 {
		t.Errorf("one that is too large for a master is %d wide", got.Width)
	}
}

func regionOf(t testing.TB, file []byte) (r [4]float64) {
	r[0], r[1], r[2], r[3] = imgtest.Region(decode(t, file))
	return r
}

// What comes of a master is as good as what comes of the photo: nearly the same
// pixels.
func TestMasterLosesLittle(t *testing.T) {
	file := encoded(t, tiled(scene.All()[1].Draw(800, 600), 4), false, func(im *vips.Image) ([]byte, error) { return im.SaveProgressiveJPEG(97) })
	_, master := both(t, file, clipped(320, 0, photofit.JPEG))
	for _, w := range []int{320, 800, 1600} {
		r := clipped(w, 0, photofit.PNG)
		got, err := fromMaster(t, master, r)
		if err != nil {
			t.Fatal(err)
		}
		if db := imgtest.PSNR(decode(t, got.Body), decode(t, made(t, file, r).Body)); db < 40 {
			t.Errorf("%d px: %.1f dB", w, db)
		}
	}
}

// tiled repeats a picture n times each way.
func tiled(img *image.RGBA, n int) *image.RGBA {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	out := image.NewRGBA(image.Rect(0, 0, n*w, n*h))
	for y := range n * h {
		for x := range n {
			copy(out.Pix[out.PixOffset(x*w, y):], img.Pix[img.PixOffset(0, y%h):img.PixOffset(0, y%h)+4*w])
		}
	}
	return out
}

// The owner's rights go through the master, and nothing else.
func TestMasterKeepsRights(t *testing.T) {
	_, master := both(t, dear(t, 3000, 2000, imgtest.EXIFSegment(secretEXIF(1))), clipped(320, 0, photofit.JPEG))
	for _, secret := range secrets {
		if bytes.Contains(master.Body, []byte(secret)) {
			t.Errorf("the master tells %q", secret)
		}
	}
	out, err := fromMaster(t, master, clipped(320, 0, photofit.JPEG))
	if err != nil {
		t.Fatal(err)
	}
	if h := header(t, out.Body); h.Rights.Copyright != rights.Copyright || h.Rights.Creator != rights.Creator {
		t.Errorf("of the rights are left: %+v", h.Rights)
	}
}

// A wide gamut stays one: the master has it, and so do renditions that are large
// enough.
func TestMasterKeepsTheGamut(t *testing.T) {
	file := dear(t, 3000, 2000, imgtest.ICCSegments(imgtest.ICC(imgtest.DisplayP3, 4))...)
	first, master := both(t, file, clipped(320, 0, photofit.JPEG))
	for what, want := range map[string]struct {
		file  []byte
		space imgtest.Space
	}{"master": {master.Body, imgtest.DisplayP3}, "rendition": {first.Body, imgtest.DisplayP3}} {
		if got := spaceOf(t, want.file); got != want.space {
			t.Errorf("the %s is in %v", what, got)
		}
	}
	for w, want := range map[int]imgtest.Space{320: imgtest.DisplayP3, 96: imgtest.SRGB} {
		out, err := fromMaster(t, master, clipped(w, 0, photofit.PNG))
		if err != nil {
			t.Fatal(err)
		}
		if got := spaceOf(t, out.Body); got != want {
			t.Errorf("at %d px in %v", w, got)
		}
		// The same colours as from the photo, which are not those that sRGB's numbers stand for.
		if db := imgtest.PSNR(decode(t, out.Body), decode(t, made(t, file, clipped(w, 0, photofit.PNG)).Body)); db < 40 {
			t.Errorf("at %d px: %.1f dB", w, db)
		}
	}
}

// No master is made of what it could not hold, nor of what is cheap anyway.
func TestMasterPays(t *testing.T) {
	mega := func(change func(*probe.Header)) probe.Header {
		h := probe.Header{Type: probe.JPEG, Width: 6000, Height: 4000, Channels: 3, Depth: 8, Frames: 1, Progressive: true, MultiScan: true}
		change(&h)
		return h
	}
	for name, tt := range map[string]struct {
		h           probe.Header
		size        int64
		pays, whole bool
	}{
		"progressive":       {mega(func(*probe.Header) {}), 12e6, true, true},
		"AVIF":              {mega(func(h *probe.Header) { h.Type = probe.AVIF }), 3e6, true, true},
		"heavy baseline":    {mega(func(h *probe.Header) { h.MultiScan = false }), 20e6, true, false},
		"small progressive": {mega(func(h *probe.Header) { h.Width, h.Height = 800, 600 }), 2e5, false, false},
		"transparent":       {mega(func(h *probe.Header) { h.Type, h.Alpha = probe.PNG, true }), 12e6, false, false},
		"palette":           {mega(func(h *probe.Header) { h.Type, h.Palette = probe.PNG, true }), 12e6, false, false},
		"film":              {mega(func(h *probe.Header) { h.Type, h.Animated, h.Frames = probe.WebP, true, 9 }), 12e6, false, false},
		"16 bits":           {mega(func(h *probe.Header) { h.Type, h.Depth = probe.TIFF, 16 }), 12e7, false, false},
	} {
		if w := weigh(tt.h, tt.size); w.Pays() != tt.pays || tt.pays && w.Whole != tt.whole {
			t.Errorf("%s: pays %v: %+v", name, w.Pays(), w)
		}
	}
	if got, master := both(t, dear(t, 400, 300), clipped(100, 0, photofit.JPEG)); got.Width != 100 || master.Body != nil {
		t.Errorf("of a small photo: %d px, and a master of %d bytes", got.Width, len(master.Body))
	}
}

// Master makes what Both makes.
func TestMasterAlone(t *testing.T) {
	file := dear(t, 3000, 2000)
	_, want := both(t, file, clipped(320, 0, photofit.JPEG))
	got, err := New(library(t), Limits{}).Master(t.Context(), bytes.NewReader(file), int64(len(file)), admitAll)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Body, want.Body) || got.Type != want.Type || got.Width != want.Width || got.Height != want.Height {
		t.Errorf("%d bytes %s, with a rendition %d bytes %s", len(got.Body), got.Type, len(want.Body), want.Type)
	}
}

// A master of which a bit has changed is not used, whether a decoder would mind or not.
func TestMasterDamaged(t *testing.T) {
	_, master := both(t, dear(t, 3000, 2000), clipped(320, 0, photofit.JPEG))
	for _, at := range []int{700, len(master.Body) / 2, len(master.Body) - 1} {
		damaged := master
		damaged.Body = bytes.Clone(master.Body)
		damaged.Body[at] ^= 16
		if _, err := fromMaster(t, damaged, clipped(320, 0, photofit.JPEG)); !errors.Is(err, photofit.ErrDamaged) {
			t.Errorf("byte %d of %d: %v", at, len(master.Body), err)
		}
	}
}

// However it ends, nothing is held afterwards.
func TestBothLetsGo(t *testing.T) {
	lib := library(t)
	file := dear(t, 3000, 2000)
	r := New(lib, Limits{})
	ask := func(ctx context.Context, file []byte, refuse error) (Both, error) {
		return r.Both(ctx, bytes.NewReader(file), int64(len(file)), clipped(320, 0, photofit.JPEG),
			func(context.Context, int64, func(photofit.Recipe) bool) error { return refuse })
	}
	refused := errors.New("no room")
	if _, err := ask(t.Context(), file, refused); err != refused {
		t.Errorf("refused: %v", err)
	}
	if _, err := ask(t.Context(), imgtest.CutJPEG(file, .5), nil); !errors.Is(err, photofit.ErrDamaged) {
		t.Errorf("damaged: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := ask(ended, file, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("ended: %v", err)
	}
	out, err := ask(t.Context(), file, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := out.Master(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("unwanted: %v", err)
	}
	if now := held(lib); now != 0 {
		t.Errorf("%d bytes are held", now)
	}
	r.leftovers.mu.Lock()
	defer r.leftovers.mu.Unlock()
	if r.leftovers.leave != 0 {
		t.Errorf("leave for %d bytes is held", r.leftovers.leave)
	}
}

// Where there can never be memory for both, the rendition comes alone.
func TestBothWithoutMemory(t *testing.T) {
	file := dear(t, 3000, 2000)
	var asked []bool
	out, err := New(library(t), Limits{}).Both(t.Context(), bytes.NewReader(file), int64(len(file)), clipped(320, 0, photofit.JPEG),
		func(_ context.Context, _ int64, serves func(photofit.Recipe) bool) error {
			if asked = append(asked, serves != nil); serves != nil {
				return &photofit.Fault{Kind: photofit.ErrTooLarge, Code: "photo-memory", Text: "No."}
			}
			return nil
		})
	if err != nil || out.Width != 320 || out.Master != nil {
		t.Errorf("%d px wide, a master: %v; %v", out.Width, out.Master != nil, err)
	}
	if !slices.Equal(asked, []bool{true, false}) {
		t.Errorf("memory was asked for with a master: %v", asked)
	}
}

func TestMasterType(t *testing.T) {
	const kind = "image/jpeg; photo=6000x4000; crc32c=e3069283" // the check value of CRC-32C
	if got := masterType(size{6000, 4000}, []byte("123456789")); got != kind {
		t.Errorf("it is %q", got)
	}
	if of, sum, err := masterOf(kind); err != nil || of != (size{6000, 4000}) || sum != 0xe3069283 {
		t.Errorf("%v, %x, %v", of, sum, err)
	}
	for _, bad := range []string{
		"", "image/jpeg", "image/jpeg; photo=1x1", "image/png; photo=1x1; crc32c=00000000", "image/jpeg; photo=0x1; crc32c=00000000",
		"image/jpeg; photo=1x-1; crc32c=00000000", "image/jpeg; photo=1x1x1; crc32c=00000000", "image/jpeg; photo=1; crc32c=00000000",
		"image/jpeg; photo=1x1; crc32c=0", "image/jpeg; photo=1x1; crc32c=E3069283", "image/jpeg; photo=1x1; crc32c=e30692831",
	} {
		if of, _, err := masterOf(bad); err == nil {
			t.Errorf("%q is %v", bad, of)
		}
	}
}

// A first rendition comes by way of the master's pixels unless it would come much later so.
func TestPlanBeside(t *testing.T) {
	for _, tt := range []struct {
		kind  probe.Type
		width int
		ok    bool
	}{
		{probe.JPEG, 320, true}, {probe.JPEG, 1900, true}, {probe.JPEG, 2000, false}, {probe.PNG, 320, true},
		{probe.WebP, 320, false}, {probe.WebP, 1100, false}, {probe.WebP, 1300, true}, {probe.WebP, 2000, false},
	} {
		h := photoOf(tt.kind, 6000, 4000, 6)
		first := newPlan(h, masterRecipe, 1)
		r := clipped(0, tt.width, photofit.JPEG) // it lies on its side
		p, ok := planBeside(h, first, r)
		if want := newPlan(h, r, 1); ok != tt.ok || p.Out != want.Out || p.Turn != want.Turn || p.Loaded != (size{2560, 1707}) {
			t.Errorf("%s to %d px: %v, %+v", tt.kind, tt.width, ok, p)
		}
	}
}

// For any photo and any recipe: the size is that from the photo, and the window
// lies within the master.
func TestPlanFromMaster(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	crops := []photofit.Crop{0, photofit.FocalPoint(0, 0), photofit.FocalPoint(100, 50), photofit.SmartCrop}
	served := 0
	for range 20_000 {
		h := photoOf(probe.JPEG, 1+rnd.IntN(9000), 1+rnd.IntN(9000), 1+rnd.IntN(8))
		r := photofit.Recipe{Photo: "p", Width: 1 + rnd.IntN(3000), Height: rnd.IntN(3000), Format: photofit.JPEG}
		if rnd.IntN(2) == 0 && r.Height > 0 {
			r.Fit, r.Crop = photofit.Cover, crops[rnd.IntN(len(crops))]
		}
		first := newPlan(h, masterRecipe, 1)
		master := probe.Header{Type: probe.JPEG, Width: first.Out.W, Height: first.Out.H, Orientation: 1}
		p, ok := planFromMaster(master, upright(h), r)
		if !ok {
			continue
		}
		served++
		at := fmt.Sprintf("%d × %d, orientation %d, %s", h.Width, h.Height, h.Orientation, r.Path())
		if want := newPlan(h, r, 1).Out; p.Out != want {
			t.Fatalf("%s: %v, from the photo %v", at, p.Out, want)
		}
		win := p.window(p.Loaded)
		if win.X < 0 || win.Y < 0 || win.X+win.W > p.Loaded.W || win.Y+win.H > p.Loaded.H {
			t.Fatalf("%s: the window is %v of %v", at, win, p.Loaded)
		}
		if float64(win.W)*float64(p.Shrink)+float64(p.Shrink) < float64(p.Scaled.W)*masterStep || float64(win.H)*float64(p.Shrink)+float64(p.Shrink) < float64(p.Scaled.H)*masterStep {
			t.Fatalf("%s: %v becomes %v", at, win, p.Scaled)
		}
	}
	if served < 2000 {
		t.Errorf("only %d were served", served)
	}
}
