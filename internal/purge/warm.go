package purge

import (
	"context"
	"slices"
	"strings"

	"photofit"
)

// warm has made what is made ahead of the photos that a batch says are new, when all
// that had to go is gone. A photo that has changed again, or is gone, is
// left to its own event. A message that was delivered before warms nothing: if
// that is what ended the function, it would do so again.
func (h *Handler) warm(ctx context.Context, jobs []*job) {
	if h.Warm == nil {
		return
	}
	for _, j := range jobs {
		if j.err != nil || len(j.etags) == 0 || !photofit.PhotoName(j.photo) {
			continue
		}
		if err := h.warmOne(ctx, j); err != nil {
			h.Log.Warn("not made ahead, the first viewer will wait", "photo", j.photo, "err", err)
		}
	}
}

func (h *Handler) warmOne(ctx context.Context, j *job) error {
	// What is put later than that could escape the next pass.
	ctx, cancel := context.WithTimeout(ctx, h.FunctionTimeout)
	defer cancel()
	photo, err := h.Photos.Stat(ctx, j.photo)
	if err != nil {
		return err
	}
	now := strings.Trim(photo.Version, `"`)
	if !slices.ContainsFunc(j.etags, func(etag string) bool { return strings.Trim(etag, `"`) == now }) {
		h.Log.Info("not made ahead: the photo has changed again", "photo", j.photo)
		return nil
	}
	return h.Warm(ctx, j.photo)
}
