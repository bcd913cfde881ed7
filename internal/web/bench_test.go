package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"photofit/internal/rendition"
	"photofit/internal/store"
)

const benchSize = 60 << 10

// benchHandler keeps one rendition of benchSize bytes in a folder.
func benchHandler(b *testing.B) *Handler {
	b.Helper()
	root := b.TempDir()
	if err := os.WriteFile(filepath.Join(root, "a.jpg"), []byte("original"), 0o600); err != nil {
		b.Fatal(err)
	}
	photos, err := store.OpenFolder(root)
	if err != nil {
		b.Fatal(err)
	}
	kept, err := store.OpenDir(b.TempDir(), store.DirConfig{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { kept.Close() })
	g := newRig(b, pictureOf(string(bytes.Repeat([]byte("x"), benchSize))), func(s *rendition.Config, c *Config) {
		s.Photos, s.Renditions = photos, kept
		c.Log = nil
	})
	if r := g.get("/a.jpg?w=800", "Accept", "image/avif,image/webp"); r.StatusCode != http.StatusOK {
		b.Fatal(r.Status)
	}
	return g.Handler
}

// nobody is a client that takes everything.
type nobody struct{ header http.Header }

func (n *nobody) Header() http.Header         { return n.header }
func (n *nobody) WriteHeader(int)             {}
func (n *nobody) Write(p []byte) (int, error) { return len(p), nil }
func (n *nobody) ReadFrom(r io.Reader) (int64, error) {
	if l, ok := r.(*io.LimitedReader); ok {
		return l.N, nil // the kernel would send it
	}
	return io.Copy(struct{ io.Writer }{n}, r)
}

// BenchmarkHit is the handler alone, without net/http's server and a client.
func BenchmarkHit(b *testing.B) {
	h := benchHandler(b)
	r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "/a.jpg?w=800", nil)
	if err != nil {
		b.Fatal(err)
	}
	r.RequestURI = "/a.jpg?w=800"
	r.Header.Set("Accept", "image/avif,image/webp,image/apng,*/*;q=0.8")
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(&nobody{header: http.Header{}}, r)
	}
}

// BenchmarkLoopback compares a hit with what net/http does by itself with the
// same bytes in a file, over real connections that are kept alive. Server and
// client share the process: cpu-ns/op is what both take together.
func BenchmarkLoopback(b *testing.B) {
	file := filepath.Join(b.TempDir(), "plain.webp")
	if err := os.WriteFile(file, bytes.Repeat([]byte("x"), benchSize), 0o600); err != nil {
		b.Fatal(err)
	}
	bare := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, err := os.Open(file)
		if err != nil {
			panic(err)
		}
		defer f.Close()
		w.Header().Set("Content-Type", "image/webp")
		http.ServeContent(w, r, "", time.Time{}, f)
	})
	b.Run("bare", func(b *testing.B) { benchServer(b, bare) })
	b.Run("hit", func(b *testing.B) { benchServer(b, benchHandler(b)) })
}

func benchServer(b *testing.B, h http.Handler) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: h}
	go server.Serve(l)
	defer server.Close()

	request := []byte("GET /a.jpg?w=800 HTTP/1.1\r\nHost: x\r\nAccept: image/avif,image/webp,*/*;q=0.8\r\n\r\n")
	var failed atomic.Pointer[error]
	before := cpu()
	b.SetBytes(benchSize)
	b.SetParallelism(4)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		if err := exchange(l.Addr().String(), request, pb.Next); err != nil {
			failed.Store(&err)
		}
	})
	b.StopTimer()
	if err := failed.Load(); err != nil {
		b.Fatal(*err)
	}
	b.ReportMetric(float64(cpu()-before)/float64(b.N), "cpu-ns/op")
}

// exchange repeats a request on one connection, with as little work as can be.
func exchange(addr string, request []byte, next func() bool) error {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	buf := make([]byte, 2*benchSize)
	for next() {
		if _, err := c.Write(request); err != nil {
			return err
		}
		for have, want := 0, -1; have != want; {
			n, err := c.Read(buf[have:])
			if err != nil {
				return err
			}
			have += n
			if head := bytes.Index(buf[:have], []byte("\r\n\r\n")); want < 0 && head >= 0 {
				want = head + 4 + benchSize
			}
			if want >= 0 && have > want {
				return fmt.Errorf("%d bytes too many", have-want)
			}
		}
	}
	return nil
}

func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
