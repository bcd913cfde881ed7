// Package site rewrites the pages of a built static site, so that they ask for
// each photo at the size that fits.
//
// # What is touched
//
// A page is tokenised, and what changes is spliced into its bytes: the values of
// some attributes of <img>, and by option those of <a href> and of url() in
// styles. It is never parsed and written out again, so all else stays byte for
// byte as it was: unclosed tags, odd quotes, line ends, bytes that are not UTF-8.
// What is written in is ASCII, which every encoding of the web but UTF-16 has; a
// page in that is left alone.
//
// # What decides
//
// An attribute that a page has already is its author's, and stays; a rule (see
// Rules) is the owner's, and wins. What was written by an earlier run counts as
// the page's, so running twice changes nothing. A tree of the page is parsed for
// one purpose only: to tell which rules' selectors hold for which tag (select.go).
//
// Nothing here knows where photos are, or looks at one: Config.Info tells what
// there is to know, and is asked once for each.
package site
