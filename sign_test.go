package photofit

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestSigned(t *testing.T) {
	key := []byte("0123456789abcdef")
	p := SignedPolicy(key)
	now := time.Unix(1_800_000_000, 0)
	p.Now = func() time.Time { return now }
	for _, c := range []struct{ url, want string }{
		{"/b.jpg", "/b.jpg/_w8192.auto"},
		{"/b.jpg?", "/b.jpg/_w8192.auto"},
		{"/b.jpg?w=801&h=299&fit=crop", "/b.jpg/_w801-h299-crop.auto"},
		{"/b.jpg?w=801&utm=1&expires=1800000000", "/b.jpg/_w801.auto"},
		{"/b.jpg/_w801.webp", "/b.jpg/_w801.webp"},
		{"/a%20b.jpg/_w801.webp?expires=1800000001", "/a~20b.jpg/_w801.webp"},
		{"/b.jpg?s=old&w=801", "/b.jpg/_w801.auto"},
	} {
		signed := Sign(key, c.url)
		path, query, _ := strings.Cut(signed, "?")
		r, err := Resolve(path, query, "", p)
		if err != nil || r.Path() != c.want {
			t.Errorf("%s became %s, %v, want %s", signed, r.Path(), err, c.want)
		}
		// Any byte that differs is another URL.
		for i := 1; i < len(signed); i++ {
			changed := []byte(signed)
			changed[i] ^= 1
			path, query, _ := strings.Cut(string(changed), "?")
			if _, err := Resolve(path, query, "", p); !errors.Is(err, ErrForbidden) {
				t.Fatalf("%s with byte %d changed: %v", signed, i, err)
			}
		}
	}
}

func TestSignedRefuses(t *testing.T) {
	key := []byte("0123456789abcdef")
	good := Sign(key, "/b.jpg?w=8")
	for _, c := range []struct {
		policy    Policy
		url, code string
	}{
		{SignedPolicy(key), "/b.jpg", CodeSignatureMissing},
		{SignedPolicy(key), "/b.jpg?w=8", CodeSignatureMissing},
		{SignedPolicy(key), good + "&utm_source=x", CodeSignatureMissing},
		{SignedPolicy(key), "/b.jpg?s=", CodeSignatureWrong},
		{SignedPolicy(key), "/b.jpg?w=8&s=AAAA", CodeSignatureWrong},
		{SignedPolicy(key), good + "=", CodeSignatureWrong},
		{SignedPolicy(key), strings.Replace(good, "b.jpg", "c.jpg", 1), CodeSignatureWrong},
		{SignedPolicy(key), strings.Replace(good, "w=8", "w=9", 1), CodeSignatureWrong},
		{SignedPolicy([]byte("0123456789abcdeg")), good, CodeSignatureWrong},
		{SignedPolicy(key), Sign(key, "/b.jpg?expires=1799999999"), CodeSignatureExpired},
		{SignedPolicy(key), Sign(key, "/b.jpg/_w8.auto?expires=0"), CodeSignatureExpired},
		{SignedPolicy(key), Sign(key, "/b.jpg?expires=soon"), CodeBadParameter},
		{SignedPolicy(key), Sign(key, "/b.jpg?expires="), CodeBadParameter},
		{SignedPolicy(key), Sign(key, "/b.jpg?expires=-1"), CodeBadParameter},
		{SignedPolicy(key), Sign(key, "/b.jpg?expires=1800000000000"), CodeBadParameter},
		{SignedPolicy(key), Sign(key, "/b.jpg/_w8.auto?w=8"), CodeMixedForms},
		{SignedPolicy(key), Sign(key, "/b.jpg?rot=90"), CodeUnsupportedParameter},
		{SignedPolicy(key), Sign(key, "/b.jpg?fm=original"), CodeOriginalsPrivate},
		{Policy{Key: key}, "/b.jpg?w=8", CodeSignatureMissing},
		// Who has no key can't be fooled into taking an empty one.
		{SignedPolicy(nil), Sign(nil, "/b.jpg?w=8"), CodeSignatureWrong},
		{SignedPolicy([]byte{}), Sign(nil, "/b.jpg?w=8"), CodeSignatureWrong},
		{Policy{Signed: true}, "/b.jpg", CodeSignatureMissing},
	} {
		c.policy.Now = func() time.Time { return time.Unix(1_800_000_000, 0) }
		path, query, _ := strings.Cut(c.url, "?")
		r, err := Resolve(path, query, "", c.policy)
		var e *Error
		if !errors.As(err, &e) || e.Code != c.code {
			t.Errorf("%s became %+v, %v, want %s", c.url, r, err, c.code)
			continue
		}
		if forbidden := strings.HasPrefix(e.Code, "signature-") || e.Code == CodeOriginalsPrivate; errors.Is(err, ErrForbidden) != forbidden {
			t.Errorf("%s: %s is of the wrong kind", c.url, e.Code)
		}
	}
}

// A signature made elsewhere, by another program:
// printf '%s' '/trip/b.jpg?w=800' | openssl dgst -sha256 -hmac secret -binary | basenc --base64url
func TestSignIsPlainHMAC(t *testing.T) {
	const want = "TRPkQ9j9jSNHseulUgot7hCKm_Sbqdvt3W1uej775Tk"
	if got := Sign([]byte("secret"), "/trip/b.jpg?w=800"); got != "/trip/b.jpg?w=800&s="+want {
		t.Errorf("Sign = %s", got)
	}
}
