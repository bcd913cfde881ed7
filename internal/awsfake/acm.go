package awsfake

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// certificate is one of ACM's.
type certificate struct {
	arn, region string
	names       []string // the first is the domain name
	token       string
	status      string // PENDING_VALIDATION, ISSUED, FAILED
	reason      string // why it failed
	tags        []tag
	made        time.Time
	issued      time.Time
	asked       int  // how often it was described
	seen        bool // its records, in DNS
}

// maxNames is ACM's quota of names for a certificate.
const maxNames = 10

func acmService() service {
	return service{name: jsonName("CertificateManager"), refuse: refuseJSON("application/x-amz-json-1.1"), operations: map[string]operation{
		"RequestCertificate": fromJSON(requestCertificate), "DescribeCertificate": fromJSON(describeCertificate), "ListCertificates": fromJSON(listCertificates),
		"AddTagsToCertificate": fromJSON(addCertificateTags), "ListTagsForCertificate": fromJSON(listCertificateTags), "DeleteCertificate": fromJSON(deleteCertificate),
	}}
}

// AddCertificate makes an issued certificate for names, and gives its ARN.
func (c *Cloud) AddCertificate(region string, names ...string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	made := c.addCertificate(region, names)
	made.status, made.issued = "ISSUED", c.now()
	return made.arn
}

func (c *Cloud) addCertificate(region string, names []string) *certificate {
	made := &certificate{arn: "arn:" + partition(region) + ":acm:" + region + ":" + c.Account + ":certificate/" + c.uuid(), region: region, names: names, status: "PENDING_VALIDATION", made: c.now()}
	c.certificates = append(c.certificates, made)
	return made
}

// PublishRecords puts the records that certificates of names wait for into DNS, elsewhere
// than in Route 53: they are issued when they are described next.
func (c *Cloud) PublishRecords(names ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, name := range names {
		record, value := c.validation(name)
		c.published[record] = value
	}
}

// FailCertificate has the certificates that wait for a name fail, for a reason such as
// CAA_ERROR.
func (c *Cloud) FailCertificate(name, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, k := range c.certificates {
		if k.status == "PENDING_VALIDATION" && slices.Contains(k.names, name) {
			k.status, k.reason = "FAILED", reason
		}
	}
}

// validation is the record that proves a name, the same for each of an account's
// certificates and for its wildcard.
func (c *Cloud) validation(name string) (record, value string) {
	name = strings.TrimPrefix(name, "*.")
	return "_" + hash("record", c.Account, name)[:32] + "." + name + ".", "_" + hash("value", c.Account, name)[:32] + ".xlfgrmvvlj.acm-validations.aws."
}

func (c *Cloud) certificate(arn string) *certificate {
	for _, k := range c.certificates {
		if k.arn == arn {
			return k
		}
	}
	return nil
}

// covers tells whether a certificate is for a name.
func (k *certificate) covers(name string) bool {
	_, parent, _ := strings.Cut(name, ".")
	return slices.ContainsFunc(k.names, func(n string) bool { return strings.EqualFold(n, name) || strings.EqualFold(n, "*."+parent) })
}

// usedBy are the ARNs of the distributions that have a certificate.
func (c *Cloud) usedBy(k *certificate) []string {
	list := []string{}
	for _, d := range c.distributions {
		if d.certificate() == k.arn {
			list = append(list, "arn:aws:cloudfront::"+c.Account+":distribution/"+d.id)
		}
	}
	slices.Sort(list)
	return list
}

var (
	certificateName  = regexp.MustCompile(`^(\*\.)?([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])$`)
	certificateToken = regexp.MustCompile(`^\w{0,32}$`)
)

type certificateOption struct {
	CertificateTransparencyLoggingPreference, Export, ValidationMethod string `json:",omitempty"`
}

func requestCertificate(c *Cloud, q *call, in struct {
	DomainName, ValidationMethod, IdempotencyToken, KeyAlgorithm string
	SubjectAlternativeNames                                      []string
	Tags                                                         []tag
	Options                                                      *certificateOption
}) (any, error) {
	q.resource = in.DomainName
	names := []string{in.DomainName}
	for _, name := range in.SubjectAlternativeNames {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	bad := func(where, value string) error {
		return refuse(http.StatusBadRequest, "ValidationException", "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint", value, where)
	}
	for _, name := range names {
		if !certificateName.MatchString(name) || len(name) > 253 {
			return nil, bad("domainName", name)
		}
	}
	switch {
	case in.ValidationMethod != "DNS":
		return nil, misunderstood(http.StatusBadRequest, "ValidationException", "only validation by DNS is known here, not %q", in.ValidationMethod)
	case !certificateToken.MatchString(in.IdempotencyToken):
		return nil, bad("idempotencyToken", in.IdempotencyToken)
	case in.KeyAlgorithm != "" && !slices.Contains([]string{"RSA_2048", "EC_prime256v1", "EC_secp384r1"}, in.KeyAlgorithm):
		return nil, bad("keyAlgorithm", in.KeyAlgorithm)
	case len(in.DomainName) > 64:
		return nil, refuse(http.StatusBadRequest, "InvalidDomainValidationOptionsException", "The first domain name can be no more than 64 characters")
	case len(names) > maxNames:
		return nil, refuse(http.StatusBadRequest, "LimitExceededException", "Too many domain names in the certificate request. You can have a maximum of %d.", maxNames)
	}
	if in.IdempotencyToken != "" {
		for _, k := range c.certificates { // within an hour, which a test does not outlast
			if k.region == q.region && k.token == in.IdempotencyToken && slices.Equal(k.names, names) {
				return map[string]string{"CertificateArn": k.arn}, nil
			}
		}
	}
	k := c.addCertificate(q.region, names)
	k.token, k.tags = in.IdempotencyToken, in.Tags
	return map[string]string{"CertificateArn": k.arn}, nil
}

type certificateRequest struct{ CertificateArn string }

// known finds a certificate in the region that a request is for.
func (c *Cloud) known(q *call, arn string) (*certificate, error) {
	q.resource = arn
	if !strings.HasPrefix(arn, "arn:") {
		return nil, misunderstood(http.StatusBadRequest, "ValidationException", "Value '%s' at 'certificateArn' failed to satisfy constraint", arn)
	}
	if k := c.certificate(arn); k != nil && k.region == q.region {
		return k, nil
	}
	return nil, refuse(http.StatusBadRequest, "ResourceNotFoundException", "Could not find certificate %s.", arn)
}

func describeCertificate(c *Cloud, q *call, in certificateRequest) (any, error) {
	k, err := c.known(q, in.CertificateArn)
	if err != nil {
		return nil, err
	}
	// The records are made some time after the request; then ACM looks for them now and
	// then.
	if k.status == "PENDING_VALIDATION" && k.seen {
		k.status, k.issued = "ISSUED", c.now()
	}
	k.seen = k.asked > 0 && !slices.ContainsFunc(k.names, func(name string) bool { return !c.proved(name) })
	type record struct{ Name, Type, Value string }
	type option struct {
		DomainName, ValidationDomain, ValidationMethod, ValidationStatus string
		ResourceRecord                                                   *record `json:",omitempty"`
	}
	options := []option{}
	for _, name := range k.names {
		o := option{name, name, "DNS", "PENDING_VALIDATION", nil}
		switch k.status {
		case "ISSUED":
			o.ValidationStatus = "SUCCESS"
		case "FAILED":
			o.ValidationStatus = "FAILED"
		}
		if k.asked > 0 {
			at, value := c.validation(name)
			o.ResourceRecord = &record{at, "CNAME", value}
		}
		options = append(options, o)
	}
	k.asked++
	out := map[string]any{"CertificateArn": k.arn, "DomainName": k.names[0], "SubjectAlternativeNames": k.names, "Status": k.status, "Type": "AMAZON_ISSUED",
		"KeyAlgorithm": "RSA-2048", "CreatedAt": float64(k.made.UnixMilli()) / 1000, "InUseBy": c.usedBy(k), "DomainValidationOptions": options, "RenewalEligibility": "INELIGIBLE"}
	switch k.status {
	case "ISSUED":
		out["IssuedAt"], out["NotBefore"], out["NotAfter"] = float64(k.issued.UnixMilli())/1000, k.issued.Unix(), k.issued.AddDate(0, 6, 16).Unix()
	case "FAILED":
		out["FailureReason"] = k.reason
	}
	return map[string]any{"Certificate": out}, nil
}

// proved tells whether the record of a name is in DNS.
func (c *Cloud) proved(name string) bool {
	record, value := c.validation(name)
	return c.published[record] == value || c.resolves(record, "CNAME", value)
}

func listCertificates(c *Cloud, q *call, in struct {
	CertificateStatuses []string
	Includes            struct {
		KeyTypes, KeyUsage, ExtendedKeyUsage []string
		ExportOption, ManagedBy              string
	}
	MaxItems                     int
	NextToken, SortBy, SortOrder string
}) (any, error) {
	type summary struct {
		CertificateArn, DomainName, Status, Type, KeyAlgorithm string
		SubjectAlternativeNameSummaries                        []string
		HasAdditionalSubjectAlternativeNames, InUse            bool
		CreatedAt                                              float64
	}
	list := []summary{}
	for _, k := range c.certificates {
		if k.region != q.region || len(in.CertificateStatuses) > 0 && !slices.Contains(in.CertificateStatuses, k.status) ||
			len(in.Includes.KeyTypes) > 0 && !slices.Contains(in.Includes.KeyTypes, "RSA_2048") {
			continue
		}
		list = append(list, summary{k.arn, k.names[0], k.status, "AMAZON_ISSUED", "RSA-2048", k.names, false, len(c.usedBy(k)) > 0, float64(k.made.Unix())})
	}
	size := in.MaxItems
	if size <= 0 {
		size = 100
	}
	found, next, err := page(list, in.NextToken, size)
	if err != nil {
		return nil, err
	}
	out := map[string]any{"CertificateSummaryList": found}
	if next != "" {
		out["NextToken"] = next
	}
	return out, nil
}

func addCertificateTags(c *Cloud, q *call, in struct {
	CertificateArn string
	Tags           []tag
}) (any, error) {
	k, err := c.known(q, in.CertificateArn)
	if err != nil {
		return nil, err
	}
	for _, t := range in.Tags {
		k.tags = append(slices.DeleteFunc(k.tags, sameKey(t.Key)), t)
	}
	return nil, nil
}

func listCertificateTags(c *Cloud, q *call, in certificateRequest) (any, error) {
	k, err := c.known(q, in.CertificateArn)
	if err != nil {
		return nil, err
	}
	return map[string]any{"Tags": append([]tag{}, k.tags...)}, nil
}

func deleteCertificate(c *Cloud, q *call, in certificateRequest) (any, error) {
	k, err := c.known(q, in.CertificateArn)
	if err != nil {
		return nil, err
	}
	if len(c.usedBy(k)) > 0 {
		return nil, refuse(http.StatusBadRequest, "ResourceInUseException", "Certificate %s in account %s is in use.", k.arn, c.Account)
	}
	c.certificates = slices.DeleteFunc(c.certificates, func(o *certificate) bool { return o == k })
	return nil, nil
}
