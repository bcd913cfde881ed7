// Command account is an account of AWS on this machine, to try photofit deploy and
// what looks after a deployment without one:
//
//	go run ./internal/awsfake/account
//
// prints the environment to set in another terminal, serves what is deployed there at
// the names that CloudFront would give, and takes what is to happen to the account line
// by line. It forgets all when its input ends.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"photofit/internal/awsfake"
	"photofit/internal/edge/emulator"
	"photofit/internal/rehearsal"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "account:", err)
		os.Exit(1)
	}
}

func run() error {
	temp, err := os.MkdirTemp("", "photofit-account-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	aws, err := rehearsal.Start(rehearsal.Config{Temp: temp, Log: os.Stderr, Said: func(format string, args ...any) { fmt.Printf("# "+format+"\n", args...) },
		Report: func(r emulator.Report) { fmt.Printf("# %s %d %s %s\n", r.Who, r.Status, r.Method, r.Path) }})
	if err != nil {
		return err
	}
	defer aws.Close()
	aws.Cloud.Pace = 3 // events of a stack whenever it is asked about: a deployment takes seconds, not minutes
	fmt.Print("# The environment to set in another terminal. curl takes it, too:\nexport")
	for _, e := range aws.Environment() {
		fmt.Printf(" %s=%s", e[0], e[1])
	}
	fmt.Printf("\n# The functions run on this machine, so: photofit deploy --arch %s\n", runtime.GOARCH)
	fmt.Printf("# What is to happen, a line each; words that hold spaces in quotes:\n%s", awsfake.Sayings())
	ended, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			words, err := split(lines.Text())
			if err == nil && len(words) > 0 {
				err = aws.Cloud.Say(words...)
			}
			if err != nil {
				fmt.Println(err)
			}
		}
		stop()
	}()
	<-ended.Done()
	return nil
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
