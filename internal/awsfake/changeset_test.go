package awsfake

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// topic is a small template: a topic whose name is a parameter, and a rule.
const topic = `
Parameters:
  Name: {Type: String, Default: news, AllowedPattern: "[a-z]+", MinLength: 2, MaxLength: 8}
  Size: {Type: Number, Default: 1, MinValue: 1, MaxValue: 10}
  Colour: {Type: String, Default: red, AllowedValues: [red, blue]}
  Needed: {Type: String}
Rules:
  BlueIsSmall:
    RuleCondition: !Equals [!Ref Colour, blue]
    Assertions: [{Assert: !Equals [!Ref Size, "1"], AssertDescription: Blue is small.}]
Conditions:
  Large: !Or [!Equals [!Ref Size, 9], !Equals [!Ref Size, 10]]
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties: {TopicName: !Ref Name, DisplayName: !Sub "${Needed} of ${Size}"}
  Log:
    Type: AWS::Logs::LogGroup
    Condition: Large
    Properties: {RetentionInDays: 30}
  Rule:
    Type: AWS::Events::Rule
    Properties:
      Description: !Join ["-", [a, !Select [1, !Split [",", "x,y"]], !GetAtt Topic.TopicName]]
      Targets: [{Id: x, Arn: !Ref Topic}]
Outputs:
  Arn: {Value: !Ref Topic}
  Log: {Condition: Large, Value: !Ref Log}
`

// set is a change set of the small template.
func set(kind types.ChangeSetType, name, template string, values map[string]string) *cloudformation.CreateChangeSetInput {
	return &cloudformation.CreateChangeSetInput{StackName: aws.String("news"), ChangeSetName: &name, ChangeSetType: kind, TemplateBody: &template, Parameters: parametersOf(values)}
}

// TestCreateChangeSetRefuses is about what is wrong with a request.
func TestCreateChangeSetRefuses(t *testing.T) {
	r := newRig(t, "eu-central-1")
	needed := map[string]string{"Needed": "x"}
	with := func(name, value string) map[string]string { return map[string]string{"Needed": "x", name: value} }
	for name, c := range map[string]struct {
		in         *cloudformation.CreateChangeSetInput
		code, says string
		faults     int
	}{
		"missing":          {set("CREATE", "a", topic, nil), "ValidationError", "Parameters: [Needed] must have values", 0},
		"unknown":          {set("CREATE", "a", topic, with("Other", "x")), "ValidationError", "Parameters: [Other] do not exist in the template", 0},
		"pattern":          {set("CREATE", "a", topic, with("Name", "NEWS")), "ValidationError", "Parameter 'Name' must match pattern [a-z]+", 0},
		"half a pattern":   {set("CREATE", "a", topic, with("Name", "news1")), "ValidationError", "Parameter 'Name' must match pattern [a-z]+", 0},
		"short":            {set("CREATE", "a", topic, with("Name", "n")), "ValidationError", "must contain at least 2 characters", 0},
		"long":             {set("CREATE", "a", topic, with("Name", "newsnewsn")), "ValidationError", "must contain at most 8 characters", 0},
		"number":           {set("CREATE", "a", topic, with("Size", "x")), "ValidationError", "Parameter 'Size' must be a number", 0},
		"small":            {set("CREATE", "a", topic, with("Size", "0")), "ValidationError", "must be a number not less than 1", 0},
		"large":            {set("CREATE", "a", topic, with("Size", "11")), "ValidationError", "must be a number not greater than 10", 0},
		"allowed":          {set("CREATE", "a", topic, with("Colour", "green")), "ValidationError", "must be one of AllowedValues", 0},
		"rule":             {set("CREATE", "a", topic, map[string]string{"Needed": "x", "Colour": "blue", "Size": "2"}), "ValidationError", "Blue is small.", 0},
		"update of none":   {set("UPDATE", "a", topic, needed), "ValidationError", "Stack [news] does not exist", 0},
		"kind":             {set("MAKE", "a", topic, needed), "ValidationError", "enum value set", 1},
		"name":             {set("CREATE", "1", topic, needed), "ValidationError", "regular expression", 1},
		"no YAML":          {set("CREATE", "a", "a: [", nil), "ValidationError", "Template format error", 0},
		"no resources":     {set("CREATE", "a", "Outputs: {}", nil), "ValidationError", "At least one Resources member must be defined", 0},
		"section":          {set("CREATE", "a", "Resource: {}", nil), "ValidationError", "Invalid template property or properties [Resource]", 0},
		"no type":          {set("CREATE", "a", "Resources: {A: {}}", nil), "ValidationError", "must contain a Type member", 0},
		"unknown type":     {set("CREATE", "a", "Resources: {A: {Type: AWS::EC2::Instance}}", nil), "ValidationError", "Unrecognized resource types: [AWS::EC2::Instance]", 1},
		"unknown key":      {set("CREATE", "a", "Resources: {A: {Type: AWS::SNS::Topic, Depends: B}}", nil), "ValidationError", "Invalid template resource property 'Depends'", 0},
		"unknown name":     {set("CREATE", "a", "Resources: {A: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref B}}}", nil), "ValidationError", "Unresolved resource dependencies [B] in the Resources block", 0},
		"unknown need":     {set("CREATE", "a", "Resources: {A: {Type: AWS::SNS::Topic, DependsOn: B}}", nil), "ValidationError", "Unresolved resource dependencies [B]", 0},
		"unknown in rules": {set("CREATE", "a", "Conditions: {C: !Equals [!Ref A, x]}\nResources: {A: {Type: AWS::SNS::Topic}}", nil), "ValidationError", "dependencies [A] in the Conditions block", 0},
		"unknown output":   {set("CREATE", "a", "Resources: {A: {Type: AWS::SNS::Topic}}\nOutputs: {O: {Value: !Ref B}}", nil), "ValidationError", "dependencies [B] in the Outputs block", 0},
		"condition":        {set("CREATE", "a", "Resources: {A: {Type: AWS::SNS::Topic, Condition: C}}", nil), "ValidationError", "Unresolved condition dependency C", 0},
		"attribute":        {set("CREATE", "a", "Resources: {A: {Type: AWS::SNS::Topic}}\nOutputs: {O: {Value: !GetAtt A.Arn}}", nil), "ValidationError", "resource A does not support attribute type Arn in Fn::GetAtt", 0},
		"circle":           {set("CREATE", "a", "Resources: {A: {Type: AWS::SNS::Topic, DependsOn: B}, B: {Type: AWS::SNS::Topic, DependsOn: A}}", nil), "ValidationError", "Circular dependency between resources: [A, B]", 0},
		"IAM":              {set("CREATE", "a", "Resources: {A: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}}", nil), "InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_IAM]", 0},
		"named IAM":        {set("CREATE", "a", "Resources: {A: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}, RoleName: x}}}", nil), "InsufficientCapabilitiesException", "Requires capabilities : [CAPABILITY_NAMED_IAM]", 0},
		"too long":         {set("CREATE", "a", "#"+strings.Repeat(" ", maxInline)+topic, needed), "ValidationError", "less than or equal to 51200", 0},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := r.CloudFormation.CreateChangeSet(t.Context(), c.in)
			refused(t, err, c.code, c.says)
			r.expect(c.faults)
		})
	}
	if s := must[*cloudformation.DescribeStacksOutput](t)(r.CloudFormation.DescribeStacks(t.Context(), nil)).Stacks; len(s) > 0 {
		t.Errorf("a refused change set makes the stack %s", *s[0].StackName)
	}
}

// TestChangeSet is about the life of one.
func TestChangeSet(t *testing.T) {
	r := newRig(t, "eu-central-1")
	ctx := t.Context()
	in := set("CREATE", "a", topic, map[string]string{"Needed": "x"})
	in.TemplateBody = nil
	in.TemplateURL = aws.String("https://templates.s3.eu-central-1.amazonaws.com/a/t.yaml")
	_, err := r.CloudFormation.CreateChangeSet(ctx, in)
	refused(t, err, "ValidationError", "S3 error: Access Denied")
	r.AddBucket("templates", "eu-central-1")
	_, err = r.CloudFormation.CreateChangeSet(ctx, in)
	refused(t, err, "ValidationError", "The specified key does not exist")
	r.PutObject("templates", "a/t.yaml", []byte(topic))
	made := must[*cloudformation.CreateChangeSetOutput](t)(r.CloudFormation.CreateChangeSet(ctx, in))
	_, err = r.CloudFormation.CreateChangeSet(ctx, in)
	refused(t, err, "AlreadyExistsException", "ChangeSet a already exists")
	execute := func(name string) error {
		_, err := r.CloudFormation.ExecuteChangeSet(ctx, &cloudformation.ExecuteChangeSetInput{ChangeSetName: &name, StackName: aws.String("news")})
		return err
	}
	refused(t, execute("a"), "InvalidChangeSetStatus", "cannot be executed in its current status of [CREATE_PENDING]")
	for _, want := range []types.ChangeSetStatus{"CREATE_PENDING", "CREATE_IN_PROGRESS", "CREATE_COMPLETE", "CREATE_COMPLETE"} {
		d := must[*cloudformation.DescribeChangeSetOutput](t)(r.CloudFormation.DescribeChangeSet(ctx, &cloudformation.DescribeChangeSetInput{ChangeSetName: made.Id}))
		if d.Status != want || (d.ExecutionStatus == "AVAILABLE") != (want == "CREATE_COMPLETE") {
			t.Errorf("it is %s %s, want %s", d.Status, d.ExecutionStatus, want)
		}
	}
	list := must[*cloudformation.ListChangeSetsOutput](t)(r.CloudFormation.ListChangeSets(ctx, &cloudformation.ListChangeSetsInput{StackName: aws.String("news")}))
	if len(list.Summaries) != 1 || *list.Summaries[0].ChangeSetName != "a" {
		t.Errorf("%+v", list.Summaries)
	}
	must[*cloudformation.DeleteChangeSetOutput](t)(r.CloudFormation.DeleteChangeSet(ctx, &cloudformation.DeleteChangeSetInput{ChangeSetName: made.Id}))
	must[*cloudformation.DeleteChangeSetOutput](t)(r.CloudFormation.DeleteChangeSet(ctx, &cloudformation.DeleteChangeSetInput{ChangeSetName: made.Id}))
	refused(t, execute("a"), "ChangeSetNotFound", "ChangeSet [a] does not exist")
	if s := r.describe("news"); s.StackStatus != "REVIEW_IN_PROGRESS" {
		t.Errorf("the stack is %s", s.StackStatus)
	}
	if s := r.run(r.prepare(in)); s.StackStatus != "CREATE_COMPLETE" {
		t.Errorf("it is %s", s.StackStatus)
	}
	refused(t, execute("a"), "InvalidChangeSetStatus", "current execution status of [EXECUTE_COMPLETE]")
	_, err = r.CloudFormation.CreateChangeSet(ctx, in)
	refused(t, err, "ValidationError", "Stack [news] already exists and cannot be created again with the changeSet [a].")
	r.in("eu-west-1")
	_, err = r.CloudFormation.DescribeStacks(ctx, &cloudformation.DescribeStacksInput{StackName: aws.String("news")})
	refused(t, err, "ValidationError", "does not exist")
}

// TestChanges has change sets name what would change, and why.
func TestChanges(t *testing.T) {
	for name, c := range map[string]struct {
		template string
		values   map[string]string
		want     []string
	}{
		"a parameter":      {topic, map[string]string{"Needed": "y"}, []string{"Modify Topic False DisplayName/Never/Static/ParameterReference/Needed DisplayName/Never/Dynamic/DirectModification/"}},
		"a name":           {topic, map[string]string{"Name": "olds"}, []string{"Modify Topic True TopicName/Always/Static/ParameterReference/Name TopicName/Always/Dynamic/DirectModification/", "Modify Rule False Description/Never/Dynamic/ResourceAttribute/Topic.TopicName Targets/Never/Dynamic/ResourceReference/Topic"}},
		"a condition":      {topic, map[string]string{"Size": "9"}, []string{"Add Log ", "Modify Topic False DisplayName/Never/Static/ParameterReference/Size DisplayName/Never/Dynamic/DirectModification/"}},
		"its words":        {strings.Replace(topic, "of $", "from $", 1), nil, []string{"Modify Topic False DisplayName/Never/Static/DirectModification/"}},
		"less":             {strings.Replace(topic, "  Rule:\n    Type: AWS::Events::Rule", "  Other:\n    Type: AWS::Events::Rule", 1), nil, []string{"Add Other ", "Remove Rule "}},
		"another type":     {strings.Replace(topic, "TopicName: !Ref Name, ", "", 1), nil, []string{"Modify Topic True TopicName/Always/Static/DirectModification/", "Modify Rule False Description/Never/Dynamic/ResourceAttribute/Topic.TopicName Targets/Never/Dynamic/ResourceReference/Topic"}},
		"its policy":       {strings.Replace(topic, "Type: AWS::SNS::Topic", "Type: AWS::SNS::Topic\n    DeletionPolicy: Retain", 1), nil, []string{"Modify Topic False DeletionPolicy//Never/Static/DirectModification/"}},
		"an output":        {strings.Replace(topic, "Outputs:", "Outputs:\n  More: {Value: x}", 1), nil, nil},
		"a default only":   {strings.Replace(topic, "Default: red", "Default: blue", 1), nil, []string{"FAILED"}},
		"nothing":          {topic, nil, []string{"FAILED"}},
		"only the comment": {"# x\n" + topic, nil, []string{"FAILED"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, "eu-central-1")
			r.run(r.prepare(set("CREATE", "a", topic, map[string]string{"Needed": "x"})))
			in := set("UPDATE", "b", c.template, c.values)
			if _, given := c.values["Needed"]; !given {
				in.Parameters = append(in.Parameters, types.Parameter{ParameterKey: aws.String("Needed"), UsePreviousValue: aws.Bool(true)})
			}
			d := r.prepare(in)
			var got []string
			if d.Status == "FAILED" {
				got = []string{"FAILED"}
			}
			for _, change := range d.Changes {
				rc := change.ResourceChange
				line := fmt.Sprintf("%s %s %s", rc.Action, *rc.LogicalResourceId, rc.Replacement)
				for _, detail := range rc.Details {
					at := aws.ToString(detail.Target.Name)
					if detail.Target.Attribute != "Properties" {
						at = string(detail.Target.Attribute) + "/" + at
					}
					line += fmt.Sprintf(" %s/%s/%s/%s/%s", at, detail.Target.RequiresRecreation, detail.Evaluation, detail.ChangeSource, aws.ToString(detail.CausingEntity))
				}
				got = append(got, line)
			}
			slices.Sort(got)
			slices.Sort(c.want)
			if !slices.Equal(got, c.want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			if d.Status == "CREATE_COMPLETE" {
				if s := r.run(d); s.StackStatus != "UPDATE_COMPLETE" {
					t.Errorf("it is %s", s.StackStatus)
				}
			}
		})
	}
}

// TestAgain has a request whose answer was lost be taken once more, by its token.
func TestAgain(t *testing.T) {
	r := newRig(t, "eu-central-1")
	in := set("CREATE", "a", topic, map[string]string{"Needed": "x"})
	in.ClientToken = aws.String("made")
	r.Interrupt(1)
	if _, err := r.CloudFormation.CreateChangeSet(t.Context(), in); err == nil {
		t.Fatal("the connection was not cut")
	}
	d := r.prepare(in)
	execute := func(token string) error {
		_, err := r.CloudFormation.ExecuteChangeSet(t.Context(), &cloudformation.ExecuteChangeSetInput{ChangeSetName: d.ChangeSetId, ClientRequestToken: &token})
		return err
	}
	r.Interrupt(1)
	if execute("run") == nil {
		t.Fatal("the connection was not cut")
	}
	if err := execute("run"); err != nil {
		t.Error(err)
	}
	refused(t, execute("other"), "InvalidChangeSetStatus", "[EXECUTE_IN_PROGRESS]")
	if s := r.wait("news"); s.StackStatus != "CREATE_COMPLETE" {
		t.Errorf("it is %s", s.StackStatus)
	}
	if again := r.prepare(&cloudformation.CreateChangeSetInput{StackName: in.StackName, ChangeSetName: aws.String("b"), ChangeSetType: "UPDATE", TemplateBody: in.TemplateBody, Parameters: in.Parameters}); again.Status != "FAILED" {
		t.Errorf("then there are %d changes", len(again.Changes))
	}
	events := r.history("news")
	if len(events) != 9 {
		t.Errorf("%d events", len(events))
	}
}

// TestCauses names the parameters behind a condition: one that is made of two is
// changed by either, but not by one alone that makes no difference.
func TestCauses(t *testing.T) {
	r, _ := deployed(t)
	template := realTemplate(t, map[string]string{"PHOTOFIT_QUALITY": "80"})
	for _, c := range []struct {
		parameters map[string]string
		want       []string
	}{
		{map[string]string{"Warm": "640"}, []string{"Purge.Environment by Warm"}},
		{map[string]string{"Masters": "false"}, []string{"Purge.Environment by Masters", "Purge.MemorySize by Masters", "PurgeRole.Policies by Masters", "Render.Environment by Masters"}},
	} {
		d := r.prepare(r.setInput("UPDATE", "causes", template, c.parameters))
		causes := map[string]bool{}
		for _, change := range d.Changes {
			for _, detail := range change.ResourceChange.Details {
				if detail.ChangeSource == types.ChangeSourceParameterReference {
					causes[*change.ResourceChange.LogicalResourceId+"."+*detail.Target.Name+" by "+*detail.CausingEntity] = true
				}
			}
		}
		if got := slices.Sorted(maps.Keys(causes)); !slices.Equal(got, c.want) {
			t.Errorf("%v: %q, want %q", c.parameters, got, c.want)
		}
		must[*cloudformation.DeleteChangeSetOutput](t)(r.CloudFormation.DeleteChangeSet(t.Context(), &cloudformation.DeleteChangeSetInput{StackName: aws.String("photofit"), ChangeSetName: aws.String("causes")}))
	}
}

// TestParameters has previous values kept, and refused where there are none.
func TestParameters(t *testing.T) {
	r := newRig(t, "eu-central-1")
	previous := []types.Parameter{{ParameterKey: aws.String("Needed"), UsePreviousValue: aws.Bool(true)}}
	in := set("CREATE", "a", topic, nil)
	in.Parameters = previous
	_, err := r.CloudFormation.CreateChangeSet(t.Context(), in)
	refused(t, err, "ValidationError", "Cannot specify usePreviousValue as true for a parameter key not in the previous template")
	r.run(r.prepare(set("CREATE", "a", topic, map[string]string{"Needed": "x", "Size": "3"})))
	in = set("UPDATE", "b", topic, nil)
	in.Parameters = previous
	in.TemplateBody, in.UsePreviousTemplate = nil, aws.Bool(true)
	s := r.run(r.prepare(in))
	got := map[string]string{}
	for _, p := range s.Parameters {
		got[*p.ParameterKey] = *p.ParameterValue
	}
	if got["Needed"] != "x" || got["Size"] != "1" { // what is not named becomes its default
		t.Errorf("%q", got)
	}
	if out := outputs(s); out["Arn"] != "arn:aws:sns:eu-central-1:123456789012:news" || len(out) != 1 {
		t.Errorf("%q", out)
	}
	body := must[*cloudformation.GetTemplateOutput](t)(r.CloudFormation.GetTemplate(t.Context(), &cloudformation.GetTemplateInput{StackName: aws.String("news")}))
	if *body.TemplateBody != topic {
		t.Errorf("%s", *body.TemplateBody)
	}
}
