package deploy

import (
	"context"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"

	"photofit/internal/stack/account"
)

// namesKey marks a certificate whose names a stack is to have as soon as it is issued:
// its value is "wanted" then, and "done" afterwards. So a run without --alias knows what an earlier
// one has asked for.
const namesKey = "photofit-names"

// recent is how old a certificate can be that is still waited for: ACM gives up on its proofs after 72
// hours.
const recent = 7 * 24 * time.Hour

// Waiting are the certificates that were requested for the stack and that it does not have yet, the newest first:
// also those that have failed meanwhile, or whose records nobody has added.
func (d *Deployer) Waiting(ctx context.Context) ([]Issued, error) {
	var found []Issued
	made := map[string]time.Time{}
	pages := acm.NewListCertificatesPaginator(d.Account.Certificates, &acm.ListCertificatesInput{
		CertificateStatuses: []types.CertificateStatus{types.CertificateStatusIssued, types.CertificateStatusPendingValidation, types.CertificateStatusFailed, types.CertificateStatusValidationTimedOut},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, account.Explain("looking for a certificate in us-east-1", err)
		}
		for _, summary := range page.CertificateSummaryList {
			arn := aws.ToString(summary.CertificateArn)
			if created := aws.ToTime(summary.CreatedAt); time.Since(created) > recent || d.stack != nil && d.stack.Parameters["CertificateArn"] == arn {
				continue
			}
			tags, err := d.Account.Certificates.ListTagsForCertificate(ctx, &acm.ListTagsForCertificateInput{CertificateArn: &arn})
			if account.Code(err) == "ResourceNotFoundException" {
				continue
			}
			if err != nil {
				return nil, account.Explain("looking whose the certificate "+arn+" is", err)
			}
			has := func(key, value string) bool {
				return slices.ContainsFunc(tags.Tags, func(t types.Tag) bool { return aws.ToString(t.Key) == key && aws.ToString(t.Value) == value })
			}
			if !has(tagKey, d.Name) || !has(namesKey, "wanted") {
				continue
			}
			is, err := d.issued(ctx, arn)
			if err != nil {
				return nil, err
			}
			found = append(found, *is)
			made[arn] = aws.ToTime(summary.CreatedAt)
		}
	}
	slices.SortStableFunc(found, func(a, b Issued) int { return made[b.Arn].Compare(made[a.Arn]) })
	return found, nil
}

// settleCertificates marks the certificate that the stack has now, and those that are not
// wanted any more.
func (d *Deployer) settleCertificates(ctx context.Context, p *Plan) error {
	done := slices.Clone(p.Drop)
	if c := p.Certificate; c != nil && c.Arn != "" && d.stack.Parameters["CertificateArn"] == c.Arn && (c.Request || slices.Contains(p.waiting, c.Arn)) {
		done = append(done, c.Arn)
	}
	for _, arn := range done {
		_, err := d.Account.Certificates.AddTagsToCertificate(ctx, &acm.AddTagsToCertificateInput{CertificateArn: &arn, Tags: []types.Tag{{Key: aws.String(namesKey), Value: aws.String("done")}}})
		if err != nil {
			return account.Explain("marking the certificate "+arn, err)
		}
	}
	return nil
}
