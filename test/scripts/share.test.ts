import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { share } from '../../scripts/dist/share.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ostack-share-'));
  await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const chunk = (id: number, head: string, modules: string) =>
  writeFile(
    join(folder, `${id}.index.js`),
    `${head}exports.id = ${id};\nexports.ids = [${id}];\nexports.modules = {\n${modules}\n};\n`,
  );

const COMMON = "7: (function (module) { module.exports = 'in both ' + (this === undefined); })";

test('a module that two files have is in one that both load, and is as strict as it was', async () => {
  await chunk(1, '"use strict";\n', `${COMMON},\n8: (function (module) { module.exports = 'mine'; })`);
  await chunk(2, '"use strict";\n', COMMON);

  await share(folder);

  const load = createRequire(join(folder, 'index.js'));
  const result = (file: string, id: string): unknown => {
    const module = { exports: undefined };
    const loaded: { modules: Record<string, (this: undefined, module: object) => void> } = load(file);
    loaded.modules[id]?.call(undefined, module);
    return module.exports;
  };
  expect([result('./1.index.js', '7'), result('./2.index.js', '7')]).toEqual(['in both true', 'in both true']);
  expect(result('./1.index.js', '8')).toBe('mine');
  const texts = await Promise.all(
    ['1', '2', 'shared'].map((name) => readFile(join(folder, `${name}.index.js`), 'utf8')),
  );
  expect(texts.map((text) => text.includes('in both'))).toEqual([false, false, true]);
  expect(texts.map((text) => text.includes('mine'))).toEqual([true, false, false]);
});

test('what is in one file alone stays there', async () => {
  await chunk(1, '', "8: (function (module) { module.exports = 'mine'; })");
  await share(folder);
  expect(await readFile(join(folder, '1.index.js'), 'utf8')).not.toContain('require');
});
