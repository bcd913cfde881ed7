package deploy

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"photofit/internal/stack/account"
)

// changeSet is a change set that waits to be carried out.
type changeSet struct {
	id      string // its ARN
	stack   string // the stack's ARN
	creates bool
	changes []Change
}

// Change is what happens to one resource.
type Change struct {
	Action   string   `json:"action"`             // "make", "change", "replace", "perhaps replace", "remove", "let go" (it stays, but not in the stack)
	Resource string   `json:"resource"`           // its name in the template
	Type     string   `json:"type"`               // such as AWS::S3::Bucket
	ID       string   `json:"id,omitempty"`       // its physical name; empty while it is not there
	Settings []string `json:"settings,omitempty"` // the properties that change
}

// setPrefix is how the names of change sets begin.
const setPrefix = "photofit-"

// tagKey marks what belongs to a stack of ours; the value is the stack's name.
const tagKey = "photofit"

// makeSet has CloudFormation compare the stack with the template and parameters. Nil: they don't
// differ.
func (d *Deployer) makeSet(ctx context.Context, parameters map[string]string) (*changeSet, error) {
	in := &cloudformation.CreateChangeSetInput{
		StackName:     &d.Name,
		ChangeSetName: aws.String(setPrefix + strconv.FormatInt(time.Now().UnixNano(), 36)),
		ChangeSetType: types.ChangeSetTypeUpdate,
		Capabilities:  []types.Capability{types.CapabilityCapabilityIam},
		TemplateBody:  aws.String(string(d.Template)),
		Tags:          []types.Tag{{Key: aws.String(tagKey), Value: &d.Name}},
	}
	for _, name := range sortedKeys(parameters) {
		in.Parameters = append(in.Parameters, types.Parameter{ParameterKey: aws.String(name), ParameterValue: aws.String(parameters[name])})
	}
	set := &changeSet{creates: d.stack.stage() == absent || d.stack.stage() == wreck}
	if set.creates {
		in.ChangeSetType = types.ChangeSetTypeCreate
		in.OnStackFailure = types.OnStackFailureDelete
	}
	out, err := d.Account.CloudFormation.CreateChangeSet(ctx, in)
	if err != nil {
		return nil, account.Explain("asking CloudFormation what would change", err)
	}
	set.id, set.stack = aws.ToString(out.Id), aws.ToString(out.StackId)
	same, err := d.readSet(ctx, set)
	if err != nil || same {
		// Whatever became of it, it is of no use.
		if failed := d.discard(context.WithoutCancel(ctx), set); err == nil {
			err = failed
		}
		return nil, err
	}
	return set, nil
}

// noChanges are CloudFormation's ways to say so.
var noChanges = []string{"didn't contain changes", "No updates are to be performed"}

// readSet waits until the change set is ready and reads all of its changes. same: there are none.
func (d *Deployer) readSet(ctx context.Context, set *changeSet) (same bool, err error) {
	var next *string
	for {
		out, err := d.Account.CloudFormation.DescribeChangeSet(ctx, &cloudformation.DescribeChangeSetInput{ChangeSetName: &set.id, StackName: &set.stack, NextToken: next})
		if err != nil {
			return false, account.Explain("reading what would change", err)
		}
		switch out.Status {
		case types.ChangeSetStatusFailed:
			reason := aws.ToString(out.StatusReason)
			if slices.ContainsFunc(noChanges, func(s string) bool { return strings.Contains(reason, s) }) {
				return true, nil
			}
			return false, account.Refused("CloudFormation cannot make these changes", reason, remedyOf(reason))
		case types.ChangeSetStatusCreateComplete:
			for _, c := range out.Changes {
				if c.ResourceChange != nil {
					set.changes = append(set.changes, changeOf(c.ResourceChange))
				}
			}
			if next = out.NextToken; next == nil {
				d.inOrder(set.changes)
				return false, nil
			}
		default:
			next = nil
			if err := d.Wait(ctx, 2*time.Second); err != nil {
				return false, err
			}
		}
	}
}

// changeOf puts a change in our words.
func changeOf(c *types.ResourceChange) Change {
	change := Change{Resource: aws.ToString(c.LogicalResourceId), Type: aws.ToString(c.ResourceType), ID: aws.ToString(c.PhysicalResourceId)}
	switch {
	case c.Action == types.ChangeActionAdd:
		change.Action = "make"
	case c.Action == types.ChangeActionRemove && c.PolicyAction == types.PolicyActionRetain:
		change.Action = "let go"
	case c.Action == types.ChangeActionRemove:
		change.Action = "remove"
	case c.Replacement == types.ReplacementTrue:
		change.Action = "replace"
	case c.Replacement == types.ReplacementConditional:
		change.Action = "perhaps replace"
	default:
		change.Action = "change"
	}
	for _, detail := range c.Details {
		if detail.Target == nil {
			continue
		}
		name := aws.ToString(detail.Target.Name)
		if name == "" {
			name = string(detail.Target.Attribute)
		}
		if name != "" && !slices.Contains(change.Settings, name) {
			change.Settings = append(change.Settings, name)
		}
	}
	slices.Sort(change.Settings)
	return change
}

// discard deletes a change set that is not to be carried out, and the empty stack that
// came with it.
func (d *Deployer) discard(ctx context.Context, set *changeSet) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if set.creates {
		// This takes its change sets along.
		_, err := d.Account.CloudFormation.DeleteStack(ctx, &cloudformation.DeleteStackInput{StackName: &set.stack})
		return account.Explain("taking the plan back", err)
	}
	_, err := d.Account.CloudFormation.DeleteChangeSet(ctx, &cloudformation.DeleteChangeSetInput{ChangeSetName: &set.id, StackName: &set.stack})
	return account.Explain("taking the plan back", err)
}

// execute carries a change set out and follows it to its end.
func (d *Deployer) execute(ctx context.Context, set *changeSet) error {
	since, err := d.lastEvent(ctx, set.stack)
	if err != nil {
		return err
	}
	if _, err := d.Account.CloudFormation.ExecuteChangeSet(ctx, &cloudformation.ExecuteChangeSetInput{ChangeSetName: &set.id, StackName: &set.stack}); err != nil {
		return account.Explain("carrying the changes out", err)
	}
	failures, err := d.follow(ctx, set.stack, since)
	if err != nil {
		return err
	}
	s, err := d.read(ctx, set.stack)
	if err != nil {
		return err
	}
	if s != nil && (s.Status == "CREATE_COMPLETE" || s.Status == "UPDATE_COMPLETE") {
		d.stack = s
		return nil
	}
	failed := &StackError{Stack: d.Name, Failures: failures, Created: set.creates}
	if s != nil {
		failed.Status, failed.Reason = s.Status, s.Reason
	}
	return failed
}

// clear deletes what a failed creation or deletion has left.
func (d *Deployer) clear(ctx context.Context) error {
	if d.stack.stage() == stuck {
		d.beginf("The last change could not be taken back: trying that again")
		since, err := d.lastEvent(ctx, d.stack.ID)
		if err != nil {
			return err
		}
		if _, err := d.Account.CloudFormation.ContinueUpdateRollback(ctx, &cloudformation.ContinueUpdateRollbackInput{StackName: &d.stack.ID}); err != nil {
			return account.Explain("taking the last change back", err)
		}
		failures, err := d.follow(ctx, d.stack.ID, since)
		if err != nil {
			return err
		}
		s, err := d.read(ctx, d.stack.ID)
		if err != nil {
			return err
		}
		if s.stage() != standing {
			return &StackError{Stack: d.Name, Status: s.Status, Reason: s.Reason, Failures: failures}
		}
		d.stack = s
		return nil
	}
	d.beginf("Removing what is left of a stack that failed (%s)", d.stack.Status)
	if err := d.deleteStack(ctx, d.stack); err != nil {
		return err
	}
	d.stack = nil
	return nil
}

func sortedKeys(m map[string]string) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

var _ error = (*StackError)(nil)

// StackError is a stack that did not become what it should.
type StackError struct {
	Stack    string
	Status   string // in which it is now; empty: it is gone
	Reason   string
	Created  bool // it was being created: nothing is left of it
	Failures []Failure
}

// Failure is a resource that failed.
type Failure struct {
	Resource string `json:"resource"` // its name in the template
	Type     string `json:"type"`
	Reason   string `json:"reason"` // AWS's
	Remedy   string `json:"remedy"` // ours
}

// Error names the resources that failed, each on a line of its own, with AWS's reason and
// the remedy.
func (e *StackError) Error() string {
	var b strings.Builder
	switch {
	case e.Created && (e.Status == "" || e.Status == "DELETE_COMPLETE"):
		b.WriteString("the stack " + e.Stack + " was not made, and all that had been made of it is gone again")
	case strings.Contains(e.Status, "ROLLBACK_COMPLETE"):
		b.WriteString("the stack " + e.Stack + " is as it was before: the change failed and was taken back")
	case e.Status == "UPDATE_ROLLBACK_FAILED":
		b.WriteString("the change of the stack " + e.Stack + " failed, and could not be taken back either; running this again tries to")
	default:
		b.WriteString("the stack " + e.Stack + " failed (" + e.Status + ")")
	}
	for _, f := range e.Failures {
		fmt.Fprintf(&b, "\n  %s (%s): %s", f.Resource, f.Type, plain(f.Reason))
		if f.Remedy != "" {
			b.WriteString("\n    → " + f.Remedy)
		}
	}
	if len(e.Failures) == 0 && e.Reason != "" {
		b.WriteString(": " + plain(e.Reason))
	}
	return b.String()
}
