import type { PolicyEnvironment } from './policy.js';

/** The input `merge` of a verb: `auto` follows `cd` of the policy, `true` and `false` are a person's wish. */
export type MergeChoice = 'auto' | 'true' | 'false';

/** All that a verb's input `merge` may be. */
export const MERGE_CHOICES: readonly MergeChoice[] = ['auto', 'true', 'false'];

/** The label of a pull request that is to be merged once the policy allows, where GitHub does not do that by itself. */
export const MERGE_WHEN_ALLOWED = 'ostack/merge-when-allowed';

/**
 * Whether a pull request is to merge by itself, once the policy allows: as a person says, else where every environment that it
 * changes has `cd: true`.
 */
export function wantsMerge(choice: MergeChoice, environments: readonly Pick<PolicyEnvironment, 'cd'>[]): boolean {
  return choice === 'auto' ? environments.length > 0 && environments.every(({ cd }) => cd) : choice === 'true';
}

/** What the default branch asks of a merge, as far as it decides who merges. */
export interface BranchRules {
  /** Whether any rule holds a merge back. */
  guarded: boolean;
  /** Whether the gate's check is one of them, so that GitHub merges nothing that the policy does not allow. */
  gated: boolean;
  autoMergeAllowed: boolean;
  /** Whether a merge queue merges, and nobody else. */
  mergeQueue: boolean;
  /** Whether nobody looks there for what is to be merged later: in another repository than the policy, and in one of infrastructure. */
  isUnwatched?: boolean;
}

/** Why the policy does not let something in now. */
export interface NotYet {
  /** What is expected and found, one or more sentences. */
  fact: string;
  /** When that ends by itself; `undefined` where somebody has to do something. */
  until: Date | undefined;
}

/** What becomes of a pull request. */
export interface MergeDecision {
  /** Whether this run merges it, or has GitHub merge it when the rules of the branch allow. */
  merges: boolean;
  /** Whether it is to be merged later, once the policy allows, because GitHub does not do that: it gets the label. */
  whenAllowed: boolean;
  /** Why it is not merged now although that is wished; `undefined` where nothing is against it. */
  notYet: NotYet | undefined;
}

/** The decision on what nobody wants to merge by itself. */
export const NOT_WISHED: MergeDecision = { merges: false, whenAllowed: false, notYet: undefined };

/**
 * Decides about a pull request that is to merge by itself. A wish is no exemption: nothing is merged that the policy does not
 * allow now. Where the gate is required, GitHub merges it when the gate lets it in; else it is merged now or gets the label.
 *
 * @param notYet why the policy does not allow it now; `undefined` where it does
 */
export function decideMerge(notYet: NotYet | undefined, branch: BranchRules): MergeDecision {
  const isHeldByGitHub = branch.guarded && branch.autoMergeAllowed;
  const merges = notYet === undefined || (branch.gated && isHeldByGitHub);
  // What waits for required checks may take longer than a run.
  const mayTakeLonger = branch.guarded && !branch.autoMergeAllowed && !branch.mergeQueue;
  return { merges, whenAllowed: branch.isUnwatched !== true && (mayTakeLonger || !merges), notYet };
}

/**
 * What is said of a pull request that the policy does not let in yet, in plain sentences.
 *
 * @param isLater whether somebody merges it later; else a person does, or the next run of the action
 */
export function notYetSentences({ fact, until }: NotYet, isLater = true): string {
  if (!isLater) {
    return `${fact} A person merges it ${until === undefined ? 'once the policy allows it' : 'then'}, or the next run of the action.`;
  }
  return `${fact} It merges by itself ${until === undefined ? 'once the policy allows it' : 'then'}.`;
}
