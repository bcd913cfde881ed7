package awsfake

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// metric is one whose values a test has set.
type metric struct {
	region, namespace, name, stat string
	dimensions                    map[string]string
	values                        []float64
}

// SetMetric has CloudWatch know a metric in a region: its values for a statistic such as
// "Sum", the newest first.
func (c *Cloud) SetMetric(region, namespace, name string, dimensions map[string]string, stat string, values ...float64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.metrics = append(c.metrics, metric{region, namespace, name, stat, dimensions, values})
}

func cloudWatchService() service {
	const path = "/service/GraniteServiceVersion20100801/operation/"
	return service{
		name: func(q *call) string {
			if q.Method != http.MethodPost || q.Header.Get("Smithy-Protocol") != "rpc-v2-cbor" || q.Header.Get("Content-Type") != "application/cbor" {
				return ""
			}
			name, ok := strings.CutPrefix(q.URL.Path, path)
			if !ok {
				return ""
			}
			return name
		},
		refuse: func(_ *call, r *refusal) answer {
			a := cborAnswer(map[string]any{"__type": "com.amazonaws.cloudwatch#" + r.code, "message": r.message})
			a.status = r.status
			return a
		},
		operations: map[string]operation{"GetMetricData": getMetricData},
	}
}

func cborAnswer(v any) answer {
	return answer{header: map[string]string{"Content-Type": "application/cbor", "Smithy-Protocol": "rpc-v2-cbor"}, body: writeCBOR(v)}
}

type metricRequest struct {
	StartTime, EndTime float64
	ScanBy, NextToken  string
	MaxDatapoints      float64
	MetricDataQueries  []struct {
		Id, Label, Expression, AccountId string
		Period                           float64
		ReturnData                       *bool
		MetricStat                       *struct {
			Metric struct {
				Namespace, MetricName string
				Dimensions            []struct{ Name, Value string }
			}
			Period     float64
			Stat, Unit string
		}
	}
}

var metricID = regexp.MustCompile(`^[a-z][a-zA-Z0-9_]{0,254}$`)

func getMetricData(c *Cloud, q *call) (answer, error) {
	value, err := readCBOR(q.body)
	if err != nil {
		return answer{}, misunderstood(http.StatusBadRequest, "SerializationException", "%v", err)
	}
	body, err := json.Marshal(value)
	if err != nil {
		return answer{}, misunderstood(http.StatusBadRequest, "SerializationException", "%v", err)
	}
	var in metricRequest
	if err := strictJSON(body, &in); err != nil {
		return answer{}, misunderstood(http.StatusBadRequest, "SerializationException", "%v", err)
	}
	bad := func(format string, args ...any) (answer, error) {
		return answer{}, misunderstood(http.StatusBadRequest, "ValidationError", format, args...)
	}
	if in.StartTime == 0 || in.StartTime >= in.EndTime {
		return bad("The parameter StartTime must be less than the parameter EndTime.")
	}
	if len(in.MetricDataQueries) == 0 || len(in.MetricDataQueries) > 500 {
		return bad("The collection MetricDataQueries must not have a size of %d.", len(in.MetricDataQueries))
	}
	ids, results := map[string]bool{}, []any{}
	for _, query := range in.MetricDataQueries {
		stat := query.MetricStat
		switch {
		case !metricID.MatchString(query.Id) || ids[query.Id]:
			return bad("The values for parameter id in MetricDataQueries are not unique or not valid: %q.", query.Id)
		case query.Expression != "" || stat == nil:
			return bad("only queries with a MetricStat are known here, not the expression %q", query.Expression)
		case stat.Period < 60 || int(stat.Period)%60 != 0 || stat.Stat == "" || stat.Metric.Namespace == "" || stat.Metric.MetricName == "":
			return bad("The query %s is not valid.", query.Id)
		}
		ids[query.Id] = true
		if query.ReturnData != nil && !*query.ReturnData {
			continue
		}
		dimensions := map[string]string{}
		for _, d := range stat.Metric.Dimensions {
			dimensions[d.Name] = d.Value
		}
		times, values := []any{}, []any{}
		for _, m := range c.metrics {
			if m.region != q.region || m.namespace != stat.Metric.Namespace || m.name != stat.Metric.MetricName || m.stat != stat.Stat || !maps.Equal(m.dimensions, dimensions) {
				continue
			}
			for i, v := range m.values {
				at := in.EndTime - float64(i+1)*stat.Period
				if at < in.StartTime-stat.Period {
					break
				}
				times, values = append(times, time.Unix(int64(at), 0)), append(values, v)
			}
		}
		label := query.Label
		if label == "" {
			label = stat.Metric.MetricName
		}
		results = append(results, map[string]any{"Id": query.Id, "Label": label, "StatusCode": "Complete", "Timestamps": times, "Values": values})
	}
	return cborAnswer(map[string]any{"MetricDataResults": results, "Messages": []any{}}), nil
}
