//go:build !function

package main

// setup are the commands that set AWS up. The function itself is built without
// them (tag function): their clients would make its zip 4.6 MB larger.
type setup struct {
	Template templateCmd `cmd:"" help:"Print the CloudFormation template that sets AWS up." group:"AWS"`
	Lint     lintCmd     `cmd:"" help:"Find what is wrong with a CloudFormation template or a DistributionConfig." group:"AWS"`
}
