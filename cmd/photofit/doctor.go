//go:build !function

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"photofit/internal/stack/doctor"
	"photofit/internal/vips"
)

type doctorCmd struct {
	Libvips   string `help:"The libvips to look at: a file. Default: lib/ beside this program, else the system's." placeholder:"FILE" type:"path"`
	Here      bool   `help:"Look at this machine only, and ask AWS nothing."`
	Artifacts string `help:"The bucket that the function's zip is put into. Default: photofit-artifacts-<account>-<region>." placeholder:"BUCKET" group:"AWS"`
	awsFlags
}

// errIll: the doctor has found something, and has said what.
var errIll = errors.New("something is wrong, see above")

// Run asks all questions.
func (c *doctorCmd) Run(ctx context.Context, console *console) error {
	config := doctor.Config{First: c.machine(), Stack: c.Stack, Artifact: c.Artifacts}
	if !c.Here {
		config.Account = c.account
	}
	server, err := c.nameserver()
	if err != nil {
		return err
	}
	if server != "" {
		config.Resolver, config.CAA = c.resolver(), doctor.AskCAA(server)
	}
	answers := []doctor.Answer{}
	about, why, unasked := "", "", 0
	tellUnasked := func() {
		if unasked > 0 {
			console.answer(fmt.Sprintf("%d not asked", unasked), skipped, why, "")
		}
		unasked = 0
	}
	ill, err := doctor.Run(ctx, config, func(a doctor.Answer) {
		answers = append(answers, a)
		if c.JSON {
			return
		}
		if a.Verdict == doctor.Skipped { // one line for all that are skipped for one reason
			if a.Detail != why {
				tellUnasked()
			}
			why, unasked = a.Detail, unasked+1
			return
		}
		tellUnasked()
		if a.About != about {
			if about != "" {
				console.printf("\n")
			}
			about = a.About
			console.printf("%s\n", console.paint(bold, about))
		}
		console.answer(a.Question, verdicts[a.Verdict], a.Detail, a.Remedy)
	})
	tellUnasked()
	if err != nil {
		return err
	}
	if c.JSON {
		if err := console.json(answers); err != nil {
			return err
		}
	}
	if ill > 0 {
		return errIll
	}
	return nil
}

// verdicts are how answers are marked.
var verdicts = map[doctor.Verdict]mark{doctor.Well: good, doctor.Ill: bad}

// answer prints one line for what was looked at, and below it what to do.
func (c *console) answer(name string, m mark, detail, remedy string) {
	c.printf("  %s %-22s %s\n", c.paint(m.color, m.text), name, visibleText(detail))
	if remedy != "" {
		c.printf("    %-22s → %s\n", "", visibleText(remedy))
	}
}

// machine is what this machine is asked.
func (c *doctorCmd) machine() []doctor.Question {
	executable, err := os.Executable()
	if err != nil {
		executable = ""
	}
	return []doctor.Question{
		{About: "machine", Name: "libvips", Ask: func(context.Context) (string, error) {
			lib, err := vips.Open(vips.Find(c.Libvips, executable)...)
			if err != nil {
				return "", err
			}
			return lib.Version(), nil
		}},
		{About: "machine", Name: "function's zip", Ask: func(context.Context) (string, error) { return zipDetail(executable) }},
	}
}

// zipDetail tells where deploy takes the function's zip from.
func zipDetail(executable string) (string, error) {
	var beside []string
	for _, arch := range []string{"arm64", "amd64"} {
		ready := filepath.Join(filepath.Dir(executable), "lib", "function-"+arch+".zip")
		if executable == "" || !exists(ready) {
			continue
		}
		if err := checkZip(ready); err != nil {
			return "", err
		}
		beside = append(beside, arch)
	}
	if len(beside) > 0 {
		return "for " + strings.Join(beside, " and ") + ", beside this program", nil
	}
	if root := checkout(".", executable); root != "" {
		return fmt.Sprintf("built in the checkout %s when it is needed", nameText(root)), nil
	}
	return "", &doctor.Remedied{Text: "there is none in lib/ beside this program, and no checkout to build it in", Remedy: "Take program and lib/ from one release, or run this in a checkout"}
}
