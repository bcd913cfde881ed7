package lint

// mapped is an SQS queue that a function is called for.
type mapped struct {
	mapping, queue, function *resource // queue and function may be nil: not of this template
}

func (c *checker) mappings() (all []mapped) {
	for _, m := range c.of("AWS::Lambda::EventSourceMapping") {
		queue := c.pointed(m.props.at("EventSourceArn"), "AWS::SQS::Queue")
		if queue != nil {
			all = append(all, mapped{m, queue, c.pointed(m.props.at("FunctionName"), "AWS::Lambda::Function")})
		}
	}
	return all
}

// visibility sees that a message does not come again while it is worked on.
func visibility(c *checker) {
	for _, m := range c.mappings() {
		if m.function == nil {
			continue
		}
		for _, hidden := range m.queue.props.numberOr(30, "VisibilityTimeout") {
			for _, timeout := range m.function.props.numberOr(3, "Timeout") {
				at := m.queue.props.at("VisibilityTimeout")
				if at.absent {
					at = m.queue.at
				}
				window := 0.0
				for _, w := range m.mapping.props.numberOr(0, "MaximumBatchingWindowInSeconds") {
					window = w
				}
				switch {
				case hidden < timeout:
					c.errorf("queue-visibility", at, "make VisibilityTimeout six times the function's Timeout, and the batch window", "a message is hidden for %v s, and the function %s has %v s; Lambda refuses it with \"Queue visibility timeout: %v seconds is less than Function timeout: %v seconds\"", hidden, m.function.name, timeout, hidden, timeout)
				case hidden < 6*timeout+window:
					c.warnf("queue-visibility", at, "make VisibilityTimeout six times the function's Timeout, and the batch window", "a message is hidden for %v s only: where the function %s (%v s) is throttled or tries again, another run gets the same message meanwhile", hidden, m.function.name, timeout)
				}
			}
		}
	}
}

// deadLetters sees that a message that cannot be worked off ends somewhere.
func deadLetters(c *checker) {
	for _, m := range c.mappings() {
		if !there(m.queue.props, "RedrivePolicy") {
			c.warnf("queue-without-dead-letters", m.queue.at, "add RedrivePolicy with a second queue and maxReceiveCount: 5", "a message that cannot be worked off comes again and again, for four days, each time a paid run, and is then lost")
		}
	}
}

// batches looks at how messages are handed over.
func batches(c *checker) {
	for _, m := range c.mappings() {
		for _, size := range m.mapping.props.numberOr(10, "BatchSize") {
			types, whole := m.mapping.props.list("FunctionResponseTypes")
			if whole && len(types) == 0 && size > 1 {
				c.warnf("no-partial-failures", m.mapping.at, "add FunctionResponseTypes: [ReportBatchItemFailures], and answer with the ids that failed", "one message that fails brings all of its batch of %v again", size)
			}
			for _, window := range m.mapping.props.numberOr(0, "MaximumBatchingWindowInSeconds") {
				if size > 10 && window < 1 {
					c.errorf("batch-window", m.mapping.props.at("BatchSize"), "add MaximumBatchingWindowInSeconds: 1, or more", "a batch of %v needs a window to be gathered in; Lambda refuses it with InvalidParameterValueException", size)
				}
			}
		}
	}
}
