// ipx on a folder, as its package makes a server. It turns photos upright, and
// encodes as Photofit does, where it would otherwise write progressive JPEGs,
// and AVIF of effort 4 with full chroma: the answers are to be the same.
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// The package lies in the folder where this is run, not beside this file.
const require = createRequire(join(process.cwd(), 'here.js'));
const { createIPX, createIPXNodeServer, ipxFSStorage } = require('ipx');

const ipx = createIPX({
  storage: ipxFSStorage({ dir: process.argv[2] }),
  sharpOptions: { autoOrient: true, jpegProgressive: false, jpegQuantisationTable: 2, heifEffort: 0, heifChromaSubsampling: '4:2:0' },
});
const server = createServer(createIPXNodeServer(ipx));
server.listen(0, '127.0.0.1', () => {
  const version = (name) => JSON.parse(readFileSync(join(process.cwd(), 'node_modules', name, 'package.json'))).version;
  const about = `ipx ${version('ipx')} with sharp ${version('sharp')}, ${process.version}`;
  console.log(JSON.stringify({ about, base: `http://127.0.0.1:${server.address().port}` }));
});
