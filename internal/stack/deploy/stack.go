package deploy

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"photofit/internal/stack/account"
)

// Stack is a stack as CloudFormation tells of it.
type Stack struct {
	ID         string            // its ARN, by which it is found when it is deleted, too
	Name       string            //
	Status     string            // as UPDATE_COMPLETE
	Reason     string            // why it has that status; mostly empty
	Parameters map[string]string //
	Outputs    Outputs
	Created    time.Time
	Updated    time.Time // zero: never
}

// Outputs are those of the template.
type Outputs struct {
	URL              string `json:"url"`          // https://….cloudfront.net
	DomainName       string `json:"domain"`       // what DNS records point to
	DistributionID   string `json:"distribution"` //
	PhotosBucket     string `json:"photos"`
	RenditionsBucket string `json:"renditions"`
	RenderFunction   string `json:"function"`
	RenderURL        string `json:"functionURL"`
	PurgeFunction    string `json:"purge"`
	ChangesQueueURL  string `json:"queue"`
	FailedQueueURL   string `json:"failed"`
}

// outputs reads those that the template has.
func outputs(list []types.Output) (o Outputs) {
	into := map[string]*string{
		"Url": &o.URL, "DomainName": &o.DomainName, "DistributionId": &o.DistributionID, "PhotosBucket": &o.PhotosBucket,
		"RenditionsBucket": &o.RenditionsBucket, "RenderFunction": &o.RenderFunction, "RenderUrl": &o.RenderURL,
		"PurgeFunction": &o.PurgeFunction, "ChangesQueueUrl": &o.ChangesQueueURL, "FailedQueueUrl": &o.FailedQueueURL,
	}
	for _, output := range list {
		if place := into[aws.ToString(output.OutputKey)]; place != nil {
			*place = aws.ToString(output.OutputValue)
		}
	}
	return o
}

// ours is how the description of each template of ours begins.
const ours = "Photofit."

// read gives the stack of a name, or of an ARN, which finds deleted ones, too. Nil: there is none.
func (d *Deployer) read(ctx context.Context, name string) (*Stack, error) {
	out, err := d.Account.CloudFormation.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: &name})
	if account.Code(err) == "ValidationError" && strings.Contains(account.Text(err), "does not exist") {
		return nil, nil
	}
	if err != nil {
		return nil, account.Explain("reading the stack "+d.Name, err)
	}
	if len(out.Stacks) == 0 {
		return nil, nil
	}
	is := out.Stacks[0]
	s := &Stack{
		ID: aws.ToString(is.StackId), Name: aws.ToString(is.StackName),
		Status: string(is.StackStatus), Reason: aws.ToString(is.StackStatusReason),
		Parameters: map[string]string{}, Outputs: outputs(is.Outputs),
		Created: aws.ToTime(is.CreationTime), Updated: aws.ToTime(is.LastUpdatedTime),
	}
	for _, p := range is.Parameters {
		s.Parameters[aws.ToString(p.ParameterKey)] = aws.ToString(p.ParameterValue)
	}
	// One that was never made has no description.
	never := aws.ToString(is.Description) == "" && (s.stage() == absent || s.stage() == moving)
	if text := aws.ToString(is.Description); !never && !strings.HasPrefix(text, ours) {
		return nil, fmt.Errorf("the stack %s in %s is none of Photofit's (%q): name another by --stack", d.Name, d.Account.Region, text)
	}
	return s, nil
}

// find reads the stack and sees to it that it can be worked on: an operation that is
// under way, of an earlier run perhaps, is followed to its end.
func (d *Deployer) find(ctx context.Context) error {
	for {
		s, err := d.read(ctx, d.Name)
		if err != nil {
			return err
		}
		d.stack = s
		if s != nil && d.ownArtifact && s.Parameters["ArtifactBucket"] != "" {
			d.ArtifactBucket = s.Parameters["ArtifactBucket"]
		}
		if s == nil || s.stage() != moving {
			return nil
		}
		d.sayf("The stack %s is at work already (%s): waiting for that to end", d.Name, s.Status)
		// How it ends is looked at next; that it was no success is no error here.
		if _, err := d.follow(ctx, s.ID, ""); err != nil {
			return err
		}
	}
}

// stage is what can be done with a stack.
type stage int

const (
	absent   stage = iota // it can be created
	moving                // something is under way
	standing              // it can be changed
	stuck                 // a rollback of an update has failed, and is to be continued
	wreck                 // its creation or deletion has failed: it has to go first
)

// had is a parameter of the stack that is there; empty if there is none.
func (d *Deployer) had(parameter string) string {
	if d.stack.stage() == absent || d.stack.stage() == wreck {
		return ""
	}
	return d.stack.Parameters[parameter]
}

// makesMasters tells whether masters are made of photos that are uploaded. Stacks of
// older versions have no such parameter, and make none.
func (s *Stack) makesMasters() bool { return s.Parameters["Masters"] == "true" }

// stage sorts the states of a stack. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
func (s *Stack) stage() stage {
	if s == nil {
		return absent
	}
	switch s.Status {
	case "REVIEW_IN_PROGRESS", "DELETE_COMPLETE":
		return absent
	case "UPDATE_ROLLBACK_FAILED":
		return stuck
	case "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED":
		return wreck
	}
	if strings.HasSuffix(s.Status, "_IN_PROGRESS") {
		return moving
	}
	return standing
}
