//go:build !function

package main

import (
	"context"
	"fmt"
	"strings"

	"photofit/internal/check"
)

type checkCmd struct {
	URL string `arg:"" help:"Where the photos are, without a path: https://media.example.com."`

	Photo string   `help:"The name of a photo that is there; without one, only what needs none is asked." placeholder:"trip/b.jpg" env:"-"`
	Alias []string `help:"A name of the site's own that must lead there; may be repeated." placeholder:"NAME" env:"-"`
	JSON  bool     `help:"Print JSON." name:"json"`

	policyFlags
}

// Run asks from outside: it needs no credentials, and tells what it left out.
func (c *checkCmd) Run(ctx context.Context, console *console) error {
	policy, err := c.edgePolicy()
	if err != nil {
		return err
	}
	return runChecks(ctx, console, c.JSON, check.Config{URL: strings.TrimSuffix(c.URL, "/"), Policy: policy, Photo: c.Photo, Aliases: c.Alias})
}

// runChecks makes the checks and prints each when it is done; JSON at the end. The
// error says how many failed.
func runChecks(ctx context.Context, console *console, asJSON bool, config check.Config) error {
	all := []check.Result{}
	failed := 0
	err := check.Run(ctx, config, func(r check.Result) {
		all = append(all, r)
		if r.Status == check.Failed {
			failed++
		}
		if !asJSON {
			printCheck(console, r)
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
var signs = map[check.Status]string{check.OK: "✓", check.Failed: "✗", check.Skipped: "–"}

// nameWidth is what the names of checks take, in characters.
const nameWidth = 46

// printCheck prints a line, and under one that failed what to do about it.
func printCheck(console *console, r check.Result) {
	pad := strings.Repeat(" ", max(nameWidth-len([]rune(r.Name)), 0))
	console.printf("%s\n", strings.TrimRight(signs[r.Status]+" "+r.Name+pad+"  "+visibleText(r.Detail), " "))
	if r.Fix != "" {
		for _, line := range wrapped(visibleText(r.Fix), 96) {
			console.printf("    %s\n", line)
		}
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
