package photofit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"
)

// Sign appends the signature that SignedPolicy(key) asks for, as the last
// parameter s. The argument is a path as a browser sends it (percent-encoded),
// with its query if any: "/trip/b.jpg?w=800", "/trip/b.jpg/_w800.webp". To let
// it expire, add expires=<Unix seconds> before signing.
//
// s is the HMAC-SHA256 (RFC 2104) of the path, "?" and the query without s, in
// base64url without padding (RFC 4648, 5).
func Sign(key []byte, pathAndQuery string) string {
	path, query, _ := strings.Cut(pathAndQuery, "?")
	s := signature(key, path, query)
	if query == "" {
		return path + "?s=" + s
	}
	return path + "?" + query + "&s=" + s
}

func signature(key []byte, path, query string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(path + "?" + query))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func (p *Policy) signed() bool { return p.Signed || len(p.Key) > 0 }

// verify checks the signature, over the bytes that the viewer sent. Expiry is
// read later, by checkExpiry: it is worth nothing before this.
func (p *Policy) verify(path, rawQuery string) error {
	rest, last := "", rawQuery
	if i := strings.LastIndexByte(rawQuery, '&'); i >= 0 {
		rest, last = rawQuery[:i], rawQuery[i+1:]
	}
	s, ok := strings.CutPrefix(last, "s=")
	if !ok {
		return &Error{CodeSignatureMissing, "s", "this server wants signed URLs: s=<signature> as the last parameter"}
	}
	// Without a key anybody could sign, so nobody can.
	if len(p.Key) == 0 || !hmac.Equal([]byte(s), []byte(signature(p.Key, path, rest))) {
		return &Error{CodeSignatureWrong, "s", "the signature does not fit this URL: sign exactly the path and query that are sent"}
	}
	return nil
}

// checkExpiry refuses a URL after the second that expires names.
func (p *Policy) checkExpiry(expires string) error {
	at, valid := int64(0), len(expires) >= 1 && len(expires) <= 12
	for i := 0; i < len(expires) && valid; i++ {
		valid = '0' <= expires[i] && expires[i] <= '9'
		at = at*10 + int64(expires[i]-'0')
	}
	if !valid {
		return badParam("expires", "expires is a time in seconds since 1970: expires=1767225600")
	}
	now := time.Now
	if p.Now != nil {
		now = p.Now
	}
	if now().Unix() > at {
		return &Error{CodeSignatureExpired, "expires", "this URL has expired: ask for a new one where it came from"}
	}
	return nil
}
