package deploy

import (
	"cmp"
	"maps"
	"slices"

	"photofit/internal/cfn"
)

// inOrder puts changes in the order in which the template has their resources; those that it has
// no more come last.
func (d *Deployer) inOrder(changes []Change) {
	t, err := cfn.Parse(d.Template)
	if err != nil {
		return
	}
	line := func(c Change) int {
		if cfn.At(t.Root, "Resources", c.Resource) == nil {
			return cfn.MaxSize
		}
		return t.Line("Resources", c.Resource)
	}
	slices.SortFunc(changes, func(a, b Change) int {
		return cmp.Or(cmp.Compare(line(a), line(b)), cmp.Compare(a.Resource, b.Resource))
	})
}

// parametersOf are the names of a template's parameters, in order.
func parametersOf(template []byte) []string {
	d, err := cfn.Parse(template)
	if err != nil {
		return nil // CloudFormation will say
	}
	parameters, _ := d.Root["Parameters"].(cfn.Object)
	return slices.Sorted(maps.Keys(parameters))
}
