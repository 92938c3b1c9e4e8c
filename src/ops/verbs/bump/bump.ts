import { type Connected, nameOf } from '../../../github/connected.js';
import { chartLabel } from '../../carriers/chart-reference.js';
import { holdReason } from '../../policy/holds.js';
import { isAway } from '../../policy/places.js';
import type { Policy } from '../../policy/policy.js';
import type { Patience } from '../../pull-requests/options.js';
import type { ProposalReport, ProposalResult } from '../../pull-requests/proposal.js';
import { proposeByPlace } from '../../pull-requests/propose-by-place.js';
import { namesInOps, readAppsFacts } from '../../releases/apps-facts.js';
import type { Snapshot } from '../../repository/snapshot.js';
import { sharingOf } from '../../repository/workspaces.js';
import type { AppEnvironment } from '../../tree/app-environment.js';
import { type EnforcementOptions, enforceHolds, type Suspect } from '../enforce-holds/enforce-holds.js';
import { type AppBump, subjectOf } from './app-bump.js';
import { chooseEnvironments } from './environments.js';
import { type Facts, prepareBumps } from './prepare.js';
import type { BumpProposal } from './proposal.js';
import type { BumpRequest } from './request.js';
import type { BumpResult } from './result.js';

/** Everything a bump came to. */
export interface BumpReport {
  results: BumpResult[];
  /** What went wrong, one for each environment and app that failed; the others are done. */
  failures: Error[];
  /** What a person should know and nothing fails of. */
  warnings: string[];
  /** How apps that no environment has join one. */
  notices: string[];
  /** Apps, by their names in the apps repository, of which nothing failed: what became of them can be recorded. */
  delivered: string[];
  /** In a dry run: what would change, by `environment/app`. */
  diffs: Map<string, string>;
}

const NOTHING_KNOWN: Facts = { releases: [], settings: undefined };

/**
 * Brings an app's version to environments: one pull request each, merged where the policy says so.
 *
 * @param apps the apps repository, read for the releases in between and its workspace; without it the text says less
 * @throws Error when the ops repository cannot be read, or its policy or holds are broken
 */
export async function bump(
  ops: Connected,
  apps: Connected | undefined,
  request: BumpRequest,
  patience: Patience,
): Promise<BumpReport> {
  const warnings: string[] = [];
  const facts = apps === undefined ? NOTHING_KNOWN : readAppsFacts(apps, warnings);
  const suspected = new Map<string, AppBump>();
  const proposed = new Map<string, string>();
  const notices = new Set<string>();
  let isFirst = true;
  let isApart = false;
  const scope = async (policy: Policy) => {
    isApart = policy.environments.some(isAway);
    const asked = isApart ? appEnvironments(policy, ops, request, await facts) : [];
    // What lives where nobody can read is not delivered.
    for (const { environment, app, nameInApps } of asked) {
      proposed.set(`${environment}/${app}`, nameInApps);
    }
    return asked;
  };
  const prepare = async (snapshot: Snapshot, isOpen: (subject: string) => boolean) => {
    // Of several places none knows whether an app is in another one.
    const proposals = await prepareBumps(snapshot, request, await facts, isOpen, isFirst && !isApart);
    isFirst = false;
    for (const { bump: each, overlay, rules, notice } of proposals) {
      proposed.set(subjectOf(each), each.nameInApps);
      if (notice !== undefined) {
        notices.add(notice);
      }
      // What an earlier run merged, which was stopped before it could take it back.
      if (rules.hold !== undefined && overlay.plan !== undefined && overlay.plan.previous !== rules.hold.version) {
        suspected.set(subjectOf(each), each);
      }
    }
    return proposals;
  };
  const { reviewers, assignees, dryRun, mergeMethod, serverUrl } = request;
  const people = { reviewers, assignees };
  const report = await proposeByPlace(ops, scope, prepare, {
    ...people,
    direct: false,
    dryRun,
    mergeMethod,
    patience,
    serverUrl,
  });
  for (const { proposal, holdsChanged } of report.results) {
    if (holdsChanged) {
      suspected.set(proposal.subject, proposal.bump);
    }
  }
  const done = {
    results: report.results.map(resultOf),
    failures: [...report.failures, ...(isApart ? nowhere(report.results, nameOf(ops)) : [])],
    warnings: [...warnings, ...report.warnings],
    notices: [...notices],
    delivered: deliveredOf(proposed, report),
    diffs: report.diffs,
  };
  if (!dryRun) {
    const suspects = [...suspected].map(([subject, { environment, target }]): Suspect => {
      const merged = report.mayBeMerged.has(subject) ? target.version : undefined;
      return { environment, app: target.app, merged };
    });
    const { runUrl } = request;
    await revertViolations(ops, suspects, { runUrl, serverUrl, mergeMethod, patience }, report.results, done);
  }
  return done;
}

/** Every app for every environment that it is bumped in. */
function appEnvironments(
  policy: Policy,
  ops: Connected,
  request: BumpRequest,
  { settings }: Facts,
): (AppEnvironment & Pick<AppBump, 'nameInApps'>)[] {
  const source = request.apps[0]?.source.repository ?? '';
  const nameInOps = namesInOps(request.workspace, settings, sharingOf(policy, ops.repository), source);
  const { names } = chooseEnvironments(request.environments, policy, [], nameOf(ops));
  return names.flatMap((environment) =>
    request.apps.map(({ app }) => ({ environment, app: nameInOps(app), nameInApps: app })),
  );
}

/** Apps that no environment has, on whichever branch that is. */
function nowhere(results: readonly ProposalResult<BumpProposal>[], repository: string): Error[] {
  const apps = new Set(results.map(({ proposal }) => proposal.bump.target.app));
  return [...apps].flatMap((app) => {
    const own = results.filter(({ proposal }) => proposal.bump.target.app === app);
    const names = own.map(({ proposal }) => proposal.bump.environment).join(', ');
    return own.every(({ proposal }) => proposal.overlay.problem?.kind === 'no-app')
      ? [
          new Error(
            `No environment of ${repository} has ${app}: it was looked for in ${names}, each where ostack.yaml says that it lives. ${own[0]?.reason ?? ''}`,
          ),
        ]
      : [];
  });
}

/** The apps of which every proposal came to something. */
function deliveredOf(
  proposed: ReadonlyMap<string, string>,
  { results }: Pick<ProposalReport<BumpProposal>, 'results'>,
): string[] {
  const done = new Set(results.map(({ proposal }) => proposal.subject));
  const failed = new Set([...proposed].filter(([subject]) => !done.has(subject)).map(([, app]) => app));
  return [...new Set(proposed.values())].filter((app) => !failed.has(app));
}

function resultOf({ proposal, number, url, action, mergesByItself, reason }: ProposalResult<BumpProposal>): BumpResult {
  const { environment, nameInApps, target } = proposal.bump;
  return {
    environment,
    app: nameInApps,
    version: target.version,
    ...(target.charts === undefined ? {} : { charts: target.charts.map(chartLabel) }),
    previous: proposal.overlay.plan?.previous ?? null,
    number,
    url,
    // A bump commits nothing directly.
    action: action === 'committed' ? 'merged' : action,
    mergesByItself,
    reason,
  };
}

/** Takes back what was merged although it is held, and says so in the report. What fails of it is a failure of the run. */
async function revertViolations(
  ops: Connected,
  suspects: readonly Suspect[],
  options: EnforcementOptions,
  results: readonly ProposalResult<BumpProposal>[],
  report: BumpReport,
): Promise<void> {
  const { found, failures, warnings } = await enforceHolds(ops, suspects, options);
  report.failures.push(...failures);
  report.warnings.push(...warnings);
  if (failures.length > 0) {
    const doubtful = new Set(suspects.map(({ environment, app }) => `${environment}/${app}`));
    const apps = new Set(
      results.filter(({ proposal }) => doubtful.has(proposal.subject)).map(({ proposal }) => proposal.bump.nameInApps),
    );
    report.delivered = report.delivered.filter((app) => !apps.has(app));
  }
  for (const { environment, app, hold, became, outcome, sentence } of found) {
    const index = results.findIndex(({ proposal }) => proposal.subject === `${environment}/${app}`);
    const result = report.results[index];
    if (became !== 'stays' && result !== undefined) {
      report.results[index] = { ...result, action: 'held', reason: `${holdReason(hold)}; ${outcome}` };
    } else {
      report.warnings.push(sentence);
    }
  }
}
