//go:build !function

package main

// setup are the commands that set AWS up. The function itself is built without
// them (tag function): their clients would make its zip 4.6 MB larger.
type setup struct {
	Rewrite rewriteCmd `cmd:"" help:"Rewrite the pages of a built static site, so that they ask for the right sizes."`

	Deploy   deployCmd   `cmd:"" help:"Set AWS up, or change what is there: buckets, function, CloudFront, certificate." group:"AWS"`
	Plan     planCmd     `cmd:"" help:"Tell what deploy would do." group:"AWS"`
	Status   statusCmd   `cmd:"" help:"Tell how the stack is: drift, certificate, names, the last 30 days and their cost." group:"AWS"`
	Destroy  destroyCmd  `cmd:"" help:"Take it away again. The photos stay." group:"AWS"`
	Doctor   doctorCmd   `cmd:"" help:"Look for what is usually wrong: with this machine, the account, the stack." group:"AWS"`
	Regions  regionsCmd  `cmd:"" help:"List AWS's regions, the nearest first." group:"AWS"`
	Template templateCmd `cmd:"" help:"Print the CloudFormation template that sets AWS up." group:"AWS"`
	Dev      devCmd      `cmd:"" help:"Run what would be deployed on this machine: edge, function, buckets, purge." group:"AWS"`
	Check    checkCmd    `cmd:"" help:"Ask a deployment whether it answers as it promises." group:"AWS"`
	Lint     lintCmd     `cmd:"" help:"Find what is wrong with a CloudFormation template or a DistributionConfig." group:"AWS"`
}
