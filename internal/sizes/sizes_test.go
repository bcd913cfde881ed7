package sizes

import (
	"strings"
	"testing"
)

func TestCheck(t *testing.T) {
	for _, good := range []string{
		"100vw", " 50VW ", "auto", "auto, 100vw", "AUTO,(min-width:700px) 640px,100vw", "0", "0.5em", ".5rem", "calc(50vw - 16px)", "min(640px, 100vw)",
		"(min-width: 1313px) 400px, (min-width: 701px) calc(33.33vw - 21.3px), calc(50vw + 8px)",
		"(width >= 600px) 50vw, 100vw", "not (orientation: portrait) 50vw, 100vw", "(min-width: 1px) and (max-width: 2px) 3px, clamp(1px, 2vw, 3px)",
		"((min-width: 1px) or (max-width: 2px)) 30cap,\n\t1Q",
	} {
		if err := Check(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for bad, want := range map[string]string{
		"":                               "an empty entry",
		"100vw,":                         "an empty entry",
		"banana":                         `"banana" is no length`,
		"50%":                            "50vw is of the window's width",
		"calc(50% - 8px)":                "no percentages",
		"640":                            "as 640px",
		"px":                             "no length",
		"50wv":                           "no length",
		"-5px":                           "not below 0",
		"var(--w)":                       "no var()",
		"env(x)":                         "no env()",
		"calc(50vw - 8px":                "lacks a )",
		"50vw)":                          "a ) too many",
		"100vw, 50vw":                    "never counts",
		"100vw, auto":                    "auto stands first",
		"(min-width: 700px) 640px":       "what holds otherwise, as in (min-width: 700px) 640px, 100vw",
		"(min-width: 700px), 100vw":      `knows no ()`,
		"min-width: 700px 640px, 100vw":  "in brackets",
		"screen and (a: b) 1px, 2px":     "in brackets",
		"1px 2px, 3px":                   "in brackets",
		"(min-width: 700px) 50% , 100vw": "50vw",
	} {
		if err := Check(bad); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", bad, err, want)
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add("(min-width: 700px) 640px, 100vw")
	f.Add("\x8e\xa4()")
	f.Fuzz(func(t *testing.T, s string) { _ = Check(s) })
}
