package awsfake

import (
	"encoding/xml"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const route53Namespace = "https://route53.amazonaws.com/doc/2013-04-01/"

// cloudFrontZone is the zone of all distributions' names, for alias records.
const cloudFrontZone = "Z2FDTNDATAQYW2"

// zone is a hosted zone.
type zone struct {
	id, name string // the name ends in a dot
	private  bool
	records  []recordSet
}

type recordSet struct {
	Name, Type      string
	TTL             *int         `xml:",omitempty"`
	ResourceRecords *recordList  `xml:",omitempty"`
	AliasTarget     *aliasTarget `xml:",omitempty"`
	insync          bool
}

type recordList struct{ ResourceRecord []struct{ Value string } }

type aliasTarget struct {
	HostedZoneId, DNSName string
	EvaluateTargetHealth  bool
}

func route53Service() service {
	return service{refuse: refuseRoute53, name: restName([]route{
		{"GET", "/2013-04-01/hostedzonesbyname", "ListHostedZonesByName", "dnsname hostedzoneid maxitems"},
		{"GET", "/2013-04-01/hostedzone", "ListHostedZones", "marker maxitems"},
		{"GET", "/2013-04-01/hostedzone/{zone}", "GetHostedZone", ""},
		{"GET", "/2013-04-01/hostedzone/{zone}/rrset", "ListResourceRecordSets", "name type identifier maxitems"},
		{"POST", "/2013-04-01/hostedzone/{zone}/rrset", "ChangeResourceRecordSets", ""},
		{"GET", "/2013-04-01/change/{id}", "GetChange", ""},
	}), operations: map[string]operation{
		"ListHostedZonesByName": zonesByName, "ListHostedZones": listZones, "ListResourceRecordSets": listRecords, "ChangeResourceRecordSets": changeRecords, "GetChange": getChange, "GetHostedZone": getZone,
	}}
}

// refuseRoute53 has an invalid batch in its own form.
func refuseRoute53(q *call, r *refusal) answer {
	if r.code != "InvalidChangeBatch" {
		return refuseXML(q, r)
	}
	return xmlAnswer(r.status, struct {
		XMLName   xml.Name `xml:"https://route53.amazonaws.com/doc/2013-04-01/ InvalidChangeBatch"`
		Messages  []string `xml:"Messages>Message"`
		RequestID string   `xml:"RequestId"`
	}{Messages: []string{r.message}, RequestID: "request"})
}

// AddZone makes a hosted zone for a domain, and gives its id.
func (c *Cloud) AddZone(domain string) string { return c.addZone(domain, false) }

// AddPrivateZone makes a hosted zone that the world does not see, and gives its id.
func (c *Cloud) AddPrivateZone(domain string) string { return c.addZone(domain, true) }

func (c *Cloud) addZone(domain string, private bool) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	z := &zone{id: "Z" + strings.ToUpper(hash("zone", text(c.number()))[:20]), name: strings.ToLower(strings.TrimSuffix(domain, ".")) + ".", private: private}
	ttl := 172800
	z.records = []recordSet{
		{Name: z.name, Type: "NS", TTL: &ttl, ResourceRecords: &recordList{[]struct{ Value string }{{"ns-1.awsdns-01.org."}, {"ns-2.awsdns-02.com."}}}, insync: true},
		{Name: z.name, Type: "SOA", TTL: &ttl, ResourceRecords: &recordList{[]struct{ Value string }{{"ns-1.awsdns-01.org. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"}}}, insync: true},
	}
	c.zones = append(c.zones, z)
	slices.SortFunc(c.zones, func(a, b *zone) int { return strings.Compare(reversed(a.name), reversed(b.name)) })
	return z.id
}

// AddRecord puts a record into a zone, as somebody else does: values of a type with a TTL of
// 300 s.
func (c *Cloud) AddRecord(zoneID, name, kind string, values ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	ttl, list := 300, &recordList{}
	for _, v := range values {
		list.ResourceRecord = append(list.ResourceRecord, struct{ Value string }{v})
	}
	z := c.zoneOf(zoneID)
	z.records = append(z.records, recordSet{Name: dotted(name), Type: kind, TTL: &ttl, ResourceRecords: list, insync: true})
	z.sort()
}

// Record is one as a test sees it.
type Record struct {
	Name, Type string
	Values     []string // or the name that it is an alias of
	Alias      bool
}

// Records are those of a zone but for its NS and SOA.
func (c *Cloud) Records(zoneID string) []Record {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []Record
	z := c.zoneOf(zoneID)
	for _, r := range z.records {
		made := Record{Name: r.Name, Type: r.Type}
		switch {
		case r.Name == z.name && (r.Type == "NS" || r.Type == "SOA"):
			continue
		case r.AliasTarget != nil:
			made.Alias, made.Values = true, []string{r.AliasTarget.DNSName}
		default:
			made.Values = r.values()
		}
		list = append(list, made)
	}
	return list
}

func (r recordSet) values() []string {
	var list []string
	if r.ResourceRecords != nil {
		for _, v := range r.ResourceRecords.ResourceRecord {
			list = append(list, v.Value)
		}
	}
	return list
}

func (c *Cloud) zoneOf(id string) *zone {
	id = strings.TrimPrefix(id, "/hostedzone/")
	for _, z := range c.zones {
		if z.id == id {
			return z
		}
	}
	return nil
}

// dotted is a name in lower case with a dot at its end.
func dotted(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) + "." }

// reversed is a name by which Route 53 sorts: the labels from the last to the first.
func reversed(name string) string {
	labels := strings.Split(strings.TrimSuffix(name, "."), ".")
	slices.Reverse(labels)
	return strings.Join(labels, ".") + "."
}

func (z *zone) sort() {
	slices.SortStableFunc(z.records, func(a, b recordSet) int {
		if n := strings.Compare(reversed(a.Name), reversed(b.Name)); n != 0 {
			return n
		}
		return strings.Compare(a.Type, b.Type)
	})
}

// resolves tells whether a public zone answers with a value. A record that is not in
// sync yet is so the next time.
func (c *Cloud) resolves(name, kind, value string) bool {
	for _, z := range c.zones {
		for i, r := range z.records {
			if !z.private && r.Name == name && r.Type == kind && slices.Contains(r.values(), value) {
				z.records[i].insync = true
				return r.insync
			}
		}
	}
	return false
}

type zoneAnswer struct {
	Id, Name, CallerReference string
	Config                    struct{ PrivateZone bool }
	ResourceRecordSetCount    int
}

func (z *zone) answer() zoneAnswer {
	a := zoneAnswer{Id: "/hostedzone/" + z.id, Name: z.name, CallerReference: z.id, ResourceRecordSetCount: len(z.records)}
	a.Config.PrivateZone = z.private
	return a
}

func maxItems(q *call, most int) (int, error) {
	text := q.URL.Query().Get("maxitems")
	if text == "" {
		return most, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, misunderstood(http.StatusBadRequest, "InvalidInput", "maxitems %s", text)
	}
	return min(n, most), nil
}

func zonesByName(c *Cloud, q *call) (answer, error) {
	most, err := maxItems(q, 100)
	if err != nil {
		return answer{}, err
	}
	out := struct {
		XMLName                       xml.Name     `xml:"https://route53.amazonaws.com/doc/2013-04-01/ ListHostedZonesByNameResponse"`
		HostedZones                   []zoneAnswer `xml:"HostedZones>HostedZone"`
		DNSName                       string       `xml:",omitempty"`
		HostedZoneId                  string       `xml:",omitempty"`
		IsTruncated                   bool
		NextDNSName, NextHostedZoneId string `xml:",omitempty"`
		MaxItems                      int
	}{DNSName: q.URL.Query().Get("dnsname"), HostedZoneId: q.URL.Query().Get("hostedzoneid"), MaxItems: most}
	q.resource = out.DNSName
	if out.HostedZoneId != "" && out.DNSName == "" {
		return answer{}, misunderstood(http.StatusBadRequest, "InvalidInput", "hostedzoneid without dnsname")
	}
	from := ""
	if out.DNSName != "" {
		from = reversed(dotted(out.DNSName))
	}
	begun := out.HostedZoneId == ""
	for _, z := range c.zones {
		begun = begun || z.id == out.HostedZoneId || reversed(z.name) > from
		if reversed(z.name) < from || !begun {
			continue
		}
		if len(out.HostedZones) == most {
			out.IsTruncated, out.NextDNSName, out.NextHostedZoneId = true, z.name, z.id
			break
		}
		out.HostedZones = append(out.HostedZones, z.answer())
	}
	return xmlAnswer(http.StatusOK, out), nil
}

func listZones(c *Cloud, q *call) (answer, error) {
	most, err := maxItems(q, 100)
	if err != nil {
		return answer{}, err
	}
	out := struct {
		XMLName     xml.Name     `xml:"https://route53.amazonaws.com/doc/2013-04-01/ ListHostedZonesResponse"`
		HostedZones []zoneAnswer `xml:"HostedZones>HostedZone"`
		Marker      string
		IsTruncated bool
		NextMarker  string `xml:",omitempty"`
		MaxItems    int
	}{Marker: q.URL.Query().Get("marker"), MaxItems: most}
	begun := out.Marker == ""
	for _, z := range c.zones {
		if begun = begun || z.id == out.Marker; !begun {
			continue
		}
		if len(out.HostedZones) == most {
			out.IsTruncated, out.NextMarker = true, z.id
			break
		}
		out.HostedZones = append(out.HostedZones, z.answer())
	}
	return xmlAnswer(http.StatusOK, out), nil
}

// inZone finds the zone of a request.
func (c *Cloud) inZone(q *call) (*zone, error) {
	q.resource = q.path["zone"]
	if z := c.zoneOf(q.path["zone"]); z != nil {
		return z, nil
	}
	return nil, refuse(http.StatusNotFound, "NoSuchHostedZone", "No hosted zone found with ID: %s", q.path["zone"])
}

func getZone(c *Cloud, q *call) (answer, error) {
	z, err := c.inZone(q)
	if err != nil {
		return answer{}, err
	}
	return xmlAnswer(http.StatusOK, struct {
		XMLName     xml.Name `xml:"https://route53.amazonaws.com/doc/2013-04-01/ GetHostedZoneResponse"`
		HostedZone  zoneAnswer
		NameServers []string `xml:"DelegationSet>NameServers>NameServer"`
	}{HostedZone: z.answer(), NameServers: z.records[0].values()}), nil
}

func listRecords(c *Cloud, q *call) (answer, error) {
	z, err := c.inZone(q)
	if err != nil {
		return answer{}, err
	}
	most, err := maxItems(q, 300)
	if err != nil {
		return answer{}, err
	}
	out := struct {
		XMLName                        xml.Name    `xml:"https://route53.amazonaws.com/doc/2013-04-01/ ListResourceRecordSetsResponse"`
		ResourceRecordSets             []recordSet `xml:"ResourceRecordSets>ResourceRecordSet"`
		IsTruncated                    bool
		NextRecordName, NextRecordType string `xml:",omitempty"`
		MaxItems                       int
	}{MaxItems: most}
	v := q.URL.Query()
	if v.Get("type") != "" && v.Get("name") == "" {
		return answer{}, misunderstood(http.StatusBadRequest, "InvalidInput", "The input is not valid: type without name")
	}
	from := ""
	if v.Get("name") != "" {
		from = reversed(dotted(v.Get("name")))
	}
	for _, r := range z.records {
		at := reversed(r.Name)
		if at < from || at == from && r.Type < v.Get("type") {
			continue
		}
		if len(out.ResourceRecordSets) == most {
			out.IsTruncated, out.NextRecordName, out.NextRecordType = true, r.Name, r.Type
			break
		}
		out.ResourceRecordSets = append(out.ResourceRecordSets, r)
	}
	return xmlAnswer(http.StatusOK, out), nil
}
