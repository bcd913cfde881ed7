package awsfake

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"photofit/internal/stack/account"
)

// TestFaults has what AWS would not understand refused and remembered.
func TestFaults(t *testing.T) {
	const signed = "AWS4-HMAC-SHA256 Credential=AKID/20261126/%s/aws4_request, SignedHeaders=host;x-amz-date, Signature=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	form := func(r *http.Request) { r.Header.Set("Content-Type", "application/x-www-form-urlencoded") }
	for name, c := range map[string]struct {
		scope, method, path, body string
		status                    int
		code                      string
		set                       func(*http.Request)
	}{
		"unsigned":          {"", "GET", "/", "", 403, "MissingAuthenticationToken", nil},
		"unknown service":   {"us-east-1/dynamodb", "POST", "/", "", 400, "UnknownService", nil},
		"unknown operation": {"us-east-1/cloudformation", "POST", "/", "Action=CreateStack&Version=2010-05-15", 400, "UnknownOperationException", form},
		"another version":   {"us-east-1/cloudformation", "POST", "/", "Action=DescribeStacks&Version=2009-05-15", 400, "UnknownOperationException", form},
		"no form":           {"us-east-1/cloudformation", "POST", "/", "Action=DescribeStacks&Version=2010-05-15", 400, "UnknownOperationException", nil},
		"unknown parameter": {"us-east-1/cloudformation", "POST", "/", "Action=DescribeStacks&Version=2010-05-15&Stack=x", 400, "ValidationError", form},
		"hole in a list":    {"us-east-1/cloudformation", "POST", "/", "Action=CreateChangeSet&Version=2010-05-15&Tags.member.2.Key=x", 400, "Tags has nothing at 1", form},
		"no boolean":        {"us-east-1/cloudformation", "POST", "/", "Action=ExecuteChangeSet&Version=2010-05-15&DisableRollback=True", 400, "ValidationError", form},
		"unknown target": {"us-east-1/acm", "POST", "/", "{}", 400, "UnknownOperationException", func(r *http.Request) {
			r.Header.Set("Content-Type", "application/x-amz-json-1.1")
			r.Header.Set("X-Amz-Target", "CertificateManager.RevokeCertificate")
		}},
		"unknown field": {"us-east-1/acm", "POST", "/", `{"Arn":"x"}`, 400, "SerializationException", func(r *http.Request) {
			r.Header.Set("Content-Type", "application/x-amz-json-1.1")
			r.Header.Set("X-Amz-Target", "CertificateManager.DescribeCertificate")
		}},
		"region of a global service": {"eu-west-1/cloudfront", "GET", "/2020-05-31/distribution", "", 403, "SignatureDoesNotMatch", nil},
		"unknown query":              {"us-east-1/cloudfront", "GET", "/2020-05-31/distribution?Maker=x", "", 400, "UnknownOperationException", nil},
		"unknown subresource":        {"us-east-1/s3", "GET", "/bucket?acl", "", 400, "UnknownOperationException", nil},
		"first listing":              {"us-east-1/s3", "GET", "/bucket?prefix=x", "", 400, "UnknownOperationException", nil},
		"unknown element":            {"us-east-1/s3", "PUT", "/bucket", `<CreateBucketConfiguration xmlns="` + s3Namespace + `"><Region>x</Region></CreateBucketConfiguration>`, 400, "MalformedXML", nil},
		"another namespace":          {"us-east-1/s3", "PUT", "/bucket", `<CreateBucketConfiguration><LocationConstraint>x</LocationConstraint></CreateBucketConfiguration>`, 400, "MalformedXML", nil},
		"no CBOR": {"us-east-1/monitoring", "POST", "/service/GraniteServiceVersion20100801/operation/GetMetricData", "{}", 400, "SerializationException", func(r *http.Request) {
			r.Header.Set("Content-Type", "application/cbor")
			r.Header.Set("Smithy-Protocol", "rpc-v2-cbor")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			cloud := New()
			request := httptest.NewRequest(c.method, c.path, strings.NewReader(c.body))
			if c.scope != "" {
				request.Header.Set("Authorization", strings.Replace(signed, "%s", c.scope, 1))
				request.Header.Set("X-Amz-Date", "20261126T000000Z")
			}
			if c.set != nil {
				c.set(request)
			}
			answer := httptest.NewRecorder()
			cloud.ServeHTTP(answer, request)
			if answer.Code != c.status || !strings.Contains(answer.Body.String(), c.code) {
				t.Errorf("%d %s, want %d %s", answer.Code, answer.Body, c.status, c.code)
			}
			if faults := cloud.Faults(); len(faults) != 1 || !strings.Contains(faults[0], c.code) {
				t.Errorf("faults %q", faults)
			}
		})
	}
}

func TestSignedToday(t *testing.T) {
	request := httptest.NewRequest("GET", "/", nil)
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=A/20261126/us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature="+strings.Repeat("0", 64))
	request.Header.Set("X-Amz-Date", "20261127T000000Z")
	if _, _, err := scope(request); err == nil {
		t.Error("a signature of another day is taken")
	}
}

// TestRequests has them remembered, with the region each was signed for.
func TestRequests(t *testing.T) {
	r := newRig(t, "eu-central-1")
	who := must[*sts.GetCallerIdentityOutput](t)(sts.NewFromConfig(r.loaded).GetCallerIdentity(t.Context(), nil))
	if *who.Account != r.Cloud.Account || *who.Arn != r.User {
		t.Errorf("%s %s", *who.Account, *who.Arn)
	}
	_, err := r.CloudFormation.DescribeStacks(t.Context(), &cloudformation.DescribeStacksInput{StackName: aws.String("photofit")})
	refused(t, err, "ValidationError", "Stack with id photofit does not exist")
	if _, err := r.Certificates.ListCertificates(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	want := []Request{
		{"sts:GetCallerIdentity", "eu-central-1", "", ""},
		{"cloudformation:DescribeStacks", "eu-central-1", "photofit", "ValidationError"},
		{"acm:ListCertificates", "us-east-1", "", ""},
	}
	if got := r.Requests(); !slices.Equal(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := r.Operations(); got[2] != "acm:ListCertificates" {
		t.Errorf("%q", got)
	}
	if r.Forget(); len(r.Requests()) != 0 {
		t.Error("they are not forgotten")
	}
}

// TestPlant has planted refusals met as often as they are for.
func TestPlant(t *testing.T) {
	r := newRig(t, "eu-central-1")
	ask := func() error {
		_, err := r.S3.ListBuckets(t.Context(), nil)
		return err
	}
	r.Plant(Fault{Operation: "s3:ListBuckets", Skip: 1, Times: 2, Code: "SlowDown", Status: 503}, Fault{Operation: "sts:*", Code: "AccessDenied"})
	for i, want := range []string{"", "SlowDown", "SlowDown", ""} {
		if got := codeOf(ask()); got != want {
			t.Errorf("request %d: %q, want %q", i, got, want)
		}
	}
	r.Plant(Throttled("s3:*", 1))
	if got := codeOf(ask()); got != "Throttling" {
		t.Error(got)
	}
	r.Plant(r.Denied("s3:CreateBucket", "arn:aws:s3:::photos"))
	for range 2 {
		_, err := r.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("photos")})
		if said := account.Explain("making the bucket photos", err).Error(); !strings.Contains(said, "The credentials may not s3:CreateBucket") {
			t.Error(said)
		}
	}
	r.Plant(Expired())
	for range 2 {
		if said := account.Explain("asking", ask()).Error(); !strings.Contains(said, "The session has ended") {
			t.Error(said)
		}
	}
}

// TestRetries has the clients that Photofit makes outlast throttling.
func TestRetries(t *testing.T) {
	r := newRig(t, "eu-central-1")
	loaded := must[aws.Config](t)(account.Load(t.Context(), account.Config{Backoff: 1}))
	r.Plant(Throttled("cloudformation:DescribeStacks", 7))
	if _, err := account.With(loaded).CloudFormation.DescribeStacks(t.Context(), nil); err != nil {
		t.Error(err)
	}
	if got := len(r.Requests()); got != 8 {
		t.Errorf("%d requests", got)
	}
}

// TestInterrupt has connections cut before and after a request is carried out.
func TestInterrupt(t *testing.T) {
	r := newRig(t, "us-east-1")
	create := func(name string) error {
		_, err := r.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &name})
		return err
	}
	r.InterruptBefore(1)
	r.Interrupt(2)
	for _, name := range []string{"first", "second", "third"} {
		err := create(name)
		if (err != nil) != (name != "third") || account.Code(err) != "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got := r.Buckets(); !slices.Equal(got, []string{"second", "third"}) {
		t.Errorf("made are %q", got)
	}
	if got := r.Requests(); got[0].Code != "cut" || got[1].Code != "cut" || got[2].Code != "" {
		t.Errorf("%+v", got)
	}
}

func TestReadCBOR(t *testing.T) {
	value := map[string]any{"a": []any{1.5, "x", nil, map[string]any{}}, "b": "é"}
	if back, err := readCBOR(writeCBOR(value)); err != nil || !same(back, value) {
		t.Errorf("%v, %v", back, err)
	}
	for _, bad := range [][]byte{nil, {0xff}, {0x01, 0x01}, {0x62, 'a'}, {0x9f, 0x01}, {0xa1, 0x01, 0x01}, {0x1c}, {0x82, 0x01, 0xff}, []byte(strings.Repeat("\x9f", 100))} {
		if v, err := readCBOR(bad); err == nil && v != (endOfItems{}) {
			t.Errorf("%x is read as %v", bad, v)
		} else if err != nil && !errors.Is(err, errCBOR) {
			t.Error(err)
		}
	}
}

func FuzzCBOR(f *testing.F) {
	f.Add(writeCBOR(map[string]any{"a": []any{1.5, "x", nil}}))
	f.Add([]byte{0xbf, 0x61, 'a', 0xc1, 0xfb, 0, 0, 0, 0, 0, 0, 0, 0, 0xff})
	f.Fuzz(func(_ *testing.T, data []byte) { _, _ = readCBOR(data) })
}
