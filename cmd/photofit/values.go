package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// The values of flags. None of them can be 0 or less: what is left out is the
// default, and nothing else is.

// byteSize is a number of bytes, given as "512MB", "10 GiB" or plain.
type byteSize int64

// UnmarshalText reads a size. Units count by 1,024, however they are spelled.
func (b *byteSize) UnmarshalText(text []byte) error {
	s := strings.ToUpper(strings.ReplaceAll(string(text), " ", ""))
	number := strings.TrimRight(s, "KMGTIB")
	unit, ok := map[string]int64{"": 1, "B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}[strings.TrimSuffix(strings.TrimSuffix(s[len(number):], "B"), "I")]
	value, err := strconv.ParseFloat(number, 64)
	switch value *= float64(unit); {
	case err != nil, !ok, value != value, value > 1<<62:
		return fmt.Errorf("%q is no size: write it as 512MB or 10GB", text)
	case value < 1:
		return fmt.Errorf("%q is less than a byte; leave the flag out for the default", text)
	}
	*b = byteSize(value)
	return nil
}

// byteSizeOrNone is a number of bytes, which may be 0.
type byteSizeOrNone int64

// UnmarshalText reads a size as byteSize does.
func (b *byteSizeOrNone) UnmarshalText(text []byte) error {
	if string(text) == "0" {
		*b = 0
		return nil
	}
	return (*byteSize)(b).UnmarshalText(text)
}

// count is a whole number from 1 to maxCount.
type count int64

const maxCount = 1_000_000_000

// UnmarshalText reads a number.
func (c *count) UnmarshalText(text []byte) error {
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil || n < 1 || n > maxCount {
		return fmt.Errorf("%q is not a whole number from 1 to %s; leave the flag out for the default", text, thousands(maxCount))
	}
	*c = count(n)
	return nil
}

// span is a time longer than 0.
type span time.Duration

// UnmarshalText reads a time as Go writes it: "30s", "1h30m".
func (s *span) UnmarshalText(text []byte) error {
	d, err := time.ParseDuration(string(text))
	switch {
	case err != nil:
		return fmt.Errorf("%q is no time: write it as 30s, 5m or 1h30m", text)
	case d <= 0:
		return fmt.Errorf("%q is not longer than 0; leave the flag out for the default", text)
	}
	*s = span(d)
	return nil
}

// String is the time as Go writes it.
func (s span) String() string { return time.Duration(s).String() }

// spanOrNone is a time, which may be 0.
type spanOrNone time.Duration

// UnmarshalText reads a time as span does.
func (s *spanOrNone) UnmarshalText(text []byte) error {
	if d, err := time.ParseDuration(string(text)); err == nil && d == 0 {
		*s = 0
		return nil
	}
	return (*span)(s).UnmarshalText(text)
}

// String is the time as Go writes it.
func (s spanOrNone) String() string { return time.Duration(s).String() }
