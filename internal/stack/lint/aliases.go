package lint

import (
	"regexp"
	"slices"
	"strings"
)

// certificates are the places of a distribution's certificate, in each case.
func (d *distribution) certificates() []place { return d.config.get("ViewerCertificate") }

// own is the place of a certificate of one's own; absent if there is none.
func (d *distribution) own(certificate place) place {
	for _, name := range []string{"AcmCertificateArn", "IamCertificateId"} {
		for _, v := range certificate.get(d.called(name)) {
			if !v.absent && v.value != nil && !v.is("") {
				return v
			}
		}
	}
	return place{absent: true, path: certificate.path}
}

func defaultCertificate(c *checker) {
	for _, d := range c.distributions {
		for _, aliases := range d.config.get("Aliases") {
			list, _ := place{doc: aliases.doc, value: aliases.value, path: aliases.path, given: aliases.given}.list()
			if len(list) == 0 {
				continue
			}
			for _, v := range d.certificates() {
				if v.unknown() || !d.own(v).absent || !together(aliases, v) {
					continue
				}
				names := make([]string, len(list))
				for i, a := range list {
					names[i] = shown(a.words())
				}
				c.errorf("aliases-without-certificate", aliases, "request a certificate for them in ACM, in us-east-1, and name it in ViewerCertificate ("+d.called("AcmCertificateArn")+", "+d.called("SslSupportMethod")+": sni-only)",
					"there are aliases (%s) with CloudFront's default certificate, which is for *.cloudfront.net alone; CloudFront refuses it with InvalidViewerCertificate", listed(names))
			}
		}
	}
}

var acmARN = regexp.MustCompile(`^arn:[^:]*:acm:([a-z0-9-]+):`)

func certificateRegion(c *checker) {
	for _, d := range c.distributions {
		for _, v := range d.certificates() {
			for _, arn := range v.get(d.called("AcmCertificateArn")) {
				if m := acmARN.FindStringSubmatch(arn.words()); m != nil && m[1] != "us-east-1" {
					c.errorf("certificate-region", arn, "request it in us-east-1", "the certificate is in %s, and CloudFront takes those of us-east-1 only; it refuses it with InvalidViewerCertificate", m[1])
				}
			}
		}
	}
}

// certificateAliases sees that a certificate of the same template has all aliases.
func certificateAliases(c *checker) {
	for _, d := range c.distributions {
		for _, v := range d.certificates() {
			arn := d.own(v)
			r := c.pointed(arn, "AWS::CertificateManager::Certificate")
			if r == nil {
				continue
			}
			names := append(r.props.texts("DomainName"), r.props.texts("SubjectAlternativeNames")...)
			if strings.Contains(strings.Join(names, ""), hole) {
				continue
			}
			aliases, _ := d.config.list("Aliases")
			for _, alias := range aliases {
				if name, ok := alias.text(); ok && !slices.ContainsFunc(names, func(n string) bool { return covers(n, strings.TrimSuffix(name, ".")) }) && together(alias, arn) {
					c.errorf("certificate-lacks-alias", alias, "add it to SubjectAlternativeNames of "+r.name, "the certificate %s is for %s, and not for %s; CloudFront refuses it with InvalidViewerCertificate", r.name, listed(names), short(name))
				}
			}
		}
	}
}

// covers tells whether a certificate's name is for a host; a star stands for one
// label.
func covers(name, host string) bool {
	if strings.EqualFold(name, host) {
		return true
	}
	star, ok := strings.CutPrefix(name, "*.")
	_, parent, dotted := strings.Cut(host, ".")
	return ok && dotted && strings.EqualFold(star, parent)
}

// certificateWaits finds certificates that hold the stack up until somebody adds DNS records.
func certificateWaits(c *checker) {
	for _, r := range c.of("AWS::CertificateManager::Certificate") {
		options, whole := r.props.list("DomainValidationOptions")
		zones := 0
		for _, o := range options {
			if o.unknown() || there(o, "HostedZoneId") {
				zones++
			}
		}
		if whole && zones == 0 {
			c.warnf("certificate-waits", r.at, "give DomainValidationOptions a HostedZoneId, or request the certificate beforehand and pass its ARN as a parameter",
				"the stack waits, for hours, until somebody has added the certificate's DNS records or answered a mail; nothing in the template does")
		}
	}
}

var hostName = regexp.MustCompile(`^(\*\.)?([A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?\.)+[A-Za-z0-9-]+$`)

// aliasNames sees that aliases are names of hosts, each of one distribution.
func aliasNames(c *checker) {
	type owned struct {
		place
		d *distribution
	}
	seen := map[string]owned{}
	for _, d := range c.distributions {
		aliases, _ := d.config.list("Aliases")
		for _, alias := range aliases {
			name, ok := alias.text()
			if !ok {
				continue
			}
			switch {
			case strings.HasSuffix(name, "."):
				c.errorf("alias-trailing-dot", alias, "take the dot away", "the alias %q ends in a dot; CloudFront refuses it with InvalidArgument", name)
			case !hostName.MatchString(name):
				c.errorf("alias-name", alias, "write the host's name alone, without scheme, port and path", "the alias %q is no host's name; CloudFront refuses it with InvalidArgument", short(name))
			}
			key := strings.ToLower(name)
			if first, twice := seen[key]; twice && together(first.place, alias) {
				c.errorf("alias-twice", alias, "leave it at one of them", "the alias %s is there twice; CloudFront refuses it with CNAMEAlreadyExists", name)
			}
			seen[key] = owned{alias, d}
		}
	}
}

// recordsAndAliases sees that a DNS name that leads to a distribution is one of
// its aliases.
func recordsAndAliases(c *checker) {
	for _, record := range c.records() {
		var to *distribution
		for _, d := range c.distributions {
			values := append(record.get("AliasTarget", "DNSName"), record.get("ResourceRecords")...)
			for _, v := range values {
				for _, u := range v.refers() {
					if u.Name == d.name && d.name != "" {
						to = d
					}
				}
			}
		}
		name, ok := record.at("Name").text()
		if to == nil || !ok {
			continue
		}
		aliases, whole := to.config.list("Aliases")
		for _, alias := range aliases {
			text, known := alias.text()
			whole = whole && known && !covers(text, strings.TrimSuffix(name, "."))
		}
		if whole {
			c.errorf("record-without-alias", record.at("Name"), "add it to Aliases, with a certificate that has it", "DNS leads %s to the distribution %s, of which it is no alias; viewers get a 403 and a certificate that is not for that name", name, to.name)
		}
	}
}

// records are the DNS records of a template.
func (c *checker) records() (all []place) {
	for _, r := range c.of("AWS::Route53::RecordSet") {
		all = append(all, r.props)
	}
	for _, r := range c.of("AWS::Route53::RecordSetGroup") {
		sets, _ := r.props.list("RecordSets")
		all = append(all, sets...)
	}
	return all
}

// authorities sees that CAA records let Amazon make certificates.
func authorities(c *checker) {
	for _, record := range c.records() {
		if !record.at("Type").is("CAA") {
			continue
		}
		values := record.texts("ResourceRecords")
		restricts, amazon := false, false
		for _, v := range values {
			restricts = restricts || strings.Contains(v, "issue ") || strings.Contains(v, "issue\t")
			for _, name := range []string{"amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com", hole} {
				amazon = amazon || strings.Contains(v, name)
			}
		}
		if restricts && !amazon {
			c.warnf("caa-forbids-amazon", record.at("ResourceRecords"), `add 0 issue "amazon.com"`, "the CAA records of %s do not name amazon.com, so ACM can make no certificate for it: it ends as FAILED, with CAA_ERROR", shown(record.at("Name").words()))
		}
	}
}

var weakTLS = []string{"SSLv3", "TLSv1", "TLSv1_2016", "TLSv1.1_2016"}

// viewerTLS looks at what viewers may speak where the certificate is one's own.
func viewerTLS(c *checker) {
	for _, d := range c.distributions {
		for _, v := range d.certificates() {
			if v.unknown() || d.own(v).absent {
				continue
			}
			for _, version := range v.get("MinimumProtocolVersion") {
				text, ok := version.text()
				if version.absent || version.value == nil {
					text, ok = "TLSv1", true // what CloudFront takes it for
				}
				if ok && slices.Contains(weakTLS, text) {
					c.warnf("tls-minimum", version, "write MinimumProtocolVersion: TLSv1.2_2021", "viewers may speak %s, which is broken and of the past", text)
				}
			}
			for _, method := range v.get(d.called("SslSupportMethod")) {
				if method.is("vip") || method.is("static-ip") {
					c.warnf("dedicated-ip", method, "write sni-only", "SSLSupportMethod %s is for browsers of before 2010, and costs $600 a month (2026)", method.words())
				}
			}
		}
	}
}
