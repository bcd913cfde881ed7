package sheet

import (
	"bytes"
	"hash/fnv"
	"image"
	"image/jpeg"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"photofit"
)

// fakePhotos answers for every photo with a plain picture of what is asked: of
// an original of 3000 × 2000 pixels, or the other way round for portrait.jpg,
// or 500 × 400 for small.jpg.
// What is named broken can't be made.
type fakePhotos struct {
	slow  chan struct{} // the view of slow.jpg comes when it is closed
	mu    sync.Mutex
	sizes map[string]int // in bytes, by path and query
}

const whyBroken = "The photo is <b>damaged</b>: upload it again."

// fakeInfo is the _info.json of every photo.
const fakeInfo = `{"width":3000,"height":2000,"bytes":7400000,"type":"image/jpeg","taken":"2024-05-01T14:03:07",
"caption":"<img src=x onerror=console.log(1)> & so","color":"#8a6f4d","thumbhash":"` + fakeHash + `","hdr":true,"animated":false,"widths":[32,48]}`

const fakeHash = "1QcSHQRnh493V4dIh4eXh1h4kJUI"

func pixelsOf(photo string) (int, int) {
	switch photo {
	case "portrait.jpg":
		return 2000, 3000
	case "small.jpg":
		return 500, 400
	}
	return 3000, 2000
}

func (f *fakePhotos) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	recipe, err := photofit.Resolve(r.URL.EscapedPath(), r.URL.RawQuery, r.Header.Get("Accept"), photofit.Policy{OriginalsPublic: true})
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if recipe.Format == photofit.InfoJSON {
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(fakeInfo))
		return
	}
	if strings.HasPrefix(recipe.Photo, "broken") {
		w.Header().Set("Photofit-Error", "photo-damaged")
		http.Error(w, whyBroken, http.StatusUnprocessableEntity)
		return
	}
	pw, ph := pixelsOf(recipe.Photo)
	width := min(recipe.Width, pw)
	if recipe.Format == photofit.Original {
		width = pw
	}
	height := width * ph / pw
	if recipe.Height > 0 {
		width = min(recipe.Width, pw, ph*recipe.Width/recipe.Height)
		height = width * recipe.Height / recipe.Width
	}
	picture := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	hash := fnv.New32()
	hash.Write([]byte(recipe.Photo))
	for i, plane := range [][]uint8{picture.Y, picture.Cb, picture.Cr} {
		copy(plane, bytes.Repeat([]byte{byte(64 + hash.Sum32()>>(8*i)%128)}, len(plane)))
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		panic(err)
	}
	b.Write(make([]byte, 1000*int(recipe.Format))) // after the end of a JPEG file nothing is read
	f.mu.Lock()
	f.sizes[r.URL.RequestURI()] = b.Len()
	f.mu.Unlock()
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Cache-Control", "max-age=60")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	w.Write(b.Bytes())
}
