// Package deploy sets Photofit up in an AWS account, changes it, tells how it is and
// takes it away again.
//
// A Deployer is one stack of one account. Plan asks AWS what a deployment would
// do and changes nothing; Deploy plans, asks, does it, and looks whether it
// works. What a stack cannot hold is done beside it, in this order: the zip goes
// into the artifact bucket, an adopted bucket of photos gets its events, the
// certificate is requested where CloudFront wants it; then the stack; then, once
// the certificate is issued, the stack again with the site's own names.
//
// There is no state but AWS's own. Whatever is interrupted is taken up by running
// the same thing again: a half-made stack is followed, or cleared away, a change
// set that was not carried out is made anew, and what was not named again stays as
// it is.
package deploy

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"photofit/internal/check"
	"photofit/internal/stack/account"
)

// Config is what is to be set up.
type Config struct {
	Account *account.Account // needed

	Name     string // of the stack; default "photofit"
	Template []byte // the finished template; needed for Plan and Deploy

	// Zip is the function's zip, and what it is called in the artifact bucket:
	// another name for other bytes. It is read only if the bucket has none of that name.
	Zip     func() (io.ReadSeekCloser, error)
	ZipName string // such as "<hash>.zip"

	// NewSettings are the functions' settings (stack.Options.Settings) in the template, for the plan to tell
	// which of them change. Settings has to be called before; nil: it doesn't tell.
	NewSettings map[string]string

	// Parameters are those of the template's that were asked for. Others keep the value
	// that the stack has, or the template's default.
	Parameters map[string]string

	// Photos is a bucket that is there already, and the folder in it; its region must
	// be the stack's. Nil: the bucket that the stack has, or the one that an earlier
	// stack of this name has left behind, or a new one.
	Photos *Place

	// Aliases are the site's own names, such as media.example.com. Nil: those that the stack
	// has; empty: none.
	Aliases []string

	// ArtifactBucket holds the zips; default photofit-artifacts-<account>-<region>.
	ArtifactBucket string

	Ask  func(ctx context.Context, question string) (bool, error) // nil: yes to all
	Say  func(Event)                                              // nil: nobody hears
	Wait func(ctx context.Context, d time.Duration) error         // nil: waits for d

	Resolver Resolver // nil: this machine's

	// Patience is how long to wait for a certificate whose records were added to Route
	// 53; default 15 minutes.
	Patience time.Duration

	// Verify looks whether the set-up does what it shall, when the stack is there, and adds to the
	// result what it found; nil: nobody looks.
	Verify func(ctx context.Context, d *Deployer, r *Result) error
}

// Place is a bucket and a folder in it, which has no slash at its end and is empty for
// all of the bucket.
type Place struct{ Bucket, Prefix string }

// Resolver is how DNS is asked; *net.Resolver is one.
type Resolver interface {
	LookupCNAME(ctx context.Context, host string) (string, error)
	LookupHost(ctx context.Context, host string) ([]string, error)
}

var _ Resolver = (*net.Resolver)(nil)

// Event is something that was done, or is going on.
type Event struct {
	Text     string // what, in words; of a resource: its state
	Resource string // the resource's name in the template; empty: it is about no resource
	Type     string // the resource's, such as AWS::S3::Bucket
	State    State
	Took     time.Duration // of a resource that is Done: since it was begun; 0: not known
}

// State is how far something is.
type State int

// The states of what is going on.
const (
	Begun State = iota
	Done
	Failed
)

// ErrRefused: whoever was asked said no. Nothing was changed.
var ErrRefused = errors.New("nothing was changed")

// Deployer is one stack of one account. It is for one goroutine.
type Deployer struct {
	Config
	stack       *Stack // as it was last read; nil: there is none
	oldSettings map[string]string
	ownArtifact bool // no bucket for zips was named: it is the one that the stack has, or Photofit's own
}

// New makes a Deployer. The error says what is wrong with the configuration.
func New(c Config) (*Deployer, error) {
	if c.Name == "" {
		c.Name = "photofit"
	}
	if err := CheckName(c.Name, c.Account.Region); err != nil {
		return nil, err
	}
	var err error
	if c.Aliases, err = CheckAliases(c.Aliases); err != nil {
		return nil, err
	}
	if c.Ask == nil {
		c.Ask = func(context.Context, string) (bool, error) { return true, nil }
	}
	if c.Say == nil {
		c.Say = func(Event) {}
	}
	if c.Wait == nil {
		c.Wait = wait
	}
	if c.Resolver == nil {
		c.Resolver = net.DefaultResolver
	}
	if c.Patience == 0 {
		c.Patience = 15 * time.Minute
	}
	d := &Deployer{Config: c}
	if d.ownArtifact = c.ArtifactBucket == ""; d.ownArtifact {
		d.ArtifactBucket = d.ownArtifacts()
	}
	return d, nil
}

// ownArtifacts is the bucket for zips that is made where no other is named.
func (d *Deployer) ownArtifacts() string {
	return "photofit-artifacts-" + d.Account.ID + "-" + d.Account.Region
}

func wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *Deployer) sayf(format string, args ...any) {
	d.Say(Event{Text: fmt.Sprintf(format, args...), State: Done})
}

func (d *Deployer) beginf(format string, args ...any) {
	d.Say(Event{Text: fmt.Sprintf(format, args...)})
}

// Result is what a deployment came to.
type Result struct {
	Plan    *Plan          `json:"plan"`
	Changed bool           `json:"changed"` // whether anything was done
	Outputs Outputs        `json:"outputs"`
	Edge    *EdgeReport    `json:"edge,omitempty"`    // how the edge function did; nil: it was not looked at
	Checks  []check.Result `json:"checks,omitempty"`  // what was looked at
	Pending *Pending       `json:"pending,omitempty"` // what is left to be done by hand; nil: nothing

	Error    string    `json:"error,omitempty"`    // why it did not come to its end; empty: it did
	Failures []Failure `json:"failures,omitempty"` // of resources, if that is why
}

// Pending is what only the owner of the DNS can do.
type Pending struct {
	Certificate string   `json:"certificate,omitempty"` // what is wrong with it, or what it waits for
	Records     []Record `json:"records,omitempty"`     // to be added
}

// Plan tells what Deploy would do. It leaves nothing behind in the account.
func (d *Deployer) Plan(ctx context.Context) (p *Plan, err error) {
	p, made, err := d.plan(ctx)
	if made != nil {
		defer func() { err = errors.Join(err, d.discard(context.WithoutCancel(ctx), made)) }()
	}
	return p, err
}

// Deploy does what Plan tells, after asking. show is given the plan before; it may be nil. An error
// is one that Explain or a stack's failure gave; running it again goes on.
func (d *Deployer) Deploy(ctx context.Context, show func(*Plan)) (*Result, error) {
	p, made, err := d.plan(ctx)
	drop := func() {
		if made != nil {
			// Left behind it would do no harm, so a failure is nothing to report.
			_ = d.discard(context.WithoutCancel(ctx), made)
			made = nil
		}
	}
	defer drop()
	if err != nil {
		return nil, err
	}
	if show != nil {
		show(p)
	}
	r := &Result{Plan: p}
	if p.Nothing() {
		r.Outputs = d.stack.Outputs
		if r.Pending, err = d.pending(ctx, p); err != nil || d.Verify == nil || d.verified(ctx) {
			return r, err
		}
		// The run that made it so ended before all was well.
		return r, d.verify(ctx, r)
	}
	switch yes, err := d.Ask(ctx, "Do this?"); {
	case err != nil:
		return nil, err
	case !yes:
		return nil, ErrRefused
	}
	r.Changed = true
	if err := d.beside(ctx, p); err != nil {
		return r, err
	}
	if p.Clear != "" {
		// What stood in the way is gone, so now CloudFormation can be asked.
		if made, err = d.makeSet(ctx, p.parameters); err != nil {
			return r, err
		}
	}
	if made != nil {
		set := made
		made = nil // carried out or not, it is the stack's now
		if err := d.execute(ctx, set); err != nil {
			return r, err
		}
	}
	if err := d.addAliases(ctx, p); err != nil {
		return r, err
	}
	r.Outputs = d.stack.Outputs
	if p.Renew {
		if err := d.renew(ctx); err != nil {
			return r, err
		}
	}
	if err := d.settleCertificates(ctx, p); err != nil {
		return r, err
	}
	if err := d.point(ctx, p); err != nil {
		return r, err
	}
	if err := d.tidyArtifacts(ctx); err != nil {
		d.sayf("Older zips stay in %s: %v", d.ArtifactBucket, err)
	}
	if r.Pending, err = d.pending(ctx, p); err != nil {
		return r, err
	}
	if d.Verify != nil {
		return r, d.verify(ctx, r)
	}
	return r, nil
}

// verify looks whether the set-up does what it shall, and notes it if so.
func (d *Deployer) verify(ctx context.Context, r *Result) error {
	if err := d.Verify(ctx, d, r); err != nil {
		return err
	}
	if err := d.noteVerified(ctx); err != nil {
		d.sayf("That it works could not be noted, so the next run looks again: %v", err)
	}
	return nil
}

// beside does what has to be there before the stack.
func (d *Deployer) beside(ctx context.Context, p *Plan) error {
	if p.Clear != "" {
		if err := d.clear(ctx); err != nil {
			return err
		}
	}
	if err := d.putArtifact(ctx, p.Artifact); err != nil {
		return err
	}
	if p.Renew {
		if err := d.noteRenew(ctx); err != nil {
			return err
		}
	}
	if p.Photos.Events {
		if err := d.switchEvents(ctx, p.Photos.Bucket); err != nil {
			return err
		}
	}
	return d.requestCertificate(ctx, p)
}
