//go:build !function

package main

import (
	"slices"
	"strings"
	"testing"
)

// roleMistake is a template with a wrong role: what is replaced in the right one,
// and how the fault that is found begins. An empty run is each.
type roleMistake struct{ name, run, old, new, fault string }

// Pieces of the template that mistakes replace.
const (
	renditionsOf = "Action: [s3:GetObject, s3:PutObject, s3:DeleteObject]\n                Resource: !Sub \"${Renditions.Arn}/*\"\n" // Render's
	renderRole   = "RenderRole:\n    Type: AWS::IAM::Role\n    Properties:\n"
	renderReads  = "        - PolicyName: render\n          PolicyDocument:\n            Version: \"2012-10-17\"\n            Statement:\n              - Sid: ReadPhotos\n                Effect: Allow\n                Action: s3:GetObject\n"
	ofPhotos     = "                Resource: !Sub\n                  - arn:${AWS::Partition}:s3:::${Bucket}/${Folder}*\n"
	worksOff     = "Action: [sqs:ReceiveMessage, sqs:DeleteMessage, sqs:GetQueueAttributes, sqs:SendMessage]\n                Resource: !GetAtt Changes.Arn"
	invalidates  = "Action: cloudfront:CreateInvalidation\n                Resource: !Sub \"arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}\""
	listsPhotos  = "                  - !Sub\n                    - arn:${AWS::Partition}:s3:::${Bucket}\n                    - Bucket: !If [MakesPhotos, !Ref Photos, !Ref PhotosBucketName]\n"
	rendersLists = "- Sid: TellMissing\n                Effect: Allow\n                Action: s3:ListBucket\n                Resource:\n" + listsPhotos + "                  - !GetAtt Renditions.Arn\n"
	purgeLists   = "- Sid: ListAndTellMissing\n                Effect: Allow\n                Action: s3:ListBucket\n"
	aheadPuts    = "- !If\n                - MakesAhead\n                - Sid: MakeAhead\n"
)

// with is a piece in which something is replaced.
func with(piece, old, new string) string { return strings.Replace(piece, old, new, 1) }

var roleMistakes = []roleMistake{
	{name: "one fewer: cannot keep", old: renditionsOf, new: with(renditionsOf, "s3:PutObject, ", ""), fault: "Render did s3:PutObject on arn:aws:s3:::photofit-renditions/"},
	{name: "one fewer: cannot withdraw", old: renditionsOf, new: with(renditionsOf, ", s3:DeleteObject", ""), fault: "Render did s3:DeleteObject on arn:aws:s3:::photofit-renditions/"},
	{name: "one fewer: cannot read", old: renderReads, new: with(renderReads, "GetObject", "GetObjectVersion"), fault: "Render did s3:GetObject on arn:aws:s3:::photofit-photos/"},
	{name: "one fewer: no second pass", old: worksOff, new: with(worksOff, ", sqs:SendMessage", ""), fault: "Purge did sqs:SendMessage on arn:aws:sqs:"},
	{name: "one fewer: the edges are not told", old: invalidates, new: with(invalidates, "Create", "Get"), fault: "Purge did cloudfront:CreateInvalidation on arn:"},
	{name: "one fewer: an absence is denied", old: rendersLists, new: with(rendersLists, listsPhotos, ""), fault: "Render did s3:ListBucket on arn:aws:s3:::photofit-photos,"},
	{name: "one fewer: no master is made", run: "as it is", old: aheadPuts, new: with(aheadPuts, "MakesAhead", "Warms"), fault: "Purge did s3:PutObject on arn:aws:s3:::photofit-renditions/"},

	{name: "one more", old: renditionsOf, new: with(renditionsOf, "[", "[s3:GetObjectTagging, "), fault: "Render may s3:GetObjectTagging on arn:aws:s3:::photofit-renditions/*, and never did"},
	{name: "one more: of the other function's", old: renditionsOf, new: renditionsOf + "              - {Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Changes.Arn}\n", fault: "Render may sqs:SendMessage on arn:aws:sqs:us-east-1:123456789012:photofit-Changes, and never did"},
	{name: "one more: photos are written", old: renderReads, new: with(renderReads, "s3:GetObject", "[s3:GetObject, s3:PutObject]"), fault: "Render may s3:PutObject on arn:aws:s3:::photofit-photos/"},
	{name: "one more: made ahead by nobody", run: "without masters", old: aheadPuts, new: with(aheadPuts, "MakesAhead", "MakesPhotos"), fault: "Purge may s3:PutObject on arn:aws:s3:::photofit-renditions/*, and never did"},
	{name: "all of a kind", old: renditionsOf, new: with(renditionsOf, "s3:GetObject", "s3:Get*"), fault: "Render may s3:Get*, which is more than one action"},

	{name: "another bucket", old: renditionsOf, new: with(renditionsOf, "${Renditions.Arn}/*", "arn:aws:s3:::renditions/*"), fault: "Render did s3:DeleteObject on arn:aws:s3:::photofit-renditions/"},
	{name: "another queue", old: worksOff, new: with(worksOff, "Changes", "Failed"), fault: "Purge may sqs:ReceiveMessage on arn:aws:sqs:us-east-1:123456789012:photofit-Failed, which"},
	{name: "another distribution", old: invalidates, new: with(invalidates, "${Distribution}", "EOTHER"), fault: "Purge did cloudfront:CreateInvalidation on"},
	{name: "a bucket, and not what is in it", old: renditionsOf, new: with(renditionsOf, "/*", ""), fault: "Render did s3:DeleteObject on"},
	{name: "what is in a bucket, and not it", old: rendersLists, new: with(rendersLists, "!GetAtt Renditions.Arn", "!Sub \"${Renditions.Arn}/*\""), fault: "Render may s3:ListBucket on arn:aws:s3:::photofit-renditions/*, and never did"},
	{name: "a resource more", old: rendersLists, new: rendersLists + "                  - arn:aws:s3:::strange\n", fault: "Render may s3:ListBucket on arn:aws:s3:::strange, and never did"},
	{name: "any bucket whose name begins so", old: renditionsOf, new: with(renditionsOf, "/*", "*"), fault: "Render may s3:GetObject on arn:aws:s3:::photofit-renditions*, which is"},
	{name: "anything", old: invalidates, new: with(invalidates, "!Sub \"arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}\"", "\"*\""), fault: "Purge may cloudfront:CreateInvalidation on *, which is"},
	{name: "any log", old: "Resource: !GetAtt RenderLog.Arn\n", new: "Resource: \"*\"\n", fault: "Render may logs:CreateLogStream on *, which is"},
	{name: "photos beside the folder", run: "with all parameters", old: renderReads + ofPhotos, new: renderReads + with(ofPhotos, "${Folder}", ""), fault: "Render may s3:GetObject on arn:aws:s3:::photofit-photos/*, which is arn:aws:s3:::photofit-photos/a.jpg, too"},
	{name: "photos of another folder that begins so", run: "with all parameters", old: renderReads + ofPhotos + "                  - Bucket: !If [MakesPhotos, !Ref Photos, !Ref PhotosBucketName]\n                    Folder: !If [HasPrefix, !Sub \"${PhotosPrefix}/\"",
		new:   renderReads + ofPhotos + "                  - Bucket: !If [MakesPhotos, !Ref Photos, !Ref PhotosBucketName]\n                    Folder: !If [HasPrefix, !Sub \"${PhotosPrefix}\"",
		fault: "Render may s3:GetObject on arn:aws:s3:::photofit-photos/album*, which is arn:aws:s3:::photofit-photos/albums/a.jpg, too"},

	{name: "the other's role", old: "Role: !GetAtt PurgeRole.Arn", new: "Role: !GetAtt RenderRole.Arn", fault: "Purge did cloudfront:CreateInvalidation on"},
	{name: "no role", old: "      Role: !GetAtt RenderRole.Arn\n", new: "", fault: "Render: it has no role"},
	{name: "a policy of AWS's", old: renderRole, new: renderRole + "      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonS3FullAccess]\n", fault: "Render: RenderRole has ManagedPolicyArns"},
	{name: "a denial", old: purgeLists, new: with(purgeLists, "Allow", "Deny"), fault: "Purge: a statement has the effect Deny"},
	{name: "all but something", old: purgeLists, new: with(purgeLists, "Action:", "NotAction:"), fault: "Purge: a statement has NotAction"},
	{name: "a policy beside the role", old: "  Render:\n", new: "  More:\n    Type: AWS::IAM::Policy\n    Properties: {Roles: [!Ref RenderRole]}\n  Render:\n", fault: "More may grant something, too"},
}

// isFound tests that a mistake is told of.
func (m roleMistake) isFound(t *testing.T, run *roleRun) {
	t.Helper()
	if n := strings.Count(run.template, m.old); n != 1 {
		t.Fatalf("%q is in the template %d times", m.old, n)
	}
	faults := run.faults(t, strings.Replace(run.template, m.old, m.new, 1))
	if !slices.ContainsFunc(faults, func(f string) bool { return strings.HasPrefix(f, m.fault) }) {
		t.Errorf("%q, want %s", faults, m.fault)
	}
}
