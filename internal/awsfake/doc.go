// Package awsfake stands in for AWS on the wire, for tests and for photofit dev.
//
// Cloud is one account as set-up sees it: CloudFormation with its stacks, S3,
// certificates, Route 53, CloudFront, Lambda, CloudWatch and STS behind one
// http.Handler, told apart by whom a request is signed for. SQS and CloudFront
// are the two that package purge talks to, each on its own.
//
//	cloud := awsfake.New()
//	server := httptest.NewServer(cloud)
//	t.Setenv("AWS_ENDPOINT_URL", server.URL) // and any credentials
//
// All are strict: a request that AWS would refuse is refused here, with AWS's
// code and, where they are known, its words; what AWS would not even have
// understood is a fault that a test asks for. Nothing sleeps: what takes time at
// AWS goes one step on whenever it is asked about, so that a client that polls sees
// all that lies between. Sources are AWS's references and the SDK's own models.
package awsfake
