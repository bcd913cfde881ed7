package lint

import (
	"strings"
	"testing"
)

// A fix names what was meant.
func TestFix(t *testing.T) {
	for _, c := range []struct{ file, from, to, rule, fix string }{
		{site, "DefaultRootObject:", "DefaultRootObjct:", "unknown-property", "did you mean DefaultRootObject?"},
		{site, "TargetOriginId: either", "TargetOriginId: eiter", "target-names-no-origin", "did you mean either?"},
		{site, "PriceClass: !FindInMap [Classes, !Ref \"AWS::Region\", Prices]", "PriceClass: PriceClass100", "no-such-value", "did you mean PriceClass_100?"},
		{queue, "AWS::SQS::QueuePolicy", "AWS::SQS::QueuPolicy", "unknown-type", "did you mean AWS::SQS::QueuePolicy?"},
		{queue, "Type: AWS::S3::Bucket", "Type: AWS::S4::Bucket", "unknown-type", "did you mean AWS::S3::Bucket?"},
		{queue, "Type: AWS::S3::Bucket", "Type: AWS::Nothing::AtAll", "unknown-type", "look it up"},
		{queue, "!Ref NoticeLog", "!Ref NoticLog", "reference-to-nothing", "did you mean NoticeLog?"},
		{site, "!GetAtt Files.RegionalDomainName", "!GetAtt Files.Host", "unknown-attribute", "it has Arn, DomainName"},
		{function, urlDomain, "!GetAtt Url.FunctionUrl", "origin-domain", urlDomain},
		{site, "Files.RegionalDomainName", "Files.Arn", "origin-domain", "RegionalDomainName"},
		{command, `"Aliases": {"Quantity": 1`, `"Aliases": {"Quantity": 4`, "quantity", "write 1"},
		{queue, "    DeletionPolicy: Delete\n", "    DeletionPolcy: Delete\n", "unknown-attribute", "did you mean DeletionPolicy?"},
		{site, "Mappings:", "Mapping:", "unknown-section", "did you mean Mappings?"},
		{queue, "MaximumConcurrency: 5", "MaximumConcurrency: 1", "out-of-range", "from 2"},
	} {
		found := false
		for _, f := range check(t, strings.Replace(read(t, c.file), c.from, c.to, 1)).Findings {
			found = found || f.Rule == c.rule && strings.Contains(f.Fix, c.fix)
			if f.Rule == c.rule {
				t.Log(f.Fix)
			}
		}
		if !found {
			t.Errorf("after %q no fix of %s says %q", c.to, c.rule, c.fix)
		}
	}
}
