package awsfake

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	metrics "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

func asError[T error](err error, as *T) bool { return errors.As(err, as) }

// deployed makes Photofit's stack at once.
func deployed(t *testing.T) (rig, map[string]string) {
	t.Helper()
	r := newRig(t, "eu-central-1")
	r.Pace = 1000
	r.AddBucket("artifacts", "eu-central-1")
	r.PutObject("artifacts", "a.zip", []byte("zip"))
	s := r.run(r.prepare(r.setInput("CREATE", "first", realTemplate(t, map[string]string{"PHOTOFIT_QUALITY": "80"}), nil)))
	if s.StackStatus != "CREATE_COMPLETE" {
		t.Fatalf("it is %s", s.StackStatus)
	}
	return r, outputs(s)
}

// TestEdgeFunction is described and tested by stage.
func TestEdgeFunction(t *testing.T) {
	r, _ := deployed(t)
	name := aws.String("photofit-eu-central-1")
	live := must[*cloudfront.DescribeFunctionOutput](t)(r.CloudFront.DescribeFunction(t.Context(), &cloudfront.DescribeFunctionInput{Name: name, Stage: types.FunctionStageLive}))
	if live.FunctionSummary.FunctionConfig.Runtime != "cloudfront-js-2.0" {
		t.Errorf("%+v", live.FunctionSummary)
	}
	event := []byte(`{"version":"1.0","context":{"eventType":"viewer-request"},"viewer":{"ip":"1.2.3.4"},"request":{"method":"GET","uri":"/a"}}`)
	test := func(etag *string, stage types.FunctionStage, event []byte) (*types.TestResult, error) {
		out, err := r.CloudFront.TestFunction(t.Context(), &cloudfront.TestFunctionInput{Name: name, IfMatch: etag, Stage: stage, EventObject: event})
		if err != nil {
			return nil, err
		}
		return out.TestResult, nil
	}
	var ran string
	r.OnTest(func(code string, event []byte) Tested {
		ran = code
		return Tested{Output: `{"request":{"uri":"/b"}}`, Utilization: 42}
	})
	got := must[*types.TestResult](t)(test(live.ETag, types.FunctionStageLive, event))
	if *got.FunctionOutput != `{"request":{"uri":"/b"}}` || *got.ComputeUtilization != "42" || !contains(ran, "function handler") {
		t.Errorf("%+v", got)
	}
	_, err := test(live.ETag, types.FunctionStageDevelopment, event)
	refused(t, err, "InvalidIfMatchVersion", "")
	r.expect(0)
	_, err = test(live.ETag, types.FunctionStageLive, []byte(`{"version":"1.0"}`))
	refused(t, err, "InvalidArgument", "")
	r.expect(1)
	_, err = r.CloudFront.DescribeFunction(t.Context(), &cloudfront.DescribeFunctionInput{Name: aws.String("none")})
	refused(t, err, "NoSuchFunctionExists", "")
}

// TestInvalidations is about what can be invalidated, and how much at a time.
func TestInvalidations(t *testing.T) {
	r, out := deployed(t)
	id := out["DistributionId"]
	n := 0
	invalidate := func(items ...string) (*types.Invalidation, error) {
		n++
		made, err := r.CloudFront.CreateInvalidation(t.Context(), &cloudfront.CreateInvalidationInput{DistributionId: &id, InvalidationBatch: &types.InvalidationBatch{
			CallerReference: aws.String(fmt.Sprint(n)), Paths: &types.Paths{Quantity: aws.Int32(int32(len(items))), Items: items}}})
		if err != nil {
			return nil, err
		}
		return made.Invalidation, nil
	}
	made := must[*types.Invalidation](t)(invalidate("/*", "#ABCdef"))
	if got := r.Invalidated(); !slices.Equal(got, []string{"/*", "#abcdef"}) {
		t.Errorf("%q", got)
	}
	for _, want := range []string{"InProgress", "Completed"} {
		got := must[*cloudfront.GetInvalidationOutput](t)(r.CloudFront.GetInvalidation(t.Context(), &cloudfront.GetInvalidationInput{DistributionId: &id, Id: made.Id}))
		if *got.Invalidation.Status != want {
			t.Errorf("it is %s, not %s", *got.Invalidation.Status, want)
		}
	}
	for _, item := range []string{"/a~20b", "a", "/a*b", "#a b", "/a b", "/é"} {
		_, err := invalidate(item)
		refused(t, err, "InvalidArgument", "")
	}
	r.expect(6)
	wild := make([]string, 15)
	for i := range wild {
		wild[i] = fmt.Sprintf("/%d/*", i)
	}
	must[*types.Invalidation](t)(invalidate(wild...))
	_, err := invalidate("/more/*")
	refused(t, err, "TooManyInvalidationsInProgress", "")
	many := make([]string, 2985)
	for i := range many {
		many[i] = fmt.Sprintf("/%d", i)
	}
	must[*types.Invalidation](t)(invalidate(many...))
	_, err = invalidate("#tag")
	refused(t, err, "TooManyInvalidationsInProgress", "")
	list := must[*cloudfront.ListDistributionsOutput](t)(r.CloudFront.ListDistributions(t.Context(), nil)).DistributionList
	if len(list.Items) != 1 || *list.Items[0].Id != id || "https://"+*list.Items[0].DomainName != out["Url"] {
		t.Errorf("%+v", list.Items)
	}
	_, err = r.CloudFront.GetDistribution(t.Context(), &cloudfront.GetDistributionInput{Id: aws.String("E1")})
	refused(t, err, "NoSuchDistribution", "")
}

// TestLambda shows the function that the stack has made.
func TestLambda(t *testing.T) {
	r, out := deployed(t)
	name := aws.String(out["RenderFunction"])
	f := must[*lambda.GetFunctionOutput](t)(r.Lambda.GetFunction(t.Context(), &lambda.GetFunctionInput{FunctionName: name})).Configuration
	if f.Runtime != "provided.al2023" || *f.MemorySize != 1769 || *f.Timeout != 55 || f.Environment.Variables["PHOTOFIT_QUALITY"] != "80" || f.Environment.Variables["PHOTOFIT_CACHE"] != "s3://"+out["RenditionsBucket"] ||
		f.Architectures[0] != "arm64" || f.State != "Active" || f.CodeSize != 3 || *f.Description == "" {
		t.Errorf("%+v", f)
	}
	byARN := must[*lambda.GetFunctionConfigurationOutput](t)(r.Lambda.GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: f.FunctionArn}))
	if *byARN.CodeSha256 != *f.CodeSha256 {
		t.Errorf("%+v", byARN)
	}
	u := must[*lambda.GetFunctionUrlConfigOutput](t)(r.Lambda.GetFunctionUrlConfig(t.Context(), &lambda.GetFunctionUrlConfigInput{FunctionName: name}))
	if *u.FunctionUrl != out["RenderUrl"] || u.AuthType != "AWS_IAM" || u.InvokeMode != "RESPONSE_STREAM" {
		t.Errorf("%+v", u)
	}
	p := must[*lambda.GetPolicyOutput](t)(r.Lambda.GetPolicy(t.Context(), &lambda.GetPolicyInput{FunctionName: name}))
	for _, want := range []string{`"lambda:InvokeFunctionUrl"`, `"lambda:InvokeFunction"`, `"lambda:FunctionUrlAuthType":"AWS_IAM"`, `"lambda:InvokedViaFunctionUrl":"true"`, out["DistributionId"]} {
		if !contains(*p.Policy, want) {
			t.Errorf("%s has no %s", *p.Policy, want)
		}
	}
	purge := aws.String(out["PurgeFunction"])
	_, err := r.Lambda.GetPolicy(t.Context(), &lambda.GetPolicyInput{FunctionName: purge})
	refused(t, err, "ResourceNotFoundException", "")
	_, err = r.Lambda.GetFunctionUrlConfig(t.Context(), &lambda.GetFunctionUrlConfigInput{FunctionName: purge})
	refused(t, err, "ResourceNotFoundException", "")
	_, err = r.Lambda.GetFunction(t.Context(), &lambda.GetFunctionInput{FunctionName: aws.String("none")})
	refused(t, err, "ResourceNotFoundException", "Function not found: arn:aws:lambda:eu-central-1:123456789012:function:none")
	r.SetConcurrency(10)
	if a := must[*lambda.GetAccountSettingsOutput](t)(r.Lambda.GetAccountSettings(t.Context(), nil)); a.AccountLimit.ConcurrentExecutions != 10 || a.AccountUsage.FunctionCount != 2 {
		t.Errorf("%+v %+v", a.AccountLimit, a.AccountUsage)
	}
}

// TestMetrics has values where a test has set them, each in its region.
func TestMetrics(t *testing.T) {
	r := newRig(t, "eu-central-1")
	r.SetMetric("us-east-1", "AWS/CloudFront", "Requests", map[string]string{"DistributionId": "E1", "Region": "Global"}, "Sum", 30, 20)
	end := time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)
	query := func(client *cloudwatch.Client, stat string, days int) []metrics.MetricDataResult {
		out := must[*cloudwatch.GetMetricDataOutput](t)(client.GetMetricData(t.Context(), &cloudwatch.GetMetricDataInput{StartTime: aws.Time(end.AddDate(0, 0, -days)), EndTime: &end, MetricDataQueries: []metrics.MetricDataQuery{{Id: aws.String("requests"), MetricStat: &metrics.MetricStat{
			Period: aws.Int32(86400), Stat: &stat, Metric: &metrics.Metric{Namespace: aws.String("AWS/CloudFront"), MetricName: aws.String("Requests"),
				Dimensions: []metrics.Dimension{{Name: aws.String("Region"), Value: aws.String("Global")}, {Name: aws.String("DistributionId"), Value: aws.String("E1")}}}}}}}))
		return out.MetricDataResults
	}
	if got := query(r.GlobalMetrics, "Sum", 7); len(got) != 1 || !slices.Equal(got[0].Values, []float64{30, 20}) || !got[0].Timestamps[0].Equal(end.AddDate(0, 0, -1)) {
		t.Errorf("%+v", got)
	}
	for name, got := range map[string][]metrics.MetricDataResult{"elsewhere": query(r.Metrics, "Sum", 7), "another statistic": query(r.GlobalMetrics, "Average", 7)} {
		if len(got) != 1 || len(got[0].Values) != 0 {
			t.Errorf("%s: %+v", name, got)
		}
	}
	_, err := r.Metrics.GetMetricData(t.Context(), &cloudwatch.GetMetricDataInput{StartTime: &end, EndTime: &end, MetricDataQueries: []metrics.MetricDataQuery{{Id: aws.String("A")}}})
	refused(t, err, "ValidationError", "StartTime")
	r.expect(1)
}
