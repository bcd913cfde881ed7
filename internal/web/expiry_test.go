package web

import (
	"testing"
	"time"

	"photofit"
)

func TestCacheEndsWithTheSignature(t *testing.T) {
	policy := photofit.SignedPolicy([]byte("0123456789abcdef"))
	policy.Now = func() time.Time { return time.Unix(1000, 0) }
	h := &Handler{Config: Config{Policy: policy, CacheControl: "public, max-age=7200, stale-while-revalidate=86400"}}
	for query, want := range map[string]string{
		"w=1&s=x":                "public, max-age=7200, stale-while-revalidate=86400",
		"w=1&expires=1005&s=x":   "public, max-age=5",
		"w=1&expires=1000&s=x":   "public, max-age=0",
		"expires=99999&s=x":      "public, max-age=7200",
		"w=1&%65xpires=1005&s=x": "public, max-age=5",
		"w=1&expires=nonsense":   "no-store",
	} {
		if got := h.cacheControl(query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	for given, want := range map[string]string{
		"no-store":           "no-store",
		"private, max-age=3": "private, max-age=3",
		"public, s-maxage=60, Max-Age=2, immutable": "public, s-maxage=5, Max-Age=2",
	} {
		h.CacheControl = given
		if got := h.cacheControl("w=1&expires=1005&s=x"); got != want {
			t.Errorf("of %s: %q, want %q", given, got, want)
		}
	}
	h.Policy = photofit.DefaultPolicy()
	if got := h.cacheControl("w=1&expires=1005"); got != h.CacheControl {
		t.Errorf("without signatures: %q", got)
	}
}
