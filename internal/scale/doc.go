// Package scale makes pictures smaller, as light adds up.
//
// A pixel's 8-bit code is not how much light it stands for: 128 is a fifth of
// 255's. Who averages codes, as most image servers do, makes fine detail darker
// than it is, foliage and hair most of all. Here codes become light first, are
// weighted by Lanczos's window of three lobes, and become codes again.
//
// Rows come in from the top, as a decoder makes them, and go out as soon as all
// that they are made of is there; what is held is the rows of one window. Down
// comes before across. Where a picture is made very much smaller, whole rows
// are summed up first, to no less than tallest rows for each of the result. The
// weights of such sums are those that come closest to the window itself.
//
// All light is in 32-bit floats, in blocks of columns that stay in the
// processor's nearest cache from the decoder's bytes to the finished rows. The
// three loops that take the time are written in assembler too, for AVX2 and for
// NEON; the ones in Go do for every other processor, and are what these are
// tested against.
package scale
