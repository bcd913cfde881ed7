package dev

import (
	"fmt"
	"maps"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"time"

	"photofit/internal/awsfake"
	"photofit/internal/cfn"
	"photofit/internal/lambdahost"
	"photofit/internal/store/s3/gateway"
)

// parameters are the template's, with those that depend on this machine.
func (s *Stack) parameters() map[string]string {
	all := map[string]string{"ArtifactBucket": "photofit-artifacts", "ArtifactKey": "function.zip", "Architecture": "arm64"}
	if runtime.GOARCH == "amd64" {
		all["Architecture"] = "x86_64"
	}
	maps.Copy(all, s.Parameters)
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
	local := map[string]string{"PHOTOFIT_S3_ENDPOINT": s.s3.URL}
	for _, e := range gateway.Environment() { // all else of AWS's leads nowhere
		name, value, _ := strings.Cut(e, "=")
		local[name] = value
	}
	for variable, handler := range map[string]http.Handler{"AWS_ENDPOINT_URL_SQS": s.queue, "AWS_ENDPOINT_URL_CLOUDFRONT": cloudfront} {
		if local[variable], err = s.serve(handler); err != nil {
			return err
		}
	}
	if s.render, err = s.host(renderName, task, local, func(r lambdahost.Report) { s.failed(renderName, r) }); err != nil {
		return err
	}
	s.purge, err = s.host(purgeName, task, local, func(r lambdahost.Report) { s.failed(purgeName, r) })
	return err
}

// failed tells of an invocation that failed.
func (s *Stack) failed(name string, r lambdahost.Report) {
	if r.Err != nil {
		s.Said("%s failed after %s: %v", name, r.Duration.Round(time.Millisecond), r.Err)
	}
}

// host makes the host of a function as the template has it.
func (s *Stack) host(name, task string, local map[string]string, report func(lambdahost.Report)) (*lambdahost.Host, error) {
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
	maps.Copy(env, local)
	host, err := lambdahost.New(lambdahost.Config{
		Task: task, Name: names.Stack + "-" + name, Region: names.Region, Env: env,
		Memory: int64(memory), Timeout: time.Duration(timeout) * time.Second, Log: s.Log, Report: report,
	})
	if err == nil {
		s.closers = append(s.closers, func() { _ = host.Close() })
	}
	return host, err
}
