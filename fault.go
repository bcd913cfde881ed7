package photofit

import "errors"

// The kinds of Fault.
var (
	// ErrTooLarge: the photo is beyond what the server is set to take.
	ErrTooLarge = errors.New("photo too large")
	// ErrNotPicture: the file is no picture, or of a kind that is not taken.
	ErrNotPicture = errors.New("not a picture")
	// ErrDamaged: the photo starts like a picture, and cannot be decoded.
	ErrDamaged = errors.New("photo damaged")
	// ErrUnfit: the photo is sound, but the recipe's format cannot hold it.
	ErrUnfit = errors.New("format cannot hold the rendition")
)

// Fault is why a photo did not become the rendition that was asked for: the
// photo's fault, or that of the two together. Where a request is refused
// without a look at the photo, the error is an *Error.
type Fault struct {
	Kind  error  // one of the Err values above, by errors.Is
	Code  string // stable: "photo-damaged"
	Text  string // one line for whoever asked, which says what to do
	Cause error  // for the log; nil if there is nothing more to say
}

// Error gives the text, and the cause behind it.
func (f *Fault) Error() string {
	if f.Cause == nil {
		return f.Text
	}
	return f.Text + " (" + f.Cause.Error() + ")"
}

// Unwrap gives the kind and the cause.
func (f *Fault) Unwrap() []error {
	if f.Cause == nil {
		return []error{f.Kind}
	}
	return []error{f.Kind, f.Cause}
}
