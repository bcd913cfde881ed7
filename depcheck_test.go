package photofit_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// check gives a sentence for each thing that goes against the tables above.
func check(sources map[string]source) []string {
	var faults []string
	for _, pkg := range slices.Sorted(maps.Keys(sources)) {
		src := sources[pkg]
		i := slices.IndexFunc(rules, func(r rule) bool { return match(r.pkg, pkg) })
		if i < 0 {
			faults = append(faults, fmt.Sprintf("%s is in no rule: say in deps_test.go what it may import, and why no more", pkg))
			continue
		}
		for _, b := range bans {
			if !match(b.pkg, pkg) || matchAny(b.but, pkg) {
				continue
			}
			// A ban on every package is broken by the one that imports, not by all above it.
			if way := find(sources, pkg, b.never, b.pkg != "..."); way != nil {
				faults = append(faults, fmt.Sprintf("%s imports %s (%s): never, since %s", pkg, strings.Join(way[1:], ", by way of it "), src.imports[way[1]], b.why))
			}
		}
		for _, imported := range slices.Sorted(maps.Keys(src.imports)) {
			_, ours := sources[imported]
			first, _, _ := strings.Cut(imported, "/")
			standard := !ours && !strings.Contains(first, ".") // somebody else's begins with a host
			if !standard && !matchAny(rules[i].may, imported) {
				faults = append(faults, fmt.Sprintf("%s imports %s (%s): not among what it may, since %s", pkg, imported, src.imports[imported], rules[i].why))
			}
		}
		for _, c := range calls {
			if at, ok := src.calls[c]; ok && !matchAny(mayCall, pkg) {
				faults = append(faults, fmt.Sprintf("%s uses %s.%s (%s): only commands may, since %s", pkg, c.pkg, c.name, at, c.why))
			}
		}
	}
	return faults
}

// find gives the packages on a way from pkg to an import that never matches,
// both ends included, or nil. It goes on through our packages if deep.
func find(sources map[string]source, pkg, never string, deep bool) []string {
	ways := [][]string{{pkg}}
	seen := map[string]bool{pkg: true}
	for len(ways) > 0 {
		way := ways[0]
		ways = ways[1:]
		for _, imported := range slices.Sorted(maps.Keys(sources[way[len(way)-1]].imports)) {
			next := append(slices.Clone(way), imported)
			if match(never, imported) {
				return next
			}
			if deep && !seen[imported] {
				seen[imported] = true
				ways = append(ways, next)
			}
		}
	}
	return nil
}

// match says whether pattern covers pkg.
func match(pattern, pkg string) bool {
	if pattern == "..." {
		return true
	}
	below, open := strings.CutSuffix(pattern, "/...")
	return pkg == below || open && strings.HasPrefix(pkg, below+"/")
}

func matchAny(patterns []string, pkg string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return match(p, pkg) })
}

// graph makes sources of lines like "package: import import".
func graph(lines ...string) map[string]source {
	sources := map[string]source{}
	for _, line := range lines {
		pkg, rest, _ := strings.Cut(line, ": ")
		s := source{map[string]string{}, map[call]string{}}
		for _, word := range strings.Fields(rest) {
			s.imports[word] = "x.go:1"
		}
		sources[pkg] = s
	}
	return sources
}

func TestCheckFindsWhatIsForbidden(t *testing.T) {
	tests := []struct {
		name  string
		graph map[string]source
		want  []string // parts of each fault, in order
	}{
		{"nothing there", graph(), nil},
		{"all as planned", graph(
			".: strings net/url",
			"internal/vips: unsafe github.com/ebitengine/purego",
			"internal/render: . internal/vips internal/probe",
			"internal/probe: io",
			"internal/store: io",
			"internal/rendition: . internal/store golang.org/x/sync/singleflight",
			"internal/web: . internal/rendition internal/store net/http github.com/prometheus/client_golang/prometheus",
			"cmd/photofit: flag os internal/web internal/render github.com/alecthomas/kong",
		), nil},
		{"an unknown package", graph("internal/helpers: io"), []string{"internal/helpers is in no rule"}},
		{"of ours, though it looks like the standard library's", graph("markup: shape", "shape: io"),
			[]string{"markup imports shape (x.go:1): not among what it may", "shape is in no rule"}},
		{"the root takes a dependency", graph(".: golang.org/x/text/unicode/norm"),
			[]string{". imports golang.org/x/text/unicode/norm (x.go:1): not among what it may, since whoever imports the words gets nothing else with them"}},
		{"upwards", graph("internal/store: internal/web", "internal/web: io"),
			[]string{"internal/store imports internal/web"}},
		{"by way of another", graph(
			"internal/web: internal/rendition",
			"internal/rendition: internal/render",
			"internal/render: io",
		), []string{
			"internal/rendition imports internal/render (x.go:1): never, since it gets rendering",
			"internal/rendition imports internal/render (x.go:1): not among",
			"internal/web imports internal/rendition, by way of it internal/render (x.go:1): never",
		}},
		{"round and round", graph("internal/web: internal/rendition", "internal/rendition: internal/web"),
			[]string{"internal/rendition imports internal/web"}},
		{"a store that speaks HTTP", graph("internal/store: net/http"),
			[]string{"internal/store imports net/http (x.go:1): never, since a store that answers"}},
		{"its neighbour in the cloud may", graph("internal/store: io", "internal/store/s3: internal/store net/http github.com/aws/aws-sdk-go-v2/service/s3"), nil},
		{"unsafe elsewhere", graph("internal/probe: unsafe"), []string{"internal/probe imports unsafe"}},
		{"unsafe below is not unsafe above", graph("internal/render: internal/vips", "internal/vips: unsafe"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := check(tt.graph)
			if len(got) != len(tt.want) {
				t.Fatalf("got %d faults, want %d:\n%s", len(got), len(tt.want), strings.Join(got, "\n"))
			}
			for i, want := range tt.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("got  %s\nwant %s", got[i], want)
				}
			}
		})
	}
}

func TestCheckHoldsEveryLine(t *testing.T) {
	// some gives a package that a pattern covers.
	some := func(pattern string) string {
		if pattern == "..." {
			return "internal/probe"
		}
		return strings.Replace(pattern, "/...", "/x", 1)
	}
	for _, r := range rules {
		if r.may != nil && r.may[0] == "..." {
			continue
		}
		if got := check(graph(some(r.pkg) + ": example.org/other")); len(got) != 1 || !strings.HasSuffix(got[0], r.why) {
			t.Errorf("%s imports something unheard of: got %q", r.pkg, got)
		}
	}
	for _, b := range bans {
		got := check(graph(some(b.pkg) + ": " + some(b.never)))
		if len(got) == 0 || !strings.Contains(got[0], "never, since "+b.why) {
			t.Errorf("%s imports %s: got %q", b.pkg, b.never, got)
		}
		for _, but := range b.but {
			if got := find(graph(some(but)+": "+b.never), some(but), b.never, true); got == nil {
				t.Errorf("%s: the ban on %s cannot be broken", but, b.never)
			}
			if got := check(graph(some(but) + ": " + b.never)); slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "never") }) {
				t.Errorf("%s may import %s: got %q", but, b.never, got)
			}
		}
	}
	for _, c := range calls {
		text := fmt.Sprintf("package p\n\nimport other %q\n\nvar x = other.%s\n", c.pkg, c.name)
		for pkg, want := range map[string]int{"internal/web": 1, "cmd/photofit": 0} {
			sources := graph(pkg + ": ")
			if err := sources[pkg].add("p.go", text); err != nil {
				t.Fatal(err)
			}
			if got := check(sources); len(got) != want || want == 1 && !strings.Contains(got[0], c.pkg+"."+c.name+" (p.go:5:9): only commands may") {
				t.Errorf("%s uses %s.%s: got %q", pkg, c.pkg, c.name, got)
			}
		}
	}
}
