package doctor

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// CAA is a record that says who may issue certificates (RFC 8659).
type CAA struct {
	Tag   string // issue, issuewild, iodef …
	Value string // of issue: the issuer's domain, and parameters behind a semicolon
}

// amazonCAs are the names by which a CAA record lets Amazon issue.
// https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html
var amazonCAs = []string{"amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"}

// caa sees that no name's CAA records keep Amazon from renewing the certificate.
func (p *patient) caa(ctx context.Context) (string, error) {
	names := p.aliases()
	if waiting, err := p.deployer.Waiting(ctx); err == nil && len(waiting) > 0 {
		names = waiting[0].Names // just when it matters
	}
	if len(names) == 0 {
		return "", errSkip("the site has no names of its own")
	}
	for _, alias := range names {
		at, records, err := p.findCAA(ctx, strings.TrimPrefix(alias, "*."))
		if err != nil {
			return "", errSkip("DNS was not to be asked: " + err.Error())
		}
		if !allows(records, strings.HasPrefix(alias, "*.")) {
			return "", illf(`Add the CAA record 0 issue "amazon.com" at `+at, "the CAA records of %s don't let Amazon issue or renew the certificate of %s", at, alias)
		}
	}
	return "Amazon may issue for " + strings.Join(names, ", "), nil
}

// findCAA climbs from a host to the closest name that has CAA records (RFC 8659, 3).
func (p *patient) findCAA(ctx context.Context, host string) (at string, records []CAA, err error) {
	for at = host; at != ""; _, at, _ = strings.Cut(at, ".") {
		if records, err = p.CAA(ctx, at); err != nil || len(records) > 0 {
			return at, records, err
		}
	}
	return "", nil, nil
}

// allows tells whether Amazon may issue a certificate. Without records of its kind anybody may.
func allows(records []CAA, wildcard bool) bool {
	kind := "issue"
	if wildcard && slices.ContainsFunc(records, func(r CAA) bool { return r.Tag == "issuewild" }) {
		kind = "issuewild"
	}
	any := true
	for _, r := range records {
		if r.Tag != kind {
			continue
		}
		any = false
		issuer, _, _ := strings.Cut(r.Value, ";")
		if slices.Contains(amazonCAs, strings.ToLower(strings.TrimSpace(issuer))) {
			return true
		}
	}
	return any
}

const typeCAA dnsmessage.Type = 257

// LookupCAA asks this machine's DNS server for the CAA records of a name.
func LookupCAA(ctx context.Context, host string) ([]CAA, error) {
	server, err := nameserver("/etc/resolv.conf")
	if err != nil {
		return nil, err
	}
	return askCAA(ctx, server, host)
}

// AskCAA asks a DNS server, by address and port, for the CAA records of a name.
func AskCAA(server string) func(ctx context.Context, host string) ([]CAA, error) {
	return func(ctx context.Context, host string) ([]CAA, error) { return askCAA(ctx, server, host) }
}

// nameserver is the first server of a resolv.conf.
func nameserver(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if words := strings.Fields(lines.Text()); len(words) > 1 && words[0] == "nameserver" {
			return net.JoinHostPort(words[1], "53"), nil
		}
	}
	return "", errors.New("no DNS server is set up")
}

// askCAA asks a DNS server by UDP, three times, and by TCP for an answer that was cut.
func askCAA(ctx context.Context, server, host string) ([]CAA, error) {
	name, err := dnsmessage.NewName(strings.TrimSuffix(host, ".") + ".")
	if err != nil {
		return nil, err
	}
	question := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: uint16(rand.Uint32()), RecursionDesired: true},
		Questions: []dnsmessage.Question{{Name: name, Type: typeCAA, Class: dnsmessage.ClassINET}},
	}
	packed, err := question.Pack()
	if err != nil {
		return nil, err
	}
	var last error
	for range 3 {
		answer, err := exchange(ctx, "udp", server, packed)
		if err == nil {
			records, cut, read := readCAA(answer, question.ID)
			if cut {
				if answer, err = exchange(ctx, "tcp", server, packed); err == nil {
					records, _, read = readCAA(answer, question.ID)
				}
			}
			if err == nil && read == nil {
				return records, nil
			}
			err = errors.Join(err, read)
		}
		if last = err; ctx.Err() != nil {
			break
		}
	}
	return nil, last
}

// exchange sends a question and gives the answer. Over TCP both have their length in front (RFC 1035, 4.2.2).
func exchange(ctx context.Context, network, server string, question []byte) ([]byte, error) {
	c, err := (&net.Dialer{Timeout: 2 * time.Second}).DialContext(ctx, network, server)
	if err != nil {
		return nil, err
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(2 * time.Second))
	if network == "tcp" {
		question = append([]byte{byte(len(question) >> 8), byte(len(question))}, question...)
	}
	if _, err := c.Write(question); err != nil {
		return nil, err
	}
	answer := make([]byte, 64<<10)
	n, err := c.Read(answer)
	if err != nil {
		return nil, err
	}
	if network == "tcp" {
		for n < 2 || n < 2+int(answer[0])<<8+int(answer[1]) {
			more, err := c.Read(answer[n:])
			if err != nil {
				return nil, err
			}
			n += more
		}
		return answer[2:n], nil
	}
	return answer[:n], nil
}

// readCAA reads an answer. That there is no such name, or no such record, is none.
func readCAA(packet []byte, id uint16) (records []CAA, cut bool, err error) {
	var p dnsmessage.Parser
	header, err := p.Start(packet)
	switch {
	case err != nil:
		return nil, false, err
	case header.ID != id || !header.Response:
		return nil, false, errors.New("the answer is to another question")
	case header.Truncated:
		return nil, true, nil
	case header.RCode == dnsmessage.RCodeNameError:
		return nil, false, nil
	case header.RCode != dnsmessage.RCodeSuccess:
		return nil, false, fmt.Errorf("the DNS server says %s", header.RCode)
	}
	if err := p.SkipAllQuestions(); err != nil {
		return nil, false, err
	}
	for {
		h, err := p.AnswerHeader()
		if errors.Is(err, dnsmessage.ErrSectionDone) {
			return records, false, nil
		}
		if err != nil {
			return nil, false, err
		}
		if h.Type != typeCAA {
			if err := p.SkipAnswer(); err != nil {
				return nil, false, err
			}
			continue
		}
		body, err := p.UnknownResource()
		if err != nil {
			return nil, false, err
		}
		// One byte of flags, the tag behind its length, the value (RFC 8659, 4.1).
		if d := body.Data; len(d) >= 2 && len(d) >= 2+int(d[1]) {
			records = append(records, CAA{Tag: strings.ToLower(string(d[2 : 2+d[1]])), Value: string(d[2+d[1]:])})
		}
	}
}
