/**
 * Loaded into a process that runs several bundles (`src/local/spawner/program-host.cjs`): what a bundle is made of is
 * evaluated once, for each run calls a function of it with nothing kept (`test/runtime/module-state.test.ts`). That is most
 * of a short run. Where jobs have copies of our actions, the copies are one.
 */
const Module = require('node:module');
const { basename, dirname, join } = require('node:path');

/** What the modules export, by their source. */
const kept = new Map();
/** Files of theirs. The copy that they came from may be gone when they load another part: it is the running program's. */
const files = new Set();
let folder;

process.on('program', () => {
  folder = dirname(process.argv[1]);
});

const compile = Module.prototype._compile;
Module.prototype._compile = function (source, file, ...rest) {
  if (folder === undefined || dirname(file) !== folder || basename(folder) !== 'dist' || !file.endsWith('index.js')) {
    return compile.call(this, source, file, ...rest);
  }
  if (!kept.has(source)) {
    files.add(file);
    compile.call(this, source, file, ...rest);
    kept.set(source, this.exports);
  }
  this.exports = kept.get(source);
};

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, parent, ...rest) {
  return files.has(parent?.filename) && request.startsWith('./')
    ? join(folder, request)
    : resolve.call(this, request, parent, ...rest);
};
