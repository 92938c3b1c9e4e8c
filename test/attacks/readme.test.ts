import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const HERE = import.meta.dirname;

/** The files that the table of attempts leads to, relative to this folder. */
async function named(): Promise<string[]> {
  const text = await readFile(join(HERE, 'README.md'), 'utf8');
  return [...text.matchAll(/\]\(([^()]+)\.ts\)/g)].map(([, path]) => `${path}.ts`);
}

test('each file that the table of attempts names is there', async () => {
  await Promise.all((await named()).map((path) => readFile(join(HERE, path))));
});

test('the table of attempts names each attack', async () => {
  const all = await readdir(HERE, { recursive: true });
  const attacks = all.filter((path) => /^(?!support).+\/.+\.ts$/.test(path));
  expect((await named()).filter((path) => !path.startsWith('..')).sort()).toEqual(attacks.sort());
});
