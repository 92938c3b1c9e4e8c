import { expect, test } from '@jest/globals';
import { GraphqlErrors } from '../../../src/github/graphql-error.js';
import { imageTarget } from '../../../src/ops/carriers/image-reference.js';
import { ranOnce, withUnrendered } from '../../../src/ops/judgement/ran-once.js';
import type { HeldEntry, HeldOnce } from '../../../src/ops/policy/rules.js';
import { snapshotOf } from '../verbs/snapshot.js';
import { HOUR, held, NOW } from './production.js';

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
  await expect(ranOnce(snapshot, 'stage', 'web', WRITTEN)).rejects.toThrow(
    'Could not read the history of web in stage',
  );
});

/** What is written of a chart, newest first: its version and how many hours ago, with the tag of an image beside it or none. */
function charts(...versions: [version: string, hoursAgo: number, tag?: string][]): HeldOnce {
  const entries = versions.map(([version, hours, tag]): HeldEntry => {
    const image = tag === undefined ? [] : [imageTarget('ghcr.io/acme/web', tag)];
    return {
      ...{ at: new Date(NOW.getTime() - hours * HOUR), present: true, version: tag ?? version },
      targets: [...image, { kind: 'chart', name: 'web', version }],
    };
  });
  return { entries, complete: true };
}

const told = ({ entries }: HeldOnce) =>
  entries.map(({ at, version, targets }) => {
    const of = targets.map((target) =>
      target.kind === 'image' ? target.tag : target.kind === 'chart' ? target.version : '',
    );
    return `${(NOW.getTime() - at.getTime()) / HOUR} h: ${version} of ${of.join(' and ')}`;
  });

test.each<[string, HeldOnce, HeldOnce, string[]]>([
  ['images are those of the manifests', held(['1.5.0', 2]), WRITTEN, ['2 h: 1.5.0 of 1.5.0']],
  [
    'a chart is as it is written, since the manifests are there',
    held(['1.5.0', 20]),
    charts(['8.1.0', 3], ['8.0.0', 40]),
    ['3 h: 8.1.0 of 1.5.0 and 8.1.0', '20 h: 8.0.0 of 1.5.0 and 8.0.0'],
  ],
  [
    'beside an image, that one’s version is the app’s',
    held(['1.6.0', 2], ['1.5.0', 20]),
    charts(['8.1.0', 10, '1.6.0'], ['8.0.0', 40, '1.5.0']),
    ['2 h: 1.6.0 of 1.6.0 and 8.1.0', '10 h: 1.5.0 of 1.5.0 and 8.1.0', '20 h: 1.5.0 of 1.5.0 and 8.0.0'],
  ],
  [
    'what is written before there are manifests runs nowhere',
    { entries: [], complete: true },
    charts(['8.1.0', 3]),
    [],
  ],
])('of what is rendered, %s', (_what, ran, written, expected) => {
  expect(told(withUnrendered(ran, written))).toEqual(expected);
});
