package cfn

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const text = `Resources:
  A:
    Type: AWS::S3::Bucket
    Properties:
      Name: !Sub "${B}-${AWS::Region}-${!not}"
      Size: 7
      On: true
      Rate: 0.5
      None: ~
      Date: 2012-10-17
      Arn: !GetAtt B.Sub.Arn
      If: !If
        - Large
        - !Ref B
        - [x, !Select [0, !Split [",", !Ref C]]]
`

const same = `{"Resources": {"A": {"Type": "AWS::S3::Bucket", "Properties": {
	"Name": {"Fn::Sub": "${B}-${AWS::Region}-${!not}"}, "Size": 7, "On": true, "Rate": 0.5, "None": null,
	"Date": "2012-10-17", "Arn": {"Fn::GetAtt": ["B", "Sub.Arn"]},
	"If": {"Fn::If": ["Large", {"Ref": "B"}, ["x", {"Fn::Select": [0, {"Fn::Split": [",", {"Ref": "C"}]}]}]]}
}}}}`

func TestParse(t *testing.T) {
	a, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	b, err := Parse([]byte(same))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a.Root, b.Root) {
		t.Errorf("in YAML %v\nin JSON %v", a.Root, b.Root)
	}
	p := At(a.Root, "Resources", "A", "Properties")
	want := Object{"Fn::Sub": "${B}-${AWS::Region}-${!not}"}
	if got := At(p, "Name"); !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if At(p, "Size") != 7 || At(p, "On") != true || At(p, "Rate") != 0.5 || At(p, "None") != nil || At(p, "Date") != "2012-10-17" {
		t.Errorf("scalars are %v", p)
	}
	if At(p, "If", "Fn::If", 9) != nil || At(p, "If", "Fn::If", -1) != nil || At(p, "Size", "x", 0) != nil {
		t.Error("what is not there is not nil")
	}
}

func TestLine(t *testing.T) {
	d, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		path []any
		line int
	}{
		{nil, 1},
		{[]any{"Resources", "A"}, 2},
		{[]any{"Resources", "A", "Properties", "Size"}, 6},
		{[]any{"Resources", "A", "Properties", "Missing", 3}, 4},
		{[]any{"Resources", "A", "Properties", "If", "Fn::If", 1, "Ref"}, 14},
		{[]any{"Resources", "A", "Properties", "If", "Fn::If", 2, 1}, 15},
	} {
		if got := d.Line(c.path...); got != c.line {
			t.Errorf("%v is at line %d, not %d", c.path, got, c.line)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{"", "empty"},
		{"# nothing", "empty"},
		{"a: &x 1\nb: *x", "line 2: anchors"},
		{"a: 1\na: 2", "line 2: a is there twice"},
		{"- a", "line 1: it is no map"},
		{"[a]: b", "a key is no text"},
		{"a: [", "line 1"},
		{"a: " + strings.Repeat("[", 200) + strings.Repeat("]", 200), "more than 100 deep"},
		{strings.Repeat(" ", MaxSize+1), "CloudFormation takes"},
	} {
		if _, err := Parse([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%.30q: %v, want %q", c.text, err, c.says)
		}
	}
}

func TestReferences(t *testing.T) {
	d, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var uses, conditions []string
	References(d.Root, func(name, attribute string) { uses = append(uses, name+"/"+attribute) }, func(name string) { conditions = append(conditions, name) })
	slices.Sort(uses)
	if want := []string{"AWS::Region/", "B/", "B/", "B/Sub.Arn", "C/"}; !slices.Equal(uses, want) {
		t.Errorf("uses %q, want %q", uses, want)
	}
	if !slices.Equal(conditions, []string{"Large"}) {
		t.Errorf("conditions %q", conditions)
	}
	// Of what is no function at all, nothing is said.
	References(Object{"Ref": 1, "Fn::GetAtt": "A.B", "Fn::Sub": []any{}, "Fn::If": nil, "Condition": Object{}}, nil, nil)
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(text))
	f.Add([]byte(same))
	f.Add([]byte("a: !Sub [x, {y: !If [a, b, !Ref c]}]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := Parse(text)
		if err != nil {
			return
		}
		References(d.Root, nil, nil)
		if d.Line("Resources") < 1 {
			t.Error("no line")
		}
	})
}

// Each use is told with its place, whose line is known.
func TestUses(t *testing.T) {
	d, err := Parse([]byte("A: !If [C, !Ref P, !FindInMap [M, !Ref Q, k]]\nA2: !FindInMap [!Ref N, a, b]\nB:\n  Condition: D\n  E: !Sub [\"${R.S.T} ${own} ${!no}\", {own: !GetAtt U.V}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, u := range Uses(d.Root) {
		got = append(got, fmt.Sprint(u.Kind, " ", u.Name, " ", u.Attribute, " ", u.Path, " ", d.Line(u.Path...)))
	}
	want := []string{
		"Fn::If C  [A Fn::If] 1",
		"Ref P  [A Fn::If 1 Ref] 1",
		"Fn::FindInMap M  [A Fn::If 2 Fn::FindInMap] 1",
		"Ref Q  [A Fn::If 2 Fn::FindInMap 1 Ref] 1",
		"Fn::FindInMap   [A2 Fn::FindInMap] 2",
		"Ref N  [A2 Fn::FindInMap 0 Ref] 2",
		"Condition D  [B Condition] 4",
		"Fn::Sub R S.T [B E Fn::Sub] 5",
		"Fn::GetAtt U V [B E Fn::Sub 1 own Fn::GetAtt] 5",
	}
	if !slices.Equal(got, want) {
		t.Errorf("uses are\n%s\nnot\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if got := Fill("a-${B}-${ C.D }-${!E}", func(name string) string { return "<" + name + ">" }); got != "a-<B>-<C.D>-${E}" {
		t.Errorf("filled: %q", got)
	}
}

func TestOneDocument(t *testing.T) {
	if _, err := Parse([]byte("a: 1\n---\nb: 2\n")); err == nil || !strings.Contains(err.Error(), "line 3: there is a second document") {
		t.Error(err)
	}
	if _, err := Parse([]byte("---\na: 1\n---\n")); err != nil {
		t.Error(err)
	}
}
