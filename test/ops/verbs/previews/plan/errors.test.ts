import { describe, expect, test } from '@jest/globals';
import { readPolicy } from '../../../../../src/ops/policy/policy.js';
import { readRecords } from '../../../../../src/ops/preview-records/read-records.js';
import { objectTree } from '../../../../../src/ops/tree/object-tree.js';
import type { TreeReader } from '../../../../../src/ops/tree/tree-reader.js';
import { planReconcile } from '../../../../../src/ops/verbs/previews/plan/plan.js';
import { at, type Files, listed, OPS, outcomes, plan, previewOf, reconcile } from '../support.js';

/** A tree in which requests for one path fail. */
function failingTree(files: Files, failing: string): TreeReader {
  const tree = objectTree(files);
  const check = (path: string) => {
    if (path === failing) {
      throw new Error(`no answer for ${path}`);
    }
  };
  return {
    read: async (path) => {
      check(path);
      return tree.read(path);
    },
    list: async (path) => {
      check(path);
      return tree.list(path);
    },
  };
}

async function twoPreviews(): Promise<Files> {
  const first = await reconcile(OPS, { now: at(0), pullRequests: [listed([7, 8], at(0))], requested: previewOf(7) });
  return reconcile(first, { now: at(1), pullRequests: [listed([7, 8], at(1))], requested: previewOf(8) });
}

describe('a request that fails', () => {
  test.each([
    'previews/records',
    'previews/records/pr-8.yaml',
    'previews',
    'previews/pr-7',
    'previews/clusters/staging',
    'overlays/staging/shop/kustomization.yaml',
  ])('for %s plans nothing: no preview is taken for removed or missing', async (path) => {
    const files = await twoPreviews();
    const request = { now: at(2), pullRequests: [listed([8], at(2))], requested: previewOf(8) };
    const input = { tree: failingTree(files, path), policy: readPolicy(files['ostack.yaml']), ...request };
    await expect(planReconcile(input)).rejects.toThrow(`no answer for ${path}`);
  });

  test('for the pull requests of one repository removes nothing of it, and does what others need', async () => {
    const files = await twoPreviews();
    const other = previewOf(7, undefined, { repository: 'acme/site', workspace: 'site' });
    const planned = await plan(files, {
      now: at(2),
      pullRequests: [listed([7], at(2), 'acme/site')],
      requested: other,
    });
    expect(outcomes(planned)).toEqual(['pr-7 kept active', 'pr-8 kept active', 'site-pr-7 queued queued 1']);
  });
});

describe('records', () => {
  test('that cannot be read are listed with their repository, and other files are ignored', async () => {
    const files = await twoPreviews();
    const tree = objectTree({
      ...files,
      'previews/records/pr-9.yaml': 'name: pr-9\nrepository: "acme/site"\nx: 1\n',
      'previews/records/README.md': '',
      'previews/records/staging.yaml': '',
    });
    const { records, broken } = await readRecords(tree);
    expect(records.map(({ name }) => name)).toEqual(['pr-7', 'pr-8']);
    expect(broken).toEqual([
      {
        name: 'pr-9',
        file: 'previews/records/pr-9.yaml',
        message: expect.stringContaining('previews/records/pr-9.yaml:3:1: unknown key "x".'),
        repository: 'acme/site',
      },
    ]);
  });
});
