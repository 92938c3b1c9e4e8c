import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type EditChoice, planFolder } from '../../src/materialize/branch/plan-branch.js';
import { RECORD, readRecord } from '../../src/materialize/manifests/record.js';
import { blobId } from '../../src/ops/tree/blob-id.js';

const SOURCE = `acme/cluster@${'a'.repeat(40)}`;
const PATHS = ['a.yaml', 'b.yaml', 'ns/a.yaml', 'ns/b.yaml', 'README.md', 'ns/notes.txt', '.github/ci.yaml'];
const MANIFESTS = PATHS.slice(0, 4);

type Files = ReadonlyMap<string, string>;
const filesOf = (paths: string[]) =>
  fc.dictionary(fc.constantFrom(...paths), fc.constantFrom('1', '2', '3')).map((each) => new Map(Object.entries(each)));

/** A branch: its files, and the list of what was written to it. */
interface Branch {
  files: Files;
  record: ReturnType<typeof readRecord>;
}

/** Runs a plan on a branch, as a commit of its items would. */
function run({ files, record }: Branch, wanted: Files, choice: EditChoice) {
  const found = new Map([...files].map(([path, text]) => [path, blobId(text)]));
  const plan = planFolder({ folder: '', found, record }, wanted, SOURCE, choice);
  const after = new Map(files);
  for (const item of plan.items) {
    if ('content' in item) {
      after.set(item.path, item.content);
    } else {
      after.delete(item.path);
    }
  }
  const list = after.get(RECORD);
  after.delete(RECORD);
  return { plan, branch: { files: after, record: list === undefined ? record : readRecord(list, RECORD) } };
}

const histories = fc.array(fc.record({ wanted: filesOf(MANIFESTS), edits: filesOf(PATHS), gone: fc.subarray(PATHS) }), {
  maxLength: 5,
});

/** After definitions and edits of people, in turns. */
function lived(history: { wanted: Files; edits: Files; gone: string[] }[], choice: EditChoice): Branch {
  return history.reduce<Branch>(
    (branch, { wanted, edits, gone }) => {
      const { files, record } = run(branch, wanted, choice).branch;
      return { files: new Map([...files, ...edits].filter(([path]) => !gone.includes(path))), record };
    },
    { files: new Map(), record: { files: new Map() } },
  );
}

const manifestsOf = (files: Files) => new Map([...files].filter(([path]) => MANIFESTS.includes(path)).sort());

test('whatever people did, the branch has what is wanted and no other manifest, all else stays, and a second run has nothing to do', () => {
  fc.assert(
    fc.property(histories, filesOf(MANIFESTS), (history, wanted) => {
      const before = lived(history, 'restore');
      const { branch } = run(before, wanted, 'restore');
      expect(manifestsOf(branch.files)).toEqual(manifestsOf(wanted));
      const others = (files: Files) => [...files].filter(([path]) => !MANIFESTS.includes(path)).sort();
      expect(others(branch.files)).toEqual(others(before.files));
      expect(run(branch, wanted, 'restore').plan).toMatchObject({ items: [], edits: [] });
    }),
  );
});

test('where edits are kept nothing that somebody did is undone, but for what is defined no more, and a second run writes nothing', () => {
  fc.assert(
    fc.property(histories, filesOf(MANIFESTS), (history, wanted) => {
      const before = lived(history, 'keep');
      const { plan, branch } = run(before, wanted, 'keep');
      for (const { path, isKept } of plan.edits) {
        expect(branch.files.get(path)).toBe(isKept ? before.files.get(path) : wanted.get(path));
      }
      expect(run(branch, wanted, 'keep').plan.items).toEqual([]);
    }),
  );
});
