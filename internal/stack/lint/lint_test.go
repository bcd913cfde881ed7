package lint

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// day is the day as of which the tests look.
var day = time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)

func read(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func check(t testing.TB, text string) Report {
	t.Helper()
	report, err := Check([]byte(text), day)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// Set-ups that work have no errors, and only what they mean to is a risk.
func TestGood(t *testing.T) {
	files, err := filepath.Glob("testdata/good/*")
	if err != nil || len(files) < 5 {
		t.Fatalf("%q, %v", files, err)
	}
	risks := map[string][]string{"website.json": {"public-bucket"}}
	for _, file := range files {
		name := filepath.Base(file)
		var got []string
		for _, f := range check(t, read(t, "good/"+name)).Findings {
			t.Logf("%s:%d: %s: %s", name, f.Line, f.Rule, f.Text)
			if f.Severity == Error {
				t.Errorf("%s has an error", name)
			}
			got = append(got, f.Rule)
		}
		if !slices.Equal(got, risks[name]) {
			t.Errorf("%s has %q, want %q", name, got, risks[name])
		}
	}
}

// The distribution with which it all began: its three errors, and what is of the past.
func TestAuthorsDistribution(t *testing.T) {
	report := check(t, read(t, "author.json"))
	type place struct {
		severity Severity
		rule     string
		line     int
		path     string
	}
	want := []place{
		{Error, "aliases-without-certificate", 3, "Aliases"},
		{Error, "origin-path-slash", 14, "Origins.Items[0].OriginPath"},
		{Warning, "legacy-oai", 16, "Origins.Items[0].S3OriginConfig.OriginAccessIdentity"},
		{Error, "target-names-no-origin", 21, "DefaultCacheBehavior.TargetOriginId"},
		{Warning, "legacy-forwarded-values", 22, "DefaultCacheBehavior.ForwardedValues"},
	}
	var got []place
	for _, f := range report.Findings {
		got = append(got, place{f.Severity, f.Rule, f.Line, f.Path})
		if f.Rule == "target-names-no-origin" && (!strings.Contains(f.Text, "NoSuchOrigin") || !strings.Contains(f.Fix, `"photo-cache-bucket"`)) {
			t.Errorf("says %q, and %q", f.Text, f.Fix)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("found\n%v\nwant\n%v", got, want)
	}
	if report.Kind != Config {
		t.Errorf("taken for a %s", report.Kind)
	}
}

// A DistributionConfig is found in whatever the command line wraps it in.
func TestKinds(t *testing.T) {
	author := read(t, "author.json")
	for _, c := range []struct {
		name, text string
		kind       Kind
		path       string // of the first finding
	}{
		{"bare", author, Config, "Aliases"},
		{"get-distribution-config", `{"ETag": "E1", "DistributionConfig": ` + author + "}", Config, "DistributionConfig.Aliases"},
		{"get-distribution", `{"ETag": "E1", "Distribution": {"Id": "E2", "DistributionConfig": ` + author + "}}", Config, "Distribution.DistributionConfig.Aliases"},
		{"with tags", `{"DistributionConfigWithTags": {"DistributionConfig": ` + author + `, "Tags": {"Items": []}}}`, Config, "DistributionConfigWithTags.DistributionConfig.Aliases"},
		{"template", "Resources:\n  A: {Type: AWS::S3::Bucket}", Template, "Resources.A"},
		{"template without resources", "AWSTemplateFormatVersion: 2010-09-09", Template, "Resources"},
	} {
		report := check(t, c.text)
		if report.Kind != c.kind || len(report.Findings) == 0 || report.Findings[0].Path != c.path {
			t.Errorf("%s: a %s, %+v", c.name, report.Kind, report.Findings)
		}
	}
	for _, c := range []struct{ text, says string }{
		{`{"Version": "2012-10-17", "Statement": []}`, "neither a CloudFormation template"},
		{`{"Enabled": true}`, "neither a CloudFormation template"},
		{`{"Distribution": {"Name": "Debian"}}`, "neither a CloudFormation template"},
		{"", "empty"},
		{"Resources: [", "line 1"},
	} {
		if _, err := Check([]byte(c.text), day); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v", c.text, err)
		}
	}
}

func TestCapabilities(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"{A: {Type: AWS::SQS::Queue}}", ""},
		{"{A: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}}", "CAPABILITY_IAM"},
		{"{A: {Type: AWS::IAM::Role, Properties: {RoleName: x, AssumeRolePolicyDocument: {}}}, B: {Type: AWS::IAM::User}}", "CAPABILITY_NAMED_IAM"},
		{"{A: {Type: AWS::IAM::Policy, Properties: {PolicyName: x}}}", "CAPABILITY_IAM"},
		{"{A: {Type: AWS::Serverless::Function}}\nTransform: AWS::Serverless-2016-10-31", "CAPABILITY_AUTO_EXPAND"},
	} {
		if got := strings.Join(check(t, "Resources: "+c.text).Capabilities, " "); got != c.want {
			t.Errorf("%s: %q, want %q", c.text, got, c.want)
		}
	}
}

// Whatever it is, Check says something of it and returns; each finding has its
// line and its fix.
func FuzzCheck(f *testing.F) {
	files, err := filepath.Glob("testdata/good/*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		f.Add([]byte(read(f, "good/"+filepath.Base(file))))
	}
	f.Add([]byte(read(f, "author.json")))
	template, err := os.ReadFile("../template.yaml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(template)
	f.Add([]byte("Resources: {A: {Type: AWS::CloudFront::Distribution, Properties: {DistributionConfig: !If [a, !If [b, {Origins: !Ref c}, {Origins: [1, {Id: !Sub [x]}]}], {Origins: {Items: 1}}]}}}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		report, err := Check(text, day)
		if err != nil {
			return
		}
		for _, found := range report.Findings {
			if found.Line < 1 || found.Rule == "" || found.Text == "" || found.Fix == "" {
				t.Errorf("%+v", found)
			}
		}
	})
}
