package lint

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// planted is a mistake: what it takes to make it of a set-up that has none, and
// the rule that finds it. Without a rule it is no mistake, though it looks
// like one.
type planted struct {
	rule     string
	file     string
	from, to string
}

// all are the cases, by the files of the rules.
var all = slices.Concat(originCases, aliasCases, cachingCases, behaviorCases, edgeCases, grantCases, policyCases, bucketCases, functionCases, queueCases, templateCases, propertyCases)

func TestRules(t *testing.T) {
	for _, c := range all {
		t.Run(c.rule+"/"+c.to, func(t *testing.T) {
			whole := read(t, c.file)
			broken := strings.Replace(whole, c.from, c.to, 1)
			if broken == whole {
				t.Fatalf("it could not be planted: %s has no %q", c.file, c.from)
			}
			before, after := map[string]int{}, map[string]int{}
			for _, f := range check(t, whole).Findings {
				before[f.Rule+string(f.Severity)]++
			}
			found := false
			for _, f := range check(t, broken).Findings {
				t.Logf("%d %s %s %s: %s; %s", f.Line, f.Severity, f.Rule, f.Path, f.Text, f.Fix)
				after[f.Rule+string(f.Severity)]++
				if more := after[f.Rule+string(f.Severity)] > before[f.Rule+string(f.Severity)]; more && c.rule == "" {
					t.Errorf("%s is cried without need", f.Rule)
				} else if more && c.rule == f.Rule {
					found = true
				}
			}
			if c.rule != "" && !found {
				t.Errorf("it is not found")
			}
		})
	}
}

// Each name that a rule says has a case, and is written in one way.
func TestEachRuleHasACase(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`\b(?:errorf|warnf|say)\((?:Error, |Warning, )?"([^"]+)"`)
	names := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			names++
			if !regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`).MatchString(m[1]) {
				t.Errorf("%s: %s is not in kebab-case", file, m[1])
			}
			if !slices.ContainsFunc(all, func(c planted) bool { return c.rule == m[1] }) {
				t.Errorf("%s: nothing is planted for %s", file, m[1])
			}
		}
	}
	if names < 80 {
		t.Errorf("found %d rules only", names)
	}
}
