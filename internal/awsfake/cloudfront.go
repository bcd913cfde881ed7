package awsfake

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

func cloudFrontService() service {
	const v = "/2020-05-31/"
	return service{refuse: refuseXML, name: restName([]route{
		{"GET", v + "distribution", "ListDistributions", "Marker MaxItems"},
		{"GET", v + "distribution/{id}", "GetDistribution", ""},
		{"GET", v + "distribution/{id}/config", "GetDistributionConfig", ""},
		{"GET", v + "cache-policy", "ListCachePolicies", "Marker MaxItems Type"},
		{"GET", v + "conflicting-alias", "ListConflictingAliases", "Alias DistributionId Marker MaxItems"},
		{"GET", v + "function/{name}/describe", "DescribeFunction", "Stage"},
		{"GET", v + "function/{name}", "GetFunction", "Stage"},
		{"POST", v + "function/{name}/test", "TestFunction", ""},
		{"POST", v + "distribution/{id}/invalidation", "CreateInvalidation", ""},
		{"GET", v + "distribution/{id}/invalidation/{invalidation}", "GetInvalidation", ""},
	}), operations: map[string]operation{
		"ListDistributions": listDistributions, "GetDistribution": getDistribution, "GetDistributionConfig": getDistributionConfig, "ListConflictingAliases": conflictingAliases, "ListCachePolicies": listCachePolicies,
		"DescribeFunction": describeFunction, "GetFunction": getEdgeCode, "TestFunction": testFunction, "CreateInvalidation": createInvalidation, "GetInvalidation": getInvalidation,
	}}
}

// distributionOf finds the distribution of a request.
func (c *Cloud) distributionOf(q *call) (*distribution, error) {
	q.resource = q.path["id"]
	if d := c.distributions[q.path["id"]]; d != nil {
		return d, nil
	}
	return nil, refuse(http.StatusNotFound, "NoSuchDistribution", "The specified distribution does not exist.")
}

func (c *Cloud) distributionARN(d *distribution) string {
	return "arn:aws:cloudfront::" + c.Account + ":distribution/" + d.id
}

func getDistribution(c *Cloud, q *call) (answer, error) {
	d, err := c.distributionOf(q)
	if err != nil {
		return answer{}, err
	}
	running := 0
	for _, i := range c.invalidations {
		if i.distribution == d.id && !i.completed {
			running++
		}
	}
	a := xmlAnswer(http.StatusOK, node{name: "Distribution", kids: []node{
		{name: "Id", text: d.id}, {name: "ARN", text: c.distributionARN(d)}, {name: "Status", text: "Deployed"}, {name: "LastModifiedTime", text: d.modified},
		{name: "InProgressInvalidationBatches", text: strconv.Itoa(running)}, {name: "DomainName", text: d.domain}, d.configNode()}})
	a.header["Etag"] = d.etag
	return a, nil
}

func getDistributionConfig(c *Cloud, q *call) (answer, error) {
	d, err := c.distributionOf(q)
	if err != nil {
		return answer{}, err
	}
	a := xmlAnswer(http.StatusOK, d.configNode())
	a.header["Etag"] = d.etag
	return a, nil
}

func listDistributions(c *Cloud, q *call) (answer, error) {
	v := q.URL.Query()
	most, err := strconv.Atoi(v.Get("MaxItems"))
	if err != nil || most < 1 || most > 100 {
		most = 100
	}
	list := node{name: "DistributionList"}
	items := node{name: "Items"}
	truncated, next := false, ""
	for _, id := range slices.Sorted(maps.Keys(c.distributions)) {
		if id <= v.Get("Marker") {
			continue
		}
		if len(items.kids) == most {
			truncated = true
			break
		}
		d := c.distributions[id]
		summary := d.configNode()
		summary.name = "DistributionSummary"
		summary.kids = append([]node{{name: "Id", text: d.id}, {name: "ARN", text: c.distributionARN(d)}, {name: "Status", text: "Deployed"}, {name: "LastModifiedTime", text: d.modified}, {name: "DomainName", text: d.domain}}, summary.kids...)
		items.kids = append(items.kids, summary)
		next = id
	}
	list.kids = []node{{name: "Marker", text: v.Get("Marker")}, {name: "MaxItems", text: strconv.Itoa(most)}, {name: "IsTruncated", text: strconv.FormatBool(truncated)}, {name: "Quantity", text: strconv.Itoa(len(items.kids))}, items}
	if truncated {
		list.kids = append(list.kids, node{name: "NextMarker", text: next})
	}
	return xmlAnswer(http.StatusOK, list), nil
}

// conflictingAliases lists who has an alias, if the distribution that asks has a
// certificate that covers it.
func conflictingAliases(c *Cloud, q *call) (answer, error) {
	v := q.URL.Query()
	q.resource = v.Get("Alias")
	d := c.distributions[v.Get("DistributionId")]
	if d == nil {
		return answer{}, refuse(http.StatusNotFound, "NoSuchDistribution", "The specified distribution does not exist.")
	}
	if v.Get("Alias") == "" {
		return answer{}, misunderstood(http.StatusBadRequest, "InvalidArgument", "no Alias")
	}
	if k := c.certificate(d.certificate()); k == nil || !k.covers(v.Get("Alias")) {
		return answer{}, refuse(http.StatusBadRequest, "InvalidArgument", "The specified distribution does not have a certificate that covers the alias.")
	}
	items := node{name: "Items"}
	add := func(alias, id, account string) {
		items.kids = append(items.kids, node{name: "ConflictingAlias", kids: []node{{name: "Alias", text: alias}, {name: "DistributionId", text: id}, {name: "AccountId", text: account}}})
	}
	for _, id := range slices.Sorted(maps.Keys(c.distributions)) {
		for _, alias := range c.distributions[id].aliases() {
			if id != d.id && alias == v.Get("Alias") {
				add(alias, "*******"+id[7:], "******"+c.Account[6:])
			}
		}
	}
	if c.taken[v.Get("Alias")] {
		add(v.Get("Alias"), "*******EXAMPLE", "******333333")
	}
	return xmlAnswer(http.StatusOK, node{name: "ConflictingAliasesList", kids: []node{{name: "MaxItems", text: "100"}, {name: "Quantity", text: strconv.Itoa(len(items.kids))}, items}}), nil
}

// edgeOf finds an edge function's stage, with its code and ETag.
func (c *Cloud) edgeOf(q *call, stage string) (f *edgeFunction, code, etag string, err error) {
	q.resource = q.path["name"]
	missing := refuse(http.StatusNotFound, "NoSuchFunctionExists", "The specified function does not exist.")
	if f = c.edgeFunctions[q.path["name"]]; f == nil {
		return nil, "", "", missing
	}
	switch {
	case stage == "" || stage == "DEVELOPMENT":
		return f, f.code, f.etag, nil
	case stage == "LIVE" && f.live != "":
		return f, f.live, f.etag + "L", nil
	case stage == "LIVE":
		return nil, "", "", missing
	}
	return nil, "", "", misunderstood(http.StatusBadRequest, "InvalidArgument", "Stage %q", stage)
}

func (f *edgeFunction) node(stage string) node {
	status := "UNASSOCIATED"
	if f.live != "" {
		status = "DEPLOYED"
	}
	if stage == "" {
		stage = "DEVELOPMENT"
	}
	return node{name: "FunctionSummary", kids: []node{{name: "Name", text: f.name}, {name: "Status", text: status},
		{name: "FunctionConfig", kids: []node{{name: "Comment", text: f.comment}, {name: "Runtime", text: f.runtime}}},
		{name: "FunctionMetadata", kids: []node{{name: "FunctionARN", text: f.arn}, {name: "Stage", text: stage}, {name: "CreatedTime", text: f.modified}, {name: "LastModifiedTime", text: f.modified}}}}}
}

func describeFunction(c *Cloud, q *call) (answer, error) {
	stage := q.URL.Query().Get("Stage")
	f, _, etag, err := c.edgeOf(q, stage)
	if err != nil {
		return answer{}, err
	}
	a := xmlAnswer(http.StatusOK, f.node(stage))
	a.header["Etag"] = etag
	return a, nil
}

func getEdgeCode(c *Cloud, q *call) (answer, error) {
	_, code, etag, err := c.edgeOf(q, q.URL.Query().Get("Stage"))
	if err != nil {
		return answer{}, err
	}
	return answer{header: map[string]string{"Content-Type": "application/octet-stream", "Etag": etag}, body: []byte(code)}, nil
}

// Tested is what came of a test of an edge function.
type Tested struct {
	Output      string // JSON: {"request": …} or {"response": …}
	Error       string // or this, in words
	Utilization int    // 0 to 100
}

// OnTest says how TestFunction runs a function: its code, and an event in JSON. It must
// not call the Cloud.
func (c *Cloud) OnTest(run func(code string, event []byte) Tested) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.test = run
}

func testFunction(c *Cloud, q *call) (answer, error) {
	var in struct{ EventObject, Stage string }
	if err := readXML(q.body, "TestFunctionRequest", namespace, &in); err != nil {
		return answer{}, misunderstood(http.StatusBadRequest, "InvalidArgument", "%v", err)
	}
	f, code, etag, err := c.edgeOf(q, in.Stage)
	if err != nil {
		return answer{}, err
	}
	event, err := base64.StdEncoding.DecodeString(in.EventObject)
	var parsed struct {
		Version  string          `json:"version"`
		Context  json.RawMessage `json:"context"`
		Viewer   json.RawMessage `json:"viewer"`
		Request  json.RawMessage `json:"request"`
		Response json.RawMessage `json:"response"`
	}
	switch {
	case q.Header.Get("If-Match") != etag:
		return answer{}, refuse(http.StatusBadRequest, "InvalidIfMatchVersion", "The If-Match version is missing or not valid for the resource.")
	case err != nil || len(event) > 40<<10 || strictJSON(event, &parsed) != nil || parsed.Version != "1.0" || parsed.Context == nil || parsed.Viewer == nil || parsed.Request == nil:
		return answer{}, misunderstood(http.StatusBadRequest, "InvalidArgument", "The event object is not valid: %s", event)
	case c.test == nil:
		return answer{}, misunderstood(http.StatusInternalServerError, "TestFunctionFailed", "nobody said how a function is tested: OnTest")
	}
	result := c.test(code, event)
	return xmlAnswer(http.StatusOK, node{name: "TestResult", kids: []node{f.node(in.Stage), {name: "ComputeUtilization", text: strconv.Itoa(result.Utilization)},
		{name: "FunctionErrorMessage", text: result.Error}, {name: "FunctionOutput", text: result.Output}, {name: "FunctionExecutionLogs"}}}), nil
}

// invalidation is one that was made.
type invalidation struct {
	id, distribution, made string
	batch                  batch
	asked                  int
	completed              bool
}

// Invalidated are the paths and "#" with the tags that were invalidated, in order.
func (c *Cloud) Invalidated() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []string
	for _, i := range slices.SortedFunc(maps.Values(c.invalidations), func(a, b *invalidation) int { return strings.Compare(a.made, b.made) }) {
		list = append(list, i.batch.Paths.Items.Path...)
	}
	return list
}

func createInvalidation(c *Cloud, q *call) (answer, error) {
	d, err := c.distributionOf(q)
	if err != nil {
		return answer{}, err
	}
	var in batch
	if err := readXML(q.body, "InvalidationBatch", namespace, &in); err != nil {
		return answer{}, misunderstood(http.StatusBadRequest, "MalformedInput", "%v", err)
	}
	items := in.Paths.Items.Path
	switch {
	case in.CallerReference == "":
		return answer{}, misunderstood(http.StatusBadRequest, "MissingBody", "no CallerReference")
	case in.Paths.Quantity != len(items) || len(items) == 0:
		return answer{}, misunderstood(http.StatusBadRequest, "InconsistentQuantities", "The value of Quantity and the size of Items don't match.")
	}
	for i, item := range items {
		if strings.HasPrefix(item, "#") && isTag(item) {
			items[i] = strings.ToLower(item)
		} else if !isPath(item) {
			return answer{}, misunderstood(http.StatusBadRequest, "InvalidArgument", "Your request contains one or more invalid invalidation paths.")
		}
	}
	paths, wildcards := 0, 0
	count := func(list []string) {
		for _, item := range list {
			if paths++; strings.HasSuffix(item, "*") && !strings.HasPrefix(item, "#") {
				wildcards++
			}
		}
	}
	for _, i := range c.invalidations {
		switch {
		case i.distribution != d.id:
		case i.batch.CallerReference == in.CallerReference && !slices.Equal(i.batch.Paths.Items.Path, items):
			return answer{}, refuse(http.StatusBadRequest, "InvalidationBatchAlreadyExists", "An invalidation batch with the same caller reference but another body is there.")
		case i.batch.CallerReference == in.CallerReference:
			return i.answer(http.StatusCreated), nil
		case !i.completed:
			count(i.batch.Paths.Items.Path)
		}
	}
	if count(items); paths > 3000 || wildcards > 15 {
		return answer{}, refuse(http.StatusBadRequest, "TooManyInvalidationsInProgress", "You have exceeded the maximum number of allowable InProgress invalidation batch requests, or invalidation objects.")
	}
	i := &invalidation{id: "I" + strings.ToUpper(hash("invalidation", text(c.number()))[:13]), distribution: d.id, made: stamp(c.now()), batch: in}
	c.invalidations[i.id] = i
	if tell := c.invalidated; tell != nil {
		c.later = append(c.later, func() { tell(d.id, items) })
	}
	return i.answer(http.StatusCreated), nil
}

// isPath tells whether an item is a path that can be invalidated.
func isPath(s string) bool {
	if !strings.HasPrefix(s, "/") || len(s) > 4000 || strings.Contains(strings.TrimSuffix(s, "*"), "*") {
		return false
	}
	return !strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c > '~'-1 })
}

func (i *invalidation) answer(status int) answer {
	state := "InProgress"
	if i.completed {
		state = "Completed"
	}
	in := i.batch
	in.XMLName = xml.Name{}
	a := xmlAnswer(status, struct {
		XMLName            xml.Name `xml:"Invalidation"`
		ID                 string   `xml:"Id"`
		Status, CreateTime string
		Batch              batch `xml:"InvalidationBatch"`
	}{ID: i.id, Status: state, CreateTime: i.made, Batch: in})
	a.header["Location"] = "https://cloudfront.amazonaws.com/2020-05-31/distribution/" + i.distribution + "/invalidation/" + i.id
	return a
}

func getInvalidation(c *Cloud, q *call) (answer, error) {
	d, err := c.distributionOf(q)
	if err != nil {
		return answer{}, err
	}
	i := c.invalidations[q.path["invalidation"]]
	if i == nil || i.distribution != d.id {
		return answer{}, refuse(http.StatusNotFound, "NoSuchInvalidation", "The specified invalidation does not exist.")
	}
	i.asked++
	i.completed = i.asked > 1
	return i.answer(http.StatusOK), nil
}
