package web

import (
	"testing"
	"time"

	"photofit"
)

func TestCacheEndsWithTheSignature(t *testing.T) {
	policy := photofit.SignedPolicy([]byte("0123456789abcdef"))
	policy.Now = func() time.Time { return time.Unix(1000, 0) }
	h := &Handler{Config: Config{Policy: policy, CacheControl: "public, max-age=7200"}}
	for query, want := range map[string]string{
		"w=1&s=x":                "public, max-age=7200",
		"w=1&expires=1005&s=x":   "public, max-age=5",
		"w=1&expires=1000&s=x":   "public, max-age=0",
		"expires=99999&s=x":      "public, max-age=3600",
		"w=1&%65xpires=1005&s=x": "public, max-age=5",
		"w=1&expires=nonsense":   "no-store",
	} {
		if got := h.cacheControl(query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	h.Policy = photofit.DefaultPolicy()
	if got := h.cacheControl("w=1&expires=1005"); got != "public, max-age=7200" {
		t.Errorf("without signatures: %q", got)
	}
}
