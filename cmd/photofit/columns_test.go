package main

import (
	"bytes"
	"testing"
)

func TestColumnsOf(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "abc": 3, "é": 1, "e\u0301": 1, "世界": 4, "ｱ": 1, "Ａ": 2, "😀": 2, "👩\u200d🚀": 2, "👍🏽": 2, "한글.jpg": 8, "✓": 1, "–": 1,
	} {
		if got := columnsOf(text); got != want {
			t.Errorf("%q takes %d columns, not %d", text, got, want)
		}
	}
}

// Wide names leave the next column where it is.
func TestTable(t *testing.T) {
	var out bytes.Buffer
	c := &console{out: &out}
	c.table([]string{"photo", ">size"}, [][]string{{"世界.jpg", "1"}, {"longer.jpg", "22"}})
	if want := "photo        size\n世界.jpg        1\nlonger.jpg     22\n"; out.String() != want {
		t.Errorf("%s, want\n%s", out.String(), want)
	}
}
