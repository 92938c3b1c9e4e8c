import { firstFew } from '../../report/first-few.js';
import { activeHolds, EVERY, HOLDS_FILE, holdReason } from '../policy/holds.js';
import { POLICY_FILE } from '../policy/policy.js';
import type { Problem } from '../tree/problem.js';
import type { PathOwners } from './assign-paths.js';
import type { ChangeFacts } from './change-facts.js';
import { type ChangedRoot, LOSSES, type RootPlan, rootUnit } from './changed-root.js';

/** Which pull request the plans are of, and when it is judged. */
export interface PlannedPull {
  /** Whether its head is in another repository, whose code gets no plan. */
  isFork: boolean;
  /** The time that counts. */
  at: Date;
  /** Whether that is over: what was planned later says nothing of it. */
  isPast: boolean;
}

/** Addresses that a sentence names. */
const MOST_NAMED = 3;

/**
 * Adds what the plans of a change's head say: a root without one waits for it, what loses something for good takes who is named for
 * that, and an approval counts for what was planned when it was given. Plans come from a job that runs code of the pull request, so
 * they permit nothing that would take an approval without them: they only ask for more.
 *
 * @param facts of an infra repository; others stay as they are
 * @param plans by root
 */
export function withPlans(facts: ChangeFacts, plans: ReadonlyMap<string, RootPlan>, pull: PlannedPull): ChangeFacts {
  if (facts.changedRoots === undefined) {
    return facts;
  }
  const planned = facts.changedRoots.roots.map((root) => plannedRoot(root, plans.get(root.name), facts, pull));
  const all = planned.flatMap(({ units, ...root }) => units.map((unit) => ({ ...root, unit })));
  const times = all.flatMap(({ unit, at }) => (at === undefined ? [] : [[unit, at] as const]));
  const lost = planned.flatMap(({ units, own }) => (units.includes(LOSSES) ? [own] : []));
  return {
    ...facts,
    assignment: { ...facts.assignment, paths: facts.assignment.paths.map((each) => withLosses(each, lost)) },
    problems: grouped([...[...facts.problems], ...planned.flatMap(({ problems }) => problems)]),
    waiting: grouped(planned.map(({ own, waiting }) => [own, waiting])),
    // The newest of each is the last one.
    plannedAt: new Map(times.sort(([, one], [, other]) => one.getTime() - other.getTime())),
    takes: grouped(all.map(({ unit, name }) => [unit, [name]])),
  };
}

/** What the plan of one root comes to. */
interface PlannedRoot {
  name: string;
  /** What judges it alone, and all that judge it. */
  own: string;
  units: readonly string[];
  /** By what judges it. */
  problems: readonly (readonly [string, readonly Problem[]])[];
  waiting: readonly string[];
  /** Since when it is planned like this. */
  at: Date | undefined;
}

function plannedRoot(
  root: ChangedRoot,
  plan: RootPlan | undefined,
  facts: ChangeFacts,
  { isFork, at, isPast }: PlannedPull,
): PlannedRoot {
  const { name, environments } = root;
  const own = rootUnit(name);
  const losses = facts.changedRoots?.losses;
  const isLosing = plan !== undefined && plan.lostCount > 0;
  const isTold = isLosing && losses !== undefined && losses !== 'nobody';
  const unnamed = isLosing && losses === undefined ? unnamedLosses(root, plan) : [];
  return {
    ...{ name, own, units: [own, ...environments, ...(isTold ? [LOSSES] : [])] },
    problems: [
      [own, [...planProblems(root, plan, isFork), ...unnamed]],
      ...heldIn(root, facts).map(
        (where) => [where === EVERY ? own : where, holdProblems(root, where, facts, at)] as const,
      ),
    ],
    waiting: plan === undefined && !isFork ? [`There is no plan of ${name} at this commit yet.`] : [],
    at: plan === undefined ? undefined : timeOf(plan, at, isPast),
  };
}

/** A path of a root that loses something is of who approves losses, too. */
function withLosses(path: PathOwners, losing: readonly string[]): PathOwners {
  const { environments } = path;
  return environments.some((unit) => losing.includes(unit)) && !environments.includes(LOSSES)
    ? { ...path, environments: [...environments, LOSSES] }
    : path;
}

/** All that is said under each name, without names of which nothing is said. */
function grouped<T>(pairs: readonly (readonly [string, readonly T[]])[]): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const [name, all] of pairs.filter(([, { length }]) => length > 0)) {
    found.set(name, [...(found.get(name) ?? []), ...all]);
  }
  return found;
}

/** What nobody knows the time of was planned after every approval. */
function timeOf({ plannedAt }: RootPlan, at: Date, isPast: boolean): Date | undefined {
  return isPast && plannedAt !== undefined && plannedAt > at ? undefined : (plannedAt ?? at);
}

function planProblems({ name }: ChangedRoot, plan: RootPlan | undefined, isFork: boolean): Problem[] {
  if (isFork) {
    return [
      problem(
        '',
        `${name} has no plan, because code of a fork gets no credentials: push the branch to this repository, and open it from there.`,
      ),
    ];
  }
  return plan === undefined || plan.problem === '' ? [] : [problem('', `${name} has no plan: ${plan.problem}`)];
}

/** A loss that nobody is named for. */
function unnamedLosses({ name, isApproved }: ChangedRoot, { lost, lostCount }: RootPlan): Problem[] {
  return isApproved
    ? []
    : [
        problem(
          POLICY_FILE,
          `${name} loses ${firstFew(lost, MOST_NAMED, lostCount)} for good, and nobody is named who may approve that. Name them in ostack.yaml, in a pull request of its own: "losses: { approvers: [<login>] }".`,
        ),
      ];
}

/** Where a root may be held: everywhere alone, where no environment has it. */
function heldIn({ environments }: ChangedRoot, { currentHolds, holds }: ChangeFacts): readonly string[] {
  return currentHolds.length + holds.length === 0 ? [] : environments.length === 0 ? [EVERY] : environments;
}

/** Holds before the change and after it: nobody lifts one with what it holds. */
function holdProblems(
  { name }: ChangedRoot,
  environment: string,
  { currentHolds, holds }: ChangeFacts,
  at: Date,
): Problem[] {
  const [hold] = [currentHolds, holds].flatMap((all) => activeHolds(all, environment, name, at));
  const where = environment === EVERY ? '' : ` in ${environment}`;
  return hold === undefined
    ? []
    : [
        problem(
          HOLDS_FILE,
          `${name}${where} is ${holdReason(hold)}. Take the hold out of ${HOLDS_FILE} first, in a pull request of its own.`,
        ),
      ];
}

function problem(file: string, message: string): Problem {
  return { level: 'error', file, line: undefined, message };
}
