package bycli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"os"
	"os/exec"
	"path/filepath"
	"reflect"

	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	cftypes "github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"photofit"
	"photofit/internal/cfn"
	"photofit/internal/edge"
	"photofit/internal/stack"
)

func script(t *testing.T, o Options) string {
	t.Helper()
	code, err := edge.Function(photofit.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	if o.Template, err = stack.Template(stack.Options{FunctionCode: code, Settings: map[string]string{"PHOTOFIT_WIDTHS": "100,200"}}); err != nil {
		t.Fatal(err)
	}
	o.Stack, o.Partition, o.Arch = "photofit", "aws", "arm64"
	made, err := Script(o)
	if err != nil {
		t.Fatal(err)
	}
	return string(made)
}

// inputs are the operations that the script uses of the services whose SDK is here, and options
// those of the others, by their references.
var inputs = map[string]any{
	"sts get-caller-identity": sts.GetCallerIdentityInput{}, "s3api create-bucket": s3.CreateBucketInput{}, "s3api put-bucket-versioning": s3.PutBucketVersioningInput{},
	"s3api put-bucket-ownership-controls": s3.PutBucketOwnershipControlsInput{}, "s3api put-public-access-block": s3.PutPublicAccessBlockInput{}, "s3api put-bucket-lifecycle-configuration": s3.PutBucketLifecycleConfigurationInput{},
	"s3api put-bucket-policy": s3.PutBucketPolicyInput{}, "s3api put-bucket-notification-configuration": s3.PutBucketNotificationConfigurationInput{}, "s3api get-bucket-notification-configuration": s3.GetBucketNotificationConfigurationInput{},
	"lambda create-function": struct {
		lambda.CreateFunctionInput
		ZipFile []byte // the command line's own, of Code
	}{}, "lambda create-function-url-config": lambda.CreateFunctionUrlConfigInput{}, "lambda add-permission": lambda.AddPermissionInput{},
	"lambda create-event-source-mapping": lambda.CreateEventSourceMappingInput{}, "lambda wait": struct{ FunctionName string }{},
	"cloudfront create-function": cloudfront.CreateFunctionInput{}, "cloudfront publish-function": cloudfront.PublishFunctionInput{}, "cloudfront create-origin-access-control": cloudfront.CreateOriginAccessControlInput{},
	"cloudfront create-cache-policy": cloudfront.CreateCachePolicyInput{}, "cloudfront create-response-headers-policy": cloudfront.CreateResponseHeadersPolicyInput{}, "cloudfront create-distribution": cloudfront.CreateDistributionInput{},
	"cloudfront update-distribution": cloudfront.UpdateDistributionInput{}, "cloudfront get-distribution-config": cloudfront.GetDistributionConfigInput{}, "cloudfront wait": struct{ Id string }{},
	"sqs create-queue": sqs.CreateQueueInput{}, "acm request-certificate": acm.RequestCertificateInput{}, "acm describe-certificate": acm.DescribeCertificateInput{}, "acm wait": acm.DescribeCertificateInput{},
	"iam create-role":           struct{ RoleName, AssumeRolePolicyDocument string }{},
	"iam put-role-policy":       struct{ RoleName, PolicyName, PolicyDocument string }{},
	"logs create-log-group":     struct{ LogGroupName string }{},
	"logs put-retention-policy": struct{ LogGroupName, RetentionInDays string }{},
	"events put-rule":           struct{ Name, Description, EventPattern string }{},
	"events put-targets":        struct{ Rule, Targets string }{},
}

// global are options of the command line itself.
var global = []string{"query", "output", "region"}

func TestCommands(t *testing.T) {
	calls, said := run(t, script(t, Options{Region: "eu-central-1", Aliases: []string{"media.example.com", "photos.example.org"}}))
	used := map[string]bool{}
	for _, c := range calls {
		name := c.service + " " + c.operation
		used[name] = true
		input, known := inputs[name]
		if !known {
			t.Errorf("there is no %s", name)
			continue
		}
		for option, value := range c.options {
			if strings.Contains(value, "${") {
				t.Errorf("%s --%s %s", name, option, value)
			}
			if slices.Contains(global, option) || c.operation == "wait" && option == "" {
				continue
			}
			field := strings.ReplaceAll(option, "-", "")
			if _, ok := reflect.TypeOf(input).FieldByNameFunc(func(s string) bool { return strings.EqualFold(s, field) }); !ok {
				t.Errorf("%s has no --%s", name, option)
			}
		}
		for option, document := range c.documents {
			if strings.HasSuffix(c.options[option], ".json") && !json.Valid(document) {
				t.Errorf("%s --%s is no JSON:\n%s", name, option, document)
			}
			if bytes.Contains(document, []byte("${")) {
				t.Errorf("%s --%s: a variable is left:\n%s", name, option, document)
			}
		}
	}
	for name := range inputs {
		if !used[name] && name != "s3api get-bucket-notification-configuration" {
			t.Errorf("%s is not used", name)
		}
	}
	if !strings.Contains(said, "s3://photofit-photos-123456789012-eu-central-1, and are served at https://d111.cloudfront.net") {
		t.Errorf("it says %s", said)
	}
}

// strict decodes a document into a type of the SDK, whose members are named as in the API.
func strict(t *testing.T, document []byte, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(document))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Errorf("%T: %v\n%s", into, err, document)
	}
}

func document(t *testing.T, calls []call, operation, option string, n int) []byte {
	t.Helper()
	for _, c := range calls {
		if c.service+" "+c.operation == operation && c.documents[option] != nil {
			if n == 0 {
				return c.documents[option]
			}
			n--
		}
	}
	t.Fatalf("there is no %s --%s", operation, option)
	return nil
}

// What CloudFront is given is of its API's form, and has all that it asks for.
func TestDocuments(t *testing.T) {
	calls, _ := run(t, script(t, Options{Region: "eu-central-1", Aliases: []string{"media.example.com"}}))
	client := cloudfront.New(cloudfront.Options{Region: "us-east-1", Retryer: aws.NopRetryer{}, HTTPClient: nobody{}, Credentials: aws.AnonymousCredentials{}})
	ctx := context.Background()
	accepted := func(err error) {
		t.Helper()
		var invalid smithy.InvalidParamsError
		if errors.As(err, &invalid) || !errors.Is(err, errNobody) {
			t.Error(err)
		}
	}
	var config, named cftypes.DistributionConfig
	strict(t, document(t, calls, "cloudfront create-distribution", "distribution-config", 0), &config)
	_, err := client.CreateDistribution(ctx, &cloudfront.CreateDistributionInput{DistributionConfig: &config})
	accepted(err)
	strict(t, document(t, calls, "cloudfront update-distribution", "distribution-config", 0), &named)
	_, err = client.UpdateDistribution(ctx, &cloudfront.UpdateDistributionInput{Id: aws.String("E"), DistributionConfig: &named})
	accepted(err)
	var cache cftypes.CachePolicyConfig
	strict(t, document(t, calls, "cloudfront create-cache-policy", "cache-policy-config", 0), &cache)
	_, err = client.CreateCachePolicy(ctx, &cloudfront.CreateCachePolicyInput{CachePolicyConfig: &cache})
	accepted(err)
	var headers cftypes.ResponseHeadersPolicyConfig
	strict(t, document(t, calls, "cloudfront create-response-headers-policy", "response-headers-policy-config", 0), &headers)
	_, err = client.CreateResponseHeadersPolicy(ctx, &cloudfront.CreateResponseHeadersPolicyInput{ResponseHeadersPolicyConfig: &headers})
	accepted(err)
	for n := range 2 {
		var access cftypes.OriginAccessControlConfig
		strict(t, document(t, calls, "cloudfront create-origin-access-control", "origin-access-control-config", n), &access)
		_, err = client.CreateOriginAccessControl(ctx, &cloudfront.CreateOriginAccessControlInput{OriginAccessControlConfig: &access})
		accepted(err)
		var rules s3types.BucketLifecycleConfiguration
		strict(t, document(t, calls, "s3api put-bucket-lifecycle-configuration", "lifecycle-configuration", n), &rules)
		var environment lambdatypes.Environment
		strict(t, document(t, calls, "lambda create-function", "environment", n), &environment)
		if environment.Variables["PHOTOFIT_WIDTHS"] != "100,200" || environment.Variables["PHOTOFIT_CACHE"] != "s3://photofit-renditions-123456789012-eu-central-1" {
			t.Errorf("the environment is %v", environment.Variables)
		}
	}
	if got := config.ViewerCertificate; !aws.ToBool(got.CloudFrontDefaultCertificate) || config.Aliases != nil {
		t.Errorf("without names: %+v, %+v", got, config.Aliases)
	}
	if got := named.ViewerCertificate; aws.ToString(got.ACMCertificateArn) != "arn:aws:acm:us-east-1:123456789012:certificate/c" || !slices.Equal(named.Aliases.Items, []string{"media.example.com"}) || aws.ToInt32(named.Aliases.Quantity) != 1 {
		t.Errorf("with a name: %+v, %+v", got, named.Aliases)
	}
	if got := aws.ToString(config.Origins.Items[1].DomainName); got != "abc.lambda-url.eu-central-1.on.aws" {
		t.Errorf("the function's origin is %s", got)
	}
	if aws.ToString(config.DefaultCacheBehavior.TargetOriginId) != "kept-or-made" || aws.ToInt32(config.OriginGroups.Quantity) != 1 || aws.ToInt32(config.DefaultCacheBehavior.AllowedMethods.CachedMethods.Quantity) != 2 {
		t.Errorf("the behavior is %+v", config.DefaultCacheBehavior)
	}
}

var errNobody = errors.New("nobody is asked")

type nobody struct{}

func (nobody) Do(*http.Request) (*http.Response, error) { return nil, errNobody }

// A bucket that is there keeps whom it tells, and nothing else is done to it.
func TestAdoptedBucket(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("SKIPPED: no python3, which the script uses here")
	}
	calls, said := run(t, script(t, Options{Region: "us-east-1", Parameters: map[string]string{"PhotosBucketName": "my-photos", "PhotosPrefix": "family"}}))
	for _, c := range calls {
		if c.options["bucket"] == "my-photos" && c.operation != "get-bucket-notification-configuration" && c.operation != "put-bucket-notification-configuration" {
			t.Errorf("%s is done to it", c.operation)
		}
		if _, named := c.options["create-bucket-configuration"]; named {
			t.Error("us-east-1 is named, which S3 refuses")
		}
	}
	var config s3types.NotificationConfiguration
	strict(t, document(t, calls, "s3api put-bucket-notification-configuration", "notification-configuration", 0), &config)
	if config.EventBridgeConfiguration == nil || len(config.QueueConfigurations) != 1 {
		t.Errorf("the notifications are %+v", config)
	}
	if !strings.Contains(said, "s3://my-photos/family,") {
		t.Errorf("it says %s", said)
	}
}

// Each resource of the template is made by the script, or is one that Left names.
func TestNothingIsForgotten(t *testing.T) {
	o := Options{Region: "eu-central-1"}
	text := script(t, o)
	code, _ := edge.Function(photofit.DefaultPolicy())
	made, _ := stack.Template(stack.Options{FunctionCode: code})
	d, err := cfn.Parse(made)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]string{
		"Photos": "create-bucket --bucket \"$PHOTOS\"", "PhotosPolicy": "photos-policy.json", "Renditions": "create-bucket --bucket \"$RENDITIONS\"", "RenditionsPolicy": "renditions-policy.json",
		"RenderLog": "log-group-name \"/aws/lambda/$NAME-render\"", "RenderRole": "create-role --role-name \"$NAME-render\"", "Render": "create-function --function-name \"$NAME-render\"", "RenderUrl": "create-function-url-config",
		"RenderUrlGrant": "--action lambda:InvokeFunctionUrl", "RenderGrant": "--invoked-via-function-url", "Changes": "create-queue --queue-name \"$NAME-changes\"", "Failed": "create-queue --queue-name \"$NAME-failed\"",
		"ChangesPolicy": `"Policy": "{`, "ChangesRule": "put-rule", "PurgeLog": "log-group-name \"/aws/lambda/$NAME-purge\"", "PurgeRole": "create-role --role-name \"$NAME-purge\"", "Purge": "create-function --function-name \"$NAME-purge\"",
		"PurgeSource": "create-event-source-mapping", "Edge": "publish-function", "RenditionsAccess": "RENDITIONS_ACCESS=", "RenderAccess": "RENDER_ACCESS=", "Cache": "create-cache-policy", "Headers": "create-response-headers-policy",
		"Distribution": "create-distribution",
	}
	for name := range d.Root["Resources"].(cfn.Object) {
		if slices.Contains(Left, name) {
			continue
		}
		if by[name] == "" || !strings.Contains(text, by[name]) {
			t.Errorf("%s is not made", name)
		}
	}
}

func TestShellcheck(t *testing.T) {
	shellcheck, err := exec.LookPath("shellcheck")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("shellcheck is missing: scripts/tools lint installs it")
		}
		t.Skip("SKIPPED: no shellcheck; scripts/tools lint installs it")
	}
	for _, o := range []Options{{Region: "us-east-1"}, {Region: "eu-central-1", Aliases: []string{"a.example.com", "b.example.com"}}, {Region: "eu-central-1", Parameters: map[string]string{"PhotosBucketName": "my-photos", "Warm": "640,1280"}}} {
		file := filepath.Join(t.TempDir(), "script")
		if err := os.WriteFile(file, []byte(script(t, o)), 0o600); err != nil {
			t.Fatal(err)
		}
		if said, err := exec.Command(shellcheck, file).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, said)
		}
	}
}

func TestScriptRefuses(t *testing.T) {
	for says, o := range map[string]Options{
		"--email":      {Parameters: map[string]string{"Email": "a@example.com"}},
		"line":         {Template: []byte("{")},
		"no parameter": {Template: []byte("Resources: {A: {Type: Unknown}}")},
	} {
		if _, err := Script(o); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}

// What a document holds is not the shell's to read, but for our variables.
func TestDocumentIsQuoted(t *testing.T) {
	got, err := heredoc(cfn.Object{"a": "$HOME `id` \\ ${ACCOUNT} $(id) \"x\""})
	if want := "{\n  \"a\": \"\\$HOME \\`id\\` \\\\\\\\ ${ACCOUNT} \\$(id) \\\\\"x\\\\\"\"\n}"; err != nil || got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
