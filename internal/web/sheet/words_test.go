package sheet

import "testing"

// The same cases are put to the script in browser_test.go.
var weights = []struct {
	bytes int64
	want  string
}{
	{0, "0 bytes"}, {999, "999 bytes"}, {1000, "1.0 KB"}, {9949, "9.9 KB"}, {9951, "10 KB"}, {842_000, "842 KB"},
	{999_499, "999 KB"}, {999_500, "1.0 MB"}, {7_400_000, "7.4 MB"}, {16_400_000, "16 MB"}, {2_500_000_000, "2.5 GB"},
	{1_999_000_000_000_000, "1999 TB"},
}

func TestWeight(t *testing.T) {
	for _, test := range weights {
		if got := weight(test.bytes); got != test.want {
			t.Errorf("%d: %q, want %q", test.bytes, got, test.want)
		}
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 12345: "12,345", 1234567: "1,234,567"} {
		if got := thousands(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
