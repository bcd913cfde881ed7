package awsfake

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/acm/types"
	cfn "github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	dns "github.com/aws/aws-sdk-go-v2/service/route53/types"
)

func (r rig) certificate(arn string) *types.CertificateDetail {
	r.t.Helper()
	return must[*acm.DescribeCertificateOutput](r.t)(r.Certificates.DescribeCertificate(r.t.Context(), &acm.DescribeCertificateInput{CertificateArn: &arn})).Certificate
}

// request asks for a certificate.
func (r rig) request(token string, names ...string) string {
	r.t.Helper()
	in := &acm.RequestCertificateInput{DomainName: &names[0], SubjectAlternativeNames: names[1:], ValidationMethod: types.ValidationMethodDns, Tags: []types.Tag{{Key: aws.String("photofit"), Value: aws.String("x")}}}
	if token != "" {
		in.IdempotencyToken = &token
	}
	return *must[*acm.RequestCertificateOutput](r.t)(r.Certificates.RequestCertificate(r.t.Context(), in)).CertificateArn
}

// TestCertificate is issued once its records are in DNS, elsewhere or in Route 53.
func TestCertificate(t *testing.T) {
	r := newRig(t, "eu-central-1")
	arn := r.request("token", "media.example.com", "media.example.org")
	if again := r.request("token", "media.example.com", "media.example.org"); again != arn {
		t.Error("the same token makes another")
	}
	if other := r.request("other", "media.example.com", "media.example.org"); other == arn {
		t.Error("another token makes the same")
	}
	if k := r.certificate(arn); k.Status != "PENDING_VALIDATION" || len(k.DomainValidationOptions) != 2 || k.DomainValidationOptions[0].ResourceRecord != nil {
		t.Errorf("at first %+v", k.DomainValidationOptions)
	}
	k := r.certificate(arn)
	if record := k.DomainValidationOptions[0].ResourceRecord; record == nil || record.Type != "CNAME" {
		t.Fatalf("then %+v", k.DomainValidationOptions[0])
	}
	r.PublishRecords("media.example.com")
	r.certificate(arn)
	if k := r.certificate(arn); k.Status != "PENDING_VALIDATION" {
		t.Errorf("with half of its records it is %s", k.Status)
	}
	zone := r.AddZone("example.org")
	record := k.DomainValidationOptions[1].ResourceRecord
	change := must[*route53.ChangeResourceRecordSetsOutput](t)(r.Route53.ChangeResourceRecordSets(t.Context(), &route53.ChangeResourceRecordSetsInput{HostedZoneId: aws.String("/hostedzone/" + zone), ChangeBatch: &dns.ChangeBatch{Changes: []dns.Change{{
		Action: dns.ChangeActionUpsert, ResourceRecordSet: &dns.ResourceRecordSet{Name: record.Name, Type: dns.RRTypeCname, TTL: aws.Int64(300), ResourceRecords: []dns.ResourceRecord{{Value: record.Value}}}}}}}))
	for _, want := range []dns.ChangeStatus{"PENDING", "INSYNC"} {
		if got := must[*route53.GetChangeOutput](t)(r.Route53.GetChange(t.Context(), &route53.GetChangeInput{Id: change.ChangeInfo.Id})).ChangeInfo.Status; got != want {
			t.Errorf("the change is %s, not %s", got, want)
		}
	}
	for _, want := range []types.CertificateStatus{"PENDING_VALIDATION", "ISSUED"} {
		if k := r.certificate(arn); k.Status != want || (want == "ISSUED") != (k.IssuedAt != nil) {
			t.Errorf("it is %s, not %s", k.Status, want)
		}
	}
	tags := must[*acm.ListTagsForCertificateOutput](t)(r.Certificates.ListTagsForCertificate(t.Context(), &acm.ListTagsForCertificateInput{CertificateArn: &arn})).Tags
	if len(tags) != 1 || *tags[0].Key != "photofit" {
		t.Errorf("%+v", tags)
	}
	must[*acm.AddTagsToCertificateOutput](t)(r.Certificates.AddTagsToCertificate(t.Context(), &acm.AddTagsToCertificateInput{CertificateArn: &arn, Tags: []types.Tag{{Key: aws.String("photofit"), Value: aws.String("y")}}}))
	if tags := must[*acm.ListTagsForCertificateOutput](t)(r.Certificates.ListTagsForCertificate(t.Context(), &acm.ListTagsForCertificateInput{CertificateArn: &arn})).Tags; len(tags) != 1 || *tags[0].Value != "y" {
		t.Errorf("%+v", tags)
	}

	// Records that are there before serve the next certificate; those of Route 53 spread by
	// themselves.
	again := r.request("", "media.example.com", "*.example.org")
	r.certificate(again)
	record = r.certificate(again).DomainValidationOptions[1].ResourceRecord
	r.AddRecord(zone, *record.Name, "CNAME", *record.Value)
	for i := range r.zones[0].records {
		r.zones[0].records[i].insync = false
	}
	for _, want := range []types.CertificateStatus{"PENDING_VALIDATION", "PENDING_VALIDATION", "ISSUED"} {
		if k := r.certificate(again); k.Status != want {
			t.Errorf("the next is %s, not %s", k.Status, want)
		}
	}
	third := r.request("", "media.example.com")
	for _, want := range []types.CertificateStatus{"PENDING_VALIDATION", "PENDING_VALIDATION", "ISSUED"} {
		if k := r.certificate(third); k.Status != want {
			t.Errorf("the third is %s, not %s", k.Status, want)
		}
	}

	failing := r.request("", "a.example.net")
	r.FailCertificate("a.example.net", "CAA_ERROR")
	if k := r.certificate(failing); k.Status != "FAILED" || k.FailureReason != types.FailureReasonCaaError {
		t.Errorf("it is %s %s", k.Status, k.FailureReason)
	}
	list := must[*acm.ListCertificatesOutput](t)(r.Certificates.ListCertificates(t.Context(), &acm.ListCertificatesInput{CertificateStatuses: []types.CertificateStatus{"ISSUED", "PENDING_VALIDATION"}, MaxItems: aws.Int32(1)}))
	if len(list.CertificateSummaryList) != 1 || list.NextToken == nil || *list.CertificateSummaryList[0].CertificateArn != arn {
		t.Errorf("%+v", list.CertificateSummaryList)
	}
	must[*acm.DeleteCertificateOutput](t)(r.Certificates.DeleteCertificate(t.Context(), &acm.DeleteCertificateInput{CertificateArn: &failing}))
	_, err := r.Certificates.DescribeCertificate(t.Context(), &acm.DescribeCertificateInput{CertificateArn: &failing})
	refused(t, err, "ResourceNotFoundException", "")
	// Elsewhere there is none of this.
	here := acm.NewFromConfig(r.loaded)
	if list := must[*acm.ListCertificatesOutput](t)(here.ListCertificates(t.Context(), nil)); len(list.CertificateSummaryList) > 0 {
		t.Errorf("elsewhere %+v", list.CertificateSummaryList)
	}
	_, err = here.DescribeCertificate(t.Context(), &acm.DescribeCertificateInput{CertificateArn: &arn})
	refused(t, err, "ResourceNotFoundException", "")
}

func TestRequestCertificateRefuses(t *testing.T) {
	r := newRig(t, "eu-central-1")
	many := make([]string, 10)
	for i := range many {
		many[i] = fmt.Sprintf("a%d.example.com", i)
	}
	for _, c := range []struct {
		name, token string
		more        []string
		code        string
	}{
		{"example..com", "", nil, "ValidationException"}, {"a_b.example.com", "", nil, "ValidationException"}, {"example.com.", "", nil, "ValidationException"},
		{"example.com", "a-b", nil, "ValidationException"}, {"example.com", "", many, "LimitExceededException"},
	} {
		in := &acm.RequestCertificateInput{DomainName: &c.name, SubjectAlternativeNames: c.more, ValidationMethod: types.ValidationMethodDns}
		if c.token != "" {
			in.IdempotencyToken = &c.token
		}
		_, err := r.Certificates.RequestCertificate(t.Context(), in)
		refused(t, err, c.code, "")
	}
	_, err := r.Certificates.RequestCertificate(t.Context(), &acm.RequestCertificateInput{DomainName: aws.String("example.com"), ValidationMethod: types.ValidationMethodEmail})
	refused(t, err, "ValidationException", "DNS")
	r.expect(1)
}

// TestAliases has a distribution take aliases only with a certificate for all of them, and only
// those that nobody has.
func TestAliases(t *testing.T) {
	r := newRig(t, "eu-central-1")
	r.AddBucket("artifacts", "eu-central-1")
	r.PutObject("artifacts", "a.zip", []byte("zip"))
	template := realTemplate(t, nil)
	s := r.run(r.prepare(r.setInput("CREATE", "first", template, nil)))
	id := outputs(s)["DistributionId"]
	pending := r.request("", "a.example.com")
	elsewhere := r.AddCertificate("eu-central-1", "a.example.com")
	issued := r.AddCertificate("us-east-1", "*.example.com", "example.org")
	r.TakeAlias("taken.example.com")
	update := func(aliases, arn string) cfn.Stack {
		return r.run(r.prepare(r.setInput("UPDATE", "more", template, map[string]string{"Aliases": aliases, "CertificateArn": arn})))
	}
	for _, c := range []struct{ aliases, arn, says string }{
		{"a.example.com", pending, "The specified SSL certificate doesn't exist, isn't in us-east-1 region"},
		{"a.example.com,example.net", issued, "doesn't cover the alternate domain name (CNAME)"},
		{"a.b.example.com", issued, "doesn't cover the alternate domain name (CNAME)"},
		{"taken.example.com", issued, "One or more of the CNAMEs you provided are already associated with a different resource. (Service: CloudFront, Status Code: 409"},
	} {
		s := update(c.aliases, c.arn)
		failed := ""
		for _, e := range r.history("photofit") {
			if e.ResourceStatus == "UPDATE_FAILED" && *e.LogicalResourceId == "Distribution" {
				failed = *e.ResourceStatusReason
			}
		}
		if s.StackStatus != "UPDATE_ROLLBACK_COMPLETE" || !contains(failed, c.says) {
			t.Errorf("%s: %s, %s", c.aliases, s.StackStatus, failed)
		}
	}
	in := r.setInput("UPDATE", "more", template, map[string]string{"Aliases": "a.example.com", "CertificateArn": elsewhere})
	_, err := r.CloudFormation.CreateChangeSet(t.Context(), in)
	refused(t, err, "ValidationError", "Parameter 'CertificateArn' must match pattern")
	_, err = r.CloudFormation.CreateChangeSet(t.Context(), r.setInput("UPDATE", "more", template, map[string]string{"Aliases": "a.example.com"}))
	refused(t, err, "ValidationError", "Aliases need CertificateArn")

	conflicts := func(alias string) int {
		out := must[*cloudfront.ListConflictingAliasesOutput](t)(r.CloudFront.ListConflictingAliases(t.Context(), &cloudfront.ListConflictingAliasesInput{Alias: &alias, DistributionId: &id}))
		return int(*out.ConflictingAliasesList.Quantity)
	}
	if s := update("a.example.com,example.org", issued); s.StackStatus != "UPDATE_COMPLETE" {
		t.Fatalf("it is %s", s.StackStatus)
	}
	if conflicts("taken.example.com") != 1 || conflicts("free.example.com") != 0 {
		t.Error("the conflicts are others")
	}
	_, err = r.CloudFront.ListConflictingAliases(t.Context(), &cloudfront.ListConflictingAliasesInput{Alias: aws.String("example.net"), DistributionId: &id})
	refused(t, err, "InvalidArgument", "certificate")
	d := must[*cloudfront.GetDistributionOutput](t)(r.CloudFront.GetDistribution(t.Context(), &cloudfront.GetDistributionInput{Id: &id})).Distribution.DistributionConfig
	if len(d.Aliases.Items) != 2 || *d.ViewerCertificate.ACMCertificateArn != issued || *d.Origins.Quantity != 2 || *d.Origins.Items[1].ConnectionAttempts != 1 || *d.OriginGroups.Items[0].Members.Items[1].OriginId != "render" ||
		len(d.DefaultCacheBehavior.AllowedMethods.CachedMethods.Items) != 2 || d.OriginGroups.Items[0].FailoverCriteria.StatusCodes.Items[2] != 404 || !*d.Enabled {
		t.Errorf("%+v", d)
	}
	if k := r.certificate(issued); len(k.InUseBy) != 1 {
		t.Errorf("in use by %q", k.InUseBy)
	}
	_, err = r.Certificates.DeleteCertificate(t.Context(), &acm.DeleteCertificateInput{CertificateArn: &issued})
	refused(t, err, "ResourceInUseException", "is in use")
}
