package awsfake

import (
	"encoding/xml"
	"net/http"
	"reflect"
	"slices"
	"strings"
)

type changeRequest struct {
	ChangeBatch struct {
		Comment string
		Changes struct {
			Change []struct {
				Action            string
				ResourceRecordSet recordSet
			}
		}
	}
}

func changeRecords(c *Cloud, q *call) (answer, error) {
	z, err := c.inZone(q)
	if err != nil {
		return answer{}, err
	}
	var in changeRequest
	if err := readXML(q.body, "ChangeResourceRecordSetsRequest", route53Namespace, &in); err != nil {
		return answer{}, misunderstood(http.StatusBadRequest, "InvalidInput", "%v", err)
	}
	changes := in.ChangeBatch.Changes.Change
	if len(changes) == 0 || len(changes) > 1000 {
		return answer{}, misunderstood(http.StatusBadRequest, "InvalidInput", "a batch of %d changes", len(changes))
	}
	records := slices.Clone(z.records) // all changes or none
	for _, change := range changes {
		r := change.ResourceRecordSet
		r.Name = dotted(r.Name)
		if err := z.valid(r); err != nil {
			return answer{}, err
		}
		at := slices.IndexFunc(records, func(o recordSet) bool { return o.Name == r.Name && o.Type == r.Type })
		switch change.Action {
		case "CREATE":
			if at >= 0 {
				return answer{}, batch400("Tried to create resource record set [name='%s', type='%s'] but it already exists", r.Name, r.Type)
			}
			records = append(records, r)
		case "UPSERT":
			if at >= 0 {
				records = slices.Delete(records, at, at+1)
			}
			records = append(records, r)
		case "DELETE":
			if at < 0 {
				return answer{}, batch400("Tried to delete resource record set [name='%s', type='%s'] but it was not found", r.Name, r.Type)
			}
			there := records[at]
			there.insync = false
			if !reflect.DeepEqual(there, r) {
				return answer{}, batch400("Tried to delete resource record set [name='%s', type='%s'] but the values provided do not match the current values", r.Name, r.Type)
			}
			records = slices.Delete(records, at, at+1)
		default:
			return answer{}, misunderstood(http.StatusBadRequest, "InvalidInput", "Action %q", change.Action)
		}
		for _, o := range records {
			if o.Name == r.Name && o.Type != r.Type && change.Action != "DELETE" && (o.Type == "CNAME" || r.Type == "CNAME") {
				return answer{}, batch400("RRSet of type CNAME with DNS name %s is not permitted as it conflicts with other records with the same DNS name in zone %s", r.Name, z.name)
			}
		}
	}
	z.records = records
	z.sort()
	made := &change53{id: "C" + strings.ToUpper(hash("change", text(c.number()))[:20]), made: stamp(c.now()), zone: z}
	c.changes[made.id] = made
	return xmlAnswer(http.StatusOK, struct {
		XMLName    xml.Name `xml:"https://route53.amazonaws.com/doc/2013-04-01/ ChangeResourceRecordSetsResponse"`
		ChangeInfo changeInfo
	}{ChangeInfo: changeInfo{"/change/" + made.id, "PENDING", made.made}}), nil
}

func batch400(format string, args ...any) error {
	return refuse(http.StatusBadRequest, "InvalidChangeBatch", format, args...)
}

// valid is why a record cannot be in a zone.
func (z *zone) valid(r recordSet) error {
	switch {
	case r.Name != z.name && !strings.HasSuffix(r.Name, "."+z.name):
		return batch400("RRSet with DNS name %s is not permitted in zone %s", r.Name, z.name)
	case !slices.Contains([]string{"A", "AAAA", "CAA", "CNAME", "HTTPS", "MX", "NS", "SOA", "TXT"}, r.Type):
		return misunderstood(http.StatusBadRequest, "InvalidInput", "Type %q", r.Type)
	case r.Type == "CNAME" && r.Name == z.name:
		return batch400("RRSet of type CNAME with DNS name %s is not permitted at apex in zone %s", r.Name, z.name)
	case r.AliasTarget != nil && (r.TTL != nil || r.ResourceRecords != nil):
		return misunderstood(http.StatusBadRequest, "InvalidInput", "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found more than one in Change with [Name=%s, Type=%s]", r.Name, r.Type)
	case r.AliasTarget == nil && (r.TTL == nil || len(r.values()) == 0):
		return misunderstood(http.StatusBadRequest, "InvalidInput", "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], but found none in Change with [Name=%s, Type=%s]", r.Name, r.Type)
	case r.AliasTarget == nil:
		return nil
	}
	name, wanted := dotted(r.AliasTarget.DNSName), r.AliasTarget.HostedZoneId
	switch {
	case wanted == cloudFrontZone && !strings.HasSuffix(name, ".cloudfront.net."), wanted != cloudFrontZone && strings.HasSuffix(name, ".cloudfront.net."):
		return batch400("Tried to create an alias that targets %s, type %s in zone %s, but the alias target name does not lie within the target zone", name, r.Type, wanted)
	case wanted != cloudFrontZone && wanted != z.id:
		return misunderstood(http.StatusBadRequest, "InvalidInput", "alias targets in zone %s are not known here", wanted)
	case wanted == cloudFrontZone && r.Type != "A" && r.Type != "AAAA" && r.Type != "HTTPS":
		return batch400("Tried to create an alias that targets %s, type %s in zone %s, but the alias target name does not exist", name, r.Type, wanted)
	case wanted == cloudFrontZone && r.AliasTarget.EvaluateTargetHealth:
		return batch400("EvaluateTargetHealth cannot be true for an alias of a CloudFront distribution")
	}
	return nil
}

type changeInfo struct{ Id, Status, SubmittedAt string }

func getChange(c *Cloud, q *call) (answer, error) {
	q.resource = q.path["id"]
	made := c.changes[q.path["id"]]
	if made == nil {
		return answer{}, refuse(http.StatusNotFound, "NoSuchChange", "Could not find resource with ID: %s", q.path["id"])
	}
	info := changeInfo{"/change/" + made.id, "PENDING", made.made}
	if made.asked++; made.asked > 1 {
		info.Status = "INSYNC"
		made.spread()
	}
	return xmlAnswer(http.StatusOK, struct {
		XMLName    xml.Name `xml:"https://route53.amazonaws.com/doc/2013-04-01/ GetChangeResponse"`
		ChangeInfo changeInfo
	}{ChangeInfo: info}), nil
}

// change53 is a change of Route 53 that was submitted.
type change53 struct {
	id, made string
	asked    int
	zone     *zone
}

// spread has the zone's records be answered everywhere.
func (c *change53) spread() {
	for i := range c.zone.records {
		c.zone.records[i].insync = true
	}
}
