import type { Mark } from './marks.js';

/** What is to be done about an event and a receiver. */
export type Decision = 'tell' | 'told' | 'unclear' | 'given-up';

/** How often a receiver that fails is tried, each time by another run. */
export const MOST_ATTEMPTS = 5;

/**
 * Decides by what earlier runs kept of it. A claim that nobody settled may be a message that was sent: what may be sent
 * twice is sent again, everything else is not, so that it arrives once or not at all.
 *
 * @param marks of this event and receiver
 * @param repeatable whether a second message is taken for the first
 */
export function decide(marks: readonly Mark[], repeatable: boolean): Decision {
  const has = (state: Mark['state']) => marks.some((mark) => mark.state === state);
  if (has('told')) {
    return 'told';
  }
  if (!repeatable && (has('claimed') || has('unclear'))) {
    return 'unclear';
  }
  const failed = marks.filter(({ state }) => state === 'failed' || state === 'unclear').length;
  return has('given-up') || failed >= MOST_ATTEMPTS ? 'given-up' : 'tell';
}

/**
 * Whether a claim gives way: of two runs at the same time, the one that claimed first tells. Claims are read after both
 * were written, so at least one of the runs sees the other.
 */
export function givesWay(claim: Pick<Mark, 'id'>, marks: readonly Mark[]): boolean {
  return marks.some(
    ({ id, state }) => state === 'told' || ((state === 'claimed' || state === 'unclear') && id < claim.id),
  );
}
