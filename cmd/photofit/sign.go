package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"photofit"
)

type signCmd struct {
	URL     string `arg:"" help:"A URL, or its path and query: '/trip/b.jpg?w=790'."`
	SignKey string `required:"" help:"The secret of the server's --policy signed." placeholder:"SECRET"`
	Expires span   `help:"How long the URL is good for, from now on. Default: for ever." placeholder:"TIME"`
}

// Run prints the URL with its signature.
func (c *signCmd) Run(console *console) error {
	if len(c.SignKey) < minSignKey {
		return fmt.Errorf("--sign-key is too short: a server takes %d characters or more", minSignKey)
	}
	local := asSent(localPart(c.URL))
	_, query, _ := strings.Cut(local, "?")
	switch {
	case has(query, "s"):
		return errors.New("the URL has a signature already: take s= out of it")
	case has(query, "expires") && c.Expires > 0:
		return errors.New("the URL says when it expires already: take expires= out of it, or leave --expires out")
	}
	if c.Expires > 0 {
		join := "?"
		if strings.Contains(local, "?") {
			join = "&"
		}
		local += join + "expires=" + strconv.FormatInt(time.Now().Add(time.Duration(c.Expires)).Unix(), 10)
	}
	signed := photofit.Sign([]byte(c.SignKey), local)
	if err := c.check(signed); err != nil {
		return fmt.Errorf("a server would refuse this URL: %w", err)
	}
	origin := ""
	if before, _, ok := strings.Cut(c.URL, "://"); ok && !strings.HasPrefix(c.URL, "/") {
		host := c.URL[len(before)+3:]
		if i := strings.IndexAny(host, "/?#"); i >= 0 {
			host = host[:i]
		}
		origin = before + "://" + host
	}
	console.printf("%s%s\n", origin, signed)
	return nil
}

// has tells whether a query has a parameter, as it is spelled.
func has(query, name string) bool {
	return strings.HasPrefix(query, name+"=") || strings.Contains(query, "&"+name+"=")
}

// check asks as a server would be asked. Whether it gives originals is not known
// here.
func (c *signCmd) check(signed string) error {
	policy := photofit.SignedPolicy([]byte(c.SignKey))
	policy.OriginalsPublic = true
	path, query, _ := strings.Cut(signed, "?")
	_, err := photofit.Resolve(path, query, "", policy)
	return err
}

// asSent is a path and query as a browser puts it on the wire, which is what a
// signature is for: bytes that a URL cannot hold are percent-encoded (WHATWG
// URL, 1.3), what is encoded stays.
func asSent(local string) string {
	var b strings.Builder
	for i := range len(local) {
		if c := local[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>`{}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
