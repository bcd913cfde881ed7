// Photofit's edge function, for CloudFront's viewer-request event and the runtime
// cloudfront-js-2.0. It turns what a viewer asks into the one path of the rendition
// on its version shelf, "/r1/trip/b.jpg/_w800.auto-webp", or answers by itself.
//
// It is photofit.Resolve in another language: the same functions by the same names
// where they can be found there, the same codes, the same texts. A test holds the
// two against each other, so change both.
//
// The runtime has ES5.1 and little more (no charCodeAt, no spread, no "?."), 2 MB
// that are not collected within a call, and about a millisecond. So: no string is
// grown byte by byte, and no expression relies on "$", which may stop before a line
// feed. minify.go says what else keeps to be able to shorten it to 10 KB.

const policy = PHOTOFIT_POLICY;

// No number in a query counts as more than this.
const MOST = 1000000;

const INFO = 'info.json';
const FORMATS = 'auto,auto-webp,auto-avif,jpg,webp,avif,png'.split(',');

const OURS = 'w,h,ar,fit,crop,fp-x,fp-y,q,fm,auto,dpr'.split(',');
const SIGNATURE = ['s', 'expires'];
const RESERVED = ['cs', 'hdr', 'frame'];

// What imgix has and would change the picture: names, and families of names.
const LACKING = 'width,height,max-w,max-h,min-w,min-h,max-width,max-height,min-width,min-height,rect,flip,or,orient,corner-radius,fp-z,fp-debug,transparency,blur,bri,con,exp,gam,high,htn,hue,inv,invert,mono,nr,nrs,px,sat,sepia,shad,sharp,usm,usmrad,vib,chromasub,colorquant,lossless,palette,fps,interval,loop,reverse,skip,lp-blur,license-plate-blur'.split(',');
const FAMILIES = 'background,bg,blend,border,duotone,face,fill,mark,mask,monochrome,object,pad,rot,trim,txt,upscale'.split(',');

// A sentence that is said thrice.
const DIGITS = ' is followed by two hexadecimal digits';

function handler(event) {
	var request = event.request;
	var path = request.uri;
	// What is Photofit's own, and what could list a bucket, goes no further.
	if (path.slice(-1) === '/' || path.slice(0, 3) === '/-/') {
		return answer(request, 404, 'page-not-found', 'There is no such page.');
	}
	try {
		path = resolve(path, request.rawQueryString() || '', joined(request.headers.accept));
	} catch (e) {
		if (!e.refused) {
			throw e;
		}
		return answer(request, e.refused, e.code, e.text);
	}
	request.uri = policy.shelf + path;
	request.querystring = {};
	return request;
}

// answer is the server's answer to what it refuses: one line of text, and a code.
function answer(request, status, code, text) {
	var response = {
		statusCode: status,
		headers: {
			'access-control-allow-origin': { value: '*' },
			'cache-control': { value: status === 404 ? 'public, max-age=10' : 'no-store' },
			'content-type': { value: 'text/plain; charset=utf-8' },
			'photofit-error': { value: code },
			'x-content-type-options': { value: 'nosniff' }
		}
	};
	if (request.method !== 'HEAD') {
		response.body = text + '\n';
	}
	return response;
}

function refuse(code, text) {
	throw { refused: 400, code: code, text: text };
}

function badPath(text) {
	refuse('bad-path', text);
}

function badParam(text) {
	refuse('bad-parameter', text);
}

// joined is a header's value, of several with commas between them.
function joined(header) {
	if (!header) {
		return '';
	}
	if (!header.multiValue) {
		return header.value;
	}
	return header.multiValue.map(one => one.value).join(',');
}

// resolve gives the canonical path, without its shelf. CloudFront hands over
// characters; what it could not read has become U+FFFD, so that is refused.
function resolve(path, query, accept) {
	if (path.charAt(0) !== '/') {
		badPath('a path starts with /');
	}
	var name = decoded(path.slice(1));
	if (name === 0) {
		badPath('a % in a path' + DIGITS + '; a % itself is %25');
	}
	if (name === 1 || path.includes('\uFFFD')) {
		badPath('the path is not UTF-8');
	}
	if (name === '-' || name.slice(0, 2) === '-/') {
		badPath('/-/ is Photofit\'s own; a folder of that name is reached as /~2D/\u2026/_w800.auto');
	}
	var slash = name.lastIndexOf('/');
	var last = name.slice(slash + 1);
	var photo = name;
	var w = parseForm(last);
	if (w) {
		photo = decoded(encodeURIComponent(slash < 0 ? '' : name.slice(0, slash)).split('~').join('%'));
		if (photo === 0) {
			badPath('a ~ in a path form' + DIGITS + '; a ~ itself is ~7E');
		}
		if (photo === 1) {
			badPath('the photo\'s name is not UTF-8');
		}
	}
	if (photo === '') {
		badPath('the path names no photo: /trip/b.jpg?w=800');
	}
	var q = parseQuery(query, !!w);
	if (!w) {
		w = wish(q, accept);
	}
	if (w.fm === 'original') {
		if (!policy.originals) {
			throw { refused: 403, code: 'originals-private', text: 'originals are private here: fm is jpg, webp, avif or png' };
		}
	}
	return '/' + escape(photo) + '/_' + (w.fm === 'original' ? w.fm : w.fm === 'json' ? INFO : snap(w));
}

// decoded decodes each % with two hexadecimal digits; 0 if one lacks them, 1 if the
// result is not UTF-8. It is the runtime's work, as names may be long.
function decoded(s) {
	if (/%(?![\dA-Fa-f][\dA-Fa-f])/.test(s)) {
		return 0;
	}
	try {
		return decodeURIComponent(s);
	} catch (e) {
		return 1;
	}
}

// escape is photofit.EscapePhoto.
function escape(photo) {
	if (!/[^A-Za-z0-9._\/-]|^[^A-Za-z0-9]|\/[^A-Za-z0-9]/.test(photo) && photo.slice(-1) !== '/') {
		return photo;
	}
	var parts = photo.split('/'), segments = [], segment = parts[0], i;
	for (i = 1; i < parts.length; i++) {
		// A slash at the start, at the end or after a slash belongs to a segment.
		if (segment && (parts[i] || i < parts.length - 1)) {
			segments.push(segment);
			segment = parts[i];
		} else {
			segment += '/' + parts[i];
		}
	}
	segments.push(segment);
	return segments.map((s, i) => {
		// As a whole these mean something.
		if (!i && s === '-' || !/[^.]/.test(s)) {
			return s.replace(/./g, tilde);
		}
		return encodeURIComponent(s).replace(/^_|[!~*'()]/g, tilde).split('%').join('~');
	}).join('/');
}

function tilde(c) {
	return '~' + c.codePointAt(0).toString(16).toUpperCase();
}

// parseForm reads the last segment of a path form; null: it is a photo's name.
function parseForm(s) {
	if (s === '_original') {
		return { fm: 'original' };
	}
	if (s === '_' + INFO) {
		return { fm: 'json' };
	}
	var m = /^_(?:w([1-9]\d*)(?:-h([1-9]\d*))?|h([1-9]\d*))(-crop|-smart|-fp(0|[1-9]\d*)-(0|[1-9]\d*))?(?:-q([1-9]\d*))?\.([a-z-]+)/.exec(s);
	if (!m || m[0].length !== s.length || !FORMATS.includes(m[8])) {
		return null;
	}
	var w = {
		w: +(m[1] || 0),
		h: +(m[2] || m[3] || 0),
		fill: m[4],
		crop: m[4] === '-smart' ? 'smart' : [50, 50],
		q: +(m[7] || 0),
		fm: m[8]
	};
	if (m[5]) {
		w.crop = [+m[5], +m[6]];
	}
	if (w.w > 65535 || w.h > 65535 || w.crop[0] > 100 || w.crop[1] > 100 || w.q > 100) {
		return null;
	}
	return w;
}

// unescape decodes a name or a value of a query into bytes, one to a character; null
// if a % lacks its digits.
function unescape(s) {
	var parts = s.split('+').join(' ').split('%'), i;
	for (i = 1; i < parts.length; i++) {
		if (!/^[\dA-Fa-f][\dA-Fa-f]/.test(parts[i])) {
			return null;
		}
		parts[i] = String.fromCharCode(parseInt(parts[i].slice(0, 2), 16)) + parts[i].slice(2);
	}
	return parts.join('');
}

// parseQuery gives the values that count, by name. Of one given twice, the first.
function parseQuery(query, form) {
	var q = {}, pairs = query.split('&'), i, equal, name, value;
	for (i = 0; i < pairs.length; i++) {
		equal = pairs[i].indexOf('=');
		if (equal < 0) {
			equal = pairs[i].length;
		}
		name = unescape(pairs[i].slice(0, equal));
		value = pairs[i].slice(equal + 1);
		if (!name || !known(name)) {
			continue;
		}
		if (form) {
			refuse('mixed-forms', 'a path like /trip/b.jpg/_w800.webp says it all: leave out ' + name + ', or ask for /trip/b.jpg?w=800');
		}
		if (SIGNATURE.includes(name)) {
			refuse('reserved-parameter', name + ' belongs to signed URLs, which this server does not use: leave it out');
		}
		if (RESERVED.includes(name)) {
			refuse('reserved-parameter', name + ' is reserved for a later version: leave it out');
		}
		if (!OURS.includes(name)) {
			refuse('unsupported-parameter', name + ' is a parameter of imgix that Photofit does not have: leave it out' + instead(name));
		}
		if (name in q) {
			continue;
		}
		q[name] = unescape(value);
		if (q[name] === null || value.includes(';')) {
			badParam(name + ' is not readable: a %' + DIGITS + ', a ; is %3B');
		}
	}
	return q;
}

// known tells whether a name is one that we take or refuse.
function known(name) {
	if (OURS.includes(name) || SIGNATURE.includes(name) || RESERVED.includes(name) || lacking(name)) {
		return true;
	}
	// imgix takes any value in base64, under the name with 64 after it.
	var base = name.slice(0, -2);
	return name.slice(-2) === '64' && (OURS.includes(base) || lacking(base));
}

function lacking(name) {
	if (LACKING.includes(name)) {
		return true;
	}
	var dash = name.indexOf('-');
	var family = dash < 0 ? name : name.slice(0, dash);
	var rest = dash < 0 ? '' : name.slice(dash + 1);
	if (!FAMILIES.includes(family) || family === 'object' && rest !== 'removal' && rest.slice(0, 8) !== 'removal-') {
		return false;
	}
	if (dash < 0) {
		return family !== 'background' && family !== 'face';
	}
	return rest.length <= 32 && !/[^a-z0-9-]/.test(rest);
}

// instead is what to write for a name of imgix that we have otherwise.
function instead(name) {
	if (['width', 'max-w', 'max-width'].includes(name)) {
		return ' (the width is w)';
	}
	if (['height', 'max-h', 'max-height'].includes(name)) {
		return ' (the height is h)';
	}
	return ['or', 'orient'].includes(name) ? ' (photos are turned upright anyway)' : '';
}

// wish reads all values, in the order in which the server refuses them.
function wish(q, accept) {
	var w = { ar: null, q: 0 };
	var dpr = 1000, n;
	if ('dpr' in q) {
		n = decimal(q.dpr);
		if (!(n >= 1 && n <= 8000)) {
			badParam('dpr is how many pixels the screen has to a CSS pixel, above 0 and up to 8: dpr=2');
		}
		dpr = Math.floor(n);
	}
	w.w = side(q, 'w', dpr);
	w.h = side(q, 'h', dpr);
	if ('ar' in q) {
		w.ar = parseRatio(q.ar);
	}
	if ('fit' in q) {
		w.fill = q.fit === 'crop' || q.fit === 'min';
		if (!w.fill && q.fit !== 'clip' && q.fit !== 'max') {
			badParam('fit is clip (the whole photo inside the box) or crop (fill the box); max is clip and min is crop, since nothing is enlarged');
		}
	}
	w.crop = position(q);
	if ('q' in q) {
		n = decimal(q.q);
		if (!(n >= 1000 && n < 100001)) {
			badParam('q is a quality from 1 to 100: q=80; left out, it is chosen for the format');
		}
		w.q = round(Math.floor(n), 1000);
	}
	if ('auto' in q) {
		q.auto.split(',').forEach(word => {
			if (word !== 'format' && word !== 'compress') {
				badParam('auto is format, compress or both with a comma; neither is needed');
			}
		});
	}
	w.fm = 'fm' in q ? q.fm : negotiate(accept);
	if ('fm' in q && q.fm !== 'original' && q.fm !== 'json' && FORMATS.indexOf(q.fm) < 3) {
		badParam('fm is jpg, webp, avif, png or json; left out, the best that the browser takes is chosen');
	}
	return w;
}

function side(q, name, dpr) {
	if (!(name in q)) {
		return 0;
	}
	var n = decimal(q[name]);
	if (!(n >= 1000)) {
		badParam(name + ' is a number of pixels, 1 or more: ' + name + '=800');
	}
	return Math.min(ceil(Math.ceil(n) * dpr, MOST), MOST);
}

function parseRatio(s) {
	var colon = s.indexOf(':');
	var a = decimal(s.slice(0, Math.max(colon, 0)));
	var b = decimal(s.slice(colon + 1));
	if (!(a >= 1 && b >= 1)) {
		badParam('ar is a ratio of width to height: ar=16:9');
	}
	return newRatio(Math.floor(a), Math.floor(b));
}

// position reads crop, fp-x and fp-y: "smart", or a point in percent.
function position(q) {
	var x = share(q, 'fp-x'), y = share(q, 'fp-y');
	if (!('crop' in q)) {
		return [x, y];
	}
	var decided = '', edge = [50, 50];
	q.crop.split(',').forEach(word => {
		if (word === 'left' || word === 'right') {
			edge[0] = word === 'left' ? 0 : 100;
		} else if (word === 'top' || word === 'bottom') {
			edge[1] = word === 'top' ? 0 : 100;
		} else if (word === 'smart' || word === 'focalpoint') {
			decided = decided || word;
		} else if (word === 'faces' || word === 'entropy' || word === 'edges') {
			badParam('crop=' + word + ' is not one of Photofit\'s: crop=smart finds what matters in the photo');
		} else if (word !== 'center') {
			badParam('crop is center, top, bottom, left, right, smart or focalpoint (with fp-x and fp-y), or edges with a comma: crop=top,left');
		}
	});
	return decided === 'smart' ? decided : decided ? [x, y] : edge;
}

function share(q, name) {
	if (!(name in q)) {
		return 50;
	}
	var n = decimal(q[name]);
	if (!(n <= 1000)) {
		badParam(name + ' is a share of the photo from 0 (left, top) to 1 (right, bottom): ' + name + '=0.5');
	}
	return round(Math.floor(n), 10);
}

// negotiate tells from Accept which class of formats the viewer takes.
function negotiate(accept) {
	var weights = { 'image/avif': -1, 'image/webp': -1, 'image/jpeg': -1 };
	splitUnquoted(accept, ',').forEach(part => {
		var params = splitUnquoted(part, ';');
		var media = trimSpace(params[0]).toLowerCase();
		if (weights.hasOwnProperty(media) && weights[media] < 0) {
			weights[media] = parseWeight(params);
		}
	});
	var webp = weights['image/webp'], avif = weights['image/avif'];
	if (webp <= 0 || webp < weights['image/jpeg']) {
		return 'auto';
	}
	return avif <= 0 || avif < webp ? 'auto-webp' : 'auto-avif';
}

// parseWeight finds q among what follows a media type, in thousandths; -1 if it is
// malformed.
function parseWeight(params) {
	var i, v, n;
	for (i = 1; i < params.length; i++) {
		v = trimSpace(params[i]);
		if (v.slice(0, 2).toLowerCase() === 'q=') {
			v = v.slice(2);
			n = decimal(v);
			return v.length <= 5 && n <= 1000 && (v.length === 1 || v[1] === '.') ? n : -1;
		}
	}
	return 1000;
}

// splitUnquoted splits at each sep outside a quoted string.
function splitUnquoted(s, sep) {
	if (!s.includes('"')) {
		return s.split(sep);
	}
	var parts = [], from = 0, quoted = false, i, c;
	for (i = 0; i < s.length; i++) {
		c = s[i];
		if (c === '"') {
			quoted = !quoted;
		} else if (c === '\\' && quoted) {
			i++;
		} else if (c === sep && !quoted) {
			parts.push(s.slice(from, i));
			from = i + 1;
		}
	}
	parts.push(s.slice(from));
	return parts;
}

function trimSpace(s) {
	var from = 0, to = s.length;
	while (' \t'.includes(s[from]) && from < to) {
		from++;
	}
	while (' \t'.includes(s[to - 1]) && from < to) {
		to--;
	}
	return s.slice(from, to);
}

// decimal reads a number of digits and at most one dot, in thousandths, and adds a
// half if there was more than whole ones; NaN if it is none.
function decimal(s) {
	var parts = s.split('.');
	var after = parts[1] || '';
	if (s.length > 32 || /[^\d.]/.test(s) || !/\d/.test(s) || parts.length > 2) {
		return NaN;
	}
	return Math.min(+(parts[0] || 0), MOST) * 1000 + +(after + '000').slice(0, 3) + (/[1-9]/.test(after.slice(3)) ? 0.5 : 0);
}

// Integers stay below 2^53, so these are exact.
function floor(a, b) {
	return (a - a % b) / b;
}

function ceil(a, b) {
	return floor(a + b - 1, b);
}

function round(a, b) {
	return floor(2 * a + b, 2 * b);
}

// snap gives the policy's recipe for a wish, as the end of its path.
function snap(w) {
	var fill = w.fill, box, at = '', q;
	if (fill && w.ar && !(w.w && w.h)) {
		if (w.h) {
			//only free
			w.w = Math.max(round(w.h * w.ar[0], w.ar[1]), 1);
			//only ladder
			w.w = ceil(w.h * w.ar[0], w.ar[1]);
			w.h = 0;
			//end
		}
		box = snapBox(w.w, w.h, w.ar);
	} else if (w.w && w.h) {
		box = snapBox(w.w, w.h, newRatio(w.w, w.h));
	} else {
		fill = false;
		box = w.h ? [0, step(w.h)] : [step(w.w || MOST), 0];
	}
	if (box[0]) {
		at = 'w' + box[0] + (box[1] ? '-' : '');
	}
	if (box[1]) {
		at += 'h' + box[1];
	}
	if (fill) {
		at += '-' + cropName(w.crop);
	}
	q = w.q && w.fm !== 'png' ? snapQuality(w.q) : 0;
	return at + (q ? '-q' + q : '') + '.' + w.fm;
}

// What follows is a policy's arithmetic: any sizes, or those of its lists.
//only free

function step(v) {
	return Math.min(v, policy.side);
}

// snapBox is for a width and a height, or a ratio in place of either or both (0).
function snapBox(w, h, ratio) {
	var limit = policy.side;
	w = w || limit;
	h = h || Math.max(round(w * ratio[1], ratio[0]), 1);
	if (w >= h && w > limit) {
		return [limit, Math.max(round(h * limit, w), 1)];
	}
	if (h > limit) {
		return [Math.max(round(w * limit, h), 1), limit];
	}
	return [w, h];
}

function snapPoint(x) {
	return x;
}

function snapQuality(q) {
	return q;
}

//only ladder

function step(v) {
	return snapUp(policy.widths, v);
}

// snapBox is for a width and a height, or a ratio in place of the height (0) or of
// both.
function snapBox(w, h, ratio) {
	if (h > 0 && policy.boxes.includes(w) && policy.ratios.some(r => boxHeight(w, r) === h)) {
		return [w, h];
	}
	w = snapUp(policy.boxes, w || MOST);
	return [w, boxHeight(w, nearestRatio(ratio))];
}

function boxHeight(w, ratio) {
	return Math.min(Math.max(round(w * ratio[1], ratio[0]), 1), 65535);
}

function nearestRatio(ratio) {
	var a = ratio[0] * ratio[0], b = ratio[1] * ratio[1], list = policy.ratios, i = 0;
	while (i + 1 < list.length && a * (list[i][1] * list[i + 1][1]) >= b * (list[i][0] * list[i + 1][0])) {
		i++;
	}
	return list[i];
}

function snapPoint(x) {
	return x <= 100 - 2 * x ? 0 : 100 - x <= 2 * x - 100 ? 100 : 50;
}

function snapQuality(q) {
	var steps = policy.qualities, i = 0;
	while (i + 1 < steps.length && 2 * q >= steps[i] + steps[i + 1]) {
		i++;
	}
	return steps.length && steps[i];
}

function snapUp(steps, v) {
	var i = 0;
	while (i + 1 < steps.length && steps[i] < v) {
		i++;
	}
	return steps[i];
}

//end

function newRatio(a, b) {
	while (a > 65535 || b > 65535) {
		a = Math.max(floor(a, 2), 1);
		b = Math.max(floor(b, 2), 1);
	}
	return [a, b];
}

function cropName(crop) {
	if (crop === 'smart') {
		return crop;
	}
	var x = snapPoint(crop[0]), y = snapPoint(crop[1]);
	return x === 50 && y === 50 ? 'crop' : 'fp' + x + '-' + y;
}
