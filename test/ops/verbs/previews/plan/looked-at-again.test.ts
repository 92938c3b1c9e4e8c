import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { readPolicy } from '../../../../../src/ops/policy/policy.js';
import { writeRecord } from '../../../../../src/ops/preview-records/record.js';
import { blobId } from '../../../../../src/ops/tree/blob-id.js';
import { memoTree } from '../../../../../src/ops/tree/memo-tree.js';
import { objectTree } from '../../../../../src/ops/tree/object-tree.js';
import type { TreeReader } from '../../../../../src/ops/tree/tree-reader.js';
import { planReconcile } from '../../../../../src/ops/verbs/previews/plan/plan.js';
import { at, listed, OPS, outcomes, PREVIEWS_OF_FLUX, plan, previewOf, reconcile, recordOf } from '../support.js';

describe('previews that are there already', () => {
  test('are told of as they are: what the host runs since then is no part of them', async () => {
    const files = await reconcile(OPS, { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7) });
    const told = { now: at(5), pullRequests: [listed([7], at(5))], alwaysRender: new Set(['pr-7']) };
    expect((await plan(files, told)).decisions[0]?.preview?.apps.map(({ app }) => app)).toEqual(['mailer', 'shop']);
    const overlay = 'overlays/staging/mailer/kustomization.yaml';
    const released = { ...files, [overlay]: (OPS[overlay] ?? '').replace(/newTag: [^ ,}]+/, 'newTag: "9.9.9"') };
    const planned = await plan(released, told);
    expect(released[overlay]).toContain('9.9.9');
    expect(planned.decisions[0]).toMatchObject({ action: 'kept', preview: undefined });
    expect(planned.change.files.size).toBe(0);
  });

  test('are compared by ids where these are known, and what is no app of theirs alone is read', async () => {
    const files = await reconcile(OPS, { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7) });
    const read: string[] = [];
    const tree: TreeReader = {
      ...objectTree(files),
      read: (path) => {
        read.push(path);
        return objectTree(files).read(path);
      },
    };
    const own = Object.entries(files).filter(([path]) => path.startsWith('previews/pr-7/'));
    const ids = new Map(own.map(([path, text]) => [path, blobId(text)]));
    const sweep = { now: at(5), pullRequests: [listed([7], at(5))], overtaken: new Set(['pr-7']) };
    const same = await planReconcile({ ...sweep, tree, ids, policy: readPolicy(files['ostack.yaml']) });
    expect(same.change.files.size).toBe(0);
    expect(read.filter((path) => own.some(([file]) => file === path))).toEqual(['previews/pr-7/namespace.yaml']);
    const other = new Map(ids).set('previews/pr-7/mailer/kustomization.yaml', blobId(''));
    const changed = await planReconcile({ ...sweep, tree, ids: other, policy: readPolicy(files['ostack.yaml']) });
    expect([...changed.change.files.keys()]).toEqual(['previews/pr-7/mailer/kustomization.yaml']);
  });

  test.each([
    ['a sweep', {}],
    ['a push of its pull request', { requested: previewOf(7) }],
  ])(
    'are taken down by %s where they cannot be adapted to what they are built from now, and come back',
    async (_by, more) => {
      const files = await reconcile(OPS, { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7) });
      const base = 'bases/mailer/kustomization.yaml';
      // The Deployment of shop once more, as another one.
      const meeting = (OPS['bases/mailer/deployment.yaml'] ?? '').replace('name: mailer', 'name: shop-web');
      const colliding = {
        ...files,
        [base]: 'resources: [deployment.yaml, other.yaml]\n',
        'bases/mailer/other.yaml': meeting,
      };
      const run = { now: at(5), pullRequests: [listed([7], at(5))], overtaken: new Set(['pr-7']), ...more };
      const down = await plan(colliding, run);
      expect(outcomes(down)).toEqual(['pr-7 failed queued 1']);
      expect(down.decisions[0]?.reason).toContain('nothing of it runs until that is mended.');
      const after = await reconcile(colliding, run);
      expect(Object.keys(after).filter((path) => /pr-7/.test(path))).toEqual(['previews/records/pr-7.yaml']);
      expect(outcomes(await plan(after, { now: at(6), pullRequests: [listed([7], at(6))] }))).toEqual([
        'pr-7 failed queued 1',
      ]);
      const mended = { ...after, [base]: OPS[base] ?? '' };
      const opened = await plan(mended, { now: at(7), pullRequests: [listed([7], at(7))] });
      expect(outcomes(opened)).toEqual(['pr-7 opened active']);
    },
  );

  test('are no overlays, where the folder of their objects is all that the cluster is seen to deploy', async () => {
    const groups = Object.fromEntries(
      Object.entries(OPS).flatMap(([path, text]): [string, string][] =>
        path.startsWith('bases/') ? [[path.replace('bases/', 'apps/base/'), text]] : [],
      ),
    );
    const files = {
      ...groups,
      'ostack.yaml': OPS['ostack.yaml'] ?? '',
      'clusters/staging/previews/ostack-previews.yaml': PREVIEWS_OF_FLUX,
      'apps/overlays/staging/kustomization.yaml': 'resources: [../../base/shop, ../../base/mailer]\n',
    };
    const request = { now: at(0), pullRequests: [listed([7], at(0))], requested: previewOf(7) };
    const opened = await plan(files, request);
    expect(opened.decisions[0]?.preview?.uses).toEqual(['apps/base']);
    const after = await reconcile(files, request);
    const again = await plan(after, request);
    expect(outcomes(again)).toEqual(['pr-7 unchanged active']);
    expect(again.decisions[0]?.preview?.apps.map(({ app }) => app)).toEqual(['mailer', 'shop']);
  });

  test('and wait because they cannot be rendered are looked at with as few rounds of reads for many as for two', async () => {
    const rounds = async (count: number) => {
      const files: Record<string, string> = { ...OPS };
      for (let number = 1; number <= count; number += 1) {
        const app = `app-${number}`;
        files[`bases/${app}/kustomization.yaml`] = 'resources: [web.yaml]\n';
        files[`bases/${app}/web.yaml`] = 'a: [\n';
        const record = recordOf(number, { state: 'queued', apps: [{ app, images: [] }] });
        files[`previews/records/pr-${number}.yaml`] = writeRecord(record);
      }
      const { tree, rounds } = inRounds(objectTree(files));
      const numbers = Array.from({ length: count }, (_none, index) => index + 1);
      const sweep = { now: at(5), pullRequests: [listed(numbers, at(5))] };
      const planned = await planReconcile({ ...sweep, tree, policy: readPolicy(files['ostack.yaml']) });
      expect(planned.decisions.map(({ action, state }) => `${action} ${state}`)).toEqual(
        Array(count).fill('failed queued'),
      );
      return rounds();
    };
    expect(await rounds(30)).toBe(await rounds(4));
  });
});

/** Answers all that is asked until nobody asks for more, as one request does. */
function inRounds(source: TreeReader): { tree: TreeReader; rounds: () => number } {
  let count = 0;
  let next: Promise<void> | undefined;
  const answered = async <T>(answer: Promise<T>): Promise<T> => {
    next ??= setImmediate().then(() => {
      count += 1;
      next = undefined;
    });
    await next;
    return answer;
  };
  const tree = {
    read: (path: string) => answered(source.read(path)),
    list: (path: string) => answered(source.list(path)),
  };
  return { tree: memoTree(tree), rounds: () => count };
}
