import { setTimeout as sleep } from 'node:timers/promises';
import { type Connected, nameOf } from '../../../github/connected.js';
import { attempt } from '../../../github/errors.js';
import { environmentsOf } from '../../overlays/environments.js';
import { readHolds } from '../../policy/holds.js';
import { readPolicy } from '../../policy/policy.js';
import { checksBaseAgainIn } from '../../pull-requests/execution.js';
import type { Patience } from '../../pull-requests/merge.js';
import { collect, combine, onceInto } from '../../pull-requests/outcome.js';
import { type AppsFacts, namesInOps, readAppsFacts } from '../../releases/apps-facts.js';
import { branchOf } from '../../releases/release-pull-request.js';
import { likelyLayout, opsTree } from '../../repository/ops-tree.js';
import { readRepositoryState, unknownReviewers } from '../../repository/repository-state.js';
import { type Sharing, sharingOf } from '../../repository/workspaces.js';
import { unifiedDiff } from '../../tree/unified-diff.js';
import type { Rules } from './decide.js';
import { chooseEnvironments } from './environments.js';
import { HoldWatch, takeBackBeside } from './hold-watch.js';
import { newerThanText } from './newer-text.js';
import { type Outcome, unitKey } from './outcome.js';
import type { BumpRequest } from './request.js';
import type { BumpResult } from './result.js';
import { playRound, rehearseRound, writeTexts } from './round.js';
import type { Round } from './round-context.js';
import { surveyUnit } from './survey.js';
import { targetsOf } from './targets.js';
import type { Survey, Unit } from './unit.js';

/** Everything a bump came to. */
export interface BumpReport {
  results: BumpResult[];
  /** What went wrong, one for each environment and app that failed; the others are done. */
  failures: Error[];
  /** What a person should know and nothing fails of. */
  warnings: string[];
  /** In a dry run: what would change, by `environment/app`. */
  diffs: Map<string, string>;
}

/** Looks at a unit, at the commit of one round. */
type Snapshot = (unit: Unit) => Promise<Survey>;

/** Rounds until a bump gives up against others that keep changing the same branches. */
const ROUNDS = 6;

/**
 * Brings an app's version to environments: one pull request each, merged where the policy says so.
 *
 * Each round reads one commit of the base, plans on it and writes with compare-and-swap. Units that somebody else changed
 * meanwhile are read and planned again; nothing is ever rebased as text.
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
  const report: BumpReport = { results: [], failures: [], warnings: [], diffs: new Map() };
  const facts = apps === undefined ? NOTHING_ASKED : readAppsFacts(apps, report.warnings);
  const outcomes = new Map<string, Outcome>();
  const watch = new HoldWatch();
  let only: ReadonlySet<string> | undefined;
  for (let round = 1; round <= ROUNDS && only?.size !== 0; round++) {
    if (round > 1) {
      await sleep(patience.pollMs * round * Math.random());
    }
    const { surveys, snapshot, ...opened } = await lookAround(ops, facts, request, patience, only, report);
    const context = { ...opened.context, checksBaseAgain: checksBaseAgainIn(round) };
    report.warnings.push(...surveys.flatMap(notCarried));
    surveys.forEach((survey) => {
      watch.snapshot(survey, context.rules);
    });
    await play(context, surveys, report, outcomes, watch);
    await refreshBodies(context, surveys, snapshot, outcomes);
    only = new Set([...outcomes].filter(([, { state }]) => state === 'again').map(([key]) => key));
    if (request.dryRun) {
      break;
    }
  }
  if (!request.dryRun) {
    await takeBackBeside(ops, watch.suspects(), request, patience, outcomes, report);
  }
  collect(outcomes, report);
  return report;
}

/** What is known of an apps repository, of one that nobody asked nothing. */
type Facts = Pick<AppsFacts, 'releases'> & { home: AppsFacts['home'] | undefined };

const NOTHING_ASKED: Facts = { releases: [], home: undefined };

/** Images of the app that nothing in its overlay carries, while something else of it is set there. */
function notCarried({ unit, plan }: Survey): string[] {
  if (plan?.standing !== 'change' || plan.carriesBase) {
    return [];
  }
  const images = plan.missing.filter(({ kind }) => kind === 'image');
  return images.map(
    ({ repository }) =>
      `Nothing in ${unit.environment} carries ${repository} of ${unit.target.app}, so it stays as it is there.`,
  );
}

async function play(
  context: Round,
  surveys: readonly Survey[],
  report: BumpReport,
  outcomes: Map<string, Outcome>,
  watch: HoldWatch,
): Promise<void> {
  if (context.request.dryRun) {
    for (const [index, { outcome, writes }] of rehearseRound(context, surveys).entries()) {
      const survey = surveys[index];
      if (survey !== undefined) {
        outcomes.set(unitKey(survey.unit), outcome);
        const plan = writes ? survey.plan : undefined;
        report.diffs.set(unitKey(survey.unit), plan === undefined ? '' : unifiedDiff(plan.before, plan.change));
      }
    }
    return;
  }
  const played = await playRound(context, surveys);
  for (const [index, { unit }] of surveys.entries()) {
    const each = played[index];
    if (each !== undefined) {
      outcomes.set(unitKey(unit), combine(outcomes.get(unitKey(unit)), each.outcome));
      watch.see(unit, each);
    }
  }
}

/** Sees to it that texts are about what is on their branches, where a newer release is and its run is done. */
async function refreshBodies(
  context: Round,
  surveys: readonly Survey[],
  snapshot: Snapshot,
  outcomes: Map<string, Outcome>,
): Promise<void> {
  for (const survey of context.request.dryRun ? [] : surveys) {
    const newer = newerThanText(survey);
    if (newer !== undefined) {
      const request = { ...context.request, runUrl: newer.runUrl };
      const moved = await writeTexts({ ...context, request }, [await snapshot(newer.unit)]);
      const outcome = outcomes.get(unitKey(survey.unit));
      if (moved && outcome?.state === 'settled') {
        const reason = 'its branch moved while the text was written';
        outcomes.set(unitKey(survey.unit), { ...outcome, state: 'again', reason });
      }
    }
  }
}

/** One fresh look at the ops repository: its rules, and every unit of interest. */
async function lookAround(
  ops: Connected,
  asked: Facts | Promise<Facts>,
  request: BumpRequest,
  patience: Patience,
  only: ReadonlySet<string> | undefined,
  report: BumpReport,
): Promise<{ surveys: Survey[]; context: Omit<Round, 'checksBaseAgain'>; snapshot: Snapshot }> {
  const { github, repository } = ops;
  const name = nameOf(ops);
  const operation = { doing: 'read the files', repository: name, permission: 'contents: read' };
  const [repo, facts] = await Promise.all([
    attempt(operation, () => readRepositoryState(github, repository, request)),
    asked,
  ]);
  const warn = onceInto(report.warnings);
  unknownReviewers(repo, request, name).forEach(warn);
  const policy = readPolicy(repo.policyText);
  const holds = readHolds(repo.holdsText);
  const tree = opsTree(github, repository, repo);
  const layout = await likelyLayout(tree, repo, policy.overlay);
  const needsFolders = policy.environments.length === 0;
  const targets = inOps(request, facts.home, sharingOf(policy, repository));
  const app = targets[0]?.target.app ?? '';
  const folders = needsFolders ? await attempt(operation, () => environmentsOf(tree.base, layout, app)) : [];
  const { names, named } = chooseEnvironments(request.environments, policy, folders, name);
  const units = targets.flatMap(({ target, nameInApps }) =>
    names.map((environment): Unit => {
      return { environment, target, nameInApps, branch: branchOf(environment, target.app) };
    }),
  );
  const wanted = units.filter((unit) => only === undefined || only.has(unitKey(unit)));
  const snapshot: Snapshot = (unit) =>
    surveyUnit(tree, repo, layout, unit, targetsOf(unit, facts.releases), request.labels);
  const surveys = await attempt(operation, () => Promise.all(wanted.map(snapshot)));
  const present = new Set(surveys.filter(({ plan }) => plan !== undefined).map(({ unit }) => unit.target.app));
  const mustHave = (app: string) => named || (only === undefined && !present.has(app));
  const rules: Rules = { policy, holds, now: new Date(), mustHave };
  return {
    surveys,
    snapshot,
    context: { github, repository, repo, rules, request, releases: facts.releases, patience, warn },
  };
}

/** The apps with their names in ops. @throws Error where those cannot be told */
function inOps({ apps, workspace }: BumpRequest, home: Facts['home'], sharing: Sharing) {
  const nameOfApp = namesInOps(workspace, home, sharing);
  return apps.map((target) => ({ target: { ...target, app: nameOfApp(target.app) }, nameInApps: target.app }));
}
