package stack

import (
	"fmt"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"photofit/internal/cfn"
)

// faults are what is wrong with a template by our own rules.
func faults(made []byte) []string {
	template, err := parse(made)
	if err != nil {
		return []string{err.Error()}
	}
	found := append(references(template), cycles(template)...)
	found = append(found, facts(template)...)
	return append(found, grants(template)...)
}

// references names what does not exist or is never used.
func references(template object) (found []string) {
	resources, parameters := template["Resources"].(object), template["Parameters"].(object)
	conditions := template["Conditions"].(object)
	used := map[string]bool{}
	use := func(name, _ string) {
		used[name] = true
		if resources[name] == nil && parameters[name] == nil && !strings.HasPrefix(name, "AWS::") {
			found = append(found, "nothing is called "+name)
		}
	}
	condition := func(name string) {
		used[name] = true
		if conditions[name] == nil {
			found = append(found, "no condition is called "+name)
		}
	}
	for name, resource := range resources {
		for _, on := range dependsOn(resource) {
			if resources[on] == nil {
				found = append(found, name+" depends on "+on+", which is not there")
			}
		}
		if c, ok := resource.(object)["Condition"].(string); ok {
			condition(c)
		}
		// In a policy, Condition is a map, so each text is one of ours.
		cfn.References(resource.(object)["Properties"], use, condition)
	}
	for _, part := range []string{"Conditions", "Outputs", "Rules"} {
		cfn.References(template[part], use, condition)
	}
	for _, name := range append(slices.Collect(maps.Keys(parameters)), slices.Collect(maps.Keys(conditions))...) {
		if !used[name] {
			found = append(found, name+" is used by nothing")
		}
	}
	return found
}

func dependsOn(resource any) (names []string) {
	switch on := resource.(object)["DependsOn"].(type) {
	case string:
		names = append(names, on)
	case []any:
		for _, name := range on {
			names = append(names, name.(string))
		}
	}
	return names
}

// cycles names the resources that wait for themselves.
func cycles(template object) (found []string) {
	resources := template["Resources"].(object)
	needs := map[string][]string{}
	for name, resource := range resources {
		needs[name] = dependsOn(resource)
		cfn.References(resource.(object)["Properties"], func(on, _ string) {
			if resources[on] != nil {
				needs[name] = append(needs[name], on)
			}
		}, nil)
	}
	state := map[string]int{} // 1: under way, 2: done
	var visit func(name string, way []string)
	visit = func(name string, way []string) {
		switch state[name] {
		case 1:
			found = append(found, "a circle: "+strings.Join(append(way, name), " → "))
			return
		case 2:
			return
		}
		state[name] = 1
		for _, on := range needs[name] {
			visit(on, append(way, name))
		}
		state[name] = 2
	}
	for _, name := range slices.Sorted(maps.Keys(resources)) {
		visit(name, nil)
	}
	return found
}

// want is a place in the template and what must be there.
type want struct {
	place string // keys and list indexes, with / between
	value any
}

var wants = []want{
	{"Photos/DeletionPolicy", "RetainExceptOnCreate"},
	{"Photos/UpdateReplacePolicy", "Retain"},
	{"Photos/Properties/VersioningConfiguration/Status", "Enabled"},
	{"Photos/Properties/OwnershipControls/Rules/0/ObjectOwnership", "BucketOwnerEnforced"},
	{"Photos/Properties/NotificationConfiguration", object{"EventBridgeConfiguration": object{"EventBridgeEnabled": true}}},
	{"Photos/Properties/PublicAccessBlockConfiguration", object{"BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true}},
	{"PhotosPolicy/Properties/PolicyDocument/Statement/0/Effect", "Deny"},
	{"PhotosPolicy/Properties/PolicyDocument/Statement/0/Condition", object{"Bool": object{"aws:SecureTransport": "false"}}},
	{"PhotosPolicy/Properties/PolicyDocument/Statement/0/Resource", []any{object{"Fn::GetAtt": []any{"Photos", "Arn"}}, object{"Fn::Sub": "${Photos.Arn}/*"}}},
	{"PhotosPolicy/Properties/PolicyDocument/Statement/1", nil},
	{"RenditionsPolicy/Properties/PolicyDocument/Statement/0/Resource", []any{object{"Fn::GetAtt": []any{"Renditions", "Arn"}}, object{"Fn::Sub": "${Renditions.Arn}/*"}}},
	{"RenditionsPolicy/Properties/PolicyDocument/Statement/1/Resource", object{"Fn::Sub": "${Renditions.Arn}/*"}},
	{"RenditionsPolicy/Properties/PolicyDocument/Statement/2/Resource", object{"Fn::GetAtt": []any{"Renditions", "Arn"}}},
	{"Photos/Properties/LifecycleConfiguration/Rules/0/AbortIncompleteMultipartUpload/DaysAfterInitiation", 7},
	{"Photos/Properties/LifecycleConfiguration/Rules/0/ExpirationInDays", nil},
	{"Photos/Properties/LifecycleConfiguration/Rules/1", nil},
	{"Renditions/Properties/OwnershipControls/Rules/0/ObjectOwnership", "BucketOwnerEnforced"},
	{"Renditions/Properties/PublicAccessBlockConfiguration", object{"BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true}},
	{"Renditions/Properties/BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault/SSEAlgorithm", "AES256"},
	{"Renditions/Properties/LifecycleConfiguration/Rules/0/AbortIncompleteMultipartUpload/DaysAfterInitiation", 7},
	{"Renditions/Properties/LifecycleConfiguration/Rules/0/ExpirationInDays", nil},
	{"Renditions/Properties/LifecycleConfiguration/Rules/1", nil},
	{"RenditionsPolicy/Properties/PolicyDocument/Statement/0/Effect", "Deny"},
	{"RenditionsPolicy/Properties/PolicyDocument/Statement/0/Condition", object{"Bool": object{"aws:SecureTransport": "false"}}},
	{"Render/Properties/Runtime", "provided.al2023"},
	{"Render/Properties/Timeout", 55},
	{"Render/Properties/ReservedConcurrentExecutions", nil},
	{"Render/Properties/Environment/Variables/PHOTOFIT_MASTERS", object{"Ref": "Masters"}},
	{"Render/Properties/Environment/Variables/PHOTOFIT_WIDTHS", "100,200"},
	{"RenderUrl/Properties/AuthType", "AWS_IAM"},
	{"RenderUrl/Properties/InvokeMode", "RESPONSE_STREAM"},
	{"RenderUrlGrant/Properties/Action", "lambda:InvokeFunctionUrl"},
	{"RenderUrlGrant/Properties/FunctionUrlAuthType", "AWS_IAM"},
	{"RenderUrlGrant/Properties/SourceArn/Fn::Sub", distribution},
	{"RenderGrant/Properties/Action", "lambda:InvokeFunction"},
	{"RenderGrant/Properties/InvokedViaFunctionUrl", true},
	{"RenderGrant/Properties/SourceArn/Fn::Sub", distribution},
	{"Changes/Properties/RedrivePolicy/deadLetterTargetArn", object{"Fn::GetAtt": []any{"Failed", "Arn"}}},
	{"Changes/Properties/RedrivePolicy/maxReceiveCount", 5},
	{"Failed/Properties/MessageRetentionPeriod", 14 * 24 * 3600},
	{"ChangesPolicy/Properties/PolicyDocument/Statement/0/Condition", object{"ArnEquals": object{"aws:SourceArn": object{"Fn::GetAtt": []any{"ChangesRule", "Arn"}}}}},
	{"ChangesRule/Properties/EventPattern/source", []any{"aws.s3"}},
	{"ChangesRule/Properties/EventPattern/detail-type", []any{"Object Created", "Object Deleted"}},
	{"Purge/Properties/Environment/Variables/PHOTOFIT_MODE", "purge"},
	{"Purge/Properties/Environment/Variables/PHOTOFIT_FUNCTION_TIMEOUT", "55s"},
	{"Purge/Properties/Environment/Variables/PHOTOFIT_MASTERS", object{"Ref": "Masters"}},
	{"Purge/Properties/MemorySize", object{"Fn::If": []any{"MakesAhead", object{"Ref": "MemorySize"}, 128}}},
	{"Purge/Properties/Environment/Variables/PHOTOFIT_WIDTHS", "100,200"},
	{"PurgeSource/Properties/MaximumBatchingWindowInSeconds", 10},
	{"PurgeSource/Properties/ScalingConfig/MaximumConcurrency", 2},
	{"PurgeSource/Properties/FunctionResponseTypes", []any{"ReportBatchItemFailures"}},
	{"Edge/Properties/AutoPublish", true},
	{"Edge/Properties/FunctionConfig/Runtime", "cloudfront-js-2.0"},
	{"Edge/Properties/FunctionCode", code},
	{"Cache/Properties/CachePolicyConfig/MinTTL", 0},
	{"Cache/Properties/CachePolicyConfig/MaxTTL", 31536000},
	{"Cache/Properties/CachePolicyConfig/ParametersInCacheKeyAndForwardedToOrigin", object{
		"EnableAcceptEncodingGzip": false, "EnableAcceptEncodingBrotli": false, "CookiesConfig": object{"CookieBehavior": "none"},
		"HeadersConfig": object{"HeaderBehavior": "none"}, "QueryStringsConfig": object{"QueryStringBehavior": "none"}}},
	{"Headers/Properties/ResponseHeadersPolicyConfig/CorsConfig/AccessControlAllowOrigins/Items", []any{"*"}},
	{"Headers/Properties/ResponseHeadersPolicyConfig/SecurityHeadersConfig/ContentTypeOptions/Override", true},
	{"Headers/Properties/ResponseHeadersPolicyConfig/CustomHeadersConfig/Items", []any{
		object{"Header": "Timing-Allow-Origin", "Value": "*", "Override": true}, object{"Header": "Vary", "Value": "Accept", "Override": true}}},
	{config + "CacheTagConfig/HeaderName", "x-amz-meta-cache-tag"},
	{config + "PriceClass", "PriceClass_All"},
	{config + "Origins/0/OriginPath", nil},
	{config + "Origins/0/OriginShield", nil},
	{config + "Origins/0/DomainName", object{"Fn::GetAtt": []any{"Renditions", "RegionalDomainName"}}},
	{config + "Origins/0/S3OriginConfig/OriginAccessIdentity", ""},
	{config + "Origins/1/OriginPath", nil},
	{config + "Origins/1/OriginShield", nil},
	{config + "Origins/1/ConnectionAttempts", 1},
	{config + "Origins/1/CustomOriginConfig/OriginReadTimeout", 60},
	{config + "Origins/1/CustomOriginConfig/OriginProtocolPolicy", "https-only"},
	{config + "OriginGroups/Items/0/FailoverCriteria/StatusCodes", object{"Quantity": 3, "Items": []any{400, 403, 404}}},
	{config + "OriginGroups/Items/0/Members/Items", []any{object{"OriginId": "renditions"}, object{"OriginId": "render"}}},
	{config + "DefaultCacheBehavior/TargetOriginId", "kept-or-made"},
	{config + "DefaultCacheBehavior/OriginRequestPolicyId", nil}, // no Host to S3 or the function
	{config + "DefaultCacheBehavior/ForwardedValues", nil},
	{config + "DefaultCacheBehavior/FunctionAssociations/0/EventType", "viewer-request"},
	{config + "CustomErrorResponses", []any{object{"ErrorCode": 500, "ErrorCachingMinTTL": 0}, object{"ErrorCode": 502, "ErrorCachingMinTTL": 0},
		object{"ErrorCode": 503, "ErrorCachingMinTTL": 0}, object{"ErrorCode": 504, "ErrorCachingMinTTL": 0}}},
	{config + "ViewerCertificate/Fn::If/1/SslSupportMethod", "sni-only"},
	{config + "ViewerCertificate/Fn::If/1/MinimumProtocolVersion", "TLSv1.2_2021"},
}

const (
	config       = "Distribution/Properties/DistributionConfig/"
	distribution = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"
)

// facts names what differs from what docs/lambda.md, docs/purge.md and
// CloudFront's documentation ask for.
func facts(template object) (found []string) {
	resources := template["Resources"].(object)
	get := func(place string) any {
		var path []any
		for step := range strings.SplitSeq(place, "/") {
			if len(step) == 1 && step[0] >= '0' && step[0] <= '9' {
				path = append(path, int(step[0]-'0'))
			} else {
				path = append(path, step)
			}
		}
		return cfn.At(resources, path...)
	}
	for _, w := range wants {
		if got := get(w.place); !reflect.DeepEqual(got, w.value) {
			found = append(found, fmt.Sprintf("%s is %v, not %v", w.place, got, w.value))
		}
	}
	number := func(place string) int { n, _ := get(place).(int); return n }
	if a, b := number("Render/Properties/Timeout"), number(config+"Origins/1/CustomOriginConfig/OriginReadTimeout"); a >= b {
		found = append(found, fmt.Sprintf("CloudFront waits %d s for a function that has %d s", b, a))
	}
	if a, b := number("Changes/Properties/VisibilityTimeout"), 6*number("Purge/Properties/Timeout")+number("PurgeSource/Properties/MaximumBatchingWindowInSeconds"); a != b {
		found = append(found, fmt.Sprintf("the queue's visibility timeout is %d s, not %d s", a, b))
	}
	for name, resource := range resources {
		properties := cfn.At(resource, "Properties")
		switch cfn.At(resource, "Type") {
		case "AWS::Logs::LogGroup":
			if cfn.At(properties, "RetentionInDays") == nil {
				found = append(found, name+" keeps logs for ever")
			}
		case "AWS::Lambda::Function":
			if cfn.At(properties, "LoggingConfig", "LogGroup", "Ref") == nil {
				found = append(found, name+" writes to a log group that is not the stack's")
			}
		}
	}
	return found
}

// actionsOf are the actions that S3 asks for an operation.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
var actionsOf = map[string][]string{
	"s3.HeadObject":                 {"s3:GetObject"},
	"s3.GetObject":                  {"s3:GetObject"},
	"s3.PutObject":                  {"s3:PutObject"},
	"s3.DeleteObject":               {"s3:DeleteObject"},
	"s3.DeleteObjects":              {"s3:DeleteObject"},
	"s3.ListObjectsV2":              {"s3:ListBucket"},
	"sqs.SendMessage":               {"sqs:SendMessage"},
	"cloudfront.CreateInvalidation": {"cloudfront:CreateInvalidation"},
}

var input = regexp.MustCompile(`&((?:s3|sqs|cloudfront)\.\w+)Input\{`)

// used are the actions that the code of some folders needs, by the requests that
// it makes.
func used(folders ...string) (actions []string) {
	for _, folder := range folders {
		entries, err := os.ReadDir(folder)
		if err != nil {
			return []string{err.Error()}
		}
		for _, entry := range entries {
			if name := entry.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
				text, err := os.ReadFile(folder + "/" + name)
				if err != nil {
					return []string{err.Error()}
				}
				for _, m := range input.FindAllSubmatch(text, -1) {
					need, known := actionsOf[string(m[1])]
					if !known {
						need = []string{"the action of " + string(m[1])}
					}
					actions = append(actions, need...)
				}
			}
		}
	}
	return sorted(actions)
}

func sorted(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// onlyOn is the one thing on which a role may do what changes or tells something.
// No role may write to the photos.
var onlyOn = map[string]any{
	"s3:PutObject":                  object{"Fn::Sub": "${Renditions.Arn}/*"},
	"s3:DeleteObject":               object{"Fn::Sub": "${Renditions.Arn}/*"},
	"sqs:SendMessage":               object{"Fn::GetAtt": []any{"Changes", "Arn"}},
	"sqs:ReceiveMessage":            object{"Fn::GetAtt": []any{"Changes", "Arn"}},
	"sqs:DeleteMessage":             object{"Fn::GetAtt": []any{"Changes", "Arn"}},
	"cloudfront:CreateInvalidation": object{"Fn::Sub": distribution},
}

// grants names what a role may and need not, or needs and may not; and what is
// granted on anything.
func grants(template object) (found []string) {
	// What Lambda itself needs of a role, as its documentation has it.
	logs := []string{"logs:CreateLogStream", "logs:PutLogEvents"}
	source := []string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
	for role, need := range map[string][]string{
		"RenderRole": append(used("../store/s3"), logs...),
		"PurgeRole":  slices.Concat(used("../store/s3", "../purge"), logs, source),
	} {
		var may []string
		statements, _ := cfn.At(template, "Resources", role, "Properties", "Policies", 0, "PolicyDocument", "Statement").([]any)
		for _, statement := range statements {
			if choice, ok := cfn.At(statement, "Fn::If").([]any); ok {
				statement = choice[1]
				switch action := cfn.At(statement, "Action"); {
				case choice[0] == "HasKey" && action == "kms:Decrypt":
					continue
				case choice[0] == "MakesAhead" && action == "s3:PutObject" && role == "PurgeRole":
				default:
					found = append(found, role+" has a grant that is neither for the photos' key nor for what is made ahead")
				}
			}
			for _, action := range texts(cfn.At(statement, "Action")) {
				may = append(may, action)
				if on, one := onlyOn[action]; one && !reflect.DeepEqual(cfn.At(statement, "Resource"), on) {
					found = append(found, fmt.Sprintf("%s may %s on %v, not on %v alone", role, action, cfn.At(statement, "Resource"), on))
				}
			}
			if !reflect.DeepEqual(cfn.At(statement, "Effect"), "Allow") {
				found = append(found, role+" has a statement that allows nothing")
			}
			for _, on := range texts(cfn.At(statement, "Resource")) {
				if on == "*" {
					found = append(found, role+" may something on everything")
				}
			}
		}
		if may, need = sorted(may), sorted(need); !slices.Equal(may, need) {
			found = append(found, fmt.Sprintf("%s may %v and needs %v", role, may, need))
		}
	}
	allowed := map[string]bool{}
	statements, _ := cfn.At(template, "Resources", "RenditionsPolicy", "Properties", "PolicyDocument", "Statement").([]any)
	for _, statement := range statements {
		if cfn.At(statement, "Effect") == "Allow" {
			for _, action := range texts(cfn.At(statement, "Action")) {
				allowed[action] = true
			}
			if cfn.At(statement, "Condition", "StringEquals", "aws:SourceArn", "Fn::Sub") != distribution {
				found = append(found, "any distribution may read the renditions")
			}
		}
	}
	if !maps.Equal(allowed, map[string]bool{"s3:GetObject": true, "s3:ListBucket": true}) {
		found = append(found, fmt.Sprintf("CloudFront may %v on the renditions", allowed))
	}
	return found
}

// texts are the texts of one or a list.
func texts(value any) (list []string) {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		for _, v := range value {
			list = append(list, texts(v)...)
		}
	}
	return list
}
