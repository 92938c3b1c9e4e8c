import type { CheckedVersion, CheckKind, Health } from '../policy/health.js';
import { checkContext } from './check-contexts.js';
import { combined, type Patience, type ReportedCommit, saidOf, silent } from './said.js';

/** What Ops watch checks of the versions of an environment. */
export interface Checks {
  environment: string;
  awaited: readonly { kind: CheckKind; timeoutMs: number }[];
  /** Of the branch, newest first, with what those say whose checks count. */
  commits: readonly ReportedCommit[];
  /** Apps that it has now, whose checks are all that count. */
  apps: readonly string[];
}

/** The checks that were begun of an app, of the newest of these commits that has them. */
export function keptChecks(
  { environment, awaited }: Checks,
  app: string,
  range: readonly ReportedCommit[],
): CheckedVersion['kept'] {
  const found = awaited.flatMap(({ kind }) => {
    const context = checkContext(kind, environment, app);
    const report = range.flatMap(({ reports }) => reports).find((each) => each.context.toLowerCase() === context);
    return report === undefined ? [] : [[kind, report] as const];
  });
  return new Map(found);
}

/** A version's health, with its checks: what the cluster says, and once that is live, what these say. */
export function checkedHealth(
  checks: Checks,
  cluster: Health,
  app: string,
  range: readonly ReportedCommit[],
  now: Date,
): Health {
  const kept = keptChecks(checks, app, range);
  const parts = checks.awaited.flatMap(({ kind, timeoutMs }) => {
    const patience: Patience = { timeoutMs, now };
    const context = checkContext(kind, checks.environment, app);
    const report = kept.get(kind);
    if (report !== undefined) {
      return [saidOf(patience, [{ ...report, context }], undefined)];
    }
    // Nobody checks what is not live yet.
    return cluster.state === 'live' ? [silent(patience, context, cluster.since ?? now)] : [];
  });
  return parts.length === 0 ? cluster : combined([cluster, ...parts]);
}

/**
 * What is wrong by the checks of an environment's apps, whichever version they are of: the newest check of each decides, unless
 * something that deploys this app alone was changed since.
 *
 * @param isOver whether a commit's checks of an app say nothing any more
 */
export function failedChecks(
  { environment, awaited, commits, apps }: Checks,
  now: Date,
  isOver: (app: string, oid: string) => boolean,
): Health[] {
  return apps.flatMap((app) =>
    awaited.flatMap(({ kind, timeoutMs }) => {
      const context = checkContext(kind, environment, app);
      const [newest] = commits.flatMap(({ oid, reports }) =>
        reports.filter((each) => each.context.toLowerCase() === context).map((report) => ({ oid, report })),
      );
      if (newest === undefined || isOver(app, newest.oid)) {
        return [];
      }
      const said = saidOf({ timeoutMs, now }, [newest.report], undefined);
      return said.state === 'failed' || said.state === 'unknown' ? [said] : [];
    }),
  );
}
