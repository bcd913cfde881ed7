package lint

const (
	keyPolicy  = "          CachePolicyId: !Ref Key\n"
	negotiated = `          OriginRequestPolicyId: !Ref ToOrigin
          ResponseHeadersPolicyId: !Ref Headers
          FunctionAssociations: [{EventType: viewer-request, FunctionARN: !GetAtt Rewrite.FunctionARN}]
`
	values = "          ForwardedValues: {QueryString: false}\n"
)

var cachingCases = []planted{
	{"no-cache-policy", site, keyPolicy, ""},
	{"no-cache-policy", command, `"CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",`, ""},
	{"cache-policy-and-forwarded-values", site, keyPolicy, keyPolicy + values},
	{"cache-policy-and-forwarded-values", command, `"Compress": true`, `"Compress": true, "ForwardedValues": {"QueryString": false, "Cookies": {"Forward": "none"}}`},

	{"ttl-order", site, "DefaultTTL: 3600", "DefaultTTL: 90000"},
	{"ttl-order", site, "MinTTL: 0", "MinTTL: 4000"},
	{"ttl-order", site, "MinTTL: 0\n        DefaultTTL: 3600", "MinTTL: 90000"},
	{"min-ttl", site, "MinTTL: 0", "MinTTL: 60"},
	{"min-ttl", site, keyPolicy, values + "          MinTTL: 3600\n"},
	{"", site, "MinTTL: 0", "MinTTL: 1"},
	{"", site, "DefaultTTL: 3600", "DefaultTTL: 86400"},
	{"", site, "DefaultTTL: 3600", "DefaultTTL: 0"},

	{"error-ttl-long", site, "{ErrorCode: 503, ErrorCachingMinTTL: 1}", "{ErrorCode: 503, ErrorCachingMinTTL: 600}"},
	{"error-ttl-long", site, "{ErrorCode: 503, ErrorCachingMinTTL: 1}", "{ErrorCode: 502}"},
	{"error-ttl-long", command, `"ErrorCachingMinTTL": 5`, `"ErrorCachingMinTTL": 500`},
	{"", site, "ResponsePagePath: /404.html, ErrorCachingMinTTL: 10", "ResponsePagePath: /404.html"},
	{"error-ttl-long", site, "{ErrorCode: 404, ResponseCode: 404, ResponsePagePath: /404.html, ErrorCachingMinTTL: 10}", "{ErrorCode: 404, ErrorCachingMinTTL: 86400}"},
	{"error-ttl-long", command, `{"ErrorCode": 502,`, `{"ErrorCode": 403, "ResponsePagePath": "", "ResponseCode": "", "ErrorCachingMinTTL": 86400}, {"ErrorCode": 502,`},
	{"", site, "{ErrorCode: 404, ResponseCode: 404, ResponsePagePath: /404.html, ErrorCachingMinTTL: 10}", "{ErrorCode: 404}"},
	{"", site, "ResponsePagePath: /404.html, ErrorCachingMinTTL: 10", "ResponsePagePath: /404.html, ErrorCachingMinTTL: 86400"},

	{"failover-code", site, "{Quantity: 2, Items: [403, 404]}", "{Quantity: 3, Items: [403, 404, 429]}"},
	{"failover-code", command, `{"Quantity": 2, "Items": [403, 404]}`, `{"Quantity": 3, "Items": [403, 404, 401]}`},
	{"", site, "{Quantity: 2, Items: [403, 404]}", "{Quantity: 4, Items: [400, 403, 404, 416]}"},
	{"group-of-one", site, "[{OriginId: files}, {OriginId: api}]", "[{OriginId: files}, {OriginId: files}]"},
	{"origin-id-twice", site, "- Id: either", "- Id: api"},
	{"policy-list-missing", site, "{QueryStringBehavior: whitelist, QueryStrings: [v]}", "{QueryStringBehavior: whitelist}"},
	{"policy-list-missing", site, "{HeaderBehavior: whitelist, Headers: [Origin]}", "{HeaderBehavior: allExcept, Headers: []}"},
	{"", site, "{QueryStringBehavior: whitelist, QueryStrings: [v]}", "{QueryStringBehavior: whitelist, QueryStrings: !Ref Suffix}"},
	{"policy-id", site, "OriginRequestPolicyId: b689b0a8-53d0-40ab-baf2-68738e2966ac", "OriginRequestPolicyId: AllViewerExceptHostHeader"},
	{"policy-id", command, `"CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"`, `"CachePolicyId": "CachingOptimized"`},

	{"failover-lacks-missing", site, "{Quantity: 2, Items: [403, 404]}", "{Quantity: 2, Items: [404, 500]}"},
	{"failover-lacks-missing", command, `{"Quantity": 2, "Items": [403, 404]}`, `{"Quantity": 1, "Items": [500]}`},

	{"query-in-cache-key", site, "{QueryStringBehavior: whitelist, QueryStrings: [v]}", "{QueryStringBehavior: all}"},
	{"query-in-cache-key", site, keyPolicy, "          ForwardedValues: {QueryString: true}\n"},
	{"legacy-forwarded-values", site, keyPolicy, "          ForwardedValues: {QueryString: true, QueryStringCacheKeys: [v]}\n"},

	{"host-forwarded", site, "Headers: [Origin]", "Headers: [Origin, host]"},
	{"host-forwarded", site, "HeadersConfig: {HeaderBehavior: whitelist, Headers: [Origin]}", "HeadersConfig: {HeaderBehavior: allViewer}"},
	{"host-forwarded", site, "HeadersConfig: {HeaderBehavior: whitelist, Headers: [Origin]}", "HeadersConfig: {HeaderBehavior: allExcept, Headers: [Origin]}"},
	{"", site, "HeadersConfig: {HeaderBehavior: whitelist, Headers: [Origin]}", "HeadersConfig: {HeaderBehavior: allExcept, Headers: [Host]}"},
	{"host-forwarded", site, "Headers: [Accept]", "Headers: [Accept, Host]"},
	{"host-forwarded", site, keyPolicy, "          ForwardedValues: {QueryString: false, Headers: ['*']}\n"},
	{"host-forwarded", site, "OriginRequestPolicyId: !Ref ToOrigin", "OriginRequestPolicyId: 216adef6-5c7f-47e4-b989-5492eafa07d3"},
	{"host-forwarded", command, `"Compress": true`, `"Compress": true, "OriginRequestPolicyId": "216adef6-5c7f-47e4-b989-5492eafa07d3"`},
	{"", site, "OriginRequestPolicyId: b689b0a8-53d0-40ab-baf2-68738e2966ac", "OriginRequestPolicyId: 216adef6-5c7f-47e4-b989-5492eafa07d3"}, // another's server knows its names

	{"vary-missing", site, "          ResponseHeadersPolicyId: !Ref Headers\n", ""},
	{"vary-missing", site, "{Header: Vary,", "{Header: X-Vary,"},
	{"vary-missing", site, negotiated, ""},
	{"vary-missing", site, keyPolicy + negotiated, "          ForwardedValues: {QueryString: false, Headers: [Accept]}\n"},
	{"", site, negotiated, "          FunctionAssociations: [{EventType: viewer-response, FunctionARN: !GetAtt Rewrite.FunctionARN}]\n"}, // it may set it
	{"vary-missing", site, "ResponseHeadersPolicyId: !Ref Headers", "ResponseHeadersPolicyId: 67f7725c-6f97-4210-82d7-5512b31e9d03"},     // AWS's own, which has none
	{"", site, "ResponseHeadersPolicyId: !Ref Headers", "ResponseHeadersPolicyId: 67f7725c-6f97-4210-82d7-5512b31e9d04"},                 // who knows
	{"vary-missing", site, "{Header: Vary, Value: Accept,", "{Header: Vary, Value: Accept-Encoding,"},
	{"", site, "{Header: Vary, Value: Accept,", "{Header: Vary, Value: 'Origin, accept',"},
	{"", site, "{Header: Vary, Value: Accept,", "{Header: Vary, Value: !Ref Suffix,"},

	{"cache-policy-quota", queue, "Resources:\n", "Resources:\n" + policies(21)},
	{"", queue, "Resources:\n", "Resources:\n" + policies(20)},
}

// policies are n cache policies.
func policies(n int) (text string) {
	for i := range n {
		name := "P" + string(rune('a'+i))
		text += "  " + name + ": {Type: AWS::CloudFront::CachePolicy, Properties: {CachePolicyConfig: {Name: " + name + ", MinTTL: 0, DefaultTTL: 0, MaxTTL: 9, ParametersInCacheKeyAndForwardedToOrigin: {EnableAcceptEncodingGzip: true, CookiesConfig: {CookieBehavior: none}, HeadersConfig: {HeaderBehavior: none}, QueryStringsConfig: {QueryStringBehavior: none}}}}}\n"
	}
	return text
}
