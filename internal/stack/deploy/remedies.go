package deploy

import (
	"regexp"
	"strings"
)

// remedies are what to do about AWS's reasons, by what they say. The first that is
// in a reason counts.
var remedies = []struct{ says, remedy string }{
	{"CNAMEAlreadyExists", "One of the aliases is in use by another distribution: take it off there (the CloudFront console lists them; aws cloudfront list-conflicting-aliases finds one in another account), then run this again"},
	{"CNAMEs you provided are already associated", "One of the names is in use by another distribution, of this account or of another: take it off there and run this again, or do without it (--alias with the others, --alias none)"},
	{"InvalidViewerCertificate", "The certificate does not have all aliases, is not issued, or is not in us-east-1: photofit status tells what it has"},
	{"doesn't cover the alternate domain name", "The certificate does not have all aliases: run this again with all of them, and a new one is requested"},
	{"TooManyDistributions", "The account has as many distributions as it may: ask for a higher quota of CloudFront (Service Quotas in the console), or remove one"},
	{"TooManyCachePolicies", "The account has 20 cache policies, the quota: remove one that nothing uses (CloudFront console, Policies), or ask for a higher quota"},
	{"TooManyResponseHeadersPolicies", "The account has 20 response headers policies, the quota: remove one that nothing uses, or ask for a higher quota"},
	{"TooManyOriginAccessControls", "The account has 100 origin access controls, the quota: remove those that nothing uses"},
	{"TooManyFunctions", "The account has 100 CloudFront functions, the quota: remove one that nothing uses"},
	{"Your account must be verified before you can add new CloudFront resources", "The account is new: AWS Support verifies it on request (a case of the type \"Account and billing\"), then run this again"},
	{"Unreserved account concurrency", "The account's Lambda concurrency is too small: ask for a higher quota of \"Concurrent executions\" (Service Quotas)"},
	{"'MemorySize' value failed to satisfy constraint", "The account may give a function less memory than that: take less by --function-memory (3008 in new accounts), or ask AWS Support for more"},
	{"Could not unzip", "The zip is damaged: make it anew by photofit package --fresh, and name it by --zip"},
	{"S3 Error Code: NoSuchKey", "The function's zip is not in its bucket any more: run this again, and it is put there"},
	{"exec format error", "The zip is for another CPU: --arch names the function's"},
	{"TooManyBuckets", "The account has as many buckets as it may: ask for a higher quota of S3 (Service Quotas in the console), or remove one"},
	{"number of cache policies", "The account has 20 cache policies, the quota: remove one that nothing uses (CloudFront console, Policies), or ask for a higher quota"},
	{"CodeStorageExceeded", "The account's functions have as much code as they may, 75 GB: delete old versions of functions (Lambda console), or ask for a higher quota"},
	{"explicit deny", "A policy of the organization or account forbids it: an administrator can tell which, and grant it"},
	{"permissions error performing a tagging operation", "The credentials may not tag what they make: an administrator grants it (the service's TagResource), or name another profile by --profile"},
	{"maximum of 10", "A certificate has 10 names unless you ask for more: ask for a higher quota of ACM (Service Quotas), or take a wildcard such as *.example.com"},
	{"LimitExceeded", "A quota of the account is used up: the Service Quotas console names it and takes a request for more"},
	{"The specified bucket does not exist", "The bucket with the function's zip is gone: run this again, and it is made"},
	{"The specified key does not exist", "The function's zip is not in its bucket any more: run this again, and it is put there"},
	{"BucketAlreadyExists", "Somebody has a bucket of that name: run this again"},
	{"bucket you tried to delete is not empty", "Renditions came in while the bucket was removed: run this again"},
	{"BucketNotEmpty", "Renditions came in while the bucket was removed: run this again"},
	{"already exists", "Something of that name is there and is not the stack's: remove it, or take another stack name by --stack"},
	{"not authorized to perform", "The credentials may not do that: an administrator grants it, or name another profile by --profile"},
	{"Access denied", "The credentials may not do that: an administrator grants it, or name another profile by --profile"},
	{"AccessDenied", "The credentials may not do that: an administrator grants it, or name another profile by --profile"},
	{"is not authorized to assume", "The role was just made: run this again in a minute"},
	{"cannot be assumed by Lambda", "The role was just made: run this again in a minute"},
	{"Rate exceeded", "AWS wants fewer requests: run this again in a minute"},
	{"Throttling", "AWS wants fewer requests: run this again in a minute"},
	{"ResourceInUse", "Something else uses it still: the message names what"},
	{"Requires capabilities", "This is an error of Photofit's: please report it"},
	{"Internal Failure", "AWS failed: run this again"},
	{"InternalFailure", "AWS failed: run this again"},
	{"ServiceUnavailable", "AWS failed: run this again"},
	{"Internal failure", "AWS failed: run this again"},
}

// remedyOf is what to do about a reason of AWS's; of one that is not known, where to look.
func remedyOf(reason string) string {
	for _, r := range remedies {
		if strings.Contains(reason, r.says) {
			return r.remedy
		}
	}
	return "Run this again if that can pass by itself; photofit doctor looks for what is usually wrong, and the resource's own console says more"
}

// What CloudFormation and the SDKs put around the words of a service.
var (
	handlerSays = regexp.MustCompile(`^Resource handler returned message: "(.*)"(?: \(RequestToken: [^)]*\))?$`)
	requestIDs  = regexp.MustCompile(` *\((?:Service: [^()]*|RequestToken: [^()]*)\)`)
	invalidAs   = regexp.MustCompile(`^Invalid request provided: (?:AWS::\w+::\w+: )?`)
)

// plain is a reason of AWS's in the words of the service that gave it, on one line.
func plain(reason string) string {
	words := strings.Join(strings.Fields(reason), " ")
	if m := handlerSays.FindStringSubmatch(words); m != nil {
		words = m[1]
	}
	words = invalidAs.ReplaceAllString(requestIDs.ReplaceAllString(words, ""), "")
	if words == "" {
		return reason
	}
	return words
}
