import { expect, test } from '@jest/globals';
import { readRecords } from '../../../src/ops/preview-records/read-records.js';
import { writeRecord } from '../../../src/ops/preview-records/record.js';
import { objectTree } from '../../../src/ops/tree/object-tree.js';

const TIME = '2026-11-21T09:00:00.000Z';
const record = (number: number) =>
  writeRecord({
    ...{ name: `pr-${number}`, repository: 'acme/apps', pullRequest: { number }, head: 'a'.repeat(40) },
    ...{ state: 'active', host: 'staging', createdAt: TIME, updatedAt: TIME, expiresAt: TIME, apps: [] },
  });

const FILES = {
  'previews/records/pr-2.yaml': record(2),
  'previews/records/pr-1.yaml': record(1),
  'previews/records/pr-3.yaml': 'repository: acme/site\nhost: [\n',
  'previews/records/kube-system.yaml': record(1),
  'previews/records/README.md': 'words\n',
};

test('the records of previews are read by name; what cannot be read is told apart from what is not there', async () => {
  const { records, broken } = await readRecords(objectTree(FILES));
  expect(records.map(({ name }) => name)).toEqual(['pr-1', 'pr-2']);
  expect(broken.map(({ name, repository }) => [name, repository])).toEqual([['pr-3', 'acme/site']]);
});

test('a record under the name of another is broken', async () => {
  const { records, broken } = await readRecords(objectTree({ 'previews/records/pr-9.yaml': record(1) }));
  expect([records, broken.map(({ name }) => name)]).toEqual([[], ['pr-9']]);
});

test('where there is no folder there are none', async () => {
  expect(await readRecords(objectTree({}))).toEqual({ records: [], broken: [] });
});

test.each(['list', 'read'] as const)('a request that failed is no empty list: %s', async (part) => {
  const tree = { ...objectTree(FILES), [part]: () => Promise.reject(new Error('502')) };
  await expect(readRecords(tree)).rejects.toThrow('502');
});
