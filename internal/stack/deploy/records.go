package deploy

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"

	"photofit/internal/stack/account"
)

// Record is a DNS record.
type Record struct {
	Name  string `json:"name"`           // without a dot at its end
	Type  string `json:"type"`           // CNAME, or ALIAS for Route 53's own kind of A and AAAA
	Value string `json:"value"`          // without a dot at its end
	For   string `json:"for,omitempty"`  // the name that it is about
	Zone  string `json:"zone,omitempty"` // the id of the zone in Route 53 where it is added; empty: it isn't
	Now   string `json:"now,omitempty"`  // what DNS says in its place; empty: nothing, or it was not asked
}

func (r Record) same(o Record) bool {
	return r.Name == o.Name && r.Type == o.Type && r.Value == o.Value
}

// cloudFrontZone is the zone of all distributions' names.
// https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html
const cloudFrontZone = "Z2FDTNDATAQYW2"

// zones are the public zones that Route 53 has in the account, by domain.
func (d *Deployer) zones(ctx context.Context) (map[string]string, error) {
	zones := map[string]string{}
	pages := route53.NewListHostedZonesPaginator(d.Account.Route53, &route53.ListHostedZonesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, account.Explain("looking for the domains' zones in Route 53", err)
		}
		for _, zone := range page.HostedZones {
			if zone.Config == nil || !zone.Config.PrivateZone {
				zones[strings.TrimSuffix(aws.ToString(zone.Name), ".")] = strings.TrimPrefix(aws.ToString(zone.Id), "/hostedzone/")
			}
		}
	}
	return zones, nil
}

// zoneOf is the closest zone that a name lies in.
func zoneOf(zones map[string]string, name string) string {
	for {
		if id, ok := zones[name]; ok {
			return id
		}
		_, parent, found := strings.Cut(name, ".")
		if !found {
			return ""
		}
		name = parent
	}
}

// planRecords finds the DNS records that can be added in Route 53: the certificate's proofs,
// and the names themselves. Where the account's credentials may not look at
// Route 53, the records are told like those of a zone that is elsewhere.
func (d *Deployer) planRecords(ctx context.Context, p *Plan) error {
	if p.Certificate == nil || d.settled(ctx, p) {
		return nil
	}
	zones, err := d.zones(ctx)
	if err != nil {
		var refused *account.Error
		if errors.As(err, &refused) && account.Status(err) != 0 {
			return nil
		}
		return err
	}
	p.zones = zones
	c := p.Certificate
	for _, alias := range p.Aliases {
		if zoneOf(zones, alias) != "" {
			c.Route53 = append(c.Route53, alias)
		}
	}
	if c.Status == "PENDING_VALIDATION" {
		for _, proof := range c.Proofs {
			if err := d.planRecord(ctx, p, proof); err != nil {
				return err
			}
		}
	}
	if c.Status != "ISSUED" && len(c.Route53) < len(p.Aliases) {
		return nil // it takes somebody to add the other proofs first
	}
	domain := ""
	if d.stack != nil {
		domain = d.stack.Outputs.DomainName
	}
	for _, alias := range p.Aliases {
		if err := d.planRecord(ctx, p, Record{Name: alias, Type: "ALIAS", Value: domain, For: alias}); err != nil {
			return err
		}
	}
	return nil
}

// planRecord has a record added, if its zone is there and lacks it.
func (d *Deployer) planRecord(ctx context.Context, p *Plan, r Record) error {
	if r.Zone = zoneOf(p.zones, r.Name); r.Zone == "" {
		return nil
	}
	there, err := d.inZone(ctx, r)
	if err == nil && !there {
		p.Records = append(p.Records, r)
	}
	return err
}

// settled tells whether all names lead to the site already, so that there is nothing to look for.
func (d *Deployer) settled(ctx context.Context, p *Plan) bool {
	if p.Certificate.Status != "ISSUED" || d.stack == nil || d.stack.Outputs.DomainName == "" || len(p.Changes) > 0 {
		return false
	}
	for _, alias := range p.Aliases {
		if !d.LeadsTo(ctx, alias, d.stack.Outputs.DomainName) {
			return false
		}
	}
	return true
}

// inZone tells whether a zone has a record. One that leads elsewhere is an error of the user's to
// decide on: it may be a site that is in use.
func (d *Deployer) inZone(ctx context.Context, r Record) (bool, error) {
	out, err := d.Account.Route53.ListResourceRecordSets(ctx, &route53.ListResourceRecordSetsInput{
		HostedZoneId: &r.Zone, StartRecordName: aws.String(r.Name + "."), MaxItems: aws.Int32(20),
	})
	if err != nil {
		return false, account.Explain("reading the records of "+r.Name+" in Route 53", err)
	}
	there := false
	for _, set := range out.ResourceRecordSets {
		if unescaped(aws.ToString(set.Name)) != r.Name {
			continue
		}
		var leads []string
		for _, record := range set.ResourceRecords {
			leads = append(leads, strings.TrimSuffix(aws.ToString(record.Value), "."))
		}
		if set.AliasTarget != nil {
			leads = append(leads, strings.TrimSuffix(aws.ToString(set.AliasTarget.DNSName), "."))
		}
		switch {
		case set.Type != types.RRTypeCname && set.Type != types.RRTypeA && set.Type != types.RRTypeAaaa:
		case r.Value != "" && slices.ContainsFunc(leads, func(s string) bool { return strings.EqualFold(s, r.Value) }):
			there = true
		default:
			return false, fmt.Errorf("there is a record %s %s in Route 53 that leads to %s: remove it if %s shall lead to the photos, and run this again", r.Name, set.Type, strings.Join(leads, ", "), r.Name)
		}
	}
	return there, nil
}

// unescaped is a name as Route 53 lists it, without the dot at its end, and with * for \052.
func unescaped(name string) string {
	return strings.TrimSuffix(strings.ReplaceAll(name, `\052`, "*"), ".")
}

// addRecords adds records to their zones, each zone's in one go.
func (d *Deployer) addRecords(ctx context.Context, records []Record) error {
	byZone := map[string][]types.Change{}
	for _, r := range records {
		if r.Type != "ALIAS" {
			byZone[r.Zone] = append(byZone[r.Zone], types.Change{Action: types.ChangeActionUpsert, ResourceRecordSet: &types.ResourceRecordSet{
				Name: aws.String(r.Name + "."), Type: types.RRType(r.Type), TTL: aws.Int64(300), ResourceRecords: []types.ResourceRecord{{Value: aws.String(r.Value + ".")}},
			}})
			continue
		}
		for _, kind := range []types.RRType{types.RRTypeA, types.RRTypeAaaa} {
			byZone[r.Zone] = append(byZone[r.Zone], types.Change{Action: types.ChangeActionUpsert, ResourceRecordSet: &types.ResourceRecordSet{
				Name: aws.String(r.Name + "."), Type: kind,
				AliasTarget: &types.AliasTarget{DNSName: aws.String(r.Value + "."), HostedZoneId: aws.String(cloudFrontZone)},
			}})
		}
	}
	for zone, changes := range byZone {
		_, err := d.Account.Route53.ChangeResourceRecordSets(ctx, &route53.ChangeResourceRecordSetsInput{
			HostedZoneId: &zone, ChangeBatch: &types.ChangeBatch{Comment: aws.String("Photofit, stack " + d.Name), Changes: changes},
		})
		if err != nil {
			return account.Explain("adding records in Route 53", err)
		}
	}
	return nil
}

// proveInRoute53 adds the certificate's proofs where the zone is the account's. With a new certificate they are
// known only now; that it was to be proved there was in the plan.
func (d *Deployer) proveInRoute53(ctx context.Context, p *Plan) error {
	var add []Record
	for _, r := range p.Records {
		if r.Type != "ALIAS" {
			add = append(add, r)
		}
	}
	if p.Certificate.Request {
		for _, proof := range p.Certificate.Proofs {
			if proof.Zone = zoneOf(p.zones, proof.Name); proof.Zone != "" {
				add = append(add, proof)
				p.Records = append(p.Records, proof)
			}
		}
	}
	if len(add) == 0 {
		return nil
	}
	if err := d.addRecords(ctx, add); err != nil {
		return err
	}
	d.sayf("The certificate's records are in Route 53")
	return nil
}

// unpoint takes away the records in Route 53 that lead names to the distribution, which were
// added when it got them: they would lead nowhere, or to whoever gets its name next. It gives the names of which it
// did so.
func (d *Deployer) unpoint(ctx context.Context, names []string, domain string) ([]string, error) {
	zones, err := d.zones(ctx)
	if err != nil {
		return nil, err
	}
	var gone []string
	for _, name := range names {
		zone := zoneOf(zones, name)
		if zone == "" {
			continue
		}
		out, err := d.Account.Route53.ListResourceRecordSets(ctx, &route53.ListResourceRecordSetsInput{HostedZoneId: &zone, StartRecordName: aws.String(name + "."), MaxItems: aws.Int32(20)})
		if err != nil {
			return gone, account.Explain("reading the records of "+name+" in Route 53", err)
		}
		var changes []types.Change
		for _, set := range out.ResourceRecordSets {
			if unescaped(aws.ToString(set.Name)) == name && set.AliasTarget != nil && strings.EqualFold(strings.TrimSuffix(aws.ToString(set.AliasTarget.DNSName), "."), domain) {
				changes = append(changes, types.Change{Action: types.ChangeActionDelete, ResourceRecordSet: &set})
			}
		}
		if len(changes) == 0 {
			continue
		}
		_, err = d.Account.Route53.ChangeResourceRecordSets(ctx, &route53.ChangeResourceRecordSetsInput{
			HostedZoneId: &zone, ChangeBatch: &types.ChangeBatch{Comment: aws.String("Photofit, stack " + d.Name), Changes: changes},
		})
		if err != nil {
			return gone, account.Explain("removing the records of "+name+" from Route 53", err)
		}
		gone = append(gone, name)
		d.sayf("%s leads nowhere any more", name)
	}
	return gone, nil
}

// point adds the records of the site's names themselves, once the site has them.
func (d *Deployer) point(ctx context.Context, p *Plan) error {
	if p.Certificate == nil || p.Certificate.Status != "ISSUED" {
		return nil
	}
	var add []Record
	for i := range p.Records {
		if r := &p.Records[i]; r.Type == "ALIAS" {
			r.Value = d.stack.Outputs.DomainName
			add = append(add, *r)
		}
	}
	if len(add) == 0 {
		return nil
	}
	if err := d.addRecords(ctx, add); err != nil {
		return err
	}
	for _, r := range add {
		d.sayf("%s leads to the site", r.Name)
	}
	return nil
}
