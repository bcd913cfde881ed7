package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront"
	"github.com/aws/aws-sdk-go-v2/service/cloudfront/types"

	"photofit"
	"photofit/internal/stack/account"
)

// EdgeReport is how the edge function did in CloudFront's own runtime.
type EdgeReport struct {
	Asked       int      `json:"asked"`
	Differ      []string `json:"differ,omitempty"` // requests with another outcome than the server's
	Utilisation int      `json:"utilisation"`      // the most of the time that a function may take, in percent
	NoQuery     bool     `json:"noQuery"`          // the test hands no query over, so those with one were not compared
}

// MaxUtilisation is how much of its time the edge function may take, in percent: the
// rest is for slower machines than the one it was tested on.
const MaxUtilisation = 60

// Error says what is wrong with the report; nil: nothing.
func (r *EdgeReport) Error() error {
	switch {
	case len(r.Differ) > 0:
		return fmt.Errorf("the edge function answers %d of %d requests otherwise than the server, such as %s: this is an error of Photofit's, please report it", len(r.Differ), r.Asked, r.Differ[0])
	case r.Utilisation >= MaxUtilisation:
		return fmt.Errorf("the edge function takes %d %% of the time that it may take, more than %d: make the policy's lists of widths shorter", r.Utilisation, MaxUtilisation)
	}
	return nil
}

// CheckEdge runs the deployed edge function on 52 requests by CloudFront's TestFunction
// and compares what comes out with photofit.Resolve.
func (d *Deployer) CheckEdge(ctx context.Context, policy photofit.Policy) (*EdgeReport, error) {
	name := d.Name + "-" + d.Account.Region
	is, err := d.Account.CloudFront.DescribeFunction(ctx, &cloudfront.DescribeFunctionInput{Name: &name, Stage: types.FunctionStageLive})
	if err != nil {
		return nil, account.Explain("looking at the edge function "+name, err)
	}
	r := &EdgeReport{Asked: len(edgeAsks)}
	bare := 0
	var withQuery []string
	for _, ask := range edgeAsks {
		event, err := ask.event()
		if err != nil {
			return nil, err
		}
		out, err := d.Account.CloudFront.TestFunction(ctx, &cloudfront.TestFunctionInput{Name: &name, IfMatch: is.ETag, Stage: types.FunctionStageLive, EventObject: event})
		if err != nil {
			return nil, account.Explain("testing the edge function "+name, err)
		}
		result := out.TestResult
		if text := aws.ToString(result.FunctionErrorMessage); text != "" {
			r.Differ = append(r.Differ, ask.String()+" (it fails: "+text+")")
			continue
		}
		if n, err := strconv.Atoi(aws.ToString(result.ComputeUtilization)); err == nil {
			r.Utilisation = max(r.Utilisation, n)
		}
		got, want := outcomeOf(aws.ToString(result.FunctionOutput)), ask.outcome(policy)
		if got == want {
			continue
		}
		differs := fmt.Sprintf("%s (%s, not %s)", ask, got, want)
		plain := ask
		plain.query = ""
		if ask.query != "" && got == plain.outcome(policy) {
			bare++
			withQuery = append(withQuery, differs)
			continue
		}
		r.Differ = append(r.Differ, differs)
	}
	// If none of the queries made a difference, it is the test that did not pass them on.
	queries := 0
	for _, ask := range edgeAsks {
		if plain := (edgeAsk{path: ask.path, accept: ask.accept}); ask.query != "" && ask.outcome(policy) != plain.outcome(policy) {
			queries++
		}
	}
	if r.NoQuery = bare == queries; !r.NoQuery {
		r.Differ = append(r.Differ, withQuery...)
	}
	return r, nil
}

// edgeAsk is a request that the edge function is tested with.
type edgeAsk struct{ path, query, accept string }

// String is the request as a URL.
func (a edgeAsk) String() string {
	if a.query == "" {
		return a.path
	}
	return a.path + "?" + a.query
}

// event is the request as CloudFront hands it to a function.
// https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/functions-event-structure.html
func (a edgeAsk) event() ([]byte, error) {
	type field struct {
		Value string `json:"value"`
	}
	query := map[string]field{}
	for pair := range strings.SplitSeq(a.query, "&") {
		if name, value, _ := strings.Cut(pair, "="); name != "" {
			query[name] = field{value}
		}
	}
	headers := map[string]field{"host": {"photos.example.com"}}
	if a.accept != "" {
		headers["accept"] = field{a.accept}
	}
	return json.Marshal(map[string]any{
		"version": "1.0",
		"context": map[string]any{"eventType": "viewer-request"},
		"viewer":  map[string]any{"ip": "198.51.100.11"},
		"request": map[string]any{"method": "GET", "uri": a.path, "querystring": query, "headers": headers, "cookies": map[string]any{}},
	})
}

// outcome is what the server makes of the request: the path of the rendition, or a
// status.
func (a edgeAsk) outcome(policy photofit.Policy) string {
	if strings.HasSuffix(a.path, "/") || strings.HasPrefix(a.path, "/-/") {
		return "404"
	}
	recipe, err := photofit.Resolve(a.path, a.query, a.accept, policy)
	if err != nil {
		if errors.Is(err, photofit.ErrForbidden) {
			return "403"
		}
		return "400"
	}
	return "/" + recipe.Key()
}

// outcomeOf reads what the function gave, in the same words.
func outcomeOf(output string) string {
	var out struct {
		Request *struct {
			URI string `json:"uri"`
		} `json:"request"`
		Response *struct {
			StatusCode int `json:"statusCode"`
		} `json:"response"`
	}
	if err := json.Unmarshal([]byte(output), &out); err != nil {
		return "no JSON"
	}
	switch {
	case out.Request != nil:
		return out.Request.URI
	case out.Response != nil:
		return strconv.Itoa(out.Response.StatusCode)
	}
	return "neither a request nor a response"
}

// edgeAsks are 52 requests: each kind of parameter, of name, of Accept header and of
// refusal.
var edgeAsks = func() []edgeAsk {
	const all, webp, none = "image/avif,image/webp,image/*,*/*;q=0.8", "image/webp,*/*", "*/*"
	asks := []edgeAsk{
		{"/a.jpg", "", all}, {"/a.jpg", "", webp}, {"/a.jpg", "", none}, {"/a.jpg", "", ""},
		{"/", "", all}, {"/trip/", "", all}, {"/-/health", "", none},
		{"/trip/b.jpg/_w800.auto-avif", "", all}, {"/trip/b.jpg/_w801-h450-crop-q80.webp", "", all}, {"/trip/b.jpg/_w800.nothing", "", all},
		{"/trip/_DSC1.jpg", "", webp}, {"/caf%C3%A9/%E4%B8%96%E7%95%8C.jpg", "", all}, {"/a%20b+c%23d.jpg", "", all}, {"/%F0%9F%98%80.jpg", "", webp},
		{"/a%2e%2e/b.jpg", "", all}, {"/../b.jpg", "", all}, {"//b.jpg", "", all}, {"/%zz.jpg", "", all}, {"/%ff.jpg", "", all}, {"/~5Fa/_w8.auto", "", all},
		{"/" + strings.Repeat("%E4%B8%96", 200) + ".jpg", "", all}, {"/" + strings.Repeat("a/", 150) + "b.jpg", "", all},
		{"/a.jpg/_original", "", none}, {"/_info.json", "", none}, {"/a.jpg/_info.json", "", all},
	}
	for _, query := range []string{
		"w=800", "w=801", "w=400&dpr=2", "w=800&h=450&fit=crop", "w=800&ar=1:1&fit=crop&crop=smart", "w=800&ar=1:1&fit=crop&fp-x=0.1&fp-y=0.9",
		"w=800&fm=webp&q=60", "fm=avif", "q=75", "fm=json", "h=300", "w=8&h=9&fit=min", "w=800&auto=format,compress", "w=800&utm_source=x",
		"w=0", "w=abc", "fit=fill", "rot=90", "crop=faces", "fm=original", "w=99999", "q=101", "fp-x=2", "ar=16:9", "w=640&h=640&fit=crop&crop=top,left", "dpr=3&w=1000", "fm=png&w=100",
	} {
		asks = append(asks, edgeAsk{"/a.jpg", query, all})
	}
	return slices.Clip(asks)
}()
