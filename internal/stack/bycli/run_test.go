package bycli

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// call is an aws command that the script ran, with the documents that it named.
type call struct {
	service, operation string
	options            map[string]string // by name without --; empty for one without a value
	documents          map[string][]byte // what file://… and fileb://… held, by option
	unknown            bool              // a real endpoint did not know it
}

// run runs the script with an aws that notes what it is told, and says what the
// commands behind it need. With the path of a real aws that is asked first, at an endpoint; it may fail for
// what the endpoint does not know.
func run(t *testing.T, text string, real ...string) (calls []call, said string) {
	t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("SKIPPED: no bash")
	}
	folder := t.TempDir()
	notes := filepath.Join(folder, "notes")
	bin := filepath.Join(folder, "bin")
	for _, f := range []string{notes, bin} {
		if err := os.Mkdir(f, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, code := range map[string]string{
		"aws": `set -eu
n=$(ls "$NOTES" | wc -l); note=$NOTES/$(printf %03d "$n"); mkdir "$note"
printf '%s\0' "$@" >"$note/args"
for a in "$@"; do case $a in file*://*) cp "${a#*://}" "$note/$(basename "${a#*://}")";; esac; done
# The endpoint of SQS the command line does not take from the environment, so there is no queue.
case "$1 $2" in sqs*|events*|*create-event-source-mapping|cloudfront*distribution*|cloudfront*wait*) REAL=;; esac
if [ -n "$REAL" ]; then
	if "$REAL" "$@" 2>"$note/error"; then exit; fi
	grep -qE '\((404|501|InternalFailure)\)|[Nn]ot.?(yet )?[Ii]mplemented' "$note/error" || { cat "$note/error" >&2; exit 254; }
	touch "$note/unknown"
fi
case "$1 $2" in
"sts get-caller-identity") echo 123456789012;;
"lambda create-function-url-config") echo https://abc.lambda-url.eu-central-1.on.aws/;;
"cloudfront create-function") echo E1;;
"cloudfront publish-function") echo arn:aws:cloudfront::123456789012:function/photofit-eu-central-1;;
"cloudfront create-origin-access-control") echo OAC$n;;
"cloudfront create-cache-policy") echo CP;;
"cloudfront create-response-headers-policy") echo RHP;;
"cloudfront create-distribution") printf 'EDIST\td111.cloudfront.net\n';;
"cloudfront get-distribution-config") echo E2;;
"sqs create-queue") echo https://sqs.eu-central-1.amazonaws.com/123456789012/queue;;
"acm request-certificate") echo arn:aws:acm:us-east-1:123456789012:certificate/c;;
"s3api get-bucket-notification-configuration") echo '{"QueueConfigurations": [{"Id": "theirs"}]}';;
esac`,
		"photofit": `cp "$HOME/function.zip" "${@: -1}"`,
		"sleep":    ``,
	} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte("#!"+bash+"\n"+code+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "function.zip"), emptyZip, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(bash, "-s")
	command.Stdin = strings.NewReader(text)
	command.Env = []string{"PATH=" + bin + ":" + os.Getenv("PATH"), "NOTES=" + notes, "HOME=" + folder, "TMPDIR=" + folder, "REAL="}
	if len(real) > 0 {
		command.Env = append(command.Env, "REAL="+real[0], "AWS_ENDPOINT_URL="+real[1], "AWS_ACCESS_KEY_ID=AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret")
	}
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	all, err := filepath.Glob(filepath.Join(notes, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, note := range all {
		calls = append(calls, readCall(t, note))
	}
	return calls, string(out)
}

// emptyZip is a zip of nothing: the end of its directory (APPNOTE.TXT, 4.3.16).
var emptyZip = []byte("PK\x05\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")

func readCall(t *testing.T, note string) call {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(note, "args"))
	if err != nil {
		t.Fatal(err)
	}
	args := strings.Split(strings.TrimSuffix(string(text), "\x00"), "\x00")
	c := call{service: args[0], operation: args[1], options: map[string]string{}, documents: map[string][]byte{}}
	_, err = os.Stat(filepath.Join(note, "unknown"))
	c.unknown = err == nil
	last := ""
	for _, arg := range args[2:] {
		if name, ok := strings.CutPrefix(arg, "--"); ok {
			last = name
			c.options[last] = ""
			continue
		}
		c.options[last] = strings.TrimSpace(c.options[last] + " " + arg)
		if _, file, ok := strings.Cut(arg, "://"); ok && strings.HasPrefix(arg, "file") {
			if c.documents[last], err = os.ReadFile(filepath.Join(note, filepath.Base(file))); err != nil {
				t.Fatal(err)
			}
		}
	}
	return c
}
