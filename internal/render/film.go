package render

import (
	"fmt"

	"photofit/internal/vips"
)

// film takes an animation to its final pixels. libvips hands it out as one tall
// strip of frames; each is treated as a picture of its own, so that nothing
// bleeds over a cut.
func (w *work) film(strip *vips.Image) (*vips.Image, error) {
	pageHeight := strip.PageHeight()
	frames := strip.Height() / max(1, pageHeight)
	if frames*pageHeight != strip.Height() || frames < 1 {
		return nil, &vips.Error{Op: "load", Text: "the frames are not of one height"}
	}
	if frames > w.plan.Frames {
		return nil, &vips.Error{Op: "load", Text: fmt.Sprintf("%d frames where the header said %d", frames, w.plan.Frames)}
	}
	strip, err := strip.Copy()
	if err != nil {
		return nil, err
	}
	done := make([]*vips.Image, frames)
	for i := range done {
		frame, err := strip.Extract(0, i*pageHeight, strip.Width(), pageHeight)
		if err != nil {
			return nil, err
		}
		if done[i], err = w.frame(frame); err != nil {
			return nil, err
		}
	}
	return w.job.Stack(done)
}

// frame takes one frame to its final pixels.
func (w *work) frame(im *vips.Image) (*vips.Image, error) {
	im, err := w.scaled(im)
	if err != nil {
		return nil, err
	}
	return w.settle(im)
}
