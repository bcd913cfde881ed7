package lint

const (
	site     = "good/site.yaml"
	function = "good/function.yaml"
	queue    = "good/queue.yaml"
	website  = "good/website.json"
	command  = "good/command.json"
)

const (
	urlDomain = `!Select [2, !Split ["/", !GetAtt Url.FunctionUrl]]`
	filesHost = "DomainName: !GetAtt Files.RegionalDomainName"
)

var originCases = []planted{
	{"target-names-no-origin", site, "TargetOriginId: either", "TargetOriginId: eiter"},
	{"target-names-no-origin", site, "TargetOriginId: api", "TargetOriginId: arn:aws:s3:::files"},
	{"target-names-no-origin", command, `"TargetOriginId": "kept-or-made"`, `"TargetOriginId": "photos"`},
	{"target-names-no-origin", site, "{OriginId: api}", "{OriginId: apis}"},
	{"target-names-no-origin", command, `{"OriginId": "kept"}`, `{"OriginId": "keep"}`},
	{"", site, "TargetOriginId: either", "TargetOriginId: !If [Renamed, files, api]"},
	{"target-names-no-origin", site, "TargetOriginId: either", "TargetOriginId: !If [Renamed, files, apo]"},
	{"", site, "Id: api", "Id: !Ref Suffix"}, // it may be api
	{"", site, "- Id: either", "- Id: !Ref Suffix"},
	{"", site, "        OriginGroups:\n          Quantity: 1\n          Items:", "        OriginGroups:\n          Quantity: 2\n          Items:\n            - !Ref Suffix"},
	{"", function, "Id: answer", "Id: !Sub answer"},
	{"", function, "Id: answer", "Id: !If [Named, answer, other]"}, // the condition may be that of the target
	{"target-names-no-origin", site, "{OriginId: api}", "{OriginId: !If [Renamed, apis, api]}"},

	{"origin-path-slash", site, "OriginPath: /public", "OriginPath: /"},
	{"origin-path-slash", site, "OriginPath: /public", "OriginPath: /public/"},
	{"origin-path-slash", site, "OriginPath: /public", "OriginPath: public"},
	{"origin-path-slash", site, "OriginPath: /public", `OriginPath: !Sub "/${Suffix}/"`},
	{"origin-path-slash", command, `"OriginPath": ""`, `"OriginPath": "/"`},
	{"", site, "OriginPath: /public", `OriginPath: ""`},
	{"", site, "OriginPath: /public", `OriginPath: !Sub "/${Suffix}"`},
	{"", site, "OriginPath: /public", `OriginPath: !Ref Suffix`},

	{"origin-id-twice", site, "Id: api", "Id: files"},
	{"", site, "          - Id: api\n", "          - !If\n            - Renamed\n            - {Id: api, DomainName: api.example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}\n            - {Id: api, DomainName: apis.example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}\n          - Id: other\n"},
	{"no-origins", command, `"Items": [
        {"Id": "kept"`, `"Item": [
        {"Id": "kept"`},

	{"origin-domain", function, urlDomain, "!GetAtt Url.FunctionUrl"},
	{"", function, urlDomain, `!Sub ["${Host}", {Host: ` + urlDomain + `}]`},
	{"origin-domain", site, filesHost, "DomainName: !GetAtt Files.Arn"},
	{"origin-domain", site, filesHost, "DomainName: !Ref Files"},
	{"origin-domain", site, "api.${AWS::Region}.example.com", "https://api.example.com"},
	{"origin-domain", site, "api.${AWS::Region}.example.com", "api.example.com/v1"},
	{"origin-domain", site, filesHost, "DomainName: arn:aws:s3:::files"},

	{"s3-global-endpoint", site, filesHost, "DomainName: !GetAtt Files.DomainName"},
	{"s3-global-endpoint", site, filesHost, "DomainName: !Sub ${Files}.s3.amazonaws.com"},
	{"s3-global-endpoint", command, "photos.s3.eu-central-1.amazonaws.com", "photos.s3.amazonaws.com"},

	{"origin-config", site, "            S3OriginConfig: {OriginAccessIdentity: \"\"}\n", ""},
	{"origin-config", site, "CustomOriginConfig: {OriginProtocolPolicy: https-only, OriginSSLProtocols: [TLSv1.2]}", "Comment: x"},
	{"origin-config", command, "photos.s3.eu-central-1.amazonaws.com", "photos.example.com"},
	{"origin-config", function, "CustomOriginConfig: {OriginProtocolPolicy: https-only}", "S3OriginConfig: {}"},

	{"website-endpoint-with-oac", command, "photos.s3.eu-central-1.amazonaws.com", "photos.s3-website.eu-central-1.amazonaws.com"},
	{"website-endpoint-with-oac", function, "${Files}.s3.${AWS::Region}.", "${Files}.s3-website-${AWS::Region}."},
	{"website-endpoint-https", site, `DomainName: !Sub "api.${AWS::Region}.example.com"`, "DomainName: x.s3-website-us-east-1.amazonaws.com"},

	{"legacy-oai", site, `OriginAccessIdentity: ""`, "OriginAccessIdentity: origin-access-identity/cloudfront/E1"},
	{"legacy-oai", site, "  Access:\n", "  Old:\n    Type: AWS::CloudFront::CloudFrontOriginAccessIdentity\n    Properties: {CloudFrontOriginAccessIdentityConfig: {Comment: x}}\n  Access:\n"},
	{"oac-and-oai", site, `OriginAccessIdentity: ""`, "OriginAccessIdentity: origin-access-identity/cloudfront/E1"},
	{"oai-with-kms", function, "            OriginAccessControlId: !GetAtt ToFiles.Id\n            S3OriginConfig: {}", "            S3OriginConfig: {OriginAccessIdentity: origin-access-identity/cloudfront/E1}"},
	{"s3-origin-unsigned", site, "            OriginAccessControlId: !Ref Access\n", ""},
	{"s3-origin-unsigned", command, `"OriginAccessControlId": "E3EXAMPLE"`, `"OriginAccessControlId": ""`},
	{"oac-not-signing", site, "SigningBehavior: always", "SigningBehavior: never"},
	{"oac-type", function, "OriginAccessControlId: !GetAtt ToUrl.Id", "OriginAccessControlId: !GetAtt ToFiles.Id"},
	{"oac-type", site, "OriginAccessControlOriginType: s3", "OriginAccessControlOriginType: lambda"},

	{"origin-http", function, "OriginProtocolPolicy: https-only", "OriginProtocolPolicy: match-viewer"},
	{"origin-http", command, `"OriginProtocolPolicy": "https-only"`, `"OriginProtocolPolicy": "http-only"`},
	{"origin-tls", site, "OriginSSLProtocols: [TLSv1.2]", "OriginSSLProtocols: [TLSv1.1, TLSv1.2]"},
	{"origin-tls", command, `"Items": ["TLSv1.2"]`, `"Items": ["SSLv3"]`},

	{"timeout-exceeds-origin", function, "Timeout: 25", "Timeout: 30"},
	{"timeout-exceeds-origin", function, "OriginProtocolPolicy: https-only", "OriginProtocolPolicy: https-only, OriginReadTimeout: 20"},
	{"", function, "Timeout: 25", "Timeout: 29"},
	{"connection-attempts", function, "            ConnectionAttempts: 1\n", ""},
	{"connection-attempts", function, "ConnectionAttempts: 1", "ConnectionAttempts: 2"},
	{"function-url-region", command, "lambda-url.eu-central-1", "lambda-url.eu-central-2"},
}
