package purge_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"

	"photofit"
	"photofit/internal/purge"
)

// put uploads a photo, and gives the event that tells of it.
func (g *rig) put(photo, content string) (event string) {
	g.Helper()
	out, err := g.client.SDK().PutObject(g.Context(), &awss3.PutObjectInput{Bucket: aws.String(photosBucket), Key: aws.String(photosPrefix + photo), Body: bytes.NewReader([]byte(content))})
	if err != nil {
		g.Fatal(err)
	}
	return eventOf("Object Created", photo, strings.Trim(*out.ETag, `"`))
}

// remove removes a photo, and gives the event that tells of it.
func (g *rig) remove(photo string) (event string) {
	g.Helper()
	if _, err := g.client.SDK().DeleteObject(g.Context(), &awss3.DeleteObjectInput{Bucket: aws.String(photosBucket), Key: aws.String(photosPrefix + photo)}); err != nil {
		g.Fatal(err)
	}
	return eventOf("Object Deleted", photo, "")
}

// eventOf is an event as EventBridge hands it to a queue.
func eventOf(kind, photo, etag string) string {
	object := map[string]any{"key": photosPrefix + photo, "sequencer": "00624F9A3C8A57F2E1"}
	detail := map[string]any{"version": "0", "bucket": map[string]string{"name": photosBucket}, "object": object, "requester": "123456789012"}
	if kind == "Object Created" {
		object["etag"], object["size"], detail["reason"] = etag, 5, "PutObject"
	} else {
		detail["reason"], detail["deletion-type"] = "DeleteObject", "Permanently Deleted"
	}
	body, err := json.Marshal(map[string]any{
		"version": "0", "id": "2d4eba74-fd51-3966-4bfa-b013c9da8ff1", "source": "aws.s3", "detail-type": kind, "account": "123456789012",
		"time": "2026-11-26T01:02:03Z", "region": "us-east-1", "resources": []string{"arn:aws:s3:::" + photosBucket}, "detail": detail,
	})
	if err != nil {
		panic(err)
	}
	return string(body)
}

// deliver hands messages to the purge function, all in one batch, and gives the
// indices of those that are to come again.
func (g *rig) deliver(times int, bodies ...string) (failed []int) {
	g.Helper()
	batch := purge.Batch{}
	for i, body := range bodies {
		id := fmt.Sprintf("%d-%d", g.messages, i)
		batch.Records = append(batch.Records, purge.Record{MessageID: id, Body: body, Attributes: map[string]string{"ApproximateReceiveCount": fmt.Sprint(times)}})
	}
	g.messages++
	report, err := g.handler.Handle(g.Context(), batch)
	if err != nil {
		g.Fatal(err)
	}
	for _, f := range report.Failures {
		failed = append(failed, slices.IndexFunc(batch.Records, func(r purge.Record) bool { return r.MessageID == f.MessageID }))
	}
	return failed
}

// purge delivers messages, which must not fail.
func (g *rig) purge(bodies ...string) {
	g.Helper()
	if failed := g.deliver(1, bodies...); len(failed) > 0 {
		g.Fatalf("messages %v failed", failed)
	}
}

// followUps takes the messages that the purge function has sent itself.
func (g *rig) followUps() (bodies []string) {
	g.Helper()
	for _, m := range g.queue.Take() {
		if m.Delay != functionTimeout+30*time.Second {
			g.Errorf("the next pass comes after %s", m.Delay)
		}
		bodies = append(bodies, m.Body)
	}
	return bodies
}

// settle delivers until there are no messages any more.
func (g *rig) settle() {
	g.Helper()
	for pass := 0; ; pass++ {
		bodies := g.followUps()
		if len(bodies) == 0 {
			return
		}
		if pass == 10 {
			g.Fatal("the passes go on and on")
		}
		g.purge(bodies...)
	}
}

// fetch is a request of the edge's to S3, for what is kept under a key.
func (g *rig) fetch(key string) object {
	g.Helper()
	out, err := g.client.SDK().GetObject(g.Context(), &awss3.GetObjectInput{Bucket: aws.String(keptBucket), Key: aws.String(keptPrefix + key)})
	if err != nil {
		g.Fatal(err)
	}
	defer out.Body.Close()
	body, err := io.ReadAll(out.Body)
	if err != nil {
		g.Fatal(err)
	}
	return object{string(body), out.Metadata["source"], out.Metadata["cache-tag"]}
}

// see has the edge fetch, and keep what it got.
func (g *rig) see(key string) { g.Helper(); g.edge.keep(key, g.fetch(key)) }

// keys are those of all that is kept, in order.
func (g *rig) keys() (keys []string) {
	g.Helper()
	out, err := g.client.SDK().ListObjectsV2(g.Context(), &awss3.ListObjectsV2Input{Bucket: aws.String(keptBucket)})
	if err != nil {
		g.Fatal(err)
	}
	for _, o := range out.Contents {
		keys = append(keys, strings.TrimPrefix(*o.Key, keptPrefix))
	}
	slices.Sort(keys)
	return keys
}

// wantKept tests what is kept.
func (g *rig) wantKept(want ...string) {
	g.Helper()
	slices.Sort(want)
	if got := g.keys(); !slices.Equal(got, want) {
		g.Errorf("kept is %q, want %q", got, want)
	}
}

// wantHeld tests what the edge holds of a key; "": nothing.
func (g *rig) wantHeld(key, body string) {
	g.Helper()
	if got := g.edge.held[key].body; got != body {
		g.Errorf("the edge holds %q, want %q", got, body)
	}
}

// wantInvalidated tests which photos' tags were invalidated since the last time.
func (g *rig) wantInvalidated(photos ...string) {
	g.Helper()
	var want []string
	for _, p := range photos {
		want = append(want, photofit.CacheTag(p))
	}
	if got := g.cloudfront.Take(); !slices.Equal(got, want) {
		g.Errorf("invalidated: %q, want %q", got, want)
	}
}
