package awsfake

import (
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"
)

// TestZones lists them by name from the last label on.
func TestZones(t *testing.T) {
	r := newRig(t, "eu-central-1")
	for _, name := range []string{"example.org", "photos.example.com", "example.com"} {
		r.AddZone(name)
	}
	r.AddPrivateZone("example.com")
	by := func(name string) (names []string) {
		in := &route53.ListHostedZonesByNameInput{MaxItems: aws.Int32(2)}
		if name != "" {
			in.DNSName = &name
		}
		for {
			out := must[*route53.ListHostedZonesByNameOutput](t)(r.Route53.ListHostedZonesByName(t.Context(), in))
			for _, z := range out.HostedZones {
				names = append(names, *z.Name+map[bool]string{true: "private"}[z.Config.PrivateZone])
			}
			if !out.IsTruncated {
				return names
			}
			in.DNSName, in.HostedZoneId = out.NextDNSName, out.NextHostedZoneId
		}
	}
	all := []string{"example.com.", "example.com.private", "photos.example.com.", "example.org."}
	for name, want := range map[string][]string{"": all, "example.com": all, "photos.example.com.": all[2:], "example.net": all[3:], "z.org": nil} {
		if got := by(name); !reflect.DeepEqual(got, want) {
			t.Errorf("from %q: %q, want %q", name, got, want)
		}
	}
	n := 0
	pages := route53.NewListHostedZonesPaginator(r.Route53, &route53.ListHostedZonesInput{MaxItems: aws.Int32(3)})
	for pages.HasMorePages() {
		n += len(must[*route53.ListHostedZonesOutput](t)(pages.NextPage(t.Context())).HostedZones)
	}
	if n != 4 {
		t.Errorf("%d zones", n)
	}
}

// TestRecords is about what may be in a zone.
func TestRecords(t *testing.T) {
	r := newRig(t, "eu-central-1")
	zone := r.AddZone("example.com")
	r.AddRecord(zone, "old.example.com", "CNAME", "elsewhere.example.net")
	plain := func(name string, kind types.RRType, values ...string) *types.ResourceRecordSet {
		set := &types.ResourceRecordSet{Name: &name, Type: kind, TTL: aws.Int64(300)}
		for _, v := range values {
			set.ResourceRecords = append(set.ResourceRecords, types.ResourceRecord{Value: &v})
		}
		return set
	}
	alias := func(name string, kind types.RRType, zone, target string) *types.ResourceRecordSet {
		return &types.ResourceRecordSet{Name: &name, Type: kind, AliasTarget: &types.AliasTarget{HostedZoneId: &zone, DNSName: &target}}
	}
	for i, c := range []struct {
		action types.ChangeAction
		set    *types.ResourceRecordSet
		code   string
		says   string
	}{
		{"CREATE", plain("a.example.com", "CNAME", "x.example.net"), "", ""},
		{"CREATE", plain("a.example.com.", "CNAME", "y.example.net"), "InvalidChangeBatch", "already exists"},
		{"UPSERT", plain("a.example.com", "CNAME", "y.example.net"), "", ""},
		{"DELETE", plain("a.example.com", "CNAME", "x.example.net"), "InvalidChangeBatch", "do not match"},
		{"DELETE", plain("a.example.com", "CNAME", "y.example.net"), "", ""},
		{"DELETE", plain("a.example.com", "CNAME", "y.example.net"), "InvalidChangeBatch", "was not found"},
		{"UPSERT", alias("example.com", "A", cloudFrontZone, "d1.cloudfront.net"), "", ""},
		{"UPSERT", alias("example.com", "AAAA", cloudFrontZone, "d1.cloudfront.net"), "", ""},
		{"UPSERT", alias("b.example.com", "A", zone, "d1.cloudfront.net"), "InvalidChangeBatch", "does not lie within"},
		{"UPSERT", alias("b.example.com", "CNAME", cloudFrontZone, "d1.cloudfront.net"), "InvalidChangeBatch", "alias target name"},
		{"UPSERT", plain("example.com", "CNAME", "d1.cloudfront.net"), "InvalidChangeBatch", "at apex"},
		{"CREATE", alias("old.example.com", "A", cloudFrontZone, "d1.cloudfront.net"), "InvalidChangeBatch", "conflicts with other records"},
		{"CREATE", plain("a.example.org", "A", "192.0.2.1"), "InvalidChangeBatch", "is not permitted in zone example.com."},
	} {
		_, err := r.Route53.ChangeResourceRecordSets(t.Context(), &route53.ChangeResourceRecordSetsInput{HostedZoneId: &zone, ChangeBatch: &types.ChangeBatch{Changes: []types.Change{{Action: c.action, ResourceRecordSet: c.set}}}})
		if c.code == "" {
			if err != nil {
				t.Errorf("change %d: %v", i, err)
			}
			continue
		}
		batch := new(types.InvalidChangeBatch)
		if !asError(err, &batch) || !contains(batch.Messages[0], c.says) {
			t.Errorf("change %d: %v, want %s", i, err, c.says)
		}
	}
	want := []Record{{"example.com.", "A", []string{"d1.cloudfront.net"}, true}, {"example.com.", "AAAA", []string{"d1.cloudfront.net"}, true}, {"old.example.com.", "CNAME", []string{"elsewhere.example.net"}, false}}
	if got := r.Records(zone); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	from := must[*route53.ListResourceRecordSetsOutput](t)(r.Route53.ListResourceRecordSets(t.Context(), &route53.ListResourceRecordSetsInput{HostedZoneId: &zone, StartRecordName: aws.String("old.example.com"), StartRecordType: "CNAME"}))
	if len(from.ResourceRecordSets) != 1 || *from.ResourceRecordSets[0].ResourceRecords[0].Value != "elsewhere.example.net" {
		t.Errorf("%+v", from.ResourceRecordSets)
	}
	all := must[*route53.ListResourceRecordSetsOutput](t)(r.Route53.ListResourceRecordSets(t.Context(), &route53.ListResourceRecordSetsInput{HostedZoneId: &zone, MaxItems: aws.Int32(2)}))
	if len(all.ResourceRecordSets) != 2 || !all.IsTruncated || all.NextRecordType != "NS" || *all.ResourceRecordSets[0].AliasTarget.HostedZoneId != cloudFrontZone {
		t.Errorf("%+v", all)
	}
	_, err := r.Route53.ListResourceRecordSets(t.Context(), &route53.ListResourceRecordSetsInput{HostedZoneId: aws.String("Z1")})
	refused(t, err, "NoSuchHostedZone", "")
	_, err = r.Route53.GetChange(t.Context(), &route53.GetChangeInput{Id: aws.String("C1")})
	refused(t, err, "NoSuchChange", "")
}
