package check

import "context"

// What a check needs, besides a URL.
type needs int

const (
	photo  needs = 1 << iota // a photo that is there
	inside                   // an Inside
	slow                     // time
	probed                   // the first rendition of the probe photo
)

// check is one line of the list. ask gives what was seen, or what is wrong: a
// *mistake, skipped, or an error of the network.
type check struct {
	name  string
	needs needs
	ask   func(context.Context, *suite) (string, error)
}

// list is the contract.
var list = []check{
	{"the edge answers", 0, reachable},
	{"HTTPS only", 0, httpsOnly},
	{"HTTP/2", 0, http2},
	{"aliases with valid certificates", 0, aliases},
	{"no bucket is listed", 0, noListing},
	{"the edge refuses what is no request", 0, refusals},
	{"hostile names", 0, hostileNames},
	{"GET and HEAD only", 0, methods},
	{"originals are private", 0, originals},
	{"an unknown photo is a 404", 0, unknownPhoto},

	{"a photo is rendered", inside, renders},
	{"what was rendered is kept", inside | probed, keeps},
	{"the tag makes the edge let go", inside | probed, tagged},
	{"the bucket answers for what is kept", inside | probed, bucketAnswers},
	{"the function alone refuses", inside, functionAlone},
	{"the bucket alone refuses", inside, bucketAlone},

	{"the photo is there", photo, isThere},
	{"the picture is as wide as promised", photo, wide},
	{"formats by Accept", photo, formats},
	{"headers", photo, headers},
	{"304 by ETag", photo, conditional},
	{"HEAD", photo, head},
	{"206 by Range", photo, ranges},
	{"the second ask is a hit", photo, hits},
	{"one picture, one address", photo, oneAddress},
	{"what is known of a photo", photo, infos},

	{"the function's answer is let go after a minute", inside | slow | probed, shortLived},
	{"an upload shows within ten seconds", inside | slow | probed, uploadShows},
	{"an upload leaves its master", inside | slow | probed, makesMasters},
}
