package emulator

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"photofit/internal/cfn"
)

// access is the origin's side: whether it lets somebody in.
type access interface {
	// before decides on a request; nil: it is let in.
	before(c caller, path string) *http.Response

	// after changes an answer to what this caller may know.
	after(c caller, answer *http.Response)
}

// bucket is a bucket's policy.
type bucket struct {
	arn        string
	statements []statement
	encrypted  string // what its objects say of their encryption
}

func (r *reader) bucket(d *distribution, name string) *bucket {
	const kind = "AWS::S3::Bucket"
	id, _ := r.names.Attribute(name, kind, "")
	b := &bucket{}
	b.arn, _ = r.names.Attribute(name, kind, "Arn")
	properties := r.stack.Resources[name].Properties
	if rules := r.list(cfn.At(properties, "BucketEncryption", "ServerSideEncryptionConfiguration")); len(rules) > 0 {
		b.encrypted = r.text(cfn.At(rules[0], "ServerSideEncryptionByDefault", "SSEAlgorithm"))
	}
	if b.encrypted != "" && b.encrypted != "AES256" {
		r.fail("encryption by %s is not known to the emulator: ETags are not the MD5 of the bytes then", b.encrypted)
	}
	closed := cfn.At(properties, "PublicAccessBlockConfiguration", "RestrictPublicBuckets") == true
	for _, policy := range r.stack.Of("AWS::S3::BucketPolicy") {
		resource := r.stack.Resources[policy]
		if resource.Properties["Bucket"] != id {
			continue
		}
		r.line = resource.Line
		for _, item := range r.list(cfn.At(resource.Properties, "PolicyDocument", "Statement")) {
			s := r.statement(item)
			if s.anyone && !s.deny && closed {
				continue // it is a public grant, and those have no effect
			}
			b.statements = append(b.statements, s)
		}
	}
	return b
}

// maxKey is how long a key may be, in bytes. Not all servers on file systems say so
// as S3 does.
const maxKey = 1024

func (b *bucket) before(c caller, path string) *http.Response {
	key := strings.TrimPrefix(path, "/")
	if name, err := url.PathUnescape(key); err == nil && len(name) > maxKey {
		return response(http.StatusBadRequest, "application/xml", `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>KeyTooLongError</Code><Message>Your key is too long</Message></Error>`)
	}
	allowed := key != "" && allows(b.statements, c, "s3:GetObject", b.arn+"/"+key) || key == "" && allows(b.statements, c, "s3:ListBucket", b.arn)
	if allowed {
		return nil
	}
	return denied()
}

// after hides whether there is an object from who may not list, and says of its
// encryption what S3 says.
func (b *bucket) after(c caller, answer *http.Response) {
	if answer.StatusCode == http.StatusNotFound && !allows(b.statements, c, "s3:ListBucket", b.arn) {
		_ = answer.Body.Close()
		*answer = *denied()
	}
	if b.encrypted != "" && answer.StatusCode < 300 {
		answer.Header.Set("X-Amz-Server-Side-Encryption", b.encrypted)
	}
}

func denied() *http.Response {
	return response(http.StatusForbidden, "application/xml", `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`)
}

func response(status int, kind, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {kind}}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
}

// function is a function URL's permissions ("Control access to Lambda function
// URLs").
type function struct {
	authType string
	grants   []grant
}

type grant struct{ action, principal, authType, source string }

func (r *reader) function(_ *distribution, name string) *function {
	o := r.object(r.stack.Resources[name].Properties, "a function URL", "TargetFunctionArn", "AuthType", "InvokeMode", "Cors", "Qualifier")
	f := &function{authType: r.text(o["AuthType"])}
	if o["InvokeMode"] != "RESPONSE_STREAM" {
		r.fail("a function URL with InvokeMode %v is not known to the emulator: the function streams its answer, so it is to be RESPONSE_STREAM", o["InvokeMode"])
	}
	target := r.text(o["TargetFunctionArn"])
	for _, permission := range r.stack.Of("AWS::Lambda::Permission") {
		r.line = r.stack.Resources[permission].Line
		p := r.object(r.stack.Resources[permission].Properties, "a permission", "FunctionName", "Action", "Principal", "FunctionUrlAuthType", "InvokedViaFunctionUrl", "SourceArn", "SourceAccount")
		called := r.text(p["FunctionName"])
		if called != target && !strings.HasSuffix(target, ":function:"+called) {
			continue
		}
		f.grants = append(f.grants, grant{r.text(p["Action"]), r.text(p["Principal"]), r.text(p["FunctionUrlAuthType"]), r.text(p["SourceArn"])})
	}
	return f
}

// before lets in who has both grants.
func (f *function) before(c caller, _ string) *http.Response {
	if f.authType == "NONE" {
		c = anybody // nobody is looked at
	}
	if (f.authType == "NONE" || c.service != "") && f.allows(c, "lambda:InvokeFunctionUrl") && f.allows(c, "lambda:InvokeFunction") {
		return nil
	}
	return response(http.StatusForbidden, "application/json", `{"Message":"Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}`)
}

func (f *function) allows(c caller, action string) bool {
	return slices.ContainsFunc(f.grants, func(g grant) bool {
		return wild(g.action, action, true) && (g.principal == "*" || g.principal == c.service && c.service != "") &&
			(g.authType == "" || g.authType == f.authType) && (g.source == "" || wild(g.source, c.context["aws:sourcearn"], false))
	})
}

func (f *function) after(caller, *http.Response) {}

// Direct is an origin as anybody finds it on the internet, who asks it without the
// edge and without a signature.
func (e *Emulator) Direct(id string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i := slices.IndexFunc(e.d.members, func(o *origin) bool { return o.id == id })
		if i < 0 {
			http.NotFound(w, r)
			return
		}
		path, query, _ := strings.Cut(r.RequestURI, "?")
		answer, err := e.d.members[i].send(r.Context(), anybody, r.Method, path, query, nil)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer answer.Body.Close()
		for name, values := range answer.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.StatusCode)
		_, _ = io.Copy(w, answer.Body)
	})
}
