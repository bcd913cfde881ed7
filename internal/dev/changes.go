package dev

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"photofit/internal/cfn"
	"photofit/internal/store"
	"photofit/internal/store/s3/front"
)

// event is what EventBridge tells of an object (Amazon S3 user guide, "EventBridge
// event message structure"), as it is decoded.
func (s *Stack) event(kind, key, etag string) map[string]any {
	return map[string]any{"source": "aws.s3", "detail-type": kind, "detail": map[string]any{
		"bucket": map[string]any{"name": s.photosBucket}, "object": map[string]any{"key": key, "etag": strings.Trim(etag, `"`)}}}
}

// ruled tells whether a rule of the template sends an event to a queue.
func (s *Stack) ruled(event map[string]any) bool {
	return slices.ContainsFunc(s.stack.Of("AWS::Events::Rule"), func(name string) bool {
		return matches(s.stack.Resources[name].Properties["EventPattern"], event)
	})
}

// matches tells whether a value fits a pattern of EventBridge's: objects by their
// fields, values by one of a list, each a value or {prefix: …} (Amazon EventBridge user
// guide, "Creating event patterns"). What else a pattern can have fits nothing.
func matches(pattern, value any) bool {
	switch pattern := pattern.(type) {
	case cfn.Object:
		fields, ok := value.(map[string]any)
		for name, wanted := range pattern {
			ok = ok && fields[name] != nil && matches(wanted, fields[name])
		}
		return ok
	case []any:
		return slices.ContainsFunc(pattern, func(one any) bool {
			text, ok := value.(string)
			if prefix, is := cfn.At(one, "prefix").(string); is {
				return ok && strings.HasPrefix(text, prefix)
			}
			return one == value
		})
	}
	return false
}

// deliver hands a message to the purge function, as Lambda's event source does, and
// those that it sends after their delay. One that fails comes again, five times in
// all.
func (s *Stack) deliver(id, body string, n int) error {
	batch, err := json.Marshal(map[string]any{"Records": []any{map[string]any{"messageId": id, "body": body, "receiptHandle": id, "eventSource": "aws:sqs",
		"attributes": map[string]string{"ApproximateReceiveCount": fmt.Sprint(n)}, "messageAttributes": map[string]any{}}}})
	if err != nil {
		return err
	}
	answer, err := s.purge.Invoke(context.Background(), batch)
	var report struct {
		Failures []struct {
			ID string `json:"itemIdentifier"`
		} `json:"batchItemFailures"`
	}
	if err == nil {
		err = json.Unmarshal(answer, &report)
	}
	if err == nil && len(report.Failures) > 0 {
		err = errors.New("the purge function wants the message again")
	}
	if err != nil && n < 5 {
		s.later(10*time.Second, func() { s.redeliver(id, body, n+1) })
	}
	for _, m := range s.queue.Take() {
		s.later(m.Delay, func() { s.redeliver(m.ID, m.Body, 1) })
	}
	return err
}

func (s *Stack) redeliver(id, body string, n int) {
	if err := s.deliver(id, body, n); err != nil {
		s.Said("a change could not be worked off: %v", err)
	}
}

// later does something after a while, unless the stack is closed by then.
func (s *Stack) later(d time.Duration, do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(d, func() {
		s.mu.Lock()
		delete(s.timers, timer)
		closed := s.closed
		if !closed {
			s.under.Add(1)
		}
		s.mu.Unlock()
		if !closed {
			defer s.under.Done()
			do()
		}
	})
	s.timers[timer] = do
}

// Settle does at once what was to be done later, until nothing is left: a change is
// worked off then.
func (s *Stack) Settle() {
	for {
		var due []func()
		s.mu.Lock()
		for timer, do := range s.timers {
			if timer.Stop() { // else it has begun, and Close waits for it
				due = append(due, do)
			}
			delete(s.timers, timer)
		}
		s.mu.Unlock()
		if len(due) == 0 {
			return
		}
		for _, do := range due {
			do()
		}
	}
}

// PhotosBucket is what the bucket of the photos is called.
func (s *Stack) PhotosBucket() string { return s.photosBucket }

// Changed tells the stack of an object in its bucket of photos that was put, or, without
// an ETag, that is gone. Where a rule of the template wants to know, it is worked off
// when Changed returns; what comes later of it, Settle does.
func (s *Stack) Changed(key, etag string) error {
	if etag == "" {
		return s.changed(deleted, key, "")
	}
	return s.changed(created, key, etag)
}

// changed tells the purge function of a photo.
func (s *Stack) changed(kind, key, etag string) error {
	event := s.event(kind, key, etag)
	if !s.ruled(event) {
		return nil
	}
	body, err := json.Marshal(event)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.messages++
	id := fmt.Sprint("change-", s.messages)
	s.mu.Unlock()
	return s.deliver(id, string(body), 1)
}

// What an event is called.
const (
	created = "Object Created"
	deleted = "Object Deleted"
)

// Watch looks at the folder again and again until ctx ends, and works off what has
// changed in it.
func (s *Stack) Watch(ctx context.Context) {
	before, err := s.scan(ctx)
	if err != nil {
		s.Said("the folder cannot be watched for changes: %v", err)
		return
	}
	for {
		began := time.Now()
		now, err := s.scan(ctx)
		if err == nil {
			s.compare(before, now)
			before = now
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(max(time.Second, 10*time.Since(began))): // a tenth of one core at most
		}
	}
}

// compare works off what differs between two looks at the folder.
func (s *Stack) compare(before, now map[string]store.Photo) {
	for _, key := range slices.Sorted(maps.Keys(now)) {
		if was, there := before[key]; there && was.Version != now[key].Version {
			s.tell("was replaced", created, key, front.ETag(now[key]))
		} else if !there {
			s.tell("is new", created, key, front.ETag(now[key]))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(before)) {
		if _, there := now[key]; !there {
			s.tell("is gone", deleted, key, "")
		}
	}
}

func (s *Stack) tell(what, kind, key, etag string) {
	s.Said("%q %s", key, what)
	if err := s.changed(kind, key, etag); err != nil {
		s.Said("%q: the change could not be worked off: %v", key, err)
	}
}

// scan gives all photos of the folder. What may not be read is left out.
func (s *Stack) scan(ctx context.Context) (map[string]store.Photo, error) {
	all := map[string]store.Photo{}
	folders := []string{""}
	for len(folders) > 0 {
		folder := folders[0]
		folders = folders[1:]
		entries, err := s.Photos.List(ctx, folder)
		if folder != "" && (errors.Is(err, fs.ErrPermission) || errors.Is(err, fs.ErrNotExist)) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if key := strings.TrimPrefix(folder+"/"+e.Name, "/"); e.Folder {
				folders = append(folders, key)
			} else {
				all[key] = e.Photo
			}
		}
	}
	return all, nil
}
