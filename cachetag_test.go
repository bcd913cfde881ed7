package photofit

import "testing"

func TestCacheTag(t *testing.T) {
	for photo, want := range map[string]string{ // by sha256sum
		"trip/b.jpg": "737e1273222743f14d2a13589289bf1a",
		"世界.jpg":     "85febee255995623c50225dd15767a5e",
	} {
		if got := CacheTag(photo); got != want {
			t.Errorf("CacheTag(%q) = %s, want %s", photo, got, want)
		}
	}
}
