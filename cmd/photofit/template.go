//go:build !function

package main

import (
	"errors"
	"strconv"
	"strings"
)

type templateCmd struct {
	policyFlags
}

// Run prints the template.
func (c *templateCmd) Run(console *console) error {
	if c.Policy == "signed" {
		return errors.New("--policy signed is for photofit serve only: the edge in front of a function cannot check signatures yet")
	}
	template, err := c.template()
	if err != nil {
		return err
	}
	_, err = console.out.Write(template)
	return err
}

// settings are the policy as a function reads it from its environment: what is
// not the default.
func (f *policyFlags) settings() map[string]string {
	settings := map[string]string{}
	if f.Policy != "ladder" {
		settings["PHOTOFIT_POLICY"] = f.Policy
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
