package lint

import (
	"errors"

	"photofit/internal/cfn"
)

var errNoKind = errors.New("it is neither a CloudFormation template (a map with Resources) nor a DistributionConfig in JSON, as `aws cloudfront create-distribution --distribution-config` takes it, bare or in the answer of get-distribution-config, get-distribution or --generate-cli-skeleton; that is what lint takes")

func isTemplate(root cfn.Object) bool {
	_, resources := root["Resources"]
	_, version := root["AWSTemplateFormatVersion"]
	return resources || version
}

// configIn finds the DistributionConfig of a document: bare, or in what the
// command line wraps it.
func configIn(root place) (config place, ok bool) {
	for range 3 {
		m, _ := root.value.(cfn.Object)
		inner := ""
		for _, name := range []string{"DistributionConfigWithTags", "DistributionConfig", "Distribution"} {
			if _, there := m[name].(cfn.Object); there {
				inner = name
				break
			}
		}
		if inner == "" {
			break
		}
		root, ok = root.at(inner), true
	}
	m, _ := root.value.(cfn.Object)
	found := 0
	for _, name := range []string{"CallerReference", "Origins", "DefaultCacheBehavior", "Enabled", "ViewerCertificate", "Aliases", "PriceClass"} {
		if _, there := m[name]; there {
			found++
		}
	}
	return root, found > 1 || ok && found > 0
}
