package lint

import (
	"slices"
	"testing"
)

// row is one of the mistakes that people make when they set up such a thing, and
// the rules that find it in a file; or why none can.
type row struct {
	mistake string
	rules   []string
	why     string
}

func found(mistake string, rules ...string) row { return row{mistake, rules, ""} }
func unseen(mistake, why string) row            { return row{mistake, nil, why} }

var rows = []row{
	found("TargetOriginId names no origin (NoSuchOrigin)", "target-names-no-origin"),
	found(`OriginPath "/" or ending in "/"`, "origin-path-slash"),
	found("aliases with the default certificate", "aliases-without-certificate"),
	found("certificate outside us-east-1", "certificate-region"),
	found("certificate lacks an alias", "certificate-lacks-alias"), // that of the same template; another's names only ACM knows
	found("alias with a trailing dot", "alias-trailing-dot"),
	found("certificate pending", "certificate-waits"),                                // a certificate of the same template; of another ACM knows
	found("CAA forbids Amazon", "caa-forbids-amazon"),                                // where the record is in the template; else DNS knows
	found("alias taken by another distribution (CNAMEAlreadyExists)", "alias-twice"), // in the same template; else CloudFront knows
	found("DNS set, alias missing", "record-without-alias"),
	found("global S3 endpoint", "s3-global-endpoint"),
	unseen("LocationConstraint given in us-east-1 or missing elsewhere", "it is of a request, CreateBucket; a template's bucket is where its stack is"),
	found("ACL uploads under BucketOwnerEnforced", "acl-under-bucket-owner-enforced", "log-bucket-without-acl"),
	found("website endpoint with OAC", "website-endpoint-with-oac", "website-endpoint-https"),
	found("OAI with SSE-KMS", "oai-with-kms"),
	found("KMS key policy lacks CloudFront", "kms-key-lacks-cloudfront"),
	found("no ListBucket (403 for a missing key)", "no-list-bucket", "s3-resource-mismatch"),
	found("only one of the two Lambda grants", "lambda-grants", "function-url-unsigned"),
	found("AuthType NONE", "function-url-open"),
	found("grant without SourceArn", "grant-without-source", "source-wildcard"),
	found("POST or PUT through OAC without payload hash", "writes-need-hash"),
	found("Host forwarded", "host-forwarded"),
	found("retired runtime", "runtime-retired", "runtime-deprecated"),
	unseen("wrong CPU in the zip (exec format error)", "the zip is in a bucket: who deploys looks into it"),
	unseen("bootstrap not at the root or not executable", "the zip is in a bucket: who deploys looks into it"),
	found("BUFFERED URL with a streaming handler", "function-url-buffered"), // where the environment tells that it streams
	found("timeout longer than OriginReadTimeout", "timeout-exceeds-origin"),
	found("ConnectionAttempts 3 before a slow origin", "connection-attempts"),
	found("too little memory for big photos", "memory-low"), // of Photofit's own function
	found("reserved concurrency too low", "reserved-concurrency-low", "mapping-exceeds-reserve"),
	found("log group without expiry", "log-retention"),
	found("edge function over 10 KB or unpublished", "edge-function-size", "edge-function-unpublished"),
	found("MinTTL > 0", "min-ttl", "ttl-order"),
	found("failover lacks 403 or 404", "failover-lacks-missing"),
	found("long error TTL", "error-ttl-long"),
	found("raw query in the cache key", "query-in-cache-key"),
	found("Vary missing on negotiated formats", "vary-missing"),
	found("circular dependency", "circular-dependency"),
	found("non-empty bucket at delete", "bucket-without-deletion-policy", "versioned-bucket-deleted"),
	unseen("ROLLBACK_COMPLETE", "it is a state of a stack: who deploys meets it"),
	unseen("missing CAPABILITY_IAM", "it is missing in a request; Report.Capabilities says what one has to acknowledge"),
	found("unchanged code key", "code-key-fixed"),
	found("cache-policy quota (20)", "cache-policy-quota"), // of one template; the account's others only CloudFront knows
	unseen("flat-rate plan with several apex domains", "the plan is a subscription beside the distribution: the account tells"),
	found("region without function URLs", "function-url-region"), // where a domain names the region; a template is for any
}

// Each mistake of the list is found by rules that have cases, or it is said why
// none can find it.
func TestRows(t *testing.T) {
	if len(rows) != 45 {
		t.Errorf("there are %d rows", len(rows))
	}
	for _, r := range rows {
		if (len(r.rules) == 0) != (r.why != "") {
			t.Errorf("%s: neither rules nor a reason, or both", r.mistake)
		}
		for _, rule := range r.rules {
			if !slices.ContainsFunc(all, func(c planted) bool { return c.rule == rule }) {
				t.Errorf("%s: nothing is planted for %s", r.mistake, rule)
			}
		}
	}
}
