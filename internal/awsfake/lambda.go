package awsfake

import (
	"encoding/json"
	"net/http"

	"photofit/internal/cfn"
)

func lambdaService() service {
	return service{refuse: refuseJSON("application/json"), name: restName([]route{
		{"GET", "/2015-03-31/functions/{name}", "GetFunction", "Qualifier"},
		{"GET", "/2015-03-31/functions/{name}/configuration", "GetFunctionConfiguration", "Qualifier"},
		{"GET", "/2021-10-31/functions/{name}/url", "GetFunctionUrlConfig", "Qualifier"},
		{"GET", "/2015-03-31/functions/{name}/policy", "GetPolicy", "Qualifier"},
		{"GET", "/2016-08-19/account-settings", "GetAccountSettings", ""},
		{"POST", "/2015-03-31/functions/{name}/invocations", "Invoke", "Qualifier"},
	}), operations: map[string]operation{
		"GetFunction": onFunction(func(_ *Cloud, f *function) (any, error) {
			out := map[string]any{"Configuration": f.configuration(), "Code": map[string]string{"RepositoryType": "S3", "Location": "https://awslambda.example.com/" + f.name}}
			if reserved := f.properties["ReservedConcurrentExecutions"]; reserved != nil {
				out["Concurrency"] = map[string]int{"ReservedConcurrentExecutions": atoi(reserved)}
			}
			return out, nil
		}),
		"GetFunctionConfiguration": onFunction(func(_ *Cloud, f *function) (any, error) { return f.configuration(), nil }),
		"GetFunctionUrlConfig":     onFunction(urlConfig),
		"GetPolicy":                onFunction(functionPolicy),
		"Invoke":                   invoke,
		"GetAccountSettings": func(c *Cloud, q *call) (answer, error) {
			count := 0
			for _, f := range c.functions {
				if f.region == q.region {
					count++
				}
			}
			return jsonAnswer(http.StatusOK, "application/json", map[string]any{
				"AccountLimit": map[string]int{"TotalCodeSize": 80530636800, "CodeSizeUnzipped": 262144000, "CodeSizeZipped": 52428800, "ConcurrentExecutions": c.concurrency, "UnreservedConcurrentExecutions": c.concurrency},
				"AccountUsage": map[string]int{"TotalCodeSize": 0, "FunctionCount": count}}), nil
		},
	}}
}

// SetConcurrency limits the account's functions to n at a time in each region; new
// accounts have 10, others 1000.
func (c *Cloud) SetConcurrency(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.concurrency = n
}

// onFunction finds the function of a request, by its name or ARN.
func onFunction(do func(*Cloud, *function) (any, error)) operation {
	return func(c *Cloud, q *call) (answer, error) {
		q.resource = q.path["name"]
		f := c.functionOf(q.region, q.path["name"])
		if f == nil {
			return answer{}, refuse(http.StatusNotFound, "ResourceNotFoundException", "Function not found: arn:%s:lambda:%s:%s:function:%s", partition(q.region), q.region, c.Account, q.path["name"])
		}
		out, err := do(c, f)
		if err != nil {
			return answer{}, err
		}
		return jsonAnswer(http.StatusOK, "application/json", out), nil
	}
}

func (f *function) configuration() map[string]any {
	p := f.properties
	number := func(name string, standard int) int {
		if p[name] == nil {
			return standard
		}
		return atoi(p[name])
	}
	out := map[string]any{"FunctionName": f.name, "FunctionArn": f.arn, "Runtime": p["Runtime"], "Role": p["Role"], "Handler": p["Handler"], "Description": text(p["Description"]),
		"CodeSize": f.size, "CodeSha256": f.sum, "Timeout": number("Timeout", 3), "MemorySize": number("MemorySize", 128), "LastModified": f.modified,
		"Version": "$LATEST", "PackageType": "Zip", "State": "Active", "LastUpdateStatus": "Successful", "Architectures": []string{"x86_64"}}
	if list := texts(p["Architectures"]); len(list) > 0 {
		out["Architectures"] = list
	}
	if variables, ok := cfn.At(p, "Environment", "Variables").(cfn.Object); ok {
		made := map[string]string{}
		for name, value := range variables {
			made[name] = text(value)
		}
		out["Environment"] = map[string]any{"Variables": made}
	}
	if group := text(cfn.At(p, "LoggingConfig", "LogGroup")); group != "" {
		out["LoggingConfig"] = map[string]string{"LogFormat": "Text", "LogGroup": group}
	}
	return out
}

func urlConfig(_ *Cloud, f *function) (any, error) {
	if f.url == nil {
		return nil, refuse(http.StatusNotFound, "ResourceNotFoundException", "The resource you requested does not exist.")
	}
	mode := text(f.url["InvokeMode"])
	if mode == "" {
		mode = "BUFFERED"
	}
	return map[string]string{"FunctionUrl": f.urlAddress, "FunctionArn": f.arn, "AuthType": text(f.url["AuthType"]), "InvokeMode": mode, "CreationTime": f.modified, "LastModifiedTime": f.modified}, nil
}

func functionPolicy(_ *Cloud, f *function) (any, error) {
	if len(f.grants) == 0 {
		return nil, refuse(http.StatusNotFound, "ResourceNotFoundException", "The resource you requested does not exist.")
	}
	type statement map[string]any
	var statements []statement
	for _, g := range f.grants {
		condition := map[string]map[string]string{}
		if arn := text(g.properties["SourceArn"]); arn != "" {
			condition["ArnLike"] = map[string]string{"AWS:SourceArn": arn}
		}
		if auth := text(g.properties["FunctionUrlAuthType"]); auth != "" {
			condition["StringEquals"] = map[string]string{"lambda:FunctionUrlAuthType": auth}
		}
		if via := text(g.properties["InvokedViaFunctionUrl"]); via != "" {
			condition["Bool"] = map[string]string{"lambda:InvokedViaFunctionUrl": via}
		}
		s := statement{"Sid": g.id, "Effect": "Allow", "Principal": map[string]string{"Service": text(g.properties["Principal"])}, "Action": text(g.properties["Action"]), "Resource": f.arn}
		if len(condition) > 0 {
			s["Condition"] = condition
		}
		statements = append(statements, s)
	}
	policy, err := json.Marshal(map[string]any{"Version": "2012-10-17", "Id": "default", "Statement": statements})
	if err != nil {
		return nil, err
	}
	return map[string]string{"Policy": string(policy), "RevisionId": "00000000-0000-4000-8000-000000000000"}, nil
}
