//go:build !function

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"

	"photofit/internal/stack/account"
	"photofit/internal/stack/deploy"
)

// awsFlags are which account, region and stack a command is about.
type awsFlags struct {
	Stack   string `help:"The stack's name in CloudFormation." default:"photofit" placeholder:"NAME" group:"AWS"`
	Region  string `help:"The stack's region, such as eu-central-1. Default: AWS_REGION, or the profile's." placeholder:"REGION" group:"AWS"`
	Profile string `help:"The profile in ~/.aws to take credentials from. Default: AWS_PROFILE, else what the AWS command line finds." placeholder:"NAME" group:"AWS"`
	DNS     string `name:"dns" help:"The DNS server that is asked about the site's own names, such as 1.1.1.1: one that knows of new records sooner. Default: this machine's." placeholder:"ADDRESS" group:"AWS"`
	JSON    bool   `name:"json" help:"Print the result as JSON, for scripts; what goes on goes to standard error."`
}

func (f *awsFlags) account(ctx context.Context) (*account.Account, error) {
	if f.Region != "" {
		if err := deploy.CheckRegion(f.Region); err != nil {
			return nil, err
		}
	}
	if _, err := f.nameserver(); err != nil {
		return nil, err
	}
	c := account.Config{Region: f.Region, Profile: f.Profile}
	if fastRetries() {
		c.Backoff = time.Millisecond
	}
	return account.Connect(ctx, c)
}

// nameserver is the address and port of the DNS server that is named; empty if none is.
func (f *awsFlags) nameserver() (string, error) {
	if f.DNS == "" {
		return "", nil
	}
	if at, err := netip.ParseAddrPort(f.DNS); err == nil {
		return at.String(), nil
	}
	at, err := netip.ParseAddr(f.DNS)
	if err != nil {
		return "", fmt.Errorf("--dns %s is not the address of a DNS server: it is written like 1.1.1.1 or 127.0.0.1:5353", f.DNS)
	}
	return netip.AddrPortFrom(at, 53).String(), nil
}

// resolver asks the DNS server that is named; nil if none is.
func (f *awsFlags) resolver() deploy.Resolver {
	server, err := f.nameserver()
	if err != nil || server == "" {
		return nil
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, network, server)
	}}
}

// fastRetries tells whether AWS is somebody on this very machine, for whom nobody has to wait.
func fastRetries() bool { return strings.HasPrefix(os.Getenv("AWS_ENDPOINT_URL"), "http://127.0.0.1:") }

// errNobody: a question met the end of the input.
var errNobody = errors.New("this asks before it changes anything, and nobody answers: add --yes to agree beforehand")

// ask puts a question that is answered by y or yes; anything else is a no.
func (c *console) ask(ctx context.Context, question string) (bool, error) {
	c.sayf("\n%s [y/N] ", question)
	type answer struct {
		text string
		err  error
	}
	answers := make(chan answer, 1)
	go func() { // reading cannot be stopped
		text, err := c.in().ReadString('\n')
		answers <- answer{text, err}
	}()
	select {
	case <-ctx.Done():
		c.sayf("\n")
		return false, nil // as good as a no: nothing was begun
	case a := <-answers:
		if a.err != nil && a.text == "" {
			c.sayf("\n")
			if errors.Is(a.err, io.EOF) {
				return false, errNobody
			}
			return false, a.err
		}
		said := strings.ToLower(strings.TrimSpace(a.text))
		return said == "y" || said == "yes", nil
	}
}

// in is standard input, which all questions share.
func (c *console) in() *bufio.Reader {
	if c.answers == nil {
		c.answers = bufio.NewReader(os.Stdin)
	}
	return c.answers
}
