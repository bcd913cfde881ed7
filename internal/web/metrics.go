package web

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"photofit/internal/rendition"
)

const metricsPath = "/-/metrics"

// Metrics gives a handler for "/-/metrics" alone, for an address of its own.
// What it answers is neither logged nor counted.
func (h *Handler) Metrics() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rec := newRecord(w, r)
		switch {
		case r.URL.Path != metricsPath:
			h.fail(rec, errNoPage)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			rec.Header().Set("Allow", "GET, HEAD")
			h.fail(rec, errMethod)
		default:
			h.metrics.page.ServeHTTP(rec, r)
		}
	})
}

// metrics are what /-/metrics tells, in Prometheus's text format. Each handler
// has a registry of its own.
type metrics struct {
	page     http.Handler
	requests *prometheus.CounterVec
	bytes    prometheus.Counter
	pictures map[rendition.How]picture
	stages   *prometheus.HistogramVec
}

// picture is what is counted of answers of one kind.
type picture struct {
	answers prometheus.Counter
	seconds prometheus.Observer
}

func newMetrics(service *rendition.Service) *metrics {
	registry := prometheus.NewRegistry()
	m := &metrics{
		page: promhttp.HandlerFor(registry, promhttp.HandlerOpts{}),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "photofit_requests_total", Help: "Requests answered, by kind and HTTP status."}, []string{"kind", "status"}),
		bytes: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "photofit_response_bytes_total", Help: "Bytes of response bodies."}),
		pictures: map[rendition.How]picture{},
		stages: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "photofit_stage_seconds", Help: "Time spent in a stage of making a rendition: queue, fetch, render, store.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2.5, 12)}, []string{"stage"}),
	}
	answers := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "photofit_answers_total", Help: "Pictures answered, by how: hit, miss, shared, original."}, []string{"how"})
	seconds := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "photofit_request_seconds", Help: "Time from a picture's request to the end of its answer, by how it came about.",
		Buckets: prometheus.ExponentialBuckets(0.0005, 2.5, 14)}, []string{"how"})
	for _, how := range []rendition.How{rendition.Hit, rendition.Miss, rendition.Shared, rendition.Original} {
		m.pictures[how] = picture{answers.WithLabelValues(string(how)), seconds.WithLabelValues(string(how))}
	}
	load := func(name, help string, value func(rendition.Load) float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return value(service.Load()) })
	}
	registry.MustRegister(m.requests, m.bytes, m.stages, answers, seconds,
		load("photofit_renders_under_way", "Renders under way.", func(l rendition.Load) float64 { return float64(l.Rendering) }),
		load("photofit_renders_waiting", "Renders that wait for their turn.", func(l rendition.Load) float64 { return float64(l.Waiting) }),
		load("photofit_admitted_bytes", "Memory that renders under way have leave for.", func(l rendition.Load) float64 { return float64(l.Memory) }),
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) observe(rec *record, took time.Duration) {
	kind := rec.class
	if kind == "" {
		kind = "other"
	}
	m.requests.WithLabelValues(kind, strconv.Itoa(rec.status)).Inc()
	m.bytes.Add(float64(rec.bytes))
	if rec.how == "" {
		return
	}
	p := m.pictures[rec.how]
	p.answers.Inc()
	p.seconds.Observe(took.Seconds())
	if rec.how != rendition.Miss {
		return
	}
	for _, s := range stages(rec.timing) {
		if s.name != "lookup" {
			m.stages.WithLabelValues(s.name).Observe(s.spent.Seconds())
		}
	}
}
