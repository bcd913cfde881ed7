// Package cost tells what Photofit costs on AWS: a month's use times AWS's list
// prices.
//
// Prices are those of US dollars, of us-east-1 for storage and Lambda and of Europe
// and North America for CloudFront, without taxes; other regions are up to half as much dearer. What AWS
// gives every account for free each month is taken off, as if Photofit were all that the
// account does.
package cost

import (
	"fmt"
	"strings"
)

// Date is when the prices were read.
const Date = "November 2026"

// The list prices, in US dollars.
// https://aws.amazon.com/s3/pricing, /lambda/pricing, /cloudfront/pricing, /cloudwatch/pricing.
const (
	storageGB      = 0.023        // S3 Standard, a GB and month
	putPer1000     = 0.005        // S3 PUT and LIST
	getPer1000     = 0.0004       // S3 GET and HEAD
	gbSecond       = 0.0000133334 // Lambda on arm64, GB × s
	gbSecondIntel  = 0.0000166667 // Lambda on x86_64
	requestsM      = 0.20         // Lambda, a million invocations
	deliveryGB     = 0.085        // CloudFront to viewers in North America and Europe, the first 10 TB
	viewsPer10k    = 0.011        // CloudFront, 10,000 HTTPS requests: 0.010 in North America, 0.012 in Europe
	edgeFunctionM  = 0.10         // CloudFront Functions, a million calls
	invalidation   = 0.005        // one path or tag
	logsGB         = 0.50         // CloudWatch Logs, a GB taken in
	freeGBSeconds  = 400_000      // Lambda's, a month
	freeRequests   = 1_000_000    // Lambda's
	freeDeliveryGB = 1_000        // CloudFront's
	freeViews      = 10_000_000   // CloudFront's
	freeEdgeCalls  = 2_000_000    // CloudFront Functions'
	freePurges     = 1_000        // CloudFront's invalidations
	freeLogsGB     = 5            // CloudWatch's
)

// Use is what was used in a month.
type Use struct {
	PhotosGB     float64 // stored originals
	RenditionsGB float64 // stored renditions and masters
	Puts         float64 // and lists, of both buckets
	Gets         float64 // and heads
	Renders      float64 // invocations of the function that renders
	GBSeconds    float64 // of both functions: their memory in GB × the seconds that they ran
	Intel        bool    // they run on x86_64
	Views        float64 // requests of viewers
	DeliveredGB  float64 // to viewers
	Purges       float64 // invalidated tags and paths
	LogsGB       float64
}

// Line is what one part of it costs.
type Line struct {
	What    string  `json:"what"`
	Amount  string  `json:"amount"`  // how much of it was used, in words
	Dollars float64 `json:"dollars"` // after what is free
	Free    bool    `json:"free"`    // all of it is within what is free each month
}

// Of is what a month's use costs, part by part.
func Of(u Use) []Line {
	memory := gbSecond
	if u.Intel {
		memory = gbSecondIntel
	}
	beyond := func(used, free, price float64) float64 { return max(used-free, 0) * price }
	lines := []Line{
		{What: "photos kept in S3", Amount: gigabytes(u.PhotosGB), Dollars: u.PhotosGB * storageGB},
		{What: "renditions and masters kept in S3", Amount: gigabytes(u.RenditionsGB), Dollars: u.RenditionsGB * storageGB},
		{What: "S3 requests", Amount: count(u.Puts) + " puts and lists, " + count(u.Gets) + " gets", Dollars: u.Puts/1e3*putPer1000 + u.Gets/1e3*getPer1000},
		{What: "renders and masters by Lambda", Amount: count(u.Renders) + ", " + count(u.GBSeconds) + " GB-s", Dollars: beyond(u.GBSeconds, freeGBSeconds, memory) + beyond(u.Renders, freeRequests, requestsM/1e6)},
		{What: "delivery by CloudFront", Amount: gigabytes(u.DeliveredGB) + ", " + count(u.Views) + " views", Dollars: beyond(u.DeliveredGB, freeDeliveryGB, deliveryGB) + beyond(u.Views, freeViews, viewsPer10k/1e4)},
		{What: "edge function", Amount: count(u.Views) + " calls", Dollars: beyond(u.Views, freeEdgeCalls, edgeFunctionM/1e6)},
		{What: "invalidations", Amount: count(u.Purges), Dollars: beyond(u.Purges, freePurges, invalidation)},
		{What: "logs", Amount: gigabytes(u.LogsGB), Dollars: beyond(u.LogsGB, freeLogsGB, logsGB)},
	}
	for i, l := range lines {
		used := strings.Trim(l.Amount, "0 GBabcdefghijklmnopqrstuvwxyz-S,") != ""
		lines[i].Free = used && l.Dollars == 0
	}
	return lines
}

// Sum is what all lines cost together, in US dollars.
func Sum(lines []Line) (dollars float64) {
	for _, l := range lines {
		dollars += l.Dollars
	}
	return dollars
}

// Example is a site with 10,000 photos of 5 MB, 30,000 renditions of 120 KB and a
// million views a month, of which one in ten is no hit at the edge: in its first month,
// when all is uploaded and rendered, and in a later one. One photo in five is dear to
// decode, and has a master of 1 MB.
func Example() (first, later Use) {
	const photos, masters, renders = 10_000, 2_000, 30_000
	later = Use{
		PhotosGB: 50, RenditionsGB: 3.6 + masters*0.001, Gets: 100_000,
		Views: 1_000_000, DeliveredGB: 114, LogsGB: 0.05,
	}
	first = later
	first.Renders = renders
	first.Puts = photos + renders + masters + 2*photos // and what the purge lists in its two passes after an upload
	first.Gets += 4 * renders                          // its rendition, its photo's master, the photo, and the photo again when it is put
	first.Gets += 4*photos + 2*masters                 // an upload: a look at it in each pass, the photo, its master; that is looked at when it is put, and by the second pass
	first.GBSeconds = (renders*0.3 + photos*0.25 + masters*1.5) * 1769 / 1024
	return first, later
}

func gigabytes(n float64) string {
	switch {
	case n == 0:
		return "0 GB"
	case n < 0.0995:
		return fmt.Sprintf("%.2g GB", n)
	case n < 9.95:
		return fmt.Sprintf("%.1f GB", n)
	}
	return count(n) + " GB"
}

// count is a number with separators, without decimals.
func count(n float64) string {
	s := fmt.Sprintf("%.0f", n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
