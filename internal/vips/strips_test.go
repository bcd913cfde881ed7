package vips

import (
	"bytes"
	"testing"
)

// rowsOf puts an image together again from its strips.
func rowsOf(t testing.TB, im *Image) []byte {
	t.Helper()
	var all []byte
	row := im.Width() * im.Bands()
	if err := im.Strips(func(rows []byte, stride int) {
		for ; len(rows) > row; rows = rows[stride:] {
			all = append(all, rows[:row]...)
		}
		all = append(all, rows[:row]...)
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestStripsAreAllRows(t *testing.T) {
	j := newJob(t)
	for _, s := range []struct{ w, h, bands int }{{1, 1, 1}, {7, 31, 3}, {7, 32, 4}, {50, 33, 3}, {3, 200, 2}, {900, 65, 3}} {
		im := picture(t, j, s.w, s.h, s.bands)
		if !bytes.Equal(rowsOf(t, im), gradient(s.w, s.h, s.bands)) {
			t.Errorf("%v: other rows came", s)
		}
	}
}

// What is decoded, cut and converted on the way comes as it would in one piece.
func TestStripsOfWhatIsNotYetMade(t *testing.T) {
	j := newJob(t)
	file := pngFile(t, 90, 120)
	whole := func() *Image { return must[*Image](t)(j.Load(LoadPNG, file, LoadOptions{})) }
	for name, op := range map[string]func(*Image) (*Image, error){
		"as loaded": func(im *Image) (*Image, error) { return im, nil },
		"a window":  func(im *Image) (*Image, error) { return im.Extract(11, 37, 50, 70) },
		"half":      func(im *Image) (*Image, error) { return im.Resize(.5, .5) },
	} {
		one, two := must[*Image](t)(op(whole())), must[*Image](t)(op(whole()))
		if !bytes.Equal(rowsOf(t, one), must[[]byte](t)(two.Pixels())) {
			t.Errorf("%s: strips differ from the whole", name)
		}
	}
}

func TestStripsEndWithAnError(t *testing.T) {
	j := newJob(t)
	nothing := func([]byte, int) {}
	file := pngFile(t, 300, 300)
	cut := must[*Image](t)(j.Load(LoadPNG, file[:len(file)/2], LoadOptions{}))
	if cut.Strips(nothing) == nil {
		t.Error("half a file is whole")
	}
	deep := must[*Image](t)(picture(t, j, 4, 4, 3).Cast(UShort))
	if deep.Strips(nothing) == nil {
		t.Error("16 bits were given out as 8")
	}
	im := must[*Image](t)(j.Load(LoadPNG, file, LoadOptions{}))
	strips := 0
	err := im.Strips(func([]byte, int) { strips++; j.Kill() })
	if err == nil || strips != 1 {
		t.Errorf("killed, it went on for %d strips: %v", strips, err)
	}
}

func TestOverPixels(t *testing.T) {
	j := newJob(t)
	like := must[*Image](t)(picture(t, j, 9, 8, 3).WithProfile([]byte("a profile")))
	like.SetPageHeight(4)
	pixels := gradient(5, 6, 3)
	im := must[*Image](t)(j.OverPixels(pixels, 5, 6, like))
	if im.Width() != 5 || im.Height() != 6 || im.Bands() != 3 || im.Format() != UChar || im.Interpretation() != SRGB {
		t.Errorf("%d × %d × %d, %v, %v", im.Width(), im.Height(), im.Bands(), im.Format(), im.Interpretation())
	}
	if !im.HasProfile() || im.PageHeight() != 4 {
		t.Errorf("profile %t, frames of %d", im.HasProfile(), im.PageHeight())
	}
	if !bytes.Equal(must[[]byte](t)(im.Pixels()), gradient(5, 6, 3)) {
		t.Error("other pixels came back")
	}
	grey := must[*Image](t)(j.OverPixels(gradient(5, 6, 1), 5, 6, picture(t, j, 2, 2, 1)))
	if grey.Interpretation() != BW || grey.HasProfile() || grey.PageHeight() != 6 {
		t.Errorf("grey is %v, profile %t, frames of %d", grey.Interpretation(), grey.HasProfile(), grey.PageHeight())
	}
	if _, err := j.OverPixels(pixels, 5, 5, like); err == nil {
		t.Error("pixels that do not fill the size are taken")
	}
}

func TestOnClose(t *testing.T) {
	j := library(t).NewJob()
	like, pixels, freed := picture(t, j, 3, 2, 1), gradient(3, 2, 1), 0
	must[*Image](t)(j.OverPixels(pixels, 3, 2, like))
	j.OnClose(func() { freed++ })
	if freed != 0 {
		t.Error("let go of while images are open")
	}
	j.Close()
	j.Close()
	if freed != 1 {
		t.Errorf("let go of %d times", freed)
	}
}
