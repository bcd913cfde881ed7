package deploy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var stackName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`)

// maxOwn is how long the names may be that the template makes of the stack's and the
// region's: CloudFront takes 64 characters of a function, of which "-render" is
// the longest end.
const maxOwn = 64 - len("-render")

// CheckName says what is wrong with a stack's name.
func CheckName(name, region string) error {
	switch {
	case !stackName.MatchString(name):
		return fmt.Errorf("the stack's name %q: it begins with a letter, and has letters, digits and - only", name)
	case len(name)+1+len(region) > maxOwn:
		return fmt.Errorf("the stack's name %q is too long: what is named after it and %s may have %d characters, so take at most %d", name, region, maxOwn, maxOwn-1-len(region))
	}
	return nil
}

var hostName = regexp.MustCompile(`^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$`)

// CheckAliases gives the names in lower case, each once, and says what is wrong with
// them.
func CheckAliases(aliases []string) ([]string, error) {
	var all []string
	for _, alias := range aliases {
		name := strings.ToLower(strings.TrimSpace(alias))
		switch {
		case strings.Contains(name, "://"), strings.Contains(name, "/"):
			return nil, fmt.Errorf("--alias %s: give the name alone, without https:// and without a path", alias)
		case strings.HasSuffix(name, "."):
			return nil, fmt.Errorf("--alias %s: write it without the dot at its end; CloudFront refuses it so", alias)
		case len(name) > 253 || !hostName.MatchString(name):
			return nil, fmt.Errorf("--alias %s: it is no name of a host, such as media.example.com (one with other letters than a to z is written in its xn-- form)", alias)
		case strings.HasSuffix(name, ".cloudfront.net"):
			return nil, fmt.Errorf("--alias %s: CloudFront gives that name by itself", alias)
		}
		if !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	if aliases != nil && all == nil {
		all = []string{}
	}
	return all, nil
}

// Covers tells whether a certificate's name is good for a host: itself, or a
// wildcard in place of its first label.
func Covers(name, host string) bool {
	name, host = strings.ToLower(name), strings.ToLower(host)
	if name == host {
		return true
	}
	_, parent, found := strings.Cut(host, ".")
	return found && name == "*."+parent
}

// coversAll tells whether a certificate's names are good for all hosts.
func coversAll(names, hosts []string) bool {
	for _, host := range hosts {
		if !slices.ContainsFunc(names, func(name string) bool { return Covers(name, host) }) {
			return false
		}
	}
	return true
}
