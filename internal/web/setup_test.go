package web

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"photofit"
	"photofit/internal/rendition"
	"photofit/internal/store"
)

// render is what a test does instead of libvips.
type render = rendition.Render

// picture is a rendition with these bytes.
func pictureOf(body string) render {
	return func(context.Context, io.ReaderAt, int64, photofit.Recipe, func(context.Context, int64) error) (rendition.Made, error) {
		return rendition.Made{Body: []byte(body), Type: "image/webp", Width: 1, Height: 1}, nil
	}
}

// failing never makes one.
func failing(err error) render {
	return func(context.Context, io.ReaderAt, int64, photofit.Recipe, func(context.Context, int64) error) (rendition.Made, error) {
		return rendition.Made{}, err
	}
}

// rig is a handler over one photo, "a.jpg", with what it writes to its log.
type rig struct {
	*Handler
	photos *store.MemPhotos
	kept   store.Renditions
	log    *logBuffer
}

// newRig makes one; change may alter both configurations.
func newRig(t testing.TB, make render, change func(*rendition.Config, *Config)) *rig {
	t.Helper()
	g := &rig{photos: &store.MemPhotos{}, log: &logBuffer{}}
	g.photos.Set("a.jpg", []byte("original bytes"))
	s := rendition.Config{Photos: g.photos, Renditions: store.NewMem(0), Render: make}
	c := Config{Policy: photofit.DefaultPolicy(), Log: slog.New(slog.NewJSONHandler(g.log, &slog.HandlerOptions{Level: slog.LevelDebug}))}
	if change != nil {
		change(&s, &c)
	}
	g.kept = s.Renditions
	c.Service = rendition.New(s)
	g.Handler = New(c)
	return g
}

// ask sends a request straight to the handler. Each pair of headers is a name
// and its value.
func (g *rig) ask(method, target string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	g.ServeHTTP(w, r)
	return w.Result()
}

func (g *rig) get(target string, headers ...string) *http.Response {
	return g.ask(http.MethodGet, target, headers...)
}

func bodyOf(t testing.TB, r *http.Response) string {
	t.Helper()
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatalf("read the body: %v", err)
	}
	return string(b)
}

// logBuffer keeps log lines.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// lines takes all lines out.
func (l *logBuffer) lines(t testing.TB) []map[string]any {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []map[string]any
	d := json.NewDecoder(&l.b)
	for {
		var line map[string]any
		err := d.Decode(&line)
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatalf("a log line is no JSON: %v", err)
		}
		all = append(all, line)
	}
}
