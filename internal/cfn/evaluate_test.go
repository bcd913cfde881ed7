package cfn

import (
	"reflect"
	"strings"
	"testing"
)

// called is how resources are called in these tests.
func called(name, _, attribute string) (string, bool) {
	switch attribute {
	case "":
		return "id-of-" + name, true
	case "Arn", "Nested.Name":
		return attribute + "-of-" + name, true
	}
	return "", false
}

func evaluate(t *testing.T, template string, params map[string]string) (*Stack, error) {
	t.Helper()
	d, err := Parse([]byte(template))
	if err != nil {
		t.Fatal(err)
	}
	return Evaluate(d, Inputs{params, map[string]string{"AWS::Region": "eu-west-1"}, called})
}

func TestEvaluate(t *testing.T) {
	s, err := evaluate(t, `
Parameters:
  Name: {Type: String, Default: ""}
  Size: {Type: Number, Default: 1769, MinValue: 256}
  List: {Type: CommaDelimitedList, Default: "a, b"}
Conditions:
  Named: !Not [!Equals [!Ref Name, ""]]
  Big: !Equals [!Ref Size, "1769"]
  Both: !And [!Condition Named, {Condition: Big}]
  Either: !Or [!Condition Named, !Condition Big]
Resources:
  A: {Type: T, Condition: Named}
  B:
    Type: T
    Properties:
      Size: {Ref: Size}
      List: !Ref List
      Arn: !GetAtt A.Arn
      Deep: {Fn::GetAtt: [A, Nested.Name]}
      Dotted: {"Fn::GetAtt": "A.Arn"}
      Sub: !Sub "${AWS::Region}/${A}/${A.Arn}/${!Kept}/${Size}"
      Own: !Sub ["${X}-${Name}", {X: !If [Both, !Ref Name, no]}]
      Third: !Select [2, !Split ["/", "https://x.example/"]]
      Joined: !Join ["-", [a, !Ref Size, 3]]
      Gone: !Ref AWS::NoValue
      Items: [1, !If [Named, !Ref AWS::NoValue, 2], 3]
      Condition: {StringEquals: {a: b}}
      Yes: !If [Either, true, !GetAtt Nobody.Arn]
  C: {Type: U, Condition: Both}
Outputs:
  O: {Value: !Ref B}
  P: {Condition: Named, Value: 1}
`, map[string]string{"Name": "n"})
	if err != nil {
		t.Fatal(err)
	}
	want := Object{
		"Size": "1769", "List": []any{"a", "b"}, "Arn": "Arn-of-A", "Deep": "Nested.Name-of-A", "Dotted": "Arn-of-A",
		"Sub": "eu-west-1/id-of-A/Arn-of-A/${Kept}/1769", "Own": "n-n", "Third": "x.example", "Joined": "a-1769-3",
		"Items": []any{1, 3}, "Condition": Object{"StringEquals": Object{"a": "b"}}, "Yes": true,
	}
	if got := s.Resources["B"].Properties; !reflect.DeepEqual(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
	if got := s.Of("T"); !reflect.DeepEqual(got, []string{"A", "B"}) || len(s.Resources) != 3 {
		t.Error(got, s.Resources)
	}
	if !reflect.DeepEqual(s.Outputs, map[string]any{"O": "id-of-B", "P": 1}) {
		t.Error(s.Outputs)
	}
	if s.Resources["B"].Line != 13 {
		t.Error(s.Resources["B"].Line)
	}
}

func TestEvaluateConditions(t *testing.T) {
	for name, want := range map[string]int{"": 1, "n": 3} {
		s, err := evaluate(t, `
Parameters: {Name: {Type: String, Default: ""}}
Conditions:
  Named: !Not [!Equals [!Ref Name, ""]]
  Both: !And [!Condition Named, !Condition Named]
  Some: !Or [!Condition Both, !Equals [1, "2"]]
Resources:
  A: {Type: T}
  B: {Type: T, Condition: Both}
  C: {Type: T, Condition: Some}
Outputs: {O: {Condition: Named, Value: !Ref B}}
`, map[string]string{"Name": name})
		if err != nil || len(s.Resources) != want || len(s.Outputs) != want/3 {
			t.Errorf("%q: %v, %v", name, s, err)
		}
	}
}

func TestEvaluateRefuses(t *testing.T) {
	const resource = "Resources:\n  A:\n    Type: T\n    Properties:\n      X: "
	for _, c := range []struct{ template, want string }{
		{resource + "!FindInMap [a, b, c]", "line 5: Fn::FindInMap is no function"},
		{resource + "!Ref Nobody", "line 5: nothing is called Nobody"},
		{resource + "!Ref [A]", "Ref takes a name"},
		{resource + "!GetAtt Nobody.Arn", "line 5: nothing is called Nobody"},
		{resource + "!GetAtt A.What", "the attribute What of a T is not known"},
		{resource + "!Sub '${A}${B}'", "nothing is called B"},
		{resource + "!Sub '${A.What}'", "attribute What"},
		{resource + "!Sub [x]", "Fn::Sub takes"},
		{resource + "!Sub {a: b}", "Fn::Sub takes"},
		{resource + "!If [No, 1, 2]", "line 5: no condition is called No"},
		{resource + "!If [No, 1]", "Fn::If takes"},
		{resource + "!Select [2, [a, b]]", "there is no item 2"},
		{resource + "!Select [a]", "takes two values"},
		{resource + "!Split ['', a]", "Fn::Split takes"},
		{resource + "!Join [a, b]", "Fn::Join takes"},
		{resource + "{Ref: A, B: 1}", "Ref stands beside other keys"},
		{"Conditions:\n  C: !Not [!Condition D]\n  D: !Not [!Condition C]\nResources:\n  A: {Type: T, Condition: C}", "line 3: the condition C depends on itself"},
		{"Conditions: {C: !Ref AWS::Region}\nResources: {A: {Type: T, Condition: C}}", "neither true nor false"},
		{"Conditions: {C: !Equals [1]}\nResources: {A: {Type: T, Condition: C}}", "Fn::Equals takes two"},
		{"Conditions: {C: !Not []}\nResources: {A: {Type: T, Condition: C}}", "another number"},
		{"Conditions: {C: !Equals [1, 2]}\nResources:\n  A: {Type: T, Condition: C}\n  B: {Type: T, Properties: {X: !Ref A}}", "line 4: A is not made"},
		{"Resources: {}", "there are no Resources"},
		{"Parameters:\n  P: {Type: String}\nResources: {A: {Type: T}}", "line 2: the parameter P is needed"},
		{"Parameters:\n  P: {Type: String, Default: ab, AllowedPattern: a}\nResources: {A: {Type: T}}", "does not match a"},
		{"Parameters:\n  P: {Type: Number, Default: 3, MaxValue: 2}\nResources: {A: {Type: T}}", "out of range"},
		{"Parameters:\n  P: {Type: Number, Default: x}\nResources: {A: {Type: T}}", "no number"},
		{"Parameters:\n  P: {Type: String, Default: x, AllowedValues: [a]}\nResources: {A: {Type: T}}", "one of [a]"},
		{"Parameters:\n  P: {Type: String, Default: x, MinLength: 2}\nResources: {A: {Type: T}}", "too short"},
		{"Parameters:\n  P: {Type: String, Default: xyz, MaxLength: 2}\nResources: {A: {Type: T}}", "too long"},
		{"Rules: {R: {Assertions: [{Assert: !Equals [1, 2], AssertDescription: Say so.}]}}\nResources: {A: {Type: T}}", "line 1: the rule R: Say so."},
	} {
		if _, err := evaluate(t, c.template, nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\n%v, want %s", c.template, err, c.want)
		}
	}
	if _, err := evaluate(t, "Resources: {A: {Type: T}}", map[string]string{"No": "x"}); err == nil || !strings.Contains(err.Error(), "no parameter No") {
		t.Error(err)
	}
	if _, err := evaluate(t, "Rules: {R: {RuleCondition: !Equals [1, 2], Assertions: [{Assert: !Equals [1, 2]}]}}\nResources: {A: {Type: T}}", nil); err != nil {
		t.Error(err)
	}
}
