import { expect, test } from '@jest/globals';
import { GraphqlErrors } from '../../../src/github/graphql-error.js';
import { ranOnce } from '../../../src/ops/judgement/ran-once.js';
import { snapshotOf } from '../verbs/snapshot.js';
import { held, NOW } from './production.js';

const POLICY = 'environments:\n  stage: {}\n  prod: { after: stage }\n';
const WRITTEN = held(['1.6.0', 1], ['1.5.0', 30]);

test('where nothing is rendered, what is written runs', async () => {
  const snapshot = snapshotOf({}, POLICY, NOW);
  expect(await ranOnce(snapshot, 'stage', 'web', WRITTEN)).toBe(WRITTEN);
});

test('where manifests cannot be read, what is written is not taken for what they run', async () => {
  const rendered = snapshotOf({}, POLICY, NOW);
  rendered.reader = {
    load: () => Promise.reject(new GraphqlErrors([{ type: 'NOT_FOUND', message: 'Gone', path: ['repository'] }])),
  };
  const snapshot = { ...snapshotOf({}, POLICY, NOW), running: async () => rendered };
  await expect(ranOnce(snapshot, 'stage', 'web', WRITTEN)).rejects.toThrow('Could not read the history of');
});
