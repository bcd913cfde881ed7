package deploy

import "slices"

// Region is a region of AWS that has S3 and Lambda.
type Region struct {
	Code         string `json:"region"`       // such as eu-central-1
	Place        string `json:"place"`        // such as Frankfurt
	FunctionURLs bool   `json:"functionURLs"` // whether Lambda has function URLs there, without which there is no Photofit
	OptIn        bool   `json:"optIn"`        // whether an account has to switch it on first
}

// Regions are those of AWS's commercial partition, from west to east, as of November 2026.
// https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html;
// function URLs by https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html.
var Regions = []Region{
	{"us-west-2", "Oregon", true, false},
	{"us-west-1", "Northern California", true, false},
	{"mx-central-1", "Mexico", true, true},
	{"us-east-2", "Ohio", true, false},
	{"us-east-1", "Northern Virginia", true, false},
	{"ca-central-1", "Montreal", true, false},
	{"ca-west-1", "Calgary", false, true},
	{"sa-east-1", "São Paulo", true, false},
	{"eu-west-1", "Ireland", true, false},
	{"eu-west-2", "London", true, false},
	{"eu-west-3", "Paris", true, false},
	{"eu-central-1", "Frankfurt", true, false},
	{"eu-central-2", "Zürich", false, true},
	{"eu-south-1", "Milan", true, true},
	{"eu-south-2", "Spain", false, true},
	{"eu-north-1", "Stockholm", true, false},
	{"af-south-1", "Cape Town", true, true},
	{"il-central-1", "Tel Aviv", false, true},
	{"me-south-1", "Bahrain", true, true},
	{"me-central-1", "United Arab Emirates", false, true},
	{"ap-south-1", "Mumbai", true, false},
	{"ap-south-2", "Hyderabad", false, true},
	{"ap-southeast-1", "Singapore", true, false},
	{"ap-southeast-7", "Thailand", false, true},
	{"ap-southeast-5", "Malaysia", false, true},
	{"ap-southeast-3", "Jakarta", true, true},
	{"ap-east-1", "Hong Kong", true, true},
	{"ap-east-2", "Taipei", false, true},
	{"ap-northeast-1", "Tokyo", true, false},
	{"ap-northeast-2", "Seoul", true, false},
	{"ap-northeast-3", "Osaka", true, false},
	{"ap-southeast-2", "Sydney", true, false},
	{"ap-southeast-4", "Melbourne", false, true},
	{"ap-southeast-6", "New Zealand", false, true},
}

func regionOf(code string) (Region, bool) {
	i := slices.IndexFunc(Regions, func(r Region) bool { return r.Code == code })
	if i < 0 {
		return Region{}, false
	}
	return Regions[i], true
}
