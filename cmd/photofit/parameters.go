//go:build !function

package main

import (
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"photofit"
)

// What the template takes, as template.yaml has it: a flag that it would refuse is refused here, by the
// flag's name.
var (
	keepDays  = []int{1, 3, 5, 7, 14, 30, 60, 90, 180, 365}
	keyArn    = regexp.MustCompile(`^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/.+$`)
	prefix    = regexp.MustCompile(`^([A-Za-z0-9!_.'()-]+(/[A-Za-z0-9!_.'()-]+)*)?$`)
	bucket    = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	minMemory = 256
	maxMemory = 10240
)

// parameters are those of the template that flags were given for.
func (f *siteFlags) parameters() (map[string]string, error) {
	given := map[string]string{}
	if f.FunctionMemory != 0 {
		if f.FunctionMemory < minMemory || f.FunctionMemory > maxMemory {
			return nil, fmt.Errorf("--function-memory %d: it is %d to %s MB", f.FunctionMemory, minMemory, thousands(maxMemory))
		}
		given["MemorySize"] = strconv.Itoa(f.FunctionMemory)
	}
	if f.LogDays != 0 {
		if !slices.Contains(keepDays, f.LogDays) {
			return nil, fmt.Errorf("--log-days %d: it is one of %s", f.LogDays, strings.Trim(fmt.Sprint(keepDays), "[]"))
		}
		given["LogDays"] = strconv.Itoa(f.LogDays)
	}
	if f.Masters != nil {
		given["Masters"] = strconv.FormatBool(*f.Masters)
	}
	if f.PhotosKey != "" && f.PhotosKey != "none" && !keyArn.MatchString(f.PhotosKey) {
		return nil, fmt.Errorf("--photos-key %s is no ARN of a key, which is like arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab", visibleText(f.PhotosKey))
	}
	if f.Email != "" && f.Email != "none" {
		if a, err := mail.ParseAddress(f.Email); err != nil || a.Address != f.Email || a.Name != "" {
			return nil, fmt.Errorf("--email %s is no address", visibleText(f.Email))
		}
	}
	if f.Artifacts != "" && !bucket.MatchString(f.Artifacts) {
		return nil, fmt.Errorf("--artifacts %s is no name of a bucket: 3 to 63 of letters a to z, digits, dots and hyphens", visibleText(f.Artifacts))
	}
	for name, value := range map[string]string{
		"PhotosKeyArn": f.PhotosKey, "Email": f.Email, "Warm": strings.ReplaceAll(f.Warm, " ", ""), "MonthlyBudget": f.Budget,
		"Architecture": map[string]string{"arm64": "arm64", "amd64": "x86_64"}[f.Arch],
	} {
		switch value {
		case "":
		case "none":
			given[name] = map[string]string{"MonthlyBudget": "0"}[name]
		default:
			given[name] = value
		}
	}
	if budget, ok := given["MonthlyBudget"]; ok && budget != "0" {
		if n, err := strconv.Atoi(budget); err != nil || n < 1 {
			return nil, fmt.Errorf("--budget %s: it is a whole number of US dollars, or none", visibleText(budget))
		}
	}
	return given, nil
}

// fits says what is wrong with the parameters that the stack is to have, those that it has already
// included: had.
func (f *siteFlags) fits(given, had map[string]string, policy photofit.Policy) error {
	is := func(name string) string {
		if value, ok := given[name]; ok {
			return value
		}
		return had[name]
	}
	if budget := is("MonthlyBudget"); budget != "" && budget != "0" && is("Email") == "" {
		return fmt.Errorf("--budget %s needs --email, whom to tell", budget)
	}
	if warm := is("Warm"); warm != "" {
		for width := range strings.SplitSeq(warm, ",") {
			n, err := strconv.Atoi(width)
			if err != nil {
				return fmt.Errorf("--warm %s: it is widths, such as 640,1280, or none", visibleText(warm))
			}
			if !slices.Contains(policy.Widths, n) && !(policy.Free && n > 0 && n <= photofit.MaxSide) {
				return fmt.Errorf("--warm %s: nobody can ask for %d px, which is not among the widths %s; take one of these, or none", warm, n, strings.Trim(fmt.Sprint(policy.Widths), "[]"))
			}
		}
	}
	return nil
}
