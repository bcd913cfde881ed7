package awsfake

import (
	"maps"
	"slices"
	"strings"

	"photofit/internal/cfn"
)

// Site is a stack with a distribution, for who runs what the stack describes. It
// shares nothing with the Cloud but the bytes of Zip.
type Site struct {
	Stack, Region string
	InProgress    bool   // something is under way: it is not yet what it will be
	Version       string // another one whenever something of it is another

	Template   []byte
	Parameters map[string]string
	Pseudo     map[string]string // AWS::Region and the like

	// Resources are what Ref gives for them (""), and what GetAtt gives, by logical id.
	Resources map[string]map[string]string

	Zip         []byte   // of its first function; the Cloud's own, not to be changed
	Domain      string   // d….cloudfront.net
	Aliases     []string // of the distribution
	Certificate []string // its names; none where it has CloudFront's own
	Direct      []string // host names of its function URLs and buckets
}

// Sites are those that are there, of all regions.
func (c *Cloud) Sites() []Site {
	c.mu.Lock()
	defer c.mu.Unlock()
	var sites []Site
	for _, s := range c.stacks {
		if site, ok := c.site(s); ok {
			sites = append(sites, site)
		}
	}
	return sites
}

func (c *Cloud) site(s *stack) (Site, bool) {
	site := Site{Stack: s.name, Region: s.region, InProgress: s.inProgress(), Parameters: maps.Clone(s.parameters), Pseudo: c.pseudo(s), Resources: map[string]map[string]string{}}
	if s.gone() || s.template == nil {
		return site, false
	}
	site.Template = []byte(s.template.text)
	version := []string{s.id, s.template.text}
	for _, id := range slices.Sorted(maps.Keys(s.resources)) {
		r := s.existing(id)
		if r == nil || r.physical == "" {
			continue
		}
		site.Resources[id] = maps.Clone(r.attributes)
		if site.Resources[id] == nil {
			site.Resources[id] = map[string]string{}
		}
		site.Resources[id][""] = r.ref()
		version = append(version, id, r.ref())
		switch r.kind {
		case "AWS::CloudFront::Distribution":
			d := c.distributions[r.physical]
			if d == nil {
				continue
			}
			site.Domain, site.Aliases = d.domain, slices.Clone(d.aliases())
			if k := c.certificate(d.certificate()); k != nil {
				site.Certificate = slices.Clone(k.names)
			}
		case "AWS::Lambda::Url":
			site.Direct = append(site.Direct, strings.TrimSuffix(strings.TrimPrefix(r.attributes["FunctionUrl"], "https://"), "/"))
		case "AWS::S3::Bucket":
			site.Direct = append(site.Direct, r.attributes["RegionalDomainName"])
		case "AWS::Lambda::Function":
			from, key := text(cfn.At(r.properties, "Code", "S3Bucket")), text(cfn.At(r.properties, "Code", "S3Key"))
			if b := c.buckets[from]; b != nil && site.Zip == nil {
				if o, err := b.find(key, ""); err == nil {
					site.Zip = o.body
				}
			}
			version = append(version, from, key)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.parameters)) {
		version = append(version, name, s.parameters[name])
	}
	site.Version = hash(version...)
	return site, site.Domain != ""
}

// OnInvalidate has somebody told of what is invalidated of a distribution, paths and
// "#" with tags, before the request is answered.
func (c *Cloud) OnInvalidate(tell func(distribution string, items []string)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.invalidated = tell
}
