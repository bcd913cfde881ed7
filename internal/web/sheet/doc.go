// Package sheet is the contact sheet: the page that shows a folder of photos.
//
// A folder's page is at its path with a slash behind it, "/trip/", and at "/"
// for the top. It shows the folders inside, then the photos in frames of one
// shape, page by page. Each photo links to "/trip/?photo=b.jpg", the same page
// with that photo opened: large, with what it weighs beside its original, and
// with the HTML that puts it on a page of one's own.
//
// All of this is HTML that the server writes, and so it works without
// JavaScript. Small scripts add what only they can: arrow keys, the next photo
// without a new page, choices that act at once, a Copy button, addresses with
// the host in front. They build no address themselves. That is done in one
// place, here, so that names of every kind and signed policies are right
// everywhere.
//
// Below the choices are tools: the focal point on a map of the photo, the photo
// cut to each ratio, its sizes and formats by bytes, what _info.json tells, and a
// slider between a rendition and the original where anybody may have that, else
// the greatest size without loss. What costs the server work is asked for when a
// part is unfolded or a button pressed, and not before.
//
// Nothing is inline and nothing comes from another host, so the pages stand a
// strict Content-Security-Policy and set one.
package sheet
