package bycli

import "photofit/internal/cfn"

// CloudFormation's properties and the members of the services' own APIs differ in
// spelling and in how lists are written: CloudFront's have their number beside them.

// lifecycle is a bucket's lifecycle configuration as S3's API has it.
func lifecycle(rules any) cfn.Object {
	all := []any{}
	list, _ := rules.([]any)
	for _, r := range list {
		rule, _ := r.(cfn.Object)
		prefix, _ := rule["Prefix"].(string)
		made := cfn.Object{"ID": rule["Id"], "Status": rule["Status"], "Filter": cfn.Object{"Prefix": prefix}}
		if abort, ok := rule["AbortIncompleteMultipartUpload"]; ok {
			made["AbortIncompleteMultipartUpload"] = abort
		}
		if days, ok := rule["ExpirationInDays"]; ok {
			made["Expiration"] = cfn.Object{"Days": days}
		}
		all = append(all, made)
	}
	return cfn.Object{"Rules": all}
}

// counted gives each map with Items its Quantity.
func counted(value any) any {
	switch value := value.(type) {
	case cfn.Object:
		made := cfn.Object{}
		for key, v := range value {
			made[key] = counted(v)
		}
		if items, ok := made["Items"].([]any); ok {
			made["Quantity"] = len(items)
		}
		return made
	case []any:
		made := make([]any, len(value))
		for i, v := range value {
			made[i] = counted(v)
		}
		return made
	}
	return value
}

func items(value any) cfn.Object {
	list, _ := value.([]any)
	return cfn.Object{"Quantity": len(list), "Items": list}
}

// renamed are members that the two spell differently.
var renamed = map[string]string{
	"IPV6Enabled": "IsIPV6Enabled", "AcmCertificateArn": "ACMCertificateArn", "SslSupportMethod": "SSLSupportMethod", "OriginSSLProtocols": "OriginSslProtocols",
}

// lists are members that CloudFormation has as plain lists.
var lists = map[string]bool{"Origins": true, "Aliases": true, "FunctionAssociations": true, "CustomErrorResponses": true, "OriginSSLProtocols": true}

// distribution is a DistributionConfig as CloudFront's API has it.
// https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html
func distribution(config any) any {
	made, ok := member(config).(cfn.Object)
	if !ok {
		return nil
	}
	made["CallerReference"] = "${NAME}"
	behavior, _ := made["DefaultCacheBehavior"].(cfn.Object)
	if methods, ok := behavior["AllowedMethods"]; ok {
		allowed := items(methods)
		if cached, ok := behavior["CachedMethods"]; ok {
			allowed["CachedMethods"] = items(cached)
			delete(behavior, "CachedMethods")
		}
		behavior["AllowedMethods"] = allowed
	}
	origins, _ := made["Origins"].(cfn.Object)["Items"].([]any)
	for _, o := range origins {
		if custom, ok := o.(cfn.Object)["CustomOriginConfig"].(cfn.Object); ok { // the API has no defaults for them
			custom["HTTPPort"], custom["HTTPSPort"] = 80, 443
		}
	}
	return made
}

func member(value any) any {
	switch value := value.(type) {
	case cfn.Object:
		made := cfn.Object{}
		for key, v := range value {
			v = member(v)
			if lists[key] {
				v = items(v)
			}
			if name, ok := renamed[key]; ok {
				key = name
			}
			made[key] = v
		}
		return made
	case []any:
		made := make([]any, len(value))
		for i, v := range value {
			made[i] = member(v)
		}
		return made
	}
	return value
}
