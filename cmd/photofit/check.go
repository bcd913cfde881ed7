//go:build !function

package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"

	"photofit/internal/check"
	"photofit/internal/stack/deploy"
)

type checkCmd struct {
	URL string `arg:"" optional:"" help:"Where the photos are, without a path: https://media.example.com. Default: the stack's, of which all is asked that needs credentials, too."`

	Photo string   `help:"The name of a photo that is there; without one, only what needs none is asked." placeholder:"trip/b.jpg" env:"-"`
	Alias []string `help:"A name of the site's own that must lead there; may be repeated." placeholder:"NAME" env:"-"`
	Slow  bool     `help:"Ask what takes minutes, too, of the stack." env:"-"`

	awsFlags
	policyFlags
}

// Run asks from outside, for which it needs no credentials, and tells what it left out; or without a URL
// the stack.
func (c *checkCmd) Run(ctx context.Context, kctx *kong.Context, console *console) error {
	if c.URL == "" {
		return c.stack(ctx, kctx, console)
	}
	policy, err := c.edgePolicy()
	if err != nil {
		return err
	}
	return runChecks(ctx, console, c.JSON, check.Config{URL: strings.TrimSuffix(c.URL, "/"), Policy: policy, Basic: c.Info == "basic", Photo: c.Photo, Aliases: c.Alias})
}

// stack asks the stack's site, with the account's credentials.
func (c *checkCmd) stack(ctx context.Context, kctx *kong.Context, console *console) error {
	a, err := c.account(ctx)
	if err != nil {
		return err
	}
	d, err := deploy.New(deploy.Config{Account: a, Name: c.Stack, Resolver: c.resolver()})
	if err != nil {
		return err
	}
	s, err := d.Find(ctx)
	if err != nil {
		return err
	}
	if s == nil || s.Outputs.URL == "" {
		return fmt.Errorf("there is no stack %s in use in %s of account %s: photofit deploy makes one, --stack and --region name another, and a URL is asked without credentials", c.Stack, a.Region, a.ID)
	}
	settings, err := d.Settings(ctx)
	if err != nil {
		return err
	}
	c.keep(settings, kctx)
	config := check.Config{URL: s.Outputs.URL, Photo: c.Photo, Aliases: c.Alias, Inside: d.Inside()}
	if config.Policy, err = c.edgePolicy(); err != nil {
		return err
	}
	config.Basic = c.Info == "basic"
	if len(c.Alias) == 0 && s.Parameters["Aliases"] != "" {
		config.Aliases = strings.Split(s.Parameters["Aliases"], ",")
	}
	if c.Slow {
		config.Sleep = d.Wait
	}
	return runChecks(ctx, console, c.JSON, config)
}

// runChecks makes the checks and prints each when it is done; JSON at the end. The
// error says how many failed.
func runChecks(ctx context.Context, console *console, asJSON bool, config check.Config) error {
	all, lines := []check.Result{}, newCheckLines(console)
	failed := 0
	err := check.Run(ctx, config, func(r check.Result) {
		all = append(all, r)
		if r.Status == check.Failed {
			failed++
		}
		if !asJSON {
			lines.print(r)
		}
	})
	if err != nil {
		return err
	}
	if asJSON {
		if err := console.json(all); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d checks failed", failed, len(all))
	}
	return nil
}

// signs are what the lines of checks begin with.
var signs = map[check.Status]mark{check.OK: good, check.Failed: bad, check.Skipped: skipped}

// nameWidth is what the names of checks take, in characters.
const nameWidth = 46

// checkLines prints checks. What is to be done about one is said once.
type checkLines struct {
	console *console
	said    map[string]string // by what is to be done, the check that it was said of
}

func newCheckLines(c *console) *checkLines { return &checkLines{c, map[string]string{}} }

// print prints a line, and under one that failed what to do about it.
func (l *checkLines) print(r check.Result) {
	console := l.console
	pad := strings.Repeat(" ", max(nameWidth-len([]rune(r.Name)), 0))
	console.printf("%s\n", strings.TrimRight(console.paint(signs[r.Status].color, signs[r.Status].text)+" "+r.Name+pad+"  "+visibleText(r.Detail), " "))
	fix := visibleText(r.Fix)
	switch of, before := l.said[r.Fix]; {
	case fix == "":
		return
	case before:
		fix = "As above, under: " + of + "."
	default:
		l.said[r.Fix] = r.Name
	}
	for _, line := range wrapped(fix, 96) {
		console.printf("    %s\n", line)
	}
}

// wrapped breaks a text into lines of so many characters, between words.
func wrapped(text string, width int) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimLeft(line+" "+word, " ")
	}
	return append(lines, line)
}
