import { expect, test } from '@jest/globals';
import { applyChange } from '../../../src/ops/judgement/apply-change.js';
import { commitFiles, type FileEntry } from '../../../src/ops/tree/commit-files.js';

const withEntries = (entries: ReadonlyMap<string, FileEntry>) => commitFiles(entries, async (id) => Buffer.from(id));
const filesOf = (texts: Record<string, string>) =>
  withEntries(new Map(Object.entries(texts).map(([path, id]) => [path, { mode: '100644', id, size: id.length }])));

/** `a=1 b=2 | b` for the files after the change and the paths that it changes, or the path in which both differ. */
function applied(now: Record<string, string>, from: Record<string, string>, to: Record<string, string>): string {
  const found = applyChange(filesOf(now), filesOf(from), filesOf(to), withEntries);
  if ('conflict' in found) {
    return `conflict ${found.conflict}`;
  }
  const { head, changed } = found.change;
  const entries = 'entries' in head ? [...withoutKind(head).entries] : [];
  return `${entries.map(([path, { id }]) => `${path}=${id}`).join(' ')} | ${[...changed].join(' ')}`;
}

function withoutKind(head: object): ReturnType<typeof filesOf> {
  return 'entries' in head && 'links' in head && 'paths' in head && 'tree' in head
    ? Object.assign(filesOf({}), head)
    : filesOf({});
}

test.each<[string, Record<string, string>, Record<string, string>, Record<string, string>, string]>([
  ['of the newest base is that', { a: '1', b: '1' }, { a: '1', b: '1' }, { a: '1', b: '2' }, 'a=1 b=2 | b'],
  [
    'of an older base keeps what came since',
    { a: '9', b: '1', c: '1' },
    { a: '1', b: '1' },
    { a: '1', b: '2' },
    'a=9 b=2 c=1 | b',
  ],
  ['adds and removes files', { a: '1', b: '1' }, { a: '1', b: '1' }, { a: '1', c: '1' }, 'a=1 c=1 | b c'],
  [
    'of a file that both changed is not known',
    { a: '9', b: '9' },
    { a: '1', b: '1' },
    { a: '1', b: '2' },
    'conflict b',
  ],
  [
    'of a file that both changed alike changes nothing',
    { a: '1', b: '2' },
    { a: '1', b: '1' },
    { a: '1', b: '2' },
    'a=1 b=2 | ',
  ],
  ['of a file that is gone is not known', { a: '1' }, { a: '1', b: '1' }, { a: '1', b: '2' }, 'conflict b'],
  ['of a file that both added is not known', { a: '1', b: '9' }, { a: '1' }, { a: '1', b: '2' }, 'conflict b'],
])('A merge %s', (_, now, from, to, expected) => {
  expect(applied(now, from, to)).toBe(expected);
});

test('A file that becomes a symbolic link is one', async () => {
  const file = filesOf({ a: '1' });
  const linked = withEntries(new Map([['a', { mode: '120000', id: '2', size: 1 }]]));
  const found = applyChange(file, file, linked, withEntries);
  const head = 'change' in found ? found.change.head : undefined;
  expect(head?.links).toEqual(['a']);
  await expect(head?.tree.read('a')).rejects.toThrow('a is a symbolic link or a submodule');
});
