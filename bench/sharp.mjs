// The renderer that stands for sharp: a task in JSON on each line of standard
// input, a reply on each line of standard output.
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

// The package lies in the folder where this is run, not beside this file.
const sharp = createRequire(join(process.cwd(), 'here.js'))('sharp');
sharp.concurrency(1);
sharp.cache(false);

const encoders = {
  jpg: (image, quality) => image.jpeg({ quality, chromaSubsampling: '4:2:0', optimiseCoding: true, mozjpeg: false, quantisationTable: 2 }),
  webp: (image, quality) => image.webp({ quality, effort: 4 }),
  avif: (image, quality) => image.avif({ quality, effort: 0, chromaSubsampling: '4:2:0', bitdepth: 10 }),
};

// Photofit does not convert from a profile that is sRGB, and leaves the scaling
// more than twice what is wanted. Sharp does the one, and leaves twice, only if
// it is told to.
async function render(task, name, first) {
  const image = sharp(join(task.folder, name), { failOn: 'truncated', ignoreIcc: !task.own })
    .autoOrient()
    .resize({ width: task.width, height: task.height, fit: 'fill', fastShrinkOnLoad: task.own });
  const body = await encoders[task.format](image, task.quality).toBuffer();
  if (first && task.keep) await writeFile(task.keep, body);
}

const say = (reply) => process.stdout.write(JSON.stringify(reply) + '\n');

say({ about: `sharp ${sharp.versions.sharp} on libvips ${sharp.versions.vips}` });
for await (const line of createInterface({ input: process.stdin })) {
  try {
    const task = JSON.parse(line);
    await Promise.all(task.photos.map((name, i) => render(task, name, i === 0)));
    say({});
  } catch (error) {
    say({ error: String(error) });
  }
}
