//go:build !function

package main

import (
	"context"
	"errors"

	"github.com/alecthomas/kong"

	"photofit/internal/stack/deploy"
)

type deployCmd struct {
	Yes     bool `short:"y" help:"Don't ask."`
	ShowCLI bool `name:"show-cli" help:"Print the same set-up as commands of the AWS command line, explained; nothing is done." env:"-"`
	Check   bool `help:"Look whether the site works when it is there; --no-check doesn't." default:"true" negatable:""`
	awsFlags
	siteFlags
}

// Run sets AWS up, or changes what is there.
func (c *deployCmd) Run(ctx context.Context, kctx *kong.Context, console *console) error {
	if c.ShowCLI {
		return c.showCLI(ctx, console)
	}
	if c.JSON && !c.Yes {
		return errors.New("--json shows nobody what would be done: photofit plan --json does, and --yes agrees to it")
	}
	p := newProgress(console)
	d, remove, err := c.deployment(ctx, &c.awsFlags, kctx, console, p, !c.Yes)
	if err != nil {
		return err
	}
	defer remove()
	if c.Check {
		v := verifier{console: console, progress: p, quiet: c.JSON, basic: c.Info == "basic"}
		if v.policy, err = c.edgePolicy(); err != nil {
			return err
		}
		d.Verify = v.verify
	}
	result, err := d.Deploy(ctx, func(plan *deploy.Plan) {
		if !c.JSON {
			console.plan(plan)
		}
	})
	p.erase()
	if c.JSON && result != nil {
		if err != nil {
			result.Error = interrupted(err).Error()
			var failed *deploy.StackError
			if errors.As(err, &failed) {
				result.Failures = failed.Failures
			}
		}
		if printed := console.json(result); printed != nil && err == nil {
			err = printed
		}
	}
	if err != nil {
		return interrupted(err)
	}
	if !c.JSON {
		console.deployed(result)
	}
	return nil
}

// interrupted says what becomes of what was begun.
func interrupted(err error) error {
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted; what AWS has begun it goes on with. Run this again: it follows that, and goes on")
	}
	return err
}

type planCmd struct {
	awsFlags
	siteFlags
}

// Run tells what deploy would do.
func (c *planCmd) Run(ctx context.Context, kctx *kong.Context, console *console) error {
	p := newProgress(console)
	d, remove, err := c.deployment(ctx, &c.awsFlags, kctx, console, p, false)
	if err != nil {
		return err
	}
	defer remove()
	plan, err := d.Plan(ctx)
	p.erase()
	if err != nil {
		return interrupted(err)
	}
	if c.JSON {
		return console.json(plan)
	}
	console.plan(plan)
	if !plan.Nothing() {
		console.printf("\nphotofit deploy does this; nothing was changed.\n")
	}
	return nil
}
