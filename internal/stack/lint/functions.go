package lint

import (
	"regexp"
	"slices"
	"strings"
)

// runtimes looks at how long a runtime is still looked after.
func runtimes(c *checker) {
	today := c.today.Format("2006-01-02")
	for _, r := range c.of("AWS::Lambda::Function") {
		for _, v := range r.props.get("Runtime") {
			name, _ := v.text()
			life, ok := lifecycles[name]
			fix := "use " + life.next
			switch {
			case !ok:
			case today >= life.blocked:
				c.errorf("runtime-retired", v, fix, "the runtime %s was deprecated on %s, and since %s Lambda makes no new functions with it (InvalidParameterValueException)", name, life.deprecated, life.blocked)
			case today >= life.deprecated:
				c.warnf("runtime-deprecated", v, fix, "the runtime %s was deprecated on %s: it gets no security updates, and from %s on Lambda makes no new functions with it", name, life.deprecated, life.blocked)
			}
		}
	}
}

// inlineCode sees that code which is in the template is in a language that takes that.
func inlineCode(c *checker) {
	for _, r := range c.of("AWS::Lambda::Function") {
		for _, code := range r.props.get("Code", "ZipFile") {
			for _, v := range r.props.get("Runtime") {
				text, ok := v.text()
				if !code.absent && !code.unknown() && ok && together(code, v) && !strings.HasPrefix(text, "nodejs") && !strings.HasPrefix(text, "python") {
					c.errorf("inline-code-runtime", code, "put a zip in a bucket (S3Bucket, S3Key)", "ZipFile is code in Node.js or Python, and the runtime is %s; Lambda refuses it with InvalidParameterValueException", text)
				}
			}
		}
		image := anyIs(r.props.get("PackageType"), "Image") || there(r.props, "Code", "ImageUri")
		if !image {
			for _, name := range []string{"Runtime", "Handler"} {
				if !there(r.props, name) {
					c.errorf("zip-needs-runtime", r.props, "add "+name, "%s is missing, which a function from a zip needs; Lambda refuses it with InvalidParameterValueException", name)
				}
			}
		}
	}
}

func anyIs(all []place, text string) bool {
	for _, v := range all {
		if v.is(text) {
			return true
		}
	}
	return false
}

// versioned is a key that looks as if another zip would have another.
var versioned = regexp.MustCompile(`[0-9]|\x00`)

// codeKeys sees that another zip has another key.
func codeKeys(c *checker) {
	for _, r := range c.of("AWS::Lambda::Function") {
		for _, code := range r.props.get("Code") {
			for _, key := range code.get("S3Key") {
				if !key.absent && !there(code, "S3ObjectVersion") && !versioned.MatchString(key.words()) {
					c.warnf("code-key-fixed", key, "put the zip's hash or version into its key, or name S3ObjectVersion", "the zip's key %q stays the same when the zip changes: CloudFormation sees no change, and the function goes on with the old code", short(key.words()))
				}
			}
		}
	}
}

// functionURLs looks at who may call a URL, and how it answers.
func functionURLs(c *checker) {
	for _, r := range c.of("AWS::Lambda::Url") {
		for _, v := range r.props.get("AuthType") {
			if v.is("NONE") {
				c.warnf("function-url-open", v, "write AWS_IAM, and let CloudFront sign (an origin access control of the type lambda)", "anybody may call the function by its URL, past CloudFront and its cache, at the owner's cost")
			}
		}
		function := c.pointed(r.props.at("TargetFunctionArn"), "AWS::Lambda::Function")
		if function == nil || !streams(function) {
			continue
		}
		for _, v := range r.props.get("InvokeMode") {
			if v.absent || v.is("BUFFERED") {
				c.errorf("function-url-buffered", v, "write InvokeMode: RESPONSE_STREAM", "the function %s streams its answers, which works with RESPONSE_STREAM only: gathered first they are not what the viewer should get, and never more than 6 MB", function.name)
			}
		}
	}
}

// streams tells whether a function is known to stream its answers: Photofit's, and
// what the Lambda Web Adapter is told to.
func streams(function *resource) bool {
	for _, v := range function.props.get("Environment", "Variables") {
		if v.at("AWS_LWA_INVOKE_MODE").is("response_stream") || renders(v) {
			return true
		}
	}
	return false
}

// renders tells whether an environment is that of Photofit's function which answers.
func renders(variables place) bool {
	return !variables.at("PHOTOFIT_PHOTOS").absent && !variables.at("PHOTOFIT_MODE").is("purge")
}

// timeouts sees that Photofit knows how long it has.
func timeouts(c *checker) {
	for _, r := range c.of("AWS::Lambda::Function") {
		for _, timeout := range r.props.numberOr(3, "Timeout") {
			for _, v := range r.props.get("Environment", "Variables") {
				if renders(v) && timeout < 10 {
					c.warnf("timeout-short", r.props.at("Timeout"), "write Timeout: 55", "the function has %v s, and a render of a large photo takes longer: viewers get a 502 or 503", timeout)
				}
			}
		}
	}
}

// leastMemory is what Photofit needs for its largest AVIF, in MB (docs/lambda.md).
const leastMemory = 1152

func memories(c *checker) {
	for _, r := range c.of("AWS::Lambda::Function") {
		for _, memory := range r.props.numberOr(128, "MemorySize") {
			for _, v := range r.props.get("Environment", "Variables") {
				if renders(v) && memory < leastMemory {
					c.warnf("memory-low", r.props.at("MemorySize"), "write MemorySize: 1769, one whole core", "with %v MB Photofit answers 413 for renditions that need more: an AVIF of 3840 px takes %d", memory, leastMemory)
				}
			}
		}
	}
}

// fewRuns is a reserve that one page of photos goes beyond.
const fewRuns = 10

// reservations sees that a reserve does not turn viewers away.
func reservations(c *checker) {
	for _, r := range c.of("AWS::Lambda::Function") {
		for _, v := range r.props.get("ReservedConcurrentExecutions") {
			if n, ok := v.number(); ok && n <= fewRuns && c.hasURL(r) {
				c.warnf("reserved-concurrency-low", v, "leave it out, and bound the cost by a budget", "at most %v runs at a time: the first view of a page with more photos gets 429 for the rest, which browsers do not ask for again", n)
			}
		}
	}
	for _, m := range c.of("AWS::Lambda::EventSourceMapping") {
		function := c.pointed(m.props.at("FunctionName"), "AWS::Lambda::Function")
		if function == nil {
			continue
		}
		for _, v := range m.props.get("ScalingConfig", "MaximumConcurrency") {
			most, ok := v.number()
			for _, r := range function.props.get("ReservedConcurrentExecutions") {
				if reserve, there := r.number(); ok && there && reserve < most {
					c.warnf("mapping-exceeds-reserve", v, "make it the reserve at most", "the queue may start %v runs at a time, and the function has %v: messages are thrown back until they end up as failed", most, reserve)
				}
			}
		}
	}
}

// logs sees that logs go some day.
func logs(c *checker) {
	groups := c.of("AWS::Logs::LogGroup")
	for _, r := range groups {
		for _, v := range r.props.get("RetentionInDays") {
			if v.absent {
				c.warnf("log-retention", r.at, "add RetentionInDays", "the log group keeps everything for ever, and each GB is paid for each month")
			}
		}
	}
	for _, f := range c.of("AWS::Lambda::Function") {
		if there(f.props, "LoggingConfig", "LogGroup") {
			continue
		}
		own := false
		for _, g := range groups {
			name, of := g.props.at("LogGroupName"), f.props.at("FunctionName")
			own = own || uses(name, f.name) || !of.absent && name.words() == "/aws/lambda/"+of.words()
		}
		if !own {
			c.warnf("log-retention", f.at, "add an AWS::Logs::LogGroup with RetentionInDays, and name it in LoggingConfig.LogGroup", "the function makes its log group itself, which keeps everything for ever and outlives the stack")
		}
	}
}

// reserved are the variables that Lambda sets itself.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
var reserved = strings.Fields(`_HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_NAME
	AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME
	AWS_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR`)

func reservedVariables(c *checker) {
	for _, r := range c.of("AWS::Lambda::Function") {
		for _, v := range r.props.get("Environment", "Variables") {
			for _, name := range members(v) {
				if slices.Contains(reserved, name) {
					c.errorf("reserved-variable", v.at(name), "leave it out, or call it otherwise", "Lambda sets %s itself, and refuses a function that does", name)
				}
			}
		}
	}
}
