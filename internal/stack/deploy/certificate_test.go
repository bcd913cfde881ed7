package deploy_test

import (
	"slices"
	"strings"
	"testing"

	"photofit/internal/stack/deploy"
)

var names = []string{"media.example.com", "photos.example.org"}

// Phase 1: the site is there without its names, and it is told which records are missing. Phase 2,
// the same command: the names are there.
func TestCertificateElsewhere(t *testing.T) {
	r := newRig(t)
	r.config.Aliases = names
	result := r.mustDeploy()
	if !result.Plan.Certificate.Request || result.Outputs.URL == "" {
		t.Fatalf("%+v", result.Plan.Certificate)
	}
	p := result.Pending
	if p == nil || len(p.Records) != 2 || !strings.Contains(p.Certificate, "waits for the records") {
		t.Fatalf("pending is %+v", p)
	}
	for _, record := range p.Records {
		if record.Type != "CNAME" || !strings.HasPrefix(record.Name, "_") || !strings.HasSuffix(record.Value, ".acm-validations.aws") || record.Now != "" {
			t.Errorf("%+v", record)
		}
	}
	if s, _ := r.deployer().Find(r.ctx); s.Parameters["Aliases"] != "" || r.count("acm:RequestCertificate") != 1 {
		t.Errorf("%+v, %d certificates requested", s.Parameters, r.count("acm:RequestCertificate"))
	}
	// The owner adds one of them, and the other one with the domain twice.
	r.dns[p.Records[0].Name] = p.Records[0].Value
	r.dns[p.Records[1].Name+".example.org"] = p.Records[1].Value
	r.config.Aliases = nil // what was asked for is remembered
	again := r.mustDeploy()
	if again.Changed || again.Pending == nil || len(again.Pending.Records) != 1 || !strings.Contains(again.Pending.Records[0].Now, "the form added the domain by itself") {
		t.Errorf("again: %+v", again.Pending)
	}
	r.dns[p.Records[1].Name] = p.Records[1].Value
	if again = r.mustDeploy(); again.Pending == nil || len(again.Pending.Records) != 0 || !strings.Contains(again.Pending.Certificate, "within half an hour") {
		t.Errorf("in DNS: %+v", again.Pending)
	}
	r.cloud.PublishRecords(names...)
	for result = r.mustDeploy(); !result.Changed; result = r.mustDeploy() { // until Amazon has looked
	}
	if len(r.asked) != 1 || r.count("acm:RequestCertificate") != 1 {
		t.Errorf("issued: %+v", result)
	}
	if s, _ := r.deployer().Find(r.ctx); s.Parameters["Aliases"] != strings.Join(names, ",") || s.Parameters["CertificateArn"] == "" {
		t.Errorf("%+v", s.Parameters)
	}
	if p := result.Pending; p == nil || len(p.Records) != 2 || p.Records[0] != (deploy.Record{Name: names[0], Type: "CNAME", Value: result.Outputs.DomainName, For: names[0]}) {
		t.Errorf("names are to be led to the site: %+v", p)
	}
	r.dns[names[0]] = result.Outputs.DomainName
	r.dns[names[1]], r.dns[result.Outputs.DomainName] = "@192.0.2.1", "@192.0.2.1" // as ALIAS and ANAME do
	r.config.Aliases = nil
	if again := r.mustDeploy(); again.Changed || again.Pending != nil || !slices.Equal(again.Plan.Aliases, names) {
		t.Errorf("all done: %+v", again)
	}
	// Another name: a new certificate, and the old names stay until it is issued.
	r.config.Aliases = append(slices.Clone(names), "third.example.net")
	result = r.mustDeploy()
	if s, _ := r.deployer().Find(r.ctx); s.Parameters["Aliases"] != strings.Join(names, ",") || !result.Plan.Certificate.Request {
		t.Errorf("%+v", s.Parameters)
	}
	// And none: neither those that it has, nor those that it waits for.
	r.config.Aliases = []string{}
	r.mustDeploy()
	r.config.Aliases = nil
	if again := r.mustDeploy(); again.Changed || again.Plan.Certificate != nil {
		t.Errorf("they are back: %+v", again.Plan)
	}
	if s, _ := r.deployer().Find(r.ctx); s.Parameters["Aliases"] != "" || s.Parameters["CertificateArn"] != "" {
		t.Errorf("%+v", s.Parameters)
	}
}

// Where Route 53 has the domains, one command does all of it.
func TestCertificateInRoute53(t *testing.T) {
	r := newRig(t)
	com, org := r.cloud.AddZone("example.com"), r.cloud.AddZone("example.org")
	r.cloud.AddPrivateZone("media.example.com")
	r.config.Aliases = names
	result := r.mustDeploy()
	if result.Pending != nil || len(r.asked) != 1 || !slices.Equal(result.Plan.Certificate.Route53, names) {
		t.Errorf("pending %+v, asked %q, %+v", result.Pending, r.asked, result.Plan.Certificate)
	}
	if s, _ := r.deployer().Find(r.ctx); s.Parameters["Aliases"] != strings.Join(names, ",") {
		t.Errorf("%+v", s.Parameters)
	}
	for zone, name := range map[string]string{com: names[0], org: names[1]} {
		var kinds []string
		for _, record := range r.cloud.Records(zone) {
			if strings.TrimSuffix(record.Name, ".") == name && record.Alias && strings.TrimSuffix(record.Values[0], ".") == result.Outputs.DomainName {
				kinds = append(kinds, record.Type)
			}
			if record.Type == "CNAME" {
				kinds = append(kinds, record.Type)
			}
		}
		slices.Sort(kinds)
		if !slices.Equal(kinds, []string{"A", "AAAA", "CNAME"}) {
			t.Errorf("%s has %+v", name, r.cloud.Records(zone))
		}
	}
	for _, name := range names {
		r.dns[name] = result.Outputs.DomainName
	}
	if again := r.mustDeploy(); again.Changed || again.Pending != nil {
		t.Errorf("again: %+v", again)
	}
}

// A name that leads elsewhere is not taken away from there.
func TestNameInUse(t *testing.T) {
	r := newRig(t)
	zone := r.cloud.AddZone("example.com")
	r.cloud.AddRecord(zone, "media.example.com", "CNAME", "old.example.net")
	r.config.Aliases = names[:1]
	_, err := r.deploy()
	says(t, err, "media.example.com CNAME", "leads to old.example.net", "remove it")
	if len(r.asked) > 0 || len(r.cloud.Records(zone)) != 1 {
		t.Errorf("asked %q, records %+v", r.asked, r.cloud.Records(zone))
	}
}

// A certificate that is there already is taken: one with all names, or a wildcard.
func TestCertificateThere(t *testing.T) {
	r := newRig(t)
	r.cloud.AddCertificate("us-east-1", "other.example.com")
	r.cloud.AddCertificate(region, names...) // where CloudFront doesn't look
	arn := r.cloud.AddCertificate("us-east-1", "*.example.com", "*.example.org")
	r.config.Aliases = names
	result := r.mustDeploy()
	if s, _ := r.deployer().Find(r.ctx); s.Parameters["CertificateArn"] != arn || r.count("acm:RequestCertificate") != 0 || result.Plan.Certificate.Arn != arn {
		t.Errorf("%+v", s.Parameters)
	}
}

// CAA forbids: it is said, with what to do.
func TestCertificateFails(t *testing.T) {
	r := newRig(t)
	r.config.Aliases = names[:1]
	r.mustDeploy()
	r.cloud.FailCertificate(names[0], "CAA_ERROR")
	r.config.Aliases = nil // what was asked for is remembered, though it failed
	if waiting, err := r.deployer().Waiting(r.ctx); err != nil || len(waiting) != 1 || waiting[0].Status != "FAILED" {
		t.Errorf("%+v, %v", waiting, err)
	}
	result := r.mustDeploy()
	again := result.Plan.Certificate
	if !again.Request || !strings.Contains(again.Why, `add the CAA record 0 issue "amazon.com"`) {
		t.Errorf("%+v", again)
	}
	// Another one is requested, and not the one that failed once more.
	if again.Arn == again.After || again.After == "" || again.Status != "PENDING_VALIDATION" || result.Pending == nil {
		t.Errorf("%+v, %+v", again, result.Pending)
	}
	r.cloud.PublishRecords(names[0])
	if done := r.mustDeploy(); done.Plan.Certificate.Arn != again.Arn || !slices.Equal(done.Plan.Aliases, names[:1]) || done.Plan.Certificate.Request {
		t.Errorf("%+v", done.Plan)
	}
	if waiting, err := r.deployer().Waiting(r.ctx); err != nil || len(waiting) != 0 {
		t.Errorf("%+v, %v", waiting, err)
	}
}

// Names that are not wanted any more keep nobody waiting for their records.
func TestFewerNames(t *testing.T) {
	r := newRig(t)
	r.config.Aliases = names
	r.mustDeploy()
	r.config.Aliases = names[:1]
	r.mustDeploy()
	r.cloud.PublishRecords(names[0])
	if done := r.mustDeploy(); !slices.Equal(done.Plan.Aliases, names[:1]) || done.Plan.Certificate.Status != "ISSUED" {
		t.Errorf("%+v, %+v", done.Plan.Aliases, done.Plan.Certificate)
	}
}

// The order of names is nobody's business.
func TestOrderOfNames(t *testing.T) {
	r := newRig(t)
	r.cloud.AddCertificate("us-east-1", names...)
	r.config.Aliases = []string{names[0], names[1]}
	r.mustDeploy()
	r.config.Aliases = []string{names[1], names[0]}
	if again := r.mustDeploy(); again.Changed {
		t.Errorf("%+v", again.Plan.Changes)
	}
}

// Of a wildcard a name under it is looked for: the wildcard itself is no host.
func TestWildcard(t *testing.T) {
	r := newRig(t)
	r.cloud.AddCertificate("us-east-1", "*.example.com")
	r.config.Aliases = []string{"*.example.com"}
	result := r.mustDeploy()
	if result.Pending == nil || len(result.Pending.Records) != 1 || result.Pending.Records[0].Name != "*.example.com" {
		t.Errorf("%+v", result.Pending)
	}
	r.dns["photofit-check.example.com"] = result.Outputs.DomainName
	if again := r.mustDeploy(); again.Pending != nil {
		t.Errorf("%+v", again.Pending)
	}
}

// A name that another distribution has.
func TestAliasTaken(t *testing.T) {
	r := newRig(t)
	r.cloud.AddCertificate("us-east-1", names...)
	r.cloud.TakeAlias(names[1])
	r.config.Aliases = names
	_, err := r.deploy()
	says(t, err, "Distribution (AWS::CloudFront::Distribution)", "in use by another distribution")
	if s, _ := r.deployer().Find(r.ctx); s != nil {
		t.Errorf("there is %+v", s)
	}
}
