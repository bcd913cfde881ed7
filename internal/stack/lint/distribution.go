package lint

import (
	"regexp"
	"slices"
	"strings"

	"photofit/internal/cfn"
)

// distribution is one of CloudFront's, of a template or of the command line.
type distribution struct {
	name    string // of its resource, or empty
	config  place
	command bool // its members are called as the command line has it
	origins []*origin
	whole   bool // there are no other origins
	groups  map[string][]string
	manyIDs bool // there may be other origin groups
}

// origin is where a distribution gets its answers from.
type origin struct {
	place
	ids    []string // that it may have; none: not known
	domain place
	kind   originKind
	behind *resource // the bucket or the function URL, if it is of this template
}

type originKind int

const (
	otherOrigin originKind = iota
	bucketOrigin
	websiteOrigin
	functionOrigin
)

// commandNames are members that the command line calls otherwise than
// CloudFormation.
var commandNames = map[string]string{
	"AcmCertificateArn":   "ACMCertificateArn",
	"IamCertificateId":    "IAMCertificateId",
	"SslSupportMethod":    "SSLSupportMethod",
	"OriginSSLProtocols":  "OriginSslProtocols",
	"OriginCustomHeaders": "CustomHeaders",
	"IPV6Enabled":         "IsIPV6Enabled",
}

// called is a member's name in this distribution.
func (d *distribution) called(name string) string {
	if other, ok := commandNames[name]; ok && d.command {
		return other
	}
	return name
}

// distribution reads one.
func (c *checker) distribution(name string, at place, command bool) {
	configs := []place{at}
	if !command {
		configs = at.get("DistributionConfig")
	}
	for _, config := range configs {
		if _, ok := config.value.(cfn.Object); !ok || config.unknown() {
			continue
		}
		c.quantities(config)
		d := &distribution{name: name, config: config, command: command, groups: map[string][]string{}}
		var items []place
		items, d.whole = config.list("Origins")
		for _, item := range items {
			if item.unknown() {
				d.whole = false
				continue
			}
			o := &origin{place: item}
			for _, id := range item.get("Id") {
				if text, ok := id.text(); ok {
					o.ids = append(o.ids, text)
				} else {
					d.whole = false
				}
			}
			c.kindOf(o)
			d.origins = append(d.origins, o)
		}
		groups, whole := config.list("OriginGroups")
		d.manyIDs = !whole
		for _, group := range groups {
			for _, v := range group.get("Id") {
				id, ok := v.text()
				if !ok {
					d.manyIDs = true
					continue
				}
				members, _ := group.list("Members")
				d.groups[id] = []string{}
				for _, member := range members {
					for _, v := range member.get("OriginId") {
						if text, ok := v.text(); ok {
							d.groups[id] = append(d.groups[id], text)
						}
					}
				}
			}
		}
		c.distributions = append(c.distributions, d)
	}
}

var (
	bucketDomain   = regexp.MustCompile(`\.s3[.-]`)
	websiteDomain  = regexp.MustCompile(`\.s3-website[.-]`)
	functionDomain = regexp.MustCompile(`\.lambda-url\.`)
)

// kindOf tells what is behind an origin, by its domain.
func (c *checker) kindOf(o *origin) {
	for _, domain := range o.get("DomainName") {
		o.domain = domain
		words := strings.ToLower(domain.words())
		switch {
		case websiteDomain.MatchString(words):
			o.kind = websiteOrigin
		case bucketDomain.MatchString(words):
			o.kind = bucketOrigin
		case functionDomain.MatchString(words):
			o.kind = functionOrigin
		}
		for _, u := range domain.refers() {
			r := c.byName[u.Name]
			switch {
			case r == nil:
			case r.kind == "AWS::Lambda::Url":
				o.kind, o.behind = functionOrigin, r
			case r.kind == "AWS::S3::Bucket":
				o.behind = r
				switch u.Attribute {
				case "WebsiteURL":
					o.kind = websiteOrigin
				case "DomainName", "RegionalDomainName", "DualStackDomainName":
					o.kind = bucketOrigin
				}
			}
		}
	}
}

// behaviors are the default one and the others.
func (d *distribution) behaviors() []place {
	var all []place
	for _, v := range d.config.get("DefaultCacheBehavior") {
		if _, ok := v.value.(cfn.Object); ok && !v.unknown() {
			all = append(all, v)
		}
	}
	others, _ := d.config.list("CacheBehaviors")
	for _, v := range others {
		if _, ok := v.value.(cfn.Object); ok && !v.unknown() {
			all = append(all, v)
		}
	}
	return all
}

// origin is the origin of an id, or nil.
func (d *distribution) origin(id string) *origin {
	for _, o := range d.origins {
		if slices.Contains(o.ids, id) {
			return o
		}
	}
	return nil
}

// targets are the origins that a behavior may ask: that of its TargetOriginId, or
// the members of that group.
func (d *distribution) targets(behavior place) (all []*origin) {
	for _, v := range behavior.get("TargetOriginId") {
		id, ok := v.text()
		if !ok {
			continue
		}
		if o := d.origin(id); o != nil {
			all = append(all, o)
		}
		for _, member := range d.groups[id] {
			if o := d.origin(member); o != nil {
				all = append(all, o)
			}
		}
	}
	return all
}

// asks tells whether a behavior may ask an origin of one of these kinds.
func (d *distribution) asks(behavior place, kinds ...originKind) bool {
	for _, o := range d.targets(behavior) {
		for _, kind := range kinds {
			if o.kind == kind {
				return true
			}
		}
	}
	return false
}

// methods are the methods that a behavior lets pass.
func methods(behavior place) []string {
	items, _ := behavior.list("AllowedMethods")
	var all []string
	for _, item := range items {
		all = append(all, item.words())
	}
	return all
}
