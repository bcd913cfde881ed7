package lint

const ownCertificate = "{AcmCertificateArn: !Ref Certificate, SslSupportMethod: sni-only, MinimumProtocolVersion: TLSv1.2_2021}"

var aliasCases = []planted{
	{"aliases-without-certificate", site, ownCertificate, "{CloudFrontDefaultCertificate: true}"},
	{"aliases-without-certificate", site, "        ViewerCertificate: " + ownCertificate + "\n", ""},
	{"aliases-without-certificate", site, ownCertificate, "!If [Renamed, " + ownCertificate + ", {CloudFrontDefaultCertificate: true}]"},
	{"aliases-without-certificate", function, `Aliases: !If [Named, [!Ref Own], !Ref "AWS::NoValue"]`, "Aliases: [!Ref Own]"},
	{"aliases-without-certificate", function, `Aliases: !If [Named, [!Ref Own], !Ref "AWS::NoValue"]`, `Aliases: !If [Named, !Ref "AWS::NoValue", [!Ref Own]]`},
	{"", function, `Aliases: !If [Named, [!Ref Own], !Ref "AWS::NoValue"]`, `Aliases: !Split [",", !Ref Own]`}, // it may be empty
	{"", site, "Aliases: [www.example.com, example.com]", `Aliases: !If [Renamed, [example.com, www.example.com], !Ref "AWS::NoValue"]`},

	{"certificate-region", command, "arn:aws:acm:us-east-1:", "arn:aws:acm:eu-central-1:"},
	{"certificate-region", function, "AcmCertificateArn: !Ref CertificateArn", `AcmCertificateArn: !Sub "arn:aws:acm:sa-east-1:${AWS::AccountId}:certificate/x"`},
	{"", function, "AcmCertificateArn: !Ref CertificateArn", `AcmCertificateArn: !Sub "arn:aws:acm:${AWS::Region}:${AWS::AccountId}:certificate/${CertificateArn}"`},

	{"certificate-lacks-alias", site, "Aliases: [www.example.com, example.com]", "Aliases: [www.example.com, example.org]"},
	{"certificate-lacks-alias", site, "Aliases: [www.example.com, example.com]", "Aliases: [www.example.com, a.b.example.com]"},
	{"", site, "Aliases: [www.example.com, example.com]", "Aliases: [www.example.com, MEDIA.example.com]"},

	{"certificate-waits", site, "      DomainValidationOptions: [{DomainName: example.com, HostedZoneId: !Ref ZoneId}]\n", ""},

	{"alias-trailing-dot", site, "Aliases: [www.example.com, example.com]", "Aliases: [www.example.com, example.com.]"},
	{"alias-trailing-dot", command, `["media.example.com"]`, `["media.example.com."]`},
	{"alias-name", site, "Aliases: [www.example.com, example.com]", "Aliases: [www.example.com, https://example.com]"},
	{"alias-name", command, `["media.example.com"]`, `["media"]`},
	{"", command, `["media.example.com"]`, `["*.example.com"]`},
	{"alias-twice", site, "Aliases: [www.example.com, example.com]", "Aliases: [www.example.com, WWW.example.com]"},

	{"record-without-alias", site, "Name: www.example.com., Type: A", "Name: media.example.com., Type: A"},
	{"", site, "Name: www.example.com., Type: A", "Name: example.com, Type: A"},
	{"caa-forbids-amazon", site, `'0 issue "amazon.com"', `, ""},
	{"", site, `['0 issue "amazon.com"', '0 issue "letsencrypt.org"']`, `['0 iodef "mailto:a@example.com"']`},

	{"tls-minimum", site, "MinimumProtocolVersion: TLSv1.2_2021", "MinimumProtocolVersion: TLSv1"},
	{"tls-minimum", site, ", MinimumProtocolVersion: TLSv1.2_2021", ""},
	{"tls-minimum", command, "TLSv1.2_2021", "TLSv1.1_2016"},
	{"dedicated-ip", command, `"sni-only"`, `"vip"`},
	{"dedicated-ip", site, "SslSupportMethod: sni-only", "SslSupportMethod: static-ip"},
}
