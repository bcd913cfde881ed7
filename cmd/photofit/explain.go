package main

import (
	"fmt"
	"strings"

	"photofit"
)

type explainCmd struct {
	URL    string `arg:"" help:"A URL, or its path and query: '/trip/b.jpg?w=790'."`
	Accept string `help:"The Accept header that comes with it." default:"image/avif,image/webp,*/*" placeholder:"TYPES"`
	JSON   bool   `help:"Print JSON." name:"json"`

	policyFlags
}

// Run explains a URL.
func (c *explainCmd) Run(console *console) error {
	policy, err := c.policy()
	if err != nil {
		return err
	}
	path, query, _ := strings.Cut(localPart(c.URL), "?")
	if strings.HasSuffix(path, "/") || strings.HasPrefix(path, "/-/") {
		return fmt.Errorf("%s is a page and no photo: photofit serve shows its contact sheet there, and answers for /-/; at the edge it is a 404", visibleText(path))
	}
	explained, refused := photofit.Explain(path, query, c.Accept, policy)
	count := policy.Count()
	if c.JSON {
		out := map[string]any{"url": c.URL, "steps": explained.Steps, "renditionsPerPhoto": count}
		if refused != nil {
			out["error"] = refused.Error()
		} else {
			out["path"], out["key"] = explained.Path, explained.Recipe.Key()
		}
		if err := console.json(out); err != nil {
			return err
		}
		return refused
	}
	rows := make([][]string, len(explained.Steps))
	for i, s := range explained.Steps {
		rows[i] = []string{s.Param, orDash(s.Given), orDash(s.Became), s.Why}
	}
	if len(rows) > 0 {
		console.table([]string{"parameter", "given", "became", "why"}, rows)
		console.printf("\n")
	}
	if refused != nil {
		return fmt.Errorf("refused: %w", refused)
	}
	number := "any number of"
	if count >= 0 {
		number = thousands(count)
	}
	console.pairs(
		"canonical path", explained.Path,
		"cache key", explained.Recipe.Key(),
		"policy", fmt.Sprintf("%s: %s renditions of a photo", c.Policy, number),
	)
	return nil
}

// localPart takes scheme and host off a URL, and the fragment, which a browser
// keeps to itself.
func localPart(url string) string {
	url, _, _ = strings.Cut(url, "#")
	if _, rest, ok := strings.Cut(url, "://"); ok && !strings.HasPrefix(url, "/") {
		if i := strings.IndexAny(rest, "/?"); i >= 0 {
			rest = rest[i:]
		} else {
			rest = "/"
		}
		url = rest
	}
	if !strings.HasPrefix(url, "/") {
		url = "/" + url
	}
	return url
}

func orDash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
