//go:build !function

package main

import (
	"errors"
	"strconv"
	"strings"

	"photofit"
	"photofit/internal/edge"
	"photofit/internal/stack"
)

type templateCmd struct {
	policyFlags
}

// Run prints the template.
func (c *templateCmd) Run(console *console) error {
	_, template, err := c.template()
	if err != nil {
		return err
	}
	_, err = console.out.Write(template)
	return err
}

// template is the template for a policy.
func (f *policyFlags) template() (photofit.Policy, []byte, error) {
	policy, err := f.edgePolicy()
	if err != nil {
		return policy, nil, err
	}
	code, err := edge.Function(policy)
	if err != nil {
		return policy, nil, err
	}
	template, err := stack.Template(stack.Options{FunctionCode: code, Settings: f.settings()})
	return policy, template, err
}

// edgePolicy is the policy, which must be one that an edge can have.
func (f *policyFlags) edgePolicy() (photofit.Policy, error) {
	if f.Policy == "signed" {
		return photofit.Policy{}, errors.New("--policy signed is for photofit serve only: the edge in front of a function cannot check signatures yet")
	}
	return f.policy()
}

// settings are the policy as a function reads it from its environment: what is
// not the default.
func (f *policyFlags) settings() map[string]string {
	settings := map[string]string{}
	if f.Policy != "ladder" {
		settings["PHOTOFIT_POLICY"] = f.Policy
	}
	if f.Info == "basic" {
		settings["PHOTOFIT_INFO"] = f.Info
	}
	if f.Originals != "private" {
		settings["PHOTOFIT_ORIGINALS"] = f.Originals
	}
	if len(f.Widths) > 0 {
		widths := make([]string, len(f.Widths))
		for i, w := range f.Widths {
			widths[i] = strconv.Itoa(w)
		}
		settings["PHOTOFIT_WIDTHS"] = strings.Join(widths, ",")
	}
	return settings
}
