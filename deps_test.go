package photofit_test

import "testing"

// A rule says all that a package may import beyond the standard library, and
// why that is all. A pattern is a path below the module ("." is the root),
// or that of somebody else's module; "/..." adds everything below it.
type rule struct {
	pkg string
	may []string
	why string
}

// rules holds every package of ours; the first that covers a package counts.
// A package that is in none is a fault, so that a new one comes with its reason.
var rules = []rule{
	{".", nil, "whoever imports the words gets nothing else with them"},
	{"internal/sizes", nil, "it is a grammar of HTML's"},
	{"markup", []string{".", "internal/thumbhash", "internal/sizes"}, "it writes URLs into other people's pages, so it must be as light as the words"},

	{"internal/probe", nil, "it reads headers of hostile files before anything else does; it stays small enough to fuzz alone"},
	{"internal/vips", []string{"github.com/ebitengine/purego"}, "it binds a library and knows nothing of photos or recipes"},
	{"internal/scale", []string{"golang.org/x/sys/cpu"}, "it is arithmetic on samples: where they come from, and go to, is for render. What the processor can do is in no standard package"},
	{"internal/thumbhash", nil, "it is a format of a few bytes: pictures come small and leave small"},
	{"internal/render", []string{".", "internal/vips", "internal/probe", "internal/scale", "internal/thumbhash"}, "bytes in, bytes out: where they come from and go to is not its business"},
	{"internal/store", []string{"golang.org/x/sys/unix"}, "it keeps bytes under names; what they are of, and who asks, is for others. openat2 is in no other library"},
	{"internal/store/storetest", []string{"internal/store"}, "it is the contract alone, so that any store can run it"},
	{"internal/awssdk", []string{"github.com/aws/..."}, "it is the SDK as all clients want it, and knows no service"},
	{"internal/store/s3", []string{"internal/store", "internal/awssdk", "github.com/aws/..."}, "it is one more store, behind the same contract"},
	{"internal/store/s3/gateway", nil, "it starts a server for tests, the bench and photofit dev, and knows nothing of what they do with it"},
	{"internal/store/s3/s3test", []string{"internal/store/s3/gateway", "github.com/johannesboyne/gofakes3/..."}, "it starts servers for tests, those of store/s3 itself among them, so it knows no client"},
	{"internal/store/s3/front", []string{"internal/store"}, "it stands in for an S3 server, so it shares no code with what asks one"},
	{"internal/rendition", []string{".", "internal/store", "golang.org/x/sync/..."}, "it gets rendering as a function, so it is tested without libvips"},
	{"internal/web", []string{".", "internal/rendition", "internal/store", "github.com/prometheus/..."}, "it turns requests into recipes and errors into statuses; the work is below it"},
	{"internal/web/sheet", []string{".", "internal/store"}, "it is a page about photos: what it shows, it asks for by URL as any page does"},

	{"internal/edge", []string{"."}, "it must agree with Resolve, and with nothing else"},
	{"internal/edge/run", []string{"github.com/dop251/goja"}, "it runs any function's code; the interpreter is for tests and for photofit dev, so it is apart from what is deployed"},
	{"internal/edge/emulator", []string{"internal/cfn", "internal/edge/run", "golang.org/x/sync/...", "github.com/aws/aws-sdk-go-v2/aws/..."}, "it is CloudFront for any template: what lies behind an origin it is given. Of AWS's it takes the signature"},
	{"internal/cfn", []string{"go.yaml.in/yaml/v3"}, "it reads documents; what they mean is for those who read them"},
	{"internal/stack", []string{".", "internal/edge", "internal/cfn"}, "it is the template, and asks nobody for anything"},
	{"internal/stack/bycli", []string{"internal/cfn"}, "it writes a script of what a template says, and asks nobody for anything"},
	{"internal/stack/cost", nil, "it is arithmetic"},
	{"internal/stack/deploy", []string{".", "internal/cfn", "internal/check", "internal/stack/account", "internal/stack/cost", "github.com/aws/..."}, "it talks to AWS and to nobody else: who asks the owner, and prints, is cmd"},
	{"internal/stack/doctor", []string{".", "internal/stack/account", "internal/stack/deploy", "github.com/aws/...", "golang.org/x/net/dns/dnsmessage"}, "it looks at what deploy has made. CAA records are in no resolver of the standard library"},
	{"internal/stack/lint", []string{"internal/cfn", "internal/stack/lint/schema"}, "it looks at files of anybody's, so it knows nothing of Photofit's own template"},
	{"internal/stack/lint/schema", nil, "it is what AWS publishes, and a way to read it"},
	{"internal/stack/lint/schemagen", []string{"internal/stack/lint/schema"}, "it is a command that is run by hand, and makes what schema reads"},
	{"internal/stack/account", []string{"internal/awssdk", "github.com/aws/..."}, "it is the way to an account; what is done there is for others"},
	{"internal/stack/account/accounttest", []string{"internal/stack/account"}, "it is the way to any stand-in; awsfake's own tests need it, too"},
	{"internal/awsfake", []string{"internal/cfn", "golang.org/x/net/dns/dnsmessage"}, "it stands in for AWS, so it shares no code with what talks to AWS. DNS is in no standard package but as a client"},
	{"internal/rehearsal", []string{"internal/awsfake", "internal/dev", "internal/edge/emulator", "internal/edge/run"}, "it is AWS for the program as it is, which it never links"},
	{"internal/awsfake/account", []string{"internal/awsfake", "internal/rehearsal", "internal/edge/emulator"}, "it is a command for who works on set-up: an account to try it with"},
	{"internal/purge", []string{".", "internal/store", "internal/store/s3", "github.com/aws/..."}, "it forgets renditions by name and never needs to make one"},
	{"internal/lambdahost", nil, "it stands in for Lambda, so it must not know what it hosts"},
	{"internal/check", []string{"."}, "it asks what anybody can ask, and shares no code with what answers; what needs credentials is an interface"},
	{"internal/dev", []string{"internal/cfn", "internal/check", "internal/edge/emulator", "internal/lambdahost", "internal/awsfake", "internal/store", "internal/store/s3/...", "github.com/aws/..."}, "it puts the stand-ins together; what it runs is the zip, so none of that is linked"},
	{"internal/site/layout", nil, "it is arithmetic on widths; who measures them is a function"},
	{"internal/site/browser", []string{"internal/site/layout", "github.com/chromedp/..."}, "it drives a browser; what that is shown is a function"},
	{"internal/site/browser/browsertest", []string{"internal/site/browser", "github.com/chromedp/..."}, "it starts a browser for tests of anything"},
	{"internal/site/shape", []string{"golang.org/x/net/html", "github.com/andybalholm/cascadia", "github.com/tdewolff/parse/v2/..."}, "it reads style sheets, and what it tells is a few bits. The tokens of CSS are a library's"},
	{"internal/site", []string{".", "markup", "internal/sizes", "internal/site/shape", "golang.org/x/net/html/...", "golang.org/x/text/encoding", "github.com/andybalholm/cascadia", "golang.org/x/sync/..."}, "it rewrites pages; it never sees a photo's pixels. Selectors are matched by a library, on the tree that its parser makes"},

	{"internal/imgtest/...", []string{"internal/imgtest/...", "golang.org/x/image/..."}, "it judges what is rendered, so it shares no code with what renders"},

	{"cmd/...", []string{"..."}, "it puts the parts together"},
	{"bench/...", []string{"..."}, "it measures any of the parts"},
}

// A ban is an import that must not be reached, directly or by way of other
// packages of ours. It holds for pkg, except for those in but.
type ban struct {
	pkg   string
	never string
	but   []string
	why   string
}

var bans = []ban{
	{"...", "unsafe", []string{"internal/vips"}, "all memory that Go doesn't guard is handled in one package"},
	{"...", "C", nil, "CGO_ENABLED=0 builds for every target from any of them"},
	{"...", "flag", []string{"cmd/...", "bench/...", "internal/imgtest/..."}, "a setting is one field of a config struct; only cmd knows how it was given"},
	{"...", "github.com/alecthomas/kong", []string{"cmd/...", "bench/..."}, "a setting is one field of a config struct; only cmd knows how it was given"},
	{"...", "github.com/aws/aws-sdk-go-v2/config", []string{"internal/awssdk"}, "what is mended of the SDK is mended for every client, so all are made of one configuration"},
	{"...", "testing", []string{"internal/store/storetest", "internal/store/s3/s3test", "internal/stack/account/accounttest", "internal/site/browser/browsertest", "internal/imgtest/...", "bench/..."}, "what is shipped carries no test code"},

	{"internal/store", "net/http", nil, "a store that answers in HTTP statuses serves one caller only"},
	{"internal/store", "github.com/aws/...", nil, "a folder needs no cloud"},
	{"internal/rendition", "net/http", nil, "when to make what is decided without knowing who asks"},
	{"internal/rendition", "internal/vips", nil, "its tests run without the library"},
	{"internal/rendition", "internal/render", nil, "it gets rendering as a function"},
	{"internal/rendition", "github.com/aws/...", nil, "it speaks the stores' contract, not one store's"},
	{"internal/web", "internal/vips", nil, "HTTP is tested without the library"},
	{"internal/web", "internal/render", nil, "what a photo becomes is decided by the recipe, not by the handler"},
	{"internal/web", "github.com/aws/...", nil, "the same handler serves a folder, a server and Lambda"},
	{"internal/render", "internal/store/...", nil, "rendering is a function of bytes"},
	{"internal/render", "net/http", nil, "rendering is a function of bytes"},
	{"internal/stack", "internal/web", nil, "setting up needs nothing that serves"},
	{"internal/stack", "internal/rendition", nil, "setting up needs nothing that serves"},
	{"internal/stack", "internal/render", nil, "setting up needs nothing that serves"},
	{"internal/imgtest/...", "internal/vips", nil, "a judge that decodes with the judged library overlooks its faults"},
}

// A call is a function that only commands, and what serves tests, may use.
type call struct{ pkg, name, why string }

var calls = []call{
	{"os", "Exit", "a package that ends the process takes the server with it; return an error"},
	{"log", "Fatal", "it ends the process; return an error"},
	{"log", "Fatalf", "it ends the process; return an error"},
	{"log", "Fatalln", "it ends the process; return an error"},
	{"os", "Args", "settings come in a config struct"},
	{"os", "Getenv", "settings come in a config struct, and cmd derives the environment's names"},
	{"os", "LookupEnv", "settings come in a config struct, and cmd derives the environment's names"},
	{"os", "Environ", "settings come in a config struct, and cmd derives the environment's names"},
	{"os", "ExpandEnv", "settings come in a config struct, and cmd derives the environment's names"},
	{"syscall", "Getenv", "settings come in a config struct, and cmd derives the environment's names"},
}

var mayCall = []string{"cmd/...", "bench/...", "internal/imgtest/...", "internal/store/s3/s3test", "internal/site/browser/browsertest", "internal/stack/lint/schemagen", "internal/awsfake/account"}

func TestImportsPointDown(t *testing.T) {
	sources := read(t, ".")
	if len(sources) == 0 {
		t.Fatal("found no packages")
	}
	for _, fault := range check(sources) {
		t.Error(fault)
	}
}
