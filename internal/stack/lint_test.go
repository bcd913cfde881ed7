package stack

import (
	"slices"
	"strings"
	"testing"
	"time"

	"photofit"
	"photofit/internal/edge"
	"photofit/internal/stack/lint"
)

// day is the day as of which lint looks: what is deprecated changes with time.
var day = time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC)

// The template with real edge functions is one that lint has nothing to say of,
// whatever the policy.
func TestLintHasNothingToSay(t *testing.T) {
	narrow := photofit.DefaultPolicy()
	narrow.Widths = []int{320, 640, 1280}
	public := photofit.DefaultPolicy()
	public.OriginalsPublic = true
	for name, policy := range map[string]photofit.Policy{"ladder": photofit.DefaultPolicy(), "narrow": narrow, "public": public, "open": photofit.OpenPolicy()} {
		code, err := edge.Function(policy)
		if err != nil {
			t.Fatal(err)
		}
		made, err := Template(Options{FunctionCode: code, Settings: map[string]string{"PHOTOFIT_POLICY": name}})
		if err != nil {
			t.Fatal(err)
		}
		report, err := lint.Check(made, day)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range report.Findings {
			t.Errorf("%s: line %d: %s %s: %s", name, f.Line, f.Severity, f.Rule, f.Text)
		}
		if report.Kind != lint.Template || !slices.Equal(report.Capabilities, []string{"CAPABILITY_IAM"}) {
			t.Errorf("%s: a %s that needs %q", name, report.Kind, report.Capabilities)
		}
	}
}

// The edge function chooses by Accept, and lint sees it in the code as it is deployed.
func TestLintSeesThatTheEdgeNegotiates(t *testing.T) {
	code, err := edge.Function(photofit.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	made, err := Template(Options{FunctionCode: code})
	if err != nil {
		t.Fatal(err)
	}
	const vary = "            - {Header: Vary, Value: Accept, Override: true}\n"
	if !strings.Contains(string(made), vary) {
		t.Fatal("the template has no Vary to take away")
	}
	if !lintFinds(t, []byte(strings.Replace(string(made), vary, "", 1)), "vary-missing") {
		t.Error("a missing Vary is not found")
	}
}

// lintFinds tells whether a rule of lint's finds something in a template.
func lintFinds(t *testing.T, made []byte, rule string) bool {
	t.Helper()
	report, err := lint.Check(made, day)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range report.Findings {
		t.Logf("lint: %d: %s: %s", f.Line, f.Rule, f.Text)
	}
	if rule == "" {
		return len(report.Findings) > 0
	}
	return slices.ContainsFunc(report.Findings, func(f lint.Finding) bool { return f.Rule == rule })
}
