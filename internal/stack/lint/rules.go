package lint

// rules are all that is known beyond the schemas. Each looks at the whole
// document and says what it finds, under its own name or a few.
var rules = []func(*checker){
	// origins.go
	targets, originPaths, originIDs, originDomains, originConfigs, websites, originAccess, originTLS, slowOrigins, functionRegions,
	// aliases.go
	defaultCertificate, certificateRegion, certificateAliases, certificateWaits, aliasNames, recordsAndAliases, authorities, viewerTLS,
	// caching.go
	cachePolicies, ttls, errorTTLs, failover, queryInKey, hostForwarded, vary, manyPolicies,
	// behaviors.go
	viewerProtocol, forwardedValues, trustedSigners, writesToFunctions, unreachable, rootObject, comment,
	// edges.go
	edgeSize, edgePublished, edgeRuntime, edgeLambdas,
	// grants.go
	functionGrants, grantSources, bucketGrants, sourceWildcards, queueGrants,
	// policies.go
	statements, bucketActions, allRights, assumable, missingListBucket,
	// buckets.go
	acls, logBuckets, publicBuckets, bucketLives, keyPolicies, notificationGrants,
	// functions.go
	runtimes, inlineCode, codeKeys, functionURLs, timeouts, memories, reservations, logs,
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

// pointed is the resource of one of some types that a value refers to first, by any
// function; nil if none.
func (c *checker) pointed(p place, kinds ...string) *resource {
	for _, u := range p.refers() {
		if r := c.byName[u.Name]; r != nil {
			for _, kind := range kinds {
				if r.kind == kind {
					return r
				}
			}
		}
	}
	return nil
}
