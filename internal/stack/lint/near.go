package lint

import (
	"fmt"
	"math"
	"strconv"
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

// nearest is the number among some texts that is the nearest to another text, if both are
// numbers, and else near.
func nearest(text string, among []string) string {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return near(text, among)
	}
	best, least := "", math.Inf(1)
	for _, other := range among {
		if m, err := strconv.ParseFloat(other, 64); err == nil && math.Abs(m-n) < least {
			best, least = other, math.Abs(m-n)
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
