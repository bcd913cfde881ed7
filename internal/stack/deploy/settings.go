package deploy

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"

	"photofit/internal/cfn"
	"photofit/internal/stack/account"
)

// Settings are what the stack's functions have in their environment beyond the
// template's own: stack.Options.Settings, as it was deployed last. Empty: there is no stack.
func (d *Deployer) Settings(ctx context.Context) (map[string]string, error) {
	s, err := d.read(ctx, d.Name)
	if err != nil || s.stage() == absent || s.stage() == wreck {
		return nil, err
	}
	out, err := d.Account.CloudFormation.GetTemplate(ctx, &cloudformation.GetTemplateInput{StackName: &s.ID})
	if err != nil {
		return nil, account.Explain("reading the template of the stack "+d.Name, err)
	}
	template, err := cfn.Parse([]byte(aws.ToString(out.TemplateBody)))
	if err != nil {
		return nil, account.Refused("reading the template of the stack "+d.Name, err.Error(), "")
	}
	variables, _ := cfn.At(template.Root, "Resources", "Render", "Properties", "Environment", "Variables").(cfn.Object)
	settings := map[string]string{}
	for name, value := range variables {
		// The template's own are made of references.
		if text, plain := value.(string); plain && strings.HasPrefix(name, "PHOTOFIT_") {
			settings[name] = text
		}
	}
	d.oldSettings = settings
	return settings, nil
}

// Find gives the stack as it is now; nil: there is none that could be changed.
func (d *Deployer) Find(ctx context.Context) (*Stack, error) {
	s, err := d.read(ctx, d.Name)
	if err != nil || s.stage() == absent {
		return nil, err
	}
	d.stack = s
	return s, nil
}
