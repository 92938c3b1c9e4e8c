import { describe, expect, test } from '@jest/globals';
import { previewPolicy, readPolicy } from '../../../../src/ops/policy/policy.js';
import { clusterFile, previewFolder } from '../../../../src/ops/preview-records/paths.js';
import type { PreviewRecord } from '../../../../src/ops/preview-records/record.js';
import { objectTree } from '../../../../src/ops/tree/object-tree.js';
import { surroundingsOf } from '../../../../src/ops/verbs/previews/app-overlay.js';
import { PreviewChanges } from '../../../../src/ops/verbs/previews/changes.js';
import { readCluster } from '../../../../src/ops/verbs/previews/cluster.js';
import { type Candidate, settle } from '../../../../src/ops/verbs/previews/settle.js';
import { at, type Files, OPS, sha } from './support.js';

const policy = readPolicy(OPS['ostack.yaml']);
const previews = previewPolicy(policy);
const NOW = at(60);

/** `pr-7 active 3`: what it is so far, and the minute it was asked for first; `new` has no record yet. */
function candidate(text: string): Candidate {
  const [name = '', was = '', minute = '0'] = text.split(' ');
  const before: PreviewRecord = {
    ...{ name, repository: 'acme/apps', pullRequest: { number: Number(name.slice(3)) }, head: sha(1) },
    ...{ state: was === 'active' ? 'active' : 'queued', host: 'staging', createdAt: at(Number(minute)).toISOString() },
    ...{ updatedAt: at(5).toISOString(), expiresAt: at(100).toISOString(), apps: [] },
  };
  const isNew = was === 'new';
  const there = isNew ? {} : { before };
  return {
    ...{ record: before, before: undefined, was: isNew ? undefined : before.state, wanted: isNew },
    ...{ changed: isNew, shown: false, ...there },
  };
}

async function settled(texts: readonly string[], limit: number) {
  const candidates = texts.map(candidate);
  const files: Files = { ...OPS };
  for (const { was, record } of candidates) {
    if (was === 'active') {
      files[`${previewFolder(record.name)}/kustomization.yaml`] = '';
      files[clusterFile('staging', record.name)] = '';
    }
  }
  const tree = objectTree(files);
  const changes = new PreviewChanges(tree);
  const context = async () => {
    const surroundings = await surroundingsOf(tree, policy.overlay, previews);
    const cluster = await readCluster(tree, previews.host, previews.reconciler);
    return { ...surroundings, policy: previews, cluster, guests: [], repoURL: undefined };
  };
  return { decisions: await settle({ candidates, changes, limit, now: NOW, previews, context }), changes };
}

describe('slots of previews', () => {
  test.each<[what: string, candidates: string[], limit: number, decisions: string[]]>([
    ['are given to all while there are enough', ['pr-1 new 1', 'pr-2 new 2'], 2, ['pr-1 opened', 'pr-2 opened']],
    ['are never more than the limit', ['pr-1 new 1', 'pr-2 new 2'], 1, ['pr-1 opened', 'pr-2 queued 1']],
    ['are none where the limit is none', ['pr-1 new 1'], 0, ['pr-1 queued 1']],
    ['are kept by those that have one', ['pr-1 queued 1', 'pr-2 active 2'], 1, ['pr-2 kept', 'pr-1 kept 1']],
    [
      'go to the one that waited longest',
      ['pr-3 queued 3', 'pr-2 queued 2', 'pr-4 active 4'],
      2,
      ['pr-4 kept', 'pr-2 opened', 'pr-3 kept 1'],
    ],
    ['go by the name where two came at once', ['pr-2 queued 1', 'pr-1 queued 1'], 1, ['pr-1 opened', 'pr-2 kept 1']],
    [
      'are given up by the youngest where there are fewer',
      ['pr-1 active 1', 'pr-2 active 2', 'pr-3 queued 0'],
      1,
      ['pr-1 kept', 'pr-2 queued 1', 'pr-3 kept 2'],
    ],
  ])('%s', async (_what, candidates, limit, expected) => {
    const { decisions } = await settled(candidates, limit);
    const told = decisions.map(({ name, action, position }) => [name, action, position].filter(Boolean).join(' '));
    expect(told).toEqual(expected);
  });

  test('are taken down with all that runs in them', async () => {
    const { changes } = await settled(['pr-1 active 1', 'pr-2 active 2'], 1);
    expect(changes.change.deletions).toEqual([
      'clusters/staging/previews/pr-2.yaml',
      'previews/pr-2/kustomization.yaml',
    ]);
  });

  test('that come late come with their whole time', async () => {
    const { decisions } = await settled(['pr-1 queued 1', 'pr-2 active 2'], 2);
    const expiry = Object.fromEntries(decisions.map(({ name, record }) => [name, record?.expiresAt]));
    expect(expiry).toEqual({
      'pr-1': new Date(NOW.getTime() + previews.ttlMs).toISOString(),
      'pr-2': at(100).toISOString(),
    });
  });
});
