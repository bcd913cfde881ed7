//go:build !function

package main

import (
	"context"
	"errors"
	"strings"

	"photofit/internal/stack/deploy"
)

type destroyCmd struct {
	Yes          bool   `short:"y" help:"Don't ask."`
	DeletePhotos string `help:"Delete the photos, too, and their bucket, which is named here. It is asked twice; with --yes, naming it is the second yes." placeholder:"BUCKET" env:"-" group:"AWS"`
	Artifacts    string `help:"The bucket that the function's zip is in. Default: photofit-artifacts-<account>-<region>." placeholder:"BUCKET" group:"Site"`
	awsFlags
}

// Run removes the stack.
func (c *destroyCmd) Run(ctx context.Context, console *console) error {
	if c.JSON && !c.Yes {
		return errors.New("--json shows nobody what would go: add --yes to agree to it beforehand")
	}
	a, err := c.account(ctx)
	if err != nil {
		return err
	}
	p := newProgress(console)
	config := deploy.Config{Account: a, Name: c.Stack, ArtifactBucket: c.Artifacts, Resolver: c.resolver(), Say: p.say, Wait: p.wait}
	if !c.Yes {
		config.Ask = console.ask
	}
	d, err := deploy.New(config)
	if err != nil {
		return err
	}
	leaving, err := d.Destroy(ctx, c.DeletePhotos, func(l *deploy.Leaving) {
		if !c.JSON {
			console.leaving(l)
		}
	})
	p.erase()
	if err != nil {
		return interrupted(err)
	}
	switch {
	case c.JSON && leaving == nil:
		return console.json(&deploy.Leaving{Stack: c.Stack, Region: a.Region, Account: a.ID, Left: []deploy.Left{}})
	case c.JSON:
		return console.json(leaving)
	case leaving == nil:
		console.printf("There is no stack %s in %s.\n", c.Stack, a.Region)
	default:
		console.left(leaving)
	}
	return nil
}

// leaving tells what goes and what stays.
func (c *console) leaving(l *deploy.Leaving) {
	c.printf("Stack %s in %s, account %s\n\n", l.Stack, l.Region, l.Account)
	gone := func(format string, args ...any) {
		c.printf("  %s "+format+"\n", append([]any{c.paint(red, "-")}, args...)...)
	}
	if l.Outputs.URL != "" {
		gone("%s, with all that belongs to it", l.Outputs.URL)
	}
	if l.Outputs.RenditionsBucket != "" {
		gone("all renditions, in %s", l.Outputs.RenditionsBucket)
	}
	if len(l.Names) > 0 {
		gone("the DNS records by which %s lead there, where Route 53 has them", strings.Join(l.Names, ", "))
	}
	gone("the function's zips, in %s", l.Artifacts)
	if l.DeletesAll {
		gone("%s", c.paint(red, "all photos, every version, in "+l.Outputs.PhotosBucket))
	} else if l.Outputs.PhotosBucket != "" {
		c.printf("  %s the photos stay, in %s\n", c.paint(green, "="), l.Outputs.PhotosBucket)
	}
}

// left tells what has stayed.
func (c *console) left(l *deploy.Leaving) {
	c.printf("\nThe stack %s is gone.", l.Stack)
	if len(l.Left) == 0 {
		c.printf(" Nothing is left.\n")
		return
	}
	c.printf(" What is left:\n\n")
	for _, left := range l.Left {
		c.printf("  %s\n    %s\n", left.What, left.How)
	}
}
