// An image server as one writes it who has the sharp package: it decodes,
// shrinks and encodes whenever it is asked, by sharp's own defaults, and keeps
// nothing. The encoders are told what Photofit's are; without a quality they are
// told nothing.
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';

// The package lies in the folder where this is run, not beside this file.
const sharp = createRequire(join(process.cwd(), 'here.js'))('sharp');
const folder = process.argv[2];

const encoders = {
  jpg: (image, quality) => image.jpeg({ quality, quantisationTable: 2 }),
  webp: (image, quality) => image.webp({ quality, effort: 4 }),
  avif: (image, quality) => image.avif({ quality, effort: 0, chromaSubsampling: '4:2:0', bitdepth: 10 }),
};

async function answer(request, response) {
  const url = new URL(request.url, 'http://localhost');
  const asked = (name) => url.searchParams.get(name);
  const image = sharp(join(folder, basename(decodeURIComponent(url.pathname))))
    .autoOrient()
    .resize({ width: Number(asked('w')), withoutEnlargement: true });
  const encoded = asked('q') ? encoders[asked('fm')](image, Number(asked('q'))) : image.toFormat(asked('fm'));
  const body = await encoded.toBuffer();
  response.writeHead(200, { 'content-type': `image/${asked('fm')}`, 'content-length': body.length }).end(body);
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
});
server.listen(0, '127.0.0.1', () => {
  const about = `sharp ${sharp.versions.sharp} on libvips ${sharp.versions.vips} behind node:http, ${process.version}`;
  console.log(JSON.stringify({ about, base: `http://127.0.0.1:${server.address().port}` }));
});
