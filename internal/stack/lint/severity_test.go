package lint

import (
	"strings"
	"testing"
)

// What AWS refuses is an error, and what it takes is not.
func TestSeverity(t *testing.T) {
	for _, c := range []struct {
		file, from, to, rule string
		want                 Severity
	}{
		{queue, "VisibilityTimeout: 185", "VisibilityTimeout: 29", "queue-visibility", Error},
		{queue, "VisibilityTimeout: 185", "VisibilityTimeout: 30", "queue-visibility", Warning},
		{queue, "Runtime: nodejs24.x", "Runtime: nodejs18.x", "runtime-deprecated", Warning},
		{queue, "Runtime: nodejs24.x", "Runtime: nodejs12.x", "runtime-retired", Error},
		{site, "    DeletionPolicy: RetainExceptOnCreate\n", "", "bucket-without-deletion-policy", Warning},
	} {
		broken := strings.Replace(read(t, c.file), c.from, c.to, 1)
		found := false
		for _, f := range check(t, broken).Findings {
			if f.Rule == c.rule {
				found = true
				if f.Severity != c.want {
					t.Errorf("%s after %q: a %s, not a %s", c.rule, c.to, f.Severity, c.want)
				}
			}
		}
		if !found {
			t.Errorf("%s after %q: not found", c.rule, c.to)
		}
	}
	// A runtime is judged by the day.
	text := strings.Replace(read(t, queue), "Runtime: nodejs24.x", "Runtime: nodejs20.x", 1)
	for _, c := range []struct{ year, findings int }{{2025, 0}, {2026, 1}, {2028, 1}} {
		report, err := Check([]byte(text), day.AddDate(c.year-2026, 0, 0))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, f := range report.Findings {
			if strings.Contains(f.Text, "nodejs20.x") {
				n++
			}
		}
		if n != c.findings {
			t.Errorf("in %d: %d findings of nodejs20.x, want %d", c.year, n, c.findings)
		}
	}
}
