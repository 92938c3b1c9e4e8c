import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** `from './x.js'`, `import './x.js'`, and `import('./x.js')`, that of a type, too. */
const IMPORTED = /\b(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)\.js'/g;

/**
 * Whether one of the files imports another, or something that does. Jest finds what to run again in the same way.
 *
 * @param files absolute paths of TypeScript files
 * @param target the absolute path that is looked for
 */
export async function reaches(files: readonly string[], target: string): Promise<boolean> {
  const seen = new Set(files);
  let next = [...seen];
  while (next.length > 0 && !seen.has(target)) {
    const found = (await Promise.all(next.map(importsOf))).flat();
    next = [...new Set(found)].filter((path) => !seen.has(path));
    for (const path of next) {
      seen.add(path);
    }
  }
  return seen.has(target);
}

async function importsOf(file: string): Promise<string[]> {
  // Some are JavaScript, which imports nothing of ours.
  const text = await readFile(file, 'utf8').catch(() => '');
  return [...text.matchAll(IMPORTED)].map(([, path = '']) => join(dirname(file), `${path}.ts`));
}
