// Package sizes reads the sizes attribute of images
// (https://html.spec.whatwg.org/#sizes-attributes).
package sizes

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Check tells what is wrong with a sizes attribute: what browsers would pass over, or
// never come to. The error says what to write.
func Check(list string) error {
	entries, err := split(list, ",")
	if err != nil {
		return err
	}
	for i, entry := range entries {
		last := i == len(entries)-1
		parts, err := split(entry, " \t\r\n\f")
		if err != nil {
			return err
		}
		parts = slices.DeleteFunc(parts, func(s string) bool { return s == "" })
		switch {
		case len(parts) == 0:
			return errors.New("sizes has an empty entry: it is a list as (min-width: 700px) 640px, 100vw")
		case len(parts) == 1 && strings.EqualFold(parts[0], "auto"):
			if i > 0 {
				return errors.New("auto stands first in sizes")
			}
			continue
		case len(parts) == 1 && !last && strings.TrimSpace(entries[i+1]) != "" && !strings.EqualFold(strings.TrimSpace(entries[i+1]), "auto"):
			if err := checkLength(parts[0]); err != nil {
				return err
			}
			return fmt.Errorf("what is behind %s in sizes never counts: a condition has to stand before it, as (min-width: 700px) %s", parts[0], parts[0])
		}
		length := parts[len(parts)-1]
		if err := checkLength(length); err != nil {
			return err
		}
		switch first := parts[0]; {
		case len(parts) > 1 && last:
			return fmt.Errorf("the last entry of sizes, %s, has a condition: add what holds otherwise, as in %s, 100vw", strings.TrimSpace(entry), list)
		case len(parts) > 1 && !strings.HasPrefix(first, "(") && !strings.EqualFold(first, "not"):
			return fmt.Errorf("%q is no condition of sizes: it is in brackets, as (min-width: 700px) %s", strings.Join(parts[:len(parts)-1], " "), length)
		}
	}
	return nil
}

// units are those of lengths (https://www.w3.org/TR/css-values-4/#lengths).
var units = []string{
	"px", "vw", "em", "rem", "vh", "vmin", "vmax", "svw", "lvw", "dvw", "svh", "lvh", "dvh", "vi", "vb", "svi", "svb", "lvi", "lvb", "dvi", "dvb",
	"svmin", "svmax", "lvmin", "lvmax", "dvmin", "dvmax", "ex", "rex", "ch", "rch", "cap", "rcap", "ic", "ric", "lh", "rlh", "cm", "mm", "q", "in", "pt", "pc",
}

func checkLength(s string) error {
	if name, inside, ok := strings.Cut(s, "("); ok {
		switch {
		case !slices.Contains([]string{"calc", "min", "max", "clamp"}, strings.ToLower(name)):
			return fmt.Errorf("sizes knows no %s(): write a length, as 640px, 50vw or calc(50vw - 16px)", name)
		case strings.Contains(inside, "%"):
			return fmt.Errorf("%s: sizes knows no percentages, since nothing is laid out yet: vw is of the window's width", s)
		}
		return nil
	}
	unit := strings.TrimLeft(s, "0123456789.+")
	digits := s[:len(s)-len(unit)]
	unit = strings.ToLower(unit)
	switch {
	case unit == "%":
		return fmt.Errorf("%s: sizes knows no percentages, since nothing is laid out yet: %svw is of the window's width", s, digits)
	case strings.HasPrefix(s, "-"):
		return fmt.Errorf("%s: a length of sizes is not below 0", s)
	case digits == "" || !slices.Contains(units, unit) && unit != "":
		return fmt.Errorf("%q is no length: sizes is a list as (min-width: 700px) 640px, 100vw", s)
	case unit == "" && strings.Trim(digits, "0") != "":
		return fmt.Errorf("%s: a length of sizes has a unit, as %spx", s, s)
	}
	return nil
}

// split splits at bytes outside of brackets.
func split(s, at string) ([]string, error) {
	var parts []string
	begin, depth := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c == '(':
			depth++
		case c == ')':
			if depth--; depth < 0 {
				return nil, fmt.Errorf("%q has a ) too many", s)
			}
		case depth == 0 && strings.IndexByte(at, c) >= 0:
			parts = append(parts, s[begin:i])
			begin = i + 1
		}
	}
	if depth > 0 {
		return nil, fmt.Errorf("%q lacks a )", s)
	}
	return append(parts, s[begin:]), nil
}
