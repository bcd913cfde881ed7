package awsfake

import (
	"context"
	"net"
	"slices"
	"testing"
)

func TestDNS(t *testing.T) {
	c := New()
	zone := c.AddZone("example.com")
	c.AddRecord(zone, "a.example.com", "CNAME", "elsewhere.example.org")
	c.AddRecord(c.AddPrivateZone("inside.example"), "x.inside.example", "CNAME", "a.example.com")
	c.AddCNAME("photos.example.org", "a.example.com")
	c.PublishRecords("b.example.net")
	proof, value := c.validation("b.example.net")
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	go c.ServeDNS(conn)
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, conn.LocalAddr().String())
	}}
	for name, want := range map[string]string{"a.example.com.": "elsewhere.example.org.", "photos.example.org.": "a.example.com.", proof: value} {
		if got, err := resolver.LookupCNAME(t.Context(), name); got != want {
			t.Errorf("%s leads to %q, %v, not to %s", name, got, err, want)
		}
	}
	for _, name := range []string{"x.inside.example.", "nobody.example.com."} {
		if got, err := resolver.LookupCNAME(t.Context(), name); err == nil {
			t.Errorf("%s leads to %s", name, got)
		}
	}
	if a, b := address("d1.cloudfront.net."), address("d2.cloudfront.net."); a == b || a[0] != 127 || slices.Contains(a[:], 255) {
		t.Errorf("%v, %v", a, b)
	}
	if got := string(caaData(`0 issue "amazon.com"`)); got != "\x00\x05issueamazon.com" {
		t.Errorf("%q", got)
	}
}
