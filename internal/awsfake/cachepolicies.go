package awsfake

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const cachePolicy = "AWS::CloudFront::CachePolicy/"

// AddCachePolicies makes cache policies of an account's own, as somebody else does.
func (c *Cloud) AddCachePolicies(names ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, name := range names {
		c.named[cachePolicy+name] = true
	}
}

// listCachePolicies lists those of the account's own, by name, ten a page if not said
// otherwise. https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ListCachePolicies.html
func listCachePolicies(c *Cloud, q *call) (answer, error) {
	v := q.URL.Query()
	if v.Get("Type") != "custom" {
		return answer{}, misunderstood(http.StatusBadRequest, "InvalidArgument", "only policies of the type custom are here")
	}
	most, err := strconv.Atoi(v.Get("MaxItems"))
	if err != nil || most < 1 {
		most = 10
	}
	items := node{name: "Items"}
	list := node{name: "CachePolicyList"}
	next := ""
	for _, key := range slices.Sorted(maps.Keys(c.named)) {
		name, ok := strings.CutPrefix(key, cachePolicy)
		if !ok || name <= v.Get("Marker") {
			continue
		}
		if len(items.kids) == most {
			list.kids = append(list.kids, node{name: "NextMarker", text: next})
			break
		}
		next = name
		items.kids = append(items.kids, node{name: "CachePolicySummary", kids: []node{{name: "Type", text: "custom"}, {name: "CachePolicy", kids: []node{
			{name: "Id", text: "E" + strings.ToUpper(hash(name)[:13])}, {name: "LastModifiedTime", text: stamp(c.clock)}, {name: "CachePolicyConfig", kids: []node{{name: "MinTTL", text: "0"}, {name: "Name", text: name}}},
		}}}})
	}
	list.kids = append(list.kids, node{name: "MaxItems", text: strconv.Itoa(most)}, node{name: "Quantity", text: strconv.Itoa(len(items.kids))}, items)
	return xmlAnswer(http.StatusOK, list), nil
}
