//go:build !function

package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"photofit/internal/site"
)

// rewritten is what became of a site.
type rewritten struct {
	Files    int                 `json:"files"`   // pages, and style sheets with photos
	Changed  int                 `json:"changed"` // of these
	Images   int                 `json:"images"`  // that could be photos, links and backgrounds too
	Sized    int                 `json:"sized"`   // those that ask for sizes now
	Guessed  int                 `json:"guessed"` // of these, where nothing tells how wide they are shown
	Left     map[site.Reason]int `json:"left"`
	Uploaded []string            `json:"uploaded,omitempty"`
	Phone    estimate            `json:"phone"`
	Desktop  estimate            `json:"desktop"`
	Pages    []site.File         `json:"pages,omitempty"`

	IdleRules []idleRule `json:"idleRules,omitempty"`  // those that hold for nothing
	Others    []string   `json:"otherFiles,omitempty"` // in the folder of --out, and not in the site

	hint site.StripHint
}

// idleRule is a rule that holds for nothing.
type idleRule struct {
	Line     int    `json:"line"`
	Selector string `json:"selector"`
}

func idle(rules site.Rules) []idleRule {
	var all []idleRule
	for _, rule := range rules.Idle() {
		all = append(all, idleRule{rule.Line, rule.Selector})
	}
	return all
}

// estimate is bytes of photos, of all pages once.
type estimate struct {
	Before int64 `json:"before"`
	After  int64 `json:"after"`
}

func newRewritten(files []site.File, uploaded []string) *rewritten {
	sum := &rewritten{Files: len(files), Left: map[site.Reason]int{}, Uploaded: uploaded, Pages: files}
	for _, file := range files {
		if file.Changed {
			sum.Changed++
		}
		for _, f := range file.Found {
			sum.Images++
			if f.Left != "" {
				sum.Left[f.Left]++
				continue
			}
			sum.Sized++
			if f.Guessed {
				sum.Guessed++
			}
		}
		for d, e := range map[site.Device]*estimate{site.Phone: &sum.Phone, site.Desktop: &sum.Desktop} {
			before, after := file.Bytes(d)
			e.Before += before
			e.After += after
		}
	}
	return sum
}

// print prints the report.
func (r *rewritten) print(console *console, c *rewriteCmd) error {
	if c.JSON {
		return console.json(r)
	}
	verb := "changed"
	if c.Check {
		verb = "would change"
	}
	console.printf("%s, %s %s\n", plural(r.Files, "file"), thousands(r.Changed), verb)
	console.printf("%s, %s with sizes", plural(r.Images, "image"), thousands(r.Sized))
	if r.Guessed > 0 {
		console.printf(", %s of which by a guess: a rule or the page may say how wide they are shown", thousands(r.Guessed))
	}
	console.printf("\n")
	if len(r.Uploaded) > 0 {
		console.printf("%s copied to %s\n", plural(len(r.Uploaded), "photo"), nameText(c.Photos))
	}
	if len(r.Left) > 0 {
		console.printf("\n")
		console.table([]string{">left", "why", "such as"}, r.leftRows())
	}
	if r.hint.Strip != "" {
		console.printf("\n%s is not among the photos, but %s is: --strip %s leaves that folder out.\n",
			nameText(r.hint.Asked), nameText(r.hint.There), nameText(r.hint.Strip))
	}
	if n := len(r.Others); n > 0 {
		console.printf("\n%s in %s, such as %s, %s not of this site: take away what is left of an earlier one.\n",
			plural(n, "file"), nameText(c.Out), nameText(r.Others[0]), map[bool]string{true: "is", false: "are"}[n == 1])
	}
	if n := len(r.IdleRules); n > 0 {
		console.printf("\n%s for no image, link or background of these pages, first %s in line %d.\n",
			map[bool]string{true: "1 rule holds", false: thousands(n) + " rules hold"}[n == 1], shortened(strings.Join(strings.Fields(r.IdleRules[0].Selector), " ")), r.IdleRules[0].Line)
	}
	if c.List {
		r.printList(console)
	}
	if r.Phone.saves() || r.Desktop.saves() {
		console.printf("\n")
		console.table([]string{"all pages once", ">before", ">after", ">times less"}, [][]string{
			r.Phone.row("a phone, 390 px wide, density 3"), r.Desktop.row("a desktop, 1440 px wide, density 1")})
		console.printf("\nBytes before are those of the photos that pages asked for; after, they are estimated: photofit measure makes the pictures and weighs them.\n")
	}
	return nil
}

// saves is not so where pages ask for sizes already.
func (e estimate) saves() bool { return e.After > 0 && e.Before != e.After }

func (e estimate) row(device string) []string {
	return []string{device, bytesText(e.Before), bytesText(e.After), fmt.Sprintf("%.1f", float64(e.Before)/float64(e.After))}
}

// leftRows are the reasons, the most frequent first, each with its first image.
func (r *rewritten) leftRows() [][]string {
	example := map[site.Reason]string{}
	for _, file := range r.Pages {
		for _, f := range file.Found {
			if _, ok := example[f.Left]; !ok {
				example[f.Left] = file.Name + ": " + shortened(f.Source)
			}
		}
	}
	var reasons []site.Reason
	for reason := range r.Left {
		reasons = append(reasons, reason)
	}
	slices.SortFunc(reasons, func(a, b site.Reason) int {
		return cmp.Or(r.Left[b]-r.Left[a], strings.Compare(string(a), string(b)))
	})
	var rows [][]string
	for _, reason := range reasons {
		rows = append(rows, []string{thousands(r.Left[reason]), reason.String(), example[reason]})
	}
	return rows
}

func (r *rewritten) printList(console *console) {
	var rows [][]string
	for _, file := range r.Pages {
		for _, f := range file.Found {
			if f.Left != "" {
				rows = append(rows, []string{file.Name, shortened(f.Source), f.Left.String()})
			}
		}
	}
	if len(rows) > 0 {
		console.printf("\n")
		console.table([]string{"page", "image", "why it was left"}, rows)
	}
}

// shortened is an address that fits a line.
func shortened(url string) string {
	if runes := []rune(url); len(runes) > 60 {
		return string(runes[:57]) + "…"
	}
	return url
}
