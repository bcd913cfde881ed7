package awsfake

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"
)

var someone = aws.Config{Region: "us-east-1", Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""), Retryer: func() aws.Retryer { return aws.NopRetryer{} }}

// codeOf is AWS's name for an error; "" for none.
func codeOf(err error) string {
	var known smithy.APIError
	if errors.As(err, &known) {
		return known.ErrorCode()
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func TestSQS(t *testing.T) {
	queue := &SQS{QueueURL: "https://sqs.us-east-1.amazonaws.com/1/photofit"}
	server := httptest.NewServer(queue)
	defer server.Close()
	client := sqs.NewFromConfig(someone, func(o *sqs.Options) { o.BaseEndpoint = &server.URL })
	for _, c := range []struct {
		url, body string
		delay     int32
		want      string
	}{
		{queue.QueueURL, "a\tb", 900, ""},
		{queue.QueueURL, "a", 901, "InvalidParameterValue"},
		{queue.QueueURL, "a", -1, "InvalidParameterValue"},
		{queue.QueueURL + "2", "a", 0, "QueueDoesNotExist"},
		{queue.QueueURL, "", 0, "MissingParameter"},
	} {
		_, err := client.SendMessage(t.Context(), &sqs.SendMessageInput{QueueUrl: &c.url, MessageBody: &c.body, DelaySeconds: c.delay})
		if got := codeOf(err); got != c.want {
			t.Errorf("%q after %d s to %s: %q, want %q", c.body, c.delay, c.url, got, c.want)
		}
	}
	if sent := queue.Take(); len(sent) != 1 || sent[0].Body != "a\tb" || sent[0].Delay.Seconds() != 900 || len(queue.Take()) != 0 {
		t.Errorf("sent: %+v", sent)
	}
	if got := strings.Map(allowed, "a\x01b\ufffe"); got != "a\ufffdb\ufffd" {
		t.Errorf("%q", got)
	}
}

func TestCloudFront(t *testing.T) {
	var told []string
	fake := &CloudFront{Distribution: "E1", Invalidated: func(tag string) { told = append(told, tag) }}
	server := httptest.NewServer(fake)
	defer server.Close()
	client := cloudfront.NewFromConfig(someone, func(o *cloudfront.Options) { o.BaseEndpoint = &server.URL })
	for _, c := range []struct {
		distribution, reference string
		quantity                int32
		items                   []string
		want                    string
	}{
		{"E1", "a", 1, []string{"#tag"}, ""},
		{"E1", "a", 1, []string{"#tag"}, ""}, // is not made again
		{"E1", "a", 1, []string{"#other"}, "InvalidationBatchAlreadyExists"},
		{"E1", "b", 2, []string{"#tag"}, "InconsistentQuantities"},
		{"E1", "c", 1, []string{"#a,b"}, "InvalidArgument"},
		{"E1", "d", 1, []string{"#a b"}, "InvalidArgument"},
		{"E2", "e", 1, []string{"#tag"}, "NoSuchDistribution"},
	} {
		_, err := client.CreateInvalidation(t.Context(), &cloudfront.CreateInvalidationInput{DistributionId: &c.distribution,
			InvalidationBatch: &types.InvalidationBatch{CallerReference: &c.reference, Paths: &types.Paths{Quantity: &c.quantity, Items: c.items}}})
		if got := codeOf(err); got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
	if tags := fake.Take(); len(tags) != 1 || len(told) != 1 || told[0] != "tag" {
		t.Errorf("invalidated: %q, told: %q", tags, told)
	}
	fake.Refuse(1)
	one := func() error {
		_, err := client.CreateInvalidation(t.Context(), &cloudfront.CreateInvalidationInput{DistributionId: aws.String("E1"),
			InvalidationBatch: &types.InvalidationBatch{CallerReference: aws.String("f"), Paths: &types.Paths{Quantity: aws.Int32(1), Items: []string{"#tag"}}}})
		return err
	}
	var many *types.TooManyInvalidationsInProgress
	if err := one(); !errors.As(err, &many) {
		t.Error(err)
	}
	if err := one(); err != nil {
		t.Error(err)
	}
}

// TestUnsigned has requests without a signature refused.
func TestUnsigned(t *testing.T) {
	for _, c := range []struct {
		service http.Handler
		path    string
		code    string
	}{
		{&SQS{}, "/", "IncompleteSignature"},
		{&CloudFront{}, "/2020-05-31/distribution//invalidation", "AccessDenied"},
	} {
		request := httptest.NewRequest(http.MethodPost, c.path, strings.NewReader("{}"))
		request.Header.Set("Content-Type", "application/x-amz-json-1.0")
		request.Header.Set("X-Amz-Target", "AmazonSQS.SendMessage")
		answer := httptest.NewRecorder()
		c.service.ServeHTTP(answer, request)
		if answer.Code < 400 || !strings.Contains(answer.Body.String(), c.code) {
			t.Errorf("%d %s, want %s", answer.Code, answer.Body, c.code)
		}
	}
}
