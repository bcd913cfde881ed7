package edge

import (
	"errors"
	"strings"
	"testing"

	"photofit"
)

func TestSize(t *testing.T) {
	for name, p := range map[string]photofit.Policy{"default": {}, "open": photofit.OpenPolicy()} {
		code, err := Function(p)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes of source, %d of the %d that may be deployed", name, len(source), len(code), MaxSize)
		if i := strings.IndexFunc(code, func(c rune) bool { return c < ' ' || c > '~' }); i >= 0 {
			t.Errorf("%s: not printable ASCII, which passes unchanged through a template and an API: %q", name, code[i:])
		}
		if strings.Contains(code, placeholder) || !strings.Contains(code, "function handler(") {
			t.Errorf("%s: not a function for this policy:\n%s", name, code)
		}
	}
}

func TestFunctionRefuses(t *testing.T) {
	if _, err := Function(photofit.SignedPolicy([]byte("0123456789abcdef"))); !errors.Is(err, ErrSigned) {
		t.Errorf("signed: %v", err)
	}
	if _, err := Function(photofit.Policy{Widths: []int{2, 1}}); err == nil || !strings.Contains(err.Error(), "widths") {
		t.Errorf("an unordered ladder: %v", err)
	}
	long := photofit.Policy{}
	for w := 10; w < 20000; w += 10 {
		long.Widths = append(long.Widths, w)
	}
	if _, err := Function(long); err == nil || !strings.Contains(err.Error(), "shorter") {
		t.Errorf("too many widths: %v", err)
	}
}
