package lint

import (
	"fmt"
	"strings"
)

// near is the name among some that somebody who wrote this one may have meant,
// or empty.
func near(name string, among []string) string {
	best, least := "", 1+max(1, len(name)/3)
	for _, other := range among {
		if len(other) > len(name)+3 || len(name) > len(other)+3 {
			continue
		}
		d := distance(strings.ToLower(name), strings.ToLower(other))
		if d < least || d == least && best != "" && other < best {
			best, least = other, d
		}
	}
	return best
}

// meant is what to do about a name that is not among those there are.
func meant(name string, among []string, otherwise string) string {
	if other := near(name, among); other != "" {
		return fmt.Sprintf("did you mean %s?", other)
	}
	return otherwise
}

// distance is how many letters differ: inserted, left out, replaced.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := before
			if a[i] != b[j] {
				cost++
			}
			before = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
