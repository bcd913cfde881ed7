package emulator

import "testing"

// What the template grants decides who answers.
func TestAccess(t *testing.T) {
	const distribution = `!Sub "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"`
	const reads = "            Action: s3:GetObject\n            Resource: !Sub \"${Renditions.Arn}/*\"\n            Condition"
	const lists = "            Action: s3:ListBucket\n            Resource: !GetAtt Renditions.Arn\n            Condition"
	const codes = "Items: [400, 403, 404]"
	const auth = "      AuthType: AWS_IAM\n      InvokeMode"
	for name, c := range map[string]struct {
		replaces     []string
		kept, absent int // what is answered for what the bucket holds, and for what it does not
		who          string
	}{
		"as it is":            {nil, 200, 201, "renditions"},
		"no GetObject":        {[]string{reads, "            Action: s3:PutObject\n            Resource: !Sub \"${Renditions.Arn}/*\"\n            Condition"}, 201, 201, "render"},
		"no ListBucket":       {[]string{lists, "            Action: s3:GetBucketLocation\n            Resource: !GetAtt Renditions.Arn\n            Condition", codes, "Items: [404]"}, 200, 403, "renditions"},
		"one grant":           {[]string{"Action: lambda:InvokeFunction\n", "Action: lambda:GetFunction\n"}, 200, 403, "renditions"},
		"the other":           {[]string{"Action: lambda:InvokeFunctionUrl\n", "Action: lambda:GetFunction\n"}, 200, 403, "renditions"},
		"another's grant":     {[]string{"      InvokedViaFunctionUrl: true\n      SourceArn: " + distribution, "      InvokedViaFunctionUrl: true\n      SourceArn: arn:aws:cloudfront::1:distribution/E1"}, 200, 403, "renditions"},
		"by the name":         {[]string{"      FunctionName: !GetAtt Render.Arn\n      Action: lambda:InvokeFunction\n", "      FunctionName: !Ref Render\n      Action: lambda:InvokeFunction\n"}, 200, 201, "renditions"},
		"of another function": {[]string{"      FunctionName: !GetAtt Render.Arn\n      Action: lambda:InvokeFunction\n", "      FunctionName: !GetAtt Purge.Arn\n      Action: lambda:InvokeFunction\n"}, 200, 403, "renditions"},
		"unsigned":            {[]string{"            OriginAccessControlId: !Ref RenderAccess\n", ""}, 200, 403, "renditions"},
		"never signed":        {[]string{"OriginAccessControlOriginType: lambda\n        SigningBehavior: always", "OriginAccessControlOriginType: lambda\n        SigningBehavior: never"}, 200, 403, "renditions"},
		"AuthType NONE":       {[]string{auth, "      AuthType: NONE\n      InvokeMode"}, 200, 403, "renditions"},
	} {
		g := newRig(t, asIs, c.replaces...)
		g.answer("renditions /kept", 200, "", "Cache-Control", "no-store")
		for _, path := range []string{"/kept", "/absent"} {
			g.answer("render "+path, 201, "", "Cache-Control", "no-store")
		}
		kept := g.ask("GET", "/kept").StatusCode
		who := g.reports[0].Who
		if absent := g.ask("GET", "/absent").StatusCode; kept != c.kept || absent != c.absent || who != c.who {
			t.Errorf("%s: %d by %s, %d; want %d by %s, %d", name, kept, who, absent, c.kept, c.who, c.absent)
		}
	}
}

// A key that is too long for S3 is a 400 of the bucket's.
func TestLongKeys(t *testing.T) {
	g := newRig(t, asIs)
	long := make([]byte, 1025)
	for i := range long {
		long[i] = 'a'
	}
	g.answer("render /"+string(long), 200, "made")
	g.want("/"+string(long), 200, "Miss", "made")
	g.wantAsked("render GET /" + string(long))
	g.want("/"+string(long[1:]), 404, "Error", "")
	g.wantAsked("renditions GET /"+string(long[1:]), "render GET /"+string(long[1:]))
}
