//go:build !function

package main

import (
	"cmp"
	"context"

	"photofit/internal/stack/account"
	"photofit/internal/stack/bycli"
	"photofit/internal/stack/deploy"
)

// showCLI prints the set-up as a script. AWS is asked for nothing.
func (c *deployCmd) showCLI(ctx context.Context, console *console) error {
	loaded, err := account.Load(ctx, account.Config{Region: c.Region, Profile: c.Profile})
	if err != nil {
		return err
	}
	if loaded.Region == "" {
		return account.ErrNoRegion
	}
	if err := deploy.CheckRegion(loaded.Region); err != nil {
		return err
	}
	if len(c.Alias) == 1 && c.Alias[0] == "none" {
		c.Alias = nil
	}
	aliases, err := deploy.CheckAliases(c.Alias)
	if err != nil {
		return err
	}
	if err := deploy.CheckName(c.Stack, loaded.Region); err != nil {
		return err
	}
	policy, template, err := c.template()
	if err != nil {
		return err
	}
	parameters, err := c.parameters()
	if err != nil {
		return err
	}
	place, err := c.place()
	if err != nil {
		return err
	}
	if err := c.fits(parameters, nil, policy); err != nil {
		return err
	}
	if place != nil {
		parameters["PhotosBucketName"], parameters["PhotosPrefix"] = place.Bucket, place.Prefix
	}
	script, err := bycli.Script(bycli.Options{
		Template: template, Stack: c.Stack, Region: loaded.Region, Partition: account.Partition(loaded.Region),
		Arch: cmp.Or(c.Arch, "arm64"), Parameters: parameters, Aliases: aliases, Profile: c.Profile,
	})
	if err != nil {
		return err
	}
	_, err = console.out.Write(script)
	return err
}
