//go:build !function

package main

import (
	"context"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"photofit/internal/stack/deploy"
)

type regionsCmd struct {
	Latency bool `help:"Measure how far each region is; --no-latency asks nobody." default:"true" negatable:""`
	JSON    bool `name:"json" help:"Print the list as JSON, for scripts."`
}

// near is a region and how far it is.
type near struct {
	deploy.Region
	Milliseconds float64 `json:"ms,omitempty"` // to connect to its S3; 0: not known
}

// Run lists the regions, the nearest first.
func (c *regionsCmd) Run(ctx context.Context, console *console) error {
	list := make([]near, len(deploy.Regions))
	for i, r := range deploy.Regions {
		list[i].Region = r
	}
	if c.Latency {
		measureRegions(ctx, list)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	slices.SortStableFunc(list, func(a, b near) int {
		switch {
		case a.FunctionURLs != b.FunctionURLs:
			if a.FunctionURLs {
				return -1
			}
			return 1
		case a.Milliseconds == 0 || b.Milliseconds == 0:
			return int(b.Milliseconds - a.Milliseconds) // the known ones first
		}
		return int(a.Milliseconds - b.Milliseconds)
	})
	if c.JSON {
		return console.json(list)
	}
	known := slices.ContainsFunc(list, func(r near) bool { return r.Milliseconds > 0 })
	var rows [][]string
	for _, r := range list {
		ms, note := "", ""
		if r.Milliseconds > 0 {
			ms = fmt.Sprintf("%.0f ms", r.Milliseconds)
		}
		switch {
		case !r.FunctionURLs:
			note = "no Lambda function URLs, so no Photofit"
		case r.OptIn:
			note = "has to be switched on for the account first"
		}
		rows = append(rows, []string{r.Code, r.Place, ms, note})
	}
	console.table([]string{"region", "place", ">away", ""}, rows)
	console.printf("\nWhere it is matters for what is rendered, and for uploads; views come from the edge that is nearest to the viewer.\n")
	if c.Latency && !known {
		console.sayf("None of them was reached from here, so how far they are is not known.\n")
	}
	return nil
}

// measureRegions measures how long it takes to connect to each region's S3, the
// best of three tries.
func measureRegions(ctx context.Context, list []near) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	var all sync.WaitGroup
	for i := range list {
		all.Go(func() {
			dialer := net.Dialer{Timeout: 2 * time.Second}
			addresses, err := net.DefaultResolver.LookupHost(ctx, "s3."+list[i].Code+".amazonaws.com")
			if err != nil || len(addresses) == 0 {
				return
			}
			for range 3 {
				start := time.Now()
				connection, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(addresses[0], "443"))
				if err != nil {
					return
				}
				ms := max(float64(time.Since(start).Microseconds())/1000, 0.001)
				_ = connection.Close()
				if list[i].Milliseconds == 0 || ms < list[i].Milliseconds {
					list[i].Milliseconds = ms
				}
			}
		})
	}
	all.Wait()
}
