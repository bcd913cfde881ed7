package deploy

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"

	"photofit/internal/stack/account"
)

// pollStack is how often a stack that is at work is looked at.
const pollStack = 3 * time.Second

// follow tells of a stack's events until it has come to rest, and gives the
// resources that failed by themselves. The events are those after since, an event's id;
// empty: those of the operation that is under way, of which what happened before somebody looked is
// not told, but for its failures.
func (d *Deployer) follow(ctx context.Context, id, since string) ([]Failure, error) {
	f := follower{d: d, quiet: since == "", seen: map[string]bool{since: true}, begun: map[string]time.Time{}}
	for {
		s, err := d.read(ctx, id)
		if err != nil {
			return nil, err
		}
		if err := f.events(ctx, id, since == ""); err != nil {
			return nil, err
		}
		f.quiet = false
		if s == nil || s.stage() != moving {
			return f.failures, nil
		}
		if err := d.Wait(ctx, pollStack); err != nil {
			return nil, err
		}
	}
}

// lastEvent is the id of a stack's newest event; empty if it has none.
func (d *Deployer) lastEvent(ctx context.Context, id string) (string, error) {
	out, err := d.Account.CloudFormation.DescribeStackEvents(ctx, &cloudformation.DescribeStackEventsInput{StackName: &id})
	if err != nil {
		return "", account.Explain("reading what happened to the stack "+d.Name, err)
	}
	if len(out.StackEvents) == 0 {
		return "", nil
	}
	return aws.ToString(out.StackEvents[0].EventId), nil
}

type follower struct {
	d        *Deployer
	quiet    bool
	back     bool            // the operation is being taken back
	seen     map[string]bool // events, by id
	begun    map[string]time.Time
	failures []Failure
}

// events reads what is new, and tells it from old to new. whole: nothing before the operation's first event
// is.
func (f *follower) events(ctx context.Context, id string, whole bool) error {
	var fresh []types.StackEvent
	pages := cloudformation.NewDescribeStackEventsPaginator(f.d.Account.CloudFormation, &cloudformation.DescribeStackEventsInput{StackName: &id})
read:
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return account.Explain("following the stack "+f.d.Name, err)
		}
		for _, e := range page.StackEvents { // newest first
			if f.seen[aws.ToString(e.EventId)] {
				break read
			}
			f.seen[aws.ToString(e.EventId)] = true
			fresh = append(fresh, e)
			if whole && begins(e) {
				break read
			}
		}
	}
	for _, e := range slices.Backward(fresh) {
		f.tell(e)
	}
	return nil
}

// begins tells whether an event is the first of an operation on the whole stack.
func begins(e types.StackEvent) bool {
	if aws.ToString(e.PhysicalResourceId) != aws.ToString(e.StackId) {
		return false
	}
	switch e.ResourceStatus {
	case types.ResourceStatusCreateInProgress, types.ResourceStatusUpdateInProgress, types.ResourceStatusDeleteInProgress:
		return true
	}
	return false
}

// tell passes an event on.
func (f *follower) tell(e types.StackEvent) {
	name, status, reason := aws.ToString(e.LogicalResourceId), string(e.ResourceStatus), aws.ToString(e.ResourceStatusReason)
	whole := aws.ToString(e.PhysicalResourceId) == aws.ToString(e.StackId)
	at := aws.ToTime(e.Timestamp)
	if whole && strings.Contains(status, "ROLLBACK_IN_PROGRESS") {
		f.back = true
		f.d.Say(Event{Text: "Something failed: all that was done is taken back"})
		clear(f.begun)
	}
	event := Event{Text: inWords(status), Resource: name, Type: aws.ToString(e.ResourceType)}
	if f.back && (strings.HasSuffix(status, "_COMPLETE") || strings.HasSuffix(status, "_IN_PROGRESS")) {
		event.Text = "taken back"
	}
	switch {
	case strings.HasSuffix(status, "_FAILED"):
		event.State = Failed
		if !whole && !cancelled(reason) {
			f.failures = append(f.failures, Failure{Resource: name, Type: event.Type, Reason: reason, Remedy: remedyOf(reason)})
			event.Text = plain(reason)
		}
	case strings.HasSuffix(status, "_COMPLETE"), status == "DELETE_SKIPPED":
		event.State = Done
		if began, ok := f.begun[name]; ok {
			event.Took = max(at.Sub(began), 0)
			delete(f.begun, name)
		}
	default:
		if _, ok := f.begun[name]; ok {
			return // still at it
		}
		f.begun[name] = at
	}
	if !whole && !f.quiet && !(event.State == Failed && cancelled(reason)) {
		f.d.Say(event)
	}
}

// cancelled tells whether a resource failed only because another did.
func cancelled(reason string) bool {
	return strings.Contains(reason, "creation cancelled") || strings.Contains(reason, "update cancelled") || strings.Contains(reason, "deletion cancelled")
}

// inWords is a resource's state for people.
func inWords(status string) string {
	words := map[string]string{
		"CREATE_IN_PROGRESS": "is being made", "CREATE_COMPLETE": "made",
		"UPDATE_IN_PROGRESS": "is being changed", "UPDATE_COMPLETE": "changed",
		"DELETE_IN_PROGRESS": "is being removed", "DELETE_COMPLETE": "removed", "DELETE_SKIPPED": "kept",
		"CREATE_FAILED": "could not be made", "UPDATE_FAILED": "could not be changed", "DELETE_FAILED": "could not be removed",
	}
	if text, ok := words[status]; ok {
		return text
	}
	return strings.ToLower(strings.ReplaceAll(status, "_", " "))
}
