package lint

import (
	"reflect"
	"slices"
)

// rules are all that is known beyond the schemas. Each looks at the whole
// document and says what it finds, under its own name or a few.
var rules = []func(*checker){
	// origins.go
	targets, originPaths, originIDs, originDomains, originConfigs, websites, slowOrigins, functionRegions,
	// originaccess.go
	originAccess, originTLS,
	// aliases.go
	defaultCertificate, certificateRegion, certificateAliases, certificateWaits, aliasNames, recordsAndAliases, authorities, viewerTLS,
	// caching.go
	cachePolicies, ttls, errorTTLs, groups, policyLists, policyIDs, failover, queryInKey, manyPolicies,
	// headers.go
	hostForwarded, vary,
	// behaviors.go
	viewerProtocol, forwardedValues, trustedSigners, writesToFunctions, methodsTaken, unreachable, rootObject, comment,
	// edges.go
	edgeSize, edgePublished, edgeRuntime, edgeEvents, edgeLambdas,
	// grants.go
	functionGrants, grantSources, bucketGrants, sourceWildcards, queueGrants,
	// policies.go
	statements, bucketActions, allRights, assumable, missingListBucket,
	// buckets.go
	acls, logBuckets, publicBuckets, bucketLives, keyPolicies, notificationGrants,
	// functions.go
	runtimes, inlineCode, codeKeys, functionURLs, timeouts, memories, reservations, reservedVariables, logs,
	// queues.go
	visibility, deadLetters, batches,
}

// of are the resources of a type.
func (c *checker) of(kinds ...string) (all []*resource) {
	for _, r := range c.resources {
		for _, kind := range kinds {
			if r.kind == kind {
				all = append(all, r)
			}
		}
	}
	return all
}

// named are the properties by which resources are called beside Ref and GetAtt.
var named = map[string]string{"AWS::S3::Bucket": "BucketName", "AWS::Lambda::Function": "FunctionName", "AWS::SQS::Queue": "QueueName"}

// pointed is the resource of one of some types that a value refers to first, by any
// function, or by its name; nil if none.
func (c *checker) pointed(p place, kinds ...string) *resource {
	for _, u := range p.refers() {
		if r := c.byName[u.Name]; r != nil && slices.Contains(kinds, r.kind) {
			return r
		}
	}
	for _, r := range c.of(kinds...) {
		if name := r.props.at(named[r.kind]); p.value != nil && reflect.DeepEqual(p.value, name.value) {
			return r
		}
	}
	return nil
}

// mayBe tells whether a value is a resource, or may be: it is none that is known.
func (c *checker) mayBe(p place, r *resource) bool {
	other := c.pointed(p, r.kind)
	return other == r || uses(p, r.name) || other == nil && !p.absent
}
