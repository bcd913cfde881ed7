package render

import (
	"testing"

	"photofit"
	"photofit/internal/probe"
)

func TestChoose(t *testing.T) {
	still := photoOf(probe.JPEG, 6000, 4000, 1)
	clear := photoOf(probe.PNG, 6000, 4000, 1)
	clear.Alpha = true
	film := photoOf(probe.GIF, 300, 200, 1)
	film.Animated, film.Frames = true, 12
	webpFilm := film
	webpFilm.Type = probe.WebP
	apng, sequence := film, film
	apng.Type, sequence.Type = probe.PNG, probe.AVIF
	drawn := photoOf(probe.PNG, 6000, 4000, 1)
	wide := photoOf(probe.JPEG, 20000, 1000, 1)
	widePNG := photoOf(probe.PNG, 20000, 1000, 1)
	wideClear, wideFilm := widePNG, wide
	wideClear.Alpha = true
	wideFilm.Animated, wideFilm.Frames, wideFilm.Type = true, 2, probe.GIF
	between := photoOf(probe.JPEG, 16384, 100, 1)
	tall := photoOf(probe.PNG, 100, 65530, 1)
	sideways := photoOf(probe.JPEG, 100, 20000, 6)

	auto, webp, avif := photofit.Auto, photofit.AutoWebP, photofit.AutoAVIF
	for _, tt := range []struct {
		name   string
		h      probe.Header
		width  int
		class  photofit.Format
		want   photofit.Format
		frames int
	}{
		{"still", still, 800, auto, photofit.JPEG, 1},
		{"still", still, 800, webp, photofit.WebP, 1},
		{"still", still, 800, avif, photofit.AVIF, 1},
		{"too small for AVIF", still, 211, avif, photofit.WebP, 1},
		{"just not", still, 213, avif, photofit.AVIF, 1},
		{"too small for AVIF", clear, 160, avif, photofit.WebP, 1},
		{"not too small for WebP", still, 32, webp, photofit.WebP, 1},
		{"too large for a photo's WebP", still, 1280, webp, photofit.JPEG, 1},
		{"just not", still, 1270, webp, photofit.WebP, 1},
		{"large, with AVIF", still, 3840, avif, photofit.AVIF, 1},
		{"large, and no photo", drawn, 3840, webp, photofit.WebP, 1},
		{"large, with alpha", clear, 3840, webp, photofit.WebP, 1},
		{"too small for AVIF, too wide for WebP", photoOf(probe.JPEG, 16384, 1, 1), 16384, avif, photofit.AVIF, 1},

		{"alpha", clear, 800, auto, photofit.PNG, 1},
		{"alpha", clear, 800, webp, photofit.WebP, 1},
		{"alpha", clear, 800, avif, photofit.AVIF, 1},
		{"GIF film", film, 100, auto, photofit.JPEG, 1},
		{"GIF film", film, 100, webp, photofit.WebP, 12},
		{"GIF film", film, 100, avif, photofit.WebP, 12},
		{"WebP film", webpFilm, 100, auto, photofit.JPEG, 1},
		{"WebP film", webpFilm, 100, webp, photofit.WebP, 12},
		{"WebP film", webpFilm, 100, avif, photofit.WebP, 12},
		{"PNG film, whose first frame is all that is decoded", apng, 300, avif, photofit.AVIF, 1},
		{"AVIF film, the same", sequence, 100, webp, photofit.WebP, 1},
		{"too wide for WebP and AVIF", wide, 20000, auto, photofit.JPEG, 1},
		{"too wide for WebP and AVIF", wide, 20000, webp, photofit.JPEG, 1},
		{"too wide for WebP and AVIF", wide, 20000, avif, photofit.JPEG, 1},
		{"too wide as a photo, not as a rendition", widePNG, 16383, webp, photofit.WebP, 1},
		{"too wide, with alpha", wideClear, 20000, webp, photofit.PNG, 1},
		{"too wide, with alpha", wideClear, 20000, avif, photofit.PNG, 1},
		{"a film that is too wide", wideFilm, 20000, webp, photofit.JPEG, 1},
		{"a film that is too wide", wideFilm, 20000, avif, photofit.JPEG, 1},
		{"too wide for WebP alone", between, 16384, webp, photofit.JPEG, 1},
		{"too wide for WebP alone", between, 16384, avif, photofit.AVIF, 1},
		{"too tall for JPEG", tall, 100, auto, photofit.PNG, 1},
		{"too tall for JPEG", tall, 100, avif, photofit.PNG, 1},
		{"too wide when upright", sideways, 20000, avif, photofit.JPEG, 1},

		{"asked for", clear, 800, photofit.JPEG, photofit.JPEG, 1},
		{"asked for", film, 100, photofit.AVIF, photofit.AVIF, 1},
		{"asked for", film, 100, photofit.PNG, photofit.PNG, 1},
		{"asked for", film, 100, photofit.WebP, photofit.WebP, 12},
		{"asked for", wide, 20000, photofit.WebP, photofit.WebP, 1},
	} {
		got := choose(tt.h, clipped(tt.width, 0, tt.class))
		if frames := framesFor(tt.h, got); got != tt.want || frames != tt.frames {
			t.Errorf("%s, %s: %s of %d frames, want %s of %d", tt.name, tt.class, got, frames, tt.want, tt.frames)
		}
	}
}

func TestQuality(t *testing.T) {
	for _, f := range formats {
		for _, out := range []size{{160, 107}, {800, 533}, {1600, 1067}} {
			if q := quality(photofit.Recipe{Quality: 33}, f, out); q != 33 {
				t.Errorf("%s: quality 33 becomes %d", f, q)
			}
			if q := quality(photofit.Recipe{}, f, out); q < 40 || q > 90 {
				t.Errorf("%s: auto is %d", f, q)
			}
		}
	}
	if avifEffort > 1 {
		t.Error("an AVIF's encoder cannot be stopped, so it must not take long")
	}
	if fullChroma(89) || !fullChroma(90) {
		t.Error("colours are at full size from quality 90 on")
	}
}
