package photofit

import (
	"strings"
	"testing"
)

func TestNegotiate(t *testing.T) {
	for _, c := range []struct {
		accept string
		want   Format
	}{
		// Browsers.
		{"image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", AutoAVIF},
		{"image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", AutoAVIF},
		{"image/webp,image/avif,image/jxl,image/heic,image/heic-sequence,video/*;q=0.8,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5", AutoAVIF},
		{"image/webp,image/apng,image/*,*/*;q=0.8", AutoWebP},
		{"image/webp,*/*", AutoWebP},
		{"image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5", Auto},
		// Absent, or nothing named.
		{"", Auto},
		{"*/*", Auto},
		{"image/*", Auto},
		{"text/html", Auto},
		{"image/webpx, image/avi", Auto},
		// A renderer may choose WebP in AutoAVIF, so AVIF alone is not enough.
		{"image/avif", Auto},
		{"image/avif,*/*", Auto},
		{"image/avif,image/webp;q=0", Auto},
		// Weights.
		{"image/avif;q=0,image/webp", AutoWebP},
		{"image/avif;q=0.000,image/webp", AutoWebP},
		{"image/webp;q=0,image/jpeg", Auto},
		{"image/avif;q=0.001,image/webp;q=0.001", AutoAVIF},
		{"image/avif;q=0.5,image/webp;q=0.9", AutoWebP},
		{"image/avif;q=0.9,image/webp;q=0.5", AutoAVIF},
		{"image/avif,image/webp;q=0.5,image/jpeg", Auto},
		{"image/webp;q=0.5,image/jpeg;q=0.5", AutoWebP},
		{"image/avif;q=1.,image/webp;q=1.000", AutoAVIF},
		// Spelling.
		{" IMAGE/AVIF ;\tQ=1 ,\timage/WebP ; q=0.3", AutoAVIF},
		{"image/avif;v=1;q=0,image/webp;v=\"a,b;q=0\"", AutoWebP},
		{`text/plain;x=",image/webp,"`, Auto},
		{`text/plain;x="\",image/webp,"`, Auto},
		{",,image/webp,,", AutoWebP},
		// Of a type named twice the first counts.
		{"image/webp;q=0,image/webp", Auto},
		{"image/webp,image/webp;q=0", AutoWebP},
		// Malformed parts are as if absent.
		{"image/webp;q=2", Auto},
		{"image/webp;q=1.001", Auto},
		{"image/webp;q=0.1234", Auto},
		{"image/webp;q=-1", Auto},
		{"image/webp;q=", Auto},
		{"image/webp;q=.5", Auto},
		{"image/webp;q=0,5", Auto},
		{"image/webp;q=abc,image/webp", AutoWebP},
		{"image /webp", Auto},
	} {
		if got := Negotiate(c.accept); got != c.want {
			t.Errorf("Negotiate(%q) = %v, want %v", c.accept, got, c.want)
		}
	}
}

func FuzzAccept(f *testing.F) {
	for _, s := range []string{"image/avif,image/webp,*/*;q=0.8", "image/webp;q=0.5", `image/webp;x="a,b";q=1`, "image/avif;q=0,image/webp"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		got := Negotiate(accept)
		lower := strings.ToLower(accept)
		if got > AutoAVIF || got != Auto && !strings.Contains(lower, "image/webp") || got == AutoAVIF && !strings.Contains(lower, "image/avif") {
			t.Fatalf("Negotiate(%q) = %v", accept, got)
		}
		if again := Negotiate("text/plain , " + accept); again != got {
			t.Fatalf("Negotiate(%q) = %v, but %v behind another type", accept, got, again)
		}
	})
}
