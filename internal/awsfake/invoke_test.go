package awsfake

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	cftypes "github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func TestInvoke(t *testing.T) {
	r := newRig(t, "eu-central-1")
	r.Cloud.functions["eu-central-1/f"] = &function{name: "f", region: "eu-central-1", arn: "arn:aws:lambda:eu-central-1:123456789012:function:f"}
	r.Cloud.OnInvoke(func(name string, event []byte) ([]byte, string) {
		if string(event) == `"fail"` {
			return nil, "libvips was not found"
		}
		return append([]byte(nil), event...), ""
	})
	out, err := r.Lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(`{"a":1}`)})
	if err != nil || string(out.Payload) != `{"a":1}` || out.FunctionError != nil {
		t.Errorf("%+v, %v", out, err)
	}
	out, err = r.Lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(`"fail"`)})
	if err != nil || aws.ToString(out.FunctionError) != "Unhandled" || string(out.Payload) != `{"errorMessage":"libvips was not found","errorType":"Runtime.ExitError"}` {
		t.Errorf("%+v, %v", out, err)
	}
	if _, err := r.Lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("g")}); err == nil {
		t.Error("a function that is not there answers")
	}
}

func TestCachePolicies(t *testing.T) {
	r := newRig(t, "eu-central-1")
	r.Cloud.AddCachePolicies("a", "b", "c")
	var names []string
	in := &cloudfront.ListCachePoliciesInput{Type: cftypes.CachePolicyTypeCustom, MaxItems: aws.Int32(2)}
	for {
		out, err := r.CloudFront.ListCachePolicies(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range out.CachePolicyList.Items {
			names = append(names, aws.ToString(p.CachePolicy.CachePolicyConfig.Name))
		}
		if in.Marker = out.CachePolicyList.NextMarker; in.Marker == nil {
			break
		}
	}
	if len(names) != 3 || names[2] != "c" {
		t.Errorf("the policies are %q", names)
	}
}
