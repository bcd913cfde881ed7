package s3

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"photofit/internal/store/s3/gateway"
)

// TestMain gives all tests the credentials that the servers here take.
func TestMain(m *testing.M) {
	for _, e := range gateway.Environment() {
		name, value, _ := strings.Cut(e, "=")
		os.Setenv(name, value)
	}
	code := m.Run()
	if shared.gateway != nil {
		shared.gateway.Stop()
		os.RemoveAll(shared.folder)
	}
	os.Exit(code)
}

// server is an S3 server that makes buckets.
type server struct {
	name   string
	url    string
	bucket func(t testing.TB) string
}

// eachServer runs a test against a fake in this process and against versitygw.
func eachServer(t *testing.T, test func(t *testing.T, s server)) {
	t.Run("gofakes3", func(t *testing.T) { test(t, fake(t)) })
	t.Run("versitygw", func(t *testing.T) { test(t, versity(t)) })
}

var buckets struct {
	sync.Mutex
	n int
}

// newBucketName is one that no test had yet.
func newBucketName() string {
	buckets.Lock()
	defer buckets.Unlock()
	buckets.n++
	return "bucket-" + strconv.Itoa(buckets.n)
}

func fake(t testing.TB) server {
	backend := s3mem.New()
	s := httptest.NewUnstartedServer(gofakes3.New(backend, gofakes3.WithLogger(gofakes3.DiscardLog())).Server())
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // it writes headers twice now and then
	s.Start()
	t.Cleanup(s.Close)
	return server{"gofakes3", s.URL, func(t testing.TB) string {
		name := newBucketName()
		if err := backend.CreateBucket(name); err != nil {
			t.Fatal(err)
		}
		return name
	}}
}

// shared is the one versitygw of a test run.
var shared struct {
	once    sync.Once
	gateway *gateway.Gateway
	folder  string
	err     error
}

func versity(t testing.TB) server {
	shared.once.Do(func() {
		if shared.folder, shared.err = os.MkdirTemp("", "photofit-s3-"); shared.err == nil {
			// Not t's context: it outlives t.
			shared.gateway, shared.err = gateway.Start(context.Background(), shared.folder)
		}
	})
	if errors.Is(shared.err, gateway.ErrMissing) && os.Getenv("CI") == "" {
		t.Skipf("SKIPPED: no real S3 server: %v", shared.err)
	}
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return server{"versitygw", shared.gateway.URL, func(t testing.TB) string {
		name := newBucketName()
		if err := shared.gateway.Bucket(name); err != nil {
			t.Fatal(err)
		}
		return name
	}}
}

// hasty is a client's timing for tests of what goes wrong: no wait before it tries
// again.
var hasty = timing{backoff: time.Millisecond}

func connect(t testing.TB, c Config) *Client {
	t.Helper()
	client, err := Connect(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// upload puts an object as anybody would.
func upload(t testing.TB, c *Client, bucket, key string, body []byte) {
	t.Helper()
	_, err := c.api.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &bucket, Key: &key, Body: strings.NewReader(string(body))})
	if err != nil {
		t.Fatalf("uploading %.60q: %v", key, err)
	}
}
