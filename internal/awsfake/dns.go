package awsfake

import (
	"hash/fnv"
	"net"
	"slices"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
)

// AddCNAME has a name lead to another in DNS, elsewhere than in Route 53.
func (c *Cloud) AddCNAME(name, to string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.published[dotted(name)] = dotted(to)
}

// ServeDNS answers for the account's names as the internet's DNS does, until the
// connection is closed: public zones, records elsewhere (AddCNAME, PublishRecords), and
// the distributions, whose addresses are those of this machine, each its own. Nobody
// else has a name. Answers are not cached by anybody.
func (c *Cloud) ServeDNS(conn net.PacketConn) {
	packet := make([]byte, 1<<10)
	for {
		n, from, err := conn.ReadFrom(packet)
		if err != nil {
			return
		}
		var question dnsmessage.Message
		if question.Unpack(packet[:n]) != nil || len(question.Questions) != 1 {
			continue
		}
		if answer, err := c.dnsAnswer(question); err == nil {
			_, _ = conn.WriteTo(answer, from)
		}
	}
}

const typeCAA dnsmessage.Type = 257 // RFC 8659

// dnsAnswer is the answer to a question, the chain of its CNAMEs and all.
func (c *Cloud) dnsAnswer(q dnsmessage.Message) ([]byte, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	asked := q.Questions[0]
	answer := dnsmessage.Message{Header: dnsmessage.Header{ID: q.ID, Response: true, RecursionAvailable: true, RCode: dnsmessage.RCodeNameError}, Questions: q.Questions}
	add := func(name string, kind dnsmessage.Type, body dnsmessage.ResourceBody) {
		made, err := dnsmessage.NewName(name)
		if err == nil {
			answer.Answers = append(answer.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: made, Type: kind, Class: dnsmessage.ClassINET, TTL: 1}, Body: body})
		}
	}
	name := dotted(asked.Name.String())
	for range 8 { // as long as a chain may be here
		records := c.inDNS(name)
		if len(records) > 0 || c.distributionNamed(name) {
			answer.RCode = dnsmessage.RCodeSuccess
		}
		next := ""
		for _, r := range records {
			switch {
			case r.Type == "CNAME":
				next = dotted(r.values()[0])
				if to, err := dnsmessage.NewName(next); err == nil && asked.Type != typeCAA {
					add(name, dnsmessage.TypeCNAME, &dnsmessage.CNAMEResource{CNAME: to})
				}
			case r.Type == "A" && r.AliasTarget != nil && asked.Type == dnsmessage.TypeA:
				add(name, dnsmessage.TypeA, &dnsmessage.AResource{A: address(dotted(r.AliasTarget.DNSName))})
			case r.Type == "CAA" && asked.Type == typeCAA:
				for _, v := range r.values() {
					add(name, typeCAA, &dnsmessage.UnknownResource{Type: typeCAA, Data: caaData(v)})
				}
			}
		}
		if next == "" {
			break
		}
		name = next
	}
	if c.distributionNamed(name) && asked.Type == dnsmessage.TypeA {
		add(name, dnsmessage.TypeA, &dnsmessage.AResource{A: address(name)})
	}
	return answer.Pack()
}

// inDNS are the records of a name that the internet sees.
func (c *Cloud) inDNS(name string) []recordSet {
	var list []recordSet
	of := func(wanted string) {
		for _, z := range c.zones {
			for _, r := range z.records {
				if !z.private && r.Name == wanted {
					list = append(list, r)
				}
			}
		}
	}
	if of(name); len(list) == 0 {
		_, domain, _ := strings.Cut(name, ".")
		of(`\052.` + domain) // as Route 53 has wildcards
		of("*." + domain)
	}
	if to := c.published[name]; to != "" && len(list) == 0 {
		list = append(list, recordSet{Name: name, Type: "CNAME", ResourceRecords: &recordList{[]struct{ Value string }{{to}}}})
	}
	return list
}

func (c *Cloud) distributionNamed(name string) bool {
	for _, d := range c.distributions {
		if dotted(d.domain) == name {
			return true
		}
	}
	return false
}

// address is this machine's that stands for a distribution.
func address(name string) [4]byte {
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(name))
	h := sum.Sum32()
	return [4]byte{127, 1 + byte(h>>16)%250, byte(h >> 8), 1 + byte(h)%250}
}

// caaData is a CAA record as it goes over the wire, of its text: 0 issue "amazon.com".
func caaData(text string) []byte {
	fields := strings.Fields(text)
	if len(fields) != 3 {
		return nil
	}
	return slices.Concat([]byte{0, byte(len(fields[1]))}, []byte(fields[1]), []byte(strings.Trim(fields[2], `"`)))
}
