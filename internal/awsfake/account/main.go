// Command account is an account of AWS on this machine, to try photofit deploy and
// what looks after a deployment without one:
//
//	go run ./internal/awsfake/account
//
// prints the environment to set in another terminal, and takes what is to happen to
// the account line by line. It forgets all when it ends.
package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"photofit/internal/awsfake"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "account:", err)
		os.Exit(1)
	}
}

func run() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	cloud := awsfake.New()
	cloud.Pace = 3 // events of a stack whenever it is asked about: a deployment of seconds, not minutes
	fmt.Printf("export AWS_ENDPOINT_URL=http://%s AWS_ACCESS_KEY_ID=AKIAEXAMPLE AWS_SECRET_ACCESS_KEY=secret AWS_REGION=eu-central-1\n", listener.Addr())
	fmt.Printf("# nothing serves the site's address, so: photofit deploy --no-check\n# what is to happen, a line each; words that hold spaces in quotes:\n%s", awsfake.Sayings())
	server := &http.Server{Handler: cloud, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			words, err := split(lines.Text())
			if err == nil && len(words) > 0 {
				err = cloud.Say(words...)
			}
			if err != nil {
				fmt.Println(err)
			}
		}
	}()
	return server.Serve(listener)
}

// split takes a line apart at its spaces, but for those between quotes.
func split(line string) ([]string, error) {
	var words []string
	for line = strings.TrimSpace(line); line != ""; line = strings.TrimSpace(line) {
		word, rest, closed := line, "", true
		if quote := line[0]; quote == '"' || quote == '\'' {
			word, rest, closed = strings.Cut(line[1:], string(quote))
		} else if i := strings.IndexByte(line, ' '); i >= 0 {
			word, rest = line[:i], line[i:]
		}
		if !closed {
			return nil, fmt.Errorf("%s is not closed by a quote", line)
		}
		words, line = append(words, word), rest
	}
	return words, nil
}
