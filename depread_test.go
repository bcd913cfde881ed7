package photofit_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is our module path: the root package's import path, and the start of all others.
const module = "photofit"

// A source is what a package's files say, those for other systems included,
// tests not. Both maps lead to a place to look at, as file:line.
type source struct {
	imports map[string]string // by path; ours below the module, as in patterns
	calls   map[call]string
}

// read parses all packages of the folder root.
func read(t *testing.T, root string) map[string]source {
	t.Helper()
	sources := map[string]source{}
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() {
			if name != "." && (name == "testdata" || name == "vendor" || name == "bin" || name[0] == '.' || name[0] == '_') {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		pkg := path.Dir(filepath.ToSlash(file))
		if _, ok := sources[pkg]; !ok {
			sources[pkg] = source{map[string]string{}, map[call]string{}}
		}
		return sources[pkg].add(file, nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	return sources
}

// add notes what one file imports and calls. The text is read from the file if it is nil.
func (s source) add(file string, text any) error {
	files := token.NewFileSet()
	f, err := parser.ParseFile(files, file, text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	names := map[string]string{} // what the file calls a package → its path
	for _, spec := range f.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return err
		}
		name := path.Base(imported)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = imported
		if imported == module {
			imported = "."
		}
		s.imports[strings.TrimPrefix(imported, module+"/")] = files.Position(spec.Pos()).String()
		if name == "." {
			return fmt.Errorf("%s: imports %s into its own names, which hides what it uses", file, imported)
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok {
				for _, c := range calls {
					if c.pkg == names[x.Name] && c.name == sel.Sel.Name {
						s.calls[c] = files.Position(sel.Pos()).String()
					}
				}
			}
		}
		return true
	})
	return nil
}

func TestSourcesAreReadWhole(t *testing.T) {
	s := source{map[string]string{}, map[call]string{}}
	text := `package p

import (
	"os"

	"photofit"
	_ "photofit/internal/web"
)

var local struct{ Getenv func(string) string }

func f() { local.Getenv(""); os.ReadFile("") ; photofit.Exit() }
`
	if err := s.add("p.go", text); err != nil {
		t.Fatal(err)
	}
	want := []string{".", "internal/web", "os"}
	if got := slices.Sorted(maps.Keys(s.imports)); !slices.Equal(got, want) {
		t.Errorf("imports: got %q, want %q", got, want)
	}
	if len(s.calls) != 0 {
		t.Errorf("calls: got %v, want none", s.calls)
	}
	if err := s.add("q.go", "package p\n\nimport . \"os\"\n"); err == nil {
		t.Error("a dot import went through")
	}
}
