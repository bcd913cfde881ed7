package awsfake

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
)

// jsonName is the operation of a request of the JSON protocol, version 1.1.
func jsonName(target string) func(*call) string {
	return func(q *call) string {
		if q.Method != http.MethodPost || q.URL.Path != "/" || q.Header.Get("Content-Type") != "application/x-amz-json-1.1" {
			return ""
		}
		name, ok := strings.CutPrefix(q.Header.Get("X-Amz-Target"), target+".")
		if !ok {
			return ""
		}
		return name
	}
}

// fromJSON is an operation of the JSON protocol: T holds its parameters, and what do
// gives is its answer.
func fromJSON[T any](do func(*Cloud, *call, T) (any, error)) operation {
	return func(c *Cloud, q *call) (answer, error) {
		var in T
		if err := strictJSON(q.body, &in); err != nil {
			return answer{}, misunderstood(http.StatusBadRequest, "SerializationException", "%v", err)
		}
		out, err := do(c, q, in)
		if err != nil {
			return answer{}, err
		}
		return jsonAnswer(http.StatusOK, "application/x-amz-json-1.1", out), nil
	}
}

// strictJSON refuses what the struct has no field for.
func strictJSON(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

func jsonAnswer(status int, kind string, out any) answer {
	if out == nil {
		return answer{status: status, header: map[string]string{"Content-Type": kind}}
	}
	body, err := json.Marshal(out)
	if err != nil {
		panic(err) // only values that are made here
	}
	return answer{status: status, header: map[string]string{"Content-Type": kind}, body: body}
}

// refuseJSON is the form of the JSON protocols.
func refuseJSON(kind string) func(*call, *refusal) answer {
	return func(_ *call, r *refusal) answer {
		a := jsonAnswer(r.status, kind, map[string]string{"__type": r.code, "message": r.message})
		a.header["X-Amzn-Errortype"] = r.code
		return a
	}
}
