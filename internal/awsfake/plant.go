package awsfake

import "strings"

// Fault is a refusal that a test plants.
type Fault struct {
	// Operation is which requests it is for: "cloudformation:CreateChangeSet",
	// "s3:*" for all of a service, "*" for all.
	Operation string
	Skip      int // how many of these pass before it
	Times     int // how many it meets; 0 is one, less all

	Code    string // "Throttling"
	Status  int    // 0 is 400
	Message string // default: the code
}

// Plant has requests refused before anything is done for them. Of several that are for
// the same request the first planted counts.
func (c *Cloud) Plant(faults ...Fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range faults {
		if f.Times == 0 {
			f.Times = 1
		}
		if f.Status == 0 {
			f.Status = 400
		}
		if f.Message == "" {
			f.Message = f.Code
		}
		c.planted = append(c.planted, &f)
	}
}

// Throttled is what AWS answers to too many requests.
func Throttled(operation string, times int) Fault {
	return Fault{Operation: operation, Times: times, Code: "Throttling", Message: "Rate exceeded"}
}

// Expired is what AWS answers to a session that has ended, to everything from now on.
func Expired() Fault {
	return Fault{Operation: "*", Times: -1, Status: 403, Code: "ExpiredToken", Message: "The security token included in the request is expired"}
}

// Denied is what AWS answers to somebody without the right: an operation such as
// "s3:CreateBucket" on the ARN of a resource. It stays. Where the right is named otherwise
// than the operation, as that to HeadBucket is, a test plants a Fault of its own.
func (c *Cloud) Denied(operation, resource string) Fault {
	service, _, _ := strings.Cut(operation, ":")
	f := Fault{Operation: operation, Times: -1, Status: 403, Code: "AccessDenied",
		Message: "User: " + c.User + " is not authorized to perform: " + operation + " on resource: " + resource + " because no identity-based policy allows the " + operation + " action"}
	switch service {
	case "acm", "lambda", "route53":
		f.Code = "AccessDeniedException"
	}
	if service == "acm" || service == "route53" {
		f.Status = 400
	}
	return f
}

// fault is what was planted for an operation.
func (c *Cloud) fault(operation string) error {
	service, _, _ := strings.Cut(operation, ":")
	for _, f := range c.planted {
		if f.Times == 0 || f.Operation != operation && f.Operation != service+":*" && f.Operation != "*" {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		f.Times--
		return refuse(f.Status, f.Code, "%s", f.Message)
	}
	return nil
}

// cut is a connection to be broken off.
type cut struct {
	in     int // requests from now on; 1 is the next
	before bool
}

// Interrupt breaks the connection of the n-th request from now on, 1 being the
// next, after it was carried out: its answer does not arrive.
func (c *Cloud) Interrupt(n int) { c.interrupt(n, false) }

// InterruptBefore breaks the connection of the n-th request from now on, 1 being
// the next, and nothing is done for it.
func (c *Cloud) InterruptBefore(n int) { c.interrupt(n, true) }

func (c *Cloud) interrupt(n int, before bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cuts = append(c.cuts, cut{n, before})
}

// interrupted tells whether the request that came now is to be cut.
func (c *Cloud) interrupted() (before, after bool) {
	kept := c.cuts[:0]
	for _, k := range c.cuts {
		k.in--
		switch {
		case k.in > 0:
			kept = append(kept, k)
		case k.before:
			before = true
		default:
			after = true
		}
	}
	c.cuts = kept
	return before, after
}

// FailResource has a resource of a stack, by its logical id, fail once when it is
// made or changed next, for a reason in the words of its service.
func (c *Cloud) FailResource(logicalID, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failing[logicalID] = reason
}

// FailRollback has a resource fail once when an update of it is rolled back next:
// the stack ends in UPDATE_ROLLBACK_FAILED.
func (c *Cloud) FailRollback(logicalID, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failingBack[logicalID] = reason
}
