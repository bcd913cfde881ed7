//go:build !function

package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"photofit/internal/cfn"
	"photofit/internal/stack/lint"
)

type lintCmd struct {
	Files []string `arg:"" name:"file" help:"CloudFormation templates (YAML or JSON), and DistributionConfigs in JSON as the AWS command line takes and gives them; - is standard input."`
	JSON  bool     `help:"Print JSON: a list of file, line, path, rule, severity, text and fix." name:"json"`
}

// Help is what lint --help says beyond its flags.
func (*lintCmd) Help() string {
	return `It asks AWS for nothing: it holds the file against AWS's published schemas, and against the mistakes that people make with CloudFront, S3, Lambda and SQS.

An error is what AWS refuses, or what does not work. A warning is a risk, or of the past. Values that only a deployment knows (!Ref, parameters) are taken to be right, and both branches of !If are looked at. What a deployment has to acknowledge (--capabilities) is no fault; with --json its severity is info.

The exit code is 1 if there are errors, or if a file cannot be read; warnings alone are 0.`
}

// lintFinding is a finding as --json prints it.
type lintFinding struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Path     string `json:"path"`
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	Text     string `json:"text"`
	Fix      string `json:"fix"`
}

// Run looks at each file.
func (c *lintCmd) Run(console *console) error {
	all := []lintFinding{}
	errorsFound, warnings := 0, 0
	var unread []error
	for _, name := range c.Files {
		report, err := lintFile(name)
		if err != nil {
			unread = append(unread, fmt.Errorf("%s: %w", nameText(name), err))
			continue
		}
		for _, f := range report.Findings {
			if f.Severity == lint.Error {
				errorsFound++
			} else {
				warnings++
			}
			all = append(all, lintFinding{name, f.Line, f.Path, f.Rule, string(f.Severity), f.Text, f.Fix})
		}
		if len(report.Capabilities) > 0 && c.JSON {
			all = append(all, lintFinding{File: name, Line: 1, Rule: "needs-capabilities", Severity: "info", Text: "a deployment of this template has to acknowledge " + strings.Join(report.Capabilities, " and "), Fix: "aws cloudformation deploy --capabilities " + strings.Join(report.Capabilities, " ")})
		}
		if !c.JSON {
			printReport(console, name, report)
		}
	}
	if c.JSON {
		if err := console.json(all); err != nil {
			return err
		}
	}
	switch {
	case len(unread) > 0:
		return errors.Join(unread...)
	case errorsFound > 0:
		return quiet{fmt.Errorf("%s", counted(errorsFound, "error"))}
	}
	return nil
}

// lintFile looks at a file, or at standard input.
func lintFile(name string) (lint.Report, error) {
	in := io.Reader(os.Stdin)
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return lint.Report{}, errors.Unwrap(err)
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, cfn.MaxSize+1))
	var at *fs.PathError
	switch {
	case errors.As(err, &at):
		return lint.Report{}, at.Err
	case err != nil:
		return lint.Report{}, err
	case len(text) > cfn.MaxSize:
		return lint.Report{}, fmt.Errorf("it has more than the %s bytes that CloudFormation takes", thousands(cfn.MaxSize))
	}
	return lint.Check(text, time.Now())
}

// printReport prints what is said of a file, for a person.
func printReport(console *console, name string, report lint.Report) {
	shown := nameText(name)
	found := map[lint.Severity]int{}
	wide := 0
	for _, f := range report.Findings {
		found[f.Severity]++
		wide = max(wide, len(fmt.Sprintf("%s:%d", shown, f.Line)))
	}
	for _, f := range report.Findings {
		colour := yellow
		if f.Severity == lint.Error {
			colour = red
		}
		at := fmt.Sprintf("%s:%d", shown, f.Line)
		console.printf("%-*s  %s  %s\n", wide, at, console.paint(colour, fmt.Sprintf("%-7s", f.Severity)), console.paint(bold, f.Rule))
		if f.Path != "" {
			console.printf("    %s\n", visibleText(f.Path))
		}
		console.printf("    %s\n    fix: %s\n\n", visibleText(f.Text), visibleText(f.Fix))
	}
	about := string(report.Kind)
	if report.Kind == lint.Template {
		about += ", " + counted(report.Resources, "resource")
	}
	if len(report.Capabilities) > 0 {
		about += ", deployed with --capabilities " + strings.Join(report.Capabilities, " ")
	}
	console.printf("%s: %s; %s, %s\n", shown, about, counted(found[lint.Error], "error"), counted(found[lint.Warning], "warning"))
}

// counted is a number of things: "1 error", "2 errors", "no errors".
func counted(n int, thing string) string {
	switch n {
	case 0:
		return "no " + thing + "s"
	case 1:
		return "1 " + thing
	}
	return thousands(n) + " " + thing + "s"
}
