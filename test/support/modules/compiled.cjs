/** Where what a module of TypeScript was compiled to is kept from run to run: the code at `<path>.js`, its map at `<path>.map`. */
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { basename, join } = require('node:path');
const { fileURLToPath } = require('node:url');

/** Of what compiles, and how. */
const VERSION = `${require('@swc/core/package.json').version} 1`;

const folder = join(__dirname, '..', '..', '..', 'node_modules', '.cache', 'ostack', 'compiled');

/** @param text of the file */
function compiledPath(file, text) {
  // A map has the file's name.
  return join(
    folder,
    createHash('sha1')
      .update(`${VERSION}\0${basename(file)}\0${text}`)
      .digest('hex'),
  );
}

/** Maps by the addresses that stacks have, for Jest. Those of files that nobody asks for are not looked for. */
class SourceMaps extends Map {
  get(address) {
    const [place = ''] = address.split('?');
    if (!super.has(place) && place.endsWith('.ts')) {
      super.set(place, mapOf(place.startsWith('file:') ? fileURLToPath(place) : place));
    }
    return super.get(place);
  }
}

function mapOf(file) {
  try {
    return `${compiledPath(file, readFileSync(file, 'utf8'))}.map`;
  } catch {
    // Not one of ours.
    return undefined;
  }
}

module.exports = { folder, compiledPath, SourceMaps };
