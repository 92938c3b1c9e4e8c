import { describe, expect, test } from '@jest/globals';
import * as v from 'valibot';
import { connect } from '../../../../../src/github/client.js';
import type { RepositoryReader } from '../../../../../src/github/repository-reader.js';
import { objectTree } from '../../../../../src/ops/tree/object-tree.js';
import { readState } from '../../../../../src/ops/verbs/previews/branch/read-state.js';
import { sha } from '../support.js';

const entry = (name: string, type: 'tree' | 'blob' = 'tree') => ({
  ...{ name, type, oid: sha(7) },
  mode: type === 'tree' ? 0o40000 : 0o100644,
});
const listed = (...entries: object[]) => ({ object: { entries } });

/** What GitHub answers of the branch of previews. */
const BRANCH = {
  ...{ __typename: 'Commit', oid: sha(2), tree: { entries: [entry('bases'), entry('previews')] } },
  previews: listed(entry('records'), entry('clusters'), entry('pr-7')),
  records: listed({ ...entry('pr-7.yaml', 'blob'), object: null }),
  clusters: listed({ ...entry('staging'), object: { entries: [entry('pr-7.yaml', 'blob')] } }),
};

/** Reads both branches where GitHub gives this of the branch of previews, and of what is deployed at its root. */
function read(branch: object | null, root: object | null = { entries: [entry('bases')] }) {
  const reader: RepositoryReader = {
    async load(field) {
      const bound: unknown[] = [];
      const text = field.text((_type, value) => `$v${bound.push(value)}`);
      const other = bound.includes(`${sha(1)}:`) ? root : null;
      return v.parse(field.schema, text.startsWith('ref(') ? branch && { target: branch } : other);
    },
  };
  const github = connect({ token: 'x', apiUrl: 'http://127.0.0.1', graphqlUrl: 'http://127.0.0.1' });
  const ops = { github, repository: { owner: 'acme', name: 'ops' } };
  const repo = { base: 'main', baseOid: sha(1) };
  return readState({ ops, repo, reader, tree: objectTree({}) }, { branch: 'ostack/previews', host: 'staging' });
}

describe('a list of the branch of previews', () => {
  test('is what GitHub gives of it, and none where there is no such folder', async () => {
    const { branch } = await read({ ...BRANCH, records: null, previews: listed(entry('clusters')) });
    expect(branch.records).toEqual([]);
    expect(branch.clusters.get('staging')).toMatchObject([{ name: 'pr-7.yaml', mode: '100644' }]);
    expect((await read(null)).branch).toMatchObject({ head: undefined, root: [] });
  });

  test.each([
    ['of previews', { previews: null }, 'previews'],
    ['of their records', { records: null }, 'previews/records'],
    ['of clusters', { clusters: null }, 'previews/clusters'],
    [
      'of the objects of one cluster',
      { clusters: listed({ ...entry('staging'), object: null }) },
      'previews/clusters/staging',
    ],
  ])('%s that does not come is no empty one, which would take all in it away', async (_what, gap, path) => {
    await expect(read({ ...BRANCH, ...gap })).rejects.toThrow(
      `GitHub gave no list of ${path} on the branch of previews, which has it.`,
    );
  });

  test('nor is that of what is deployed, from which previews are built', async () => {
    await expect(read(BRANCH, null)).rejects.toThrow('GitHub gave no list of what main has at 1111111.');
  });
});
