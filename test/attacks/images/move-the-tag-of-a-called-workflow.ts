import { type Deed, WORKFLOW } from '../support/evidence.js';

/** A reusable workflow at another commit than the one that was reviewed. */
export const attack: Deed = {
  attack: async () => ({ rule: { calls: [`ostack/actions/${WORKFLOW}@${'d'.repeat(40)}`] } }),
  refused: /which "calls" of the policy does not allow/,
  honest: async () => ({ rule: { calls: [`ostack/actions/${WORKFLOW}@${'c'.repeat(40)}`] } }),
};
