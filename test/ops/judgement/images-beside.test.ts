/** What comes along with an app: images of its own, and of others. */
import { describe, expect, test } from '@jest/globals';
import { imageTarget } from '../../../src/ops/carriers/image-reference.js';
import type { Circumstances } from '../../../src/ops/judgement/evaluate-change.js';
import type { HeldOnce } from '../../../src/ops/policy/rules.js';
import { FROZEN, held, ops, POLICY, PRODUCTION, productionOf, web } from './production.js';
import type { Files } from './support.js';

/** The same with a further image. */
const beside = (tag: string, image: string, other: string) => `${web(tag)}- name: ${image}\n  newTag: "${other}"\n`;
const BESIDE = 'ghcr.io/acme/exporter';

/** The same with the further image, for some hours, and without it before. */
function heldBeside(tag: string, hours = 20): HeldOnce {
  const { entries, complete } = held(['1.5.0', hours], ['1.5.0', 30]);
  const [now, ...earlier] = entries;
  return now === undefined
    ? { entries, complete }
    : { entries: [{ ...now, targets: [...now.targets, imageTarget(BESIDE, tag)] }, ...earlier], complete };
}

describe('Production', () => {
  test.each<[string, Files, Record<string, string | undefined>, Partial<Circumstances>, string]>([
    [
      'takes no image beside it that staging never had',
      ops(POLICY, '1.4.0'),
      { [PRODUCTION]: beside('1.5.0', 'ghcr.io/evil/x', '1') },
      {},
      'failure: production takes web 1.5.0 with ghcr.io/evil/x:1 only once it is in staging',
    ],
    [
      'takes no image beside what it has that staging never had',
      ops(POLICY),
      { [PRODUCTION]: beside('1.5.0', 'ghcr.io/evil/x', '1') },
      {},
      'failure: production takes web 1.5.0 with ghcr.io/evil/x:1 only once it is in staging',
    ],
    [
      'takes an image beside it that staging has',
      ops(POLICY, '1.4.0'),
      { [PRODUCTION]: beside('1.5.0', BESIDE, '2.0.0') },
      { history: async (name) => (name === 'staging' ? heldBeside('2.0.0') : held(['1.4.0', 50])) },
      'success: Takes web 1.5.0.',
    ],
    [
      'takes an image beside it only once staging had it for long enough',
      ops(POLICY, '1.4.0'),
      { [PRODUCTION]: beside('1.5.0', BESIDE, '2.0.0') },
      { history: async (name) => (name === 'staging' ? heldBeside('2.0.0', 1) : held(['1.4.0', 50])) },
      'pending: web 1.5.0 is in staging since',
    ],
    [
      'leaves an image of its own beside it',
      { ...ops(POLICY), [PRODUCTION]: beside('1.4.0', BESIDE, '2.0.0') },
      { [PRODUCTION]: beside('1.5.0', BESIDE, '2.0.0') },
      {},
      'success: Takes web 1.5.0.',
    ],
    [
      'moves an image of its own along with it',
      { ...ops(POLICY), [PRODUCTION]: beside('1.4.0', BESIDE, '1.4.0') },
      { [PRODUCTION]: beside('1.5.0', BESIDE, '1.5.0') },
      {},
      'success: Takes web 1.5.0.',
    ],
    [
      'moves no image of its own elsewhere',
      { ...ops(POLICY), [PRODUCTION]: beside('1.4.0', BESIDE, '1.4.0') },
      { [PRODUCTION]: beside('1.5.0', BESIDE, '6.6.6') },
      {},
      'failure: production takes web 1.5.0 with ghcr.io/acme/exporter:6.6.6 only once it is in staging',
    ],
    [
      'takes no image back with it that it never had',
      ops(FROZEN),
      { [PRODUCTION]: beside('1.4.0', 'ghcr.io/evil/x', '1.4.0') },
      {},
      'failure: production takes web 1.4.0 with ghcr.io/evil/x:1.4.0 only once it is in staging',
    ],
    [
      'takes back in a freeze what it had, beside what it has',
      { ...ops(FROZEN), [PRODUCTION]: beside('1.5.0', BESIDE, '2.0.0') },
      { [PRODUCTION]: beside('1.4.0', BESIDE, '2.0.0') },
      {},
      'success: Takes web 1.4.0; a rollback.',
    ],
  ])('%s', async (_name, before, edits, more, expected) => {
    expect(await productionOf(before, edits, more)).toContain(expected);
  });
});
