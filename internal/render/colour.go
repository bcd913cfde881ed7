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
	switch {
	case im.Interpretation() == vips.CMYK:
		return im.TransformCMYK(to)
	case im.HasProfile() && !w.header.Colour.Profile.IsSRGB():
		// A profile that is of no use leaves pixels that browsers, too, would
		// take for sRGB.
		if out, err := im.Transform(to); err == nil {
			return out, nil
		}
	case !im.HasProfile() && w.header.Wide():
		tagged, err := im.WithProfile(assumedSpace(w.header.Colour).profile())
		if err != nil {
			return nil, err
		}
		return tagged.Transform(to)
	}
	if im.Format() == vips.UChar && (im.Interpretation() == vips.SRGB || im.Interpretation() == vips.BW) {
		return im, nil
	}
	if im.Bands() < 3 {
		return im.Colourspace(vips.BW)
	}
	return im.Colourspace(vips.SRGB)
}
