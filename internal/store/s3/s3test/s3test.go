// Package s3test starts S3 servers for tests, on loopback, and ends them with the
// test: a fake in this process, which is always there, and versitygw, a real one,
// without which a test is skipped on a laptop and fails in CI.
package s3test

import (
	"context"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"photofit/internal/store/s3/gateway"
)

// Server is an S3 server with some buckets. Whoever asks it needs the key in
// gateway.SetEnvironment.
type Server struct {
	URL   string // "http://127.0.0.1:41234"
	Files bool   // it keeps objects as files, so that their names are bound as those are

	bucket func(name string) error
}

// Each runs a test on the fake, and on versitygw.
func Each(t *testing.T, test func(t *testing.T, s Server), buckets ...string) {
	t.Run("gofakes3", func(t *testing.T) { test(t, Fake(t, buckets...)) })
	t.Run("versitygw", func(t *testing.T) { test(t, Real(t, buckets...)) })
}

// Fake starts gofakes3 with empty buckets.
func Fake(t testing.TB, buckets ...string) Server {
	t.Helper()
	// It reads the clock twice for an object, and a second may end in between.
	clock := gofakes3.FixedTimeSource(time.Now())
	backend := s3mem.New(s3mem.WithTimeSource(clock))
	server := httptest.NewUnstartedServer(gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog()), gofakes3.WithTimeSource(clock)).Server())
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it writes headers twice now and then
	server.Start()
	t.Cleanup(server.Close)
	s := Server{URL: server.URL, bucket: backend.CreateBucket}
	s.Add(t, buckets...)
	return s
}

// Real starts versitygw with empty buckets.
func Real(t testing.TB, buckets ...string) Server {
	t.Helper()
	if err := gateway.Installed(); err != nil && os.Getenv("CI") == "" {
		t.Skipf("SKIPPED: no real S3 server: %v", err)
	}
	// Not t's context, which ends before what is cleaned up.
	server, err := gateway.Start(context.WithoutCancel(t.Context()), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	s := Server{URL: server.URL, Files: true, bucket: server.Bucket}
	s.Add(t, buckets...)
	return s
}

// Add makes empty buckets.
func (s Server) Add(t testing.TB, buckets ...string) {
	t.Helper()
	for _, name := range buckets {
		if err := s.bucket(name); err != nil {
			t.Fatal(err)
		}
	}
}
