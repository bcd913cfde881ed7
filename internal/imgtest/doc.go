// Package imgtest makes the pictures that Photofit's tests, benches and demo work on, and measures how far apart two pictures are.
//
// Everything here is made by arithmetic from a fixed seed, so the repository holds no photographs and a test that fails here fails
// everywhere. There are seven kinds of thing:
//
//   - charts whose every mistake can be read back: [OrientationChart] for turning and mirroring, [PositionChart] for what a crop
//     kept, [Patches] for colour with real ICC profiles, [ZonePlate] and friends for resolution;
//   - writers of what encoders leave out: EXIF, XMP, IPTC, ICC profiles, previews, PNG chunks, animation;
//   - damage: files that are cut, lying, absurdly large or no pictures at all, each small and made in no time ([Damage]);
//   - distances: [PSNR], [SSIM], [RMS], [DeltaE2000], and [Golden] for comparing with a picture kept under testdata/golden;
//   - [Ideal], by which ways of scaling are judged;
//   - in the package ssimulacra2 below this one, the distance that decides on qualities;
//   - in the package scene, landscapes that look and compress like camera photos.
//
// All functions are safe for concurrent use, and whatever they return belongs to the caller. Makers panic on arguments that no test
// should give, such as a width of zero; readers return errors.
package imgtest
