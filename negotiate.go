package photofit

import "strings"

// Negotiate tells from an Accept header (RFC 9110, 12.5.1) which class of
// formats a client takes.
//
// WebP and AVIF count where they are named: browsers send */* whether they can
// show them or not. A weight of 0 refuses. The class is AutoAVIF only if WebP
// is taken too, since a renderer may choose that, and only if AVIF weighs at
// least as much; it is Auto where image/jpeg is named and weighs more than
// WebP. Parts that are malformed count as absent; of a type named twice, the
// first counts. Several Accept headers are joined with commas first.
func Negotiate(accept string) Format {
	avif, webp, jpeg := -1, -1, -1 // weights in thousandths; -1 is not named
	for accept != "" {
		var part string
		part, accept = cutUnquoted(accept, ',')
		media, params := cutUnquoted(part, ';')
		var weight *int
		switch media = trimSpace(media); {
		case strings.EqualFold(media, "image/avif"):
			weight = &avif
		case strings.EqualFold(media, "image/webp"):
			weight = &webp
		case strings.EqualFold(media, "image/jpeg"):
			weight = &jpeg
		}
		if weight != nil && *weight < 0 {
			*weight = parseWeight(params)
		}
	}
	switch {
	case webp <= 0 || webp < jpeg:
		return Auto
	case avif <= 0 || avif < webp:
		return AutoWebP
	}
	return AutoAVIF
}

// parseWeight finds q among a media range's parameters, in thousandths: 1000 if
// it is absent, -1 if it is malformed.
func parseWeight(params string) int {
	for params != "" {
		var param string
		param, params = cutUnquoted(params, ';')
		param = trimSpace(param)
		if len(param) < 2 || param[0]|0x20 != 'q' || param[1] != '=' {
			continue
		}
		// At most three decimals, and no more than 1.
		v := param[2:]
		if v == "" || len(v) > 5 || v[0] != '0' && v[0] != '1' || len(v) > 1 && v[1] != '.' {
			return -1
		}
		weight, scale := int(v[0]-'0')*1000, 100
		for i := 2; i < len(v); i++ {
			if v[i] < '0' || v[i] > '9' {
				return -1
			}
			weight += int(v[i]-'0') * scale
			scale /= 10
		}
		if weight > 1000 {
			return -1
		}
		return weight
	}
	return 1000
}

// cutUnquoted cuts s at the first sep outside a quoted string.
func cutUnquoted(s string, sep byte) (before, after string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '\\' && quoted:
			i++
		case s[i] == sep && !quoted:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// trimSpace trims what RFC 9110 calls optional white space.
func trimSpace(s string) string { return strings.Trim(s, " \t") }
