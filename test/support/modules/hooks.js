/** How modules are found and compiled, for `runtime.cjs`: https://nodejs.org/docs/latest-v20.x/api/module.html#customization-hooks */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compiledPath, folder } from './compiled.cjs';

const root = new URL('../../../', import.meta.url).href;
const tests = `${root}test/`;
const packages = `${root}node_modules/`;

export async function resolve(specifier, context, next) {
  const { parentURL = '' } = context;
  if (!parentURL.startsWith(root) || parentURL.startsWith(packages)) {
    return next(specifier, context);
  }
  // Modules of tests are those of one file of tests.
  const query = new URL(parentURL).search;
  if (specifier === '@jest/globals') {
    return { url: new URL(`globals.js${query}`, import.meta.url).href, format: 'module', shortCircuit: true };
  }
  if (!specifier.startsWith('.')) {
    return next(specifier, context);
  }
  const written = new URL(specifier, parentURL);
  const source = new URL(written.href.replace(/\.js$/, '.ts'));
  const found = source.pathname.endsWith('.ts') && existsSync(source) ? source : written;
  found.search = found.href.startsWith(tests) ? query : found.search;
  return found === source ? { url: found.href, format: 'module', shortCircuit: true } : next(found.href, context);
}

export async function load(url, context, next) {
  const { pathname } = new URL(url);
  if (pathname.endsWith('.ts')) {
    return { format: 'module', source: await compiled(fileURLToPath(new URL(pathname, url))), shortCircuit: true };
  }
  // There are packages that import JSON without saying so.
  if (pathname.endsWith('.json') && context.importAttributes?.type === undefined) {
    return { format: 'module', source: `export default ${await readFile(new URL(url), 'utf8')}`, shortCircuit: true };
  }
  return next(url, context);
}

async function compiled(file) {
  const text = await readFile(file, 'utf8');
  const path = compiledPath(file, text);
  return readFile(`${path}.js`).catch(() => compile(file, text, path));
}

async function compile(file, text, path) {
  const { transform } = await import('@swc/core');
  const { code, map } = await transform(text, {
    // A map is read as one beside its file.
    filename: basename(file),
    sourceMaps: true,
    swcrc: false,
    configFile: false,
    jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
  });
  await mkdir(folder, { recursive: true });
  // Several processes may write one file: each has its own until it is whole. The map comes first: where code is, it is.
  for (const [kind, content] of [
    ['map', map ?? ''],
    ['js', code],
  ]) {
    const own = `${path}.${process.pid}`;
    await writeFile(own, content);
    await rename(own, `${path}.${kind}`);
  }
  return code;
}
