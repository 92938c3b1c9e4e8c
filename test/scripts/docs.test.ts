import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..');

/** A path of this repository in code font, whole: no placeholder in it. */
const PATH = /`((?:src|test|scripts|workflows|\.github)\/[\w./-]*)`/g;
const LINK = /\]\((?!https?:|#)([^)#]+)/g;

test('every file and folder that the documents name is there', async () => {
  const names = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md'));
  const files = ['README.md', 'CONTRIBUTING.md', 'src/local/README.md', ...names.map((name) => `docs/${name}`)];
  const missing: string[] = [];
  for (const file of files) {
    const text = await readFile(join(root, file), 'utf8');
    const paths = [...text.matchAll(PATH)].map(([, path = '']) => path);
    const links = [...text.matchAll(LINK)].map(([, path = '']) => join(dirname(file), path));
    for (const path of [...paths, ...links]) {
      const isThere = await access(join(root, path)).then(
        () => true,
        () => false,
      );
      if (!isThere) {
        missing.push(`${file}: ${path}`);
      }
    }
  }
  expect(missing).toEqual([]);
});
