import { describe, expect, test } from '@jest/globals';
import { readPolicy } from '../../../../../src/ops/policy/policy.js';
import { previewPolicy } from '../../../../../src/ops/policy/preview-policy.js';
import type { PreviewRecord } from '../../../../../src/ops/preview-records/record.js';
import { splitChange } from '../../../../../src/ops/verbs/previews/branch/deployed-change.js';
import { mergedTree } from '../../../../../src/ops/verbs/previews/branch/merged-tree.js';
import { comparison, overtakenPreviews } from '../../../../../src/ops/verbs/previews/branch/overtaken.js';
import { previewsItems, rootItems } from '../../../../../src/ops/verbs/previews/branch/tree-items.js';
import { planReconcile } from '../../../../../src/ops/verbs/previews/plan/plan.js';
import type { ReconcileRequest } from '../../../../../src/ops/verbs/previews/plan/request.js';
import { at, committed, type Files, listed, OPS, outcomes, previewOf, recordOf, sha } from '../support.js';
import { filesOf, idOf, readerOf, stateOf } from './support.js';

const POLICY = readPolicy(OPS['ostack.yaml']);
const URL = 'https://github.com/acme/ops';

interface Branches {
  deployed: Files;
  branch: Files | undefined;
}

/** What one run makes of both branches. */
async function run({ deployed, branch }: Branches, request: ReconcileRequest) {
  const state = stateOf(deployed, branch);
  const plan = await planReconcile({ tree: mergedTree(state), policy: POLICY, repoURL: URL, ...request });
  const change = await splitChange(state, previewPolicy(POLICY), plan.change, URL);
  const items = previewsItems(state, change.branch, plan.whole);
  const previews = items === undefined ? inPreviews(branch ?? {}) : filesOf(items);
  const root = filesOf(rootItems(state, JSON.stringify(previews)));
  return { plan, items, after: { deployed: committed(deployed, change.deployed), branch: root } };
}

function inPreviews(files: Files): Files {
  return JSON.parse(idOf(files, 'previews'));
}

const open = (numbers: readonly number[], minute = 0) => ({
  now: at(minute),
  pullRequests: [listed(numbers, at(minute))],
});

/** As a repository was when previews were commits on what is deployed. */
function asBefore({ branch = {}, deployed }: Branches): Branches {
  const { 'clusters/staging/previews/ostack-previews.yaml': _, ...others } = deployed;
  const moved = Object.entries(branch)
    .filter(([path]) => path.startsWith('previews/') && !path.endsWith('ostack-previews.yaml'))
    .map(([path, text]) => [
      path
        .replace('previews/records/', '.ostack/previews/')
        .replace('previews/clusters/staging/', 'clusters/staging/previews/'),
      text.replace('name: ostack-previews', 'name: ops').replace(/uses:\n( {2}- .*\n)+/, ''),
    ]);
  return { deployed: { ...others, ...Object.fromEntries(moved) }, branch: undefined };
}

describe('the branch of previews', () => {
  test('is what is deployed without .github, with previews beside it, and what is deployed stays as it is', async () => {
    const deployed = { ...OPS, '.github/workflows/ci.yml': 'on: push\n' };
    const { after } = await run({ deployed, branch: undefined }, { ...open([7]), requested: previewOf(7) });
    expect(after.deployed).toEqual(deployed);
    const own = Object.entries(after.branch).filter(([path]) => !path.startsWith('previews/'));
    expect(Object.fromEntries(own)).toEqual(OPS);
    expect(Object.keys(inPreviews(after.branch)).sort()).toEqual([
      'clusters/staging/ostack-previews.yaml',
      'clusters/staging/pr-7.yaml',
      'pr-7/kustomization.yaml',
      'pr-7/mailer/kustomization.yaml',
      'pr-7/namespace.yaml',
      'pr-7/network-policy.yaml',
      'pr-7/quota.yaml',
      'pr-7/shop/kustomization.yaml',
      'records/pr-7.yaml',
    ]);
  });

  test('has previews that do not change by the ids of their folders, and none that are over', async () => {
    const first = await run({ deployed: OPS, branch: undefined }, { ...open([7, 8]), requested: previewOf(7) });
    const second = await run(first.after, { ...open([7, 8], 1), requested: previewOf(8) });
    expect(second.items?.find(({ path }) => path === 'pr-7')).toMatchObject({ mode: '040000', type: 'tree' });
    expect(second.items?.some(({ path }) => path.startsWith('pr-7/'))).toBe(false);
    const third = await run(second.after, open([8], 2));
    expect(Object.keys(third.after.branch).filter((path) => path.includes('pr-7'))).toEqual([]);
    const last = await run(third.after, open([], 3));
    expect(Object.keys(inPreviews(last.after.branch))).toEqual(['clusters/staging/ostack-previews.yaml']);
    expect((await run(last.after, open([], 4))).items).toBeUndefined();
  });

  describe('follows what is deployed where previews are built from it, and nowhere else', () => {
    const GROUP = { 'apps/base/shop/web.yaml': 'a', 'apps/overlays/staging/shop/version.yaml': 'a' };
    const branch = { ...OPS, ...GROUP };
    const overtaken = async (files: Files, uses: readonly (string[] | undefined)[]) => {
      const deployed = { ...branch, '.github/workflows/ci.yml': 'x', ...files };
      const asked: string[] = [];
      const isOvertaken = comparison(stateOf(deployed, branch), readerOf(deployed, branch, asked));
      return [await isOvertaken(uses), [...new Set(asked)]];
    };
    const RELEASE = { 'overlays/staging/shop/kustomization.yaml': 'x' };
    const BASE = { 'bases/shop/web.yaml': 'x' };
    const RELEASE_OF_GROUP = { 'apps/overlays/staging/shop/version.yaml': 'x' };
    const BASE_OF_GROUP = { 'apps/base/shop/web.yaml': 'x' };

    test.each<[string, Files, (string[] | undefined)[], boolean, string[]]>([
      ['nothing changed, and nobody knows what it is built from', {}, [undefined], false, []],
      ['a release', RELEASE, [['bases']], false, []],
      ['a base', BASE, [['bases']], true, []],
      ['a base of another one', BASE, [['components']], false, []],
      ['a release, and of one nobody knows what it is built from', RELEASE, [['bases'], undefined], true, []],
      ['a base, and there is no preview', BASE, [], false, []],
      ['a release of a group', RELEASE_OF_GROUP, [['apps/base']], false, ['apps/base']],
      ['a base of a group', BASE_OF_GROUP, [['apps/base', 'apps/base/shop']], true, ['apps/base', 'apps/base/shop']],
      ['another folder, so that nothing below this one is looked at', BASE, [['apps/base']], false, []],
      ['a base that is new', { 'apps/parts/x.yaml': 'x' }, [['apps/parts']], true, ['apps/parts']],
      ['a release of a group, as records were before', RELEASE_OF_GROUP, [['apps']], true, []],
      ['workflows', {}, [['.github']], false, []],
    ])('%s', async (_, files, uses, expected, asked) => {
      expect(await overtaken(files, uses)).toEqual([expected, asked]);
    });

    test('of previews those that run', async () => {
      const deployed = { ...branch, ...BASE };
      const names = async (on: Files | undefined, ...records: PreviewRecord[]) => {
        const isOvertaken = comparison(stateOf(deployed, on), readerOf(deployed, on ?? {}, []));
        return [...(await overtakenPreviews(records, isOvertaken))];
      };
      const [own, other] = [recordOf(7, { uses: ['bases'] }), recordOf(8, { uses: ['components'] })];
      expect(await names(branch, own, other)).toEqual(['pr-7']);
      expect(await names(branch, { ...own, state: 'queued' })).toEqual([]);
      expect(await names(deployed, own, recordOf(9))).toEqual([]);
      // Before there is a branch, all move over as they are.
      expect(await names(undefined, own)).toEqual([]);
    });
  });
});

describe('previews that are commits on what is deployed', () => {
  const now = async () => {
    const first = await run({ deployed: OPS, branch: undefined }, { ...open([7, 8]), requested: previewOf(7) });
    const second = await run(first.after, { ...open([7, 8], 1), requested: previewOf(8) });
    return second.after;
  };

  test('move over in one run: what runs is the same, byte for byte, and only where it is read from differs', async () => {
    const old = asBefore(await now());
    const { plan, after } = await run(old, open([7, 8], 2));
    expect(outcomes(plan)).toEqual(['pr-7 kept active', 'pr-8 kept active']);
    for (const name of ['pr-7', 'pr-8']) {
      expect(idOf(after.branch, `previews/${name}`)).toBe(idOf(old.deployed, `previews/${name}`));
      expect(after.branch[`previews/records/${name}.yaml`]).toBe(old.deployed[`.ostack/previews/${name}.yaml`]);
      const object = `clusters/staging/previews/${name}.yaml`;
      expect(after.deployed[object]).toBe(old.deployed[object]?.replace('name: ops', 'name: ostack-previews'));
      expect(after.branch[`previews/clusters/staging/${name}.yaml`]).toBeUndefined();
    }
    const left = Object.keys(after.deployed).filter((path) => /^(\.ostack\/)?previews\//.test(path));
    expect(left).toEqual([]);
    expect(after.deployed['clusters/staging/previews/ostack-previews.yaml']).toContain('branch: ostack/previews');
    const again = await run(after, open([7, 8], 3));
    expect([again.items, again.after.deployed]).toEqual([undefined, after.deployed]);
  });

  test('keep their objects where they are until they are over: pruned by the one branch, all in them would go', async () => {
    const { after } = await run(asBefore(await now()), open([7, 8], 2));
    const request = { ...open([8], 3), pullRequests: [listed([[8, sha(2)]], at(3))] };
    const pushed = await run(after, { ...request, requested: previewOf(8, sha(2)) });
    expect(outcomes(pushed.plan)).toEqual(['pr-7 removed gone', 'pr-8 updated active']);
    expect(Object.keys(pushed.after.branch).filter((path) => path.startsWith('previews/clusters/'))).toEqual([
      'previews/clusters/staging/ostack-previews.yaml',
    ]);
    expect(pushed.after.deployed['clusters/staging/previews/pr-8.yaml']).toContain(sha(2));
    expect(pushed.after.deployed['clusters/staging/previews/pr-7.yaml']).toBeUndefined();
    const closed = await run(pushed.after, open([], 4));
    expect(closed.after.deployed).toMatchObject(
      Object.fromEntries(Object.entries(OPS).filter(([path]) => !path.includes('previews'))),
    );
    const opened = await run(closed.after, { ...open([9], 5), requested: previewOf(9) });
    expect(opened.after.branch['previews/clusters/staging/pr-9.yaml']).toBeDefined();
    expect(opened.after.deployed).toEqual(closed.after.deployed);
  });

  test('move over in a second run where the first one was stopped between both branches', async () => {
    const old = asBefore(await now());
    const { after } = await run(old, open([7, 8], 2));
    const half = await run({ deployed: old.deployed, branch: after.branch }, open([7, 8], 3));
    expect(half.after.deployed).toEqual(after.deployed);
    expect(half.items).toBeUndefined();
  });

  test('are listed as they were where the cluster applies only what is listed', async () => {
    const old = asBefore(await now());
    const list = 'clusters/staging/previews/kustomization.yaml';
    const { after } = await run(
      { ...old, deployed: { ...old.deployed, [list]: 'resources: [pr-7.yaml, pr-8.yaml]\n' } },
      open([8], 2),
    );
    expect(after.deployed[list]).toMatch(/resources:\n {2}- ostack-previews.yaml\n {2}- pr-8.yaml\n$/);
  });

  test('move with a record that nobody can read, and without an object that was never there', async () => {
    const old = asBefore(await now());
    const deployed = { ...old.deployed, '.ostack/previews/pr-7.yaml': 'name: [\n' };
    const { plan, after } = await run({ ...old, deployed }, open([8], 2));
    expect(plan.broken).toMatchObject([{ name: 'pr-7', file: 'previews/records/pr-7.yaml' }]);
    expect(after.branch['previews/records/pr-7.yaml']).toBe('name: [\n');
    expect(after.branch['previews/pr-7/kustomization.yaml']).toBeDefined();
  });
});
