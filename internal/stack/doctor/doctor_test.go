package doctor_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"photofit"
	"photofit/internal/awsfake"
	"photofit/internal/edge"
	"photofit/internal/stack"
	"photofit/internal/stack/account"
	"photofit/internal/stack/account/accounttest"
	"photofit/internal/stack/deploy"
	"photofit/internal/stack/doctor"
)

const region = "eu-central-1"

// rig is an account with a stack, whose template may have a mistake.
type rig struct {
	t       *testing.T
	cloud   *awsfake.Cloud
	account *account.Account
	outputs deploy.Outputs
	dns     dns
	caa     map[string][]doctor.CAA
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, cloud: awsfake.New(), dns: dns{}, caa: map[string][]doctor.CAA{}}
	r.cloud.Pace = 50
	r.account = accounttest.Connect(t, r.cloud, region)
	return r
}

func (r *rig) connect(ctx context.Context) (*account.Account, error) {
	return account.Connect(ctx, accounttest.Config(region))
}

// deploy makes the stack of a template in which texts are replaced.
func (r *rig) deploy(aliases []string, replace ...string) {
	r.t.Helper()
	code, err := edge.Function(photofit.DefaultPolicy())
	if err != nil {
		r.t.Fatal(err)
	}
	template, err := stack.Template(stack.Options{FunctionCode: code})
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i < len(replace); i += 2 {
		if !bytes.Contains(template, []byte(replace[i])) {
			r.t.Fatalf("the template has no %q", replace[i])
		}
		template = bytes.Replace(template, []byte(replace[i]), []byte(replace[i+1]), 1)
	}
	d, err := deploy.New(deploy.Config{
		Account: r.account, Template: template, ZipName: "a.zip", Aliases: aliases, Resolver: r.dns,
		Zip:  func() (io.ReadSeekCloser, error) { return closer{bytes.NewReader([]byte("zip"))}, nil },
		Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		r.t.Fatal(err)
	}
	result, err := d.Deploy(r.t.Context(), nil)
	if err != nil {
		r.t.Fatal(err)
	}
	r.outputs = result.Outputs
}

type closer struct{ *bytes.Reader }

func (closer) Close() error { return nil }

// dns leads names to others.
type dns map[string]string

// LookupCNAME is deploy.Resolver's.
func (d dns) LookupCNAME(_ context.Context, host string) (string, error) {
	if to, ok := d[host]; ok {
		return to + ".", nil
	}
	return "", &net.DNSError{IsNotFound: true, Name: host}
}

// LookupHost is deploy.Resolver's.
func (d dns) LookupHost(_ context.Context, host string) ([]string, error) {
	return nil, &net.DNSError{IsNotFound: true, Name: host}
}

// ask gives the answers, by "about: question".
func (r *rig) ask() map[string]doctor.Answer {
	r.t.Helper()
	answers := map[string]doctor.Answer{}
	n := 0
	ill, err := doctor.Run(r.t.Context(), doctor.Config{Account: r.connect, Resolver: r.dns, CAA: func(_ context.Context, host string) ([]doctor.CAA, error) { return r.caa[host], nil }}, func(a doctor.Answer) {
		answers[a.About+": "+a.Question] = a
		if a.Verdict == doctor.Ill {
			n++
		}
	})
	if err != nil || n != ill {
		r.t.Fatalf("%d of %d, %v", ill, n, err)
	}
	return answers
}

var names = []string{"media.example.com", "photos.example.org"}

// A stack as deploy makes it is well, in all that there is to ask.
func TestAllIsWell(t *testing.T) {
	r := newRig(t)
	r.cloud.AddCertificate("us-east-1", names...)
	r.deploy(names)
	for _, name := range names {
		r.dns[name] = r.outputs.DomainName
	}
	r.caa["example.com"] = []doctor.CAA{{Tag: "issue", Value: "letsencrypt.org"}, {Tag: "issue", Value: "amazon.com; account=1"}}
	answers := r.ask()
	for about, a := range answers {
		if a.Verdict != doctor.Well || a.Detail == "" {
			t.Errorf("%s: %+v", about, a)
		}
	}
	if len(answers) != 21 {
		t.Errorf("%d answers", len(answers))
	}
}

// Without a stack what is about one is skipped, and nothing is ill.
func TestNoStack(t *testing.T) {
	r := newRig(t)
	for about, a := range r.ask() {
		if want := strings.HasPrefix(about, "account: "); (a.Verdict == doctor.Well) != want || (a.Verdict == doctor.Skipped) == want {
			t.Errorf("%s: %+v", about, a)
		}
	}
}

// Each mistake is found by its question, with a remedy, and by no other.
func TestIll(t *testing.T) {
	for _, c := range []struct {
		name     string
		replace  []string
		do       func(*rig)
		question string
		says     string
	}{
		{"ten at a time", nil, func(r *rig) { r.cloud.SetConcurrency(10) }, "account: concurrency", "10 requests at a time"},
		{"EventBridge off", nil, func(r *rig) {
			_, err := r.account.S3.PutBucketNotificationConfiguration(r.t.Context(), &s3.PutBucketNotificationConfigurationInput{Bucket: &r.outputs.PhotosBucket, NotificationConfiguration: &types.NotificationConfiguration{}})
			if err != nil {
				r.t.Fatal(err)
			}
		}, "photos: events", "stays as it was"},
		{"photos open", []string{"        BlockPublicAcls: true\n", "        BlockPublicAcls: false\n"}, nil, "photos: closed to the public", "may be made public"},
		{"no GetObject", []string{"Action: s3:GetObject\n            Resource: !Sub \"${Renditions.Arn}/*\"", "Action: s3:GetObjectTagging\n            Resource: !Sub \"${Renditions.Arn}/*\""}, nil, "renditions: read by CloudFront", "has each made anew"},
		{"no ListBucket", []string{"Action: s3:ListBucket\n            Resource: !GetAtt Renditions.Arn\n", "Action: s3:ListBucketVersions\n            Resource: !GetAtt Renditions.Arn\n"}, nil, "renditions: read by CloudFront", "may not list"},
		{"another distribution's", []string{"distribution/${Distribution}\"\n          - Sid: DistributionTellsMissing", "distribution/EOTHER\"\n          - Sid: DistributionTellsMissing"}, nil, "renditions: read by CloudFront", "CloudFront may not read"},
		{"a lifecycle on the shelf", nil, func(r *rig) {
			_, err := r.account.S3.PutBucketLifecycleConfiguration(r.t.Context(), &s3.PutBucketLifecycleConfigurationInput{Bucket: &r.outputs.RenditionsBucket, LifecycleConfiguration: &types.BucketLifecycleConfiguration{
				Rules: []types.LifecycleRule{{ID: aws.String("theirs"), Status: types.ExpirationStatusEnabled, Filter: &types.LifecycleRuleFilter{Prefix: aws.String("")}, Expiration: &types.LifecycleExpiration{Days: aws.Int32(30)}}}}})
			if err != nil {
				r.t.Fatal(err)
			}
		}, "renditions: nothing expires", `the rule "theirs"`},
		{"a URL for all", []string{"AuthType: AWS_IAM\n", "AuthType: NONE\n"}, nil, "function: URL", "anybody may call"},
		{"a buffered URL", []string{"InvokeMode: RESPONSE_STREAM", "InvokeMode: BUFFERED"}, nil, "function: URL", "more than 6 MB fails"},
		{"one grant", []string{"      Action: lambda:InvokeFunction\n", "      Action: lambda:GetFunction\n"}, nil, "function: grants", "lacks lambda:InvokeFunction"},
		{"a grant without a source", []string{"      InvokedViaFunctionUrl: true\n      SourceArn: !Sub \"arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}\"\n", "      InvokedViaFunctionUrl: true\n"}, nil, "function: grants", "names no source"},
		{"too slow", []string{"Timeout: 55", "Timeout: 90"}, nil, "function: state", "answers 504"},
		{"few reserved", []string{"      Timeout: 55", "      ReservedConcurrentExecutions: 5\n      Timeout: 55"}, nil, "function: state", "may run 5 requests"},
		{"it does not start", nil, func(r *rig) {
			r.cloud.OnInvoke(func(name string, _ []byte) ([]byte, string) {
				if name == r.outputs.RenderFunction {
					return nil, "libstdc++.so.6 is missing"
				}
				return []byte("null"), ""
			})
		}, "function: health", "libstdc++.so.6 is missing"},
		{"the wrong CPU", nil, func(r *rig) {
			r.cloud.OnInvoke(func(name string, _ []byte) ([]byte, string) {
				if name == r.outputs.RenderFunction {
					return nil, "fork/exec /var/task/bootstrap: exec format error"
				}
				return []byte("null"), ""
			})
		}, "function: health", "exec format error"},
		{"the purge does not start", nil, func(r *rig) {
			r.cloud.OnInvoke(func(name string, event []byte) ([]byte, string) {
				if name == r.outputs.PurgeFunction && string(event) == `{"Records":[]}` {
					return nil, "PHOTOFIT_WARM: nobody can ask for 7 px"
				}
				return []byte("null"), ""
			})
		}, "purge: health", "nobody can ask for 7 px"},
		{"switched off", []string{"        Enabled: true\n        HttpVersion", "        Enabled: false\n        HttpVersion"}, nil, "edge: distribution", "is switched off"},
		{"unpublished", []string{"AutoPublish: true", "AutoPublish: false"}, nil, "edge: function", "is not published"},
		{"DNS", nil, func(r *rig) { delete(r.dns, names[1]) }, "names: DNS", "photos.example.org does not lead"},
		{"CAA", nil, func(r *rig) { r.caa["example.org"] = []doctor.CAA{{Tag: "issue", Value: "letsencrypt.org"}} }, "names: CAA", "CAA records of example.org"},
		{"CAA of nobody", nil, func(r *rig) { r.caa["photos.example.org"] = []doctor.CAA{{Tag: "issue", Value: ";"}} }, "names: CAA", "CAA records of photos.example.org"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.cloud.AddCertificate("us-east-1", names...)
			r.deploy(names, c.replace...)
			for _, name := range names {
				r.dns[name] = r.outputs.DomainName
			}
			if c.do != nil {
				c.do(r)
			}
			for about, a := range r.ask() {
				switch {
				case about == c.question:
					if a.Verdict != doctor.Ill || !strings.Contains(a.Detail, c.says) || a.Remedy == "" {
						t.Errorf("%+v", a)
					}
				case a.Verdict == doctor.Ill:
					t.Errorf("%s is ill, too: %+v", about, a)
				}
			}
		})
	}
}

// A quota that is used up matters before there is a stack.
func TestQuota(t *testing.T) {
	r := newRig(t)
	for i := range 20 {
		r.cloud.AddCachePolicies(strings.Repeat("p", i+1))
	}
	if a := r.ask()["account: cache policies"]; a.Verdict != doctor.Ill || !strings.Contains(a.Detail, "20 cache policies") {
		t.Errorf("%+v", a)
	}
}

// No way into the account: that is said once, and what to do.
func TestNoCredentials(t *testing.T) {
	var answers []doctor.Answer
	ill, err := doctor.Run(t.Context(), doctor.Config{
		First: []doctor.Question{
			{About: "machine", Name: "libvips", Ask: func(context.Context) (string, error) { return "8.18.7", nil }},
			{About: "machine", Name: "disk", Ask: func(context.Context) (string, error) { return "", errors.New("it is full") }},
		},
		Account: func(context.Context) (*account.Account, error) { return nil, account.ErrNoRegion },
	}, func(a doctor.Answer) { answers = append(answers, a) })
	if err != nil || ill != 2 || answers[0].Verdict != doctor.Well || answers[1].Detail != "it is full" || answers[2].Verdict != doctor.Ill || !strings.Contains(answers[2].Detail, "--region") {
		t.Errorf("%d, %v: %+v", ill, err, answers)
	}
	if slices.ContainsFunc(answers[3:], func(a doctor.Answer) bool { return a.Verdict != doctor.Skipped }) {
		t.Errorf("%+v", answers)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := doctor.Run(ctx, doctor.Config{Account: func(context.Context) (*account.Account, error) { return nil, nil }}, func(doctor.Answer) {}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
