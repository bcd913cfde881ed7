package scene

import (
	"fmt"
	"golang.org/x/image/draw"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"testing"
	"time"
)

func TestDrawAll(t *testing.T) {
	dir := os.Getenv("SCN")
	if dir == "" {
		t.Skip()
	}
	w, h := 1500, 1000
	if os.Getenv("FULL") != "" {
		w, h = 6000, 4000
	}
	only := os.Getenv("ONLY")
	for _, s := range All() {
		if only != "" && only != s.Name {
			continue
		}
		t0 := time.Now()
		img := s.Draw(w, h)
		d := time.Since(t0)
		f, _ := os.Create(dir + "/" + s.Name + ".jpg")
		t0 = time.Now()
		jpeg.Encode(f, img, &jpeg.Options{Quality: 90})
		e := time.Since(t0)
		st, _ := f.Stat()
		f.Close()
		fmt.Println(s.Name, d, e, st.Size())
		out := image.NewRGBA(image.Rect(0, 0, 900, 600))
		draw.BiLinear.Scale(out, out.Rect, img, img.Bounds(), draw.Src, nil)
		g, _ := os.Create(dir + "/" + s.Name + ".png")
		png.Encode(g, out)
		g.Close()
	}
}
