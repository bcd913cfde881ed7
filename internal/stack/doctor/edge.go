package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	cftypes "github.com/aws/aws-sdk-go-v2/service/cloudfront/types"

	"photofit/internal/stack/account"
	"photofit/internal/stack/deploy"
)

func (p *patient) distribution(ctx context.Context) (string, error) {
	id := p.stack.Outputs.DistributionID
	out, err := p.account.CloudFront.GetDistribution(ctx, &cloudfront.GetDistributionInput{Id: &id})
	if account.Code(err) == "NoSuchDistribution" {
		return "", illf("photofit destroy, then photofit deploy: the photos stay", "the distribution %s is gone", id)
	}
	if err != nil {
		return "", account.Explain("looking at the distribution "+id, err)
	}
	is := out.Distribution
	if is == nil || is.DistributionConfig == nil {
		return "", errSkip("CloudFront tells nothing of it")
	}
	switch {
	case !aws.ToBool(is.DistributionConfig.Enabled):
		return "", illf(again, "the distribution %s is switched off", id)
	case aws.ToString(is.Status) != "Deployed":
		return id + ", a change is on its way to the edges", nil
	}
	return id + ", on", nil
}

func (p *patient) edgeFunction(ctx context.Context) (string, error) {
	name := p.stack.Name + "-" + p.account.Region
	is, err := p.account.CloudFront.DescribeFunction(ctx, &cloudfront.DescribeFunctionInput{Name: &name, Stage: cftypes.FunctionStageLive})
	if account.Code(err) == "NoSuchFunctionExists" {
		return "", illf(again, "the edge function %s is not published: requests are not rewritten, and find nothing", name)
	}
	if err != nil {
		return "", account.Explain("looking at the edge function "+name, err)
	}
	runtime := ""
	if is.FunctionSummary != nil && is.FunctionSummary.FunctionConfig != nil {
		runtime = string(is.FunctionSummary.FunctionConfig.Runtime)
	}
	return strings.TrimSuffix(name+", "+runtime, ", "), nil
}

// aliases are the site's own names.
func (p *patient) aliases() []string {
	if p.stack.Parameters["Aliases"] == "" {
		return nil
	}
	return strings.Split(p.stack.Parameters["Aliases"], ",")
}

// soon is how long before a certificate ends it should have been renewed: ACM begins 60 days before.
const soon = 20 * 24 * time.Hour

func (p *patient) certificate(ctx context.Context) (string, error) {
	arn := p.stack.Parameters["CertificateArn"]
	waiting, err := p.deployer.Waiting(ctx)
	if err != nil {
		return "", err
	}
	if len(waiting) > 0 {
		return "", illf("Run photofit deploy: it tells which DNS records are missing, and goes on when they are there", "the certificate for %s is %s", strings.Join(waiting[0].Names, ", "), waiting[0].Status)
	}
	if arn == "" {
		return "", errSkip("the site has no names of its own")
	}
	out, err := p.account.Certificates.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: &arn})
	if account.Code(err) == "ResourceNotFoundException" {
		return "", illf("Run photofit deploy with the site's names by --alias: another is requested", "the certificate %s is gone", arn)
	}
	if err != nil {
		return "", account.Explain("reading the certificate", err)
	}
	is := out.Certificate
	ends := aws.ToTime(is.NotAfter)
	switch {
	case is.Status != types.CertificateStatusIssued:
		return "", illf("Run photofit deploy with the site's names by --alias: another is requested", "the certificate is %s", is.Status)
	case !ends.IsZero() && time.Until(ends) < soon:
		return "", illf("Its DNS records have to stay where they are: aws acm describe-certificate --region us-east-1 --certificate-arn "+arn+" tells them", "the certificate ends on %s and was not renewed", ends.Format("2 Jan 2006"))
	}
	for _, alias := range p.aliases() {
		if !slices.ContainsFunc(is.SubjectAlternativeNames, func(name string) bool { return deploy.Covers(name, alias) }) {
			return "", illf("Run photofit deploy with all names by --alias: another certificate is requested", "the certificate has no %s, but %s", alias, strings.Join(is.SubjectAlternativeNames, ", "))
		}
	}
	detail := "issued for " + strings.Join(is.SubjectAlternativeNames, ", ")
	if !ends.IsZero() {
		detail += ", until " + ends.Format("2 Jan 2006")
	}
	return detail, nil
}

func (p *patient) dns(ctx context.Context) (string, error) {
	if len(p.aliases()) == 0 {
		return "", errSkip("the site has no names of its own")
	}
	to := p.stack.Outputs.DomainName
	for _, alias := range p.aliases() {
		if !p.deployer.LeadsTo(ctx, alias, to) {
			return "", illf("Add the DNS record "+alias+" CNAME "+to+" (at the top of a domain, where no CNAME may be, the kind that your DNS calls ALIAS or ANAME)", "%s does not lead to %s", alias, to)
		}
	}
	return fmt.Sprintf("%s lead to the site", strings.Join(p.aliases(), ", ")), nil
}
