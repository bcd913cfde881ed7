package check

import (
	"bytes"
	"fmt"
	"net/http"
)

// Mistakes that show in more than one check, and what to do about them.
const (
	fixGrants   = "Only one of the two Lambda grants is there, or its SourceArn names another distribution: cloudfront.amazonaws.com needs lambda:InvokeFunctionUrl (FunctionUrlAuthType AWS_IAM) and lambda:InvokeFunction (InvokedViaFunctionUrl), each with SourceArn of this distribution; the origin needs an origin access control of type lambda."
	fixBucket   = "CloudFront may not read the bucket of renditions, and the origin group hides it: the bucket's policy must grant s3:GetObject on its objects and s3:ListBucket on itself to cloudfront.amazonaws.com with SourceArn of this distribution, and the origin needs an origin access control of type s3 that always signs."
	fixFailover = "The origin group must fail over on 400, 403 and 404, from the bucket of renditions to the function."
	fixEdge     = "The edge function does not run: associate it with viewer-request of the default behaviour, published (AutoPublish), and made from the same policy as the function's."
	fixPolicy   = "The edge function is of another policy or version than this photofit: deploy both functions from one template, and check with the flags that it was deployed with (--widths, --policy open, --originals public)."
	fixStart    = "The function does not start or fails: its log says why. Often: the zip is for another CPU, its bootstrap is not at its root or not executable, or a setting is missing."
	fixTime     = "A render takes longer than somebody waits: OriginReadTimeout 60 and ConnectionAttempts 1 on the function's origin, the function's Timeout 55, and MemorySize 1769 for a whole core."
	fixMemory   = "The function has too little memory for a photo of that size: set MemorySize to 1769."
	fixBusy     = "As many functions run as the account allows: ask for a higher quota of concurrent executions, and set no reserved concurrency."
	fixPhotos   = "The function's role may not look into the bucket of photos: it needs s3:GetObject on its objects and s3:ListBucket on the bucket, or a photo that is missing is a 403."
)

// trouble is the mistake behind an answer that should have been another.
func (a *answer) trouble(want string) error {
	fix := "Look at the function's log."
	switch {
	case a.cached() == "FunctionExecutionError":
		fix = "The edge function throws: deploy it as photofit template prints it."
	case a.cached() == "FunctionGeneratedResponse":
		fix = fixPolicy
	case bytes.Contains(a.body, []byte("Function URL authorization")):
		fix = fixGrants
	case bytes.Contains(a.body, []byte("AccessDenied")):
		fix = fixBucket + " " + fixFailover
	case bytes.Contains(a.body, []byte("NoSuchKey")), bytes.Contains(a.body, []byte("KeyTooLong")):
		fix = fixFailover
	case bytes.Contains(a.body, []byte("NoSuchBucket")), bytes.Contains(a.body, []byte("PermanentRedirect")):
		fix = "The origin of renditions is not the bucket's regional domain name (bucket.s3.REGION.amazonaws.com)."
	case a.status == http.StatusGatewayTimeout:
		fix = fixTime
	case a.status == http.StatusRequestEntityTooLarge:
		fix = fixMemory
	case a.status == http.StatusTooManyRequests:
		fix = fixBusy
	case a.status == http.StatusBadGateway && a.header.Get("Photofit-Error") == "storage-unavailable", a.header.Get("Photofit-Error") == "photo-unreadable":
		fix = fixPhotos
	case a.status == http.StatusBadGateway:
		fix = fixStart
	case a.status == http.StatusServiceUnavailable:
		fix = fixTime
	case a.status == http.StatusForbidden:
		fix = fixBucket
	case a.status == http.StatusOK && a.cached() != "FunctionGeneratedResponse":
		fix = fixEdge
	}
	return &mistake{fmt.Sprintf("%s, and not %s", a.text(), want), fix}
}
