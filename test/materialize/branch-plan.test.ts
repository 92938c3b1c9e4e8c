import { describe, expect, test } from '@jest/globals';
import { type EditChoice, planFolder, withParts } from '../../src/materialize/branch/plan-branch.js';
import { branchTargets } from '../../src/materialize/branch/targets.js';
import { RECORD } from '../../src/materialize/manifests/record.js';
import { PARTS, partsText } from '../../src/materialize/manifests/remote-parts.js';
import { blobId } from '../../src/ops/tree/blob-id.js';

type Texts = Record<string, string>;

const SOURCE = `acme/cluster@${'a'.repeat(40)}`;
const ids = (texts: Texts) => new Map(Object.entries(texts).map(([path, text]) => [path, blobId(text)]));

/** @param written what was materialized before; `undefined` for nothing ever */
function planned(found: Texts, written: Texts | undefined, wanted: Texts, choice: EditChoice = 'restore', folder = '') {
  const record = written === undefined ? undefined : { source: SOURCE, files: ids(written) };
  const plan = planFolder({ folder, found: ids(found), record }, new Map(Object.entries(wanted)), SOURCE, choice);
  return {
    items: plan.items.map((item) => `${'content' in item ? '+' : '-'}${item.path}`),
    edits: plan.edits.map(({ path, did, isKept }) => `${path} ${did}${isKept ? ', kept' : ''}`),
  };
}

describe('what a folder of a branch is to hold', () => {
  test.each<[string, Texts, Texts | undefined, Texts, string[], string[]]>([
    ['a new branch', {}, undefined, { 'a.yaml': 'a' }, ['+a.yaml', `+${RECORD}`], []],
    ['nothing to do', { 'a.yaml': 'a' }, { 'a.yaml': 'a' }, { 'a.yaml': 'a' }, [], []],
    ['a change', { 'a.yaml': 'a' }, { 'a.yaml': 'a' }, { 'a.yaml': 'A' }, ['+a.yaml', `+${RECORD}`], []],
    ['what is defined no more', { 'a.yaml': 'a' }, { 'a.yaml': 'a' }, {}, ['-a.yaml', `+${RECORD}`], []],
    ['an edit', { 'a.yaml': 'x' }, { 'a.yaml': 'a' }, { 'a.yaml': 'a' }, ['+a.yaml', `+${RECORD}`], ['a.yaml edited']],
    ['an edit that is what is wanted now', { 'a.yaml': 'A' }, { 'a.yaml': 'a' }, { 'a.yaml': 'A' }, [`+${RECORD}`], []],
    ['what was taken away', {}, { 'a.yaml': 'a' }, { 'a.yaml': 'a' }, ['+a.yaml', `+${RECORD}`], ['a.yaml took away']],
    ['what was taken away and is defined no more', {}, { 'a.yaml': 'a' }, {}, [`+${RECORD}`], []],
    ['a manifest that was added', { 'x/b.YML': 'b' }, {}, {}, ['-x/b.YML', `+${RECORD}`], ['x/b.YML added']],
    [
      'what was added where an object goes',
      { 'a.yaml': 'x' },
      {},
      { 'a.yaml': 'a' },
      ['+a.yaml', `+${RECORD}`],
      ['a.yaml added'],
    ],
    ['files that are no manifests', { 'README.md': '', '.github/x.yaml': '', [RECORD]: '' }, {}, {}, [], []],
    ['a lost list, where all is as it is wanted', { 'a.yaml': 'a' }, undefined, { 'a.yaml': 'a' }, [`+${RECORD}`], []],
  ])('%s', (_what, found, written, wanted, items, edits) => {
    expect(planned(found, written, wanted)).toEqual({ items, edits });
  });

  test.each<[string, Texts, Texts, Texts, string[], string[]]>([
    ['an edit', { 'a.yaml': 'x' }, { 'a.yaml': 'a' }, { 'a.yaml': 'a' }, [], ['a.yaml edited, kept']],
    [
      'an edit of what changes',
      { 'a.yaml': 'x' },
      { 'a.yaml': 'a' },
      { 'a.yaml': 'A' },
      [`+${RECORD}`],
      ['a.yaml edited, kept'],
    ],
    [
      'an edit of what is defined no more',
      { 'a.yaml': 'x' },
      { 'a.yaml': 'a' },
      {},
      ['-a.yaml', `+${RECORD}`],
      ['a.yaml edited'],
    ],
    ['what was taken away', {}, { 'a.yaml': 'a' }, { 'a.yaml': 'a' }, [], ['a.yaml took away, kept']],
    ['what was added', { 'b.yaml': 'b' }, {}, {}, [], ['b.yaml added, kept']],
    [
      'what was added where an object goes',
      { 'a.yaml': 'x' },
      {},
      { 'a.yaml': 'a' },
      [`+${RECORD}`],
      ['a.yaml added, kept'],
    ],
  ])('where edits are kept: %s', (_what, found, written, wanted, items, edits) => {
    expect(planned(found, written, wanted, 'keep')).toEqual({ items, edits });
  });

  test.each<[string, Texts, Texts | undefined, EditChoice, string]>([
    [
      'a manifest of others, where nothing was materialized',
      { 'b.yaml': 'b' },
      undefined,
      'restore',
      'dir/b.yaml was not',
    ],
    ['a file of others at the place of an object', { 'a.yaml': 'x' }, undefined, 'keep', 'dir/a.yaml was not'],
    ['a file where a folder has to be', { ns: 'x' }, {}, 'restore', 'dir/ns was not'],
    ['a folder where a file has to be', { 'a.yaml/x.txt': 'x' }, {}, 'restore', 'dir/a.yaml/x.txt was not'],
  ])('refuses %s', (_what, found, written, choice, message) => {
    const wanted = { 'a.yaml': 'a', 'ns/b.yaml': 'b' };
    expect(() => planned(found, written, wanted, choice, 'dir')).toThrow(message);
  });
});

describe('where environments go', () => {
  const OWN = { repository: 'acme/cluster', branch: 'main' };
  const to = (
    environments: string[],
    more: Partial<Parameters<typeof branchTargets>[1]> = {},
    lodgings: Parameters<typeof branchTargets>[3] = [],
  ) =>
    branchTargets(environments, { repository: undefined, branch: undefined, folder: '', ...more }, OWN, lodgings).map(
      ({ repository, branch, environments: places }) =>
        `${repository.owner}/${repository.name} ${branch}: ${places.map(({ environment, folder }) => `${environment} ${folder}`.trim()).join(', ')}`,
    );

  test.each<[string, string[], Parameters<typeof to>[1], string[]]>([
    ['a branch for each', ['stage', 'prod'], {}, ['acme/cluster env/stage: stage', 'acme/cluster env/prod: prod']],
    ['one branch for all', ['stage', 'prod'], { branch: 'live' }, ['acme/cluster live: stage stage, prod prod']],
    ['a folder of the own branch', ['prod'], { branch: 'main', folder: 'out' }, ['acme/cluster main: prod out']],
    [
      'the same name of another repository',
      ['prod'],
      { branch: 'main', repository: 'acme/live' },
      ['acme/live main: prod'],
    ],
    ['a repository for each', ['eu'], { repository: 'acme/{environment}', folder: './x/' }, ['acme/eu env/eu: eu x']],
  ])('%s', (_what, environments, patterns, expected) => {
    expect(to(environments, patterns)).toEqual(expected);
  });

  const LIVES = { name: 'prod', branch: 'live' };
  test.each<[string, Parameters<typeof branchTargets>[3], Parameters<typeof to>[1], string]>([
    ['the branch that it lives on', [LIVES], {}, 'acme/cluster live: prod'],
    ['that of another repository', [{ ...LIVES, repository: 'acme/eu' }], {}, 'acme/eu live: prod'],
    ['what an input says instead', [LIVES], { branch: 'x' }, 'acme/cluster x: prod'],
    ['another repository that an input says', [LIVES], { repository: 'acme/eu' }, 'acme/eu env/prod: prod'],
    ['not to where the definition is', [{ name: 'prod', branch: 'main' }], {}, 'acme/cluster env/prod: prod'],
    ['not to repositories of apps', [{ ...LIVES, repository: 'acme/{app}' }], {}, 'acme/cluster env/prod: prod'],
    ['its own, where another one has a branch', [{ ...LIVES, name: 'stage' }], {}, 'acme/cluster env/prod: prod'],
  ])('by the policy: %s', (_what, lodgings, patterns, expected) => {
    expect(to(['prod'], patterns, lodgings)).toEqual([expected]);
  });

  test.each<[string, string[], Parameters<typeof to>[1], string]>([
    ['the root of the own branch', ['prod'], { branch: 'main' }, 'where the definition itself is'],
    [
      'the same, of a repository that is spelled otherwise',
      ['prod'],
      { branch: 'main', repository: 'ACME/Cluster' },
      'where the definition',
    ],
    ['one folder for two', ['a', 'b'], { branch: 'x', folder: 'y' }, 'into the folder of'],
    [
      'a folder in that of another one',
      ['a', 'b'],
      { branch: 'x', folder: '{environment}/../a' },
      'into the folder of',
    ],
    ['a folder outside', ['a'], { folder: '../x' }, 'leads out'],
    ["git's own folder", ['a'], { folder: '.git/hooks' }, 'leads out'],
    ['a name with a way out', ['a'], { branch: '../x' }, 'the name of a branch'],
    ['an option', ['a'], { branch: '-f' }, 'the name of a branch'],
    ['a full ref', ['a'], { branch: 'refs/heads/x' }, 'the name of a branch'],
    ['a lock of git', ['a'], { branch: 'x.lock/y' }, 'the name of a branch'],
    ['a line break', ['a'], { branch: 'x\ny' }, 'the name of a branch'],
    ['an expression of git', ['a'], { branch: 'x@{1}' }, 'the name of a branch'],
    ['no repository', ['a'], { repository: 'acme' }, 'expected owner/name'],
  ])('refuses %s', (_what, environments, patterns, message) => {
    expect(() => to(environments, patterns)).toThrow(message);
  });
});

const COMMIT = (letter: string) => `acme/cluster@${letter.repeat(40)}`;
/** What says the parts of a folder, made of a commit. */
const partsOf = (letter: string, ...parts: string[]) => partsText({ source: COMMIT(letter), parts }, undefined);

describe('what says which charts and remote bases a folder is made of', () => {
  test.each<[string, string | undefined, string | undefined, string[], boolean, EditChoice, string | undefined]>([
    ['comes with the first of them', undefined, undefined, ['web 1'], false, 'restore', partsOf('b', 'web 1')],
    [
      'stays while they are the same',
      partsOf('a', 'web 1'),
      partsOf('a', 'web 1'),
      ['web 1'],
      false,
      'restore',
      undefined,
    ],
    [
      'changes with one of them',
      partsOf('a', 'web 1'),
      partsOf('a', 'web 1'),
      ['web 2'],
      false,
      'restore',
      partsOf('b', 'web 2'),
    ],
    ['goes with the last of them', partsOf('a', 'web 1'), partsOf('a', 'web 1'), [], false, 'restore', 'gone'],
    [
      'is written anew with force',
      partsOf('a', 'web 1'),
      partsOf('a', 'web 1'),
      ['web 1'],
      true,
      'restore',
      partsOf('b', 'web 1'),
    ],
    ['is put right', partsOf('c', 'web 1'), partsOf('a', 'web 1'), ['web 1'], false, 'restore', partsOf('b', 'web 1')],
    [
      'is put right where edits are kept',
      partsOf('c', 'web 1'),
      partsOf('a', 'web 1'),
      ['web 1'],
      false,
      'keep',
      partsOf('b', 'web 1'),
    ],
    [
      'is written where somebody took it away',
      undefined,
      partsOf('a', 'web 1'),
      ['web 1'],
      false,
      'restore',
      partsOf('b', 'web 1'),
    ],
    [
      'is of its repository alone',
      partsText({ source: `acme/other@${'a'.repeat(40)}`, parts: ['web 1'] }, undefined),
      partsText({ source: `acme/other@${'a'.repeat(40)}`, parts: ['web 1'] }, undefined),
      ['web 1'],
      false,
      'restore',
      partsOf('b', 'web 1'),
    ],
  ])('%s', (_what, there, before, parts, isAnew, choice, expected) => {
    const objects = { 'a.yaml': 'a' };
    const withText = (text: string | undefined) =>
      ids({ ...objects, ...(text === undefined ? {} : { [PARTS]: text }) });
    const state = {
      folder: '',
      found: withText(there),
      record: { source: SOURCE, files: withText(before) },
      parts: there,
    };
    const files = withParts(state, new Map(Object.entries(objects)), { source: COMMIT('b'), parts }, isAnew);
    const plan = planFolder(state, files, COMMIT('b'), choice);
    const item = plan.items.find(({ path }) => path === PARTS);
    const written = item === undefined ? undefined : 'content' in item ? item.content : 'gone';
    expect([written, plan.items.length > 0]).toEqual([expected, expected !== undefined]);
    // It is no object.
    expect([plan.change.added, plan.change.changed, plan.change.removed].flat()).toEqual([]);
  });
});
