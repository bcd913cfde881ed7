package deploy

import (
	"slices"
	"strings"
	"testing"
)

func TestCheckName(t *testing.T) {
	for name, says := range map[string]string{
		"photofit": "", "P": "", "a-1": "", strings.Repeat("a", 44): "", strings.Repeat("a", 45): "at most 44",
		"": "begins with a letter", "1a": "begins with a letter", "a_b": "digits and - only", "a b": "digits and - only", "é": "begins with a letter",
	} {
		err := CheckName(name, "eu-central-1")
		if says == "" && err != nil || says != "" && (err == nil || !strings.Contains(err.Error(), says)) {
			t.Errorf("%q: %v, want %q", name, err, says)
		}
	}
}

func TestCheckAliases(t *testing.T) {
	got, err := CheckAliases([]string{"Media.Example.com", " media.example.com", "*.example.org", "xn--caf-dma.example.co.uk"})
	if want := []string{"media.example.com", "*.example.org", "xn--caf-dma.example.co.uk"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	for alias, says := range map[string]string{
		"https://a.example.com": "without https://", "a.example.com/b": "without a path", "a.example.com.": "without the dot", "example": "no name of a host", "": "no name of a host",
		"a b.example.com": "no name of a host", "café.example.com": "xn--", "a..example.com": "no name", "-a.example.com": "no name", "*": "no name", "a.*.example.com": "no name", "d1.cloudfront.net": "by itself",
		strings.Repeat("a", 64) + ".example.com": "no name", strings.Repeat("a.", 125) + "example.com": "no name",
	} {
		if _, err := CheckAliases([]string{alias}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", alias, err, says)
		}
	}
	if got, _ := CheckAliases(nil); got != nil {
		t.Error("no names became some")
	}
	if got, _ := CheckAliases([]string{}); got == nil {
		t.Error("an empty list, which takes the names away, became none")
	}
}

func TestCovers(t *testing.T) {
	for _, c := range []struct {
		name, host string
		want       bool
	}{
		{"a.example.com", "a.example.com", true}, {"A.example.com", "a.EXAMPLE.com", true}, {"*.example.com", "a.example.com", true},
		{"*.example.com", "a.b.example.com", false}, {"*.example.com", "example.com", false}, {"example.com", "a.example.com", false}, {"*.example.com", "*.example.com", true},
	} {
		if got := Covers(c.name, c.host); got != c.want {
			t.Errorf("%s for %s: %v", c.name, c.host, got)
		}
	}
}

// Each remedy can be reached: none hides behind an earlier one.
func TestRemedies(t *testing.T) {
	for i, r := range remedies {
		if got := remedyOf("Resource handler returned message: \"" + r.says + "\""); got != r.remedy {
			t.Errorf("%d, %q, gives %q", i, r.says, got)
		}
	}
	if got := remedyOf("something new"); !strings.Contains(got, "photofit doctor") {
		t.Errorf("of a reason that is not known: %q", got)
	}
}

func TestStages(t *testing.T) {
	for status, want := range map[string]stage{
		"CREATE_COMPLETE": standing, "UPDATE_COMPLETE": standing, "UPDATE_ROLLBACK_COMPLETE": standing, "UPDATE_FAILED": standing, "IMPORT_COMPLETE": standing,
		"CREATE_IN_PROGRESS": moving, "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": moving, "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": moving, "ROLLBACK_IN_PROGRESS": moving, "DELETE_IN_PROGRESS": moving,
		"REVIEW_IN_PROGRESS": absent, "DELETE_COMPLETE": absent, "UPDATE_ROLLBACK_FAILED": stuck,
		"ROLLBACK_COMPLETE": wreck, "ROLLBACK_FAILED": wreck, "CREATE_FAILED": wreck, "DELETE_FAILED": wreck,
	} {
		if got := (&Stack{Status: status}).stage(); got != want {
			t.Errorf("%s is %d, not %d", status, got, want)
		}
	}
	if (*Stack)(nil).stage() != absent {
		t.Error("a stack that is not there is not absent")
	}
}

func TestPlain(t *testing.T) {
	for reason, want := range map[string]string{
		`Resource handler returned message: "Invalid request provided: AWS::CloudFront::Distribution: One or more of the CNAMEs you provided are already associated with a different resource. (Service: CloudFront, Status Code: 409, Request ID: 1)" (RequestToken: 2, HandlerErrorCode: InvalidRequest)`: "One or more of the CNAMEs you provided are already associated with a different resource.",
		`Resource handler returned message: "The role can't be "assumed" (Service: Lambda, Status Code: 400, Request ID: 1)" (RequestToken: 2, HandlerErrorCode: InvalidRequest)`:                                                                                                                           `The role can't be "assumed"`,
		"my-bucket already exists (Service: S3, Status Code: 0, Request ID: null)": "my-bucket already exists",
		"API: ec2:Describe You are not\n authorized (yet)":                         "API: ec2:Describe You are not authorized (yet)",
		"(Service: S3)": "(Service: S3)",
	} {
		if got := plain(reason); got != want {
			t.Errorf("%s: %q", reason, got)
		}
	}
}
