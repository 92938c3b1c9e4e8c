import { type Deed, WORKFLOW } from '../support/evidence.js';

/** A reusable workflow that the policy does not allow. */
export const attack: Deed = {
  attack: async () => ({ run: { referenced: [{ path: `mallory/actions/${WORKFLOW}@v1`, sha: 'c'.repeat(40) }] } }),
  refused:
    /called mallory\/actions\/\S+@v1 at cccccccccccc, which "calls" of the policy does not allow \(ostack\/actions\)/,
  honest: async ({ head }) => ({
    run: { referenced: [{ path: `acme/apps/.github/workflows/build.yml@${head}`, sha: head }] },
  }),
};
