package lint

import (
	"fmt"
	"strings"
)

var templateCases = []planted{
	{"unknown-section", site, "Parameters:", "Parameter: {}\nParameters:"},
	{"format-version", site, `"2010-09-09"`, `"2011-09-09"`},
	{"template-quota", site, "Description: A", "Description: A" + strings.Repeat("a", 1024)},
	{"template-quota", queue, "Resources:\n", "Resources:\n" + topics(500)},
	{"", queue, "Resources:\n", "Resources:\n" + topics(400)},
	{"template-size", queue, "Resources:\n", strings.Repeat("# "+strings.Repeat("x", 500)+"\n", 110) + "Resources:\n"},
	{"no-resources", website, `"Resources": {`, `"Resources": {}, "Metadata": {`},
	{"logical-id", queue, "  Work:\n", "  My-Work: {Type: AWS::SQS::Queue}\n  Work:\n"},
	{"wrong-type", queue, "  Work:\n", "  Other: AWS::SQS::Queue\n  Work:\n"},
	{"no-type", queue, "  Failed:\n    Type: AWS::SQS::Queue\n", "  Failed: {}\n"},
	{"unknown-type", queue, "AWS::SQS::QueuePolicy", "AWS::SQS::QueuesPolicy"},
	{"unknown-type", queue, "AWS::SQS::QueuePolicy", "SQS"},
	{"required-missing", queue, "  Work:\n", "  Other: {Type: AWS::IAM::Policy, Properties: {PolicyName: x, PolicyDocument: {Statement: []}}}\n  Work:\n"},
	{"", queue, "  Work:\n", "  Other: {Type: AWS::IAM::Policy, Properties: {PolicyName: x, PolicyDocument: {Statement: []}, Roles: [!Ref Role]}}\n  Work:\n"},
	{"required-missing", queue, "  Work:\n", "  Other: {Type: AWS::Lambda::Url}\n  Work:\n"},
	{"unknown-type", queue, "AWS::SQS::QueuePolicy", "AWS::Serverless::Function"},
	{"", queue, "  Work:\n", "  Other: {Type: Custom::Thing, Properties: {ServiceToken: !GetAtt Worker.Arn, Any: 1}}\n  Third: {Type: \"AWS::CloudFormation::CustomResource\", Properties: {ServiceToken: !GetAtt Other.Any}}\n  Work:\n"},
	{"", queue, "Resources:\n", "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::Queues: [Name, [A, B], {'Queue${Name}': {Type: AWS::SQS::Queue}}]\n  More: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref QueueA}}\n"},
	{"", queue, "  Work:\n", "  Other: {Type: AWS::WAFv2::WebACL, Properties: {Any: 1}}\n  Work:\n"},
	{"", queue, "  Work:\n", "  Other: {Type: Custom::Thing, Version: '1.0', Properties: {ServiceToken: !GetAtt Worker.Arn}}\n  Work:\n"},
	{"", queue, "  Work:\n", "  Other:\n    Type: !Rain::Module other.yaml\n    Overrides: {A: 1}\n  More: {Type: AWS::SQS::Queue, Properties: {Any: !GetAtt OtherQueue.Arn}}\n  Work:\n"},
	{"", queue, "Resources:\n", "Transform: [Mine, AWS::LanguageExtensions]\nResources:\n  Other: {Type: Mine, Any: 1}\n  More: {Type: AWS::SQS::Queue, Properties: {Any: 1}}\n"},
	{"unknown-attribute", queue, "    DeletionPolicy: Delete\n", "    DeletionPolicy: Delete\n    BucketName: x\n"},
	{"no-such-value", queue, "    DeletionPolicy: Delete\n", "    DeletionPolicy: Keep\n"},
	{"required-missing", queue, "Uploads: {Type: String}", "Uploads: {Default: x}"},
	{"default-not-allowed", site, "Default: 90", "Default: 60"},
	{"default-not-allowed", queue, "Uploads: {Type: String}", "Uploads: {Type: Number, Default: 64, MinValue: 256}"},
	{"", queue, "Uploads: {Type: String}", "Uploads: {Type: Number, Default: 64, MinValue: 64, MaxValue: 64}"},
	{"no-such-value", queue, "Uploads: {Type: String}", "Uploads: {Type: Text}"},
	{"", queue, "Uploads: {Type: String}", "Uploads: {Type: 'AWS::SSM::Parameter::Value<String>'}"},
	{"", queue, "Uploads: {Type: String}", "Uploads: {Type: 'AWS::SSM::Parameter::Value<List<AWS::EC2::Image::Id>>'}"},
	{"", queue, "Uploads: {Type: String}", "Uploads: {Type: 'List<AWS::EC2::Subnet::Id>'}"},
	{"required-missing", queue, "Resources:\n", "Outputs:\n  Name: {Description: x}\nResources:\n"},
	{"", queue, "Resources:\n", "Outputs:\n  Name: {Value: x}\nResources:\n"},
	{"function-in-command", command, `"CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"`, `"CachePolicyId": {"Ref": "Key"}`},
	{"unknown-function", function, "AWS_LWA_INVOKE_MODE: response_stream", "AWS_LWA_INVOKE_MODE: !Nope response_stream"},
	{"", function, "AWS_LWA_INVOKE_MODE: response_stream", "AWS_LWA_INVOKE_MODE: '${Zip}'"},
	{"not-json", website, `"Resources": {`, `"Conditions": {"Any": {"Fn::Equals": ["a", "a"],},}, "Resources": {`},
	{"not-json", command, `"Compress": true`, `"Compress": True`},
	{"default-not-allowed", site, `AllowedPattern: "[a-z]*"`, `AllowedPattern: "[a-z]+"`},

	{"sub-missing", queue, "!Sub \"arn:aws:s3:::${Uploads}\"", "\"arn:aws:s3:::${Uploads}\""},
	{"sub-missing", queue, "RoleName: worker", "RoleName: worker-${AWS::Region}"},
	{"", queue, "RoleName: worker", "RoleName: !Sub \"worker-${AWS::Region}\""},
	{"", queue, "              return {", "              return f'${Uploads}' and {"}, // that is Python's
	{"null-value", queue, "Resources:\n", "Outputs:\nResources:\n"},
	{"", queue, "  Work:\n", "  More: {Type: \"My::Own::Thing::MODULE\", Properties: {Name: x}}\n  Alert: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref MoreBucket}}\n  Work:\n"},
	{"", queue, "Resources:\n", "Transform: AWS::Serverless-2016-10-31\nResources:\n  Api: {Type: AWS::Serverless::Api, Properties: {A: !GetAtt Fn.Arn}}\n  Fn: {Type: AWS::Serverless::Function, Properties: {B: !Ref Api}}\n"},
	{"", queue, "BatchSize: 100", "BatchSize: \"{{resolve:ssm:/batch}}\""},
	{"", site, "Aliases: [www.example.com, example.com]", "Aliases: [\"{{resolve:ssm:/alias}}\", www.example.com]"},
	{"", function, `Code: {S3Bucket: zips.example.com, S3Key: !Sub "answer-${Zip}.zip"}`, "Code: ./answer\n      Description: !Ref Zip"},
	{"", site, `    Type: String
    Default: ""
    AllowedPattern: "[a-z]*"`, `    Type: CommaDelimitedList
    Default: "a,b"
    AllowedPattern: "[a-z]"`},
	{"unknown-function", queue, "!GetAtt Failed.Arn", "!GetAttr Failed.Arn"},
	{"unknown-function", website, `"Fn::Join"`, `"Fn::join"`},
	{"function-form", site, "!If [Renamed, !Sub \"files-${Suffix}\", !Ref AWS::NoValue]", "!If [Renamed, !Sub \"files-${Suffix}\"]"},
	{"function-form", function, `!Select [2, !Split ["/", !GetAtt Url.FunctionUrl]]`, `!Select [2, !Split "/"]`},
	{"function-form", website, `{"Fn::Join": ["", [{"Fn::GetAtt": ["Site", "Arn"]}, "/*"]]}`, `{"Fn::Join": [{"Fn::GetAtt": ["Site", "Arn"]}, "/", "*"]}`},
	{"function-form", website, `{"Fn::Join": ["", [{"Fn::GetAtt": ["Site", "Arn"]}, "/*"]]}`, `{"Fn::Sub": null}`},

	{"reference-to-nothing", queue, "!Ref NoticeLog", "!Ref NoticesLog"},
	{"reference-to-nothing", queue, "!GetAtt Failed.Arn", "!GetAtt Fails.Arn"},
	{"reference-to-nothing", queue, "arn:aws:s3:::${Uploads}", "arn:aws:s3:::${Upload}"},
	{"reference-to-nothing", queue, "arn:aws:s3:::${Uploads}", "arn:aws:s3:::${Uploads.Arn}"},
	{"reference-to-nothing", queue, "DependsOn: [WorkPolicy,", "DependsOn: [WorksPolicy,"},
	{"reference-to-nothing", site, "!If [Renamed,", "!If [Rename,"},
	{"reference-to-nothing", site, "    Condition: Renamed\n", "    Condition: Rename\n"},
	{"reference-to-nothing", site, "!FindInMap [Classes,", "!FindInMap [Class,"},
	{"", queue, "arn:aws:s3:::${Uploads}", "arn:aws:s3:::${!Upload}"},
	{"", queue, "  Work:\n", "  Other: {Type: Custom::Thing, Properties: {ServiceToken: !GetAtt Worker.Arn, Condition: none of ours}}\n  Work:\n"},
	{"", queue, "Resources:", "Transform: AWS::Serverless-2016-10-31\nResources:\n  Fn: {Type: AWS::Serverless::Function, Properties: {Role: !GetAtt FnRole.Arn}}"},
	{"unknown-attribute", site, "!GetAtt Files.RegionalDomainName", "!GetAtt Files.Domain"},
	{"unknown-attribute", site, "${Site.DomainName}", "${Site.Domain}"},
	{"", queue, "Uploads: {Type: String}\nResources:\n", "Uploads: {Type: String}\n  Shown: {Type: String}\nResources:\n  Other: {Type: AWS::SNS::Topic, Metadata: {Says: !Ref Shown}}\n"},
	{"unused", queue, "Uploads: {Type: String}", "Uploads: {Type: String}\n  Spare: {Type: String}"},
	{"unused", site, "Conditions:\n", "Conditions:\n  Spare: !Equals [a, !Ref Suffix]\n"},
	{"unused", site, "Mappings:\n", "Mappings:\n  Spare: {a: {b: c}}\n"},

	{"", site, "!FindInMap [Classes,", "!FindInMap [!Ref Suffix,"},

	{"circular-dependency", queue, "Resource: !GetAtt Work.Arn", `Resource: !GetAtt Work.Arn
            Sid: !Ref Bucket`},
	{"circular-dependency", function, "PHOTOFIT_PHOTOS: !Sub", "FRONT: !Ref Front, PHOTOFIT_PHOTOS: !Sub"},
	{"circular-dependency", queue, "  Failed:\n", "  Failed:\n    DependsOn: Work\n"},
	{"circular-dependency", queue, "  Failed:\n", "  Failed:\n    DependsOn: Failed\n"},
}

// topics are n resources.
func topics(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  T%d: {Type: AWS::SNS::Topic}\n", i)
	}
	return b.String()
}

var propertyCases = []planted{
	{"out-of-range", function, "ConnectionAttempts: 1", "ConnectionAttempts: 4"},
	{"out-of-range", function, "ConnectionAttempts: 1", "ConnectionTimeout: 11"},
	{"out-of-range", command, `"OriginReadTimeout": 60`, `"OriginReadTimeout": 200`},
	{"unknown-property", site, "DefaultRootObject: index.html", "DefaultRootObjects: index.html"},
	{"unknown-property", site, "{EventType: viewer-request, FunctionARN", "{EventType: viewer-request, FunctionArn"},
	{"unknown-property", command, `"Compress": true`, `"Compression": true`},
	{"unknown-property", command, `"ACMCertificateArn"`, `"AcmCertificateArn"`},
	{"required-missing", site, "        Enabled: true\n", ""},
	{"required-missing", command, `"CallerReference": "photos-2",`, ""},
	{"required-missing", command, `"Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}}`, `"Restrictions": {"GeoRestriction": {"RestrictionType": "none"}}`},
	{"required-missing", queue, "Targets: [{Id: work, Arn", "Targets: [{Arn"},
	{"required-missing", site, "SslSupportMethod: sni-only, ", ""},
	{"required-missing", site, ownCertificate, "{MinimumProtocolVersion: TLSv1.2_2021}"},
	{"required-missing", site, "      HostedZoneId: !Ref ZoneId\n      RecordSets", "      HostedZoneName: example.com.\n      RecordSets: [{Type: A}]\n  More:\n    Type: AWS::Route53::RecordSet\n    Properties: {Name: a.example.com, Type: A, TTL: '60', ResourceRecords: [192.0.2.1]}\n  Names2:\n    Type: AWS::Route53::RecordSetGroup\n    Properties:\n      HostedZoneId: !Ref ZoneId\n      RecordSets"},
	{"required-missing", site, "Access:\n    Type: AWS::CloudFront::OriginAccessControl\n    Properties:\n      OriginAccessControlConfig: {Name: files, ", "Access:\n    Type: AWS::CloudFront::OriginAccessControl\n    Properties:\n      OriginAccessControlConfig: {"},
	{"wrong-type", site, "Enabled: true", "Enabled: yes please"},
	{"wrong-type", site, "Aliases: [www.example.com, example.com]", "Aliases: www.example.com"},
	{"wrong-type", queue, "BatchSize: 100", "BatchSize: many"},
	{"wrong-type", queue, "BatchSize: 100", "BatchSize: 1.5"},
	{"wrong-type", command, `"OriginReadTimeout": 60`, `"OriginReadTimeout": "60"`},
	{"wrong-type", command, `"Enabled": true`, `"Enabled": "true"`},
	{"wrong-type", command, `"Aliases": {"Quantity": 1, "Items": ["media.example.com"]}`, `"Aliases": ["media.example.com"]`},
	{"", queue, "BatchSize: 100", `BatchSize: "100"`},
	{"", site, "Enabled: true", `Enabled: "true"`},
	{"", site, "Enabled: true", `Enabled: !Equals [a, b]`},
	{"no-such-value", site, "HttpVersion: http2and3", "HttpVersion: http4"},
	{"no-such-value", command, `"redirect-to-https"`, `"redirect"`},
	{"no-such-value", site, "{ErrorCode: 503,", "{ErrorCode: 505,"},
	{"", queue, "VisibilityTimeout: 185", "VisibilityTimeout: 43200"},
	{"out-of-range", queue, "VisibilityTimeout: 185", "VisibilityTimeout: 43201"},
	{"", queue, "MaximumConcurrency: 5", "MaximumConcurrency: 2"},
	{"out-of-range", queue, "MaximumConcurrency: 5", "MaximumConcurrency: 1"},
	{"out-of-range", queue, "BatchSize: 100", "BatchSize: 100000"},
	{"out-of-range", site, "{Quantity: 2, Items: [{OriginId: files}, {OriginId: api}]}", "{Quantity: 1, Items: [{OriginId: files}]}"},
	{"out-of-range", function, "S3Bucket: zips.example.com", "S3Bucket: z"},
	{"out-of-range", queue, "FunctionName: worker", "FunctionName: worker\n      Description: " + strings.Repeat("w", 257)},
	{"out-of-range", function, "Architectures: [arm64]", "Architectures: [arm64, x86_64]"},
	{"wrong-form", function, "Role: !GetAtt Role.Arn", "Role: role"},
	{"not-together", site, "SslSupportMethod: sni-only,", "SslSupportMethod: sni-only, CloudFrontDefaultCertificate: true,"},
	{"", site, "SslSupportMethod: sni-only,", "SslSupportMethod: sni-only, CloudFrontDefaultCertificate: false,"},
	{"not-together", site, `S3OriginConfig: {OriginAccessIdentity: ""}`, "S3OriginConfig: {}\n            CustomOriginConfig: {OriginProtocolPolicy: https-only}"},
	{"null-value", site, "Enabled: true", "Enabled: true\n        WebACLId:"},
	{"", site, "Enabled: true", "Enabled: true\n        WebACLId: !Ref AWS::NoValue"},
	{"read-only-property", queue, "FunctionName: worker", "Arn: x\n      FunctionName: worker"},
	{"legacy-property", site, "        Origins:\n", "        S3Origin: {DNSName: files.s3.us-east-1.amazonaws.com}\n        Origins:\n"},
	{"quantity", command, `"Aliases": {"Quantity": 1`, `"Aliases": {"Quantity": 2`},
	{"quantity", command, `"CacheBehaviors": {"Quantity": 0}`, `"CacheBehaviors": {"Quantity": 1}`},
	{"quantity", site, "{Quantity: 2, Items: [403, 404]}", "{Quantity: 3, Items: [403, 404]}"},
}
