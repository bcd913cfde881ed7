package lint

const (
	closedBucket = "{BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true}"
	openBucket   = `"PublicAccessBlockConfiguration": {"BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": false, "RestrictPublicBuckets": false}`
	logOwner     = "      OwnershipControls: {Rules: [{ObjectOwnership: BucketOwnerPreferred}]}\n"
)

var bucketCases = []planted{
	{"acl-under-bucket-owner-enforced", site, logOwner, ""},
	{"acl-under-bucket-owner-enforced", site, "ObjectOwnership: BucketOwnerPreferred", "ObjectOwnership: BucketOwnerEnforced"},
	{"", website, `"WebsiteConfiguration"`, `"AccessControl": "BucketOwnerFullControl", "WebsiteConfiguration"`},
	{"acl-under-bucket-owner-enforced", website, `"WebsiteConfiguration"`, `"AccessControl": "PublicRead", "WebsiteConfiguration"`},
	{"log-bucket-without-acl", site, logOwner, ""},
	{"", site, logOwner, "      OwnershipControls: !If [Renamed, {Rules: [{ObjectOwnership: BucketOwnerPreferred}]}, {Rules: [{ObjectOwnership: BucketOwnerEnforced}]}]\n"},
	{"log-bucket-name", site, "Bucket: !GetAtt Logs.RegionalDomainName", "Bucket: logs"},

	{"public-policy-blocked", site, "Principal: {Service: cloudfront.amazonaws.com}\n            Action: [s3:GetObject, s3:ListBucket]\n            Resource: [!GetAtt Files.Arn, !Sub \"${Files.Arn}/*\"]\n" + siteSources, "Principal: \"*\"\n            Action: s3:GetObject\n            Resource: !Sub \"${Files.Arn}/*\"\n"},
	{"public-policy-blocked", website, ",\n        " + openBucket, ""},
	{"public-policy-blocked", website, `"BlockPublicPolicy": false`, `"BlockPublicPolicy": true`},
	{"public-bucket", website, `"Statement": [`, `"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:Put*", "Resource": "*"}, `},
	{"public-bucket", website, `"Principal": "*", "Action": "s3:GetObject", `, `"Principal": {"AWS": ["*"]}, "Action": "s3:GetObject", "Sid": "Two"}, {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", `},
	{"public-access-not-blocked", site, "BlockPublicPolicy: true", "BlockPublicPolicy: false"},

	{"bucket-without-deletion-policy", site, "    DeletionPolicy: RetainExceptOnCreate\n", ""},
	{"bucket-without-deletion-policy", site, "    UpdateReplacePolicy: Retain\n", ""},
	{"versioned-bucket-deleted", site, "DeletionPolicy: RetainExceptOnCreate", "DeletionPolicy: Delete"},

	{"kms-key-lacks-cloudfront", function, "Action: [kms:Decrypt, kms:GenerateDataKey*]", "Action: kms:Encrypt"},
	{"kms-key-lacks-cloudfront", function, ", KMSMasterKeyID: !GetAtt Key.Arn", ""},
	{"", function, "Action: [kms:Decrypt, kms:GenerateDataKey*]", "Action: kms:De*"},
	{"notification-before-grant", queue, "DependsOn: [WorkPolicy, NoticeGrant]", "DependsOn: WorkPolicy"},
}
