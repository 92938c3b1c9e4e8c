import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { collect, format } from './table.js';

test('rows of all test processes are added up, and a failure says how to repeat it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ostack-table-'));
  try {
    await writeFile(join(folder, '1.jsonl'), '{"scenario":"promote: 502","tried":9,"survived":9,"took":2.5}\n');
    await writeFile(
      join(folder, '2.jsonl'),
      '{"scenario":"promote: 502","tried":3,"survived":1,"took":0.7,"repeat":"OSTACK_TORTURE_CASE=\'promote/502/3\' npm run torture"}\n' +
        '{"scenario":"a race","tried":100,"survived":100,"took":61.2}\n',
    );
    expect(`\n${format(collect(folder))}`).toMatchInlineSnapshot(`
"
scenario      tried  survived  took
a race          100       100  61 s
promote: 502     12        10   3 s
    FAILED, again with: OSTACK_TORTURE_CASE='promote/502/3' npm run torture
all             112       110  64 s"
`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
