package awsfake

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"photofit/internal/cfn"
)

// distribution is one of CloudFront's, of this account.
type distribution struct {
	id, domain string
	config     cfn.Object // as CloudFormation has it
	tags       []tag
	etag       string
	modified   string
}

// aliases are the distribution's names.
func (d *distribution) aliases() []string { return texts(d.config["Aliases"]) }

// certificate is the ARN of the distribution's; empty is CloudFront's own.
func (d *distribution) certificate() string {
	return text(cfn.At(d.config, "ViewerCertificate", "AcmCertificateArn"))
}

var edgeName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)

// edgeFunction is one of CloudFront's functions.
type edgeFunction struct {
	name, arn, comment, runtime string
	code, live                  string // of both stages; live is empty if none was published
	etag                        string // of the stage DEVELOPMENT
	modified                    string
}

func putEdgeResource(c *Cloud, _ *stack, r *resource) string {
	name := text(r.properties["Name"])
	code := text(r.properties["FunctionCode"])
	switch {
	case len(code) > 10<<10:
		return handled("Your function size is "+fmt.Sprint(len(code))+" bytes, the maximum is 10240 bytes.", "CloudFront", http.StatusRequestEntityTooLarge, "InvalidRequest")
	case !edgeName.MatchString(name):
		return handled("1 validation error detected: Value '"+name+"' at 'name' failed to satisfy constraint", "CloudFront", http.StatusBadRequest, "InvalidRequest")
	}
	if r.physical == "" {
		if c.edgeFunctions[name] != nil {
			return handled("AWS::CloudFront::Function: The function already exists.", "CloudFront", http.StatusConflict, "AlreadyExists")
		}
		r.physical = "arn:aws:cloudfront::" + c.Account + ":function/" + name
		r.attributes = map[string]string{"FunctionARN": r.physical, "FunctionMetadata.FunctionARN": r.physical, "Stage": "LIVE"}
		c.edgeFunctions[name] = &edgeFunction{name: name, arn: r.physical}
	}
	f := c.edgeFunctions[name]
	if f == nil {
		return handled("The specified function does not exist.", "CloudFront", http.StatusNotFound, "NotFound")
	}
	f.code, f.etag, f.modified = code, "ETV"+strings.ToUpper(hash(name, code, text(c.number()))[:12]), stamp(c.now())
	f.comment, f.runtime = text(cfn.At(r.properties, "FunctionConfig", "Comment")), text(cfn.At(r.properties, "FunctionConfig", "Runtime"))
	if text(r.properties["AutoPublish"]) == "true" {
		f.live = code
	}
	return ""
}

func removeEdgeResource(c *Cloud, _ *stack, r *resource) string {
	for _, d := range c.distributions {
		if strings.Contains(fmt.Sprint(d.config), r.physical) {
			return handled("Cannot delete function, it is in use by 1 distributions.", "CloudFront", http.StatusConflict, "ResourceConflict")
		}
	}
	delete(c.edgeFunctions, r.physical[strings.LastIndex(r.physical, "/")+1:])
	return ""
}

func putDistributionResource(c *Cloud, s *stack, r *resource) string {
	config, _ := r.properties["DistributionConfig"].(cfn.Object)
	if reason := c.validDistribution(config, r.physical); reason != "" {
		return reason
	}
	if r.physical == "" {
		r.physical = "E" + strings.ToUpper(r.unique(13))
		d := &distribution{id: r.physical, domain: "d" + r.unique(13) + ".cloudfront.net"}
		r.attributes["Id"], r.attributes["DomainName"] = d.id, d.domain
		c.distributions[d.id] = d
	}
	d := c.distributions[r.physical]
	if d == nil {
		return handled("The specified distribution does not exist.", "CloudFront", http.StatusNotFound, "NotFound")
	}
	d.config, d.tags = config, s.tags
	d.etag, d.modified = "E"+strings.ToUpper(hash(d.id, text(c.number()))[:12]), stamp(c.now())
	return ""
}

func removeDistributionResource(c *Cloud, _ *stack, r *resource) string {
	delete(c.distributions, r.physical)
	return ""
}

// validDistribution is why CloudFront refuses a configuration.
func (c *Cloud) validDistribution(config cfn.Object, own string) string {
	refused := func(status int, words string) string {
		return handled("Invalid request provided: AWS::CloudFront::Distribution: "+words, "CloudFront", status, "InvalidRequest")
	}
	origins := map[string]bool{}
	list, _ := config["Origins"].([]any)
	for _, o := range list {
		origins[text(cfn.At(o, "Id"))] = true
	}
	groups, _ := cfn.At(config, "OriginGroups", "Items").([]any)
	for _, g := range groups {
		origins[text(cfn.At(g, "Id"))] = true
	}
	if len(list) == 0 || !origins[text(cfn.At(config, "DefaultCacheBehavior", "TargetOriginId"))] {
		return refused(http.StatusNotFound, "One or more of your origins or origin groups do not exist.")
	}
	aliases := texts(config["Aliases"])
	arn := text(cfn.At(config, "ViewerCertificate", "AcmCertificateArn"))
	switch {
	case arn == "" && len(aliases) > 0:
		return refused(http.StatusBadRequest, "To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted certificate that validates your authorization to use the domain name. For more details, see: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html#alternate-domain-names-requirements")
	case arn != "":
		certificate := c.certificate(arn)
		if certificate == nil || certificate.status != "ISSUED" {
			return refused(http.StatusBadRequest, "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.")
		}
		for _, alias := range aliases {
			if !certificate.covers(alias) {
				return refused(http.StatusBadRequest, "The certificate that is attached to your distribution doesn't cover the alternate domain name (CNAME) that you're trying to add. For more details, see: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html#alternate-domain-names-requirements")
			}
		}
	}
	for _, alias := range aliases {
		taken := c.taken[alias]
		for id, d := range c.distributions {
			taken = taken || id != own && slices.Contains(d.aliases(), alias)
		}
		if taken {
			return refused(http.StatusConflict, "One or more of the CNAMEs you provided are already associated with a different resource.")
		}
	}
	return ""
}

// TakeAlias has names belong to distributions of another account.
func (c *Cloud) TakeAlias(aliases ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range aliases {
		c.taken[a] = true
	}
}
