package rendition

import (
	"context"
	"fmt"
	"io/fs"
	"strings"

	"photofit"
	"photofit/internal/store"
)

// infos is renditions among which what is known of photos (photofit.InfoJSON) was
// made as it would be made now: one of another media type (Config.InfoType) is not
// there. It stays where it is until the next replaces it.
type infos struct {
	store.Renditions
	kind string
}

// Get is store.Renditions'.
func (i infos) Get(ctx context.Context, key string) (*store.Rendition, error) {
	kept, err := i.Renditions.Get(ctx, key)
	if err != nil || i.current(key, kept) {
		return kept, err
	}
	_ = kept.Body.Close()
	return nil, fmt.Errorf("%s was made under other settings: %w", key, fs.ErrNotExist)
}

// Held is store.Holder's.
func (i infos) Held(key, source string) *store.Rendition {
	kept := i.Renditions.(store.Holder).Held(key, source)
	if kept == nil || i.current(key, kept) {
		return kept
	}
	_ = kept.Body.Close()
	return nil
}

func (i infos) current(key string, kept *store.Rendition) bool {
	return kept.Type == i.kind || !strings.HasSuffix(key, "/_info.json")
}

// infoFromMaster makes what is known of a photo: its colours from the master, the
// rest from the photo's header, which is opened for that if it is not.
func (s *Service) infoFromMaster(ctx context.Context, photo store.OpenPhoto, master *timed, kept *store.Rendition, r photofit.Recipe, admit func(context.Context, int64) error) (Made, bool, error) {
	if s.masters.Info == nil {
		return Made{}, false, nil
	}
	if photo == nil {
		var err error
		if photo, err = s.photos.Open(ctx, r.Photo); err != nil {
			return Made{}, false, err
		}
		defer photo.Close()
	}
	of := photo.Photo()
	if of.Version != kept.Source {
		return Made{}, false, nil // replaced meanwhile: all of it is to be of one version
	}
	return s.masters.Info(ctx, photo, of.Size, master, kept.Size, kept.Type, admit)
}
