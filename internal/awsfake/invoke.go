package awsfake

import (
	"encoding/json"
	"net/http"
)

// OnInvoke says what a function does with an event in JSON: its answer, or the words
// of its failure. Without it functions answer null.
func (c *Cloud) OnInvoke(run func(function string, event []byte) (payload []byte, failure string)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.invoked = run
}

// invoke is Invoke for an answer that is waited for. A function that fails is a 200 with
// X-Amz-Function-Error. https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
func invoke(c *Cloud, q *call) (answer, error) {
	q.resource = q.path["name"]
	f := c.functionOf(q.region, q.path["name"])
	if f == nil {
		return answer{}, refuse(http.StatusNotFound, "ResourceNotFoundException", "Function not found: %s", q.path["name"])
	}
	if kind := q.Header.Get("X-Amz-Invocation-Type"); kind != "" && kind != "RequestResponse" {
		return answer{}, misunderstood(http.StatusBadRequest, "InvalidParameterValueException", "invocations of type %s are not made here", kind)
	}
	if !json.Valid(q.body) {
		return answer{}, refuse(http.StatusBadRequest, "InvalidRequestContentException", "Could not parse request body into json")
	}
	a := answer{header: map[string]string{"Content-Type": "application/json", "X-Amz-Executed-Version": "$LATEST"}, body: []byte("null")}
	if c.invoked == nil {
		return a, nil
	}
	run, name := c.invoked, f.name
	a.run = func() answer {
		payload, failure := run(name, q.body)
		if a.run, a.body = nil, payload; failure != "" {
			a.header["X-Amz-Function-Error"] = "Unhandled"
			a.body, _ = json.Marshal(map[string]string{"errorType": "Runtime.ExitError", "errorMessage": failure}) // of strings
		}
		return a
	}
	return a, nil
}
