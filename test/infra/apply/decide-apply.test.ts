import { describe, expect, test } from '@jest/globals';
import { type ApplyFacts, decideApply, type Reviewed } from '../../../src/infra/apply/decide-apply.js';

const reviewed = (more: Partial<Reviewed> = {}): Reviewed => ({
  ...{ pull: 7, structure: 'aaaa', beyond: [], isWhole: true, moved: [], isThere: true, lacking: undefined },
  ...more,
});
const facts = (more: Partial<ApplyFacts> = {}): ApplyFacts => ({
  ...{ fresh: { isChange: true, structure: 'bbbb' }, unapplied: [], open: undefined, overtakenBy: undefined },
  held: undefined,
  ...{ word: undefined, reviewed: reviewed() },
  ...more,
});
const word = (more: Partial<NonNullable<ApplyFacts['word']>> = {}) => ({
  ...{ login: 'ada', accepts: undefined, start: undefined, problem: undefined },
  ...more,
});
const open = { name: 'plans/app/1', told: 'at 12:00 by ada' };

/** What is done, and of which plan. */
function doneOf(given: ApplyFacts): string {
  const decision = decideApply(given);
  return decision.do === 'apply' ? `apply ${decision.which}` : decision.do;
}

describe('Of a root', () => {
  test.each<[string, Partial<ApplyFacts>, string]>([
    ['the reviewed plan is applied where nothing has moved', {}, 'apply reviewed'],
    [
      'a new one that does the same, where a file has moved',
      { reviewed: reviewed({ moved: ['files'] }) },
      'apply fresh',
    ],
    ['a new one that does less', { reviewed: reviewed({ isWhole: false }) }, 'apply fresh'],
    ['a new one that does the same, without a space', { reviewed: reviewed({ isThere: false }) }, 'apply fresh'],
    ['nothing where it does more', { reviewed: reviewed({ beyond: ['x: create'] }) }, 'ask'],
    ['nothing where it does more and less', { reviewed: reviewed({ beyond: ['x'], isWhole: false }) }, 'ask'],
    ['nothing that lacks an approval', { reviewed: reviewed({ lacking: 'None has approved.' }) }, 'ask'],
    ['nothing that nobody reviewed', { reviewed: { none: 'No pull request.' } }, 'ask'],
    ['nothing where nothing is left', { fresh: { isChange: false, structure: 'bbbb' } }, 'nothing'],
    ['nothing that is held', { held: 'It is held.' }, 'wait'],
    ['nothing that is held, whatever a person says', { held: 'It is held.', word: word({ accepts: 'bbbb' }) }, 'wait'],
    ['nothing whose state would be gone', { lost: 'Its state is gone.' }, 'wait'],
    ['nothing of it that a person accepts', { lost: 'It is gone.', word: word({ accepts: 'bbbb' }) }, 'wait'],
    ['nothing before what comes before it', { unapplied: ['net'] }, 'wait'],
    ['nothing that a newer commit changes too', { overtakenBy: 'c'.repeat(40) }, 'wait'],
    ['nothing after a start without an end', { open }, 'ask'],
    ['not even where nothing seems to be left', { open, fresh: { isChange: false, structure: 'bbbb' } }, 'ask'],
    ['nothing after it that a person accepts', { open, word: word({ accepts: 'bbbb' }) }, 'ask'],
    ['nothing after another start that a person names', { open, word: word({ start: 'plans/app/2' }) }, 'ask'],
    ['a new plan after the start that a person names', { open, word: word({ start: open.name }) }, 'apply fresh'],
    [
      'nothing more than was reviewed even then',
      { open, word: word({ start: open.name }), reviewed: reviewed({ beyond: ['x'] }) },
      'ask',
    ],
    [
      'nothing by a word that does not count',
      { open, word: word({ start: open.name, problem: 'ada is no approver.' }) },
      'ask',
    ],
    ['what a person accepts', { reviewed: { none: 'x' }, word: word({ accepts: 'bbbb' }) }, 'apply fresh'],
    ['not another plan than a person accepts', { word: word({ accepts: 'aaaa' }) }, 'ask'],
    [
      'nothing that somebody accepts who may not',
      { reviewed: { none: 'x' }, word: word({ accepts: 'bbbb', problem: 'ada is no approver.' }) },
      'ask',
    ],
    ['what was reviewed where a person only starts the run', { word: word() }, 'apply reviewed'],
    [
      'nothing that waits although a person accepts it',
      { unapplied: ['net'], word: word({ accepts: 'bbbb' }) },
      'wait',
    ],
  ])('%s', (_name, given, done) => {
    expect(doneOf(facts(given))).toBe(done);
  });

  test('it is told what was not reviewed, what moved, and whose word does not count', () => {
    expect(decideApply(facts({ reviewed: reviewed({ beyond: ['x: create'] }) }))).toEqual({
      ...{ do: 'ask', beyond: ['x: create'] },
      why: 'It would do now what the plan of #7 did not show.',
    });
    expect(decideApply(facts({ reviewed: reviewed({ moved: ['the state (serial 1, now 2)'] }) })).why).toBe(
      'It does the same as what the plan of #7 showed. Moved since: the state (serial 1, now 2).',
    );
    const given = { open, word: word({ start: open.name, problem: 'ada is no approver.' }) };
    expect(decideApply(facts(given)).why).toMatch(
      /started at 12:00 by ada.*lock may still be held\. ada is no approver\.$/,
    );
  });
});

test.each<[string, Partial<ApplyFacts>, boolean]>([
  ['where it does otherwise than was reviewed', { reviewed: reviewed({ beyond: ['x.a otherwise: at after'] }) }, true],
  ['where it is not the plan that a person accepts', { word: word({ accepts: 'aaaa' }) }, true],
  ['not where it lacks an approval', { reviewed: reviewed({ lacking: 'None has approved.' }) }, false],
  ['not where it is the same', {}, false],
])('That each plan of a root is another one is said %s', (_what, given, isSaid) => {
  expect(decideApply(facts({ ...given, varies: 'It varies.' })).why.includes('It varies.')).toBe(isSaid);
});
