// Package ssimulacra2 judges how much a picture suffered, as people would: SSIMULACRA 2.1, by Jon Sneyers (Cloudinary).
//
// What a score means, by the tables of the reference, https://github.com/cloudinary/ssimulacra2:
//
//	100  equal pixels
//	 90  no difference seen when the two pictures take turns in one place
//	 80  no difference seen side by side
//	 70  hardly seen side by side, and not noticed without the reference
//	 50  slightly annoying
//	 30  annoying
//	 10  very annoying, and there is no end below
//
// Both pictures are turned into XYB, light as the eye's cones take it, at six scales from 1:1 to 1:32, shrunk in linear light. At each scale
// and for each of X, Y and B − Y there are three maps of errors, from each pixel's surroundings under a Gaussian of sigma 1.5: structure
// (SSIM without its luminance's denominator), artifacts (edges where the reference is smooth) and loss (smooth where it has edges). The
// mean and the 4-norm of each map, 108 figures in all, are weighted, and their sum is the score.
//
// It was written from the algorithm; how close it comes to the reference is at [Score]. Pictures are taken as sRGB with 8 bits a channel,
// whatever profile they came with. Everything here is safe for concurrent use, and a comparison runs on all cores.
package ssimulacra2
