package check

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"net/http"
	"strings"
	"sync"
	"time"

	"photofit"
)

// dearPhoto is a photo that has a master: a PNG is dear to decode.
var dearPhoto = sync.OnceValue(func() []byte {
	im := image.NewRGBA(image.Rect(0, 0, 1600, 1000))
	for y := range 1000 {
		for x := range 1600 {
			im.SetRGBA(x, y, color.RGBA{uint8(x / 8), uint8(y / 5), 90, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, im); err != nil {
		panic(err) // into memory
	}
	return b.Bytes()
})

// masterPatience is how long a master may take: the queue collects for ten seconds,
// and others may be in front.
const masterPatience = 2 * time.Minute

// makesMasters puts a photo, waits for its master, and asks for a rendition, which
// is to be made from that. The master itself nobody can ask for.
func makesMasters(ctx context.Context, s *suite) (string, error) {
	if !s.Inside.Masters() {
		return "", skipped("masters are off")
	}
	name := unknown()
	s.put = append(s.put, name)
	if err := s.Inside.PutPhoto(ctx, name, dearPhoto()); err != nil {
		return "", err
	}
	key := photofit.MasterKey(name)
	for waited := time.Duration(0); ; waited += 5 * time.Second {
		_, err := s.Inside.Rendition(ctx, key)
		if err == nil {
			break
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if waited >= masterPatience {
			return "", wrongf("The function Purge makes the masters: PHOTOFIT_MASTERS must not be false there, its role needs s3:PutObject on the renditions, and it needs memory; its log says what failed.", "%s was put, and has no master after %s", name, masterPatience)
		}
		if err := s.Sleep(ctx, 5*time.Second); err != nil {
			return "", err
		}
	}
	a, err := s.picture(ctx, photoPath(name)+"?fm=jpg&w=64")
	if err != nil {
		return "", err
	}
	if timing := a.header.Get("Server-Timing"); a.byFunction() && timing != "" && !strings.Contains(timing, ";desc=master") {
		return "", wrongf("PHOTOFIT_MASTERS must not be false for the function Render, and its role needs s3:GetObject on the renditions.", "%s was not made from the master: %s", a.text(), timing)
	}
	for _, last := range []string{"_~master", "_%7Emaster", "%5F~master", "_~master?w=64", "_~7Emaster"} {
		a, err := s.get(ctx, photoPath(name)+"/"+last)
		if err != nil {
			return "", err
		}
		if a.status != http.StatusBadRequest && a.status != http.StatusNotFound {
			return "", wrongf(fixEdge+" It is what keeps masters from being asked for.", "%s", a.text())
		}
	}
	return "and a rendition was made from it", nil
}
