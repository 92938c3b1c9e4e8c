import { expect, test } from '@jest/globals';
import { reviewsAt } from '../../../../src/ops/verbs/audit/reviews-at.js';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 1, 12, minute));
const MERGE = at(30);

/** `grace APPROVED 10` is a review of that minute, `grace DISMISSED 10 APPROVED until 40` one that somebody dismissed. */
function then(...lines: string[]): string {
  const parsed = lines.map((line, index) => {
    const [login = '', state = '', minute, before, , until] = line.split(' ');
    const review = { id: String(index), login, state, isBot: false, commit: 'h', submittedAt: at(Number(minute)) };
    const dismissal = before === undefined ? [] : [{ review: String(index), before, at: at(Number(until)) }];
    return { review, dismissal };
  });
  const dismissals = parsed.flatMap(({ dismissal }) => dismissal);
  const found = reviewsAt(
    parsed.map(({ review }) => review),
    dismissals,
    MERGE,
  );
  return found.map(({ login, state }) => `${login} ${state}`).join(', ');
}

test.each([
  ['an approval before the merge counts', ['grace APPROVED 10'], 'grace APPROVED'],
  ['one after it does not', ['grace APPROVED 31'], ''],
  ['the newest opinion counts', ['grace APPROVED 10', 'grace CHANGES_REQUESTED 20'], 'grace CHANGES_REQUESTED'],
  ['whatever their order', ['grace CHANGES_REQUESTED 20', 'grace APPROVED 10'], 'grace CHANGES_REQUESTED'],
  ['of those before the merge', ['grace APPROVED 10', 'grace CHANGES_REQUESTED 40'], 'grace APPROVED'],
  ['a comment is no opinion', ['grace APPROVED 10', 'grace COMMENTED 20'], 'grace APPROVED'],
  ['what was dismissed before the merge is no approval', ['grace DISMISSED 10 APPROVED until 20'], 'grace DISMISSED'],
  ['what was dismissed after it was one', ['grace DISMISSED 10 APPROVED until 40'], 'grace APPROVED'],
  ['everybody has one', ['grace APPROVED 10', 'Olga APPROVED 11', 'olga APPROVED 12'], 'grace APPROVED, olga APPROVED'],
])('%s', (_name, lines, expected) => {
  expect(then(...lines)).toBe(expected);
});
