package s3

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"photofit/internal/store/s3/gateway"
	"photofit/internal/store/s3/s3test"
)

// TestMain gives all tests the credentials that the servers here take.
func TestMain(m *testing.M) {
	gateway.SetEnvironment(func(name, value string) { os.Setenv(name, value) })
	os.Exit(m.Run())
}

// buckets counts those that tests have made.
var buckets atomic.Int32

// newBucket makes an empty one, with a name that no test had yet.
func newBucket(t testing.TB, s s3test.Server) string {
	t.Helper()
	name := "bucket-" + strconv.Itoa(int(buckets.Add(1)))
	s.Add(t, name)
	return name
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
