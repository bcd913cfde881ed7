// Package accounttest has clients find an account of AWS's in this process.
package accounttest

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"photofit/internal/stack/account"
)

// Cloud is what stands in for AWS: awsfake.Cloud.
type Cloud interface {
	http.Handler
	Faults() []string // what AWS would not have understood
}

// Serve starts a cloud until the end of a test, and sets the environment so that clients
// find it, with credentials and a region. What AWS would not have understood fails the test.
func Serve(t *testing.T, cloud Cloud, region string) {
	t.Helper()
	server := httptest.NewServer(cloud)
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_REGION": region, "AWS_PROFILE": "",
		"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "",
		"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null", "AWS_EC2_METADATA_DISABLED": "true",
	} {
		t.Setenv(name, value)
	}
	t.Cleanup(func() {
		for _, fault := range cloud.Faults() {
			t.Errorf("AWS would not have understood: %s", fault)
		}
	})
}

// Config is how to find the account of a region. Nobody waits for long between two tries.
func Config(region string) account.Config {
	return account.Config{Region: region, Backoff: time.Millisecond}
}

// Connect is Serve and account.Connect.
func Connect(t *testing.T, cloud Cloud, region string) *account.Account {
	t.Helper()
	Serve(t, cloud, region)
	a, err := account.Connect(t.Context(), Config(region))
	if err != nil {
		t.Fatal(err)
	}
	return a
}
