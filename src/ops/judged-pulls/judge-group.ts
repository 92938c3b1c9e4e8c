import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PathOwners } from '../judgement/assign-paths.js';
import { inspectChange } from '../judgement/inspect-change.js';
import type { RepositoryChange, RepositorySide } from '../judgement/repository-change.js';
import { hasRules } from '../policy/policy.js';
import type { CommitReader } from '../tree/commit-files.js';
import { fetchChanges, type PullChange } from './fetch-changes.js';
import { changeBetween, fetchFiles } from './fetch-files.js';
import { type Ground, groundName, ownOf } from './ground.js';
import { type Judge, remoteOf } from './judge-at.js';
import { type Judgement, judgePulls } from './judge-pulls.js';
import type { OpenPull } from './open-pulls.js';

/** A pull request in a merge queue: what the queue made of it, and the commit that this was built on. */
export interface QueueEntry {
  number: number;
  head: string;
  on: string;
}

/** What a merge queue is about to merge, judged on top of each other. */
export interface JudgedGroup {
  /** Each pull request on top of those before it, oldest first. */
  steps: readonly Judgement[];
  /** Why the group is refused whatever becomes of its pull requests, a sentence; `undefined` for nothing. */
  problem: string | undefined;
}

/**
 * Judges a group of a merge queue: each of its pull requests on top of those before it, and all of it together. Each may be allowed
 * on the branch as it is, and bring with another one what nobody allowed: an object that deploys a path, and the path.
 *
 * @param pulls the open pull requests into the branch
 * @param entries of the group, the last one first
 * @throws what a failed request throws
 */
export async function judgeGroup(
  judge: Judge,
  main: Ground,
  pulls: readonly OpenPull[],
  entries: readonly QueueEntry[],
): Promise<JudgedGroup> {
  const members = [...entries].reverse().flatMap((entry) => {
    const pull = pulls.find(({ number }) => number === entry.number);
    return pull === undefined ? [] : [{ ...entry, pull }];
  });
  if (members.length < entries.length || members[0]?.on !== main.oid) {
    const problem = `It was not built on ${groundName(main)} as it is now, of pull requests that are open.`;
    return { steps: [], problem };
  }
  const scratch = await mkdtemp(join(process.env.RUNNER_TEMP ?? tmpdir(), 'ostack-group-'));
  try {
    const heads = members.map(({ head }) => head);
    const remote = remoteOf(judge.remote, main);
    const own = await fetchChanges(
      remote,
      main.oid,
      members.map(({ pull }) => pull),
      join(scratch, 'own'),
    );
    const { files, missing } = await fetchFiles(remote, main.oid, heads, join(scratch, 'group'));
    return missing.size > 0
      ? { steps: [], problem: 'GitHub no longer gives it: it is built anew.' }
      : await judgeMembers(judge, main, members, own, files);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

type Member = QueueEntry & { pull: OpenPull };

async function judgeMembers(
  { now, ...judge }: Judge,
  main: Ground,
  members: readonly Member[],
  own: ReadonlyMap<number, PullChange>,
  files: CommitReader,
): Promise<JudgedGroup> {
  const bench = { ...judge, main, now: now() };
  const steps: Judgement[] = [];
  const problems: string[] = [];
  for (const { number, on, head, pull } of members) {
    const change = await changeBetween(files, on, head);
    steps.push(...(await judgePulls(bench, [pull], new Map([[number, { change }]]))));
    problems.push(...(await strangeIn(number, own.get(number), change)));
  }
  const whole = await changeBetween(files, main.oid, members.at(-1)?.head ?? main.oid);
  // What one pull request does alone was judged as its step.
  const more = members.length > 1 ? await moreThanMembers(whole, steps, main) : [];
  return { steps, problem: [...problems, ...more][0] };
}

/** What a commit of the queue does that its pull request does not: it is not GitHub's then, whatever its branch is called. */
async function strangeIn(number: number, own: PullChange | undefined, step: RepositoryChange): Promise<string[]> {
  if (own === undefined || 'problem' in own) {
    return [];
  }
  for (const path of step.changed) {
    const sides = [own.change.base, step.base, own.change.head, step.head];
    const [base, on, wanted, made] = await Promise.all(sides.map((side) => textOf(side, path)));
    if (!own.change.changed.has(path) || isStrange({ base, head: wanted }, { base: on, head: made })) {
      return [`It does something else to ${path} than #${number} does.`];
    }
  }
  return [];
}

/**
 * Whether a commit of the queue makes something else of a file than its pull request does. Where another one of the group
 * changed the file before, only git can say what both come to.
 *
 * @param own text of the file before the pull request and with it, `undefined` where there is none
 * @param step the same of the commit
 */
export function isStrange(own: Sides, step: Sides): boolean {
  return own.base === step.base && own.head !== step.head;
}

interface Sides {
  base: string | undefined;
  head: string | undefined;
}

async function textOf({ tree }: RepositorySide, path: string): Promise<string | undefined> {
  try {
    return await tree.read(path);
  } catch (error) {
    return String(error);
  }
}

/** What all of a group does to environments with rules, and none of its pull requests by itself. */
async function moreThanMembers(whole: RepositoryChange, steps: readonly Judgement[], main: Ground): Promise<string[]> {
  const { repository, branch } = ownOf(main);
  const facts = await inspectChange(whole, repository, branch, main.judged);
  const ruled = facts.environments.filter((name) => hasRules(facts.policy, name));
  const found = [...facts.problems.values()].flat().map(({ message }) => message);
  return [...found, ...unjudgedPaths(facts.assignment.paths, steps, ruled)];
}

/**
 * Paths that belong to an environment with rules in all of a group, and in none of its pull requests that change them.
 *
 * @param whole whose each changed path is in all of the group
 */
export function unjudgedPaths(
  whole: readonly PathOwners[],
  steps: readonly Pick<Judgement, 'number' | 'paths'>[],
  ruled: readonly string[],
): string[] {
  return whole.flatMap(({ path, environments }) => {
    const touching = steps.filter(({ paths }) => paths.some((each) => each.path === path));
    const judged = touching.flatMap(({ paths }) => paths.filter((each) => each.path === path));
    const open = environments.filter(
      (name) => ruled.includes(name) && !judged.some((each) => each.environments.includes(name)),
    );
    const numbers = touching.map(({ number }) => `#${number}`).join(' and ');
    return open.length === 0
      ? []
      : [
          `With what else is in the queue, ${numbers} changes ${open.join(' and ')} by ${path}, and was not judged for that: merge them one after another.`,
        ];
  });
}
