package deploy

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"photofit/internal/stack/account"
)

// Plan is what a deployment would do.
type Plan struct {
	Account string `json:"account"`
	Region  string `json:"region"`
	Stack   string `json:"stack"`

	New     bool      `json:"new"`             // the stack is not there yet
	Clear   string    `json:"clear,omitempty"` // a stack that failed, in this status, is cleared away or mended first
	Changes []Change  `json:"changes"`         // of the stack's resources
	Values  []Setting `json:"settings"`        // of the stack's parameters, that change

	Artifact    Artifact     `json:"artifact"`
	Photos      Photos       `json:"photos"`
	Certificate *Certificate `json:"certificate,omitempty"` // nil: there are no aliases
	Aliases     []string     `json:"aliases"`               // that the site shall have
	Records     []Record     `json:"records"`               // DNS records that are added in Route 53

	Renew bool     `json:"renew"` // the photos are others: all renditions go, from the bucket and from the edges
	Drop  []string `json:"drop"`  // ARNs of certificates that were requested and are not wanted any more

	parameters map[string]string // for the stack, all of them
	zones      map[string]string // those in Route 53, by domain
	waiting    []string          // ARNs of the certificates that the stack waits for
}

// Setting is a parameter that changes.
type Setting struct {
	Name string `json:"name"`
	From string `json:"from"`
	To   string `json:"to"`
}

// Artifact is the function's zip and its bucket.
type Artifact struct {
	Bucket     string `json:"bucket"`
	Key        string `json:"key"`
	MakeBucket bool   `json:"makeBucket"`
	Upload     bool   `json:"upload"`
}

// Photos is where the photos are.
type Photos struct {
	Bucket  string `json:"bucket"` // empty: a new one
	Prefix  string `json:"prefix,omitempty"`
	Adopted bool   `json:"adopted"`       // it was there before the stack
	Found   bool   `json:"found"`         // it was left by an earlier stack of this name
	Events  bool   `json:"events"`        // its events to EventBridge are to be switched on
	Key     string `json:"key,omitempty"` // the ARN of the KMS key that it is encrypted with
}

// Nothing tells whether there is nothing to do.
func (p *Plan) Nothing() bool {
	return p.Clear == "" && len(p.Changes) == 0 && !p.Photos.Events && len(p.Records) == 0 &&
		!p.Renew && len(p.Drop) == 0 && (p.Certificate == nil || !p.Certificate.Request)
}

// plan finds out what there is and what has to be done. The change set, if there is one, is
// to be carried out or discarded.
func (d *Deployer) plan(ctx context.Context) (p *Plan, made *changeSet, err error) {
	if d.Template == nil || d.Zip == nil || d.ZipName == "" {
		return nil, nil, errors.New("there is no template or no zip to deploy")
	}
	if err := CheckRegion(d.Account.Region); err != nil {
		return nil, nil, err
	}
	if err := d.find(ctx); err != nil {
		return nil, nil, err
	}
	p = &Plan{Account: d.Account.ID, Region: d.Account.Region, Stack: d.Name, Changes: []Change{}, Values: []Setting{}, Aliases: []string{}, Records: []Record{}, Drop: []string{}}
	stage := d.stack.stage()
	p.New = stage == absent || stage == wreck
	if stage == wreck || stage == stuck {
		p.Clear = d.stack.Status
	}
	if err := d.planPhotos(ctx, p); err != nil {
		return p, nil, err
	}
	if err := d.planArtifact(ctx, p); err != nil {
		return p, nil, err
	}
	if err := d.planCertificate(ctx, p); err != nil {
		return p, nil, err
	}
	d.setParameters(p)
	d.setValues(p)
	if p.Clear == "" {
		if made, err = d.makeSet(ctx, p.parameters); err != nil {
			return p, nil, err
		}
		if made != nil {
			p.Changes = made.changes
		}
	}
	return p, made, d.planRecords(ctx, p)
}

// setParameters decides on each parameter of the template: what was asked for, what
// the stack has, or the template's default (which is left out).
func (d *Deployer) setParameters(p *Plan) {
	old := map[string]string{}
	if d.stack.stage() == standing || d.stack.stage() == stuck {
		old = d.stack.Parameters
	}
	p.parameters = map[string]string{}
	for _, name := range parametersOf(d.Template) {
		if value, ok := d.Parameters[name]; ok {
			p.parameters[name] = value
		} else if value, ok := old[name]; ok {
			p.parameters[name] = value
		}
	}
	set := func(name, value string) { p.parameters[name] = value }
	set("ArtifactBucket", p.Artifact.Bucket)
	set("ArtifactKey", p.Artifact.Key)
	if p.Photos.Adopted {
		set("PhotosBucketName", p.Photos.Bucket)
		set("PhotosPrefix", p.Photos.Prefix)
		set("PhotosKeyArn", p.Photos.Key)
	}
	if c := p.Certificate; c == nil {
		if _, had := old["Aliases"]; had || d.Aliases != nil {
			set("Aliases", "")
			set("CertificateArn", "")
		}
	} else if c.Status == "ISSUED" {
		set("Aliases", strings.Join(p.Aliases, ","))
		set("CertificateArn", c.Arn)
	} // else they stay as they are until it is
	for _, name := range sortedKeys(p.parameters) {
		if from, to := old[name], p.parameters[name]; from != to && !(len(old) == 0 && to == "") && !strings.HasPrefix(name, "Artifact") {
			p.Values = append(p.Values, Setting{name, from, to})
		}
	}
}

// setValues adds the settings that change to the plan: those of the functions' environment, which are no
// parameters.
func (d *Deployer) setValues(p *Plan) {
	if d.NewSettings == nil || p.New {
		return
	}
	names := map[string]string{}
	for name := range d.oldSettings {
		names[name] = ""
	}
	for name := range d.NewSettings {
		names[name] = ""
	}
	for _, name := range sortedKeys(names) {
		if from, to := d.oldSettings[name], d.NewSettings[name]; from != to {
			p.Values = append(p.Values, Setting{name, from, to})
		}
	}
}

// addAliases gives the stack the site's names, once the certificate is there: it may
// have been issued while the stack was made.
func (d *Deployer) addAliases(ctx context.Context, p *Plan) error {
	c := p.Certificate
	if c == nil || d.stack.Parameters["CertificateArn"] == c.Arn && d.stack.Parameters["Aliases"] == strings.Join(p.Aliases, ",") {
		return nil
	}
	if err := d.awaitCertificate(ctx, p); err != nil || c.Status != "ISSUED" {
		return err
	}
	d.beginf("The certificate is issued: giving the site its names %s", strings.Join(p.Aliases, ", "))
	p.parameters["Aliases"], p.parameters["CertificateArn"] = strings.Join(p.Aliases, ","), c.Arn
	set, err := d.makeSet(ctx, p.parameters)
	if err != nil || set == nil {
		return err
	}
	return d.execute(ctx, set)
}

var regionName = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[0-9]$`)

// CheckRegion says what is wrong with a region.
func CheckRegion(region string) error {
	r, known := regionOf(region)
	switch {
	case !regionName.MatchString(region):
		return fmt.Errorf("%q is no region: it is written like eu-central-1 (photofit regions lists them)", region)
	case account.Partition(region) != "aws":
		return fmt.Errorf("the region %s is in a part of AWS of its own, whose CloudFront is another: Photofit is for the regions that photofit regions lists", region)
	case !known:
		return nil // a new one: AWS will say
	case !r.FunctionURLs:
		return fmt.Errorf("the region %s has no Lambda function URLs, which CloudFront asks for renditions: take another by --region (photofit regions lists them)", region)
	}
	return nil
}

// sorted gives a list in order, each once.
func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}
