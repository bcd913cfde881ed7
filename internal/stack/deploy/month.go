package deploy

import (
	"context"
	"path"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"

	"photofit/internal/stack/account"
	"photofit/internal/stack/cost"
)

// Month is what the last 30 days were, as far as CloudWatch knows it without paid
// metrics.
type Month struct {
	Views     float64     `json:"views"`     // requests of viewers
	Delivered float64     `json:"delivered"` // to viewers, in bytes
	Renders   float64     `json:"renders"`   // invocations of the function
	Errors    float64     `json:"errors"`    // of the function
	Throttles float64     `json:"throttles"` // of the function
	Lost      float64     `json:"lost"`      // changes of photos that could not be worked off, that lie there now
	Photos    float64     `json:"photos"`    // bytes kept, two days ago at the earliest
	Kept      float64     `json:"kept"`      // bytes of renditions and masters
	Cost      []cost.Line `json:"cost"`
}

// Share is the share of the views for which something was rendered, 0 to 1; 0 without
// views. CloudFront's own hit rate is a paid metric.
func (m *Month) Share() float64 {
	if m.Views == 0 {
		return 0
	}
	return min(m.Renders/m.Views, 1)
}

// Dollars is what the month cost, about.
func (m *Month) Dollars() float64 { return cost.Sum(m.Cost) }

// metric is one that is asked for, and where it goes.
type metric struct {
	namespace, name, stat string
	dimensions            []string // name, value …
	last                  bool     // the newest value; else the sum of all
	into                  *float64
}

// month asks CloudWatch, in the region and in us-east-1, where CloudFront's metrics are.
func (d *Deployer) month(ctx context.Context, s *Stack) (*Month, error) {
	m := &Month{}
	var duration, purging float64 // in ms
	o := s.Outputs
	render, purge := []string{"FunctionName", o.RenderFunction}, []string{"FunctionName", o.PurgeFunction}
	site := []string{"DistributionId", o.DistributionID, "Region", "Global"}
	size := func(bucket string) []string { return []string{"BucketName", bucket, "StorageType", "StandardStorage"} }
	if err := read(ctx, d.Account.GlobalMetrics, []metric{
		{"AWS/CloudFront", "Requests", "Sum", site, false, &m.Views},
		{"AWS/CloudFront", "BytesDownloaded", "Sum", site, false, &m.Delivered},
	}); err != nil {
		return nil, err
	}
	if err := read(ctx, d.Account.Metrics, []metric{
		{"AWS/Lambda", "Invocations", "Sum", render, false, &m.Renders},
		{"AWS/Lambda", "Errors", "Sum", render, false, &m.Errors},
		{"AWS/Lambda", "Throttles", "Sum", render, false, &m.Throttles},
		{"AWS/Lambda", "Duration", "Sum", render, false, &duration},
		{"AWS/Lambda", "Duration", "Sum", purge, false, &purging},
		{"AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", []string{"QueueName", path.Base(o.FailedQueueURL)}, true, &m.Lost},
		{"AWS/S3", "BucketSizeBytes", "Average", size(o.PhotosBucket), true, &m.Photos},
		{"AWS/S3", "BucketSizeBytes", "Average", size(o.RenditionsBucket), true, &m.Kept},
	}); err != nil {
		return nil, err
	}
	memory, err := strconv.ParseFloat(s.Parameters["MemorySize"], 64)
	if err != nil {
		memory = 1769
	}
	purgeMemory := 128.0
	if s.makesMasters() || s.Parameters["Warm"] != "" {
		purgeMemory = memory
	}
	m.Cost = cost.Of(cost.Use{
		PhotosGB: m.Photos / 1e9, RenditionsGB: m.Kept / 1e9,
		// A render asks for the rendition and its photo's master, reads the photo, looks at
		// it again, and puts one rendition; one view in ten is no hit at the edge, which is
		// a guess.
		Puts: m.Renders, Gets: 4*m.Renders + m.Views/10,
		Renders: m.Renders, GBSeconds: (duration*memory + purging*purgeMemory) / 1000 / 1024, Intel: s.Parameters["Architecture"] == "x86_64",
		Views: m.Views, DeliveredGB: m.Delivered / 1e9,
	})
	return m, nil
}

// read asks for metrics of the last 30 days, day by day.
func read(ctx context.Context, client *cloudwatch.Client, metrics []metric) error {
	end := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, 1)
	in := &cloudwatch.GetMetricDataInput{StartTime: aws.Time(end.AddDate(0, 0, -30)), EndTime: &end, ScanBy: types.ScanByTimestampDescending}
	byID := map[string]metric{}
	for i, m := range metrics {
		id := "m" + strconv.Itoa(i)
		byID[id] = m
		var dimensions []types.Dimension
		for j := 0; j < len(m.dimensions); j += 2 {
			if m.dimensions[j+1] == "" {
				return account.Refused("reading the metrics", "the stack has no output for "+m.name, "")
			}
			dimensions = append(dimensions, types.Dimension{Name: &m.dimensions[j], Value: &m.dimensions[j+1]})
		}
		in.MetricDataQueries = append(in.MetricDataQueries, types.MetricDataQuery{Id: &id, MetricStat: &types.MetricStat{
			Metric: &types.Metric{Namespace: aws.String(m.namespace), MetricName: aws.String(m.name), Dimensions: dimensions},
			Period: aws.Int32(86400), Stat: aws.String(m.stat),
		}})
	}
	pages := cloudwatch.NewGetMetricDataPaginator(client, in)
	seen := map[string]bool{}
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return account.Explain("reading the metrics", err)
		}
		for _, result := range page.MetricDataResults {
			id := aws.ToString(result.Id)
			m, ok := byID[id]
			if !ok {
				continue
			}
			for _, value := range result.Values {
				if m.last && seen[id] {
					break
				}
				seen[id] = true
				*m.into += value
			}
		}
	}
	return nil
}
