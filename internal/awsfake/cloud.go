package awsfake

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Cloud is one account of AWS in all regions. New makes one. Its methods are safe
// for concurrent use; requests are carried out one after the other.
type Cloud struct {
	Account string // 12 digits
	User    string // the ARN of whom the credentials belong to

	// Pace is how many events a stack goes on by whenever it is asked about; 0 is
	// 1. It is set before the first request.
	Pace int

	mu       sync.Mutex
	clock    time.Time
	serial   int
	requests []Request
	faults   []string
	planted  []*Fault
	cuts     []cut

	buckets       map[string]*bucket       // by name; all regions and accounts
	stacks        []*stack                 // the newest last
	drifts        map[string]*driftCheck   // by id
	functions     map[string]*function     // by region and name
	edgeFunctions map[string]*edgeFunction // by name
	distributions map[string]*distribution // by id
	invalidations map[string]*invalidation // by id
	taken         map[string]bool          // aliases that another account's distributions have
	named         map[string]bool          // kind and name of what is there once in an account
	certificates  []*certificate
	published     map[string]string // records in DNS elsewhere: name to CNAME
	zones         []*zone
	changes       map[string]*change53 // of Route 53, by id
	metrics       []metric
	failing       map[string]string // logical id to the reason why it fails
	failingBack   map[string]string // the same, while an update is rolled back
	concurrency   int
	invoked       func(function string, event []byte) ([]byte, string)
	test          func(code string, event []byte) Tested
	changed       func(Change)
	invalidated   func(distribution string, items []string)
	later         []func() // what is done when the lock is free
}

// New makes an account with nothing in it.
func New() *Cloud {
	return &Cloud{
		Account: "123456789012", User: "arn:aws:iam::123456789012:user/tester",
		buckets: map[string]*bucket{}, drifts: map[string]*driftCheck{},
		functions: map[string]*function{}, edgeFunctions: map[string]*edgeFunction{}, distributions: map[string]*distribution{},
		invalidations: map[string]*invalidation{}, taken: map[string]bool{}, named: map[string]bool{}, published: map[string]string{},
		changes: map[string]*change53{}, failing: map[string]string{}, failingBack: map[string]string{}, concurrency: 1000,
	}
}

// Request is one that came, in order.
type Request struct {
	Operation string // "cloudformation:CreateChangeSet"; S3's as in its API reference: "s3:PutObject"
	Region    string // that it was signed for
	Resource  string // the bucket and key, stack, domain or id that it is about; may be empty
	Code      string // of the refusal; empty if there was none, "cut" if the connection was
}

// Requests are those that came since New, or since Forget.
func (c *Cloud) Requests() []Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.requests)
}

// Operations are the operations of Requests.
func (c *Cloud) Operations() []string {
	var names []string
	for _, r := range c.Requests() {
		names = append(names, r.Operation)
	}
	return names
}

// Forget has Requests start anew.
func (c *Cloud) Forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.requests = nil
}

// Faults are what AWS would not have understood, one line each: requests without a
// signature, for an unknown service, operation or parameter, or of another form. A
// test that passes has none.
func (c *Cloud) Faults() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.faults)
}

// now is later than it ever was before.
func (c *Cloud) now() time.Time {
	now := time.Now().UTC().Truncate(time.Millisecond)
	if !now.After(c.clock) {
		now = c.clock.Add(time.Millisecond)
	}
	c.clock = now
	return now
}

// call is a request under way.
type call struct {
	*http.Request
	body      []byte
	service   string
	region    string
	operation string
	path      map[string]string // what a route's pattern names
	resource  string
}

// answer is what is sent back.
type answer struct {
	status int // 0 is 200
	header map[string]string
	body   []byte
	run    func() answer // makes it when the lock is free; nil: it is made
}

// operation carries a request out. Its error is a *refusal.
type operation func(*Cloud, *call) (answer, error)

// service is one of AWS's.
type service struct {
	// name finds the operation; empty if there is none such.
	name       func(*call) string
	operations map[string]operation
	// refuse puts a refusal in the service's form.
	refuse func(*call, *refusal) answer
}

// services are those of the credential scope.
func services() map[string]service {
	return map[string]service{
		"sts": stsService(), "cloudformation": cloudFormationService(), "s3": s3Service(), "acm": acmService(),
		"route53": route53Service(), "cloudfront": cloudFrontService(), "lambda": lambdaService(), "monitoring": cloudWatchService(),
	}
}

var known = sync.OnceValue(services)

// globals are services that live in us-east-1 only.
var globals = map[string]bool{"route53": true, "cloudfront": true}

// maxBody is how large a request may be, in bytes.
const maxBody = 256 << 20

// ServeHTTP is the endpoint of all services.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		panic(http.ErrAbortHandler) // the client broke off
	}
	c.mu.Lock()
	a, cut := c.serve(&call{Request: r, body: body})
	c.unlock()
	if a.run != nil {
		a = a.run()
	}
	if cut {
		panic(http.ErrAbortHandler)
	}
	for _, name := range slices.Sorted(maps.Keys(a.header)) {
		w.Header().Set(name, a.header[name])
	}
	if w.Header().Get("X-Amzn-Requestid") == "" {
		w.Header().Set("X-Amzn-Requestid", "request")
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(a.body)
	}
}

// unlock frees the lock, and does what was to be done then.
func (c *Cloud) unlock() {
	later := c.later
	c.later = nil
	c.mu.Unlock()
	for _, do := range later {
		do()
	}
}

// serve carries a request out, unless something was planted against that; cut tells
// that its answer is not to arrive.
func (c *Cloud) serve(q *call) (a answer, cutOff bool) {
	var err error
	if name, _ := split(q); q.Header.Get("Authorization") == "" && c.buckets[name] != nil { // S3 is asked so by anybody, and no bucket here is public
		return refuseS3(q, refuse(http.StatusForbidden, "AccessDenied", "Access Denied")), false
	}
	q.service, q.region, err = scope(q.Request)
	s, ok := known()[q.service]
	if !ok {
		s = service{refuse: refuseXML}
		if err == nil {
			err = misunderstood(http.StatusBadRequest, "UnknownService", "there is no service %q here", q.service)
		}
	}
	var do operation
	if err == nil {
		q.operation = s.name(q)
		do = s.operations[q.operation]
		switch {
		case do == nil:
			err = misunderstood(http.StatusBadRequest, "UnknownOperationException", "%s %s is no operation of %s here", q.Method, q.URL, q.service)
		case globals[q.service] && q.region != "us-east-1":
			err = misunderstood(http.StatusForbidden, "SignatureDoesNotMatch", "Credential should be scoped to a valid region, not '%s'.", q.region)
		}
	}
	n := len(c.requests)
	c.requests = append(c.requests, Request{Operation: q.service + ":" + q.operation, Region: q.region})
	before, after := c.interrupted()
	if before {
		c.requests[n].Code = "cut"
		return answer{}, true
	}
	if err == nil {
		err = c.fault(q.service + ":" + q.operation)
	}
	if err == nil {
		a, err = do(c, q)
	}
	c.requests[n].Resource = q.resource
	if err != nil {
		refused, ok := err.(*refusal)
		if !ok {
			refused = misunderstood(http.StatusBadRequest, "SerializationException", "%v", err)
		}
		c.requests[n].Code = refused.code
		if refused.fault {
			c.faults = append(c.faults, fmt.Sprintf("%s:%s in %s: %s: %s", q.service, q.operation, q.region, refused.code, refused.message))
		}
		a = s.refuse(q, refused)
		if a.header == nil {
			a.header = map[string]string{}
		}
		maps.Copy(a.header, refused.header)
	}
	if after {
		c.requests[n].Code = "cut"
	}
	return a, after
}

var authorization = regexp.MustCompile(`^AWS4-HMAC-SHA256 Credential=[^/, ]+/(\d{8})/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=[0-9a-f]{64}$`)

// scope is what a request is signed for. Whether the signature is right, is not
// looked at.
func scope(r *http.Request) (service, region string, err error) {
	m := authorization.FindStringSubmatch(r.Header.Get("Authorization"))
	if m == nil {
		return "", "", misunderstood(http.StatusForbidden, "MissingAuthenticationToken", "Request is missing Authentication Token")
	}
	headers := strings.Split(m[4], ";")
	date := r.Header.Get("X-Amz-Date")
	if !strings.HasPrefix(date, m[1]+"T") || !slices.Contains(headers, "host") || !slices.Contains(headers, "x-amz-date") {
		return m[3], m[2], misunderstood(http.StatusForbidden, "IncompleteSignature", "signed are %s, of %s", m[4], date)
	}
	return m[3], m[2], nil
}

// number is another one each time.
func (c *Cloud) number() int {
	c.serial++
	return c.serial
}
