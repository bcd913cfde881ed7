package lint

const (
	urlGrant    = "      Action: lambda:InvokeFunctionUrl\n"
	fromFront   = "      SourceArn: !Sub \"arn:aws:cloudfront::${AWS::AccountId}:distribution/${Front}\"\n"
	keyed       = "          - ServerSideEncryptionByDefault: {SSEAlgorithm: aws:kms, KMSMasterKeyID: !GetAtt Key.Arn}\n"
	siteSources = `            Condition: {StringEquals: {aws:SourceArn: !Sub "arn:aws:cloudfront::${AWS::AccountId}:distribution/${Site}"}}` + "\n"
)

var grantCases = []planted{
	{"lambda-grants", function, "FunctionUrlAuthType: AWS_IAM", "FunctionUrlAuthType: NONE"},
	{"source-with-region", function, "arn:aws:cloudfront::${AWS::AccountId}:distribution/${Front}", "arn:aws:cloudfront:us-east-1:${AWS::AccountId}:distribution/${Front}"},
	{"source-with-region", function, "arn:aws:cloudfront::${AWS::AccountId}:distribution/*", "arn:aws:cloudfront:${AWS::Region}:${AWS::AccountId}:distribution/*"},
	{"policy-action", function, "Action: s3:ListBucket, Resource: !GetAtt", "Action: ListBucket, Resource: !GetAtt"},
	{"lambda-grants", function, "      Principal: cloudfront.amazonaws.com\n      FunctionUrlAuthType", "      Principal: \"123456789012\"\n      FunctionUrlAuthType"},
	{"lambda-grants", function, "      Principal: cloudfront.amazonaws.com\n      InvokedVia", "      Principal: \"123456789012\"\n      InvokedVia"},
	{"lambda-grants", function, urlGrant, "      Action: lambda:InvokeFunction\n"},
	{"lambda-grants", function, "      InvokedViaFunctionUrl: true\n", ""},
	{"lambda-grants", function, "Action: lambda:InvokeFunction\n", "Action: lambda:GetFunction\n"},
	{"function-url-unsigned", function, "            OriginAccessControlId: !GetAtt ToUrl.Id\n", ""},

	{"grant-without-source", function, fromFront, ""},
	{"grant-without-source", queue, `, SourceArn: !Sub "arn:aws:s3:::${Uploads}", SourceAccount: !Ref "AWS::AccountId"`, ""},
	{"grant-without-source", queue, `Principal: s3.amazonaws.com, SourceArn: !Sub "arn:aws:s3:::${Uploads}", SourceAccount: !Ref "AWS::AccountId"`, `Principal: "*"`},
	{"", queue, `Principal: s3.amazonaws.com, SourceArn: !Sub "arn:aws:s3:::${Uploads}", SourceAccount: !Ref "AWS::AccountId"`, `Principal: "*", PrincipalOrgID: o-abcdefghij`},
	{"", queue, `Principal: s3.amazonaws.com, SourceArn: !Sub "arn:aws:s3:::${Uploads}", SourceAccount: !Ref "AWS::AccountId"`, `Principal: "*", FunctionUrlAuthType: NONE`},
	{"grant-without-source", site, siteSources, ""},
	{"grant-without-source", queue, "            Condition: {ArnLike: {aws:SourceArn: [!Sub \"arn:aws:s3:::${Uploads}\", !Sub \"arn:aws:events:*:${AWS::AccountId}:rule/*\"]}}\n", ""},
	{"", site, siteSources, `            Condition: {StringEquals: {AWS:SourceAccount: !Ref AWS::AccountId}}` + "\n"},

	{"bucket-grant", site, "Principal: {Service: cloudfront.amazonaws.com}", "Principal: {Service: logging.s3.amazonaws.com}"},
	{"bucket-grant", site, "Action: [s3:GetObject, s3:ListBucket]", "Action: s3:ListBucket"},
	{"", site, "Action: [s3:GetObject, s3:ListBucket]", "Action: ['s3:Get*', 's3:List*']"},
	{"bucket-grant", site, "      Bucket: !Ref Files\n", "      Bucket: !Ref Logs\n"},
	{"", site, "      Bucket: !Ref Files\n", "      Bucket: !Sub \"${Suffix}-files\"\n"}, // it may be this one
	{"", function, keyed + "  FilesPolicy:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: !Ref Files\n",
		keyed + "      BucketName: !Sub files-${Own}\n  FilesPolicy:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: !Sub files-${Own}\n"},

	{"source-wildcard", site, `!Sub "arn:aws:cloudfront::${AWS::AccountId}:distribution/${Site}"`, `!Sub "arn:aws:cloudfront::${AWS::AccountId}:distribution/*"`},
	{"", site, `StringEquals: {aws:SourceArn: !Sub "arn:aws:cloudfront::${AWS::AccountId}:distribution/${Site}"}`, `ArnLike: {aws:SourceArn: !Sub "arn:aws:cloudfront::${AWS::AccountId}:distribution/*"}`},

	{"target-without-grant", queue, "[s3.amazonaws.com, events.amazonaws.com]", "[s3.amazonaws.com]"},
	{"target-without-grant", queue, "[s3.amazonaws.com, events.amazonaws.com]", "[events.amazonaws.com]"},
	{"target-without-grant", queue, "Principal: s3.amazonaws.com", "Principal: sns.amazonaws.com"},
	{"target-without-grant", queue, "Queues: [!Ref Work]", "Queues: [!Ref Failed]"},
	{"target-without-grant", queue, "Targets: [{Id: work, Arn: !GetAtt Work.Arn}]", "Targets: [{Id: work, Arn: !GetAtt Worker.Arn}]"},
	{"", queue, "FunctionName: !Ref Notice, Action", "FunctionName: !Sub \"x-${Uploads}\", Action"}, // it may be this one
	{"", queue, "Targets: [{Id: work, Arn: !GetAtt Work.Arn}]", "Targets: [{Id: work, Arn: !GetAtt Failed.Arn, RoleArn: !GetAtt Role.Arn}]"},
}

var policyCases = []planted{
	{"policy-version", site, `        Version: "2012-10-17"`, `        Version: "2024-01-01"`},
	{"policy-statement", site, "          - Effect: Allow\n            Principal", "          - Principal"},
	{"policy-statement", site, "          - Effect: Allow\n            Principal", "          - Effect: allow\n            Principal"},
	{"policy-statement", site, "            Principal: {Service: cloudfront.amazonaws.com}\n", ""},
	{"policy-statement", function, "Action: s3:ListBucket, Resource: !GetAtt Files.Arn}", "Action: s3:ListBucket}"},
	{"policy-statement", function, "Effect: Allow, Action: s3:ListBucket, Resource: !GetAtt Files.Arn}", "Effect: Allow, Resource: !GetAtt Files.Arn}"},
	{"s3-resource-mismatch", function, "Action: s3:ListBucket, Resource: !GetAtt Files.Arn", `Action: s3:ListBucket, Resource: !Sub "${Files.Arn}/*"`},
	{"s3-resource-mismatch", function, `Action: s3:GetObject, Resource: !Sub "${Files.Arn}/*"`, "Action: s3:GetObject, Resource: arn:aws:s3:::files"},
	{"", function, `Action: s3:GetObject, Resource: !Sub "${Files.Arn}/*"`, `Action: s3:GetObject, Resource: "*"`},
	{"s3-resource-mismatch", function, `Action: s3:GetObject, Resource: !Sub "${Files.Arn}/*"`, `Action: s3:GetObject, Resource: !Sub "arn:aws:s3:::${Files}"`},
	{"s3-resource-mismatch", function, `Action: s3:GetObject, Resource: !Sub "${Files.Arn}/*"`, `Action: s3:GetObject, Resource: !GetAtt Files.Arn`},
	{"s3-resource-mismatch", function, "Action: s3:ListBucket, Resource: !GetAtt Files.Arn", "Action: s3:ListBucket, Resource: 'arn:aws:s3:::files/*'"},
	{"", function, `Action: s3:GetObject, Resource: !Sub "${Files.Arn}/*"`, `Action: s3:GetObject, Resource: !Sub "arn:aws:s3:::${Zip}"`}, // it may hold a path
	{"", function, `Action: s3:GetObject, Resource: !Sub "${Files.Arn}/*"`, "Action: s3:GetObject, Resource: 'arn:aws:s3:::files*'"},
	{"all-rights", function, "Action: s3:ListBucket, Resource: !GetAtt Files.Arn", `Action: "*", Resource: "*"`},
	{"role-not-assumable", function, "Principal: {Service: [lambda.amazonaws.com]}", "Principal: {Service: ec2.amazonaws.com}"},
	{"", function, "Principal: {Service: [lambda.amazonaws.com]}", "Principal: {Service: [ec2.amazonaws.com, lambda.amazonaws.com]}"},
	{"no-list-bucket", site, "Action: [s3:GetObject, s3:ListBucket]", "Action: s3:GetObject"},
	{"", site, "Action: [s3:GetObject, s3:ListBucket]\n            Resource: [!GetAtt Files.Arn, !Sub \"${Files.Arn}/*\"]\n" + siteSources, "Action: s3:GetObject\n            Resource: !Sub \"${Files.Arn}/*\"\n" + siteSources + "          - Effect: Allow\n            Principal: {Service: cloudfront.amazonaws.com}\n            Action: s3:ListBucket\n            Resource: !GetAtt Files.Arn\n" + siteSources},
	{"no-list-bucket", function, "Effect: Allow, Action: s3:ListBucket", "Effect: Deny, Action: s3:ListBucket"},
	{"no-list-bucket", function, "              - {Effect: Allow, Action: s3:ListBucket, Resource: !GetAtt Files.Arn}\n", ""},
}
