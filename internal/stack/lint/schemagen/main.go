// Command schemagen makes extract.json of package schema from what AWS publishes.
// It is run by hand when AWS has something new:
//
//	go run ./internal/stack/lint/schemagen CloudformationSchema.zip >extract.json
//	mv extract.json internal/stack/lint/schema/
//
// Its argument is CloudFormation's resource schemas, a zip or a folder of JSON files:
//
//   - AWS's own: https://schema.cloudformation.us-east-1.amazonaws.com/CloudformationSchema.zip
//   - those that cfn-lint ships, which are the same with some enums and rules added:
//     bin/tools/cfn-lint/lib/python3.*/site-packages/cfnlint/data/schemas/resources
//     (scripts/tools cfn installs it). The extract was made from these, of cfn-lint 1.58.0.
//
// The DistributionConfig of the AWS command line has no such schema. Its members are those of the Go SDK
// (cloudfront/types, in the version of go.mod), whose comments say which are required; go list finds them.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: schemagen FOLDER|ZIP >extract.json")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "schemagen:", err)
		os.Exit(1)
	}
}

func run(source string) error {
	made, err := resources(source)
	if err != nil {
		return err
	}
	folder, err := sdkFolder()
	if err != nil {
		return err
	}
	if made.Distribution, err = structs(folder, "DistributionConfig"); err != nil {
		return err
	}
	text, err := json.Marshal(made)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(append(text, '\n'))
	return err
}
