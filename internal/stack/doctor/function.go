package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"photofit/internal/stack/account"
)

const again = "Run photofit deploy; if it says that there is nothing to change, photofit status tells what was changed by hand, and what to do"

func (p *patient) function(ctx context.Context) (string, error) {
	name := p.stack.Outputs.RenderFunction
	out, err := p.account.Lambda.GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: &name})
	if account.Code(err) == "ResourceNotFoundException" {
		return "", illf("photofit destroy, then photofit deploy: the photos stay", "the function %s is gone", name)
	}
	if err != nil {
		return "", account.Explain("looking at the function "+name, err)
	}
	is := out.Configuration
	switch reserved := out.Concurrency; {
	case is == nil:
		return "", errSkip("Lambda tells nothing of it")
	case is.State == types.StateFailed, is.State == types.StateInactive:
		return "", illf(again, "%s is %s: %s", name, is.State, aws.ToString(is.StateReason))
	case is.LastUpdateStatus == types.LastUpdateStatusFailed:
		return "", illf(again, "the last update of %s failed: %s", name, aws.ToString(is.LastUpdateStatusReason))
	case !strings.HasPrefix(string(is.Runtime), "provided.al2023"):
		return "", illf(again, "%s runs on %s, and its zip is for provided.al2023", name, is.Runtime)
	case aws.ToInt32(is.Timeout) >= 60:
		return "", illf(again, "%s has %d s, and CloudFront waits 60: it answers 504 before the function does", name, aws.ToInt32(is.Timeout))
	case reserved != nil && aws.ToInt32(reserved.ReservedConcurrentExecutions) < fewConcurrent:
		return "", illf("aws lambda delete-function-concurrency --function-name "+name, "%s may run %d requests at a time: the first view of a page with more photos gets errors for the others", name, aws.ToInt32(reserved.ReservedConcurrentExecutions))
	}
	cpu := "x86_64"
	if len(is.Architectures) > 0 {
		cpu = string(is.Architectures[0])
	}
	return fmt.Sprintf("%s, %d MB, %d s", cpu, aws.ToInt32(is.MemorySize), aws.ToInt32(is.Timeout)), nil
}

func (p *patient) functionURL(ctx context.Context) (string, error) {
	name := p.stack.Outputs.RenderFunction
	is, err := p.account.Lambda.GetFunctionUrlConfig(ctx, &lambda.GetFunctionUrlConfigInput{FunctionName: &name})
	if account.Code(err) == "ResourceNotFoundException" {
		return "", illf(again, "%s has no URL: CloudFront gets 502 for what is not made yet", name)
	}
	if err != nil {
		return "", account.Explain("looking at the function's URL", err)
	}
	switch {
	case is.AuthType != types.FunctionUrlAuthTypeAwsIam:
		return "", illf(again, "anybody may call the function's URL past CloudFront (AuthType %s)", is.AuthType)
	case is.InvokeMode != types.InvokeModeResponseStream:
		return "", illf(again, "the function's URL is %s: an answer of more than 6 MB fails", is.InvokeMode)
	}
	return "for CloudFront only, streamed", nil
}

// functionGrants looks for both grants that URLs made since October 2025 need.
// https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
func (p *patient) functionGrants(ctx context.Context) (string, error) {
	name := p.stack.Outputs.RenderFunction
	out, err := p.account.Lambda.GetPolicy(ctx, &lambda.GetPolicyInput{FunctionName: &name})
	if account.Code(err) == "ResourceNotFoundException" {
		return "", illf(again, "%s has no policy: CloudFront gets 403 for what is not made yet", name)
	}
	if err != nil {
		return "", account.Explain("reading the function's policy", err)
	}
	policy, err := readPolicy(aws.ToString(out.Policy))
	if err != nil {
		return "", err
	}
	source := p.distributionArn()
	for _, action := range []string{"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"} {
		may := false
		for _, s := range policy.Statement {
			if s.Effect != "Allow" || !has(principals(s.Principal, "Service"), "cloudfront.amazonaws.com") || !has(list(s.Action), action) {
				continue
			}
			if len(s.sources()) == 0 {
				return "", illf(again, "any distribution of anybody may call the function: the grant of %s names no source", action)
			}
			may = may || has(s.sources(), source)
		}
		if !may {
			return "", illf(again, "CloudFront lacks %s: its requests get 403", action)
		}
	}
	return "both, for this distribution alone", nil
}

// health invokes the function as a URL would, for a page that says that it lives.
func (p *patient) health(ctx context.Context) (string, error) {
	name := p.stack.Outputs.RenderFunction
	event, err := json.Marshal(map[string]any{
		"version": "2.0", "routeKey": "$default", "rawPath": "/-/health", "rawQueryString": "",
		"headers":        map[string]string{"host": "doctor.invalid"},
		"requestContext": map[string]any{"domainName": "doctor.invalid", "http": map[string]string{"method": "GET", "path": "/-/health", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "photofit doctor"}},
	})
	if err != nil {
		return "", err
	}
	return "it answers", p.invoke(ctx, name, "Render", event)
}

// purgeHealth hands the purge a batch of no changes: it starts, or says why not.
func (p *patient) purgeHealth(ctx context.Context) (string, error) {
	return "it starts", p.invoke(ctx, p.stack.Outputs.PurgeFunction, "Purge", []byte(`{"Records":[]}`))
}

// invoke hands a function an event, and gives its failure.
func (p *patient) invoke(ctx context.Context, name, role string, event []byte) error {
	out, err := p.account.Lambda.Invoke(ctx, &lambda.InvokeInput{FunctionName: &name, Payload: event})
	if err != nil {
		return account.Explain("invoking the function "+role, err)
	}
	if aws.ToString(out.FunctionError) == "" {
		return nil
	}
	var said struct{ ErrorType, ErrorMessage string }
	_ = json.Unmarshal(out.Payload, &said)
	if said.ErrorMessage == "" {
		said.ErrorMessage = string(out.Payload)
	}
	remedy := "Its log says more: aws logs tail --since 10m, on the log group of the function " + role
	if strings.Contains(said.ErrorMessage, "exec format error") || strings.Contains(said.ErrorType, "InvalidEntrypoint") {
		remedy = "The zip is for another CPU than the function, or has no bootstrap at its root: run photofit deploy with --arch as the function has it"
	}
	return illf(remedy, "it fails: %s", strings.Join(strings.Fields(said.ErrorMessage), " "))
}
