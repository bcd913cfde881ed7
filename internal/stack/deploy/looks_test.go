package deploy_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"photofit"
	"photofit/internal/awsfake"
	"photofit/internal/edge/run"
	"photofit/internal/stack/deploy"
)

// runtime is CloudFront's for TestFunction: it runs the code that was deployed, and hands over the query
// only if it is to.
func runtime(utilisation int, query bool) func(code string, event []byte) awsfake.Tested {
	return func(code string, event []byte) awsfake.Tested {
		output, err := run.Test(code, event, query)
		if err != nil {
			return awsfake.Tested{Error: err.Error()}
		}
		return awsfake.Tested{Output: output, Utilization: utilisation}
	}
}

// The edge function is asked 52 things in CloudFront's runtime, and says what the server says.
func TestCheckEdge(t *testing.T) {
	r := newRig(t)
	r.mustDeploy()
	r.cloud.OnTest(runtime(41, true))
	report, err := r.deployer().CheckEdge(r.ctx, photofit.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	if report.Asked != 52 || report.Utilisation != 41 || report.NoQuery || report.Error() != nil {
		t.Errorf("%+v, %v", report, report.Error())
	}
	// A server with another policy resolves otherwise.
	other := photofit.DefaultPolicy()
	other.Widths = []int{100, 200}
	if report, err = r.deployer().CheckEdge(r.ctx, other); err != nil || report.Error() == nil {
		t.Errorf("%+v, %v", report, err)
	}
	r.cloud.OnTest(runtime(60, true))
	if report, err = r.deployer().CheckEdge(r.ctx, photofit.DefaultPolicy()); err != nil || report.Error() == nil || !strings.Contains(report.Error().Error(), "60 %") {
		t.Errorf("%+v, %v", report, err)
	}
	r.cloud.OnTest(runtime(41, false))
	if report, err = r.deployer().CheckEdge(r.ctx, photofit.DefaultPolicy()); err != nil || !report.NoQuery || report.Error() != nil {
		t.Errorf("%+v, %v", report, err)
	}
	r.cloud.OnTest(func(string, []byte) awsfake.Tested { return awsfake.Tested{Error: "SyntaxError"} })
	if report, err = r.deployer().CheckEdge(r.ctx, photofit.DefaultPolicy()); err != nil || report.Error() == nil || len(report.Differ) != 52 {
		t.Errorf("%+v, %v", report, err)
	}
}

// What the checks do with the account's buckets leaves nothing behind.
func TestInside(t *testing.T) {
	r := newRig(t)
	o := r.mustDeploy().Outputs
	r.config.Photos = &deploy.Place{Bucket: o.PhotosBucket, Prefix: "family"}
	r.mustDeploy()
	d := r.deployer()
	if _, err := d.Find(r.ctx); err != nil {
		t.Fatal(err)
	}
	inside := d.Inside()
	r.cloud.PutObject(o.PhotosBucket, "family/trip.jpg", []byte("photo"))
	r.cloud.PutObject(o.PhotosBucket, "family/probe.jpg.jpg", []byte("photo"))
	for range 2 {
		if err := inside.PutPhoto(r.ctx, "probe.jpg", []byte("probe")); err != nil {
			t.Fatal(err)
		}
	}
	if got := r.cloud.Objects(o.PhotosBucket); len(got) != 3 || got[0].Key != "family/probe.jpg" {
		t.Errorf("the photos are %+v", got)
	}
	if _, err := inside.Rendition(r.ctx, "r1/probe.jpg/_w320.jpg"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	for _, key := range []string{"r1/probe.jpg/_w320.jpg", "r1/probe.jpg.jpg/_w320.jpg"} {
		r.cloud.PutObject(o.RenditionsBucket, key, []byte("rendition"))
	}
	if tag, err := inside.Rendition(r.ctx, "r1/probe.jpg/_w320.jpg"); err != nil || len(tag) != 34 {
		t.Errorf("%s, %v", tag, err)
	}
	if err := inside.InvalidateTag(r.ctx, photofit.CacheTag("probe.jpg")); err != nil {
		t.Error(err)
	}
	if got := r.cloud.Invalidated(); len(got) != 2 || got[0] != "/*" || !strings.Contains(got[1], photofit.CacheTag("probe.jpg")) {
		t.Errorf("invalidated is %q", got)
	}
	for range 2 {
		if err := inside.DeletePhoto(r.ctx, "probe.jpg"); err != nil {
			t.Error(err)
		}
	}
	if got := r.cloud.Objects(o.PhotosBucket); len(got) != 2 {
		t.Errorf("the photos are %+v", got)
	}
	if got := r.cloud.Objects(o.RenditionsBucket); len(got) != 1 || got[0].Key != "r1/probe.jpg.jpg/_w320.jpg" {
		t.Errorf("the renditions are %+v", got)
	}
	if inside.FunctionURL() != o.RenderURL || inside.RenditionsURL() != "https://"+o.RenditionsBucket+".s3.eu-central-1.amazonaws.com/" {
		t.Errorf("%s, %s", inside.FunctionURL(), inside.RenditionsURL())
	}
}

func TestStatus(t *testing.T) {
	r := newRig(t)
	if is, err := r.deployer().Status(r.ctx, true); is != nil || err != nil {
		t.Errorf("without a stack: %+v, %v", is, err)
	}
	arn := r.cloud.AddCertificate("us-east-1", names...)
	r.config.Aliases = names
	o := r.mustDeploy().Outputs
	r.dns[names[0]] = o.DomainName
	r.dns[names[1]] = "old.example.net"
	site := map[string]string{"DistributionId": o.DistributionID, "Region": "Global"}
	render := map[string]string{"FunctionName": o.RenderFunction}
	r.cloud.SetMetric("us-east-1", "AWS/CloudFront", "Requests", site, "Sum", 600_000, 400_000)
	r.cloud.SetMetric("us-east-1", "AWS/CloudFront", "BytesDownloaded", site, "Sum", 60e9, 54e9)
	r.cloud.SetMetric(region, "AWS/Lambda", "Invocations", render, "Sum", 20_000, 10_000)
	r.cloud.SetMetric(region, "AWS/Lambda", "Errors", render, "Sum", 3)
	r.cloud.SetMetric(region, "AWS/Lambda", "Duration", render, "Sum", 9e6)
	r.cloud.SetMetric(region, "AWS/Lambda", "Duration", map[string]string{"FunctionName": o.PurgeFunction}, "Sum", 240e6) // many masters
	r.cloud.SetMetric(region, "AWS/S3", "BucketSizeBytes", map[string]string{"BucketName": o.PhotosBucket, "StorageType": "StandardStorage"}, "Average", 50e9, 40e9)
	r.cloud.SetMetric(region, "AWS/SQS", "ApproximateNumberOfMessagesVisible", map[string]string{"QueueName": o.FailedQueueURL[strings.LastIndex(o.FailedQueueURL, "/")+1:]}, "Maximum", 2, 0)
	r.cloud.Drift(region, "photofit", awsfake.Drift{Resource: "Render", Path: "/MemorySize", Expected: "1769", Actual: "128"}, awsfake.Drift{Resource: "Headers", Deleted: true})
	is, err := r.deployer().Status(r.ctx, true)
	if err != nil {
		t.Fatal(err)
	}
	if is.State != "CREATE_COMPLETE" || is.Outputs != o || is.NoDrift != "" || is.NoMonth != "" {
		t.Errorf("%+v", is)
	}
	if c := is.Certificate; c == nil || c.Arn != arn || c.Status != "ISSUED" || c.Expires.IsZero() {
		t.Errorf("the certificate is %+v", c)
	}
	if want := []deploy.Alias{{Name: names[0], Leads: true}, {Name: names[1], Now: "old.example.net"}}; !slices.Equal(is.Aliases, want) {
		t.Errorf("the names are %+v", is.Aliases)
	}
	if len(is.Drift) != 2 || !slices.ContainsFunc(is.Drift, func(d deploy.Drift) bool { return d.Resource == "Headers" && d.Deleted }) ||
		!slices.ContainsFunc(is.Drift, func(d deploy.Drift) bool {
			return d.Resource == "Render" && !d.Deleted && slices.Equal(d.Settings, []string{"/MemorySize"})
		}) {
		t.Errorf("the drift is %+v", is.Drift)
	}
	m := is.Month
	if m == nil || m.Views != 1e6 || m.Delivered != 114e9 || m.Renders != 30_000 || m.Errors != 3 || m.Throttles != 0 || m.Photos != 50e9 || m.Lost != 2 || m.Share() != 0.03 {
		t.Errorf("the month is %+v", m)
	}
	if m.Dollars() < 1.7 || m.Dollars() > 2 { // with what masters take beyond what is free
		t.Errorf("it costs %.2f", m.Dollars())
	}
	// What may not be asked is not known; the rest is.
	r.cloud.Plant(r.cloud.Denied("monitoring:GetMetricData", "*"), r.cloud.Denied("cloudformation:DetectStackDrift", "*"))
	if is, err = r.deployer().Status(r.ctx, true); err != nil || is.Month != nil || !strings.Contains(is.NoMonth, "may not") || !strings.Contains(is.NoDrift, "may not") || is.Certificate == nil {
		t.Errorf("%+v, %v", is, err)
	}
}

// A stack that is at work is followed to its end before anything is done.
func TestFollowsWhatIsUnderWay(t *testing.T) {
	r := newRig(t)
	r.mustDeploy()
	// Somebody else deletes it.
	if _, err := r.account.CloudFormation.DeleteStack(r.ctx, &cloudformation.DeleteStackInput{StackName: aws.String("photofit")}); err != nil {
		t.Fatal(err)
	}
	result := r.mustDeploy()
	if !result.Plan.New || !slices.ContainsFunc(r.events, func(e deploy.Event) bool { return strings.Contains(e.Text, "is at work already (DELETE_IN_PROGRESS)") }) {
		t.Errorf("%+v", result.Plan)
	}
}
