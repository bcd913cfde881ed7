package awsfake

import (
	"encoding/xml"
	"fmt"
	"net/http"
)

// refusal is an error that AWS answers.
type refusal struct {
	status  int
	code    string
	message string
	fault   bool // AWS would not have understood the request
	header  map[string]string
}

func (r *refusal) Error() string { return r.code + ": " + r.message }

// refuse is a refusal that clients live with.
func refuse(status int, code, format string, args ...any) *refusal {
	return &refusal{status: status, code: code, message: fmt.Sprintf(format, args...)}
}

// misunderstood is a refusal that no client of AWS's should ever see.
func misunderstood(status int, code, format string, args ...any) *refusal {
	r := refuse(status, code, format, args...)
	r.fault = true
	return r
}

// invalid is CloudFormation's word for nearly everything.
func invalid(format string, args ...any) *refusal {
	return refuse(http.StatusBadRequest, "ValidationError", format, args...)
}

// refuseXML is the form of the query protocol, of CloudFront and Route 53.
func refuseXML(_ *call, r *refusal) answer {
	type fault struct{ Type, Code, Message string }
	kind := "Sender"
	if r.status >= 500 {
		kind = "Receiver"
	}
	return xmlAnswer(r.status, struct {
		XMLName   xml.Name `xml:"ErrorResponse"`
		Error     fault
		RequestID string `xml:"RequestId"`
	}{Error: fault{kind, r.code, r.message}, RequestID: "request"})
}

// xmlAnswer has a value as XML.
func xmlAnswer(status int, value any) answer {
	body, err := xml.Marshal(value)
	if err != nil {
		panic(err) // only values that are made here
	}
	return answer{status: status, header: map[string]string{"Content-Type": "text/xml"}, body: append([]byte(xml.Header), body...)}
}
