package awsfake

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// saying is one thing that a script or a person can say to an account.
type saying struct {
	name, args string // "bucket", "NAME REGION"; … in args takes any number
	help       string
	do         func(c *Cloud, args []string) error
}

// sayings are all of them.
var sayings = []saying{
	{"zone", "DOMAIN", "Route 53 has a domain", func(c *Cloud, a []string) error { c.AddZone(a[0]); return nil }},
	{"bucket", "NAME REGION", "there is a bucket", func(c *Cloud, a []string) error { c.AddBucket(a[0], a[1]); return nil }},
	{"foreign", "NAME REGION", "another account has a bucket of this name", func(c *Cloud, a []string) error { c.AddForeignBucket(a[0], a[1]); return nil }},
	{"put", "BUCKET KEY", "puts something into a bucket", func(c *Cloud, a []string) error { c.PutObject(a[0], a[1], []byte("something")); return nil }},
	{"upload", "BUCKET KEY FILE", "puts a file into a bucket", func(c *Cloud, a []string) error {
		body, err := os.ReadFile(a[2])
		if err == nil {
			c.PutObject(a[0], a[1], body)
		}
		return err
	}},
	{"publish", "NAME…", "the records that prove a certificate's names are in DNS", func(c *Cloud, a []string) error { c.PublishRecords(a...); return nil }},
	{"cname", "NAME TO", "a name leads to another in DNS, elsewhere than in Route 53", func(c *Cloud, a []string) error { c.AddCNAME(a[0], a[1]); return nil }},
	{"refuse", "NAME WHY", "the certificate for a name fails: CAA_ERROR", func(c *Cloud, a []string) error { c.FailCertificate(a[0], a[1]); return nil }},
	{"taken", "ALIAS…", "another account's distribution has an alias", func(c *Cloud, a []string) error { c.TakeAlias(a...); return nil }},
	{"fail", "RESOURCE WHY", "a resource of a stack, by its logical id, fails once", func(c *Cloud, a []string) error { c.FailResource(a[0], a[1]); return nil }},
	{"fail-back", "RESOURCE WHY", "a resource fails once when an update is rolled back", func(c *Cloud, a []string) error { c.FailRollback(a[0], a[1]); return nil }},
	{"deny", "OPERATION ARN", "the credentials lack a right: s3:CreateBucket", func(c *Cloud, a []string) error { c.Plant(c.Denied(a[0], a[1])); return nil }},
	{"throttle", "OPERATION N", "the next N are too many", func(c *Cloud, a []string) error {
		n, err := strconv.Atoi(a[1])
		if err != nil {
			return err
		}
		c.Plant(Throttled(a[0], n))
		return nil
	}},
	{"expire", "", "the credentials have expired", func(c *Cloud, _ []string) error { c.Plant(Expired()); return nil }},
	{"concurrency", "N", "so many executions of functions may run at a time", func(c *Cloud, a []string) error {
		n, err := strconv.Atoi(a[0])
		if err != nil {
			return err
		}
		c.SetConcurrency(n)
		return nil
	}},
	{"faults", "", "fails if AWS would not have understood something", func(c *Cloud, _ []string) error {
		if faults := c.Faults(); len(faults) > 0 {
			return fmt.Errorf("AWS would not have understood: %s", strings.Join(faults, "\n"))
		}
		return nil
	}},
}

// Sayings tells what Say takes, a line each.
func Sayings() string {
	var b strings.Builder
	for _, s := range sayings {
		fmt.Fprintf(&b, "  %-24s %s\n", strings.TrimSpace(s.name+" "+s.args), s.help)
	}
	return b.String()
}

// Say does what the words of a script or a person say: Sayings lists it. Its errors
// are of words that are none of them, and of "faults".
func (c *Cloud) Say(words ...string) error {
	if len(words) == 0 {
		return errors.New("nothing is said")
	}
	i := slices.IndexFunc(sayings, func(s saying) bool { return s.name == words[0] })
	if i < 0 {
		return fmt.Errorf("an account of AWS does not know %s; it takes\n%s", words[0], Sayings())
	}
	s, args := sayings[i], words[1:]
	wanted := strings.Fields(s.args)
	if many := strings.HasSuffix(s.args, "…"); many && len(args) == 0 || !many && len(args) != len(wanted) {
		return fmt.Errorf("it is written %s %s", s.name, s.args)
	}
	return s.do(c, args)
}
