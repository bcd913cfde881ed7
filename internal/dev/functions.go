package dev

import (
	"fmt"
	"maps"
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
	queue, _ := names.Attribute(queueName, "AWS::SQS::Queue", "")
	distributions := s.stack.Of("AWS::CloudFront::Distribution")
	if len(distributions) != 1 {
		return fmt.Errorf("the template has %d distributions, and one is needed", len(distributions))
	}
	distribution, _ := names.Attribute(distributions[0], "AWS::CloudFront::Distribution", "")
	s.queue = &awsfake.SQS{QueueURL: queue}
	cloudfront := &awsfake.CloudFront{Distribution: distribution, Invalidated: func(tag string) {
		if n, err := s.Edge.Invalidate("#" + tag); err != nil {
			s.Said("an invalidation failed: %v", err)
		} else if n > 0 {
			s.Said("the edge has let go of %d answers", n)
		}
	}}
	services := map[string]service{
		"PHOTOFIT_S3_ENDPOINT":        {s.buckets, s3Needs, s3AlsoNeeds},
		"AWS_ENDPOINT_URL_SQS":        {s.queue, sqsNeeds, nil},
		"AWS_ENDPOINT_URL_CLOUDFRONT": {cloudfront, cloudFrontNeeds, nil},
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
	host, err := lambdahost.New(lambdahost.Config{
		Task: task, Name: names.Stack + "-" + name, Region: names.Region, Env: env,
		Memory: int64(memory), Timeout: time.Duration(timeout) * time.Second, Log: s.Log, Report: report,
	})
	if err == nil {
		s.closers = append(s.closers, func() { _ = host.Close() })
	}
	return host, err
}

// lead sets the variables that lead a function to services, each at an address of
// that function's own. All else of AWS's leads nowhere.
func (s *Stack) lead(function string, env map[string]string, services map[string]service) (err error) {
	gateway.SetEnvironment(func(name, value string) { env[name] = value })
	for variable, of := range services {
		if env[variable], err = s.serve(s.told(function, of)); err != nil {
			return err
		}
	}
	return nil
}
