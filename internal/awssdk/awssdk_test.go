package awssdk

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
)

type client func(*http.Request) (*http.Response, error)

func (c client) Do(r *http.Request) (*http.Response, error) { return c(r) }

// TestPlainBodies has a body arrive whole that net/http can only read.
func TestPlainBodies(t *testing.T) {
	for name, value := range map[string]string{"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"} {
		t.Setenv(name, value)
	}
	loaded, err := Load(t.Context(), Config{Region: "eu-central-1"})
	if err != nil {
		t.Fatal(err)
	}
	for _, plain := range []bool{true, false} {
		if !plain { // as the SDK has them
			loaded.APIOptions = nil
		}
		sent, writes := "", false
		loaded.HTTPClient = client(func(r *http.Request) (*http.Response, error) {
			_, writes = r.Body.(io.WriterTo)
			body, err := io.ReadAll(r.Body)
			sent = string(body)
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Header: http.Header{}}, err
		})
		if _, err := cloudformation.NewFromConfig(loaded).DeleteStack(t.Context(), &cloudformation.DeleteStackInput{StackName: aws.String("news")}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(sent, "StackName=news") || writes == plain {
			t.Errorf("plain: %t, and it writes itself: %t; sent %q", plain, writes, sent)
		}
	}
}
