package photofit

import "errors"

// ErrBadRequest and ErrForbidden are the two kinds of refusal. Every *Error is
// one of them, by errors.Is.
var (
	// ErrBadRequest: the request is not one that this grammar knows.
	ErrBadRequest = errors.New("bad request")
	// ErrForbidden: the request is understood, and the policy does not allow it.
	ErrForbidden = errors.New("forbidden")
)

// The values of Error.Code. They are stable: tools may rely on them.
const (
	CodeBadPath              = "bad-path"              // the path is no name and no path form
	CodeBadParameter         = "bad-parameter"         // a parameter's value is not one that it takes
	CodeReservedParameter    = "reserved-parameter"    // a parameter that will mean something later
	CodeUnsupportedParameter = "unsupported-parameter" // an imgix parameter that Photofit lacks
	CodeMixedForms           = "mixed-forms"           // query parameters on a path form
	CodeSignatureMissing     = "signature-missing"     // forbidden
	CodeSignatureWrong       = "signature-wrong"       // forbidden
	CodeSignatureExpired     = "signature-expired"     // forbidden
	CodeOriginalsPrivate     = "originals-private"     // forbidden
)

// Error is why a request was refused. It may be shown to whoever asked: it
// holds nothing but the names of parameters.
type Error struct {
	Code  string // one of the Code constants
	Param string // the query parameter it is about, or empty
	Text  string // one line that says what to do
}

// Error gives the text.
func (e *Error) Error() string { return e.Text }

// Is tells the error's kind: target is ErrBadRequest or ErrForbidden.
func (e *Error) Is(target error) bool {
	switch e.Code {
	case CodeSignatureMissing, CodeSignatureWrong, CodeSignatureExpired, CodeOriginalsPrivate:
		return target == ErrForbidden
	}
	return target == ErrBadRequest
}

func badPath(text string) error { return &Error{Code: CodeBadPath, Text: text} }

func badParam(param, text string) error {
	return &Error{Code: CodeBadParameter, Param: param, Text: text}
}
