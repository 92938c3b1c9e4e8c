import { describe, expect, test } from '@jest/globals';
import type { GateVerdict } from '../../../src/ops/judgement/evaluate-change.js';
import { headVerdicts, type JudgedPull } from '../../../src/ops/judgement/head-verdict.js';

const verdict = (environment: string, state: GateVerdict['state'], reason: string, until?: string): GateVerdict => ({
  ...{ environment, state, reason, line: reason, touched: true, targets: [] },
  ...(until === undefined ? {} : { until: new Date(until) }),
});
const staging = verdict('staging', 'success', 'Takes web 1.5.0.');
const soaking = verdict('production', 'pending', 'It soaks.', '2026-11-20T12:00:00Z');
const frozen = verdict('edge', 'pending', 'It is frozen.', '2026-11-23T12:00:00Z');
const waiting = verdict('edge', 'pending', 'It waits for grace.');
const held = verdict('production', 'failure', 'It is held.');
const pull = (number: number, verdicts: GateVerdict[], more: Partial<JudgedPull> = {}): JudgedPull => ({
  ...{ number, head: 'a', verdicts, problem: undefined },
  ...more,
});

/** `head yes|no title`, a line each. */
const lines = (pulls: JudgedPull[]) =>
  headVerdicts(pulls).map(({ head, isAllowed, title }) => `${head} ${isAllowed ? 'yes' : 'no'} ${title}`);

describe('The verdict of a head', () => {
  test.each<[string, JudgedPull[], string[]]>([
    ['is what its pull request is allowed', [pull(1, [staging])], ['a yes Allowed: staging: Takes web 1.5.0.']],
    [
      'is that it changes nothing',
      [pull(1, [{ ...staging, touched: false }])],
      ['a yes Allowed: it changes no environment.'],
    ],
    [
      'is the latest time that it waits for',
      [pull(1, [staging, soaking, frozen])],
      ['a no Not yet, until 2026-11-23T12:00:00Z: edge: It is frozen.'],
    ],
    ['is no time where somebody has to act', [pull(1, [frozen, waiting])], ['a no Not yet: edge: It waits for grace.']],
    [
      'is the refusal of one environment',
      [pull(1, [staging, soaking, held])],
      ['a no Refused by production: It is held.'],
    ],
    [
      'is a refusal of what was not judged',
      [pull(1, [], { problem: 'It conflicts.' })],
      ['a no Refused: It conflicts.'],
    ],
    [
      'is a refusal where two pull requests have it, both of them allowed',
      [pull(9, [staging]), pull(7, [staging])],
      ['a no Refused: #9 has the same head as #7, which is older. Close #9.'],
    ],
    [
      'is one for each head',
      [pull(1, [staging]), pull(2, [held], { head: 'b' })],
      ['a yes Allowed: staging: Takes web 1.5.0.', 'b no Refused by production: It is held.'],
    ],
  ])('%s', (_, pulls, expected) => {
    expect(lines(pulls)).toEqual(expected);
  });

  test('says at most what GitHub shows', () => {
    const [found] = headVerdicts([pull(1, [verdict('staging', 'failure', 'x'.repeat(500))])]);
    expect(found?.title.length).toBeLessThanOrEqual(250);
  });
});
