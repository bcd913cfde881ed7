package awsfake

import (
	"encoding/xml"
	"maps"
	"slices"
	"strconv"

	"photofit/internal/cfn"
)

// node is an element of CloudFront's XML.
type node struct {
	name, text string
	kids       []node
}

// MarshalXML is encoding/xml's.
func (n node) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	start := xml.StartElement{Name: xml.Name{Local: n.name}}
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	if n.text != "" {
		if err := e.EncodeToken(xml.CharData(n.text)); err != nil {
			return err
		}
	}
	for _, kid := range n.kids {
		if err := kid.MarshalXML(e, start); err != nil {
			return err
		}
	}
	return e.EncodeToken(start.End())
}

// items are what the members of CloudFront's lists are called.
var items = map[string]string{
	"Aliases": "CNAME", "Origins": "Origin", "OriginGroups": "OriginGroup", "Members": "OriginGroupMember", "StatusCodes": "StatusCode",
	"OriginSslProtocols": "SslProtocol", "AllowedMethods": "Method", "CachedMethods": "Method", "FunctionAssociations": "FunctionAssociation",
	"CustomErrorResponses": "CustomErrorResponse", "CacheBehaviors": "CacheBehavior", "CustomHeaders": "OriginCustomHeader",
}

// spelled are the names that CloudFormation writes otherwise.
var spelled = map[string]string{
	"OriginSSLProtocols": "OriginSslProtocols", "AcmCertificateArn": "ACMCertificateArn", "SslSupportMethod": "SSLSupportMethod", "IPV6Enabled": "IsIPV6Enabled", "OriginCustomHeaders": "CustomHeaders",
}

// configNode is a distribution's configuration as CloudFront has it.
func (d *distribution) configNode() node {
	n := toNode("DistributionConfig", d.config)
	n.kids = append(n.kids, node{name: "CallerReference", text: d.id})
	for _, name := range []string{"Aliases", "CacheBehaviors", "CustomErrorResponses"} {
		if d.config[name] == nil {
			n.kids = append(n.kids, list(name, nil))
		}
	}
	return n
}

// toNode turns a value as CloudFormation has it into CloudFront's.
func toNode(name string, value any) node {
	if other, ok := spelled[name]; ok {
		name = other
	}
	n := node{name: name}
	switch value := value.(type) {
	case cfn.Object:
		if members, ok := value["Items"].([]any); ok && items[name] != "" {
			return list(name, members)
		}
		for _, key := range slices.Sorted(maps.Keys(value)) {
			if name == "DefaultCacheBehavior" && key == "CachedMethods" {
				continue // within AllowedMethods
			}
			kid := toNode(key, value[key])
			if name == "DefaultCacheBehavior" && key == "AllowedMethods" && value["CachedMethods"] != nil {
				kid.kids = append(kid.kids, toNode("CachedMethods", value["CachedMethods"]))
			}
			n.kids = append(n.kids, kid)
		}
	case []any:
		return list(name, value)
	default:
		n.text = text(value)
	}
	return n
}

func list(name string, members []any) node {
	kids := node{name: "Items"}
	for _, m := range members {
		kids.kids = append(kids.kids, toNode(items[name], m))
	}
	return node{name: name, kids: []node{{name: "Quantity", text: strconv.Itoa(len(members))}, kids}}
}
