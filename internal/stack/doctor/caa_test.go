package doctor

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

func TestAllows(t *testing.T) {
	for _, c := range []struct {
		records  []CAA
		wildcard bool
		want     bool
	}{
		{nil, false, true},
		{[]CAA{{"iodef", "mailto:a@example.com"}}, false, true},
		{[]CAA{{"issue", "amazon.com"}}, false, true},
		{[]CAA{{"issue", " Amazon.com ; account=1"}}, false, true},
		{[]CAA{{"issue", "letsencrypt.org"}, {"issue", "awstrust.com"}}, false, true},
		{[]CAA{{"issue", "letsencrypt.org"}}, false, false},
		{[]CAA{{"issue", ";"}}, false, false},
		{[]CAA{{"issue", "amazon.com.example"}}, false, false},
		{[]CAA{{"issuewild", ";"}}, false, true},
		{[]CAA{{"issuewild", ";"}, {"issue", "amazon.com"}}, true, false},
		{[]CAA{{"issue", "amazon.com"}}, true, true},
		{[]CAA{{"issuewild", "amazon.com"}, {"issue", ";"}}, true, true},
	} {
		if got := allows(c.records, c.wildcard); got != c.want {
			t.Errorf("%v, wildcard %v: %v", c.records, c.wildcard, got)
		}
	}
}

// answerTo is a DNS server's answer about a name that has CAA records, or that is none.
func answerTo(t *testing.T, question []byte, cut bool) []byte {
	t.Helper()
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil {
		t.Error(err)
		return nil
	}
	m.Response, m.Truncated = true, cut
	switch name := m.Questions[0].Name; {
	case cut:
	case name.String() != "example.com.":
		m.RCode = dnsmessage.RCodeNameError
	default:
		header := dnsmessage.ResourceHeader{Name: name, Type: typeCAA, Class: dnsmessage.ClassINET}
		alias := dnsmessage.ResourceHeader{Name: name, Type: dnsmessage.TypeCNAME, Class: dnsmessage.ClassINET}
		m.Answers = []dnsmessage.Resource{
			{Header: alias, Body: &dnsmessage.CNAMEResource{CNAME: name}},
			{Header: header, Body: &dnsmessage.UnknownResource{Type: typeCAA, Data: []byte("\x00\x05issueamazon.com")}},
			{Header: header, Body: &dnsmessage.UnknownResource{Type: typeCAA, Data: []byte("\x80\x09issuewild;")}},
			{Header: header, Body: &dnsmessage.UnknownResource{Type: typeCAA, Data: []byte("\x00\xffbad")}},
		}
	}
	packed, err := m.Pack()
	if err != nil {
		t.Error(err)
	}
	return packed
}

// A DNS server on this machine is asked by UDP, and by TCP if its answer was cut.
func TestAskCAA(t *testing.T) {
	for _, cut := range []bool{false, true} {
		udp, err := net.ListenPacket("udp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer udp.Close()
		tcp, err := net.Listen("tcp", udp.LocalAddr().String())
		if err != nil {
			t.Skipf("SKIPPED: the port is taken by TCP: %v", err)
		}
		defer tcp.Close()
		go func() {
			buffer := make([]byte, 512)
			for {
				n, from, err := udp.ReadFrom(buffer)
				if err != nil {
					return
				}
				_, _ = udp.WriteTo(answerTo(t, buffer[:n], cut), from)
			}
		}()
		go func() {
			for {
				c, err := tcp.Accept()
				if err != nil {
					return
				}
				buffer := make([]byte, 512)
				n, err := c.Read(buffer)
				if err == nil && n > 2 {
					answer := answerTo(t, buffer[2:n], false)
					_, _ = c.Write([]byte{byte(len(answer) >> 8), byte(len(answer))})
					_, _ = c.Write(answer)
				}
				_ = c.Close()
			}
		}()
		got, err := askCAA(context.Background(), udp.LocalAddr().String(), "example.com")
		if want := []CAA{{"issue", "amazon.com"}, {"issuewild", ";"}}; err != nil || !slices.Equal(got, want) {
			t.Errorf("cut %v: %v, %v", cut, got, err)
		}
		got, err = askCAA(context.Background(), udp.LocalAddr().String(), "missing.example.com")
		if err != nil || len(got) != 0 {
			t.Errorf("cut %v: %v, %v", cut, got, err)
		}
	}
}

func TestReadCAARefuses(t *testing.T) {
	for _, packet := range [][]byte{nil, {1, 2, 3}, make([]byte, 12), answerTo(t, mustPack(t, 7), false)[:30]} {
		if records, _, err := readCAA(packet, 7); err == nil {
			t.Errorf("%x: %v", packet, records)
		}
	}
	if _, _, err := readCAA(answerTo(t, mustPack(t, 8), false), 7); err == nil {
		t.Error("the answer to another question is taken")
	}
}

func mustPack(t *testing.T, id uint16) []byte {
	t.Helper()
	m := dnsmessage.Message{Header: dnsmessage.Header{ID: id}, Questions: []dnsmessage.Question{{Name: dnsmessage.MustNewName("example.com."), Type: typeCAA, Class: dnsmessage.ClassINET}}}
	packed, err := m.Pack()
	if err != nil {
		t.Fatal(err)
	}
	return packed
}

func TestNameserver(t *testing.T) {
	file := filepath.Join(t.TempDir(), "resolv.conf")
	if err := os.WriteFile(file, []byte("# nameserver 192.0.2.9\nsearch example.com\nnameserver fe80::1\nnameserver 192.0.2.1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := nameserver(file); err != nil || got != "[fe80::1]:53" {
		t.Errorf("%s, %v", got, err)
	}
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := nameserver(file); err == nil {
		t.Error("an empty file names a server")
	}
	if _, err := nameserver(file + "x"); err == nil {
		t.Error("a missing file names a server")
	}
}

func FuzzReadCAA(f *testing.F) {
	f.Add([]byte("\x00\x07\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00\x07example\x03com\x00\x01\x01\x00\x01\xc0\x0c\x01\x01\x00\x01\x00\x00\x00\x00\x00\x0c\x00\x05issue;;;;;"))
	f.Fuzz(func(t *testing.T, packet []byte) { _, _, _ = readCAA(packet, 7) })
}
