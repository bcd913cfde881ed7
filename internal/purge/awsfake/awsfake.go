// Package awsfake is the two services of AWS that package purge talks to, as far
// as it does, at wire level: a queue of SQS that takes SendMessage by AWS's JSON
// protocol, and distributions of CloudFront that take CreateInvalidation in XML.
// They are strict, so that a request that AWS would refuse is refused here. It is
// for tests and for photofit dev; sources are the API references of both services.
package awsfake

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Message is one that was sent.
type Message struct {
	ID    string
	Body  string
	Delay time.Duration
}

// SQS is a queue. The zero value of all but QueueURL is useful.
type SQS struct {
	QueueURL string

	mu   sync.Mutex
	n    int
	sent []Message
}

// Take gives what was sent since it was called last.
func (q *SQS) Take() []Message {
	q.mu.Lock()
	defer q.mu.Unlock()
	sent := q.sent
	q.sent = nil
	return sent
}

// ServeHTTP is the service's endpoint.
func (q *SQS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	fail := func(code, text string) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		w.WriteHeader(http.StatusBadRequest)
		_ = json.NewEncoder(w).Encode(map[string]string{"__type": "com.amazonaws.sqs#" + code, "message": text})
	}
	var in struct {
		QueueURL     string `json:"QueueUrl"`
		MessageBody  string
		DelaySeconds int
	}
	body := json.NewDecoder(r.Body)
	body.DisallowUnknownFields()
	switch err := body.Decode(&in); {
	case r.Method != http.MethodPost || r.URL.Path != "/" || r.Header.Get("Content-Type") != "application/x-amz-json-1.0":
		fail("UnsupportedOperation", r.Method+" "+r.URL.String())
	case r.Header.Get("X-Amz-Target") != "AmazonSQS.SendMessage":
		fail("InvalidAction", r.Header.Get("X-Amz-Target"))
	case !signed(r, "sqs"):
		fail("IncompleteSignature", r.Header.Get("Authorization"))
	case err != nil:
		fail("SerializationException", err.Error())
	case in.QueueURL != q.QueueURL:
		fail("QueueDoesNotExist", in.QueueURL)
	case in.DelaySeconds < 0 || in.DelaySeconds > 900:
		fail("InvalidParameterValue", fmt.Sprintf("DelaySeconds %d", in.DelaySeconds))
	case in.MessageBody == "":
		fail("MissingParameter", "MessageBody")
	default:
		q.mu.Lock()
		q.n++
		m := Message{fmt.Sprintf("sent-%d", q.n), strings.Map(allowed, in.MessageBody), time.Duration(in.DelaySeconds) * time.Second}
		q.sent = append(q.sent, m)
		q.mu.Unlock()
		sum := md5.Sum([]byte(in.MessageBody))
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_ = json.NewEncoder(w).Encode(map[string]string{"MessageId": m.ID, "MD5OfMessageBody": hex.EncodeToString(sum[:])})
	}
}

// allowed is what SQS makes of a character: what XML has no place for becomes
// U+FFFD.
func allowed(c rune) rune {
	if c == '\t' || c == '\n' || c == '\r' || c >= ' ' && c <= 0xd7ff || c >= 0xe000 && c <= 0xfffd || c >= 0x10000 {
		return c
	}
	return utf8.RuneError
}

// signed tells whether a request has a signature for a service. Which, is not
// looked at.
func signed(r *http.Request, service string) bool {
	a := r.Header.Get("Authorization")
	return strings.HasPrefix(a, "AWS4-HMAC-SHA256 Credential=") && strings.Contains(a, "/"+service+"/aws4_request,") && strings.Contains(a, "Signature=")
}
