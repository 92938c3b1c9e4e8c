import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import type { Git } from '../../git/git.js';
import { attempt } from '../../github/errors.js';
import { operationIn } from '../../github/try-operation.js';
import type { TeamReader } from '../../ops/judgement/approvers.js';
import { info } from '../../runtime/log.js';
import type { InfraConfig } from '../config/infra-config.js';
import { inOrder, predecessors } from '../roots/affected-roots.js';
import { fetchCommit } from '../roots/fetch-commit.js';
import type { Root } from '../roots/find-roots.js';
import { inputsHash } from '../roots/inputs-hash.js';
import type { InfraChange } from '../roots/read-change.js';
import { meantRoots, type RootsOfChange, rootsOfChange } from '../roots/roots-of-change.js';
import { readApplyChecks } from './apply-checks.js';
import { type ApplyReport, isDone } from './apply-report.js';
import { applyRoot } from './apply-root.js';
import type { Word } from './decide-apply.js';
import { heldRoot } from './held-root.js';
import type { MergedHistory } from './merged-pulls.js';
import { policyBefore } from './policy-before.js';
import { reviewedPlans } from './reviewed-plans.js';
import type { AppliedRoot, ApplyRootRun } from './root-outcome.js';
import { wordProblem } from './word-problem.js';

/** What is applied. */
export interface ApplyRootsOf {
  change: InfraChange;
  of: RootsOfChange;
  /** Names of roots, where not all of the change are meant. */
  only: readonly string[] | undefined;
  history: MergedHistory;
  /** Slug of the App whose check runs count. */
  app: string;
  /** What the person said who started the run. */
  word: Omit<Word, 'problem'> | undefined;
  members: TeamReader;
  run: Omit<ApplyRootRun, 'plan' | 'commit'> & { plan: Omit<ApplyRootRun['plan'], 'roots' | 'scratch'> };
  /** A folder that nobody else may read. */
  scratch: string;
}

/** A root that is to be applied, as a matrix takes it. */
export interface RootToApply {
  root: Root;
  because: string;
}

/**
 * The roots that a change applies, each after those that it waits for: those that it reaches, and those that read their state.
 *
 * @throws Error naming a root that is not there, or roots that wait for each other
 */
export function rootsToApply(of: RootsOfChange, only: readonly string[] | undefined): RootToApply[] {
  const named = meantRoots(of, only).roots;
  const dependent = of.affected.waiting.filter(({ root }) => only === undefined || only.includes(root.name));
  const byName = new Map<string, RootToApply>([
    ...named.map(({ root, because }): [string, RootToApply] => [root.name, { root, because }]),
    ...dependent.map(({ root, after }): [string, RootToApply] => [
      root.name,
      { root, because: `it reads the state of ${after.join(' and ')}` },
    ]),
  ]);
  return inOrder([...byName.keys()], predecessors(of.roots)).flatMap((name) => byName.get(name) ?? []);
}

/**
 * Applies the roots of a change one after the other.
 *
 * @throws Error of a request to GitHub that fails; what goes wrong with a root is told, and roots that wait for it wait
 */
export async function applyRoots(request: ApplyRootsOf): Promise<AppliedRoot[]> {
  const { change, of, only, history, app, run } = request;
  const read = operationIn(run.to.repository, 'read check runs', 'checks: write');
  const known = await attempt(read, () => readApplyChecks(run.to, change.commit, app));
  const reviewed = reviewedPlans(run.to, history.pulls, app);
  const overtaken = overtakings(request);
  const before = await policyBefore(run.git, change, of.configBefore);
  const results = new Map<string, ApplyReport>([...known].map(([name, { report }]) => [name, report]));
  const applied: AppliedRoot[] = [];
  for (const { root } of rootsToApply(of, only)) {
    const scratch = await mkdtemp(join(request.scratch, 'root-'));
    const approvers = await approversOf(request, root, before);
    const each = await applyRoot(
      {
        ...{ root, approvers, unapplied: unapplied(request, root, results), known: known.get(root.name) },
        held: heldRoot(root, of.config, history.holds, run.now()),
        ...{
          reviewed: await reviewed(root.name),
          overtakenBy: await overtaken(root),
          word: await wordOn(request, root, before),
        },
      },
      { ...run, commit: change.commit, plan: { ...run.plan, roots: of.roots, scratch } },
    );
    results.set(root.name, each.report);
    applied.push(each);
  }
  return applied;
}

/** Roots before this one that the change reaches and that are not applied; in jobs of a matrix, check runs tell. */
export function unapplied(
  { change, of }: Pick<ApplyRootsOf, 'change' | 'of'>,
  { name }: Root,
  results: ReadonlyMap<string, Pick<ApplyReport, 'result'>>,
): string[] {
  const isReached = (other: string) =>
    change.change !== undefined && of.affected.roots.some(({ root }) => root.name === other);
  return [...(predecessors(of.roots).get(name) ?? [])].sort().filter((other) => {
    const result = results.get(other);
    return result === undefined ? isReached(other) : !isDone(result);
  });
}

/** Who may approve a root: as the commit says, and as the one before it did, so that no change takes its own approver away. */
async function approversOf(
  { members }: ApplyRootsOf,
  root: Root,
  before: InfraConfig | undefined,
): Promise<string[] | undefined> {
  const then = before?.roots.find(({ name }) => name === root.name)?.approvers ?? [];
  const all = then.length > 0 ? then : root.settings.approvers;
  return all.length === 0 ? undefined : loginsOf(all, members);
}

/** Logins of people, and of those in teams. */
async function loginsOf(approvers: readonly string[], members: TeamReader): Promise<string[]> {
  const logins = await Promise.all(
    approvers.map(async (each) => {
      const known = each.includes('/') ? await members(each) : [each];
      if (known === undefined) {
        info(`This token cannot see who is in ${each}: give "members-token" a GitHub App's with "members: read".`);
      }
      return known ?? [];
    }),
  );
  return logins.flat();
}

/** What a person said, and why it does not count. */
async function wordOn(
  { word, of, members }: ApplyRootsOf,
  root: Root,
  before: InfraConfig | undefined,
): Promise<Word | undefined> {
  if (word === undefined || (word.accepts === undefined && word.start === undefined)) {
    return word && { ...word, problem: undefined };
  }
  const configs = [of.config, ...(before === undefined ? [] : [before])];
  return { ...word, problem: await wordProblem(word, root, configs, (all) => loginsOf(all, members)) };
}

/** Tells which newer commit of the branch changes a root too. */
function overtakings({ change, of, history, run }: ApplyRootsOf): (root: Root) => Promise<string | undefined> {
  const { commit } = change;
  if (history.head === commit) {
    return () => Promise.resolve(undefined);
  }
  let reading: Promise<RootsOfChange> | undefined;
  return async (root) => {
    reading ??= rootsAtHead(run.git, history.head);
    const { roots } = await reading;
    const later = roots.roots.find(({ name }) => name === root.name);
    const { args } = run.plan;
    const isSame =
      later !== undefined &&
      (await inputsHash(run.git, history.head, roots, later, args)) ===
        (await inputsHash(run.git, commit, of.roots, root, args));
    return isSame ? undefined : history.head;
  };
}

async function rootsAtHead(git: Git, head: string): Promise<RootsOfChange> {
  await fetchCommit(git, head);
  return rootsOfChange(git, { pull: undefined, commit: head, change: undefined, reason: '' });
}
