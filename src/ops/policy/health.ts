/**
 * Whether an environment runs what its branch says. *Pending*: nothing is reported yet. *Progressing*: a part is. *Live*: all that has
 * to report says so. *Failed*: something says that it failed. *Unknown*: it took longer than the policy's timeout, or nobody can read it.
 */
export type HealthState = 'pending' | 'progressing' | 'live' | 'failed' | 'unknown';

/** What is reported of an environment. */
export interface Health {
  state: HealthState;
  /** Since when it is so; `undefined` where nobody can tell. */
  since: Date | undefined;
  /** What says so, a clause: `kustomization/web-staging/3921d3b4: health check failed`. */
  reason: string;
  /** Where what says it has more to say; empty for nowhere. */
  url: string;
}

/** A failure that was reported. */
export interface Failure {
  at: Date;
  /** Of the commit that it was reported of. */
  oid: string;
  /** As that of a health. */
  reason: string;
}

/** What Ops watch asks of a version once its cluster has reported: an address, or a workflow. */
export type CheckKind = 'probe' | 'verify';

/** What is known of a version's checks, for who makes them. */
export interface CheckedVersion {
  /** The commit of the branch that brought it, on which they are kept. */
  commit: string;
  /** What the cluster says. */
  cluster: Health;
  /** What is kept of those that were begun. */
  kept: ReadonlyMap<
    CheckKind,
    { state: 'success' | 'failure' | 'pending'; description: string; at: Date; url: string }
  >;
}

/** What was reported of an environment over time. */
export interface HealthHistory {
  /** Of all that it has now. */
  now: Health;
  /** The newest failure that a commit still has, also one that is mended; missing for none. */
  lastFailure?: Failure | undefined;
  /**
   * Of an app as one commit has it, by what is reported of that commit and of those after it.
   *
   * @param until the commit that replaced it: what is reported of that one says nothing of what was before; `undefined` where none did
   */
  of(app: string, from: string, until: string | undefined): Health;
  /** The checks of an app as one commit has it; `undefined` where that commit is older than what is read. */
  checksOf?(app: string, from: string): CheckedVersion | undefined;
  /** Of an app as one commit had it when another one replaced it; where it was checked by nobody, what its cluster said. */
  was?(app: string, from: string, until: string): Health;
  /** Whether an app was live as one commit has it until something else that its objects deploy was changed. */
  wasLiveBeforeOthers?(app: string, from: string): boolean;
}

/** What is worst comes first. */
const WORST: readonly HealthState[] = ['failed', 'unknown', 'progressing', 'pending', 'live'];

/** How bad a health is: the lower, the worse. */
export function severity({ state }: Pick<Health, 'state'>): number {
  return WORST.indexOf(state);
}
