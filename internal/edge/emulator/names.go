package emulator

import "strings"

// Names is what resources are called on this machine. All fields but Known are
// needed, and are as AWS has them: no capitals in Stack.
type Names struct {
	Stack   string
	Region  string
	Account string

	// Known says what resources are called that are there already: what Ref gives for
	// an empty attribute, else what GetAtt gives. Nil: they get names of their own.
	Known func(name, kind, attribute string) (string, bool)
}

// Pseudo are the values of CloudFormation's pseudo parameters.
func (n Names) Pseudo() map[string]string {
	return map[string]string{"AWS::Region": n.Region, "AWS::AccountId": n.Account, "AWS::Partition": "aws",
		"AWS::StackName": n.Stack, "AWS::URLSuffix": "amazonaws.com", "AWS::StackId": n.arn("cloudformation", "stack/"+n.Stack+"/local")}
}

func (n Names) arn(service, what string) string {
	return "arn:aws:" + service + ":" + n.Region + ":" + n.Account + ":" + what
}

// Attribute is cfn.Inputs.Attribute.
func (n Names) Attribute(name, kind, attribute string) (string, bool) {
	if n.Known != nil {
		return n.Known(name, kind, attribute)
	}
	id := n.Stack + "-" + name
	bucket := strings.ToLower(id)
	known := map[string]string{}
	switch kind {
	case "AWS::S3::Bucket":
		known = map[string]string{"": bucket, "Arn": "arn:aws:s3:::" + bucket, "DomainName": bucket + ".s3.amazonaws.com",
			"RegionalDomainName": bucket + ".s3." + n.Region + ".amazonaws.com"}
	case "AWS::Lambda::Function":
		known = map[string]string{"": id, "Arn": n.arn("lambda", "function:"+id)}
	case "AWS::Lambda::Url":
		known = map[string]string{"": n.arn("lambda", "url:"+id), "FunctionUrl": "https://" + strings.ToLower(name) + ".lambda-url." + n.Region + ".on.aws/"}
	case "AWS::CloudFront::Distribution":
		distribution := "E" + strings.ToUpper(name)
		known = map[string]string{"": distribution, "Id": distribution, "DomainName": "d" + strings.ToLower(name) + ".cloudfront.net"}
	case "AWS::CloudFront::Function":
		arn := "arn:aws:cloudfront::" + n.Account + ":function/" + id
		known = map[string]string{"": arn, "FunctionARN": arn}
	case "AWS::CloudFront::OriginAccessControl", "AWS::CloudFront::CachePolicy", "AWS::CloudFront::ResponseHeadersPolicy":
		known = map[string]string{"": id, "Id": id}
	case "AWS::SQS::Queue":
		known = map[string]string{"": "https://sqs." + n.Region + ".amazonaws.com/" + n.Account + "/" + id, "Arn": n.arn("sqs", id), "QueueName": id}
	case "AWS::Logs::LogGroup":
		known = map[string]string{"": id, "Arn": n.arn("logs", "log-group:"+id+":*")}
	case "AWS::IAM::Role":
		known = map[string]string{"": id, "Arn": "arn:aws:iam::" + n.Account + ":role/" + id}
	case "AWS::Events::Rule":
		known = map[string]string{"": id, "Arn": n.arn("events", "rule/"+id)}
	case "AWS::SNS::Topic":
		known = map[string]string{"": n.arn("sns", id)}
	}
	v, ok := known[attribute]
	return v, ok
}

// distributionARN is that of a distribution, as grants name it.
func (n Names) distributionARN(id string) string {
	return "arn:aws:cloudfront::" + n.Account + ":distribution/" + id
}
