//go:build !function

package main

import (
	"slices"
	"strings"
	"testing"

	"photofit/internal/check"
)

// Pieces of the template that mistakes replace.
const (
	ofDistribution = `!Sub "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"`
	objectsGrant   = "            Action: s3:GetObject\n            Resource: !Sub \"${Renditions.Arn}/*\"\n            Condition:\n              StringEquals:\n                aws:SourceArn: " + ofDistribution
	readsGrant     = "            Principal: {Service: cloudfront.amazonaws.com}\n" + objectsGrant
	listGrant      = "            Action: s3:ListBucket\n            Resource: !GetAtt Renditions.Arn\n            Condition"
	codes          = "Items: [400, 403, 404]"
	urlAuth        = "      AuthType: AWS_IAM\n      InvokeMode"
	urlGrant       = "      Principal: cloudfront.amazonaws.com\n      FunctionUrlAuthType: AWS_IAM\n      SourceArn: " + ofDistribution
	invokeGrant    = "      Principal: cloudfront.amazonaws.com\n      InvokedViaFunctionUrl: true\n      SourceArn: " + ofDistribution
	renditionsAre  = "    UpdateReplacePolicy: Delete\n    Properties:\n      OwnershipControls:\n        Rules: [{ObjectOwnership: BucketOwnerEnforced}]\n      PublicAccessBlockConfiguration:\n        BlockPublicAcls: true\n        BlockPublicPolicy: true\n        IgnorePublicAcls: true\n        RestrictPublicBuckets: true"
	edgeIs         = "          FunctionAssociations:\n            - EventType: viewer-request\n              FunctionARN: !GetAtt Edge.FunctionARN\n"
)

// mistakes are templates as people get them wrong: what is replaced in the right
// one, and either the check that turns red, with a word of its fix, or the word that
// the deployment is refused with.
var mistakes = []struct {
	name     string
	replaces []string // pairs of old and new
	red, fix string
	refused  string
}{
	{name: "no GetObject grant", replaces: []string{objectsGrant, strings.Replace(objectsGrant, "GetObject", "GetObjectAcl", 1)}, red: "the bucket answers for what is kept", fix: "s3:GetObject"},
	{name: "GetObject grant for another distribution", replaces: []string{objectsGrant, strings.Replace(objectsGrant, "${Distribution}", "EOTHER", 1)}, red: "the bucket answers for what is kept", fix: "SourceArn"},
	{name: "no access control on the bucket", replaces: []string{"            OriginAccessControlId: !Ref RenditionsAccess\n", ""}, red: "the bucket answers for what is kept", fix: "origin access control"},
	{name: "access control that does not sign", replaces: []string{"OriginAccessControlOriginType: s3\n        SigningBehavior: always", "OriginAccessControlOriginType: s3\n        SigningBehavior: never"}, red: "the bucket answers for what is kept", fix: "always signs"},
	{name: "public bucket", replaces: []string{renditionsAre, strings.Replace(renditionsAre, "RestrictPublicBuckets: true", "RestrictPublicBuckets: false", 1), readsGrant, "            Principal: \"*\"\n            Action: s3:GetObject\n            Resource: !Sub \"${Renditions.Arn}/*\""}, red: "the bucket alone refuses", fix: "public"},
	{name: "no ListBucket, and failover without 403", replaces: []string{listGrant, strings.Replace(listGrant, "ListBucket", "ListBucketVersions", 1), codes, "Items: [400, 404]"}, red: "a photo is rendered", fix: "s3:ListBucket"},

	{name: "one grant of two", replaces: []string{"Action: lambda:InvokeFunction\n", "Action: lambda:GetFunction\n"}, red: "an unknown photo is a 404", fix: "one of the two"},
	{name: "the other grant of two", replaces: []string{"Action: lambda:InvokeFunctionUrl\n", "Action: lambda:GetFunction\n"}, red: "an unknown photo is a 404", fix: "one of the two"},
	{name: "grant for another distribution", replaces: []string{invokeGrant, strings.Replace(invokeGrant, "${Distribution}", "EOTHER", 1)}, red: "an unknown photo is a 404", fix: "SourceArn"},
	{name: "no access control on the function", replaces: []string{"            OriginAccessControlId: !Ref RenderAccess\n", ""}, red: "a photo is rendered", fix: "type lambda"},
	{name: "AuthType NONE", replaces: []string{urlAuth, strings.Replace(urlAuth, "AWS_IAM", "NONE", 1)}, red: "a photo is rendered", fix: "AWS_IAM"},
	{name: "AuthType NONE for anybody", replaces: []string{urlAuth, strings.Replace(urlAuth, "AWS_IAM", "NONE", 1), urlGrant, "      Principal: \"*\"\n      FunctionUrlAuthType: NONE", invokeGrant, "      Principal: \"*\"\n      InvokedViaFunctionUrl: true"}, red: "the function alone refuses", fix: "AWS_IAM"},
	{name: "BUFFERED url", replaces: []string{"InvokeMode: RESPONSE_STREAM", "InvokeMode: BUFFERED"}, refused: "RESPONSE_STREAM"},

	{name: "failover without 404", replaces: []string{codes, "Items: [400, 403]"}, red: "a photo is rendered", fix: "400, 403 and 404"},
	{name: "failover without 400", replaces: []string{codes, "Items: [403, 404]"}, red: "hostile names", fix: "400, 403 and 404"},
	{name: "no failover", replaces: []string{"TargetOriginId: kept-or-made", "TargetOriginId: renditions"}, red: "a photo is rendered", fix: "400, 403 and 404"},
	{name: "no bucket in front", replaces: []string{"TargetOriginId: kept-or-made", "TargetOriginId: render"}, red: "the bucket answers for what is kept", fix: "bucket"},
	{name: "wrong TargetOriginId", replaces: []string{"TargetOriginId: kept-or-made", "TargetOriginId: arn:aws:s3:::renditions"}, refused: "NoSuchOrigin"},
	{name: "OriginPath of a slash", replaces: []string{"          - Id: renditions\n", "          - Id: renditions\n            OriginPath: /\n"}, refused: "OriginPath"},
	{name: "global endpoint", replaces: []string{"!GetAtt Renditions.RegionalDomainName", "!GetAtt Renditions.DomainName"}, refused: "regional domain name"},
	{name: "aliases with the default certificate", replaces: []string{`!If [HasAliases, !Split [",", !Ref Aliases], !Ref AWS::NoValue]`, "[media.example.com]"}, refused: "InvalidViewerCertificate"},

	{name: "no edge function", replaces: []string{edgeIs, ""}, red: "no bucket is listed", fix: "viewer-request"},
	{name: "unpublished edge function", replaces: []string{"AutoPublish: true", "AutoPublish: false"}, refused: "AutoPublish"},
	{name: "edge function that throws", replaces: []string{"function handler(", "function handler() { throw 1 } function other("}, red: "the edge refuses what is no request", fix: "throws"},
	{name: "edge function of another shelf", replaces: []string{`"/r1"`, `"/r9"`}, red: "the bucket answers for what is kept", fix: "shelf"},

	{name: "Accept in the cache key", replaces: []string{"HeadersConfig: {HeaderBehavior: none}", "HeadersConfig: {HeaderBehavior: whitelist, Headers: [Accept]}"}, red: "the second ask is a hit", fix: "cache policy"},
	{name: "nothing is cached", replaces: []string{"CachePolicyId: !Ref Cache", "CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad"}, red: "the second ask is a hit", fix: "MaxTTL"},
	{name: "MinTTL above 0", replaces: []string{"MinTTL: 0\n        DefaultTTL", "MinTTL: 3600\n        DefaultTTL"}, red: "the function's answer is let go after a minute", fix: "MinTTL"},
	{name: "long error TTL", replaces: []string{"- {ErrorCode: 500,", "- {ErrorCode: 404, ErrorCachingMinTTL: 300}\n          - {ErrorCode: 500,"}, red: "an upload shows within ten seconds", fix: "ErrorCachingMinTTL"},
	{name: "no cache tags", replaces: []string{"        CacheTagConfig: {HeaderName: x-amz-meta-cache-tag}\n", ""}, red: "the tag makes the edge let go", fix: "CacheTagConfig"},
	{name: "cache tags of another header", replaces: []string{"CacheTagConfig: {HeaderName: x-amz-meta-cache-tag}", "CacheTagConfig: {HeaderName: cache-tag}"}, red: "the tag makes the edge let go", fix: "x-amz-meta-cache-tag"},

	{name: "no headers policy", replaces: []string{"          ResponseHeadersPolicyId: !Ref Headers\n", ""}, red: "headers", fix: "ResponseHeadersPolicyId"},
	{name: "no Vary", replaces: []string{"            - {Header: Vary, Value: Accept, Override: true}\n", ""}, red: "formats by Accept", fix: "Vary"},
	{name: "metadata is shown", replaces: []string{"            - Header: x-amz-meta-source\n", ""}, red: "headers", fix: "removes"},
	{name: "http is answered", replaces: []string{"redirect-to-https", "allow-all"}, red: "HTTPS only", fix: "redirect-to-https"},
	{name: "all methods", replaces: []string{"AllowedMethods: [GET, HEAD]", "AllowedMethods: [GET, HEAD, OPTIONS, PUT, POST, PATCH, DELETE]"}, red: "GET and HEAD only", fix: "AllowedMethods"},

	{name: "nothing is kept", replaces: []string{"PHOTOFIT_CACHE: !Sub s3://${Renditions}\n  RenderUrl", "PHOTOFIT_CACHE: none\n  RenderUrl"}, red: "what was rendered is kept", fix: "PHOTOFIT_CACHE"},
	{name: "a setting is missing", replaces: []string{"PHOTOFIT_CACHE: !Sub s3://${Renditions}\n  RenderUrl", "PHOTOFIT_NOTHING: none\n  RenderUrl"}, red: "a photo is rendered", fix: "does not start"},
	{name: "another ladder", replaces: []string{"PHOTOFIT_CACHE: !Sub s3://${Renditions}\n  RenderUrl", "PHOTOFIT_CACHE: !Sub s3://${Renditions}\n          PHOTOFIT_WIDTHS: 100,200\n  RenderUrl"}, red: "a photo is rendered", fix: "of another policy"},
	{name: "no masters are made", replaces: []string{"PHOTOFIT_MASTERS: !Ref Masters\n          PHOTOFIT_WARM", "PHOTOFIT_MASTERS: \"false\"\n          PHOTOFIT_WARM"}, red: "an upload leaves its master", fix: "Purge"},
	{name: "the purge has no memory for masters", replaces: []string{"MemorySize: !If [MakesAhead, !Ref MemorySize, 128]", "MemorySize: 128"}, red: "an upload leaves its master", fix: "memory"},
	{name: "masters are not used", replaces: []string{"PHOTOFIT_MASTERS: !Ref Masters\n          PHOTOFIT_CACHE", "PHOTOFIT_MASTERS: \"false\"\n          PHOTOFIT_CACHE"}, red: "an upload leaves its master", fix: "Render"},
	{name: "too little memory", replaces: []string{"MemorySize: !Ref MemorySize\n      Timeout: 55", "MemorySize: 128\n      Timeout: 55"}, red: "a photo is rendered", fix: "MemorySize"},
}

// replaced is the template with a mistake.
func replaced(t *testing.T, pairs []string) string {
	t.Helper()
	template := newTemplate(t)
	for pair := range slices.Chunk(pairs, 2) {
		if strings.Count(template, pair[0]) != 1 {
			t.Fatalf("%q is in the template %d times", pair[0], strings.Count(template, pair[0]))
		}
		template = strings.Replace(template, pair[0], pair[1], 1)
	}
	return template
}

// TestMistakes has each of the mistakes turn its check red.
func TestMistakes(t *testing.T) {
	needsServer(t)
	for _, m := range mistakes {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			d, err := bringUp(t, replaced(t, m.replaces))
			if m.refused != "" {
				if err == nil || !strings.Contains(err.Error(), m.refused) {
					t.Errorf("%v, want %s", err, m.refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if r := d.run(t, m.red)[m.red]; r.Status != check.Failed || !strings.Contains(r.Fix, m.fix) {
				t.Errorf("%s: %s: %s (%s), want a fix with %q", m.red, r.Status, r.Detail, r.Fix, m.fix)
			}
		})
	}
}

// TestHarmless has what the rest of the stack makes up for stay green: there is
// nothing to see from outside, and nothing to repair.
func TestHarmless(t *testing.T) {
	needsServer(t)
	for name, pairs := range map[string][]string{
		"no ListBucket, as 403 fails over, too":             {listGrant, strings.Replace(listGrant, "ListBucket", "ListBucketVersions", 1)},
		"queries in the key, as the edge leaves none":       {"QueryStringsConfig: {QueryStringBehavior: none}", "QueryStringsConfig: {QueryStringBehavior: all}"},
		"three attempts, as the function answers the first": {"            ConnectionAttempts: 1 # three would repeat a slow render\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := bringUp(t, replaced(t, pairs))
			if err != nil {
				t.Fatal(err)
			}
			for name, r := range d.run(t, "") {
				if r.Status == check.Failed {
					t.Errorf("%s: %s", name, r.Detail)
				}
			}
		})
	}
}
