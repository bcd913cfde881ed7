// Package bycli writes the set-up as a shell script of aws commands, explained: what the
// template makes, for those who want to see or do it step by step.
//
// All that the script puts into policies, environments and configurations comes from the
// template, evaluated with the shell's variables in place of what AWS names; so the
// script can't say otherwise than the template. What of the template it leaves out is in
// Left.
package bycli

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"text/template"

	"photofit/internal/cfn"
)

//go:embed script.sh.tmpl
var source string

// Options are what the script is written for.
type Options struct {
	Template   []byte // the finished template
	Stack      string
	Region     string
	Partition  string
	Arch       string            // arm64 or amd64
	Parameters map[string]string // of the template, those that are asked for
	Aliases    []string          // the site's own names
	Profile    string            // of the credentials; empty: what the command line finds
}

// Left are resources of the template that the script does not make.
var Left = []string{"Alarm", "RenderErrors", "RenderThrottles", "PurgeFailed", "Budget"}

// Script is the script. The error says what is wrong with the options.
func Script(o Options) ([]byte, error) {
	if o.Parameters["Email"] != "" {
		return nil, errors.New("alarms and the budget are not among the commands: leave --email out")
	}
	d, err := cfn.Parse(o.Template)
	if err != nil {
		return nil, err
	}
	plain, err := evaluate(d, o, nil)
	if err != nil {
		return nil, err
	}
	w := writer{stack: plain}
	values := map[string]any{
		"Region": o.Region, "Stack": o.Stack, "Partition": o.Partition, "Arch": o.Arch, "Aliases": o.Aliases, "Profile": o.Profile, "Location": "",
		"MakesPhotos": o.Parameters["PhotosBucketName"] == "", "PhotosBucket": o.Parameters["PhotosBucketName"], "Folder": "",
		"LogDays": w.at("RenderLog", "RetentionInDays"), "Assume": w.at("RenderRole", "AssumeRolePolicyDocument"),
		"RenderRole": w.at("RenderRole", "Policies", 0, "PolicyDocument"), "RenderEnvironment": cfn.Object{"Variables": w.at("Render", "Environment", "Variables")},
		"RenderDescription": w.at("Render", "Description"), "Architecture": w.at("Render", "Architectures", 0), "MemorySize": w.at("Render", "MemorySize"), "Timeout": w.at("Render", "Timeout"),
		"EdgeCode": strings.TrimSuffix(fmt.Sprint(w.at("Edge", "FunctionCode")), "\n"), "EdgeComment": strings.ReplaceAll(fmt.Sprint(w.at("Edge", "FunctionConfig", "Comment")), ",", ""),
		"RenditionsAccess": w.at("RenditionsAccess", "OriginAccessControlConfig"), "RenderAccess": w.at("RenderAccess", "OriginAccessControlConfig"),
		"Cache": w.at("Cache", "CachePolicyConfig"), "Headers": counted(w.at("Headers", "ResponseHeadersPolicyConfig")),
		"RenditionsPolicy": w.at("RenditionsPolicy", "PolicyDocument"), "RenditionsLifecycle": lifecycle(w.at("Renditions", "LifecycleConfiguration", "Rules")),
		"FailedRetention": w.at("Failed", "MessageRetentionPeriod"), "Changes": w.queue(), "Pattern": w.at("ChangesRule", "EventPattern"), "RuleDescription": w.at("ChangesRule", "Description"),
		"PurgeRole": w.at("PurgeRole", "Policies", 0, "PolicyDocument"), "PurgeEnvironment": cfn.Object{"Variables": w.at("Purge", "Environment", "Variables")},
		"PurgeDescription": w.at("Purge", "Description"), "PurgeMemory": w.at("Purge", "MemorySize"), "PurgeTimeout": w.at("Purge", "Timeout"),
		"BatchSize": w.at("PurgeSource", "BatchSize"), "BatchWindow": w.at("PurgeSource", "MaximumBatchingWindowInSeconds"), "PurgeConcurrency": w.at("PurgeSource", "ScalingConfig", "MaximumConcurrency"),
		"Distribution": distribution(w.at("Distribution", "DistributionConfig")),
	}
	if o.Region != "us-east-1" { // which is refused when it is named
		values["Location"] = " --create-bucket-configuration LocationConstraint=" + o.Region
	}
	if o.Parameters["PhotosBucketName"] == "" {
		values["PhotosPolicy"], values["PhotosLifecycle"] = w.at("PhotosPolicy", "PolicyDocument"), lifecycle(w.at("Photos", "LifecycleConfiguration", "Rules"))
	}
	if prefix := o.Parameters["PhotosPrefix"]; prefix != "" {
		values["Folder"] = "/" + prefix
	}
	if len(o.Aliases) > 0 {
		named, err := evaluate(d, o, o.Aliases)
		if err != nil {
			return nil, err
		}
		values["Named"] = distribution((&writer{stack: named}).at("Distribution", "DistributionConfig"))
	}
	if w.missing != "" {
		return nil, fmt.Errorf("the template has no %s", w.missing)
	}
	script, err := template.New("script").Funcs(template.FuncMap{"json": heredoc, "quote": quote, "lower": strings.ToLower}).Option("missingkey=error").Parse(source)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = script.Execute(&b, values)
	return b.Bytes(), err
}

// certificate stands for the certificate's ARN while the template is evaluated, which wants one of
// the right form.
const certificate = "arn:aws:acm:us-east-1:000000000000:certificate/of-the-script"

// evaluate puts the shell's variables in place of what AWS names.
func evaluate(d *cfn.Document, o Options, aliases []string) (*cfn.Stack, error) {
	parameters := maps.Clone(o.Parameters)
	if parameters == nil {
		parameters = map[string]string{}
	}
	parameters["ArtifactBucket"], parameters["ArtifactKey"] = "none", "none"
	parameters["Architecture"] = map[string]string{"amd64": "x86_64"}[o.Arch]
	if parameters["Architecture"] == "" {
		parameters["Architecture"] = "arm64"
	}
	if len(aliases) > 0 {
		parameters["Aliases"], parameters["CertificateArn"] = strings.Join(aliases, ","), certificate
	}
	return cfn.Evaluate(d, cfn.Inputs{
		Parameters: parameters,
		Pseudo:     map[string]string{"AWS::Region": o.Region, "AWS::AccountId": "${ACCOUNT}", "AWS::Partition": o.Partition, "AWS::StackName": o.Stack},
		Attribute: func(name, _, attribute string) (string, bool) {
			text, ok := attributes(o)[strings.TrimSuffix(name+"."+attribute, ".")]
			return text, ok
		},
	})
}

// attributes are what the template's resources are called in the script.
func attributes(o Options) map[string]string {
	arn := func(service, rest string) string {
		return "arn:" + o.Partition + ":" + service + ":" + o.Region + ":${ACCOUNT}:" + rest
	}
	bucket := func(name string) string { return "arn:" + o.Partition + ":s3:::" + name }
	return map[string]string{
		"Photos": "${PHOTOS}", "Photos.Arn": bucket("${PHOTOS}"),
		"Renditions": "${RENDITIONS}", "Renditions.Arn": bucket("${RENDITIONS}"), "Renditions.RegionalDomainName": "${RENDITIONS}.s3." + o.Region + ".amazonaws.com",
		"RenderLog": "/aws/lambda/" + o.Stack + "-render", "RenderLog.Arn": arn("logs", "log-group:/aws/lambda/"+o.Stack+"-render:*"),
		"PurgeLog": "/aws/lambda/" + o.Stack + "-purge", "PurgeLog.Arn": arn("logs", "log-group:/aws/lambda/"+o.Stack+"-purge:*"),
		"RenderRole.Arn": "arn:" + o.Partition + ":iam::${ACCOUNT}:role/" + o.Stack + "-render", "PurgeRole.Arn": "arn:" + o.Partition + ":iam::${ACCOUNT}:role/" + o.Stack + "-purge",
		"Render": o.Stack + "-render", "Render.Arn": arn("lambda", "function:"+o.Stack+"-render"), "RenderUrl.FunctionUrl": "https://${RENDER_HOST}/",
		"Purge": o.Stack + "-purge", "Purge.Arn": arn("lambda", "function:"+o.Stack+"-purge"),
		"Changes": "${CHANGES}", "Changes.Arn": arn("sqs", o.Stack+"-changes"), "Failed": "${FAILED}", "Failed.Arn": arn("sqs", o.Stack+"-failed"), "Failed.QueueName": o.Stack + "-failed",
		"ChangesRule.Arn":  arn("events", "rule/"+o.Stack+"-changes"),
		"Edge.FunctionARN": "${EDGE}", "RenditionsAccess": "${RENDITIONS_ACCESS}", "RenderAccess": "${RENDER_ACCESS}", "Cache": "${CACHE}", "Headers": "${HEADERS}",
		"Distribution": "${DISTRIBUTION}", "Distribution.DomainName": "${DOMAIN}",
	}
}

// writer reads the evaluated template.
type writer struct {
	stack   *cfn.Stack
	missing string // the first that was not there
}

func (w *writer) at(resource string, path ...any) any {
	value := cfn.At(w.stack.Resources[resource].Properties, path...)
	if value == nil && w.missing == "" {
		w.missing = resource + fmt.Sprint(path...)
	}
	return value
}

// queue are the attributes of the queue of changes. SQS takes texts only, documents in them as well.
func (w *writer) queue() cfn.Object {
	attributes := cfn.Object{
		"VisibilityTimeout": fmt.Sprint(w.at("Changes", "VisibilityTimeout")),
		"RedrivePolicy":     compact(w.at("Changes", "RedrivePolicy")),
		"Policy":            compact(w.at("ChangesPolicy", "PolicyDocument")),
	}
	if w.at("Changes", "SqsManagedSseEnabled") == true {
		attributes["SqsManagedSseEnabled"] = "true"
	}
	return attributes
}

var variable = regexp.MustCompile(`\$\{[A-Z_]+\}`)

// heredoc is a value as JSON within an unquoted here-document, in which the shell puts values for
// its variables, and for nothing else.
func heredoc(value any) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(value); err != nil {
		return "", err
	}
	text := strings.ReplaceAll(strings.TrimSuffix(b.String(), "\n"), certificate, "${CERTIFICATE}")
	known := variable.FindAllString(text, -1)
	text = variable.ReplaceAllString(text, "\x00")
	text = strings.NewReplacer(`\`, `\\`, "`", "\\`", "$", `\$`).Replace(text)
	for _, v := range known {
		text = strings.Replace(text, "\x00", v, 1)
	}
	return text, nil
}

// compact is a value as JSON within a text.
func compact(value any) string {
	b, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(b)
}

// quote is a text as one word of the shell.
func quote(text any) string { return "'" + strings.ReplaceAll(fmt.Sprint(text), "'", `'\''`) + "'" }
