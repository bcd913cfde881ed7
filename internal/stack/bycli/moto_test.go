package bycli

import (
	"bufio"
	"io"
	"net"
	"os/exec"
	"strings"
	"testing"
)

// moto starts moto_server, a stand-in for AWS that others keep, and gives its address.
func moto(t *testing.T, file string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	listener.Close()
	_, port, _ := net.SplitHostPort(address)
	command := exec.Command(file, "-H", "127.0.0.1", "-p", port)
	said, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Process.Kill(); _ = command.Wait() })
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "Running on") {
			go func() { _, _ = io.Copy(io.Discard, said) }()
			return "http://" + address
		}
	}
	t.Fatal("moto_server did not start")
	return ""
}

// The real command line takes the commands, and moto, which knows S3, IAM, ACM, CloudFront, Lambda and logs to a degree,
// carries out what it knows. It looks for a behavior's target among the origins alone, so that a distribution with an
// origin group is NoSuchOrigin to it: that it is not asked for.
func TestMoto(t *testing.T) {
	server, err := exec.LookPath("moto_server")
	if err != nil {
		t.Skip("SKIPPED: no moto_server on the PATH: pip install 'moto[server]' awscli")
	}
	aws, err := exec.LookPath("aws")
	if err != nil {
		t.Skip("SKIPPED: no aws on the PATH: pip install awscli")
	}
	calls, _ := run(t, script(t, Options{Region: "eu-central-1", Aliases: []string{"media.example.com", "photos.example.org"}}), aws, moto(t, server))
	unknown := map[string]bool{}
	for _, c := range calls {
		if c.unknown {
			unknown[c.service+" "+c.operation] = true
		}
	}
	t.Logf("%d commands, of which moto does not know %v", len(calls), unknown)
	for _, known := range []string{"s3api put-bucket-policy", "iam put-role-policy", "acm request-certificate", "cloudfront create-origin-access-control", "lambda add-permission"} {
		if unknown[known] {
			t.Errorf("moto did not take %s", known)
		}
	}
}
