package stack

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"photofit/internal/cfn"
)

func TestTemplateHolds(t *testing.T) {
	for _, fault := range faults(finished(t)) {
		t.Error(fault)
	}
}

// The largest edge function that CloudFront takes leaves room, if its lines are
// not all short.
func TestSize(t *testing.T) {
	line := strings.Repeat("x", 79) + "\n"
	made, err := Template(Options{FunctionCode: strings.Repeat(line, MaxFunctionCode/80)})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes of %d", len(made), MaxInline)
	for _, c := range []struct{ code, says string }{
		{"", "no code"},
		{"\xff", "not UTF-8"},
		{" \n", "no code"},
		{strings.Repeat("x", MaxFunctionCode+1), "10241 bytes, and CloudFront takes 10240"},
		{strings.Repeat("x\n", MaxFunctionCode/2), "CloudFormation takes 51200"},
	} {
		if _, err := Template(Options{FunctionCode: c.code}); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%.20q: %v, want %q", c.code, err, c.says)
		}
	}
}

// The code comes out of the YAML as it went in, byte by byte.
func TestFunctionCode(t *testing.T) {
	for _, code := range []string{
		"x", "x\n", "x\n\n", "\nx", "\n\n  x\n y\n\n\n", "\tx\n", "a: &b *c # d\n---\n...\n", `"\u00e9'%{}[]|>`, "é\r\n\u2028\u0085\x7f\U0001f600", "${AWS::Region}\n",
	} {
		made, err := Template(Options{FunctionCode: code})
		if err != nil {
			t.Fatal(err)
		}
		template, err := parse(made)
		if err != nil {
			t.Errorf("%q: %v", code, err)
			continue
		}
		if got := cfn.At(template, "Resources", "Edge", "Properties", "FunctionCode"); got != code {
			t.Errorf("%q became %q", code, got)
		}
	}
}

func TestSettings(t *testing.T) {
	for _, name := range []string{"PATH", "PHOTOFIT_PHOTOS", "PHOTOFIT_A: b\nX", "PHOTOFIT_MODE"} {
		if _, err := Template(Options{FunctionCode: code, Settings: map[string]string{name: "x"}}); err == nil {
			t.Errorf("%q is taken", name)
		}
	}
	made, err := Template(Options{FunctionCode: code, Settings: map[string]string{"PHOTOFIT_POLICY": "open: # \"x\"\n"}})
	if err != nil {
		t.Fatal(err)
	}
	template, err := parse(made)
	if err != nil {
		t.Fatal(err)
	}
	for _, function := range []string{"Render", "Purge"} {
		if got := cfn.At(template, "Resources", function, "Properties", "Environment", "Variables", "PHOTOFIT_POLICY"); got != "open: # \"x\"\n" {
			t.Errorf("%s: %q", function, got)
		}
	}
}

// Renditions are deleted from the shelves before the one in use, and no others.
func TestOldShelves(t *testing.T) {
	made, err := build(Options{FunctionCode: code}, 3)
	if err != nil {
		t.Fatal(err)
	}
	template, err := parse(made)
	if err != nil {
		t.Fatal(err)
	}
	rules := cfn.At(template, "Resources", "Renditions", "Properties", "LifecycleConfiguration", "Rules").([]any)
	var prefixes []string
	for _, rule := range rules {
		if cfn.At(rule, "ExpirationInDays") != nil {
			prefix, _ := cfn.At(rule, "Prefix").(string)
			prefixes = append(prefixes, prefix)
		}
	}
	if got := strings.Join(prefixes, " "); got != "r1/ r2/" || len(rules) != 3 {
		t.Errorf("deletes from %q by %v", got, rules)
	}
	cfnLint(t, made, "")
}

// Each variable of the functions is one that the documentation knows.
func TestVariablesAreDocumented(t *testing.T) {
	var docs []byte
	for _, name := range []string{"lambda.md", "purge.md"} {
		text, err := os.ReadFile(filepath.Join("../../docs", name))
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, text...)
	}
	names := regexp.MustCompile(`(?m)^ +(PHOTOFIT_\w+):`).FindAllStringSubmatch(source, -1)
	if len(names) < 9 {
		t.Fatalf("found %d variables", len(names))
	}
	for _, m := range names {
		if !bytes.Contains(docs, []byte("`"+m[1]+"`")) {
			t.Errorf("%s is in neither docs/lambda.md nor docs/purge.md", m[1])
		}
	}
}

func TestCfnLint(t *testing.T) { cfnLint(t, finished(t), "") }

// A mistake is caught by our own checks (it has no code) or by cfn-lint; and by a rule of
// lint's, unless it is one for Photofit only. Lint does not know what our code asks of AWS, so
// not which rights are too many or too few; that no right may be on the photos; nor
// that the purge needs renditions to stay.
func TestPlantedMistakes(t *testing.T) {
	for _, m := range []struct{ name, from, to, code, rule string }{
		{"target names no origin", "TargetOriginId: kept-or-made", "TargetOriginId: kept", "", "target-names-no-origin"},
		{"one grant of two", "      InvokedViaFunctionUrl: true\n", "", "", "lambda-grants"},
		{"function URL open to all", "AuthType: AWS_IAM\n      Invoke", "AuthType: NONE\n      Invoke", "", "function-url-open"},
		{"cycle by the distribution's id", "          PHOTOFIT_CACHE: !Sub s3://${Renditions}\n", "          PHOTOFIT_CACHE: !Ref Distribution\n", "", "circular-dependency"},
		{"reference to nothing", "!GetAtt RenderRole.Arn", "!GetAtt RendererRole.Arn", "", "reference-to-nothing"},
		{"timeout beyond the origin's", "Timeout: 55 #", "Timeout: 65 #", "", "timeout-exceeds-origin"},
		{"failover without 403", "Quantity: 3, Items: [400, 403, 404]", "Quantity: 2, Items: [400, 404]", "", "failover-lacks-missing"},
		{"more rights than needed", "s3:PutObject, s3:DeleteObject]", "s3:PutObject, s3:DeleteObject, s3:PutObjectAcl]", "", ""},
		{"fewer rights than needed", "cloudfront:CreateInvalidation", "cloudfront:GetInvalidation", "", ""},
		{"photos may be deleted", "Action: [s3:GetObject, s3:PutObject, s3:DeleteObject]\n                Resource: !Sub \"${Renditions.Arn}/*\"",
			"Action: [s3:GetObject, s3:PutObject, s3:DeleteObject]\n                Resource: [!Sub \"${Renditions.Arn}/*\", !Sub \"${Photos.Arn}/*\"]", "", ""},
		{"lifecycle on the shelf in use", "DaysAfterInitiation: 7}\n  # Without", "DaysAfterInitiation: 7}\n            ExpirationInDays: 30\n  # Without", "", ""},
		{"photos go with the stack", "DeletionPolicy: RetainExceptOnCreate", "DeletionPolicy: Delete", "", "versioned-bucket-deleted"},
		{"any distribution reads", "                aws:SourceArn: !Sub \"arn:${AWS::Partition}:cloudfront::", "                aws:SourceArn: !Sub \"arn:${AWS::Partition}:cloudfront:*:", "", "source-wildcard"},
		{"visibility too short", "VisibilityTimeout: 370", "VisibilityTimeout: 60", "", "queue-visibility"},
		{"no partial failures", "      FunctionResponseTypes: [ReportBatchItemFailures]\n", "", "", "no-partial-failures"},
		{"origin path with a slash at its end", "          - Id: renditions\n", "          - Id: renditions\n            OriginPath: /\n", "", "origin-path-slash"},
		{"unknown property", "CacheTagConfig: {HeaderName", "CacheTagConfig: {Header", "E3002", "unknown-property"},
		{"retired runtime", "Runtime: provided.al2023", "Runtime: go1.x", "E253", "runtime-retired"},
		{"unknown attribute", "!GetAtt Renditions.RegionalDomainName", "!GetAtt Renditions.Domain", "E1010", "unknown-attribute"},
		{"value that is none", "PriceClass: PriceClass_All", "PriceClass: PriceClass_Most", "E3030", "no-such-value"},
		{"required one missing", "- Id: changes\n          Arn", "- Arn", "E3003", "required-missing"},
		{"out of range", "MaximumConcurrency: 2", "MaximumConcurrency: 1", "E3034", "out-of-range"},
		{"unknown resource", "AWS::SQS::QueuePolicy", "AWS::SQS::QueuesPolicy", "E3006", "unknown-type"},
	} {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			whole := string(finished(t))
			broken := strings.Replace(whole, m.from, m.to, 1)
			if broken == whole {
				t.Fatal("it could not be planted: the template has no such text")
			}
			if found := lintFinds(t, []byte(broken), m.rule); found != (m.rule != "") {
				t.Errorf("lint finds it: %v, by rule %q", found, m.rule)
			}
			if m.code != "" {
				cfnLint(t, []byte(broken), m.code)
			} else if found := faults([]byte(broken)); len(found) == 0 {
				t.Error("nothing is found")
			} else {
				t.Log(strings.Join(found, "\n"))
			}
		})
	}
}

// cfnLint runs cfn-lint, which must find nothing, or what has a code that begins so: what is
// deprecated has another in time.
func cfnLint(t *testing.T, made []byte, code string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "template.yaml")
	if err := os.WriteFile(file, made, 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := exec.Command(linter(t), "--format", "parseable", "--regions", "us-east-1,eu-central-1,sa-east-1", "--", file).CombinedOutput()
	switch {
	case code == "" && (err != nil || len(said) > 0):
		t.Errorf("cfn-lint: %v\n%s", err, said)
	case code != "" && !strings.Contains(string(said), ":"+code):
		t.Errorf("cfn-lint does not say %s: %v\n%s", code, err, said)
	}
}

// linter is the cfn-lint of scripts/tools, or else that on the PATH. Without
// either the test is skipped, and fails in CI where Python's pip is there to
// install it.
func linter(t *testing.T) string {
	t.Helper()
	path, err := filepath.Abs("../../bin/tools/cfn-lint/bin/cfn-lint")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err == nil {
		return path
	}
	if path, err := exec.LookPath("cfn-lint"); err == nil && exec.Command(path, "--version").Run() == nil {
		return path
	}
	if os.Getenv("CI") == "true" && exec.Command("python3", "-c", "import ensurepip, venv").Run() == nil {
		t.Fatal("cfn-lint is missing: scripts/tools cfn installs it")
	}
	t.Skip("SKIPPED: no cfn-lint; scripts/tools cfn installs it, given Python 3 with pip")
	return ""
}
