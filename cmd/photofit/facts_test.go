package main

import (
	"testing"

	"photofit/internal/imgtest"
	"photofit/internal/render"
	"photofit/internal/store"
	"photofit/internal/web/sheet"
)

// The contact sheet knows of a photo what its info tells, and no more.
func TestFactsOfAPhoto(t *testing.T) {
	captioned := imgtest.XMPSegment(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:description="at home"/></rdf:RDF></x:xmpmeta>`)
	turned := imgtest.EXIFSegment(imgtest.EXIF{Orientation: 6}.Bytes())
	photos := &store.MemPhotos{}
	photos.Set("a.jpg", imgtest.JPEG(imgtest.OrientationChart(300, 200), 90, turned, captioned))
	photos.Set("film.gif", imgtest.AnimatedGIF(40, 30, 3, 10))
	photos.Set("film.png", imgtest.APNG(40, 30, 3, 10))
	photos.Set("no.jpg", []byte("no photo"))
	tests := []struct {
		photo string
		basic bool
		want  sheet.Facts
	}{
		{"a.jpg", false, sheet.Facts{Width: 200, Height: 300, Caption: "at home"}},
		{"a.jpg", true, sheet.Facts{Width: 200, Height: 300}},
		{"film.gif", false, sheet.Facts{Width: 40, Height: 30, Film: true}},
		{"film.png", false, sheet.Facts{Width: 40, Height: 30}},
	}
	for _, test := range tests {
		got, err := facts(photos, render.InfoConfig{Basic: test.basic})(t.Context(), test.photo)
		if err != nil || got != test.want {
			t.Errorf("%s, basic %v: %+v, %v; want %+v", test.photo, test.basic, got, err, test.want)
		}
	}
	for _, name := range []string{"no.jpg", "none.jpg"} {
		if got, err := facts(photos, render.InfoConfig{})(t.Context(), name); err == nil || got != (sheet.Facts{}) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}
