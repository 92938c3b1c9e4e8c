/**
 * `npm run docs [-- --check]`
 *
 * Writes the pages that are made from sources: the reference in `action-docs` from every action and reusable workflow, and
 * those in `docs` whose first line says so, and what actions know of them. `--check` fails when they are not what the sources say.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configurationPage } from './docs/configuration.js';
import { layoutsPage } from './docs/layouts.js';
import { marksOf, marksSource } from './docs/message-marks.js';
import { errorMessages } from './docs/messages.js';
import { FOLDER, referencePages } from './docs/pages.js';
import { troubleshootingPage } from './docs/troubleshooting.js';

const root = join(import.meta.dirname, '..');

/** What actions know of the page on troubleshooting. */
const MARKS = 'src/runtime/message-marks.ts';

async function main(): Promise<void> {
  const pages = await madePages();
  const kept = await keptPages();
  const stale = [...new Set([...pages.keys(), ...kept.keys()])].filter((path) => pages.get(path) !== kept.get(path));
  if (process.argv.includes('--check')) {
    if (stale.length > 0) {
      const places = stale.map((path) => `  ${path}: ${difference(kept.get(path), pages.get(path))}`);
      throw new Error(`Pages do not match their sources. Run "npm run docs" and commit it:\n${places.join('\n')}`);
    }
    console.log(`The pages match their sources: ${pages.size}`);
    return;
  }
  for (const path of stale) {
    const content = pages.get(path);
    await (content === undefined ? rm(join(root, path)) : writeFile(join(root, path), content));
    console.log(path);
  }
}

/** What the pages are to be, by path. */
async function madePages(): Promise<Map<string, string>> {
  const reference = [...(await referencePages(root))].map(([name, text]) => [`${FOLDER}/${name}`, text] as const);
  return new Map([
    ...reference,
    ['docs/layouts.md', await layoutsPage()],
    ['docs/ostack-yaml.md', await configurationPage(root)],
    ['docs/troubleshooting.md', await troubleshootingPage(root)],
    [MARKS, marksSource(marksOf([...(await errorMessages(root)).values()].flat()))],
  ]);
}

/** What they are, by path: all of `action-docs`, and what is made of `docs`. */
async function keptPages(): Promise<Map<string, string>> {
  const kept = new Map<string, string>();
  for (const folder of [FOLDER, 'docs']) {
    for (const name of (await readdir(join(root, folder))).filter((entry) => entry.endsWith('.md'))) {
      const text = await readFile(join(root, folder, name), 'utf8');
      if (folder === FOLDER || text.startsWith('<!-- Made by "npm run docs"')) {
        kept.set(`${folder}/${name}`, text);
      }
    }
  }
  const marks = await readFile(join(root, MARKS), 'utf8').catch(() => undefined);
  return marks === undefined ? kept : kept.set(MARKS, marks);
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
