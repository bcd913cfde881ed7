package awsfake

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"

	"photofit/internal/cfn"
)

// function is one of Lambda's.
type function struct {
	name, arn, region string
	properties        cfn.Object
	size              int
	sum               string // SHA-256 of its zip, base64
	url               cfn.Object
	urlAddress        string
	grants            []grant
	modified          string
}

// grant is a statement of a function's policy.
type grant struct {
	id         string
	properties cfn.Object
}

func putFunctionResource(c *Cloud, s *stack, r *resource) string {
	if code, ok := r.properties["Code"].(cfn.Object); ok && code["S3Bucket"] == nil {
		return handled("Please provide a source for function code.", "Lambda", 400, "InvalidRequest")
	}
	from, key := text(cfn.At(r.properties, "Code", "S3Bucket")), text(cfn.At(r.properties, "Code", "S3Key"))
	broken := func(code, words string) string {
		return handled("Error occurred while GetObject. S3 Error Code: "+code+". S3 Error Message: "+words, "Lambda", http.StatusBadRequest, "InvalidRequest")
	}
	b := c.buckets[from]
	switch {
	case b == nil:
		return broken("NoSuchBucket", "The specified bucket does not exist")
	case b.foreign:
		return handled("Your access has been denied by S3, please make sure your request credentials have permission to GetObject for "+from+"/"+key+". S3 Error Code: AccessDenied. S3 Error Message: Access Denied", "Lambda", http.StatusForbidden, "AccessDenied")
	case b.region != s.region:
		return broken("PermanentRedirect", "The bucket is in this region: "+b.region+". Please use this region to retry the request")
	}
	zip, err := b.find(key, text(cfn.At(r.properties, "Code", "S3ObjectVersion")))
	if err != nil {
		return broken(err.(*refusal).code, err.(*refusal).message)
	}
	if r.physical == "" {
		name := text(r.properties["FunctionName"])
		if name == "" {
			name = s.name + "-" + r.id + "-" + r.unique(12)
		}
		if c.functions[s.region+"/"+name] != nil {
			return name + " already exists"
		}
		r.physical = name
		r.attributes["Arn"] = s.arn(c, "lambda", "function:"+name)
		c.functions[s.region+"/"+name] = &function{name: name, arn: r.attributes["Arn"], region: s.region}
	}
	f := c.functions[s.region+"/"+r.physical]
	if f == nil {
		return handled("Function not found: "+r.attributes["Arn"], "Lambda", http.StatusNotFound, "NotFound")
	}
	sum := sha256.Sum256(zip.body)
	f.properties, f.size, f.sum = r.properties, len(zip.body), base64.StdEncoding.EncodeToString(sum[:])
	f.modified = strings.TrimSuffix(stamp(c.now()), "Z") + "+0000"
	return ""
}

func removeFunctionResource(c *Cloud, s *stack, r *resource) string {
	delete(c.functions, s.region+"/"+r.physical)
	return ""
}

// functionOf finds a function by its name or ARN.
func (c *Cloud) functionOf(region, name string) *function {
	if strings.HasPrefix(name, "arn:") {
		_, name, _ = strings.Cut(name, ":function:")
	}
	return c.functions[region+"/"+name]
}

func putURLResource(c *Cloud, s *stack, r *resource) string {
	f := c.functionOf(s.region, text(r.properties["TargetFunctionArn"]))
	if f == nil {
		return handled("Function does not exist", "Lambda", http.StatusNotFound, "NotFound")
	}
	if r.physical == "" {
		if f.url != nil {
			return handled("Failed to create function url config for [functionArn = "+f.arn+"]. Error message:  FunctionUrlConfig exists for this Lambda function", "Lambda", http.StatusConflict, "AlreadyExists")
		}
		r.physical = f.arn
		f.urlAddress = "https://" + r.unique(32) + ".lambda-url." + s.region + ".on.aws/"
		r.attributes["FunctionArn"], r.attributes["FunctionUrl"] = f.arn, f.urlAddress
	}
	f.url = r.properties
	return ""
}

func removeURLResource(c *Cloud, s *stack, r *resource) string {
	if f := c.functionOf(s.region, r.physical); f != nil {
		f.url, f.urlAddress = nil, ""
	}
	return ""
}

func putPermissionResource(c *Cloud, s *stack, r *resource) string {
	f := c.functionOf(s.region, text(r.properties["FunctionName"]))
	if f == nil {
		return handled("Function not found", "Lambda", http.StatusNotFound, "NotFound")
	}
	r.physical = s.name + "-" + r.id + "-" + r.unique(12)
	r.attributes["Id"] = r.physical
	f.grants = append(f.grants, grant{r.physical, r.properties})
	return ""
}

func removePermissionResource(c *Cloud, s *stack, r *resource) string {
	f := c.functionOf(s.region, text(r.properties["FunctionName"]))
	if f == nil {
		return ""
	}
	var kept []grant
	for _, g := range f.grants {
		if g.id != r.physical {
			kept = append(kept, g)
		}
	}
	f.grants = kept
	return ""
}

func putQueueResource(c *Cloud, s *stack, r *resource) string {
	return named("QueueName", func(c *Cloud, s *stack, r *resource) {
		r.attributes["QueueName"], r.attributes["Arn"] = r.physical, s.arn(c, "sqs", r.physical)
		r.physical = "https://sqs." + s.region + ".amazonaws.com/" + c.Account + "/" + r.physical
		r.attributes["QueueUrl"] = r.physical
	})(c, s, r)
}
