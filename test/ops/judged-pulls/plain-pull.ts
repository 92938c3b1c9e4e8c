import type { OpenPull } from '../../../src/ops/judged-pulls/open-pulls.js';

/** An open pull request of this repository of which nothing is known but what is given. */
export function plainPull(more: Partial<OpenPull> = {}): OpenPull {
  return {
    ...{ number: 1, id: 'PR_1', head: 'h1', branch: 'x', isFork: false, author: undefined },
    ...{ autoMerge: false, conflicts: false, merge: undefined, reviews: [], baseChangedAt: undefined },
    ...{ reopened: undefined, messages: [], checks: new Map() },
    ...more,
  };
}
