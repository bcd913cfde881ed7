package guides

import (
	"context"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"testing"

	"photofit"
	"photofit/internal/imgtest"
	"photofit/internal/imgtest/scene"
	"photofit/internal/render"
	"photofit/internal/rendition"
	"photofit/internal/store"
	"photofit/internal/vips"
	"photofit/internal/web"
)

// photos are those of the guides, with their sizes.
var photos = map[string][2]int{"trip/b.jpg": {3000, 2000}, "trip/c.jpg": {2880, 1920}}

// servePhotos serves them as photofit serve does, and is where they are. Browsers
// are told to keep nothing, since they would take a larger picture that they have.
func servePhotos(t *testing.T) string {
	t.Helper()
	lib, err := vips.Open(vips.Find(os.Getenv("PHOTOFIT_LIBVIPS"), "../../bin/guides")...)
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skipf("SKIPPED: no libvips, which scripts/libvips gets: %v", err)
	}
	renderer := render.New(lib, render.Limits{})
	kept := &store.MemPhotos{}
	for name, size := range photos {
		kept.Set(name, imgtest.JPEG(scene.All()[0].Draw(size[0], size[1]), 85))
	}
	service := rendition.New(rendition.Config{
		Photos: kept, Renditions: store.NewMem(0), InfoType: renderer.Info.Type(),
		Render: func(ctx context.Context, photo io.ReaderAt, size int64, r photofit.Recipe, admit func(context.Context, int64) error) (rendition.Made, error) {
			out, err := renderer.Render(ctx, photo, size, r, admit)
			return rendition.Made(out), err
		},
	})
	server := httptest.NewServer(web.New(web.Config{Service: service, CacheControl: "no-store", Log: slog.New(slog.DiscardHandler)}))
	t.Cleanup(server.Close)
	return server.URL
}
