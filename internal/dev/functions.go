package dev

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"strconv"
	"time"

	"photofit/internal/awsfake"
	"photofit/internal/cfn"
	"photofit/internal/lambdahost"
	"photofit/internal/store/s3/gateway"
)

// withOwn are a template's parameters, with those that depend on this machine.
func withOwn(parameters map[string]string) map[string]string {
	all := map[string]string{"ArtifactBucket": "photofit-artifacts", "ArtifactKey": "function.zip", "Architecture": "arm64"}
	if runtime.GOARCH == "amd64" {
		all["Architecture"] = "x86_64"
	}
	maps.Copy(all, parameters)
	return all
}

// startFunctions starts both functions, and what stands for AWS's other services.
// No process is started before the first request.
func (s *Stack) startFunctions(task string) (err error) {
	queue, _ := s.names.Attribute(queueName, "AWS::SQS::Queue", "")
	distributions := s.stack.Of("AWS::CloudFront::Distribution")
	if len(distributions) != 1 {
		return fmt.Errorf("the template has %d distributions, and one is needed", len(distributions))
	}
	distribution, _ := s.names.Attribute(distributions[0], "AWS::CloudFront::Distribution", "")
	s.queue = &awsfake.SQS{QueueURL: queue}
	cloudfront := &awsfake.CloudFront{Distribution: distribution, Invalidated: func(tag string) {
		if n, err := s.Edge.Invalidate("#" + tag); err != nil {
			s.Said("an invalidation failed: %v", err)
		} else if n > 0 {
			answers := "answers"
			if n == 1 {
				answers = "answer"
			}
			s.Said("the edge has let go of %d %s", n, answers)
		}
	}}
	services := map[string]service{
		"AWS_ENDPOINT_URL_SQS":        {s.queue, sqsNeeds, nil},
		"AWS_ENDPOINT_URL_CLOUDFRONT": {cloudfront, cloudFrontNeeds, nil},
	}
	if s.buckets != nil {
		services["PHOTOFIT_S3_ENDPOINT"] = service{s.buckets, s3Needs, s3AlsoNeeds}
	}
	if s.Calls != nil {
		services["AWS_ENDPOINT_URL"] = elsewhere
	}
	if s.render, err = s.host(renderName, task, services, func(r lambdahost.Report) { s.failed(renderName, r) }); err != nil {
		return err
	}
	s.purge, err = s.host(purgeName, task, services, func(r lambdahost.Report) { s.failed(purgeName, r) })
	return err
}

// failed tells of an invocation that failed.
func (s *Stack) failed(name string, r lambdahost.Report) {
	if r.Err != nil {
		s.Said("%s failed after %s: %v", name, r.Duration.Round(time.Millisecond), r.Err)
	}
}

// host makes the host of a function as the template has it.
func (s *Stack) host(name, task string, services map[string]service, report func(lambdahost.Report)) (*lambdahost.Host, error) {
	f, ok := s.stack.Resources[name]
	if !ok || f.Type != "AWS::Lambda::Function" {
		return nil, fmt.Errorf("the template has no function %s", name)
	}
	number := func(key string) (int, error) {
		n, err := strconv.Atoi(fmt.Sprint(f.Properties[key]))
		if err != nil {
			return 0, fmt.Errorf("line %d: %s of %s is no number", f.Line, key, name)
		}
		return n, nil
	}
	memory, err := number("MemorySize")
	if err != nil {
		return nil, err
	}
	timeout, err := number("Timeout")
	if err != nil {
		return nil, err
	}
	env := map[string]string{}
	variables, _ := cfn.At(f.Properties, "Environment", "Variables").(cfn.Object)
	for key, value := range variables {
		env[key] = fmt.Sprint(value)
	}
	if err := s.lead(name, env, services); err != nil {
		return nil, err
	}
	if s.buckets == nil {
		env["PHOTOFIT_S3_ENDPOINT"] = s.s3.URL
	}
	host, err := lambdahost.New(lambdahost.Config{
		Task: task, Name: s.names.Stack + "-" + name, Region: s.names.Region, Env: env,
		Memory: int64(memory), Timeout: time.Duration(timeout) * time.Second, Log: s.Log, Report: report,
	})
	if err == nil {
		s.closers = append(s.closers, func() { _ = host.Close() })
	}
	return host, err
}

// Invoke calls the function that is called so by Ref, as Lambda's Invoke does, and
// gives its answer. Its error is a *lambdahost.FunctionError where the function failed.
func (s *Stack) Invoke(ctx context.Context, name string, event []byte) ([]byte, error) {
	for id, host := range map[string]*lambdahost.Host{renderName: s.render, purgeName: s.purge} {
		if called, ok := s.names.Attribute(id, "AWS::Lambda::Function", ""); ok && called == name {
			return host.Invoke(ctx, event)
		}
	}
	return nil, fmt.Errorf("there is no function %s", name)
}

// Direct is an origin, "renditions" or "render", as anybody finds it on the internet.
func (s *Stack) Direct(of string) http.Handler { return s.Edge.Direct(of) }

// lead sets the variables that lead a function to services, each at an address of
// that function's own. All else of AWS's leads nowhere.
func (s *Stack) lead(function string, env map[string]string, services map[string]service) (err error) {
	gateway.SetEnvironment(func(name, value string) { env[name] = value })
	env["AWS_REGION"] = s.names.Region
	for variable, of := range services {
		if env[variable], err = s.serve(s.told(function, of)); err != nil {
			return err
		}
	}
	return nil
}
