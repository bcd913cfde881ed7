//go:build !function

package main

// setup are the commands that set AWS up. The function itself is built without
// them (tag function): their clients would make its zip 4.6 MB larger.
type setup struct {
	Template templateCmd `cmd:"" help:"Print the CloudFormation template that sets AWS up." group:"AWS"`
	Dev      devCmd      `cmd:"" help:"Run what would be deployed on this machine: edge, function, buckets, purge." group:"AWS"`
	Check    checkCmd    `cmd:"" help:"Ask a deployment whether it answers as it promises." group:"AWS"`
}
