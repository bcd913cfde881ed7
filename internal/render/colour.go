package render

import "photofit/internal/vips"

// keepsGamut tells whether the rendition is written in Display P3: the photo
// has colours that sRGB lacks, and the rendition is large enough to be worth a
// profile.
func (w *work) keepsGamut() bool {
	return w.header.Wide() && !w.header.CMYK && w.plan.Out.pixels() >= wideFrom
}

// colour brings the picture to 8 bits of sRGB, or of Display P3. It comes after
// the resize: few pixels are cheaper to convert than many, and between two
// display spaces the order cannot be seen.
func (w *work) colour(im *vips.Image) (*vips.Image, error) {
	to := vips.ProfileSRGB
	if w.keepsGamut() {
		to = vips.ProfileP3
	}
	out, err := im, error(nil)
	switch {
	case im.Interpretation() == vips.CMYK:
		return im.TransformCMYK(to)
	case im.HasProfile() && !w.header.Colour.Profile.IsSRGB():
		out, err = im.Transform(to)
	case !im.HasProfile() && w.header.Wide() && im.Bands() >= 3:
		if out, err = im.WithProfile(assumedSpace(w.header.Colour).profile()); err == nil {
			out, err = out.Transform(to)
		}
	}
	if err == nil && out != im {
		w.wide = to == vips.ProfileP3
		return out, nil
	}
	// Without a profile, or with one that is of no use, pixels are what browsers,
	// too, would take them for: sRGB.
	if im.Format() == vips.UChar && (im.Interpretation() == vips.SRGB || im.Interpretation() == vips.BW) {
		return im, nil
	}
	if im.Bands() < 3 {
		return im.Colourspace(vips.BW)
	}
	return im.Colourspace(vips.SRGB)
}
