//go:build !function

package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"photofit/internal/stack/deploy"
)

// progress tells on standard error how a deployment goes: a line for each thing that is done,
// and on a terminal one at the end that says what is under way.
type progress struct {
	console *console
	begun   time.Time            // when the first thing was told
	under   map[string]time.Time // resources under way
	live    bool                 // the last line is one that goes again
}

func newProgress(c *console) *progress {
	return &progress{console: c, under: map[string]time.Time{}}
}

// say prints an event.
func (p *progress) say(e deploy.Event) {
	if p.begun.IsZero() {
		p.begun = time.Now()
	}
	if e.Resource == "" {
		mark := p.console.paint(green, "✓")
		if e.State == deploy.Begun {
			mark = "…"
		}
		p.line("%s %s", mark, visibleText(e.Text))
		return
	}
	switch e.State {
	case deploy.Begun:
		p.under[e.Resource] = time.Now()
		p.redraw()
		return
	case deploy.Failed:
		delete(p.under, e.Resource)
		p.line("%s %-16s %-35s %s", p.console.paint(red, "✗"), e.Resource, typeText(e.Type), visibleText(e.Text))
	default:
		delete(p.under, e.Resource)
		took := ""
		if e.Took >= time.Second {
			took = " in " + e.Took.Round(time.Second).String()
		}
		p.line("%s %-16s %-35s %s%s", p.console.paint(green, "✓"), e.Resource, typeText(e.Type), e.Text, took)
	}
}

// line prints one that stays, behind the time since the beginning.
func (p *progress) line(format string, args ...any) {
	p.erase()
	p.console.sayf("%7s  %s\n", clock(time.Since(p.begun)), strings.TrimRight(fmt.Sprintf(format, args...), " "))
	p.redraw()
}

// redraw shows what is under way.
func (p *progress) redraw() {
	if !p.console.terminal() || len(p.under) == 0 {
		return
	}
	p.erase()
	names := slices.SortedFunc(maps.Keys(p.under), func(a, b string) int { return p.under[a].Compare(p.under[b]) })
	text := strings.Join(names[:min(3, len(names))], ", ")
	if more := len(names) - 3; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	p.console.sayf("\x1b[?7l%7s  … %s\x1b[?7h", clock(time.Since(p.begun)), text) // cut off at the terminal's edge, or erase leaves pieces
	p.live = true
}

// erase takes the line of what is under way back.
func (p *progress) erase() {
	if p.live {
		p.console.sayf("\r\x1b[K")
		p.live = false
	}
}

// wait waits, and keeps the time on the terminal going.
func (p *progress) wait(ctx context.Context, d time.Duration) error {
	if fastRetries() {
		return ctx.Err()
	}
	end := time.Now().Add(d)
	for left := d; left > 0; left = time.Until(end) {
		p.redraw()
		t := time.NewTimer(min(left, time.Second))
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			p.erase()
			return ctx.Err()
		}
	}
	return nil
}

// clock is a time as a stopwatch shows it: "2:05".
func clock(d time.Duration) string {
	s := int(d.Seconds())
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// typeText is a type of CloudFormation's in words: "S3 bucket policy" for AWS::S3::BucketPolicy.
func typeText(name string) string {
	service, kind, found := strings.Cut(strings.TrimPrefix(name, "AWS::"), "::")
	if !found {
		return service
	}
	var b strings.Builder
	b.WriteString(service + " ")
	for i, c := range kind {
		if unicode.IsUpper(c) && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return strings.NewReplacer("Lambda url", "Lambda URL", "Logs log", "CloudWatch log", "Events rule", "EventBridge rule").Replace(b.String())
}
