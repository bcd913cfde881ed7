package deploy

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"photofit/internal/check"
)

// LeadsTo tells whether DNS leads from a name to a distribution: by a CNAME, or to the same
// addresses.
func (d *Deployer) LeadsTo(ctx context.Context, name, domain string) bool {
	name = check.HostOf(name)
	if cname, err := d.Resolver.LookupCNAME(ctx, name); err == nil && strings.EqualFold(strings.TrimSuffix(cname, "."), domain) {
		return true
	}
	a, err := d.Resolver.LookupHost(ctx, name)
	if err != nil {
		return false
	}
	b, err := d.Resolver.LookupHost(ctx, domain)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(a, func(address string) bool { return slices.Contains(b, address) })
}

// pending tells what is left to the owner of the DNS, and what DNS says now.
func (d *Deployer) pending(ctx context.Context, p *Plan) (*Pending, error) {
	c := p.Certificate
	if c == nil {
		return nil, nil
	}
	left := &Pending{}
	switch c.Status {
	case "ISSUED":
		for _, alias := range p.Aliases {
			if slices.ContainsFunc(p.Records, func(r Record) bool { return r.Type == "ALIAS" && r.Name == alias }) {
				continue
			}
			if !d.LeadsTo(ctx, alias, d.stack.Outputs.DomainName) {
				left.Records = append(left.Records, d.asked(ctx, Record{Name: alias, Type: kindOf(alias), Value: d.stack.Outputs.DomainName, For: alias}))
			}
		}
	case "PENDING_VALIDATION":
		left.Certificate = "The certificate waits for the records below; run this again when they are there"
		for _, proof := range c.Proofs {
			if zoneOf(p.zones, proof.Name) != "" {
				continue // it is there, or on its way into DNS
			}
			if r := d.asked(ctx, proof); r.Now != r.Value {
				left.Records = append(left.Records, r)
			}
		}
		if len(left.Records) == 0 {
			left.Certificate = "The certificate's records are in DNS; Amazon looks at them within half an hour. Run this again then"
		}
	default:
		left.Certificate = fmt.Sprintf("The certificate %s is %s: %s. Remove it (aws acm delete-certificate --region us-east-1 --certificate-arn %s) and run this again", c.Arn, c.Status, c.Why, c.Arn)
	}
	if left.Certificate == "" && len(left.Records) == 0 {
		return nil, nil
	}
	return left, nil
}

// asked fills in what DNS says in place of a record.
func (d *Deployer) asked(ctx context.Context, r Record) Record {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	name := check.HostOf(r.Name)
	cname, err := d.Resolver.LookupCNAME(ctx, name)
	if cname = strings.TrimSuffix(cname, "."); err == nil && !strings.EqualFold(cname, name) {
		r.Now = cname
		return r
	}
	if addresses, err := d.Resolver.LookupHost(ctx, name); err == nil {
		r.Now = strings.Join(addresses, ", ")
		return r
	}
	var missing *net.DNSError
	if err != nil && (!errors.As(err, &missing) || !missing.IsNotFound) {
		r.Now = "not known: DNS does not answer"
		return r
	}
	// Many forms for DNS records add the domain by themselves.
	if domain := domainOf(r.For); domain != "" {
		if cname, err := d.Resolver.LookupCNAME(ctx, r.Name+"."+domain); err == nil && !strings.EqualFold(strings.TrimSuffix(cname, "."), r.Name+"."+domain) {
			r.Now = "nothing, but there is " + r.Name + "." + domain + ": the form added the domain by itself, so leave it out there"
		}
	}
	return r
}

// kindOf is the kind of record that leads a name to a site: at the top of a domain no CNAME may be (RFC
// 1034, 3.6.2).
func kindOf(name string) string {
	if domainOf(name) == name {
		return "ALIAS"
	}
	return "CNAME"
}

// domainOf is what a name's last two labels are, which is its domain for most.
func domainOf(name string) string {
	labels := strings.Split(name, ".")
	if len(labels) < 2 {
		return ""
	}
	return strings.Join(labels[len(labels)-2:], ".")
}
