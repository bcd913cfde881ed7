//go:build !function

package main

import (
	"strings"

	"photofit/internal/stack/cost"
	"photofit/internal/stack/deploy"
)

// marks are how changes are shown.
var marks = map[string]struct {
	mark  string
	color color
}{
	"make": {"+", green}, "change": {"~", yellow}, "replace": {"±", red}, "perhaps replace": {"±", yellow}, "remove": {"-", red}, "let go": {"-", yellow},
}

// plan prints a plan.
func (c *console) plan(p *deploy.Plan) {
	c.printf("Stack %s in %s, account %s\n\n", p.Stack, p.Region, p.Account)
	if p.Nothing() {
		if cert := p.Certificate; cert != nil && cert.Status == "PENDING_VALIDATION" {
			c.printf("Nothing to change: the certificate for %s waits for its DNS records, which photofit deploy tells.\n", strings.Join(p.Aliases, ", "))
			return
		}
		c.printf("Nothing to change.\n")
		return
	}
	item := func(mark, format string, args ...any) {
		m := marks[mark]
		c.printf("  %s "+format+"\n", append([]any{c.paint(m.color, m.mark)}, args...)...)
	}
	switch {
	case p.Clear != "" && p.New:
		item("remove", "what is left of a stack that failed (%s) goes first; then all of it is made anew", p.Clear)
	case p.Clear != "":
		item("change", "a change that failed could not be taken back (%s): that is done first; then the settings below, as CloudFormation compares only what is at rest", p.Clear)
	}
	if p.Artifact.MakeBucket {
		item("make", "bucket %s, for the function's zip", p.Artifact.Bucket)
	}
	if p.Artifact.Upload {
		item("make", "the function's zip, in %s", p.Artifact.Bucket)
	}
	if p.Photos.Found {
		item("change", "bucket %s, which an earlier stack of this name has left, is taken up with its photos", p.Photos.Bucket)
	}
	if p.Photos.Events {
		item("change", "bucket %s tells EventBridge of its changes; whom it tells already, and its policy, stay", p.Photos.Bucket)
	}
	if p.Renew {
		item("remove", "all renditions, from their bucket and from the edges: they are of other photos")
	}
	for _, arn := range p.Drop {
		item("let go", "certificate %s is not waited for any more", arn)
	}
	width := 0
	for _, change := range p.Changes {
		width = max(width, len(change.Resource))
	}
	for _, change := range p.Changes {
		text := typeText(change.Type)
		if len(change.Settings) > 0 {
			text += ": " + strings.Join(change.Settings, ", ")
		}
		switch change.Action {
		case "replace":
			text += c.paint(red, "  another takes its place")
		case "perhaps replace":
			text += c.paint(yellow, "  another may take its place")
		case "let go":
			text += "  it stays, outside of the stack"
		}
		item(change.Action, "%-*s  %s", width, change.Resource, text)
	}
	if cert := p.Certificate; cert != nil && cert.Request {
		item("make", "certificate for %s, in us-east-1", strings.Join(p.Aliases, ", "))
		if cert.Why != "" {
			c.printf("    %s\n", c.paint(yellow, cert.Why))
		}
		if len(cert.Route53) > 0 {
			item("make", "the DNS records in Route 53 that prove it, for %s", strings.Join(cert.Route53, ", "))
		}
		item("make", "the site's names %s, when the certificate is issued", strings.Join(p.Aliases, ", "))
	} else if cert != nil && cert.Status == "PENDING_VALIDATION" {
		item("make", "the site's names %s, when the certificate is issued, for which it waits", strings.Join(p.Aliases, ", "))
	}
	for _, r := range p.Records {
		to := r.Value
		if to == "" {
			to = "the site"
		}
		item("make", "DNS record %s in Route 53, to %s", r.Name, to)
	}
	if len(p.Values) > 0 {
		c.printf("\n")
		for _, s := range p.Values {
			c.printf("  %s: %s\n", settingText(s.Name), changed(s))
		}
	}
	if p.New {
		first, later := cost.Example()
		c.printf("\nNobody asks, nothing is kept: it costs nothing. 10,000 photos of 5 MB and a million views a month\n"+
			"come to about $%.2f in the first month and $%.2f in later ones (AWS's list prices of %s,\nof us-east-1; elsewhere up to twice that).\n", cost.Sum(cost.Of(first)), cost.Sum(cost.Of(later)), cost.Date)
	}
}

// settingFlags are the flags by which the template's parameters are set, where they are called otherwise.
var settingFlags = map[string]string{
	"MemorySize": "--function-memory", "MonthlyBudget": "--budget", "LogDays": "--log-days", "Email": "--email", "Masters": "--masters", "Warm": "--warm",
	"Architecture": "--arch", "PhotosKeyArn": "--photos-key", "PhotosBucketName": "bucket of the photos", "PhotosPrefix": "folder of the photos",
	"Aliases": "names", "CertificateArn": "certificate",
}

// settingText is what people know a setting by: mostly its flag.
func settingText(name string) string {
	if text, ok := settingFlags[name]; ok {
		return text
	}
	if variable, ok := strings.CutPrefix(name, "PHOTOFIT_"); ok {
		return "--" + strings.ToLower(strings.ReplaceAll(variable, "_", "-"))
	}
	return name
}

// changed is a setting's two values.
func changed(s deploy.Setting) string {
	from, to := s.From, s.To
	if to == "" {
		to = "none"
		if strings.HasPrefix(s.Name, "PHOTOFIT_") {
			to = "its default"
		}
	}
	if from == "" {
		return visibleText(to)
	}
	return visibleText(from) + " → " + visibleText(to)
}

// deployed tells what there is now, and what is left to do.
func (c *console) deployed(r *deploy.Result) {
	o := r.Outputs
	c.printf("\n%s\n\n", c.paint(bold, o.URL))
	rows := []string{"photos go into", "s3://" + o.PhotosBucket}
	if p := r.Plan.Photos.Prefix; p != "" {
		rows[1] += "/" + p
	}
	for _, alias := range r.Plan.Aliases {
		if r.Pending == nil || r.Pending.Certificate == "" {
			if !strings.HasPrefix(alias, "*.") {
				alias = "https://" + alias
			}
			rows = append(rows, "its own name", alias)
		}
	}
	rows = append(rows, "try it", "aws s3 cp trip.jpg "+rows[1]+"/", "", o.URL+"/trip.jpg?w=800", "look after it", "photofit status --stack "+r.Plan.Stack+" --region "+r.Plan.Region)
	for _, s := range r.Plan.Values {
		if s.Name == "Email" && s.To != "" {
			rows = append(rows, "confirm", "the mail that AWS sends to "+visibleText(s.To)+": without that it tells of nothing")
		}
	}
	c.pairs(rows...)
	if r.Pending != nil {
		c.pending(r.Pending)
	}
}

// pending tells which DNS records are still to be added.
func (c *console) pending(p *deploy.Pending) {
	c.printf("\n")
	if p.Certificate != "" {
		c.printf("%s\n", c.paint(yellow, p.Certificate+"."))
	}
	if len(p.Records) == 0 {
		return
	}
	c.printf("%s\n\n", c.paint(yellow, "DNS records to be added, where the domain's DNS is:"))
	var rows [][]string
	for _, r := range p.Records {
		now := r.Now
		if now == "" {
			now = "nothing"
		}
		kind := r.Type
		if kind == "ALIAS" {
			kind = "ALIAS or ANAME"
		}
		rows = append(rows, []string{r.Name, kind, r.Value, now})
	}
	c.table([]string{"name", "type", "value", "there is now"}, rows)
}
