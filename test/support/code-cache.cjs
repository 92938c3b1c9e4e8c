/**
 * Loaded into a bundle's process before it: what V8 made of a bundle is kept for the next process, of which there are a
 * thousand. Newer versions of Node can do so by themselves: https://nodejs.org/api/module.html#module-compile-cache
 */
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const Module = require('node:module');
const { basename, dirname, join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { constants, Script } = require('node:vm');

// As in `package.json`.
for (const flag of ['--interrupt-budget=1500000', '--no-flush-bytecode']) {
  setFlagsFromString(flag);
}

const folder = join(__dirname, '..', '..', 'node_modules', '.cache', 'ostack', 'code');
const fresh = [];
/** By source: a process may run several bundles. */
const scripts = new Map();

function compileWithCache(compile) {
  return function (source, file) {
    // A job has its own copy of our actions.
    if (basename(dirname(file)) !== 'dist') {
      return compile.call(this, source, file);
    }
    const script = scripts.get(source) ?? scriptOf(source, file);
    scripts.set(source, script);
    const require = Module.createRequire(file);
    return script.runInThisContext().call(this.exports, this.exports, require, this, file, dirname(file));
  };
}

function scriptOf(source, file) {
  const cache = join(folder, createHash('sha1').update(process.version).update(source).digest('hex'));
  const cachedData = readIfThere(cache);
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const script = new Script(Module.wrap(source), { filename: file, cachedData, importModuleDynamically });
  if (cachedData === undefined || script.cachedDataRejected) {
    fresh.push({ cache, script });
  }
  return script;
}

function readIfThere(file) {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** At the end, when V8 knows which functions are used. Several processes may write one file: each has its own until it is whole. */
function keep() {
  for (const { cache, script } of fresh) {
    const own = `${cache}.${process.pid}`;
    writeFileSync(own, script.createCachedData());
    renameSync(own, cache);
  }
}

if (Module.enableCompileCache !== undefined) {
  Module.enableCompileCache(folder);
} else if (constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER !== undefined) {
  mkdirSync(folder, { recursive: true });
  Module.prototype._compile = compileWithCache(Module.prototype._compile);
  process.on('exit', keep);
}
