package photofit

// Info is what there is to know of a photo without its pixels: what pages need to
// ask for the right sizes, and to hold its place meanwhile. A server gives it as
// JSON under the photo's path with /_info.json, and for fm=json.
//
// Where the photo was taken, with what, and by whose camera it never tells.
type Info struct {
	// Width and Height are the photo's, in pixels, as a viewer sees it: turned
	// upright. Of a film they are those of a frame.
	Width  int `json:"width"`
	Height int `json:"height"`

	// Bytes is the size of the photo's file.
	Bytes int64 `json:"bytes"`

	// Type is the media type of the photo's file: "image/jpeg".
	Type string `json:"type"`

	// Taken is when the shutter opened, as RFC 3339 has it; without an offset
	// where the camera did not know its time zone: "2024-05-01T14:03:07". Empty is
	// not known.
	Taken string `json:"taken,omitempty"`

	// Caption, Creator and Copyright are what the owner wrote into the photo; empty
	// where nothing is said, or where the server keeps it to itself.
	Caption   string `json:"caption,omitempty"`
	Creator   string `json:"creator,omitempty"`
	Copyright string `json:"copyright,omitempty"`

	// Color is the photo's dominant colour, as CSS has it: "#8a6f4d".
	Color string `json:"color"`

	// ThumbHash is a picture of about 25 bytes, in base64: a blurred placeholder
	// (https://evanw.github.io/thumbhash/).
	ThumbHash string `json:"thumbhash"`

	// HDR tells that the photo has more light than a usual screen shows: a gain
	// map, or a transfer function for such screens. Animated tells that it is a film.
	HDR      bool `json:"hdr"`
	Animated bool `json:"animated"`

	// Widths are the steps of the ladder that pages offer of it (Policy.WidthsFor),
	// ascending, in pixels. The last is the first that is not below the photo's own
	// width, if the ladder goes that far: as nothing is enlarged, its rendition is as
	// wide as the photo.
	Widths []int `json:"widths"`
}
