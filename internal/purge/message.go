package purge

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"photofit"
)

// Batch is what Lambda hands to a function that reads a queue (AWS Lambda
// developer guide, "Using Lambda with Amazon SQS"), as far as it matters here.
type Batch struct {
	Records []Record `json:"Records"`
}

// Record is one message. Its id stays the same when it is delivered again.
type Record struct {
	MessageID  string            `json:"messageId"`
	Body       string            `json:"body"`
	Attributes map[string]string `json:"attributes"`
}

// again tells whether the message has been delivered before.
func (r Record) again() bool {
	n, err := strconv.Atoi(r.Attributes["ApproximateReceiveCount"])
	return err == nil && n > 1
}

// Report is a partial batch response ("Handling errors for an SQS event source
// in Lambda"): the messages that must be delivered again. The event source has
// to be set up with ReportBatchItemFailures.
type Report struct {
	Failures []Failure `json:"batchItemFailures"`
}

// Failure is a message that must be delivered again.
type Failure struct {
	MessageID string `json:"itemIdentifier"`
}

// message is the body of a message: an event of a bucket as EventBridge gives
// it (Amazon S3 user guide, "EventBridge event message structure"), or one of
// our own. Keys are raw: only S3's own notifications encode them.
type message struct {
	Source string `json:"source"`
	Type   string `json:"detail-type"`
	Detail struct {
		Bucket struct {
			Name string `json:"name"`
		} `json:"bucket"`
		Object struct {
			Key     string `json:"key"`
			ETag    string `json:"etag"`
			Version string `json:"version-id"`
		} `json:"object"`
		Reason   string `json:"reason"`
		Deletion string `json:"deletion-type"`
	} `json:"detail"`

	Pass *pass `json:"photofit-pass"`
}

// pass is our own message: a further pass over a photo.
type pass struct {
	Photo string `json:"photo"` // escaped: a queue replaces some characters
	Pass  int    `json:"pass"`
	Held  bool   `json:"held"` // an earlier pass has forgotten something
}

// followUp is the message for a further pass.
func followUp(photo string, number int, held bool) []byte {
	body, err := json.Marshal(map[string]pass{"photofit-pass": {photofit.EscapePhoto(photo), number, held}})
	if err != nil {
		panic(err) // strings, numbers and booleans only
	}
	return body
}

// What an event is called, and what it may say of a deletion.
const (
	created = "Object Created"
	deleted = "Object Deleted"

	byLifecycle = "Lifecycle Expiration"
	permanently = "Permanently Deleted"
)

// change is what a message asks for.
type change struct {
	photo   string
	pass    int
	held    bool
	created bool
	etag    string // of what was created; may be empty
}

var errIgnored = errors.New("nothing to do")

// read makes a change of a message's body, or tells why there is none:
// errIgnored for what is none of our business, others for what is malformed.
func (h *Handler) read(body string) (change, error) {
	var m message
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		return change{}, err
	}
	if m.Pass != nil {
		photo, err := photofit.UnescapePhoto(m.Pass.Photo)
		if err != nil {
			return change{}, err
		}
		if photo == "" || m.Pass.Pass < 2 {
			return change{}, fmt.Errorf("pass %d of photo %q", m.Pass.Pass, photo)
		}
		return change{photo: photo, pass: m.Pass.Pass, held: m.Pass.Held}, nil
	}
	if m.Source != "aws.s3" || m.Type != created && m.Type != deleted {
		return change{}, errIgnored
	}
	d := m.Detail
	if d.Bucket.Name == "" || d.Object.Key == "" {
		return change{}, fmt.Errorf("an event %q without a bucket or a key", m.Type)
	}
	if d.Bucket.Name != h.Bucket {
		return change{}, errIgnored
	}
	if m.Type == deleted && d.Reason == byLifecycle && d.Deletion == permanently && d.Object.Version != "" {
		// In a versioned bucket, lifecycle rules delete for good only what is no
		// longer current: the photo itself has not changed.
		return change{}, errIgnored
	}
	photo, ok := h.photoOf(d.Object.Key)
	if !ok {
		return change{}, errIgnored
	}
	return change{photo: photo, pass: 1, created: m.Type == created, etag: d.Object.ETag}, nil
}

// photoOf gives the name of the photo with that key.
func (h *Handler) photoOf(key string) (string, bool) {
	if len(key) <= len(h.Prefix) || key[:len(h.Prefix)] != h.Prefix {
		return "", false
	}
	return key[len(h.Prefix):], true
}
