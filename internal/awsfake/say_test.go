package awsfake

import (
	"slices"
	"strings"
	"testing"
)

func TestSay(t *testing.T) {
	c := New()
	for _, words := range []string{"bucket near eu-central-1", "put near a/b.jpg", "zone example.com", "taken a.example.com b.example.com", "throttle s3:* 2", "faults"} {
		if err := c.Say(strings.Fields(words)...); err != nil {
			t.Errorf("%s: %v", words, err)
		}
	}
	if objects := c.Objects("near"); len(objects) != 1 || objects[0].Key != "a/b.jpg" {
		t.Errorf("the bucket holds %v", objects)
	}
	for words, want := range map[string]string{
		"":                "nothing is said",
		"bucket near":     "bucket NAME REGION",
		"taken":           "taken ALIAS…",
		"faults now":      "faults",
		"throttle s3:* x": `"x"`,
		"burn":            "bucket NAME REGION",
	} {
		if err := c.Say(strings.Fields(words)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, not with %s", words, err, want)
		}
	}
	if !slices.Contains(c.Buckets(), "near") {
		t.Error("the bucket is gone")
	}
}
