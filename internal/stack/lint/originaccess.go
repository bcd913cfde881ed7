package lint

import "fmt"

// originAccess looks at how CloudFront proves to an origin who it is.
func originAccess(c *checker) {
	for _, r := range c.of("AWS::CloudFront::CloudFrontOriginAccessIdentity") {
		c.warnf("legacy-oai", r.at, "use AWS::CloudFront::OriginAccessControl", "an origin access identity is of the past: it serves neither SSE-KMS nor uploads, nor regions opened since 2023")
	}
	for _, r := range c.of("AWS::CloudFront::OriginAccessControl") {
		for _, v := range r.props.get("OriginAccessControlConfig", "SigningBehavior") {
			if v.is("never") || v.is("no-override") {
				c.warnf("oac-not-signing", v, "write always", "with SigningBehavior %q CloudFront does not sign every request, so a private origin answers 403", v.words())
			}
		}
	}
	for _, d := range c.distributions {
		for _, o := range d.origins {
			control := there(o.place, "OriginAccessControlId") && !o.at("OriginAccessControlId").is("")
			identity := false
			for _, v := range o.get("S3OriginConfig", "OriginAccessIdentity") {
				if v.absent || v.is("") || v.value == nil {
					continue
				}
				identity = true
				c.warnf("legacy-oai", v, "use an origin access control (OriginAccessControlId), and leave this empty", "an origin access identity is of the past: it serves neither SSE-KMS nor uploads, nor regions opened since 2023")
				if control {
					c.errorf("oac-and-oai", v, `write OriginAccessIdentity: ""`, "the origin has an access control and an access identity; CloudFront refuses it with IllegalOriginAccessConfiguration")
				}
				if r := o.behind; r != nil && r.kind == "AWS::S3::Bucket" && kmsKey(r) != nil {
					c.errorf("oai-with-kms", v, "use an origin access control, and let the key's policy grant kms:Decrypt to cloudfront.amazonaws.com", "the bucket %s is encrypted with SSE-KMS, which an origin access identity cannot read; S3 answers 403 (KMS.UnrecognizedClientException)", r.name)
				}
			}
			if o.kind == bucketOrigin && !control && !identity && there(o.place, "S3OriginConfig") {
				c.warnf("s3-origin-unsigned", o.place, "add OriginAccessControlId", "CloudFront asks the bucket without a signature: it answers 403, or is open to everybody")
			}
			for _, v := range o.get("OriginAccessControlId") {
				r := c.pointed(v, "AWS::CloudFront::OriginAccessControl")
				if r == nil {
					continue
				}
				for _, of := range r.props.get("OriginAccessControlConfig", "OriginAccessControlOriginType") {
					want := map[originKind]string{bucketOrigin: "s3", functionOrigin: "lambda"}[o.kind]
					if text, ok := of.text(); ok && want != "" && text != want {
						c.errorf("oac-type", v, fmt.Sprintf("use one of OriginAccessControlOriginType %s", want), "%s is for origins of the type %s, and this one is %s; CloudFront refuses it, or the origin answers 403", r.name, text, want)
					}
				}
			}
		}
	}
}

// kmsKey is where a bucket's default encryption asks for KMS, or nil.
func kmsKey(bucket *resource) *place {
	rules, _ := bucket.props.list("BucketEncryption", "ServerSideEncryptionConfiguration")
	for _, rule := range rules {
		for _, v := range rule.get("ServerSideEncryptionByDefault", "SSEAlgorithm") {
			if v.is("aws:kms") || v.is("aws:kms:dsse") {
				key := rule.at("ServerSideEncryptionByDefault").at("KMSMasterKeyID")
				return &key
			}
		}
	}
	return nil
}

func originTLS(c *checker) {
	for _, d := range c.distributions {
		for _, o := range d.origins {
			name := d.called("OriginSSLProtocols")
			for _, v := range o.get("CustomOriginConfig", "OriginProtocolPolicy") {
				if o.kind == functionOrigin && (v.is("http-only") || v.is("match-viewer")) {
					c.errorf("origin-http", v, "write https-only", "a function URL speaks HTTPS only; over HTTP CloudFront answers 502 or 504")
				}
			}
			protocols, _ := o.list("CustomOriginConfig", name)
			for _, v := range protocols {
				if v.is("SSLv3") || v.is("TLSv1") || v.is("TLSv1.1") {
					c.warnf("origin-tls", v, "list TLSv1.2 alone", "CloudFront may speak %s to the origin, which is broken and of the past", v.words())
				}
			}
		}
	}
}
