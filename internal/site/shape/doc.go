// Package shape tells what style sheets say of an image's width and height.
//
// The width and height attributes of an img are the weakest of all style sheets
// (https://html.spec.whatwg.org/#dimRendering). Where a page has none and they are
// added, what no style sheet says becomes a length: under img { max-width: 100% } the
// height stays while the width shrinks. So who adds them has to know what is said,
// anywhere: at which width of the window, and what another rule says above it, is not
// looked at.
package shape
