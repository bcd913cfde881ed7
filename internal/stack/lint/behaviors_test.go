package lint

import "strings"

var behaviorCases = []planted{
	{"http-allowed", site, "ViewerProtocolPolicy: redirect-to-https", "ViewerProtocolPolicy: allow-all"},
	{"http-allowed", command, `"redirect-to-https"`, `"allow-all"`},
	{"legacy-forwarded-values", command, `"CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6",`, `"ForwardedValues": {"QueryString": false, "Cookies": {"Forward": "none"}},`},
	{"legacy-trusted-signers", site, keyPolicy, keyPolicy + "          TrustedSigners: [self]\n"},
	{"writes-need-hash", function, "          ViewerProtocolPolicy: https-only\n", "          ViewerProtocolPolicy: https-only\n          AllowedMethods: [GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE]\n"},
	{"writes-need-hash", command, `{"Quantity": 2, "Items": ["GET", "HEAD"], "C`, `{"Quantity": 7, "Items": ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"], "C`},
	{"methods", site, "AllowedMethods: [GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE]", "AllowedMethods: [GET, HEAD, POST]"},
	{"methods", command, `{"Quantity": 2, "Items": ["GET", "HEAD"], "C`, `{"Quantity": 1, "Items": ["GET"], "C`},
	{"methods", command, `{"Quantity": 2, "Items": ["GET", "HEAD"], "C`, `{"Quantity": 7, "Items": ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"], "C`},
	{"", site, "AllowedMethods: [GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE]", "AllowedMethods: [HEAD, GET]"},
	{"", site, "AllowedMethods: [GET, HEAD, OPTIONS, PUT, PATCH, POST, DELETE]", "AllowedMethods: [HEAD, GET, !If [Renamed, OPTIONS, !Ref AWS::NoValue]]"},
	{"behavior-unreachable", site, `PathPattern: "*.css"`, "PathPattern: /api/*"},
	{"behavior-unreachable", site, "PathPattern: api/*", `PathPattern: "*"`},
	{"root-object-slash", site, "DefaultRootObject: index.html", "DefaultRootObject: /index.html"},
	{"comment-length", site, "Comment: Static files", "Comment: " + strings.Repeat("x", 129)},
	{"", site, "Comment: Static files", "Comment: " + strings.Repeat("é", 128)},
}

const edgeCode = "          return r;\n"

var edgeCases = []planted{
	{"edge-function-size", site, edgeCode, edgeCode + "          // " + strings.Repeat("x", 10_240) + "\n"},
	{"", site, edgeCode, edgeCode + "          // " + strings.Repeat("x", 9_000) + "\n"},
	{"edge-function-unpublished", site, "      AutoPublish: true\n", ""},
	{"edge-function-unpublished", site, "AutoPublish: true", "AutoPublish: false"},
	{"legacy-edge-runtime", site, "cloudfront-js-2.0", "cloudfront-js-1.0"},
	{"edge-function-event", site, "{EventType: viewer-request, FunctionARN", "{EventType: origin-request, FunctionARN"},
	{"edge-lambda-version", site, keyPolicy, keyPolicy + "          LambdaFunctionAssociations: [{EventType: origin-response, LambdaFunctionARN: \"arn:aws:lambda:us-east-1:123456789012:function:resize\"}]\n"},
	{"edge-lambda-version", site, keyPolicy, keyPolicy + "          LambdaFunctionAssociations: [{EventType: origin-response, LambdaFunctionARN: !Sub \"arn:aws:lambda:us-east-1:${AWS::AccountId}:function:resize:$LATEST\"}]\n"},
	{"edge-lambda-version", function, "          ViewerProtocolPolicy: https-only\n", "          ViewerProtocolPolicy: https-only\n          LambdaFunctionAssociations: [{EventType: origin-response, LambdaFunctionARN: !GetAtt Answer.Arn}]\n"},
	{"", site, keyPolicy, keyPolicy + "          LambdaFunctionAssociations: [{EventType: origin-response, LambdaFunctionARN: \"arn:aws:lambda:us-east-1:123456789012:function:resize:7\"}]\n"},
}
