package deploy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"

	"photofit/internal/stack/account"
)

// Certificate is the one for the site's own names, in us-east-1.
type Certificate struct {
	Arn     string   `json:"arn,omitempty"`   // empty: it is still to be requested
	Status  string   `json:"status"`          // ISSUED, PENDING_VALIDATION, FAILED …; empty if it is to be requested
	Why     string   `json:"why,omitempty"`   // why it failed
	Request bool     `json:"request"`         // a new one is to be requested
	After   string   `json:"after,omitempty"` // the ARN of one that failed, after which it is requested
	Proofs  []Record `json:"proofs"`          // the DNS records by which ACM sees whose the names are, that it has not seen yet
	Route53 []string `json:"route53"`         // the names whose zones are in the account's Route 53, where the proofs are added
}

// planCertificate decides on the site's names and finds the certificate for them:
// an issued one that has them all, one that waits, or none.
func (d *Deployer) planCertificate(ctx context.Context, p *Plan) error {
	names := d.Aliases
	if had := d.had("Aliases"); names == nil && had != "" {
		names = strings.Split(had, ",")
	}
	waiting, err := d.Waiting(ctx)
	if err != nil {
		return err
	}
	for i, w := range waiting {
		p.waiting = append(p.waiting, w.Arn)
		if d.Aliases == nil {
			if i == 0 { // the last run asked for these
				names = w.Names
			}
			continue
		}
		if !coversAll(w.Names, d.Aliases) || len(d.Aliases) == 0 {
			p.Drop = append(p.Drop, w.Arn)
		}
	}
	for _, w := range waiting {
		if gaveUp(w.Status) && !slices.Contains(p.Drop, w.Arn) {
			p.Drop = append(p.Drop, w.Arn) // another one is requested
		}
	}
	if len(names) == 0 {
		return nil
	}
	if had := d.had("Aliases"); slices.Equal(sorted(strings.Split(had, ",")), sorted(names)) {
		names = strings.Split(had, ",") // in another order they are the same
	}
	p.Aliases = names
	// The one that is in use stays, if it will do.
	if d.stack != nil {
		if arn := d.stack.Parameters["CertificateArn"]; arn != "" {
			c, has, err := d.readCertificate(ctx, arn)
			if err != nil {
				return err
			}
			if c != nil && c.Status == "ISSUED" && coversAll(has, names) {
				p.Certificate = c
				return nil
			}
		}
	}
	c, err := d.findCertificate(ctx, names)
	if err != nil {
		return err
	}
	if c == nil || gaveUp(c.Status) {
		again := &Certificate{Request: true}
		if c != nil {
			again.Why, again.After = "the last one failed: "+c.Why, c.Arn
		}
		c = again
	}
	p.Certificate = c
	return nil
}

// gaveUp tells whether nothing will come of a certificate any more.
func gaveUp(status string) bool {
	return status == string(types.CertificateStatusFailed) || status == string(types.CertificateStatusValidationTimedOut)
}

// findCertificate looks for a certificate for all names: an issued one, else one that
// waits for its DNS records, else one that failed. Nil: there is none of these.
func (d *Deployer) findCertificate(ctx context.Context, names []string) (*Certificate, error) {
	var waiting, failed *Certificate
	pages := acm.NewListCertificatesPaginator(d.Account.Certificates, &acm.ListCertificatesInput{
		CertificateStatuses: []types.CertificateStatus{types.CertificateStatusIssued, types.CertificateStatusPendingValidation, types.CertificateStatusFailed, types.CertificateStatusValidationTimedOut},
		Includes:            &types.Filters{KeyTypes: []types.KeyAlgorithm{types.KeyAlgorithmRsa2048, types.KeyAlgorithmEcPrime256v1}}, // what CloudFront takes
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, account.Explain("looking for a certificate in us-east-1", err)
		}
		for _, summary := range page.CertificateSummaryList {
			more := aws.ToBool(summary.HasAdditionalSubjectAlternativeNames)
			if !more && !coversAll(append(summary.SubjectAlternativeNameSummaries, aws.ToString(summary.DomainName)), names) {
				continue
			}
			c, has, err := d.readCertificate(ctx, aws.ToString(summary.CertificateArn))
			if err != nil {
				return nil, err
			}
			switch {
			case c == nil || !coversAll(has, names):
			case c.Status == "ISSUED":
				return c, nil
			case c.Status == "PENDING_VALIDATION" && !coversAll(names, has):
				// It waits for proofs of names that nobody wants.
			case c.Status == "PENDING_VALIDATION" && waiting == nil:
				waiting = c
			case gaveUp(c.Status):
				failed = c
			}
		}
	}
	if waiting == nil {
		waiting = failed
	}
	return waiting, nil
}

// readCertificate gives a certificate and its names; nil if there is none, or if it has
// expired.
func (d *Deployer) readCertificate(ctx context.Context, arn string) (*Certificate, []string, error) {
	out, err := d.Account.Certificates.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: &arn})
	if account.Code(err) == "ResourceNotFoundException" {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, account.Explain("reading the certificate "+arn, err)
	}
	is := out.Certificate
	if is.NotAfter != nil && is.NotAfter.Before(time.Now()) {
		return nil, nil, nil
	}
	c := &Certificate{Arn: arn, Status: string(is.Status), Proofs: []Record{}}
	switch is.Status {
	case types.CertificateStatusFailed:
		c.Why = failureOf(is.FailureReason)
	case types.CertificateStatusValidationTimedOut:
		c.Why = "its DNS records were not there for three days"
	}
	for _, v := range is.DomainValidationOptions {
		if v.ResourceRecord == nil || v.ValidationStatus == types.DomainStatusSuccess {
			continue
		}
		r := Record{Name: strings.TrimSuffix(aws.ToString(v.ResourceRecord.Name), "."), Type: string(v.ResourceRecord.Type), Value: strings.TrimSuffix(aws.ToString(v.ResourceRecord.Value), "."), For: aws.ToString(v.DomainName)}
		if !slices.ContainsFunc(c.Proofs, func(o Record) bool { return o.Name == r.Name }) { // a wildcard and its domain share one
			c.Proofs = append(c.Proofs, r)
		}
	}
	return c, is.SubjectAlternativeNames, nil
}

// failureOf says why ACM did not issue a certificate, and what to do.
// https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-failed.html
func failureOf(reason types.FailureReason) string {
	switch reason {
	case types.FailureReasonCaaError:
		return "a CAA record of the domain, or of one above it, does not let Amazon issue certificates: add the CAA record 0 issue \"amazon.com\" there"
	case types.FailureReasonAdditionalVerificationRequired:
		return "Amazon wants to look at the domain first, as it is a well-known one: open a case with AWS Support"
	case types.FailureReasonInvalidPublicDomain:
		return "one of the names is under no public domain: check its spelling"
	case types.FailureReasonDomainNotAllowed:
		return "Amazon takes one of the domains for unsafe: ask AWS Support"
	case "":
		return "ACM gives no reason"
	}
	return "ACM says " + string(reason)
}

// requestCertificate requests the certificate that the plan says, and adds the records
// that prove whose the names are, where Route 53 has their zone.
func (d *Deployer) requestCertificate(ctx context.Context, p *Plan) error {
	c := p.Certificate
	if c == nil {
		return nil
	}
	if c.Request {
		names := sorted(p.Aliases)
		hash := sha256.Sum256([]byte(d.Name + " " + strings.Join(names, ",") + " " + c.After)) // the same token would give the one that failed
		in := &acm.RequestCertificateInput{
			DomainName:       &names[0],
			ValidationMethod: types.ValidationMethodDns,
			IdempotencyToken: aws.String(hex.EncodeToString(hash[:])[:32]), // an interrupted run doesn't request two
			Tags:             []types.Tag{{Key: aws.String(tagKey), Value: &d.Name}, {Key: aws.String(namesKey), Value: aws.String("wanted")}},
		}
		if len(names) > 1 {
			in.SubjectAlternativeNames = names
		}
		out, err := d.Account.Certificates.RequestCertificate(ctx, in)
		if err != nil {
			return account.Explain("requesting a certificate for "+strings.Join(names, ", "), err)
		}
		c.Arn, c.Status = aws.ToString(out.CertificateArn), "PENDING_VALIDATION"
		d.sayf("A certificate for %s is requested", strings.Join(names, ", "))
	}
	if c.Status != "PENDING_VALIDATION" {
		return nil
	}
	if err := d.awaitProofs(ctx, p); err != nil {
		return err
	}
	return d.proveInRoute53(ctx, p)
}

// take takes over what ACM says now. Why the one before failed is worth knowing as long as this
// one has not.
func (c *Certificate) take(now *Certificate) {
	c.Status, c.Proofs = now.Status, now.Proofs
	if now.Why != "" {
		c.Why = now.Why
	}
}

// awaitProofs waits until ACM says which records it wants to see, which takes it some
// seconds after the request.
func (d *Deployer) awaitProofs(ctx context.Context, p *Plan) error {
	for range 30 {
		c, _, err := d.readCertificate(ctx, p.Certificate.Arn)
		if err != nil {
			return err
		}
		if c != nil {
			p.Certificate.take(c)
			if c.Status != "PENDING_VALIDATION" || len(c.Proofs) > 0 {
				return nil
			}
		}
		if err := d.Wait(ctx, 2*time.Second); err != nil {
			return err
		}
	}
	return nil // they are told at the next run
}

// awaitCertificate looks whether the certificate is issued, and waits for it where its
// records were just added.
func (d *Deployer) awaitCertificate(ctx context.Context, p *Plan) error {
	const poll = 10 * time.Second
	for waited := time.Duration(0); ; waited += poll {
		c, _, err := d.readCertificate(ctx, p.Certificate.Arn)
		if err != nil {
			return err
		}
		if c == nil {
			return fmt.Errorf("the certificate %s is gone: run this again, and another is requested", p.Certificate.Arn)
		}
		p.Certificate.take(c)
		proved := !slices.ContainsFunc(c.Proofs, func(r Record) bool { return !slices.ContainsFunc(p.Records, r.same) })
		if c.Status != "PENDING_VALIDATION" || len(c.Proofs) == 0 || !proved || waited >= d.Patience {
			return nil
		}
		if waited == 0 {
			d.beginf("Waiting for the certificate: its records are in Route 53, and Amazon looks at them in a few minutes")
		}
		if err := d.Wait(ctx, poll); err != nil {
			return err
		}
	}
}
