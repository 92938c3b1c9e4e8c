import type { MergeChoice } from '../../policy/merge-decision.js';

/** What a person asks a promotion for. */
export interface PromotionRequest {
  /** Names, or `all` for every app that the source environment has. */
  apps: readonly string[] | 'all';
  /** As written; see `parseOrigin`. */
  from: string;
  /** Target environments. */
  to: readonly string[];
  includeNew: boolean;
  /** Whether to go past the policy; needs a reason. */
  force: boolean;
  reason: string | undefined;
  merge: MergeChoice;
  labels: readonly string[];
  /** Login of who started it. */
  actor: string;
  runUrl: string;
  serverUrl: string;
}
