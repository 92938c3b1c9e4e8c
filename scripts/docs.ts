/**
 * `npm run docs [-- --check]`
 *
 * Writes the reference pages in `action-docs` from every action and reusable workflow. `--check` fails when they are not
 * what the sources say.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FOLDER, referencePages } from './docs/pages.js';

const root = join(import.meta.dirname, '..');

async function main(): Promise<void> {
  const pages = await referencePages(root);
  const kept = new Map<string, string>();
  for (const name of (await readdir(join(root, FOLDER))).filter((entry) => entry.endsWith('.md'))) {
    kept.set(name, await readFile(join(root, FOLDER, name), 'utf8'));
  }
  const stale = [...new Set([...pages.keys(), ...kept.keys()])].filter((name) => pages.get(name) !== kept.get(name));
  if (process.argv.includes('--check')) {
    if (stale.length > 0) {
      const places = stale.map((name) => `  ${FOLDER}/${name}: ${difference(kept.get(name), pages.get(name))}`);
      throw new Error(
        `The reference does not match its sources. Run "npm run docs" and commit it:\n${places.join('\n')}`,
      );
    }
    console.log(`The reference matches its sources: ${pages.size} pages`);
    return;
  }
  for (const name of stale) {
    const content = pages.get(name);
    await (content === undefined ? rm(join(root, FOLDER, name)) : writeFile(join(root, FOLDER, name), content));
    console.log(`${FOLDER}/${name}`);
  }
}

/** The first line that is not as it should be. */
function difference(kept: string | undefined, made: string | undefined): string {
  if (kept === undefined || made === undefined) {
    return kept === undefined ? 'is missing' : 'has no source any more';
  }
  const [was, is] = [kept.split('\n'), made.split('\n')];
  const line = is.findIndex((text, index) => text !== was[index]);
  const at = line === -1 ? is.length : line;
  return `line ${at + 1}\n    - ${was[at] ?? '(end)'}\n    + ${is[at] ?? '(end)'}`;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
