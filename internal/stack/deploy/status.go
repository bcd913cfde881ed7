package deploy

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"photofit/internal/stack/account"
)

// Status is how a stack is.
type Status struct {
	Stack   string    `json:"stack"`
	Account string    `json:"account"`
	Region  string    `json:"region"`
	State   string    `json:"state"` // CloudFormation's, as UPDATE_COMPLETE
	Reason  string    `json:"reason,omitempty"`
	Changed time.Time `json:"changed"` // when it was made or changed last
	Outputs Outputs   `json:"outputs"`

	Drift       []Drift   `json:"drift"`                 // resources that are not as the template has them any more
	NoDrift     string    `json:"noDrift,omitempty"`     // why that is not known
	Certificate *Issued   `json:"certificate,omitempty"` // nil: there is none
	Waiting     []Issued  `json:"waiting"`               // certificates that were requested for it, that it does not have yet
	Aliases     []Alias   `json:"aliases"`
	Month       *Month    `json:"month,omitempty"`   // the last 30 days; nil: not known
	NoMonth     string    `json:"noMonth,omitempty"` // why it is not known
	Settings    []Setting `json:"settings"`          // the stack's parameters, in To
}

// Drift is a resource that somebody has changed.
type Drift struct {
	Resource string   `json:"resource"`
	Type     string   `json:"type"`
	Deleted  bool     `json:"deleted"`
	Settings []string `json:"settings,omitempty"` // where it differs, as /DistributionConfig/Enabled
}

// Issued is the certificate that a site has.
type Issued struct {
	Arn     string    `json:"arn"`
	Status  string    `json:"status"`
	Names   []string  `json:"names"`
	Expires time.Time `json:"expires,omitzero"`
	Renewal string    `json:"renewal,omitempty"` // how its renewal goes, if one is under way
}

// Alias is one of a site's own names.
type Alias struct {
	Name  string `json:"name"`
	Leads bool   `json:"leads"`         // DNS leads from it to the site
	Now   string `json:"now,omitempty"` // where it leads else
}

// Status tells how the stack is; nil without an error: there is none. drift has CloudFormation compare
// each resource with the template, which takes it some seconds.
func (d *Deployer) Status(ctx context.Context, drift bool) (*Status, error) {
	s, err := d.read(ctx, d.Name)
	if err != nil || s.stage() == absent {
		return nil, err
	}
	d.stack = s
	is := &Status{
		Stack: d.Name, Account: d.Account.ID, Region: d.Account.Region, State: s.Status, Reason: s.Reason,
		Changed: s.Created, Outputs: s.Outputs, Drift: []Drift{}, Aliases: []Alias{}, Waiting: []Issued{},
	}
	if s.Updated.After(s.Created) {
		is.Changed = s.Updated
	}
	for _, name := range sortedKeys(s.Parameters) {
		is.Settings = append(is.Settings, Setting{Name: name, To: s.Parameters[name]})
	}
	if s.stage() != standing {
		is.NoMonth = "the stack is not in use"
		is.NoDrift = is.NoMonth
		return is, nil
	}
	if drift {
		if is.Drift, err = d.drift(ctx); err != nil {
			if ctx.Err() != nil {
				return nil, err
			}
			is.NoDrift = err.Error()
		}
	} else {
		is.NoDrift = "not asked for"
	}
	if arn := s.Parameters["CertificateArn"]; arn != "" {
		if is.Certificate, err = d.issued(ctx, arn); err != nil {
			return nil, err
		}
	}
	if is.Waiting, err = d.Waiting(ctx); err != nil {
		return nil, err
	}
	if names := s.Parameters["Aliases"]; names != "" {
		for name := range strings.SplitSeq(names, ",") {
			a := Alias{Name: name, Leads: d.LeadsTo(ctx, name, s.Outputs.DomainName)}
			if !a.Leads {
				a.Now = d.asked(ctx, Record{Name: name, For: name}).Now
			}
			is.Aliases = append(is.Aliases, a)
		}
	}
	if is.Month, err = d.month(ctx, s); err != nil {
		if ctx.Err() != nil {
			return nil, err
		}
		is.NoMonth = err.Error()
	}
	return is, nil
}

// issued reads the certificate that is in use.
func (d *Deployer) issued(ctx context.Context, arn string) (*Issued, error) {
	out, err := d.Account.Certificates.DescribeCertificate(ctx, &acm.DescribeCertificateInput{CertificateArn: &arn})
	if account.Code(err) == "ResourceNotFoundException" {
		return &Issued{Arn: arn, Status: "gone"}, nil
	}
	if err != nil {
		return nil, account.Explain("reading the certificate "+arn, err)
	}
	c := &Issued{Arn: arn, Status: string(out.Certificate.Status), Names: out.Certificate.SubjectAlternativeNames, Expires: aws.ToTime(out.Certificate.NotAfter)}
	if r := out.Certificate.RenewalSummary; r != nil {
		c.Renewal = string(r.RenewalStatus)
	}
	return c, nil
}

// drift has CloudFormation compare what there is with the template.
func (d *Deployer) drift(ctx context.Context) ([]Drift, error) {
	begun, err := d.Account.CloudFormation.DetectStackDrift(ctx, &cloudformation.DetectStackDriftInput{StackName: &d.stack.ID})
	if err != nil {
		return nil, account.Explain("looking for drift", err)
	}
	for {
		now, err := d.Account.CloudFormation.DescribeStackDriftDetectionStatus(ctx, &cloudformation.DescribeStackDriftDetectionStatusInput{StackDriftDetectionId: begun.StackDriftDetectionId})
		if err != nil {
			return nil, account.Explain("looking for drift", err)
		}
		if now.DetectionStatus != types.StackDriftDetectionStatusDetectionInProgress {
			if now.DetectionStatus == types.StackDriftDetectionStatusDetectionFailed && now.StackDriftStatus == "" {
				return nil, account.Refused("looking for drift", aws.ToString(now.DetectionStatusReason), "")
			}
			break
		}
		if err := d.Wait(ctx, pollStack); err != nil {
			return nil, err
		}
	}
	drifts := []Drift{}
	in := &cloudformation.DescribeStackResourceDriftsInput{StackName: &d.stack.ID, StackResourceDriftStatusFilters: []types.StackResourceDriftStatus{types.StackResourceDriftStatusModified, types.StackResourceDriftStatusDeleted}}
	pages := cloudformation.NewDescribeStackResourceDriftsPaginator(d.Account.CloudFormation, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, account.Explain("looking for drift", err)
		}
		for _, r := range page.StackResourceDrifts {
			drift := Drift{Resource: aws.ToString(r.LogicalResourceId), Type: aws.ToString(r.ResourceType), Deleted: r.StackResourceDriftStatus == types.StackResourceDriftStatusDeleted}
			for _, difference := range r.PropertyDifferences {
				drift.Settings = append(drift.Settings, aws.ToString(difference.PropertyPath))
			}
			slices.Sort(drift.Settings)
			drifts = append(drifts, drift)
		}
	}
	return drifts, nil
}
