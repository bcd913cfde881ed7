package awsfake

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
)

// namespace is that of CloudFront's API, whose version is in each path.
const namespace = "http://cloudfront.amazonaws.com/doc/2020-05-31/"

// CloudFront is one distribution that can be invalidated by tag. The zero value
// of all but Distribution is useful.
type CloudFront struct {
	Distribution string // its id

	// Invalidated is told of each tag when its invalidation is made, not when one
	// is asked for again. Nil: nobody is.
	Invalidated func(tag string)

	mu   sync.Mutex
	busy int
	made map[string][]string // by reference
	tags []string
}

// Refuse has the next n requests find too many invalidations in progress.
func (c *CloudFront) Refuse(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy = n
}

// Take gives the tags that were invalidated since it was called last.
func (c *CloudFront) Take() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	tags := c.tags
	c.tags = nil
	return tags
}

type batch struct {
	XMLName         xml.Name `xml:"InvalidationBatch"`
	CallerReference string   `xml:"CallerReference"`
	Paths           struct {
		Items struct {
			Path []string `xml:"Path"`
		} `xml:"Items"`
		Quantity int `xml:"Quantity"`
	} `xml:"Paths"`
}

// ServeHTTP is the service's endpoint.
func (c *CloudFront) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var in batch
	body, err := io.ReadAll(r.Body)
	if err == nil {
		err = xml.Unmarshal(body, &in)
	}
	items := in.Paths.Items.Path
	before, known := c.made[in.CallerReference]
	switch {
	case r.Method != http.MethodPost || !strings.HasPrefix(r.URL.Path, "/2020-05-31/distribution/") || !strings.HasSuffix(r.URL.Path, "/invalidation"):
		c.fail(w, http.StatusNotFound, "UnknownOperationException", r.Method+" "+r.URL.String())
	case !signed(r, "cloudfront"):
		c.fail(w, http.StatusForbidden, "AccessDenied", r.Header.Get("Authorization"))
	case r.URL.Path != "/2020-05-31/distribution/"+c.Distribution+"/invalidation":
		c.fail(w, http.StatusNotFound, "NoSuchDistribution", "The specified distribution does not exist.")
	case err != nil || in.XMLName.Space != namespace || in.CallerReference == "":
		c.fail(w, http.StatusBadRequest, "MalformedInput", fmt.Sprint(err, " ", in.XMLName.Space))
	case in.Paths.Quantity != len(items) || len(items) == 0:
		c.fail(w, http.StatusBadRequest, "InconsistentQuantities", fmt.Sprint(in.Paths.Quantity))
	case slices.ContainsFunc(items, func(s string) bool { return !isTag(s) }):
		c.fail(w, http.StatusBadRequest, "InvalidArgument", fmt.Sprintf("%q", items))
	case known && !slices.Equal(before, items):
		c.fail(w, http.StatusBadRequest, "InvalidationBatchAlreadyExists", in.CallerReference)
	case known:
		c.answer(w, in)
	case c.busy > 0:
		c.busy--
		c.fail(w, http.StatusBadRequest, "TooManyInvalidationsInProgress", "You have exceeded the maximum number of allowable InProgress invalidation batch requests, or invalidation objects.")
	default:
		if c.made == nil {
			c.made = map[string][]string{}
		}
		c.made[in.CallerReference] = items
		for _, item := range items {
			c.tags = append(c.tags, item[1:])
			if c.Invalidated != nil {
				c.Invalidated(item[1:])
			}
		}
		c.answer(w, in)
	}
}

// isTag tells whether an item is a tag behind its #.
func isTag(s string) bool {
	if len(s) < 2 || len(s) > 257 || s[0] != '#' {
		return false
	}
	for i := 1; i < len(s); i++ {
		if s[i] < 33 || s[i] > 126 || s[i] == ',' {
			return false
		}
	}
	return true
}

func (c *CloudFront) fail(w http.ResponseWriter, status int, code, text string) {
	type fault struct{ Type, Code, Message string }
	say(w, status, struct {
		XMLName   xml.Name `xml:"http://cloudfront.amazonaws.com/doc/2020-05-31/ ErrorResponse"`
		Error     fault
		RequestID string `xml:"RequestId"`
	}{Error: fault{"Sender", code, text}, RequestID: "request"})
}

func (c *CloudFront) answer(w http.ResponseWriter, in batch) {
	id := "I" + in.CallerReference
	w.Header().Set("Location", "https://cloudfront.amazonaws.com/2020-05-31/distribution/"+c.Distribution+"/invalidation/"+id)
	in.XMLName = xml.Name{}
	say(w, http.StatusCreated, struct {
		XMLName    xml.Name `xml:"http://cloudfront.amazonaws.com/doc/2020-05-31/ Invalidation"`
		ID         string   `xml:"Id"`
		Status     string
		CreateTime string
		Batch      batch
	}{ID: id, Status: "InProgress", CreateTime: "2026-11-26T00:00:00Z", Batch: in})
}

func say(w http.ResponseWriter, status int, what any) {
	body, err := xml.Marshal(what)
	if err != nil {
		panic(err) // strings only
	}
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
