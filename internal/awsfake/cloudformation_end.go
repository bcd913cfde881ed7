package awsfake

import (
	"slices"
	"strings"
)

func deleteStack(c *Cloud, q *call, in struct {
	StackName, ClientRequestToken, RoleARN, DeletionMode string
	RetainResources                                      []string
}) (any, error) {
	s, err := c.stackOf(q, in.StackName)
	if err != nil {
		if err.(*refusal).fault {
			return nil, err
		}
		return nil, nil // what is not there is deleted
	}
	if in.DeletionMode != "" {
		if err := oneOf("deletionMode", in.DeletionMode, "STANDARD", "FORCE_DELETE_STACK"); err != nil {
			return nil, err
		}
	}
	force := in.DeletionMode == "FORCE_DELETE_STACK"
	switch {
	case s.gone(), s.status == "DELETE_IN_PROGRESS":
		return nil, nil
	case s.protected:
		return nil, invalid("Stack [%s] cannot be deleted while TerminationProtection is enabled", s.name)
	case (len(in.RetainResources) > 0 || force) && s.status != "DELETE_FAILED":
		return nil, invalid("Invalid operation on stack [%s]. When you specify resources to retain, or force the deletion, the stack must be in the DELETE_FAILED state.", s.id)
	case strings.HasPrefix(s.status, "UPDATE_") && s.inProgress():
		return nil, invalid("Stack [%s] cannot be deleted while in status %s", s.name, s.status)
	}
	for _, id := range in.RetainResources {
		if r := s.existing(id); r == nil || r.status != "DELETE_FAILED" {
			return nil, invalid("The specified resources to retain must be in a valid state. Do not specify these resources: [%s]", id)
		}
	}
	s.todo, s.token, s.run = nil, in.ClientRequestToken, nil
	c.set(s, "DELETE_IN_PROGRESS", "User Initiated")
	c.takeAway(s, "DELETE_COMPLETE", "DELETE_FAILED", func(r *resource) bool {
		return r.policy == "Retain" || r.policy == "RetainExceptOnCreate" || slices.Contains(in.RetainResources, r.id) || force && r.status == "DELETE_FAILED"
	})
	return nil, nil
}

func protect(c *Cloud, q *call, in struct {
	StackName                   string
	EnableTerminationProtection bool
}) (any, error) {
	s, err := c.stackOf(q, in.StackName)
	if err != nil {
		return nil, err
	}
	s.protected = in.EnableTerminationProtection
	return struct{ StackId string }{s.id}, nil
}

func continueRollback(c *Cloud, q *call, in struct {
	StackName, ClientRequestToken, RoleARN string
	ResourcesToSkip                        []string
}) (any, error) {
	s, err := c.stackOf(q, in.StackName)
	if err != nil {
		return nil, err
	}
	if s.status != "UPDATE_ROLLBACK_FAILED" {
		return nil, invalid("Stack:%s is in %s state and can not continue update rollback.", s.id, s.status)
	}
	for _, id := range in.ResourcesToSkip {
		if r := s.resources[id]; r == nil || r.status != "UPDATE_FAILED" {
			return nil, invalid("Resource %s to skip must be in UPDATE_FAILED state", id)
		}
	}
	s.token = in.ClientRequestToken
	c.set(s, "UPDATE_ROLLBACK_IN_PROGRESS", "User Initiated")
	s.run.undo(in.ResourcesToSkip)
	return struct{}{}, nil
}

func rollbackStack(c *Cloud, q *call, in struct {
	StackName, ClientRequestToken, RoleARN string
	RetainExceptOnCreate                   bool
}) (any, error) {
	s, err := c.stackOf(q, in.StackName)
	if err != nil {
		return nil, err
	}
	if s.status != "CREATE_FAILED" && s.status != "UPDATE_FAILED" {
		return nil, invalid("Stack:%s is in %s state and can not be rolled back.", s.id, s.status)
	}
	s.token, s.run.delete, s.run.onCreate = in.ClientRequestToken, false, in.RetainExceptOnCreate
	s.run.back("User Initiated. ")
	return struct{ StackId string }{s.id}, nil
}
