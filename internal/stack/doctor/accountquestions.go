package doctor

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"photofit/internal/stack/account"
	"photofit/internal/stack/deploy"
)

func (p *patient) credentials(ctx context.Context) (string, error) {
	a, err := p.Account(ctx)
	if err != nil {
		return "", err
	}
	p.account = a
	p.deployer, err = deploy.New(deploy.Config{Account: a, Name: p.Stack, Resolver: p.Resolver, ArtifactBucket: p.Artifact})
	if err != nil {
		p.account = nil
		return "", err
	}
	p.Resolver, p.Artifact = p.deployer.Resolver, p.deployer.ArtifactBucket
	if p.CAA == nil {
		p.CAA = LookupCAA
	}
	detail := "account " + a.ID + ", as " + a.Arn
	if strings.HasSuffix(a.Arn, ":root") {
		return "", illf("Make a user or a role in IAM for it: the root user may do anything, closing the account too", "%s, the root user", detail)
	}
	return detail, nil
}

func (p *patient) region(context.Context) (string, error) {
	if err := deploy.CheckRegion(p.account.Region); err != nil {
		return "", err
	}
	return p.account.Region, nil
}

// fewConcurrent is how many requests at a time are too few for a page of photos
// that nobody has seen yet. New accounts may have 10.
const fewConcurrent = 50

func (p *patient) concurrency(ctx context.Context) (string, error) {
	out, err := p.account.Lambda.GetAccountSettings(ctx, &lambda.GetAccountSettingsInput{})
	if err != nil {
		return "", account.Explain("asking for Lambda's limits", err)
	}
	if out.AccountLimit == nil {
		return "", errSkip("Lambda tells no limits")
	}
	limit := int(out.AccountLimit.ConcurrentExecutions)
	if limit < fewConcurrent {
		return "", illf("Ask for more: aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000 --region "+p.account.Region,
			"Lambda runs %d requests at a time in this account; the first view of a page with more photos gets errors for the others", limit)
	}
	if free := out.AccountLimit.UnreservedConcurrentExecutions; free != nil && int(*free) < fewConcurrent {
		return "", illf("Reserve less for other functions, or ask for a higher quota", "Lambda may run %d requests at a time, but all but %d are reserved for other functions", limit, *free)
	}
	return fmt.Sprintf("%d requests at a time", limit), nil
}

// maxCachePolicies is CloudFront's quota of an account.
const maxCachePolicies = 20

func (p *patient) cachePolicies(ctx context.Context) (string, error) {
	n := 0
	in := &cloudfront.ListCachePoliciesInput{Type: types.CachePolicyTypeCustom}
	for {
		out, err := p.account.CloudFront.ListCachePolicies(ctx, in)
		if err != nil {
			return "", account.Explain("counting CloudFront's cache policies", err)
		}
		if out.CachePolicyList == nil {
			break
		}
		n += len(out.CachePolicyList.Items)
		if in.Marker = out.CachePolicyList.NextMarker; aws.ToString(in.Marker) == "" {
			break
		}
	}
	if n >= maxCachePolicies && p.stack == nil {
		return "", illf("Remove one that nothing uses (CloudFront console, Policies), or ask for a higher quota", "%d cache policies, and the quota is %d: another stack finds no room", n, maxCachePolicies)
	}
	return fmt.Sprintf("%d of %d", n, maxCachePolicies), nil
}

func (p *patient) artifacts(ctx context.Context) (string, error) {
	_, err := p.account.S3.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: &p.Artifact, ExpectedBucketOwner: &p.account.ID})
	switch account.Status(err) {
	case 0:
		if err != nil {
			return "", account.Explain("looking at the bucket "+p.Artifact, err)
		}
		return p.Artifact, nil
	case http.StatusNotFound:
		return "none yet; deploy makes " + p.Artifact, nil
	case http.StatusForbidden:
		return "", illf("Name a bucket of your own by --artifacts", "%s is another account's, or may not be asked for", p.Artifact)
	}
	return "", account.Explain("looking at the bucket "+p.Artifact, err)
}

func (p *patient) standing(ctx context.Context) (string, error) {
	s, err := p.deployer.Find(ctx)
	if err != nil {
		return "", err
	}
	if s == nil {
		return "none yet; photofit deploy makes one", nil
	}
	p.stack = s
	switch {
	case s.Status == "ROLLBACK_COMPLETE", s.Status == "CREATE_FAILED", s.Status == "DELETE_FAILED", s.Status == "ROLLBACK_FAILED":
		return "", illf("Run photofit deploy: it clears away what is left and begins anew", "%s is %s: %s", s.Name, s.Status, orNone(s.Reason))
	case s.Status == "UPDATE_ROLLBACK_FAILED":
		return "", illf("Run photofit deploy: it goes on with taking the last change back", "%s is %s: %s", s.Name, s.Status, orNone(s.Reason))
	case strings.HasSuffix(s.Status, "_IN_PROGRESS"):
		return "", illf("Wait, or run photofit deploy, which follows it", "%s is at work (%s)", s.Name, s.Status)
	}
	return s.Name + " is " + s.Status, nil
}

func orNone(reason string) string {
	if reason == "" {
		return "AWS gives no reason"
	}
	return reason
}
