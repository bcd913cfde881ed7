// Package scene paints photo-like pictures: mountains, dunes, seas, skies, still lifes, at any size, always the same.
//
// They stand in for camera photos wherever the project needs some and must not ship any: the samples that a newcomer sees first, the
// benches, and tests of quality and size. So they have what makes photos hard to scale and to compress: texture at every scale down to
// the pixel, smooth skies, hard edges against soft haze, deep shadows, strong lights, and sensor noise. A 24-megapixel one takes
// one to four seconds of CPU, and 3 to 6 MB as a JPEG of quality 93.
//
// Colours are reckoned in linear light and then developed like a raw photo: exposure, a shoulder for the highlights, vignette, grain.
// Terrains are height fields seen in perspective, drawn column by column from near to far (terrain.go); the others are drawn row by row.
// All noise comes from tables filled once from fixed seeds (noise.go), so equal sizes give equal bytes on machines of one architecture.
package scene
