//go:build !function

package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"photofit/internal/stack/deploy"
)

type statusCmd struct {
	Drift bool `help:"Look for resources that were changed by hand, which takes some seconds; --no-drift doesn't." default:"true" negatable:""`
	awsFlags
}

// Run tells how the stack is.
func (c *statusCmd) Run(ctx context.Context, console *console) error {
	a, err := c.account(ctx)
	if err != nil {
		return err
	}
	p := newProgress(console)
	d, err := deploy.New(deploy.Config{Account: a, Name: c.Stack, Resolver: c.resolver(), Say: p.say, Wait: p.wait})
	if err != nil {
		return err
	}
	is, err := d.Status(ctx, c.Drift)
	p.erase()
	if err != nil {
		return err
	}
	if is == nil {
		return fmt.Errorf("there is no stack %s in %s of account %s: photofit deploy makes one, --stack and --region name another", c.Stack, a.Region, a.ID)
	}
	if c.JSON {
		return console.json(is)
	}
	console.status(is)
	return nil
}

// status prints how a stack is.
func (c *console) status(s *deploy.Status) {
	good, bad := func(text string) string { return c.paint(green, text) }, func(text string) string { return c.paint(red, text) }
	state := good(s.State)
	if !strings.HasSuffix(s.State, "_COMPLETE") || strings.Contains(s.State, "ROLLBACK") {
		state = bad(s.State)
	}
	if s.Reason != "" {
		state += ": " + visibleText(s.Reason)
	}
	rows := []string{
		"stack", fmt.Sprintf("%s in %s, account %s", s.Stack, s.Region, s.Account),
		"state", fmt.Sprintf("%s, since %s", state, s.Changed.Local().Format("2 Jan 2006 15:04")),
	}
	add := func(name, value string) { rows = append(rows, name, value) }
	o := s.Outputs
	if o.URL != "" {
		add("site", o.URL)
		add("photos", photosPlace(o.PhotosBucket, s.Settings))
		add("renditions", "s3://"+o.RenditionsBucket)
		add("function", o.RenderFunction)
		add("distribution", o.DistributionID)
	}
	for _, alias := range s.Aliases {
		text := good("leads to the site")
		if !alias.Leads {
			text = "is not in DNS"
			if alias.Now != "" {
				text = "leads elsewhere: " + visibleText(alias.Now)
			}
			if strings.HasPrefix(alias.Now, "not known") {
				text = visibleText(alias.Now)
			}
			text = bad(text + "; it is to lead to " + o.DomainName + " (CNAME; at the top of a domain ALIAS or ANAME)")
		}
		add(alias.Name, text)
	}
	for _, w := range s.Waiting {
		add("certificate", c.paint(yellow, strings.ToLower(strings.ReplaceAll(w.Status, "_", " "))+" for "+strings.Join(w.Names, ", ")+"; photofit deploy goes on with it"))
	}
	if cert := s.Certificate; cert != nil {
		text := cert.Status
		if !cert.Expires.IsZero() {
			text += ", until " + cert.Expires.Format("2 Jan 2006")
		}
		if cert.Renewal != "" {
			text += ", renewal " + strings.ToLower(strings.ReplaceAll(cert.Renewal, "_", " "))
		}
		if cert.Status != "ISSUED" || !cert.Expires.IsZero() && time.Until(cert.Expires) < 20*24*time.Hour {
			text = bad(text)
		}
		add("certificate", text)
	}
	switch {
	case s.NoDrift != "":
		add("drift", "not known: "+s.NoDrift)
	case len(s.Drift) == 0:
		add("drift", good("none"))
	}
	for _, d := range s.Drift {
		text := "changed by hand, and is to be changed back: " + strings.Join(d.Settings, ", ")
		if d.Deleted {
			text = "removed by hand: photofit destroy and then deploy make all of it anew, and the photos stay"
		}
		add("drift", bad(d.Resource+" ("+typeText(d.Type)+") was "+text))
	}
	c.pairs(rows...)
	if s.Month == nil {
		if s.NoMonth != "" {
			c.printf("\nThe last 30 days are not known: %s\n", s.NoMonth)
		}
		return
	}
	c.month(s.Month)
}

// photosPlace is where the photos are, with their folder.
func photosPlace(bucket string, settings []deploy.Setting) string {
	for _, s := range settings {
		if s.Name == "PhotosPrefix" && s.To != "" {
			return "s3://" + bucket + "/" + s.To
		}
	}
	return "s3://" + bucket
}

// month prints what the last 30 days were.
func (c *console) month(m *deploy.Month) {
	c.printf("\nThe last 30 days\n\n")
	if m.Lost > 0 {
		c.printf("  %s\n\n", c.paint(red, fmt.Sprintf("%.0f changes of photos could not be worked off; the log of the function Purge says why", m.Lost)))
	}
	trouble := fmt.Sprintf("%s failed, %s throttled", thousands(int(m.Errors)), thousands(int(m.Throttles)))
	if m.Errors+m.Throttles > 0 {
		trouble = c.paint(yellow, trouble)
	}
	c.pairs(
		"  views", fmt.Sprintf("%s, %s", thousands(int(m.Views)), bytesText(int64(m.Delivered))),
		"  rendered", fmt.Sprintf("%s, %.2g %% of the views; %s", thousands(int(m.Renders)), m.Share()*100, trouble),
		"  kept", fmt.Sprintf("%s of photos, %s of renditions", bytesText(int64(m.Photos)), bytesText(int64(m.Kept))),
	)
	c.printf("\n")
	var rows [][]string
	for _, line := range m.Cost {
		dollars := fmt.Sprintf("$%.2f", line.Dollars)
		if line.Free {
			dollars = "free"
		}
		rows = append(rows, []string{"  " + line.What, line.Amount, dollars})
	}
	rows = append(rows, []string{"  about", "", fmt.Sprintf("$%.2f", m.Dollars())})
	c.table([]string{"  cost, by list prices", "", ">USD"}, rows)
}
