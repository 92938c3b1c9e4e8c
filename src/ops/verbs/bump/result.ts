/** What became of one environment and app: one entry of the output `pull-requests`. */
export interface BumpResult {
  environment: string;
  /** As its apps repository calls it. */
  app: string;
  version: string;
  /** The charts that are set, `ingress-nginx 4.10.1`; missing for none. */
  charts?: string[];
  /** What the environment held before, `null` where nothing was found out. */
  previous: string | null;
  /** Pull request number, `null` where there is none. */
  number: number | null;
  /** Page of the pull request; empty where there is none. */
  url: string;
  action: 'created' | 'updated' | 'unchanged' | 'merged' | 'closed' | 'held' | 'skipped';
  /** Whether it merges by itself, once its checks and the policy allow; else it waits for a person where it is open. */
  mergesByItself: boolean;
  /** Why, where the action alone does not say it; empty otherwise. */
  reason: string;
}
