package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"photofit"
	"photofit/internal/awsfake"
	"photofit/internal/imgtest"
	"photofit/internal/lambdahost"
	"photofit/internal/store"
	"photofit/internal/store/s3"
	"photofit/internal/store/s3/gateway"
)

const testQueue = "https://sqs.us-east-1.amazonaws.com/123456789012/photofit"

// purgeEnvironment is all that PHOTOFIT_MODE=purge needs.
func purgeEnvironment() map[string]string {
	return map[string]string{
		"PHOTOFIT_MODE":             "purge",
		"PHOTOFIT_PHOTOS":           "s3://photos/album",
		"PHOTOFIT_CACHE":            "s3://cache/made",
		"PHOTOFIT_DISTRIBUTION":     "EDFDVBD6EXAMPLE",
		"PHOTOFIT_QUEUE_URL":        testQueue,
		"PHOTOFIT_FUNCTION_TIMEOUT": "55s",
	}
}

// TestPurgeFunctionNeeds has each thing that is missing or wrong said in words,
// and all that is missing at once.
func TestPurgeFunctionNeeds(t *testing.T) {
	for name, c := range map[string]struct {
		env  map[string]string
		want []string
	}{
		"photos":       {map[string]string{"PHOTOFIT_PHOTOS": ""}, []string{"PHOTOFIT_PHOTOS is missing"}},
		"cache":        {map[string]string{"PHOTOFIT_CACHE": ""}, []string{"PHOTOFIT_CACHE is missing"}},
		"distribution": {map[string]string{"PHOTOFIT_DISTRIBUTION": ""}, []string{"PHOTOFIT_DISTRIBUTION is missing"}},
		"queue":        {map[string]string{"PHOTOFIT_QUEUE_URL": ""}, []string{"PHOTOFIT_QUEUE_URL is missing"}},
		"timeout":      {map[string]string{"PHOTOFIT_FUNCTION_TIMEOUT": ""}, []string{"PHOTOFIT_FUNCTION_TIMEOUT is missing", "55s"}},
		"two":          {map[string]string{"PHOTOFIT_CACHE": "", "PHOTOFIT_QUEUE_URL": ""}, []string{"PHOTOFIT_CACHE is missing", "PHOTOFIT_QUEUE_URL is missing"}},
		"folder":       {map[string]string{"PHOTOFIT_PHOTOS": "/photos"}, []string{"PHOTOFIT_PHOTOS", "s3://bucket"}},
		"within":       {map[string]string{"PHOTOFIT_CACHE": "s3://photos/album/made"}, []string{"lies among the photos"}},
		"no queue":     {map[string]string{"PHOTOFIT_QUEUE_URL": "photofit"}, []string{"PHOTOFIT_QUEUE_URL photofit is no URL"}},
		"no time":      {map[string]string{"PHOTOFIT_FUNCTION_TIMEOUT": "55"}, []string{`"55" is no time`}},
		"long time":    {map[string]string{"PHOTOFIT_FUNCTION_TIMEOUT": "15m"}, []string{"PHOTOFIT_FUNCTION_TIMEOUT", "15m0s is too long"}},
		"no width":     {map[string]string{"PHOTOFIT_WARM": "320,650"}, []string{"PHOTOFIT_WARM", "650"}},
		"no libvips":   {map[string]string{"PHOTOFIT_WARM": "320"}, []string{"PHOTOFIT_WARM", "photofit package", "/no.so"}},
		"for masters":  {map[string]string{"PHOTOFIT_MASTERS": "true"}, []string{"masters", "photofit package", "/no.so"}},
		"by default":   {map[string]string{"PHOTOFIT_MASTERS": ""}, []string{"masters", "photofit package", "/no.so"}},
		"none":         {nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			gateway.SetEnvironment(t.Setenv)
			t.Setenv("PHOTOFIT_LIBVIPS", "/no.so") // which is needed to make something ahead only
			t.Setenv("PHOTOFIT_MASTERS", "false")
			for name, value := range purgeEnvironment() {
				t.Setenv(name, value)
			}
			for name, value := range c.env {
				t.Setenv(name, value)
				if value == "" {
					os.Unsetenv(name)
				}
			}
			_, err := purgeFunction(t.Context(), &console{out: io.Discard, err: io.Discard})
			if len(c.want) == 0 && err != nil || len(c.want) > 0 && err == nil {
				t.Fatal(err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("it says %q, want %q", err, want)
				}
			}
		})
	}
}

// purgeCloud is the purge function from the real zip, and all that it talks to.
type purgeCloud struct {
	*cloud
	client     *s3.Client
	queue      *awsfake.SQS
	cloudfront *awsfake.CloudFront
	endpoint   string // of the S3 server
	messages   *int   // that were delivered
}

func newPurgeCloud(t *testing.T, env map[string]string, timeout time.Duration) purgeCloud {
	buckets, client := startS3(t, "photos", "cache")
	queue, cloudfront := &awsfake.SQS{QueueURL: testQueue}, &awsfake.CloudFront{Distribution: "EDFDVBD6EXAMPLE"}
	queueServer, cloudfrontServer := httptest.NewServer(queue), httptest.NewServer(cloudfront)
	t.Cleanup(queueServer.Close)
	t.Cleanup(cloudfrontServer.Close)
	return purgeCloud{newCloud(t, func(config *lambdahost.Config) {
		config.Sandboxes, config.Timeout = 1, timeout
		config.Env = environment(buckets.URL)
		for name, value := range purgeEnvironment() {
			config.Env[name] = value
		}
		for name, value := range env {
			config.Env[name] = value
		}
		config.Env["AWS_ENDPOINT_URL_SQS"], config.Env["AWS_ENDPOINT_URL_CLOUDFRONT"] = queueServer.URL, cloudfrontServer.URL
	}), client, queue, cloudfront, buckets.URL, new(int)}
}

// purgeEvent is what EventBridge tells of a photo.
func purgeEvent(kind, key, etag string) string {
	body, err := json.Marshal(map[string]any{"source": "aws.s3", "detail-type": kind,
		"detail": map[string]any{"bucket": map[string]string{"name": "photos"}, "object": map[string]string{"key": key, "etag": etag}}})
	if err != nil {
		panic(err)
	}
	return string(body)
}

// upload puts a photo there, and gives the event that tells of it and its ETag.
func (c purgeCloud) upload(name string, file []byte) (event, etag string) {
	c.t.Helper()
	put, err := c.client.SDK().PutObject(c.t.Context(), &awss3.PutObjectInput{Bucket: pointer("photos"), Key: pointer("album/" + name), Body: bytes.NewReader(file)})
	if err != nil {
		c.t.Fatal(err)
	}
	return purgeEvent("Object Created", "album/"+name, strings.Trim(*put.ETag, `"`)), *put.ETag
}

// invoke hands it messages as Lambda's event source does, and gives its report.
func (c purgeCloud) invoke(bodies ...string) string {
	c.t.Helper()
	report, err := c.deliver(1, bodies...)
	if err != nil {
		c.t.Fatal(err)
	}
	return report
}

// deliver is invoke for messages that come for the n-th time.
func (c purgeCloud) deliver(n int, bodies ...string) (report string, err error) {
	var records []map[string]any
	for _, body := range bodies {
		records = append(records, map[string]any{"messageId": fmt.Sprint("m", *c.messages), "body": body, "receiptHandle": "x", "eventSource": "aws:sqs",
			"attributes": map[string]string{"ApproximateReceiveCount": fmt.Sprint(n)}, "messageAttributes": map[string]any{}})
		*c.messages++
	}
	event, err := json.Marshal(map[string]any{"Records": records})
	if err != nil {
		return "", err
	}
	answer, err := c.host.Invoke(context.WithoutCancel(c.t.Context()), event)
	return string(bytes.TrimSpace(answer)), err
}

// allDone is the report of messages that are all done.
const allDone = `{"batchItemFailures":[]}`

// TestPurgeFunction is a batch through the real zip: what is not done comes again
// and nothing else, and the new photo's first rendition is made ahead.
func TestPurgeFunction(t *testing.T) {
	c := newPurgeCloud(t, map[string]string{"PHOTOFIT_WARM": "320"}, time.Minute)
	uploaded, etag := c.upload("trip/b c.jpg", imgtest.JPEG(imgtest.OrientationChart(900, 600), 90))
	kept := c.client.Renditions(s3.Place{Bucket: "cache", Prefix: "made/"}, s3.RenditionsConfig{})
	for _, key := range []string{"r1/gone.jpg/_w64.webp", "r3/trip/b~20c.jpg/_w64.webp"} {
		if err := kept.Put(t.Context(), key, []byte("x"), store.Meta{Size: 1}); err != nil {
			t.Fatal(err)
		}
	}
	removed := purgeEvent("Object Deleted", "album/gone.jpg", "")
	c.cloudfront.Refuse(1)
	if got := c.invoke(removed); got != `{"batchItemFailures":[{"itemIdentifier":"m0"}]}` {
		t.Errorf("an invalidation too many: %s", got)
	}
	c.cloudfront.Refuse(0)
	if got := c.invoke("{", uploaded); got != allDone {
		t.Errorf("an upload: %s", got)
	}
	if got, want := c.cloudfront.Take(), photofit.CacheTag("trip/b c.jpg"); len(got) != 1 || got[0] != want {
		t.Errorf("invalidated: %q, want %q", got, want)
	}
	const warmed = "r1/trip/b~20c.jpg/_w320.auto-avif"
	made, err := kept.Get(t.Context(), warmed)
	if err != nil {
		t.Fatal(err)
	}
	_ = made.Body.Close()
	if made.Source != etag || !strings.HasPrefix(made.Type, "image/") {
		t.Errorf("made ahead: %+v of %s", made.Meta, etag)
	}
	sent := c.queue.Take()
	if len(sent) != 1 || sent[0].Delay != 85*time.Second {
		t.Fatalf("sent: %+v", sent)
	}
	if got := c.invoke(sent[0].Body); got != allDone {
		t.Errorf("the second pass: %s", got)
	}
	if made, err := kept.Get(t.Context(), warmed); err != nil {
		t.Error("the second pass takes what is right:", err)
	} else {
		_ = made.Body.Close()
	}
	// Nothing is remembered of a photo: the pass of a later change sees that one.
	c.upload("trip/b c.jpg", imgtest.JPEG(imgtest.OrientationChart(800, 600), 90))
	if got := c.invoke(sent[0].Body); got != allDone {
		t.Errorf("a pass after another upload: %s", got)
	}
	if made, err := kept.Get(t.Context(), warmed); err == nil {
		_ = made.Body.Close()
		t.Error("the pass leaves what was made of an older photo")
	}
	for _, r := range c.over() {
		if r.Err != nil {
			t.Errorf("an invocation failed: %v", r.Err)
		}
	}
}

// TestPurgeFunctionRunsOutOfTime has a render not end in time: its process does,
// and the message comes again and makes nothing. An AVIF encoder does not stop;
// what comes before it does, so it may take several tries.
func TestPurgeFunctionRunsOutOfTime(t *testing.T) {
	c := newPurgeCloud(t, map[string]string{"PHOTOFIT_WARM": "3840"}, 2200*time.Millisecond) // 200 ms, and 2 s for the report
	uploaded, _ := c.upload("a.jpg", big())
	for range 20 {
		if _, err := c.deliver(1, uploaded); !errors.Is(err, lambdahost.ErrExited) {
			continue // it stopped before
		}
		if got, err := c.deliver(2, uploaded); err != nil || got != allDone {
			t.Errorf("the second time: %s, %v", got, err)
		}
		return
	}
	t.Error("no process ended with its render")
}
