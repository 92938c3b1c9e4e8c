import { expect, test } from '@jest/globals';
import { commitFiles, type FileEntry } from '../../../../src/ops/tree/commit-files.js';
import { planRevert } from '../../../../src/ops/verbs/audit/plan-revert.js';

const withEntries = (entries: ReadonlyMap<string, FileEntry>) => commitFiles(entries, async (id) => Buffer.from(id));
/** Files whose id is their text; `100755 x` is one of another mode. */
const filesOf = (texts: Record<string, string>) =>
  withEntries(
    new Map(
      Object.entries(texts).map(([path, text]) => {
        const [, mode = '100644', id = text] = /^(\d{6}) (.*)$/.exec(text) ?? [];
        return [path, { mode, id, size: id.length }] as const;
      }),
    ),
  );

type Files = Record<string, string>;

async function planned(before: Files, after: Files, now: Files): Promise<string> {
  const reader = { files: async () => filesOf({}), with: withEntries };
  const plan = await planRevert(reader, filesOf(now), filesOf(before), filesOf(after));
  if (plan.state !== 'change') {
    return plan.state === 'by hand' ? `by hand: ${plan.why}` : plan.state;
  }
  const { files, deletions = [] } = plan.change;
  return [...[...files].map(([path, text]) => `${path}=${text}`), ...deletions.map((path) => `-${path}`)].join(' ');
}

test.each<[string, Files, Files, Files, string]>([
  ['what was changed is as it was', { a: '1' }, { a: '2' }, { a: '2' }, 'a=1'],
  ['what was added goes', { a: '1' }, { a: '1', b: '1' }, { a: '1', b: '1' }, '-b'],
  ['what was deleted is back', { a: '1', b: '1' }, { a: '1' }, { a: '1' }, 'b=1'],
  ['what came later elsewhere stays', { a: '1' }, { a: '2' }, { a: '2', c: '9' }, 'a=1'],
  ['what was taken back is done', { a: '1' }, { a: '2' }, { a: '1' }, 'reverted'],
  ['half of it is the other half', { a: '1', b: '1' }, { a: '2', b: '2' }, { a: '1', b: '2' }, 'b=1'],
  ['what was changed again is a person’s', { a: '1' }, { a: '2' }, { a: '3' }, 'by hand: a has changed again since'],
  [
    'so is what would lose its mode',
    { a: '100755 1' },
    { a: '100755 2' },
    { a: '100755 2' },
    "by hand: a has the mode 100755, and GitHub's API writes plain files alone",
  ],
  [
    'a workflow',
    { '.github/workflows/x.yml': '1' },
    { '.github/workflows/x.yml': '2' },
    { '.github/workflows/x.yml': '2' },
    'by hand: .github/workflows/x.yml is a workflow, which the ops App may not write',
  ],
  ['and what is no text', { a: 'x\0' }, { a: '2' }, { a: '2' }, 'by hand: a is no text'],
])('%s', async (_name, before, after, now, expected) => {
  expect(await planned(before, after, now)).toBe(expected);
});
